//! `/applications/{number}/corrections`: what is to be mended, and the resubmission.

use super::{
    answer::amend_field, back_to_status, crumbs, form::upload_form, number_of, sent::file_list,
};
use crate::{
    components::{Button, Card, Form, Hidden, PageHead, SeverityTag, TextArea, day_text},
    web::{Page, Visit, page},
};
use casework::queries::{ApplicationView, FindingView, Settled, application};
use leptos::prelude::*;
use workflow::{Seen, form::FieldKind, state::State};

/// The page.
#[component]
pub fn CorrectionsPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, number_of(&visit)?).await?;
        let State::Corrections { due } = case.state else {
            back_to_status(case.number);
            return Ok(Page::developer("Application", ()));
        };
        let typed = visit.typed("corrections");
        let findings = case
            .findings
            .iter()
            .filter(|finding| finding.settled == Settled::Open)
            .map(finding_card)
            .collect_view();
        let amend = case
            .sent
            .iter()
            .flat_map(|sent| &sent.sections)
            .flat_map(|section| &section.fields)
            .map(|field| amend_field(&case, field, &typed))
            .collect_view();
        let lead = format!(
            "Say for each point what you have done, then resubmit by {}. The next round of the review begins then.",
            day_text(due)
        );
        let uploads = uploads(&visit, &case);
        let number = case.number.to_string();
        Ok(Page::developer(
            "Corrections",
            view! {
                <PageHead
                    title="Corrections"
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                {uploads}
                <Form
                    action="/do/resubmit"
                    id="corrections"
                    typed=typed
                    seen=Seen::version(case.version)
                    back=visit.path.clone()
                >
                    <Hidden name="case" value=number />
                    {findings}
                    <Card title="Answers that are different now">
                        <p>"Open what you want to change; leave the rest as it is."</p>
                        {amend}
                    </Card>
                    <Button>"Resubmit"</Button>
                </Form>
            },
        ))
    })
}

fn finding_card(finding: &FindingView) -> impl IntoView + use<> {
    let severity = finding.severity;
    let list = finding.list.label();
    let text = finding.text.clone();
    let name = finding.id.to_string();
    view! {
        <Card title=finding.point.clone()>
            <p>
                <SeverityTag severity=severity />
                " "
                {list}
            </p>
            <div class="typed">{text}</div>
            <TextArea
                name=name
                label="Response"
                hint="What you changed, and where we can see it."
            />
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
        .is_some_and(|kept| kept.form.starts_with("files-"));
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
