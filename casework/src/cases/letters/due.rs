//! Letters to staff about our own dates: due soon, overdue. The clock asks for them.

use super::Scene;
use crate::{
    By, Desk, Part, Result, Step,
    accounts::absences::away,
    database::Database,
    entities::{apps, cases, inbox_entries, people},
    post::{self, About, Addressee},
    relations::AppPeople,
    roles_from_words, rows,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use time::Date;
use uuid::Uuid;
use workflow::{Case, PersonId, Role, Timestamp, state::Side};

/// Writes a letter for every case on our side whose date has come near, and another once it has
/// passed: to whoever holds the case or a track still open, to the leads where nobody does or
/// whoever does is away, or has no account or no role of staff any more. Each of them is told once per turn,
/// however many instances ask: also whoever takes the work up after others were told. Answers how
/// many letters were written. A case that fails is reported ([`crate::Conditions`]) and passed over.
///
/// # Errors
/// When the cases cannot be listed.
pub async fn post_due_dates(desk: &Desk) -> Result<usize> {
    let known = desk.reference.known();
    let now = desk.now();
    let near = known
        .calendar
        .due(now, known.settings.remind_before_days.min(2));
    let candidates = due_cases(&desk.database, near).await?;
    let mut written = 0;
    let mut wrong = Vec::new();
    for (id, number) in candidates {
        match post_one(desk, id, now).await {
            Ok(letters) => written += letters,
            Err(error) => {
                tracing::warn!(number, %error, "a due date could not be written about");
                let text = "its due date could not be written about".to_owned();
                wrong.push((format!("UD-{number}"), text));
            }
        }
    }
    desk.conditions.found(Part::DueDates, &wrong, now);
    Ok(written)
}

async fn due_cases(database: &Database, near: Timestamp) -> Result<Vec<(Uuid, i32)>> {
    Ok(cases::Entity::find()
        .select_only()
        .columns([cases::Column::Id, cases::Column::Number])
        .filter(cases::Column::Side.eq(Side::Us.word()))
        .filter(cases::Column::DueAt.lte(near.micros()))
        .order_by_asc(cases::Column::DueAt)
        .into_tuple()
        .all(database.read())
        .await?)
}

async fn post_one(desk: &Desk, case: Uuid, now: Timestamp) -> Result<usize> {
    let step = Step::begin(desk, By::Clock).await?;
    let transaction = step.transaction();
    // Locked: of two instances that ask at once, the second sees the letters of the first.
    let row = cases::Entity::find_by_id(case)
        .filter(cases::Column::Side.eq(Side::Us.word()))
        .lock_exclusive()
        .one(transaction)
        .await?;
    let Some((row, due)) = row.and_then(|row| {
        let due = Timestamp::from_micros(row.due_at?);
        Some((row, due))
    }) else {
        return Ok(0);
    };
    let Some(app) = apps::Entity::find_by_id(row.app_id)
        .one(transaction)
        .await?
    else {
        return Ok(0);
    };
    let known = desk.reference.known();
    let document: Case = rows::json(&row.document, "cases", row.number, "document")?;
    let scene = Scene {
        base_url: &desk.base_url,
        known: &known,
        app_name: &app.name,
        organisation: &app.organisation,
        actor: None,
        before: &document,
        after: &document,
    };
    let letter = scene.our_date(due, now > due);
    let told: BTreeSet<Uuid> = inbox_entries::Entity::find()
        .select_only()
        .column(inbox_entries::Column::PersonId)
        .filter(inbox_entries::Column::CaseId.eq(case))
        .filter(inbox_entries::Column::Kind.eq(letter.kind.word()))
        .filter(inbox_entries::Column::ToldAt.gte(row.clock_at.unwrap_or(row.created_at)))
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?
        .into_iter()
        .collect();
    let mut readers = at_work(transaction, &row, now.date()).await?;
    if readers.is_empty() {
        let app = AppPeople::of(transaction, row.app_id).await?;
        readers = leads(transaction).await?;
        readers.retain(|person| !app.is_conflicted(PersonId(person.id)));
    }
    let letters: Vec<_> = readers
        .iter()
        .filter(|person| !told.contains(&person.id))
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    if letters.is_empty() {
        return Ok(0);
    }
    post::put(transaction, desk, About::Case(case), &letters).await?;
    step.has_letters();
    step.commit().await?;
    Ok(letters.len())
}

/// Who holds the case, or a track of it that is still open.
pub(crate) fn holders(row: &cases::Model) -> BTreeSet<Uuid> {
    let mut holders: BTreeSet<Uuid> = row.assignee_id.into_iter().collect();
    if row.commercial_open {
        holders.extend(row.commercial_id);
    }
    if row.technical_open {
        holders.extend(row.technical_id);
    }
    holders
}

/// Those of them who can work: with an account and a role of staff, and not away.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn at_work(
    connection: &impl ConnectionTrait,
    row: &cases::Model,
    today: Date,
) -> Result<Vec<people::Model>> {
    let mut people = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::Id.is_in(holders(row)))
        .all(connection)
        .await?;
    let away = away(connection, today).await?;
    people.retain(|person| {
        let roles = roles_from_words(&person.roles);
        roles.iter().any(|role| role.is_staff()) && !away.contains_key(&person.id)
    });
    Ok(people)
}

async fn leads(connection: &impl ConnectionTrait) -> Result<Vec<people::Model>> {
    let mut people = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::Roles.contains(Role::Lead.word()))
        .all(connection)
        .await?;
    people.retain(|person| roles_from_words(&person.roles).contains(&Role::Lead));
    Ok(people)
}
