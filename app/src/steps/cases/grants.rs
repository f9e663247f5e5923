//! Suspend, reinstate and revoke a grant.

use super::{About, page_of, signature};
use crate::{
    components::{TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    accounts::Secrets,
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
        (&input.password, &input.code),
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
        (&input.password, &input.code),
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
        (&input.password, &input.code),
    )
    .await?;
    Ok(page_of(at.case, Done::GrantRevoked))
}

async fn change(
    visit: &Visit,
    at: &Envelope,
    change: GrantChange,
    reason: &str,
    (password, code): (&SecretText, &SecretText),
) -> Result<()> {
    let given = Secrets {
        password: password.reveal(),
        code: code.reveal(),
    };
    commands::change_grant(&visit.desk, visit.caller()?, at, change, reason, given).await?;
    Ok(())
}

/// The form of one of the three, signed under what `meaning` says.
#[component]
pub fn GrantForm(about: About, action: ActionKind, #[prop(into)] meaning: String) -> impl IntoView {
    match action {
        ActionKind::SuspendGrant => {
            let secrets = (SuspendInput::password(), SuspendInput::code());
            form(&about, action, SuspendInput::reason(), secrets, meaning)
        }
        ActionKind::ReinstateGrant => {
            let secrets = (ReinstateInput::password(), ReinstateInput::code());
            form(&about, action, ReinstateInput::reason(), secrets, meaning)
        }
        _ => {
            let secrets = (RevokeInput::password(), RevokeInput::code());
            form(&about, action, RevokeInput::reason(), secrets, meaning)
        }
    }
}

fn form<I: Input<On = OnCase>>(
    about: &About,
    action: ActionKind,
    reason: Field<I, String>,
    secrets: (SecretField<I>, SecretField<I>),
    meaning: String,
) -> AnyView {
    let weight = match action {
        ActionKind::ReinstateGrant => Weight::Primary,
        _ => Weight::Danger,
    };
    about.form::<I>().show(|form| {
        view! {
            <TextArea of=form.at(reason) hint="The developer reads this word for word." />
            {signature(form, secrets, meaning, about.means, (weight, action.label()))}
        }
    })
}
