//! Noting that a public entry is hidden because partnership or access has gone, and that both are
//! back. Whether it is shown does not wait for this: that follows from the moment.

use super::{commands::EntryStep, letters, standing::standing};
use crate::{
    Desk, Error, Part, Result,
    entities::gallery_entries::{self, Column as C},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;
use workflow::{AppId, gallery::ActionKind};

/// How many entries one look takes on; the next look takes the others.
const BATCH: u64 = 200;

/// Notes what has changed; answers of how many entries. Several instances may do this at the same
/// time: each change is noted once. An entry that fails is reported and passed over.
///
/// # Errors
/// When the entries cannot be read.
pub async fn look_after_entries(desk: &Desk) -> Result<usize> {
    let mut noted = 0;
    let mut wrong = Vec::new();
    for (app, kind) in changed(desk).await? {
        match note(desk, AppId(app), kind).await {
            Ok(()) => noted += 1,
            // Somebody was faster.
            Err(Error::Conflict { .. } | Error::Refused(_)) => {}
            Err(error) => {
                tracing::warn!(%app, %error, "an entry could not be looked after");
                let text = "its entry in the gallery could not be looked after";
                wrong.push((format!("app {app}"), text.to_owned()));
            }
        }
    }
    desk.conditions.found(Part::Entries, &wrong, desk.now());
    Ok(noted)
}

/// The apps whose public entries do not say what holds, with what is to be noted.
async fn changed(desk: &Desk) -> Result<Vec<(Uuid, ActionKind)>> {
    let database = desk.database.read();
    let standing = standing(database, desk.now()).await?;
    let gone = Condition::all()
        .add(C::Resting.eq(false))
        .add(C::AppId.not_in_subquery(standing.clone()));
    let back = Condition::all()
        .add(C::Resting.eq(true))
        .add(C::AppId.in_subquery(standing));
    let found: Vec<(Uuid, bool)> = gallery_entries::Entity::find()
        .select_only()
        .columns([C::AppId, C::Resting])
        .filter(C::PublicVersion.is_not_null())
        .filter(Condition::any().add(gone).add(back))
        .limit(BATCH)
        .into_tuple()
        .all(database)
        .await?;
    Ok(found
        .into_iter()
        .map(|(app, rests)| {
            let kind = if rests {
                ActionKind::Return
            } else {
                ActionKind::Rest
            };
            (app, kind)
        })
        .collect())
}

async fn note(desk: &Desk, app: AppId, kind: ActionKind) -> Result<()> {
    let mut step = EntryStep::of_clock(desk, app, kind).await?;
    step.decide(kind)?;
    let name = match kind {
        ActionKind::Return => {
            letters::shown_again(&step, &step.stored).await?;
            "entry_shown_again"
        }
        _ => {
            letters::hidden(&step, &step.stored).await?;
            "entry_hidden"
        }
    };
    step.commit(name, json!({}), String::new()).await
}
