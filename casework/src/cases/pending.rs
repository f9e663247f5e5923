//! A pending review: what a reviewer has gathered on a case over a sitting and not published yet. It
//! is no part of the record, and no developer reads it: colleagues see it as somebody's draft.

use crate::{
    Error, Result,
    entities::{pending_reviews, people},
    policy::{Snapshot, Subject},
    roles_from_words, rows,
    store::Stored,
};
use pending_reviews::Column as C;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use workflow::{
    ActionKind, PersonId, Timestamp,
    checklist::{ListKind, Severity},
};

/// So many entries are in one review at most.
pub const MOST_ENTRIES: usize = 200;

/// One thing that was gathered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its question or finding has this id once it is published.
    pub id: Uuid,
    /// Who wrote it: another than who publishes it where a colleague took the review over.
    pub by: PersonId,
    pub at: Timestamp,
    pub says: Says,
}

/// What an entry says, as it was typed into the form of its step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Says {
    Verdict {
        list: ListKind,
        item: String,
        revision: u32,
        verdict: String,
        evidence: String,
        note: String,
        severity: Option<Severity>,
    },
    Finding {
        list: ListKind,
        item: String,
        severity: Option<Severity>,
        text: String,
    },
    Question {
        about: String,
        text: String,
        due: String,
    },
}

impl Says {
    /// The step that it becomes.
    pub const fn step(&self) -> ActionKind {
        match self {
            Self::Verdict { list, .. } => ActionKind::check(*list),
            Self::Finding { list, .. } => ActionKind::record_finding(*list),
            Self::Question { .. } => ActionKind::RequestClarification,
        }
    }

    /// Whether the other gives a verdict on the same item, of which there can be one.
    pub fn is_of_same_item(&self, other: &Self) -> bool {
        self.verdict_on().is_some() && self.verdict_on() == other.verdict_on()
    }

    /// On which item it gives a verdict.
    pub fn verdict_on(&self) -> Option<(ListKind, &str)> {
        match self {
            Self::Verdict { list, item, .. } => Some((*list, item)),
            Self::Finding { .. } | Self::Question { .. } => None,
        }
    }

    /// Verdicts come first: on an item that passes a finding stands only if it was recorded
    /// afterwards. Questions come last: with them the review pauses.
    pub(crate) const fn order(&self) -> u8 {
        match self {
            Self::Verdict { .. } => 0,
            Self::Finding { .. } => 1,
            Self::Question { .. } => 2,
        }
    }
}

/// What one person has gathered on one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub case: Uuid,
    pub person: PersonId,
    pub begun_at: Timestamp,
    pub changed_at: Timestamp,
    pub entries: Vec<Entry>,
}

impl Review {
    pub(crate) const fn begun(case: Uuid, person: PersonId, now: Timestamp) -> Self {
        Self {
            case,
            person,
            begun_at: now,
            changed_at: now,
            entries: Vec::new(),
        }
    }

    pub(crate) fn of(row: pending_reviews::Model) -> Result<Self> {
        Ok(Self {
            entries: rows::json(&row.entries, "pending_reviews", row.case_id, "entries")?,
            case: row.case_id,
            person: PersonId(row.person_id),
            begun_at: Timestamp::from_micros(row.begun_at),
            changed_at: Timestamp::from_micros(row.changed_at),
        })
    }

    /// Puts an entry in; a verdict takes the place of the one on the same item.
    ///
    /// # Errors
    /// [`Error::Input`] where it would be too many.
    pub(crate) fn put(&mut self, entry: Entry) -> Result<()> {
        let same = |one: &&mut Entry| one.says.is_of_same_item(&entry.says);
        if let Some(before) = self.entries.iter_mut().find(same) {
            *before = Entry {
                id: before.id,
                ..entry
            };
            return Ok(());
        }
        if self.entries.len() >= MOST_ENTRIES {
            let text = format!("Your review: publish it first; it holds {MOST_ENTRIES} entries.");
            return Err(Error::field("text", text));
        }
        self.entries.push(entry);
        Ok(())
    }
}

/// What somebody has gathered on a case. Who changes it holds the lock on the case.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    case: Uuid,
    person: PersonId,
) -> Result<Option<Review>> {
    let row = pending_reviews::Entity::find_by_id((case, person.0))
        .one(connection)
        .await?;
    row.map(Review::of).transpose()
}

/// Keeps it in place of what was kept before.
pub(crate) async fn keep(connection: &impl ConnectionTrait, review: &Review) -> Result<()> {
    let row = pending_reviews::Model {
        case_id: review.case,
        person_id: review.person.0,
        entries: serde_json::to_string(&review.entries).map_err(Error::unavailable)?,
        begun_at: review.begun_at.micros(),
        changed_at: review.changed_at.micros(),
    };
    pending_reviews::Entity::insert(pending_reviews::ActiveModel::from(row).reset_all())
        .on_conflict(
            OnConflict::columns([C::CaseId, C::PersonId])
                .update_columns([C::Entries, C::ChangedAt])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Throws it away; whether there was one.
pub(crate) async fn forget(
    connection: &impl ConnectionTrait,
    case: Uuid,
    person: PersonId,
) -> Result<bool> {
    let gone = pending_reviews::Entity::delete_by_id((case, person.0))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// All that is pending on a case, the oldest first.
pub(crate) async fn of_case(connection: &impl ConnectionTrait, case: Uuid) -> Result<Vec<Review>> {
    let rows = pending_reviews::Entity::find()
        .filter(C::CaseId.eq(case))
        .order_by_asc(C::BegunAt)
        .order_by_asc(C::PersonId)
        .all(connection)
        .await?;
    rows.into_iter().map(Review::of).collect()
}

/// Why a review cannot be published by whoever wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The account is disabled.
    Disabled,
    /// The seat is somebody else's now, or nobody's.
    SeatMoved,
    /// The case has ended; until it is reopened nobody publishes it.
    Ended,
}

impl Left {
    /// As the page says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Disabled => "the account is disabled",
            Self::SeatMoved => "the seat has been given to another or back",
            Self::Ended => "the case ended first",
        }
    }

    /// Whether who works on the case now may take it over.
    pub const fn is_taken_over(self) -> bool {
        matches!(self, Self::Disabled | Self::SeatMoved)
    }
}

/// Why the review stays where it is unless somebody does something about it; none while whoever wrote
/// it can publish it.
pub(crate) async fn left(
    connection: &impl ConnectionTrait,
    policy: &Snapshot,
    stored: &Stored,
    review: &Review,
) -> Result<Option<Left>> {
    if !stored.case.state.kind().is_open() {
        return Ok(Some(Left::Ended));
    }
    let author = people::Entity::find_by_id(review.person.0)
        .one(connection)
        .await?;
    let Some(author) = author.filter(|author| author.disabled_at.is_none()) else {
        return Ok(Some(Left::Disabled));
    };
    let roles = roles_from_words(&author.roles);
    let who = Subject::new(&roles, &stored.relations_of(review.person));
    let mut entries = review.entries.iter();
    let publishes = entries.any(|entry| policy.allows(&who, entry.says.step()));
    Ok((!publishes && !review.entries.is_empty()).then_some(Left::SeatMoved))
}
