//! Where in a list a page begins: behind or before a row, named by what the list is sorted by.
//! However long the list is, and whatever changes in it meanwhile, no row is skipped or shown twice
//! for that.

use crate::paging;

/// A row's place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What the list is sorted by; none comes last, whichever way it is sorted.
    pub value: Option<i64>,
    /// Of two with the same value, the case's number decides.
    pub number: i32,
}

impl Key {
    /// `1764200000000000.1042`; `-.1042` without a value.
    pub fn word(self) -> String {
        match self.value {
            Some(value) => format!("{value}.{}", self.number),
            None => format!("-.{}", self.number),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        let (value, number) = word.split_once('.')?;
        Some(Self {
            value: match value {
                "-" => None,
                value => Some(value.parse().ok()?),
            },
            number: number.parse().ok()?,
        })
    }
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    #[default]
    First,
    After(Key),
    Before(Key),
    Last,
}

/// The word of [`Place::Last`] for `before`.
const END: &str = "end";

impl Place {
    /// What an address says; what cannot be read is the first page. Pages had numbers once: a later
    /// one than the first is the last.
    pub(super) fn read(after: &str, before: &str, page: &str) -> Self {
        if before == END {
            return Self::Last;
        }
        let after = Key::from_word(after).map(Self::After);
        let place = after.or_else(|| Key::from_word(before).map(Self::Before));
        place.unwrap_or(if paging::asked(page) > 1 {
            Self::Last
        } else {
            Self::First
        })
    }

    /// The parameter of the address, with its value.
    pub(super) fn parameter(self) -> Option<(&'static str, String)> {
        match self {
            Self::First => None,
            Self::After(key) => Some(("after", key.word())),
            Self::Before(key) => Some(("before", key.word())),
            Self::Last => Some(("before", END.to_owned())),
        }
    }
}
