//! The clock asks for attestations: before their date, on it, after it; and tells those who decide
//! where one is missing.

use super::letters::{Told, post};
use crate::{
    By, Desk, Part, Result, Step,
    audit::Subject,
    entities::{apps, watched_apps},
    store::Stored,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Timestamp,
    living::{self, Stage},
};

/// How many apps are held in memory at once.
const BATCH: u64 = 200;

/// Writes the letters that are due about attestations, each once however many instances ask; of
/// stages that were slept over, the last alone. Answers how many apps were written about. An app that
/// fails is reported ([`crate::Conditions`]) and passed over.
///
/// # Errors
/// When the apps cannot be listed.
pub async fn ask_for_attestations(desk: &Desk) -> Result<usize> {
    let known = desk.reference.known();
    let days = i64::from(known.settings.attestation_remind_days) + 1;
    let near = desk.now().plus(Duration::days(days));
    let mut asked = 0;
    let mut after = Uuid::nil();
    let mut wrong = Vec::new();
    loop {
        let apps: Vec<Uuid> = watched_apps::Entity::find()
            .select_only()
            .column(watched_apps::Column::AppId)
            .filter(watched_apps::Column::EndedAt.is_null())
            .filter(watched_apps::Column::DueAt.lte(near.micros()))
            .filter(watched_apps::Column::Told.ne(Stage::Missing.word()))
            .filter(watched_apps::Column::AppId.gt(after))
            .order_by_asc(watched_apps::Column::AppId)
            .limit(BATCH)
            .into_tuple()
            .all(desk.database.read())
            .await?;
        let Some(last) = apps.last() else { break };
        after = *last;
        for app in apps {
            match ask(desk, app).await {
                Ok(done) => asked += usize::from(done),
                Err(error) => {
                    tracing::warn!(%app, %error, "an attestation could not be asked for");
                    let text = "its attestation could not be asked for".to_owned();
                    wrong.push((format!("app {app}"), text));
                }
            }
        }
    }
    desk.conditions
        .found(Part::Attestations, &wrong, desk.now());
    Ok(asked)
}

async fn ask(desk: &Desk, app: Uuid) -> Result<bool> {
    let mut step = Step::begin(desk, By::Clock).await?;
    // Locked as by whoever gives the attestation, and by the other instances.
    apps::Entity::find_by_id(app)
        .lock_exclusive()
        .one(step.transaction())
        .await?;
    let watched = watched_apps::Entity::find_by_id(app)
        .filter(watched_apps::Column::EndedAt.is_null())
        .one(step.transaction())
        .await?;
    let Some(watched) = watched else {
        return Ok(false);
    };
    let due = Timestamp::from_micros(watched.due_at);
    let stage = living::stage(due, step.now, &step.known.settings);
    let told = Stage::from_word(&watched.told).unwrap_or(Stage::NotYet);
    if stage <= told {
        return Ok(false);
    }
    let Some(stored) = Stored::by_id(step.transaction(), watched.case_id).await? else {
        return Ok(false);
    };
    let letters = post(&step, &stored, &Told::Attestation { stage, due }).await?;
    watched_apps::Entity::update_many()
        .col_expr(watched_apps::Column::Told, Expr::value(stage.word()))
        .filter(watched_apps::Column::AppId.eq(app))
        .exec(step.transaction())
        .await?;
    let name = match stage {
        Stage::Missing => "attestation_missed",
        _ => "attestation_asked",
    };
    let body = json!({ "due": due, "stage": stage, "letters": letters.len() });
    step.append(Subject::App(app), name, body, String::new());
    step.commit().await?;
    Ok(true)
}
