//! `/applications/{number}/corrections`: what is to be corrected, and the resubmission.

use super::{
    answer::{amend_field, as_drawn, held, present_answer, send, sent_fields},
    by_text, crumbs, status_page,
    uploads::files_of_writing,
};
use crate::{
    components::{
        Card, Fold, FormOf, Life, More, NotByEnter, PageHead, Reader, SeverityTag, TextArea,
    },
    web::{Page, page},
};
use casework::{
    commands::ResubmitInput,
    input::Place,
    queries::{ApplicationView, FindingView, Settled, application},
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    FilesOf, Seen,
    form::{Field, FieldKind},
    state::State,
};

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
                let amend: Vec<_> = sent_fields(&case)
                    .filter(|field| !shown.contains(&field.key))
                    .map(|field| amend_field(&case, field, form, &ResubmitInput::amended()))
                    .collect();
                let mut others = Some(other_answers(amend));
                let findings: Vec<_> = points
                    .into_iter()
                    .map(|(finding, about, is_first)| {
                        let (beside, below) = match about {
                            Some(field) if is_first => {
                                let amended = ResubmitInput::amended();
                                (Some(present_answer(&case, field, form, &amended)), None)
                            }
                            Some(field) => (Some(shown_above(form, field).into_any()), None),
                            // About no single answer: all that stand with no other point stand here.
                            None => (None, Some(others.take().unwrap_or_else(change_above))),
                        };
                        finding_card(&case, finding, beside, below, form)
                    })
                    .collect();
                let others =
                    others.map(|others| view! { <Card title="Anything else?">{others}</Card> });
                view! {
                    <NotByEnter />
                    {findings}
                    {others}
                    {send(&case, form, "corrections", "Resubmit")}
                }
            });
        let lead = format!(
            "Say for each point what you have done, then resubmit{}. With that the next round of the review begins.",
            by_text(due, visit.now())
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
    let fold = match amend.iter().any(|(open, _)| *open) {
        true => Fold::Open,
        false => Fold::Closed,
    };
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

/// Where the answer stands that an earlier point is about as well.
fn shown_above(form: &FormOf<ResubmitInput>, field: &Field) -> impl IntoView + use<> {
    let place = match field.kind {
        FieldKind::Files { .. } => field.key.clone(),
        _ => ResubmitInput::amended().of(&field.key).name(),
    };
    let href = format!("#{}", form.id_of(&place));
    let label = field.label.clone();
    view! {
        <p class="quiet-text">
            "About your answer " <a href=href>{label}</a> ", which stands above."
        </p>
    }
}

/// A life that is not longer says only that it was recorded and asked for.
const FIRST_ASKED: usize = 2;

/// A point with the answers that may have to be changed for it beside it.
fn finding_card(
    case: &ApplicationView,
    finding: &FindingView,
    beside: Option<AnyView>,
    below: Option<AnyView>,
    form: &FormOf<ResubmitInput>,
) -> impl IntoView + use<> {
    let severity = finding.severity;
    let list = finding.list.label();
    let text = finding.text.clone();
    let life = finding.life.clone();
    let life =
        (life.len() > FIRST_ASKED).then(|| view! { <Life lines=life reader=Reader::Developer /> });
    let name = finding.id.to_string();
    let response = form.at(ResubmitInput::responses().of(&finding.id));
    let kept = held(case, &name).to_owned();
    let files = files_of_writing(case, &FilesOf::Response(finding.id), form);
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
            <TextArea of=response value=kept hint="What you changed, and where we can see it." />
            {files}
            {below}
        </Card>
    }
}
