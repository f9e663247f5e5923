//! `/admin/gateways`: who is let in.

use crate::{
    Caller, Desk, Result,
    access::{
        GatewayScope,
        token::{scopes_from_words, works},
    },
    entities::{gateway_tokens as rows, people},
    policy::DeskAct,
    queries::audit::may,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::Timestamp;

/// The page: tokens that work, and the last of those that do not any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GatewayTokens {
    pub working: Vec<GatewayToken>,
    pub ended: Vec<GatewayToken>,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayToken {
    pub id: Uuid,
    pub gateway: String,
    pub scopes: BTreeSet<GatewayScope>,
    /// Its last characters.
    pub hint: String,
    pub made_by: String,
    pub made_at: Timestamp,
    /// When it stops working, or stopped.
    pub ends_at: Timestamp,
    /// When it was shown last, to the minute.
    pub used_at: Option<Timestamp>,
    /// Whether it has a successor.
    pub is_replaced: bool,
}

/// How many tokens the page shows.
const MOST: u64 = 200;

/// All tokens, newest first.
///
/// # Errors
/// [`crate::Error::Forbidden`].
pub async fn gateway_tokens(desk: &Desk, caller: &Caller) -> Result<GatewayTokens> {
    may(desk, caller, DeskAct::ManageGateways)?;
    let database = desk.database.read();
    let tokens = rows::Entity::find()
        .order_by_desc(rows::Column::MadeAt)
        .limit(MOST)
        .all(database)
        .await?;
    let makers = people::Entity::find()
        .filter(people::Column::Id.is_in(tokens.iter().map(|row| row.made_by)))
        .all(database)
        .await?;
    let now = desk.now();
    let mut page = GatewayTokens::default();
    for row in tokens {
        let maker = makers.iter().find(|person| person.id == row.made_by);
        let list = if works(&row, now) {
            &mut page.working
        } else {
            &mut page.ended
        };
        list.push(GatewayToken {
            id: row.id,
            scopes: scopes_from_words(&row.scopes),
            hint: row.hint,
            made_by: maker.map(|person| person.name.clone()).unwrap_or_default(),
            made_at: Timestamp::from_micros(row.made_at),
            ends_at: Timestamp::from_micros(row.ended_at.unwrap_or(row.expires_at)),
            is_replaced: row.replaced_by.is_some(),
            used_at: row.used_at.map(Timestamp::from_micros),
            gateway: row.gateway,
        });
    }
    Ok(page)
}
