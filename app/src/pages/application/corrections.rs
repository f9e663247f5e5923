//! `/applications/{number}/corrections`: what is to be corrected, and the resubmission.

use super::{
    answer::{amend_field, as_drawn, held, place, present_answer, send},
    by_text, crumbs, status_page,
    uploads::{files_beside, files_page, uploads},
};
use crate::{
    components::{Card, FormOf, PageHead, SeverityTag, TextArea},
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
        if visit.query("files").is_some() {
            return Ok(files_page(&visit, &case, "Corrections", "corrections"));
        }
        let form = visit
            .form::<ResubmitInput>()
            .id("corrections")
            .case(case.number, Some(Seen::version(case.version)))
            .hidden(ResubmitInput::drawn(), &Some(as_drawn(&case)))
            .hidden(ResubmitInput::tab(), &Some(Uuid::now_v7().to_string()))
            .hidden(ResubmitInput::order(), &None)
            .show(|form| {
                // The questions whose answers stand beside a point already.
                let mut shown = BTreeSet::new();
                let findings: Vec<_> = case
                    .findings
                    .iter()
                    .filter(|finding| finding.settled == Settled::Open)
                    .map(|finding| {
                        let about = finding.about.as_ref().filter(|field| {
                            was_asked(&case, field) && shown.insert(field.key.clone())
                        });
                        finding_card(&case, finding, about, form)
                    })
                    .collect();
                let amend: Vec<_> = sent_fields(&case)
                    .filter(|field| !shown.contains(&field.key))
                    .map(|field| amend_field(&case, field, form, &ResubmitInput::amended()))
                    .collect();
                view! {
                    {findings}
                    <Card title="Other answers that are different now">
                        <p>"Open what you want to change; leave the rest as it is."</p>
                        {amend}
                    </Card>
                    {send(&case, form, "corrections", "Resubmit")}
                }
            });
        let lead = format!(
            "Say for each point what you have done, then resubmit{}. With that the next round of the review begins.",
            by_text(due, visit.now())
        );
        let uploads = uploads(&visit, &case);
        Ok(Page::developer(
            "Corrections",
            view! {
                <PageHead
                    title="Corrections"
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                {uploads}
                {form}
            },
        ))
    })
}

/// The questions that were asked, in the order of the form.
fn sent_fields(case: &ApplicationView) -> impl Iterator<Item = &Field> {
    case.sent
        .iter()
        .flat_map(|sent| &sent.sections)
        .flat_map(|section| &section.fields)
}

fn was_asked(case: &ApplicationView, field: &Field) -> bool {
    sent_fields(case).any(|asked| asked.key == field.key)
}

/// A point with the present answer of the question that it is about, to be changed there.
fn finding_card(
    case: &ApplicationView,
    finding: &FindingView,
    about: Option<&Field>,
    form: &FormOf<ResubmitInput>,
) -> impl IntoView + use<> {
    let present = about.map(|field| present_answer(case, field, form, &ResubmitInput::amended()));
    let severity = finding.severity;
    let list = finding.list.label();
    let text = finding.text.clone();
    let name = finding.id.to_string();
    let response = place(
        case,
        &name,
        form.at(ResubmitInput::responses().of(&finding.id)),
    );
    let kept = held(case, &name).to_owned();
    let files = files_beside(case, &FilesOf::Response(finding.id));
    view! {
        <Card title=finding.point.clone()>
            <p>
                <SeverityTag severity=severity />
                " "
                {list}
            </p>
            <div class="typed">{text}</div>
            {present}
            <TextArea of=response value=kept hint="What you changed, and where we can see it." />
            {files}
        </Card>
    }
}
