//! `/applications/{number}/corrections`: what is to be corrected, and the resubmission.

use super::{
    answer::{
        amend_field, as_drawn, held, present_answer, send, sent_fields, shown_above, still_to_do,
    },
    crumbs, status_page,
    uploads::files_of_writing,
};
use crate::{
    components::{
        Card, Fold, FormOf, Life, More, NotByEnter, PageHead, Reader, SeverityTag, TextArea,
        day_text,
    },
    web::{Page, page},
};
use casework::{
    commands::ResubmitInput,
    queries::{ApplicationView, FindingView, Settled, application},
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{FilesOf, Seen, form::Field, state::State};

/// The page.
#[component]
pub fn CorrectionsPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        let State::Corrections { due } = case.state else {
            return Ok(Page::elsewhere(status_page(case.number)));
        };
        let form = visit
            .form::<ResubmitInput>()
            .id("corrections")
            .with_files()
            .case(case.number, Some(Seen::version(case.version)))
            .hidden(ResubmitInput::drawn(), &Some(as_drawn(&case)))
            .hidden(ResubmitInput::tab(), &Some(Uuid::now_v7().to_string()))
            .hidden(ResubmitInput::order(), &None)
            .show(|form| {
                // The questions whose answers stand beside a point already.
                let mut shown = BTreeSet::new();
                let points: Vec<_> = case
                    .findings
                    .iter()
                    .filter(|finding| finding.settled == Settled::Open)
                    .map(|finding| {
                        let about = finding.about.as_ref();
                        let about = about.filter(|field| was_asked(&case, field));
                        let is_first = about.is_some_and(|field| shown.insert(field.key.clone()));
                        (finding, about, is_first)
                    })
                    .collect();
                let amended = ResubmitInput::amended();
                // Drawn where they stand, so that what is wrong is told in the page's order.
                let mut others = Some(|| {
                    let fields = sent_fields(&case).filter(|field| !shown.contains(&field.key));
                    other_answers(
                        fields
                            .map(|field| amend_field(&case, field, form, &amended))
                            .collect(),
                    )
                });
                let findings: Vec<_> = points
                    .into_iter()
                    .map(|(finding, about, is_first)| {
                        let beside = about.map(|field| match is_first {
                            true => present_answer(&case, field, form, &amended),
                            false => shown_above(form, field, &amended),
                        });
                        finding_card(&case, finding, beside, form, || match about {
                            Some(_) => None,
                            // About no single answer: all that stand with no other point stand here.
                            None => {
                                Some(others.take().map_or_else(change_above, |others| others()))
                            }
                        })
                    })
                    .collect();
                let others = others.map(|others| others());
                let others =
                    others.map(|others| view! { <Card title="Anything else?">{others}</Card> });
                let to_do = still_to_do(&case, sent_fields(&case), form, &amended);
                view! {
                    <NotByEnter />
                    {to_do}
                    {findings}
                    {others}
                    {send(&case, form, "corrections", "Resubmit")}
                }
            });
        let by = day_text(due);
        let when = match due < visit.now() {
            true => format!("then resubmit. It was due by {by}: please do so as soon as you can."),
            false => format!("then resubmit by {by}."),
        };
        let lead = format!(
            "Say for each point what you have done, {when} With that the next round of the review begins."
        );
        Ok(Page::developer(
            "Corrections",
            view! {
                <PageHead
                    title="Corrections"
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                {form}
            },
        ))
    })
}

/// Where the answers stand that no point is about.
const OTHERS: &str = "other-answers";

/// These answers, under one fold that is open as soon as one of them is.
fn other_answers(amend: Vec<(bool, AnyView)>) -> AnyView {
    let fold = Fold::opened(amend.iter().any(|(open, _)| *open));
    let count = amend.len();
    let amend: Vec<_> = amend.into_iter().map(|(_, answer)| answer).collect();
    view! {
        <More summary=format!("Other answers that are different now ({count})") fold=fold>
            <div id=OTHERS class="stack">
                <p>"Open what you want to change; leave the rest as it is."</p>
                {amend}
            </div>
        </More>
    }
    .into_any()
}

/// Says where they stand.
fn change_above() -> AnyView {
    view! {
        <p class="quiet-text">
            "Is an answer of yours different now? " <a href=format!("#{OTHERS}")>"Change it above"</a>
            "."
        </p>
    }
    .into_any()
}

fn was_asked(case: &ApplicationView, field: &Field) -> bool {
    sent_fields(case).any(|asked| asked.key == field.key)
}

/// A life that is not longer says only that it was recorded and asked for.
const FIRST_ASKED: usize = 2;

/// A point with the answers that may have to be changed for it beside it.
fn finding_card(
    case: &ApplicationView,
    finding: &FindingView,
    beside: Option<AnyView>,
    form: &FormOf<ResubmitInput>,
    below: impl FnOnce() -> Option<AnyView>,
) -> AnyView {
    let severity = finding.severity;
    let list = finding.list.label();
    let text = finding.text.clone();
    let life = finding.life.clone();
    let life =
        (life.len() > FIRST_ASKED).then(|| view! { <Life lines=life reader=Reader::Developer /> });
    let name = finding.id.to_string();
    let response = form.at(ResubmitInput::responses().of(&finding.id));
    let response = response.about(finding.point.clone());
    let kept = held(case, &name).to_owned();
    let response = view! {
        <TextArea of=response value=kept hint="What you changed, and where we can see it." />
    };
    let files = files_of_writing(case, &FilesOf::Response(finding.id), form);
    let below = below();
    view! {
        <Card title=finding.point.clone()>
            <p>
                <SeverityTag severity=severity />
                " "
                {list}
            </p>
            <div class="typed">{text}</div>
            {life}
            {beside}
            {response}
            {files}
            {below}
        </Card>
    }
    .into_any()
}
