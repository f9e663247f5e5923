//! `/applications/{number}/appeal`.

use super::{appeal_text, crumbs, status_page, title_of};
use crate::{
    components::{Button, ButtonLink, Buttons, PageHead, TextArea, Weight},
    web::{Page, page},
};
use casework::{
    commands::AppealInput,
    queries::{Outcome, application},
};
use leptos::prelude::*;
use workflow::{ActionKind, CaseNumber, Seen};

/// What stands in the way of an appeal: an app has one application under way at a time.
pub fn granted_alone(under_way: Option<CaseNumber>) -> impl IntoView {
    let other = under_way.map(|other| {
        let href = status_page(other);
        view! { ": " <a href=href>{other.to_string()}</a> " is" }
    });
    view! {
        "An appeal is granted only while no other application of the app is under way"
        {other}
        "."
    }
}

/// The page.
#[component]
pub fn AppealPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        if !case.possible.contains(&ActionKind::Appeal) {
            return Ok(Page::elsewhere(status_page(case.number)));
        }
        let so = match &case.outcome {
            Some(Outcome::Declined { appeal, .. } | Outcome::Lapsed { appeal, .. }) => {
                appeal.clone()
            }
            _ => None,
        };
        let status = status_page(case.number);
        let form = visit
            .form::<AppealInput>()
            .case(case.number, Some(Seen::version(case.version)))
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(AppealInput::text())
                        hint="What we have overlooked or misunderstood, or what has changed since. At least 10 characters."
                        rows=10
                    />
                    <Buttons>
                        <Button>"Appeal"</Button>
                        <ButtonLink href=status weight=Weight::Quiet>"Back"</ButtonLink>
                    </Buttons>
                }
            });
        let lead = format!(
            "{}. {} You can appeal once.",
            title_of(case.level, &case.app_name),
            so.as_ref().map(appeal_text).unwrap_or_default()
        );
        Ok(Page::developer(
            "Appeal",
            view! {
                <PageHead
                    title="Appeal"
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                <p>{granted_alone(case.under_way)}</p>
                {form}
            },
        ))
    })
}
