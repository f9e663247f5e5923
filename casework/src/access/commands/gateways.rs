//! Tokens of gateways: made, replaced with an overlap, ended.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    access::{
        GatewayScope, hash_of,
        token::{scopes_from_words, scopes_in_words, works},
    },
    apps::commands::Secret,
    audit::Subject,
    entities::gateway_tokens,
    input::input,
    policy::DeskAct,
    queries::audit::may,
    text::fold,
    typed,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};
use serde_json::json;
use std::{collections::BTreeSet, ops::RangeInclusive};
use time::Duration;
use uuid::Uuid;

input! {
    /// For which gateway, for what, for how long.
    pub struct MakeGatewayTokenInput for "make_gateway_token" OnDesk {
        typed gateway: String = "Gateway" up to 60;
        typed scopes: BTreeSet<GatewayScope> = "May";
        typed days: String = "Days" up to 4;
    }
}

input! {
    /// Which token, and how long the old one goes on.
    pub struct ReplaceGatewayTokenInput for "replace_gateway_token" OnDesk {
        hidden token: Uuid;
        typed hours: String = "Hours" up to 4;
    }
}

input! {
    /// Which token.
    pub struct EndGatewayTokenInput for "end_gateway_token" OnDesk {
        hidden token: Uuid;
    }
}

/// The longest that a token works.
pub const LONGEST_DAYS: u16 = 400;

/// The longest that an old token goes on beside its successor.
pub const LONGEST_OVERLAP_HOURS: u16 = 24 * 14;

/// A token that was made, on its only way to the admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeToken {
    pub id: Uuid,
    pub token: Secret,
}

async fn begin<'a>(desk: &'a Desk, caller: &'a Caller) -> Result<Step<'a>> {
    may(desk, caller, DeskAct::ManageGateways)?;
    Step::begin(desk, By::Person(caller)).await
}

/// Makes a token for a gateway.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Input`].
pub async fn make_gateway_token(
    desk: &Desk,
    caller: &Caller,
    gateway: &str,
    scopes: &BTreeSet<GatewayScope>,
    days: &str,
) -> Result<MadeToken> {
    let mut step = begin(desk, caller).await?;
    let gateway = gateway.trim();
    let named = match fold(gateway).chars().count() {
        0 | 1 => Err(Error::field(
            "gateway",
            "Name the gateway: 2 to 60 characters.",
        )),
        _ => Ok(()),
    };
    let chosen = match scopes.is_empty() {
        true => Err(Error::field(
            "scopes",
            "Choose at least one thing that the gateway may do.",
        )),
        false => Ok(()),
    };
    let days = whole_number("days", days, 1..=LONGEST_DAYS);
    let (_, (_, days)) = typed::both(named, typed::both(chosen, days))?;
    let expires_at = step.now.plus(Duration::days(i64::from(days))).micros();
    let made = insert(&step, caller, gateway, &scopes_in_words(scopes), expires_at).await?;
    step.append(
        Subject::Desk,
        "gateway_token_made",
        json!({
            "token": made.id,
            "gateway": gateway,
            "scopes": scopes_in_words(scopes),
            "days": days,
        }),
        String::new(),
    );
    step.commit().await?;
    Ok(made)
}

/// Makes a successor with the same scopes and the same lifetime; the old token goes on for some
/// hours, so that the gateway can be told the new one without being shut out. A token has one
/// successor: whoever looks at a page from before is told.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Input`] also where it does not work any more
/// or has a successor.
pub async fn replace_gateway_token(
    desk: &Desk,
    caller: &Caller,
    token: Uuid,
    hours: &str,
) -> Result<MadeToken> {
    let mut step = begin(desk, caller).await?;
    let old = working(&step, token).await?;
    if old.replaced_by.is_some() {
        return Err(Error::field(
            "",
            "This token has a successor already. Nothing was changed; if the successor got lost, replace that one.",
        ));
    }
    let hours = whole_number("hours", hours, 0..=LONGEST_OVERLAP_HOURS)?;
    let lifetime = old.expires_at - old.made_at;
    let expires_at = step.now.micros().saturating_add(lifetime);
    let made = insert(&step, caller, &old.gateway, &old.scopes, expires_at).await?;
    let ends = step.now.plus(Duration::hours(i64::from(hours))).micros();
    let (gateway, ends) = (old.gateway.clone(), ends.min(old.expires_at));
    let mut row = old.into_active_model();
    row.expires_at = Set(ends);
    row.replaced_by = Set(Some(made.id));
    row.update(step.transaction()).await?;
    step.append(
        Subject::Desk,
        "gateway_token_replaced",
        json!({ "token": token, "by": made.id, "gateway": gateway, "hours": hours }),
        String::new(),
    );
    step.commit().await?;
    Ok(made)
}

/// Ends a token at once.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Input`] where it does not work any more.
pub async fn end_gateway_token(desk: &Desk, caller: &Caller, token: Uuid) -> Result<()> {
    let mut step = begin(desk, caller).await?;
    let old = working(&step, token).await?;
    let gateway = old.gateway.clone();
    let mut row = old.into_active_model();
    row.ended_at = Set(Some(step.now.micros()));
    row.update(step.transaction()).await?;
    step.append(
        Subject::Desk,
        "gateway_token_ended",
        json!({ "token": token, "gateway": gateway }),
        String::new(),
    );
    step.commit().await
}

/// The token that the form being carried out made when it was sent before, so that a double click
/// does not lose it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Input`] where it does not work any more.
pub async fn gateway_token_made_before(
    desk: &Desk,
    caller: &Caller,
    token: Uuid,
) -> Result<Option<Secret>> {
    let apart = desk.apart();
    let step = begin(&apart, caller).await?;
    let row = working(&step, token).await?;
    let made = desk
        .sending()
        .map(|sending| Secret::made_by(desk, sending, &what(&row.gateway)));
    Ok(made.filter(|made| made.hash() == row.hash))
}

/// What somebody typed as a number.
fn whole_number(field: &str, typed: &str, range: RangeInclusive<u16>) -> Result<u16> {
    let number = typed.trim().parse().ok();
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let text = format!(
                "Give a whole number from {} to {}.",
                range.start(),
                range.end()
            );
            Error::field(field, text)
        })
}

/// For what a token is derived of its form.
fn what(gateway: &str) -> String {
    format!("token of the gateway {gateway}")
}

async fn working(step: &Step<'_>, token: Uuid) -> Result<gateway_tokens::Model> {
    let row = gateway_tokens::Entity::find_by_id(token)
        .lock_exclusive()
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    if works(&row, step.now) {
        return Ok(row);
    }
    Err(Error::field(
        "",
        "This token does not work any more. Nothing was changed.",
    ))
}

async fn insert(
    step: &Step<'_>,
    caller: &Caller,
    gateway: &str,
    scopes: &str,
    expires_at: i64,
) -> Result<MadeToken> {
    let id = Uuid::now_v7();
    let token = Secret::generate(step.desk, &what(gateway));
    gateway_tokens::Entity::insert(gateway_tokens::ActiveModel {
        id: Set(id),
        gateway: Set(gateway.to_owned()),
        scopes: Set(scopes_in_words(&scopes_from_words(scopes))),
        hash: Set(hash_of(token.reveal())),
        hint: Set(token.hint()),
        made_by: Set(caller.person.0),
        made_at: Set(step.now.micros()),
        expires_at: Set(expires_at),
        ended_at: Set(None),
        used_at: Set(None),
        replaced_by: Set(None),
    })
    .exec_without_returning(step.transaction())
    .await?;
    Ok(MadeToken { id, token })
}
