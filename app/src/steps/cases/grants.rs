//! Suspend, reinstate and revoke a grant.

use super::{About, SignatureFields, on_case};
use crate::{
    components::{Button, Form, TextArea, Weight},
    refused::Refused,
};
use casework::commands::{self, GrantChange};
use leptos::{prelude::*, server};
use workflow::ActionKind;

/// Suspends the grant.
#[server(prefix = "/do", endpoint = "suspend_grant")]
pub async fn suspend_grant() -> Result<(), Refused> {
    change("suspend_grant", "grant-suspended", GrantChange::Suspend).await
}

/// Lets a suspended grant hold again.
#[server(prefix = "/do", endpoint = "reinstate_grant")]
pub async fn reinstate_grant() -> Result<(), Refused> {
    change(
        "reinstate_grant",
        "grant-reinstated",
        GrantChange::Reinstate,
    )
    .await
}

/// Ends the grant for good.
#[server(prefix = "/do", endpoint = "revoke_grant")]
pub async fn revoke_grant() -> Result<(), Refused> {
    change("revoke_grant", "grant-revoked", GrantChange::Revoke).await
}

async fn change(
    step: &'static str,
    done: &'static str,
    change: GrantChange,
) -> Result<(), Refused> {
    on_case(step, done, async move |visit, caller, envelope| {
        let (reason, password) = (visit.entry("reason"), visit.entry("password"));
        commands::change_grant(&visit.desk, &caller, &envelope, change, reason, password).await
    })
    .await
}

/// The form of one of the three, signed under what `meaning` says.
#[component]
pub fn GrantForm(about: About, action: ActionKind, #[prop(into)] meaning: String) -> impl IntoView {
    let id = action.word();
    let weight = match action {
        ActionKind::ReinstateGrant => Weight::Primary,
        _ => Weight::Danger,
    };
    view! {
        <Form action=format!("/do/{id}") id=id typed=about.typed(id) seen=about.seen back=about.back.clone()>
            {about.field()}
            <TextArea name="reason" label="Reason" hint="The developer reads this word for word." />
            <SignatureFields meaning=meaning />
            <Button weight=weight>{action.label()}</Button>
        </Form>
    }
}
