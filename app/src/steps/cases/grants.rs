//! Suspend, reinstate and revoke a grant.

use super::{About, page_of, signature};
use crate::{
    components::{Button, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, GrantChange, ReinstateInput, RevokeInput, SuspendInput},
    input::{Field, Input, OnCase, SecretField, SecretText},
};
use leptos::prelude::*;
use workflow::ActionKind;

/// Suspends the grant.
pub(super) async fn suspend_grant(visit: Visit, at: Envelope, input: SuspendInput) -> Result<Next> {
    change(
        &visit,
        &at,
        GrantChange::Suspend,
        &input.reason,
        &input.password,
    )
    .await?;
    Ok(page_of(at.case, Done::GrantSuspended))
}

/// Lets a suspended grant hold again.
pub(super) async fn reinstate_grant(
    visit: Visit,
    at: Envelope,
    input: ReinstateInput,
) -> Result<Next> {
    change(
        &visit,
        &at,
        GrantChange::Reinstate,
        &input.reason,
        &input.password,
    )
    .await?;
    Ok(page_of(at.case, Done::GrantReinstated))
}

/// Ends the grant for good.
pub(super) async fn revoke_grant(visit: Visit, at: Envelope, input: RevokeInput) -> Result<Next> {
    change(
        &visit,
        &at,
        GrantChange::Revoke,
        &input.reason,
        &input.password,
    )
    .await?;
    Ok(page_of(at.case, Done::GrantRevoked))
}

async fn change(
    visit: &Visit,
    at: &Envelope,
    change: GrantChange,
    reason: &str,
    password: &SecretText,
) -> Result<()> {
    let (caller, password) = (visit.caller()?, password.reveal());
    commands::change_grant(&visit.desk, caller, at, change, reason, password).await?;
    Ok(())
}

/// The form of one of the three, signed under what `meaning` says.
#[component]
pub fn GrantForm(about: About, action: ActionKind, #[prop(into)] meaning: String) -> impl IntoView {
    match action {
        ActionKind::SuspendGrant => {
            let fields = (SuspendInput::reason(), SuspendInput::password());
            form(&about, action, fields, meaning)
        }
        ActionKind::ReinstateGrant => {
            let fields = (ReinstateInput::reason(), ReinstateInput::password());
            form(&about, action, fields, meaning)
        }
        _ => {
            let fields = (RevokeInput::reason(), RevokeInput::password());
            form(&about, action, fields, meaning)
        }
    }
}

fn form<I: Input<On = OnCase>>(
    about: &About,
    action: ActionKind,
    (reason, password): (Field<I, String>, SecretField<I>),
    meaning: String,
) -> AnyView {
    let weight = match action {
        ActionKind::ReinstateGrant => Weight::Primary,
        _ => Weight::Danger,
    };
    about.form::<I>().show(|form| {
        view! {
            <TextArea of=form.at(reason) hint="The developer reads this word for word." />
            {signature(form, &password, meaning)}
            <Button weight=weight>{action.label()}</Button>
        }
    })
}
