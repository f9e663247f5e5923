//! `/applications/{number}/withdraw`.

use super::{back_to_status, crumbs, number_of, title_of};
use crate::{
    components::{Button, ButtonLink, Buttons, Form, Hidden, Need, PageHead, TextArea, Weight},
    web::{Page, page},
};
use casework::queries::application;
use leptos::prelude::*;
use workflow::{ActionKind, Seen};

/// The page.
#[component]
pub fn WithdrawPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, number_of(&visit)?).await?;
        if !case.possible.contains(&ActionKind::Withdraw) {
            back_to_status(case.number);
            return Ok(Page::developer("Application", ()));
        }
        let status = format!("/applications/{}", case.number);
        let number = case.number.to_string();
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
                <Form
                    action="/do/withdraw"
                    id="withdraw"
                    typed=visit.typed("withdraw")
                    seen=Seen::version(case.version)
                    back=visit.path.clone()
                >
                    <Hidden name="case" value=number />
                    <TextArea
                        name="reason"
                        label="Reason"
                        hint="It helps us to hear why."
                        need=Need::Optional
                        rows=3
                    />
                    <Buttons>
                        <Button weight=Weight::Danger>"Withdraw application"</Button>
                        <ButtonLink href=status weight=Weight::Quiet>"Keep it"</ButtonLink>
                    </Buttons>
                </Form>
            },
        ))
    })
}
