//! Suspend, reinstate and revoke a grant, and change its cap.

use super::{About, page_of, signature};
use crate::{
    components::{Line, TextArea, TextField, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    accounts::Secrets,
    commands::{
        self, ChangeCapInput, Envelope, GrantChange, ReinstateInput, RevokeInput, SuspendInput,
    },
    input::{Field, Input, OnCase, SecretField, SecretText},
};
use leptos::prelude::*;
use workflow::{ActionKind, action::MOST_USERS};

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

/// Changes how many authorised users the grant allows.
pub(super) async fn change_cap(visit: Visit, at: Envelope, input: ChangeCapInput) -> Result<Next> {
    change(
        &visit,
        &at,
        GrantChange::Cap(input.cap),
        &input.reason,
        (&input.password, &input.code),
    )
    .await?;
    Ok(page_of(at.case, Done::CapChanged))
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

/// The form of one of the four, signed under what `meaning` says.
#[component]
pub fn GrantForm(about: About, action: ActionKind, #[prop(into)] meaning: String) -> impl IntoView {
    match action {
        ActionKind::SuspendGrant => {
            let secrets = (SuspendInput::password(), SuspendInput::code());
            form(
                &about,
                action,
                None,
                SuspendInput::reason(),
                secrets,
                meaning,
            )
        }
        ActionKind::ReinstateGrant => {
            let secrets = (ReinstateInput::password(), ReinstateInput::code());
            form(
                &about,
                action,
                None,
                ReinstateInput::reason(),
                secrets,
                meaning,
            )
        }
        ActionKind::ChangeCap => {
            let secrets = (ChangeCapInput::password(), ChangeCapInput::code());
            let cap = Some(ChangeCapInput::cap());
            form(
                &about,
                action,
                cap,
                ChangeCapInput::reason(),
                secrets,
                meaning,
            )
        }
        _ => {
            let secrets = (RevokeInput::password(), RevokeInput::code());
            form(
                &about,
                action,
                None,
                RevokeInput::reason(),
                secrets,
                meaning,
            )
        }
    }
}

fn form<I: Input<On = OnCase>>(
    about: &About,
    action: ActionKind,
    cap: Option<Field<I, Option<u32>>>,
    reason: Field<I, String>,
    secrets: (SecretField<I>, SecretField<I>),
    meaning: String,
) -> AnyView {
    let weight = match action {
        ActionKind::ReinstateGrant | ActionKind::ChangeCap => Weight::Primary,
        _ => Weight::Danger,
    };
    about.form::<I>().show(|form| {
        let cap = cap.map(|cap| {
            let hint = format!("A whole number from 1 to {MOST_USERS}.");
            view! { <TextField of=form.at(cap) line=Line::Number hint=hint /> }
        });
        view! {
            {cap}
            <TextArea of=form.at(reason) hint="The developer reads this word for word." />
            {signature(form, secrets, meaning, about.means, (weight, action.label()))}
        }
    })
}
