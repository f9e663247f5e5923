//! The outbox, for admins. The texts of letters are not shown: some hold links that sign people in,
//! and what a letter says concerns its reader.

use crate::queries::audit::may;
use crate::{
    Caller, Desk, Result,
    entities::{cases, outbox},
    mail::MailState,
    policy::DeskAct,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp};

/// Letters on one page.
pub const PAGE: u64 = 100;

/// The outbox in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    pub state: MailState,
    /// How many letters stand in each state.
    pub counts: Vec<(MailState, u64)>,
    pub rows: Vec<LetterRow>,
}

/// One letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    pub id: Uuid,
    pub kind: String,
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    pub case: Option<CaseNumber>,
    pub attempts: i32,
    pub last_error: String,
    pub created_at: Timestamp,
    /// When it is tried next.
    pub not_before: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// The letters in a state, newest first.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not manage mail.
pub async fn admin_mail(desk: &Desk, caller: &Caller, state: MailState) -> Result<Outbox> {
    may(desk, caller, DeskAct::ManageMail)?;
    let database = desk.database.read();
    let counted: Vec<(String, i64)> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::State)
        .column_as(outbox::Column::Id.count(), "count")
        .group_by(outbox::Column::State)
        .into_tuple()
        .all(database)
        .await?;
    let counts = MailState::ALL
        .iter()
        .map(|state| {
            let count = counted
                .iter()
                .find(|(word, _)| word == state.word())
                .map_or(0, |(_, count)| u64::try_from(*count).unwrap_or(0));
            (*state, count)
        })
        .collect();
    let found = outbox::Entity::find()
        .filter(outbox::Column::State.eq(state.word()))
        .order_by_desc(outbox::Column::Id)
        .limit(PAGE)
        .all(database)
        .await?;
    let ids = found.iter().filter_map(|row| row.case_id);
    let numbers: BTreeMap<Uuid, i32> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Id, cases::Column::Number])
        .filter(cases::Column::Id.is_in(ids))
        .into_tuple()
        .all(database)
        .await?
        .into_iter()
        .collect();
    let rows = found
        .into_iter()
        .map(|row| LetterRow {
            case: row
                .case_id
                .and_then(|id| numbers.get(&id))
                .and_then(|number| u32::try_from(*number).ok())
                .map(CaseNumber),
            id: row.id,
            kind: row.kind,
            to_name: row.to_name,
            to_address: row.to_address,
            subject: row.subject,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Timestamp::from_micros(row.created_at),
            not_before: Timestamp::from_micros(row.not_before_at),
            sent_at: row.sent_at.map(Timestamp::from_micros),
        })
        .collect();
    Ok(Outbox {
        state,
        counts,
        rows,
    })
}
