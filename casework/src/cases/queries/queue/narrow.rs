//! What a queue is narrowed by, besides what `queue_counts` knows of.

use time::{Duration, Time};
use workflow::{Timestamp, checklist::ListKind};

macro_rules! choices {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal;)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every one, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in the address.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// As people choose it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            pub(super) fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

choices! {
    /// When something falls due; days are those of UTC.
    pub enum DueWithin {
        Overdue = "overdue", "Overdue";
        /// What is left of today.
        Today = "today", "Today";
        /// Today and the six days behind it.
        Week = "week", "Within 7 days";
        /// From then on.
        Later = "later", "Later";
        /// Nobody is to act by a date.
        Never = "none", "No date";
    }
}

choices! {
    /// How long ago an application was handed in first.
    pub enum Age {
        Week = "7", "More than 7 days";
        Month = "30", "More than 30 days";
        Quarter = "90", "More than 90 days";
    }
}

choices! {
    /// How often the developer has handed in.
    pub enum Round {
        First = "1", "1";
        Second = "2", "2";
        Later = "3", "3 and later";
    }
}

impl DueWithin {
    /// From which moment on and before which one; none where it is due at no moment.
    pub(super) fn span(self, now: Timestamp) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
        let midnight = Timestamp::from(now.date().with_time(Time::MIDNIGHT).assume_utc());
        let after = |days| Some(midnight.plus(Duration::days(days)));
        match self {
            Self::Overdue => Some((None, Some(now))),
            Self::Today => Some((Some(now), after(1))),
            Self::Week => Some((Some(now), after(7))),
            Self::Later => Some((after(7), None)),
            Self::Never => None,
        }
    }
}

impl Age {
    /// Handed in before which moment.
    pub(super) fn before(self, now: Timestamp) -> Timestamp {
        let days = match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        };
        now.plus(-Duration::days(days))
    }
}

impl Round {
    pub(super) const fn number(self) -> u16 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Later => crate::cases::search::LATE_ROUND,
        }
    }
}

/// A key of an answer, as an address says it; none for what no form can offer.
pub(super) fn key(word: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (!word.is_empty() && word.len() <= 40 && word.bytes().all(fits)).then(|| word.to_owned())
}

/// An item of a checklist, as an address says it.
pub(super) fn item(word: &str) -> Option<(ListKind, String)> {
    let (list, item) = word.split_once('.')?;
    Some((ListKind::from_word(list)?, key(item)?))
}
