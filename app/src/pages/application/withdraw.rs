//! `/applications/{number}/withdraw`.

use super::{crumbs, status_page, title_of};
use crate::{
    components::{Button, ButtonLink, Buttons, Need, PageHead, TextArea, Weight},
    web::{Page, page},
};
use casework::{commands::WithdrawInput, queries::application};
use leptos::prelude::*;
use workflow::{ActionKind, Seen};

/// The page.
#[component]
pub fn WithdrawPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        if !case.possible.contains(&ActionKind::Withdraw) {
            return Ok(Page::elsewhere(status_page(case.number)));
        }
        let status = status_page(case.number);
        let is_draft = case.submitted_at.is_none();
        let title = if is_draft {
            "Discard draft"
        } else {
            "Withdraw application"
        };
        let form = visit
            .form::<WithdrawInput>()
            .case(case.number, Some(Seen::version(case.version)))
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(WithdrawInput::reason())
                        hint="It helps us to hear why."
                        need=Need::Optional
                        rows=3
                    />
                    <Buttons>
                        <Button weight=Weight::Danger>{title}</Button>
                        <ButtonLink href=status weight=Weight::Quiet>"Keep it"</ButtonLink>
                    </Buttons>
                }
            });
        let what = if is_draft {
            "We have not seen it, and nobody can open or send it any more. This cannot be undone"
        } else {
            "The review ends, and this cannot be undone"
        };
        let lead = format!(
            "{}. {what}; you can start a new application at any time. Every member of the app may do this, and the app's members read who did.",
            title_of(case.level, &case.app_name)
        );
        Ok(Page::developer(
            title,
            view! {
                <PageHead
                    title=title
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                {form}
            },
        ))
    })
}
