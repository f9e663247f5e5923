//! The links of public entries: each is visited again every week. One that does not answer is visited
//! again the next day before anybody is written to, for most faults pass.

use super::{letters, store::Stored};
use crate::{
    By, Desk, Part, Result, Step,
    audit::Subject,
    entities::{
        gallery_entries,
        gallery_links::{self, Column as C},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{
    AppId, Timestamp,
    gallery::{Listing, Store},
};

/// How often a link that answers is visited.
const WEEKLY: Duration = Duration::days(7);
/// When one that did not answer is visited again.
const NEXT_DAY: Duration = Duration::days(1);
/// For how long a link is left to whoever visits it: longer than a visit can take.
const LEASE: Duration = Duration::minutes(10);
/// How many links one look takes on; the next look takes the others.
const BATCH: u64 = 100;

/// From now on these links of an entry are visited; they have just answered.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn watch(
    connection: &impl ConnectionTrait,
    entry: Uuid,
    listing: &Listing,
    now: Timestamp,
) -> Result<()> {
    forget(connection, entry).await?;
    for (store, address) in &listing.links {
        gallery_links::Entity::insert(gallery_links::ActiveModel {
            entry_id: Set(entry),
            store: Set(store.word().to_owned()),
            address: Set(address.clone()),
            next_at: Set(now.plus(WEEKLY).micros()),
            failing_since_at: Set(None),
            failure: Set(String::new()),
            warned_at: Set(None),
        })
        .on_conflict(
            OnConflict::columns([C::EntryId, C::Store])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    }
    Ok(())
}

/// From now on no link of an entry is visited.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn forget(connection: &impl ConnectionTrait, entry: Uuid) -> Result<()> {
    gallery_links::Entity::delete_many()
        .filter(C::EntryId.eq(entry))
        .exec(connection)
        .await?;
    Ok(())
}

/// Visits every link that is due, one after the other; answers how many. Several instances may do
/// this at the same time: each link is visited by one.
///
/// # Errors
/// When the links cannot be read.
pub async fn look_at_links(desk: &Desk) -> Result<usize> {
    let due = gallery_links::Entity::find()
        .filter(C::NextAt.lte(desk.now().micros()))
        .order_by_asc(C::NextAt)
        .limit(BATCH)
        .all(desk.database.read())
        .await?;
    let mut looked = 0;
    let mut wrong = Vec::new();
    for link in due {
        if !lease(desk, &link).await? {
            continue;
        }
        looked += 1;
        let fault = desk.links.problem(&link.address).await;
        if let Err(error) = note(desk, &link, fault).await {
            tracing::warn!(entry = %link.entry_id, %error, "what a link answered could not be noted");
            let what = format!("link {} of {}", link.store, link.entry_id);
            wrong.push((what, "what it answered could not be noted".to_owned()));
        }
    }
    desk.conditions.found(Part::Gallery, &wrong, desk.now());
    Ok(looked)
}

/// Takes a link, unless somebody else has it by now.
async fn lease(desk: &Desk, link: &gallery_links::Model) -> Result<bool> {
    let taken = gallery_links::Entity::update_many()
        .col_expr(C::NextAt, Expr::value(desk.now().plus(LEASE).micros()))
        .filter(C::EntryId.eq(link.entry_id))
        .filter(C::Store.eq(link.store.as_str()))
        .filter(C::NextAt.eq(link.next_at))
        .exec(desk.database.write())
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Writes down what a visit found. That a link fails is told once, at the second time.
async fn note(desk: &Desk, link: &gallery_links::Model, fault: Option<String>) -> Result<()> {
    let mut step = Step::begin(desk, By::Clock).await?;
    let entry = gallery_entries::Entity::find_by_id(link.entry_id)
        .one(step.transaction())
        .await?;
    let Some(entry) = entry else {
        return Ok(());
    };
    let app = AppId(entry.app_id);
    let stored = Stored::load(step.transaction(), app, true, step.now).await?;
    let row = gallery_links::Entity::find_by_id((link.entry_id, link.store.clone()))
        .one(step.transaction())
        .await?;
    // Another version is public by now, with its own links.
    let Some(row) = row.filter(|row| row.address == link.address) else {
        return Ok(());
    };
    let now = step.now;
    let label = Store::from_word(&row.store).map_or("Link", Store::label);
    let event = |name| (name, json!({ "entry": row.entry_id, "store": row.store }));
    let mut next = gallery_links::Model {
        next_at: now.plus(WEEKLY).micros(),
        ..row.clone()
    };
    let told = match fault {
        None => {
            next.failing_since_at = None;
            next.failure.clear();
            next.warned_at = None;
            row.warned_at.is_some().then(|| event("entry_link_works"))
        }
        Some(fault) => {
            let since = row.failing_since_at;
            next.next_at = now.plus(NEXT_DAY).micros();
            next.failing_since_at = since.or(Some(now.micros()));
            next.failure = fault;
            let warn = since.is_some() && row.warned_at.is_none();
            if warn {
                next.warned_at = Some(now.micros());
                letters::link_dead(&step, &stored, label, &next).await?;
            }
            warn.then(|| event("entry_link_failed"))
        }
    };
    gallery_links::Entity::update_many()
        .col_expr(C::NextAt, Expr::value(next.next_at))
        .col_expr(C::FailingSinceAt, Expr::value(next.failing_since_at))
        .col_expr(C::Failure, Expr::value(next.failure))
        .col_expr(C::WarnedAt, Expr::value(next.warned_at))
        .filter(C::EntryId.eq(row.entry_id))
        .filter(C::Store.eq(row.store.as_str()))
        .exec(step.transaction())
        .await?;
    if let Some((name, body)) = told {
        step.append(Subject::App(app.0), name, body, String::new());
    }
    step.commit().await
}
