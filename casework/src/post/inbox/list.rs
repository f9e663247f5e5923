//! Reading one's own inbox.

use crate::{
    Caller, Desk, Result,
    entities::{cases, inbox_entries},
    paging::Count,
    post::LetterKind,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Order,
};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp};

/// Entries of one page.
pub const INBOX_AT_ONCE: u64 = 50;

/// Up to here what is unread is counted.
const UNREAD_BOUND: u64 = 99;

/// One thing that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    pub id: Uuid,
    pub subject: String,
    /// What it is about, to people; none for a kind that this version does not know.
    pub topic: Option<&'static str>,
    pub case: Option<CaseNumber>,
    pub told: Timestamp,
    pub unread: bool,
    /// Whether it leads to a page.
    pub leads: bool,
    /// The letter alone holds the link that it is about.
    pub in_letter_alone: bool,
}

/// A page of the inbox, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    pub entries: Vec<InboxEntry>,
    pub unread: Count,
    /// The newest entry of all: what is marked as read with a page is no newer.
    pub newest: Option<Timestamp>,
    pub newer: Option<InboxPlace>,
    pub older: Option<InboxPlace>,
}

/// An entry's place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxKey {
    told: i64,
    id: Uuid,
}

impl InboxKey {
    fn of(row: &inbox_entries::Model) -> Self {
        Self {
            told: row.told_at,
            id: row.id,
        }
    }

    /// `1764200000000000.019abc…`.
    pub fn word(self) -> String {
        format!("{}.{}", self.told, self.id.simple())
    }

    fn from_word(word: &str) -> Option<Self> {
        let (told, id) = word.split_once('.')?;
        Some(Self {
            told: told.parse().ok()?,
            id: id.parse().ok()?,
        })
    }
}

/// Which page: named by the entry that it begins behind or before, so that nothing is skipped or
/// shown twice for what arrives meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InboxPlace {
    #[default]
    Newest,
    OlderThan(InboxKey),
    NewerThan(InboxKey),
}

impl InboxPlace {
    /// What an address says; what cannot be read is the first page.
    pub fn read(after: &str, before: &str) -> Self {
        let after = InboxKey::from_word(after).map(Self::OlderThan);
        after
            .or_else(|| InboxKey::from_word(before).map(Self::NewerThan))
            .unwrap_or_default()
    }

    /// The parameter of the address, with its value.
    pub fn parameter(self) -> Option<(&'static str, String)> {
        match self {
            Self::Newest => None,
            Self::OlderThan(key) => Some(("after", key.word())),
            Self::NewerThan(key) => Some(("before", key.word())),
        }
    }
}

/// A page of what the caller was told.
///
/// # Errors
/// When the database does not answer.
pub async fn inbox(desk: &Desk, caller: &Caller, place: InboxPlace) -> Result<Inbox> {
    use inbox_entries::Column as C;
    let own = || inbox_entries::Entity::find().filter(C::PersonId.eq(caller.person.0));
    let database = desk.database.read();
    let (order, beyond) = match place {
        InboxPlace::Newest => (Order::Desc, None),
        InboxPlace::OlderThan(key) => (Order::Desc, Some(key)),
        InboxPlace::NewerThan(key) => (Order::Asc, Some(key)),
    };
    let beyond = beyond.map(|key| {
        let (told, id) = match order {
            Order::Asc => (C::ToldAt.gt(key.told), C::Id.gt(key.id)),
            _ => (C::ToldAt.lt(key.told), C::Id.lt(key.id)),
        };
        let at_once = Condition::all().add(C::ToldAt.eq(key.told)).add(id);
        Condition::any().add(told).add(at_once)
    });
    // One more than is shown tells whether the list goes on.
    let mut rows = own()
        .filter(beyond.unwrap_or_else(Condition::all))
        .order_by(C::ToldAt, order.clone())
        .order_by(C::Id, order)
        .limit(INBOX_AT_ONCE + 1)
        .all(database)
        .await?;
    let shown = usize::try_from(INBOX_AT_ONCE).unwrap_or(usize::MAX);
    let goes_on = rows.len() > shown;
    rows.truncate(shown);
    let upwards = matches!(place, InboxPlace::NewerThan(_));
    if upwards {
        rows.reverse();
        // Before the newest there is no page but the first, and that is to be full.
        if !goes_on {
            return Box::pin(inbox(desk, caller, InboxPlace::Newest)).await;
        }
    }
    let first = rows.first().map(InboxKey::of);
    let last = rows.last().map(InboxKey::of);
    let newest = own().order_by_desc(C::ToldAt).one(database).await?;
    Ok(Inbox {
        entries: entries(desk, rows).await?,
        unread: unread(desk, caller).await?,
        newest: newest.map(|row| Timestamp::from_micros(row.told_at)),
        newer: first
            .filter(|_| place != InboxPlace::Newest)
            .map(InboxPlace::NewerThan),
        older: last
            .filter(|_| goes_on || upwards)
            .map(InboxPlace::OlderThan),
    })
}

async fn entries(desk: &Desk, rows: Vec<inbox_entries::Model>) -> Result<Vec<InboxEntry>> {
    let numbers: BTreeMap<Uuid, i32> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Id, cases::Column::Number])
        .filter(cases::Column::Id.is_in(rows.iter().filter_map(|row| row.case_id)))
        .into_tuple()
        .all(desk.database.read())
        .await?
        .into_iter()
        .collect();
    let entry = |row: inbox_entries::Model| {
        let kind = LetterKind::from_word(&row.kind);
        let number = row.case_id.and_then(|case| numbers.get(&case));
        InboxEntry {
            id: row.id,
            topic: kind.map(|kind| kind.topic().label()),
            case: number
                .and_then(|number| u32::try_from(*number).ok())
                .map(CaseNumber),
            told: Timestamp::from_micros(row.told_at),
            unread: row.read_at.is_none(),
            leads: !row.place.is_empty(),
            in_letter_alone: kind.is_some_and(LetterKind::holds_a_secret),
            subject: row.subject,
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// How much of what the caller was told is unread: one look into an index, up to `99+`.
///
/// # Errors
/// When the database does not answer.
pub async fn unread(desk: &Desk, caller: &Caller) -> Result<Count> {
    let told: Vec<i64> = inbox_entries::Entity::find()
        .select_only()
        .column(inbox_entries::Column::ToldAt)
        .filter(inbox_entries::Column::PersonId.eq(caller.person.0))
        .filter(inbox_entries::Column::ReadAt.is_null())
        .limit(UNREAD_BOUND + 1)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let counted = u64::try_from(told.len()).unwrap_or(u64::MAX);
    Ok(Count {
        number: counted.min(UNREAD_BOUND),
        more: counted > UNREAD_BOUND,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_what_is_none_is_the_first_page() {
        let key = InboxKey {
            told: 1_764_200_000_000_000,
            id: Uuid::from_u128(7),
        };
        let older = InboxPlace::OlderThan(key);
        assert_eq!(InboxPlace::read(&key.word(), ""), older);
        assert_eq!(
            InboxPlace::read("", &key.word()),
            InboxPlace::NewerThan(key)
        );
        assert_eq!(older.parameter(), Some(("after", key.word())));
        for nonsense in ["", "7", ".", "7.", "x.y", "7.7"] {
            assert_eq!(InboxPlace::read(nonsense, nonsense), InboxPlace::Newest);
        }
    }
}
