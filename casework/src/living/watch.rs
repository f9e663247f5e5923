//! Which apps are looked after: those with access that was not revoked, by their newest approval.

use super::pages;
use crate::{
    By, Desk, Part, Result, Step,
    audit::Subject,
    entities::{apps, grants, submissions, watched_apps, watched_pages},
    rows,
    store::Snapshot,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Set,
    sea_query::{Expr, ExprTrait, OnConflict, SelectStatement},
};
use serde_json::json;
use uuid::Uuid;
use workflow::{Timestamp, case::GrantStatus, living};

/// How many apps are taken up in one look.
const BATCH: u64 = 500;

/// Begins to look after what was approved, and ends it where access was revoked; answers for how many
/// apps something changed. An app that fails is reported ([`crate::Conditions`]) and passed over.
///
/// # Errors
/// When the apps cannot be listed.
pub async fn keep_watch(desk: &Desk) -> Result<usize> {
    let mut changed = 0;
    let mut wrong = Vec::new();
    for app in ended(desk).await? {
        match end(desk, app).await {
            Ok(done) => changed += usize::from(done),
            Err(error) => wrong.push(told(app, &error)),
        }
    }
    for app in approved(desk).await? {
        match begin(desk, app).await {
            Ok(done) => changed += usize::from(done),
            Err(error) => wrong.push(told(app, &error)),
        }
    }
    desk.conditions.found(Part::Living, &wrong, desk.now());
    Ok(changed)
}

fn told(app: Uuid, error: &crate::Error) -> (String, String) {
    tracing::warn!(%app, %error, "an approval could not be looked after");
    let text = "its approval could not be looked after".to_owned();
    (format!("app {app}"), text)
}

fn standing() -> sea_orm::Select<grants::Entity> {
    grants::Entity::find().filter(grants::Column::Status.ne(GrantStatus::Revoked.word()))
}

/// The watched apps whose approval has no standing grant any more.
async fn ended(desk: &Desk) -> Result<Vec<Uuid>> {
    let cases = standing()
        .select_only()
        .column(grants::Column::CaseId)
        .into_query();
    Ok(watched_apps::Entity::find()
        .select_only()
        .column(watched_apps::Column::AppId)
        .filter(watched_apps::Column::EndedAt.is_null())
        .filter(watched_apps::Column::CaseId.not_in_subquery(cases))
        .limit(BATCH)
        .into_tuple()
        .all(desk.database.read())
        .await?)
}

/// The apps with a standing grant that is newer than the one by which they are watched.
async fn approved(desk: &Desk) -> Result<Vec<Uuid>> {
    Ok(standing()
        .select_only()
        .column(grants::Column::AppId)
        .distinct()
        .filter(Expr::not_exists(as_new()))
        .limit(BATCH)
        .into_tuple()
        .all(desk.database.read())
        .await?)
}

fn as_new() -> SelectStatement {
    use watched_apps::Column as W;
    let grant = |column: grants::Column| Expr::col((grants::Entity, column));
    watched_apps::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(Expr::col((watched_apps::Entity, W::AppId)).eq(grant(grants::Column::AppId)))
        .filter(W::EndedAt.is_null())
        .filter(Expr::col((watched_apps::Entity, W::SinceAt)).gte(grant(grants::Column::StartsAt)))
        .into_query()
}

/// Locks the app: of two instances the second sees what the first has done.
async fn lock(step: &Step<'_>, app: Uuid) -> Result<Option<watched_apps::Model>> {
    apps::Entity::find_by_id(app)
        .lock_exclusive()
        .one(step.transaction())
        .await?;
    Ok(watched_apps::Entity::find_by_id(app)
        .one(step.transaction())
        .await?)
}

async fn end(desk: &Desk, app: Uuid) -> Result<bool> {
    let mut step = Step::begin(desk, By::Clock).await?;
    let Some(watched) = lock(&step, app).await? else {
        return Ok(false);
    };
    let stands = standing()
        .filter(grants::Column::CaseId.eq(watched.case_id))
        .one(step.transaction())
        .await?;
    if watched.ended_at.is_some() || stands.is_some() {
        return Ok(false);
    }
    watched_apps::Entity::update_many()
        .col_expr(
            watched_apps::Column::EndedAt,
            Expr::value(step.now.micros()),
        )
        .filter(watched_apps::Column::AppId.eq(app))
        .exec(step.transaction())
        .await?;
    retire(step.transaction(), app, &[]).await?;
    step.append(Subject::App(app), "watch_ended", json!({}), String::new());
    step.commit().await?;
    Ok(true)
}

async fn begin(desk: &Desk, app: Uuid) -> Result<bool> {
    let mut step = Step::begin(desk, By::Clock).await?;
    let watched = lock(&step, app).await?;
    let newest = standing()
        .filter(grants::Column::AppId.eq(app))
        .order_by_desc(grants::Column::StartsAt)
        .one(step.transaction())
        .await?;
    let Some(grant) = newest else {
        return Ok(false);
    };
    if watched.is_some_and(|row| row.ended_at.is_none() && row.since_at >= grant.starts_at) {
        return Ok(false);
    }
    let found = stood_by(step.transaction(), grant.case_id).await?;
    let since = Timestamp::from_micros(grant.starts_at);
    let due = living::first_due(since, step.now, &step.known.settings);
    let told = living::Stage::NotYet.word().to_owned();
    let row = watched_apps::ActiveModel {
        app_id: Set(app),
        case_id: Set(grant.case_id),
        since_at: Set(grant.starts_at),
        due_at: Set(due.micros()),
        told: Set(told),
        ended_at: Set(None),
    };
    use watched_apps::Column as W;
    watched_apps::Entity::insert(row)
        .on_conflict(
            OnConflict::column(W::AppId)
                .update_columns([W::CaseId, W::SinceAt, W::DueAt, W::Told, W::EndedAt])
                .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
    let addresses: Vec<&str> = found.iter().map(|(_, address)| address.as_str()).collect();
    retire(step.transaction(), app, &addresses).await?;
    for (field, address) in &found {
        take_up(&step, app, grant.case_id, field, address).await?;
    }
    let watched: Vec<Uuid> = watched_pages::Entity::find()
        .select_only()
        .column(watched_pages::Column::Id)
        .filter(watched_pages::Column::AppId.eq(app))
        .filter(watched_pages::Column::Address.is_in(addresses.iter().copied()))
        .order_by_asc(watched_pages::Column::Id)
        .into_tuple()
        .all(step.transaction())
        .await?;
    step.append(
        Subject::App(app),
        "watch_begun",
        json!({ "case_id": grant.case_id, "pages": addresses, "watched": watched, "due": due }),
        String::new(),
    );
    step.commit().await?;
    Ok(true)
}

/// The pages of the newest revision of a case.
async fn stood_by(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<Vec<(&'static str, String)>> {
    let newest = submissions::Entity::find()
        .filter(submissions::Column::CaseId.eq(case))
        .order_by_desc(submissions::Column::Revision)
        .one(connection)
        .await?;
    let Some(newest) = newest else {
        return Ok(Vec::new());
    };
    let sent: Snapshot = rows::json(&newest.body, "submissions", case, "body")?;
    Ok(pages::addresses(&sent.answers))
}

/// From now on the pages of an app are not read, but for those at these addresses.
async fn retire(connection: &impl ConnectionTrait, app: Uuid, but: &[&str]) -> Result<()> {
    use watched_pages::Column as P;
    let none = || Expr::value(None::<i64>);
    watched_pages::Entity::update_many()
        .col_expr(P::NextAt, none())
        .col_expr(P::FailingSinceAt, none())
        .col_expr(P::WarnedAt, none())
        .filter(P::AppId.eq(app))
        .filter(P::Address.is_not_in(but.iter().copied()))
        .exec(connection)
        .await?;
    Ok(())
}

/// From now on a page is read, the first time soon.
async fn take_up(step: &Step<'_>, app: Uuid, case: Uuid, field: &str, address: &str) -> Result<()> {
    use watched_pages::Column as P;
    watched_pages::Entity::insert(watched_pages::ActiveModel {
        id: Set(Uuid::now_v7()),
        app_id: Set(app),
        case_id: Set(case),
        field: Set(field.to_owned()),
        address: Set(address.to_owned()),
        next_at: Set(Some(step.now.micros())),
        known_id: Set(None),
        etag: Set(None),
        modified: Set(None),
        read_at: Set(None),
        failing_since_at: Set(None),
        failure: Set(String::new()),
        warned_at: Set(None),
        leased_until_at: Set(None),
        lease_id: Set(None),
    })
    .on_conflict(
        OnConflict::columns([P::AppId, P::Address])
            .update_columns([P::CaseId, P::Field, P::NextAt])
            .to_owned(),
    )
    .exec_without_returning(step.transaction())
    .await?;
    Ok(())
}
