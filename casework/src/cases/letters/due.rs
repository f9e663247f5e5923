//! Letters to staff about our own dates: due soon, overdue. The clock asks for them.

use super::Scene;
use crate::{
    Desk, Result,
    database::Database,
    entities::{apps, cases, outbox as rows, people},
    post::{self, Addressee},
    roles_from_words,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{Case, Role, Timestamp, state::Side};

/// Writes a letter for every case on our side whose date has come near, and another once it has
/// passed: to whoever holds the case or a track still open, to the leads where nobody does. Each
/// is written once per turn, however many instances ask. Answers how many letters were written.
///
/// # Errors
/// When the database does not answer.
pub async fn post_due_dates(desk: &Desk) -> Result<usize> {
    let known = desk.reference.known();
    let now = desk.now();
    let near = known
        .calendar
        .due(now, known.settings.remind_before_days.min(2));
    let candidates = due_cases(&desk.database, near).await?;
    let mut written = 0;
    for row in candidates {
        written += post_one(desk, row.id, now).await?;
    }
    if written > 0 {
        desk.mail.notify_one();
    }
    Ok(written)
}

async fn due_cases(database: &Database, near: Timestamp) -> Result<Vec<cases::Model>> {
    Ok(cases::Entity::find()
        .filter(cases::Column::Side.eq(Side::Us.word()))
        .filter(cases::Column::DueAt.lte(near.micros()))
        .order_by_asc(cases::Column::DueAt)
        .all(database.read())
        .await?)
}

async fn post_one(desk: &Desk, case: Uuid, now: Timestamp) -> Result<usize> {
    let transaction = desk.database.begin().await?;
    // Locked: of two instances that ask at once, the second sees the letters of the first.
    let row = cases::Entity::find_by_id(case)
        .filter(cases::Column::Side.eq(Side::Us.word()))
        .lock_exclusive()
        .one(&transaction)
        .await?;
    let Some((row, due)) = row.and_then(|row| {
        let due = Timestamp::from_micros(row.due_at?);
        Some((row, due))
    }) else {
        return Ok(0);
    };
    let Some(app) = apps::Entity::find_by_id(row.app_id)
        .one(&transaction)
        .await?
    else {
        return Ok(0);
    };
    let known = desk.reference.known();
    let document: Case = serde_json::from_str(&row.document)?;
    let scene = Scene {
        base_url: &desk.base_url,
        known: &known,
        app_name: &app.name,
        organisation: &app.organisation,
        before: &document,
        after: &document,
    };
    let letter = scene.our_date(due, now > due);
    let told = rows::Entity::find()
        .filter(rows::Column::CaseId.eq(case))
        .filter(rows::Column::Kind.eq(letter.kind.word()))
        .filter(rows::Column::CreatedAt.gte(row.clock_at.unwrap_or(row.created_at)))
        .count(&transaction)
        .await?;
    if told > 0 {
        return Ok(0);
    }
    let mut holders: BTreeSet<Uuid> = row.assignee_id.into_iter().collect();
    if row.commercial_open {
        holders.extend(row.commercial_id);
    }
    if row.technical_open {
        holders.extend(row.technical_id);
    }
    let mut query = people::Entity::find().filter(people::Column::DisabledAt.is_null());
    query = if holders.is_empty() {
        query.filter(people::Column::Roles.contains(Role::Lead.word()))
    } else {
        query.filter(people::Column::Id.is_in(holders.iter().copied()))
    };
    let letters: Vec<_> = query
        .all(&transaction)
        .await?
        .iter()
        .filter(|person| {
            !holders.is_empty() || roles_from_words(&person.roles).contains(&Role::Lead)
        })
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    post::put(&transaction, desk, Some(case), &letters).await?;
    transaction.commit().await?;
    Ok(letters.len())
}
