//! `/applications/{number}/corrections`: what is to be corrected, and the resubmission.

use super::{answer::amend_field, crumbs, form::upload_form, sent::file_list, status_page};
use crate::{
    components::{Button, Card, FormOf, PageHead, SeverityTag, TextArea, day_text},
    web::{Page, Visit, page},
};
use casework::{
    commands::ResubmitInput,
    queries::{ApplicationView, FindingView, Settled, application},
};
use leptos::prelude::*;
use workflow::{Seen, form::FieldKind, state::State};

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
            .case(case.number, Some(Seen::version(case.version)))
            .show(|form| {
                let findings = case
                    .findings
                    .iter()
                    .filter(|finding| finding.settled == Settled::Open)
                    .map(|finding| finding_card(finding, form))
                    .collect_view();
                let amend = case
                    .sent
                    .iter()
                    .flat_map(|sent| &sent.sections)
                    .flat_map(|section| &section.fields)
                    .map(|field| amend_field(&case, field, form, &ResubmitInput::amended()))
                    .collect_view();
                view! {
                    {findings}
                    <Card title="Answers that are different now">
                        <p>"Open what you want to change; leave the rest as it is."</p>
                        {amend}
                    </Card>
                    <Button>"Resubmit"</Button>
                }
            });
        let lead = format!(
            "Say for each point what you have done, then resubmit by {}. The next round of the review begins then.",
            day_text(due)
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

fn finding_card(finding: &FindingView, form: &FormOf<ResubmitInput>) -> impl IntoView + use<> {
    let severity = finding.severity;
    let list = finding.list.label();
    let text = finding.text.clone();
    let response = form.at(ResubmitInput::responses().of(&finding.id));
    view! {
        <Card title=finding.point.clone()>
            <p>
                <SeverityTag severity=severity />
                " "
                {list}
            </p>
            <div class="typed">{text}</div>
            <TextArea of=response hint="What you changed, and where we can see it." />
        </Card>
    }
}

/// New files come first: sending them reloads the page, which would lose what stands below.
fn uploads(visit: &Visit, case: &ApplicationView) -> impl IntoView + use<> {
    let forms = case
        .sent
        .iter()
        .flat_map(|sent| &sent.sections)
        .flat_map(|section| &section.fields)
        .filter_map(|field| match field.kind {
            FieldKind::Files { accept } => {
                let id = format!("files-{}", field.key);
                let form = upload_form(visit, case.number, &id, field, accept);
                let files = file_list(case.files.iter().filter(|file| file.field == field.key));
                Some(view! {
                    {form}
                    {files}
                })
            }
            _ => None,
        })
        .collect_view();
    let open = visit
        .kept
        .as_ref()
        .is_some_and(|came_back| came_back.kept.form.starts_with("files-"));
    view! {
        <Card title="New files">
            <p>"Attach new files first, then write your responses below."</p>
            <details open=open>
                <summary>"Attach files"</summary>
                {forms}
            </details>
        </Card>
    }
}
