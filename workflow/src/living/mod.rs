//! An approval lives on: when the pages that an approved app stands by are read again and what a
//! change of them means, and when its owners confirm again that everything is as it was approved.

mod words;

pub use words::{folded, similarity};

use crate::{Settings, Timestamp};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month};

/// What reading a page again came to, against the text that was last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was nothing to compare it with.
    FirstSeen,
    /// The same words, but for dates.
    Same,
    /// So little has changed that nobody is asked to look.
    Cosmetic { permille: u16 },
    /// Somebody has to look.
    Material { permille: u16 },
}

/// What the text of a page means against the `known` one. It is held against the text that somebody
/// looked at, or the first, not the one read last: many small changes come to a large one.
pub fn change(known: Option<&str>, read: &str, settings: &Settings) -> Change {
    let Some(known) = known else {
        return Change::FirstSeen;
    };
    let (known, read) = (folded(known), folded(read));
    if known == read {
        return Change::Same;
    }
    let least = settings.reading_similarity.saturating_mul(10);
    let permille = similarity(&known, &read, least);
    if permille < least {
        Change::Material { permille }
    } else {
        Change::Cosmetic { permille }
    }
}

/// When a page is read next: after the interval of the desk, or the next day where it could not be.
pub fn next_look(now: Timestamp, failing: bool, settings: &Settings) -> Timestamp {
    let days = if failing { 1 } else { settings.reading_days };
    now.plus(Duration::days(i64::from(days)))
}

/// Whether the developer is to be warned of a page that could not be read since then.
pub fn warns(failing_since: Timestamp, now: Timestamp, settings: &Settings) -> bool {
    now.since(failing_since) >= Duration::days(i64::from(settings.unreachable_days))
}

/// How far the attestation of an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nothing is asked yet.
    NotYet,
    /// It can be given, and is asked for.
    Soon,
    /// Its day has come.
    Today,
    /// Its day has passed.
    Overdue,
    /// The grace has passed as well: those who decide about access are told.
    Missing,
}

impl Stage {
    /// Every one, in order.
    pub const ALL: [Self; 5] = [
        Self::NotYet,
        Self::Soon,
        Self::Today,
        Self::Overdue,
        Self::Missing,
    ];

    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::Soon => "soon",
            Self::Today => "today",
            Self::Overdue => "overdue",
            Self::Missing => "missing",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// Whether the attestation can be given.
    pub fn is_open(self) -> bool {
        self > Self::NotYet
    }
}

/// How far an attestation is that is due at the end of the day of `due`.
pub fn stage(due: Timestamp, now: Timestamp, settings: &Settings) -> Stage {
    let day = Timestamp::start_of(due.date());
    let days = |days: u16| Duration::days(i64::from(days));
    if now > due.plus(days(settings.attestation_grace_days)) {
        Stage::Missing
    } else if now > due {
        Stage::Overdue
    } else if now >= day {
        Stage::Today
    } else if now >= day.plus(-days(settings.attestation_remind_days)) {
        Stage::Soon
    } else {
        Stage::NotYet
    }
}

/// By when the next attestation is due, counted from the approval or from the one before: the end of
/// that day.
pub fn due_after(since: Timestamp, settings: &Settings) -> Timestamp {
    let day = months_later(since.date(), settings.attestation_months);
    Timestamp::start_of(day).plus(Duration::DAY - Duration::MICROSECOND)
}

/// By when the first attestation is due that an app is asked for: where the desk learns of an approval
/// long after it was given, there is still the usual time to give it.
pub fn first_due(since: Timestamp, now: Timestamp, settings: &Settings) -> Timestamp {
    let time = now.plus(Duration::days(i64::from(settings.attestation_remind_days)));
    let soonest = Timestamp::start_of(time.date()).plus(Duration::DAY - Duration::MICROSECOND);
    due_after(since, settings).max(soonest)
}

/// The next date once an attestation was given: from its date, so that giving it early costs no
/// time; from the day it was given where that was later.
pub fn due_after_given(due: Timestamp, given: Timestamp, settings: &Settings) -> Timestamp {
    due_after(due.max(given), settings)
}

/// The same day of a later month, or the last there is.
pub(crate) fn months_later(date: Date, months: u16) -> Date {
    let total =
        i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + i64::from(months);
    let month = u8::try_from(total.rem_euclid(12) + 1)
        .ok()
        .and_then(|month| Month::try_from(month).ok());
    let year = i32::try_from(total.div_euclid(12)).ok();
    year.zip(month)
        .and_then(|(year, month)| {
            let last = month.length(year);
            Date::from_calendar_date(year, month, date.day().min(last)).ok()
        })
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests;
