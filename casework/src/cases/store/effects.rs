//! What an event changes besides the case itself, in the same transaction.

use crate::{
    Error, Result,
    entities::{apps, grants, user_counts},
    store::Stored,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Set,
};
use uuid::Uuid;
use workflow::{
    Event, Recorded,
    access::{Access, Held, access},
    case::GrantStatus,
    state::AccessLevel,
    users::Taken,
};

/// Whether an event changes what an app may do.
pub(crate) const fn changes_access(event: &Event) -> bool {
    matches!(
        event,
        Event::Approved { .. }
            | Event::GrantSuspended { .. }
            | Event::GrantReinstated { .. }
            | Event::GrantRevoked { .. }
            | Event::CapChanged { .. }
    )
}

/// Writes grants, and what the app's access is after that.
///
/// # Errors
/// When the database does not answer; [`Error::Corrupt`] where a row of its grants cannot be
/// read: then nothing is granted.
pub(crate) async fn carry_out(
    connection: &impl ConnectionTrait,
    stored: &Stored,
    recorded: &Recorded,
) -> Result<()> {
    let at = recorded.at.micros();
    let change = match &recorded.event {
        Event::Approved { granted } => {
            let cap = granted.cap.map(stored_cap);
            let app = lock(connection, stored.app.id).await?;
            grants::Entity::insert(grants::ActiveModel {
                id: Set(granted.grant.0),
                app_id: Set(app.id),
                case_id: Set(stored.case.id.0),
                level: Set(stored.case.level.word().to_owned()),
                cap: Set(cap),
                status: Set(GrantStatus::Active.word().to_owned()),
                starts_at: Set(at),
                changed_at: Set(at),
                cap_since_at: Set(None),
            })
            .exec_without_returning(connection)
            .await?;
            return project(connection, app).await;
        }
        Event::GrantSuspended { .. } => status(GrantStatus::Suspended),
        Event::GrantReinstated { .. } => status(GrantStatus::Active),
        Event::GrantRevoked { .. } => status(GrantStatus::Revoked),
        Event::CapChanged { cap, .. } => grants::ActiveModel {
            cap: Set(Some(stored_cap(*cap))),
            cap_since_at: Set(Some(at)),
            ..Default::default()
        },
        Event::Started { .. }
        | Event::DraftEdited { .. }
        | Event::AttachmentAdded { .. }
        | Event::AttachmentRemoved { .. }
        | Event::Submitted { .. }
        | Event::Assigned { .. }
        | Event::Released { .. }
        | Event::ClarificationRequested { .. }
        | Event::ClarificationAnswered { .. }
        | Event::ItemChecked { .. }
        | Event::CompletenessConfirmed
        | Event::FindingRecorded { .. }
        | Event::FindingWaived { .. }
        | Event::FindingDated { .. }
        | Event::CorrectionReported { .. }
        | Event::FindingRetested { .. }
        | Event::FindingsReminded { .. }
        | Event::CorrectionsRequested { .. }
        | Event::Resubmitted { .. }
        | Event::TrackPassed { .. }
        | Event::DlaAccepted { .. }
        | Event::DeclineProposed { .. }
        | Event::Declined { .. }
        | Event::Withdrawn { .. }
        | Event::Reminded { .. }
        | Event::Lapsed { .. }
        | Event::Appealed { .. }
        | Event::AppealAnswered { .. }
        | Event::Reopened { .. } => return Ok(()),
    };
    let app = lock(connection, stored.app.id).await?;
    let grant = stored.case.grant.as_ref().ok_or(Error::NotFound)?;
    let row = grants::ActiveModel {
        id: Set(grant.id.0),
        changed_at: Set(at),
        ..change
    };
    row.update(connection).await?;
    if let Event::CapChanged { cap, .. } = recorded.event {
        told_anew(connection, app.id, cap).await?;
    }
    project(connection, app).await
}

/// What was told of the places is told of as many as there are now: the letter about the cap has said how
/// many, and what comes after it is told again.
async fn told_anew(connection: &impl ConnectionTrait, app: Uuid, cap: u32) -> Result<()> {
    let Some(row) = user_counts::Entity::find_by_id(app).one(connection).await? else {
        return Ok(());
    };
    let taken = Taken::of(u32::try_from(row.authorised).unwrap_or(0), Some(cap));
    let mut row = row.into_active_model();
    row.told = Set(taken.word().to_owned());
    row.update(connection).await?;
    Ok(())
}

fn status(status: GrantStatus) -> grants::ActiveModel {
    grants::ActiveModel {
        status: Set(status.word().to_owned()),
        ..Default::default()
    }
}

fn stored_cap(cap: u32) -> i32 {
    i32::try_from(cap).unwrap_or(i32::MAX)
}

/// The app as it stands, locked until the transaction ends: another case of the app may change
/// another of its grants at the same time.
async fn lock(connection: &impl ConnectionTrait, app: Uuid) -> Result<apps::Model> {
    apps::Entity::find_by_id(app)
        .lock_exclusive()
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Writes down the access that follows from all grants of an app.
async fn project(connection: &impl ConnectionTrait, app: apps::Model) -> Result<()> {
    let Access {
        level,
        cap,
        suspended,
    } = access_of(connection, app.id).await?;
    let version = app.version + 1;
    let mut app = app.into_active_model();
    app.level = Set(level.word().to_owned());
    app.cap = Set(cap.map(stored_cap));
    app.suspended = Set(suspended);
    app.version = Set(version);
    app.update(connection).await?;
    Ok(())
}

/// What an app may do by its grants.
///
/// # Errors
/// [`Error::Corrupt`] naming the grant that cannot be read.
pub async fn access_of(connection: &impl ConnectionTrait, app: Uuid) -> Result<Access> {
    let rows = grants::Entity::find()
        .filter(grants::Column::AppId.eq(app))
        .all(connection)
        .await?;
    let held = rows.iter().map(held).collect::<Result<Vec<_>>>()?;
    Ok(access(held))
}

fn held(row: &grants::Model) -> Result<Held> {
    let broken = |column| Error::corrupt("grants", row.id, column);
    let cap = match row.cap {
        None => None,
        Some(cap) => Some(u32::try_from(cap).map_err(|_| broken("cap"))?),
    };
    Ok(Held {
        level: AccessLevel::from_word(&row.level).ok_or_else(|| broken("level"))?,
        cap,
        status: GrantStatus::from_word(&row.status).ok_or_else(|| broken("status"))?,
    })
}
