//! What was typed into a form that was refused is kept until it is sent again: with and without
//! scripts nothing typed is lost.

use crate::{Desk, Error, Result, audit::TrailEntry, entities::kept_forms};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::Duration;
use uuid::Uuid;
use workflow::form::Problem;

/// A refused form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The step it is for.
    pub form: String,
    /// Field name → what was typed; never a password.
    pub entries: BTreeMap<String, String>,
    /// Why it was refused, as one text.
    pub message: String,
    /// What is wrong with single fields.
    pub problems: Vec<Problem>,
    /// What someone else changed meanwhile.
    pub changes: Vec<TrailEntry>,
    /// The HTTP status of the refusal.
    pub status: u16,
}

#[derive(Serialize, Deserialize)]
struct Refused {
    message: String,
    problems: Vec<Problem>,
    changes: Vec<TrailEntry>,
}

/// Kept forms are thrown away after this long.
const LIFETIME: Duration = Duration::days(7);

/// Keeps what was typed, for `owner` alone (a person's id, or the cookie of a browser where nobody
/// is signed in); answers under which id.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    desk: &Desk,
    owner: &str,
    form: &str,
    mut entries: BTreeMap<String, String>,
    error: &Error,
) -> Result<Uuid> {
    entries.retain(|name, _| !name.contains("password") && name != "once");
    let refused = Refused {
        message: error.to_string(),
        problems: error.problems().to_vec(),
        changes: match error {
            Error::Conflict { changes } => changes.clone(),
            _ => Vec::new(),
        },
    };
    let now = desk.now();
    let id = Uuid::now_v7();
    kept_forms::Entity::insert(kept_forms::ActiveModel {
        id: Set(id),
        owner: Set(owner.to_owned()),
        form: Set(form.to_owned()),
        entries: Set(serde_json::to_string(&entries)?),
        problems: Set(serde_json::to_string(&refused)?),
        status: Set(i32::from(error.status())),
        created_at: Set(now.micros()),
    })
    .exec_without_returning(desk.database.write())
    .await?;
    Ok(id)
}

/// The kept form of this id, if it is this owner's.
///
/// # Errors
/// When the database does not answer.
pub async fn find(desk: &Desk, owner: &str, id: Uuid) -> Result<Option<Kept>> {
    let row = kept_forms::Entity::find_by_id(id)
        .filter(kept_forms::Column::Owner.eq(owner))
        .one(desk.database.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let refused: Refused = serde_json::from_str(&row.problems)?;
    Ok(Some(Kept {
        form: row.form,
        entries: serde_json::from_str(&row.entries)?,
        message: refused.message,
        problems: refused.problems,
        changes: refused.changes,
        status: u16::try_from(row.status).unwrap_or(400),
    }))
}

/// Throws away what is older than a week.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(desk: &Desk) -> Result<()> {
    let before = desk.now().plus(-LIFETIME).micros();
    kept_forms::Entity::delete_many()
        .filter(kept_forms::Column::CreatedAt.lt(before))
        .exec(desk.database.write())
        .await?;
    Ok(())
}
