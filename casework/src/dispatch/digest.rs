//! Making digests. All of one person's is one transaction: the letters that waited are told, dropped
//! or put off together with the digest that tells them, or nothing has happened. Several instances
//! pass over each other's people; the row of the person is what they hold.

use super::{
    applies::{self, Fault},
    dropped,
};
use crate::{
    Desk, Result, audit,
    entities::{cases, outbox, people},
    post::{
        LetterKind, Must, Way, Ways,
        digest::{self, Turn, next_digest},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp};

/// So many people are looked after between two looks at the outbox.
const AT_ONCE: u64 = 20;

/// Why a letter goes into no digest whose reader has chosen so since.
const NOT_WANTED: &str = "its reader chose to do without such letters";

/// Makes the digests that are due. One that cannot be made keeps no other.
///
/// # Errors
/// When it cannot be seen whose are due.
pub(super) async fn make_due(desk: &Desk) -> Result<()> {
    let now = desk.now();
    for person in digest::due(desk.database.read(), now, AT_ONCE).await? {
        if let Err(error) = make(desk, person, now).await {
            tracing::warn!(%person, %error, "a digest could not be made");
        }
    }
    Ok(())
}

async fn make(desk: &Desk, person: Uuid, now: Timestamp) -> Result<()> {
    desk.writes()?;
    let transaction = desk.database.begin().await?;
    let person = people::Entity::find_by_id(person)
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
        .one(&transaction)
        .await?;
    let Some(person) = person else {
        return Ok(());
    };
    let letters = digest::letters_for(&transaction, person.id, now).await?;
    if digest::made_on(&transaction, person.id, now).await? {
        let next = next_digest(now, desk.reference.known().settings.digest_hour);
        let letters = letters.into_iter().map(|row| row.id);
        digest::settle(&transaction, letters, now, Turn::Later(next)).await?;
        transaction.commit().await?;
        return Ok(());
    }
    let mut told = Vec::new();
    let mut entries = Vec::new();
    for mut row in letters {
        // Whoever has another address by now gets the digest there.
        row.to_address.clone_from(&person.email);
        let turn = turn(desk, &transaction, &person, &row).await;
        if turn != Turn::Told {
            digest::settle(&transaction, [row.id], now, turn).await?;
        }
        match turn {
            Turn::Told => told.push(row),
            Turn::Dropped(why) => entries.push(dropped(&row, why)),
            Turn::Alone | Turn::Later(_) | Turn::Held { .. } => {}
        }
    }
    if !told.is_empty() {
        let numbers = numbers(&transaction, &told).await?;
        digest::put(&transaction, desk, now, &person, &told, &numbers).await?;
        let told = told.into_iter().map(|row| row.id);
        digest::settle(&transaction, told, now, Turn::Told).await?;
    }
    if !entries.is_empty() {
        audit::append(&transaction, now, desk.policy.version(), entries).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// What becomes of one letter. Where that cannot be told, it goes its own way, in which it is tried
/// again and given up in the end.
async fn turn(
    desk: &Desk,
    connection: &impl ConnectionTrait,
    person: &people::Model,
    row: &outbox::Model,
) -> Turn {
    let Some(kind) = LetterKind::from_word(&row.kind) else {
        return Turn::Alone;
    };
    if Ways::from(person).of(kind) == Way::Never {
        return Turn::Dropped(NOT_WANTED);
    }
    if person.email_verified_at.is_none() {
        return Turn::Dropped(Must::Address.reason());
    }
    match applies::fault(desk, connection, row, kind).await {
        Ok(None) => Turn::Told,
        Ok(Some(Fault::Gone(why))) => Turn::Dropped(why),
        Ok(Some(Fault::Held { until })) => Turn::Held { until },
        Err(error) => {
            tracing::warn!(letter = %row.id, %error, "whether a letter of a digest still applies cannot be told");
            Turn::Alone
        }
    }
}

async fn numbers(
    connection: &impl ConnectionTrait,
    letters: &[outbox::Model],
) -> Result<BTreeMap<Uuid, CaseNumber>> {
    let found: Vec<(Uuid, i32)> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Id, cases::Column::Number])
        .filter(cases::Column::Id.is_in(letters.iter().filter_map(|row| row.case_id)))
        .into_tuple()
        .all(connection)
        .await?;
    let numbers = found.into_iter().filter_map(|(id, number)| {
        let number = u32::try_from(number).ok()?;
        Some((id, CaseNumber(number)))
    });
    Ok(numbers.collect())
}
