//! The invitations that wait for the caller, on `/apps`.

use crate::apps::invitations;
use crate::{
    Caller, Desk, Result, accounts,
    entities::{app_invitations, apps},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;
use workflow::{AppId, PersonId, Timestamp};

/// An invitation to become a member of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationView {
    pub id: Uuid,
    pub app_name: String,
    pub organisation: String,
    /// Who offers the own place as owner; none where it makes a member.
    pub offered_by: Option<String>,
    pub owner: bool,
    pub may_sign: bool,
    pub until: Timestamp,
    /// Why it cannot be accepted at present; none where it can.
    pub obstacle: Option<String>,
}

/// The caller's invitations that still hold, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn my_invitations(desk: &Desk, caller: &Caller) -> Result<Vec<InvitationView>> {
    let connection = desk.database.read();
    let rows = invitations::addressed_to(connection, caller)
        .await?
        .filter(app_invitations::Column::ExpiresAt.gt(desk.now().micros()))
        .order_by_asc(app_invitations::Column::Id)
        .all(connection)
        .await?;
    let ids = rows.iter().map(|row| row.app_id);
    let named = apps::Entity::find()
        .filter(apps::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(app) = named.iter().find(|app| app.id == row.app_id) else {
            continue;
        };
        let staff = !caller.roles.is_empty();
        let obstacle =
            invitations::obstacle(connection, AppId(app.id), caller.person, staff).await?;
        views.push(InvitationView {
            id: row.id,
            offered_by: match row.from_owner_id {
                Some(owner) => Some(accounts::find(connection, PersonId(owner)).await?.name),
                None => None,
            },
            app_name: app.name.clone(),
            organisation: app.organisation.clone(),
            owner: row.owner,
            may_sign: row.may_sign,
            until: Timestamp::from_micros(row.expires_at),
            obstacle: obstacle.map(invitations::Obstacle::words),
        });
    }
    Ok(views)
}
