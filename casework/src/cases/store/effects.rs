//! What an event changes besides the case itself, in the same transaction.

use crate::{
    Error, Result,
    entities::{apps, grants},
    store::Stored,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use workflow::{Event, Recorded, case::GrantStatus, state::AccessLevel};

/// Writes grants and raises or lowers the access of the app.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn carry_out(
    connection: &impl ConnectionTrait,
    stored: &Stored,
    recorded: &Recorded,
) -> Result<()> {
    let at = recorded.at.micros();
    match &recorded.event {
        Event::Approved { granted } => {
            let cap = granted
                .cap
                .map(|cap| i32::try_from(cap).unwrap_or(i32::MAX));
            grants::Entity::insert(grants::ActiveModel {
                id: Set(granted.grant.0),
                app_id: Set(stored.app.id),
                case_id: Set(stored.case.id.0),
                level: Set(stored.case.level.word().to_owned()),
                cap: Set(cap),
                status: Set("active".to_owned()),
                starts_at: Set(at),
                changed_at: Set(at),
            })
            .exec_without_returning(connection)
            .await?;
            set_access(connection, stored, stored.case.level, cap, false).await
        }
        Event::GrantSuspended { .. } => {
            set_grant(connection, stored, "suspended", at).await?;
            let level = level_of(&stored.app);
            set_access(connection, stored, level, stored.app.cap, true).await
        }
        Event::GrantReinstated { .. } => {
            set_grant(connection, stored, "active", at).await?;
            let level = level_of(&stored.app);
            set_access(connection, stored, level, stored.app.cap, false).await
        }
        Event::GrantRevoked { .. } => {
            set_grant(connection, stored, "revoked", at).await?;
            set_access(connection, stored, AccessLevel::Sandbox, None, false).await
        }
        _ => Ok(()),
    }
}

fn level_of(app: &apps::Model) -> AccessLevel {
    AccessLevel::from_word(&app.level).unwrap_or(AccessLevel::Sandbox)
}

async fn set_access(
    connection: &impl ConnectionTrait,
    stored: &Stored,
    level: AccessLevel,
    cap: Option<i32>,
    suspended: bool,
) -> Result<()> {
    let mut app = stored.app.clone().into_active_model();
    app.level = Set(level.word().to_owned());
    app.cap = Set(cap);
    app.suspended = Set(suspended);
    app.version = Set(stored.app.version + 1);
    app.update(connection).await?;
    Ok(())
}

async fn set_grant(
    connection: &impl ConnectionTrait,
    stored: &Stored,
    status: &str,
    at: i64,
) -> Result<()> {
    let Some(grant) = stored
        .case
        .grant
        .as_ref()
        .filter(|grant| grant.status != GrantStatus::Revoked)
    else {
        return Err(Error::NotFound);
    };
    let row = grants::ActiveModel {
        id: Set(grant.id.0),
        status: Set(status.to_owned()),
        changed_at: Set(at),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}
