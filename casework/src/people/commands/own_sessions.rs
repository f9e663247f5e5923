//! End sessions of one's own: one, or all others.

use super::own_step::OwnStep;
use crate::{Caller, Desk, Error, Result, accounts::session, entities::sessions, input::input};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

input! {
    /// Which session.
    pub struct EndSessionInput for "end_session" OnDesk {
        hidden session: String;
    }
}

input! {
    /// Nothing is typed: all but the one that asks.
    pub struct EndOtherSessionsInput for "end_other_sessions" OnDesk {}
}

/// Ends one session of the caller, by the name that the page has for it.
///
/// # Errors
/// [`Error::NotFound`] for what is no session of the caller's.
pub async fn end_session(desk: &Desk, caller: &Caller, name: &str) -> Result<()> {
    let step = OwnStep::begin(desk, caller).await?;
    let all = session::of_person(step.transaction(), desk, &step.person).await?;
    let found = all.iter().find(|row| session::name(desk, row) == name);
    let found = found.ok_or(Error::NotFound)?;
    sessions::Entity::delete_by_id(found.token_hash.as_str())
        .exec(step.transaction())
        .await?;
    step.commit("session_ended", json!({})).await
}

/// Ends every session of the caller but the one of this cookie; answers how many ended.
///
/// # Errors
/// When the database does not answer.
pub async fn end_other_sessions(desk: &Desk, caller: &Caller, own: Option<&str>) -> Result<u64> {
    let step = OwnStep::begin(desk, caller).await?;
    let mut others =
        sessions::Entity::delete_many().filter(sessions::Column::PersonId.eq(caller.person.0));
    if let Some(own) = own {
        others = others.filter(sessions::Column::TokenHash.ne(session::code(desk, own)));
    }
    let ended = others.exec(step.transaction()).await?.rows_affected;
    step.commit("sessions_ended", json!({ "sessions": ended }))
        .await?;
    Ok(ended)
}
