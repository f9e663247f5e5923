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
                        <Button weight=Weight::Danger>"Withdraw application"</Button>
                        <ButtonLink href=status weight=Weight::Quiet>"Keep it"</ButtonLink>
                    </Buttons>
                }
            });
        let lead = format!(
            "{}. The review ends, and this cannot be undone; you can start a new application at any time.",
            title_of(case.level, &case.app_name)
        );
        Ok(Page::developer(
            "Withdraw application",
            view! {
                <PageHead
                    title="Withdraw application"
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                {form}
            },
        ))
    })
}
