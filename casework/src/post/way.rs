//! When the letters come that one can do without.

use super::LetterKind;
use crate::entities::people;
use std::collections::BTreeSet;

/// When a letter comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    #[default]
    AtOnce,
    /// As a line of one letter a day.
    Daily,
    /// It is told in the inbox alone.
    Never,
}

impl Way {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::AtOnce, Self::Daily, Self::Never];

    /// In forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
            Self::Never => "never",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|way| way.word() == word)
    }

    /// To people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AtOnce => "At once",
            Self::Daily => "In a daily digest",
            Self::Never => "Never",
        }
    }
}

/// What somebody chose. What always comes is in neither set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub daily: BTreeSet<LetterKind>,
    pub never: BTreeSet<LetterKind>,
}

impl Ways {
    /// When letters of this kind come.
    pub fn of(&self, kind: LetterKind) -> Way {
        if kind.always().is_some() {
            Way::AtOnce
        } else if self.never.contains(&kind) {
            Way::Never
        } else if self.daily.contains(&kind) {
            Way::Daily
        } else {
            Way::AtOnce
        }
    }

    /// From now on letters of this kind come so; what always comes stays as it is.
    pub fn choose(&mut self, kind: LetterKind, way: Way) {
        self.daily.remove(&kind);
        self.never.remove(&kind);
        if kind.always().is_none() {
            match way {
                Way::AtOnce => {}
                Way::Daily => _ = self.daily.insert(kind),
                Way::Never => _ = self.never.insert(kind),
            }
        }
    }
}

impl From<&people::Model> for Ways {
    fn from(person: &people::Model) -> Self {
        let kinds = |words: &Option<String>| {
            LetterKind::optional_from_words(words.as_deref().unwrap_or_default())
        };
        Self {
            daily: kinds(&person.letters_daily),
            never: kinds(&person.letters_off),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_that_one_can_do_without_comes_as_it_was_chosen_and_every_other_at_once() {
        for way in Way::ALL {
            assert_eq!(Way::from_word(way.word()), Some(*way));
            let mut ways = Ways::default();
            for kind in LetterKind::ALL {
                ways.choose(*kind, Way::Never);
                ways.choose(*kind, *way);
            }
            for kind in LetterKind::ALL {
                let expected = match kind.always() {
                    Some(_) => Way::AtOnce,
                    None => *way,
                };
                assert_eq!(ways.of(*kind), expected, "{kind:?}");
            }
        }
    }
}
