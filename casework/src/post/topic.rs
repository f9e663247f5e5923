//! Letters that one can do without: they ask for nothing, or a later one asks again.

use super::LetterKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What such letters are about, as people choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Who came to an app and who left.
    Members,
    /// That something arrived with us.
    Receipts,
    /// What became of an entry in the gallery, where it is good news.
    Gallery,
    /// Reminders that are followed by another one.
    EarlyReminders,
}

impl Topic {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Members,
        Self::Receipts,
        Self::Gallery,
        Self::EarlyReminders,
    ];

    /// The word of database and form.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Receipts => "receipts",
            Self::Gallery => "gallery",
            Self::EarlyReminders => "early_reminders",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.word() == word)
    }

    /// To people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Members => "Members of your apps have changed",
            Self::Receipts => "We have what you sent",
            Self::Gallery => "Your entry in the gallery is public",
            Self::EarlyReminders => "Early reminders",
        }
    }

    /// What one misses without them.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Members => "Somebody joined, left, was removed, or may do something else now.",
            Self::Receipts => "An application or a support request has arrived with us.",
            Self::Gallery => "An entry was published, or is shown again.",
            Self::EarlyReminders => {
                "A date comes near, or most places for users are taken. The last reminder always comes."
            }
        }
    }

    /// The topics of these words; words of other versions are passed over.
    pub fn from_words(words: &str) -> BTreeSet<Self> {
        words.split(',').filter_map(Self::from_word).collect()
    }

    /// The reverse of [`Topic::from_words`].
    pub fn words(topics: &BTreeSet<Self>) -> String {
        let words: Vec<&str> = topics.iter().map(|topic| topic.word()).collect();
        words.join(",")
    }
}

impl LetterKind {
    /// What a letter is about that one can do without; none of one that always comes.
    pub const fn topic(self) -> Option<Topic> {
        match self {
            Self::MemberJoined | Self::MemberLeft | Self::MemberRemoved | Self::MemberChanged => {
                Some(Topic::Members)
            }
            Self::Submitted | Self::RequestReceived => Some(Topic::Receipts),
            Self::EntryPublished | Self::EntryShownAgain => Some(Topic::Gallery),
            Self::AttestationSoon | Self::UserCapNear | Self::DueSoon => {
                Some(Topic::EarlyReminders)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_letters_and_its_own_word() {
        for topic in Topic::ALL {
            assert_eq!(Topic::from_word(topic.word()), Some(*topic));
            let has = LetterKind::ALL
                .iter()
                .any(|kind| kind.topic() == Some(*topic));
            assert!(has, "{topic:?}");
        }
        let all: BTreeSet<Topic> = Topic::ALL.iter().copied().collect();
        assert_eq!(Topic::from_words(&Topic::words(&all)), all);
    }

    #[test]
    fn whatever_is_about_the_account_or_holds_a_secret_always_comes() {
        for kind in LetterKind::ALL {
            if kind.goes_unconfirmed() || kind.holds_a_secret() {
                assert_eq!(kind.topic(), None, "{kind:?}");
            }
        }
    }
}
