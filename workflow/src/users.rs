//! Authorised users: whether one more may authorise an app, whether one may be served, and when
//! the developers are told that the places run out.

use crate::{access::Access, state::AccessLevel};
use std::fmt;

/// Why somebody is not let in to an app's production data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denial {
    /// The app has never had production access.
    NoProductionAccess,
    /// It had, and lost all of it.
    Revoked,
    /// Its production access rests.
    Suspended,
    /// All places are taken.
    CapReached,
    /// This user has not authorised the app, or has revoked it.
    NotAuthorised,
}

impl Denial {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::NoProductionAccess,
        Self::Revoked,
        Self::Suspended,
        Self::CapReached,
        Self::NotAuthorised,
    ];

    /// As programs read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoProductionAccess => "no_production_access",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::CapReached => "cap_reached",
            Self::NotAuthorised => "not_authorised",
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoProductionAccess => "The app has no production access.",
            Self::Revoked => "The app's production access was revoked.",
            Self::Suspended => "The app's production access is suspended.",
            Self::CapReached => "The app has as many authorised users as it may have.",
            Self::NotAuthorised => "This user has not authorised the app.",
        })
    }
}

/// An app as its users meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub access: Access,
    /// Whether it was ever granted more than the sandbox.
    pub was_granted: bool,
}

impl Standing {
    /// Whether the app has production access now.
    ///
    /// # Errors
    /// Why not.
    pub fn production(self) -> Result<(), Denial> {
        match self.access.level {
            _ if self.access.suspended => Err(Denial::Suspended),
            AccessLevel::Sandbox if self.was_granted => Err(Denial::Revoked),
            AccessLevel::Sandbox => Err(Denial::NoProductionAccess),
            AccessLevel::Limited | AccessLevel::Full => Ok(()),
        }
    }

    /// Whether one more user may authorise the app that so many have authorised. A cap that was
    /// lowered takes nobody's place away: it refuses new ones.
    ///
    /// # Errors
    /// Why not.
    pub fn one_more(self, authorised: u32) -> Result<(), Denial> {
        self.production()?;
        match self.access.cap {
            Some(cap) if authorised >= cap => Err(Denial::CapReached),
            _ => Ok(()),
        }
    }

    /// Whether a user may be served.
    ///
    /// # Errors
    /// Why not: of somebody who has not authorised an app without a free place, that it has none.
    pub fn serve(self, has_authorised: bool, authorised: u32) -> Result<(), Denial> {
        self.production()?;
        if has_authorised {
            return Ok(());
        }
        self.one_more(authorised)?;
        Err(Denial::NotAuthorised)
    }
}

/// How far the places are taken, as far as developers are told of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    #[default]
    Some,
    /// Four of five, or more.
    Most,
    /// All.
    All,
}

impl Taken {
    /// As the database keeps it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Some => "some",
            Self::Most => "most",
            Self::All => "all",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Some, Self::Most, Self::All]
            .into_iter()
            .find(|taken| taken.word() == word)
    }

    /// Of so many places under this cap; without a cap there is nothing to tell.
    pub fn of(authorised: u32, cap: Option<u32>) -> Self {
        let Some(cap) = cap.map(u64::from) else {
            return Self::Some;
        };
        let authorised = u64::from(authorised);
        if authorised >= cap {
            Self::All
        } else if authorised * 5 >= cap * 4 {
            Self::Most
        } else {
            Self::Some
        }
    }
}

/// What the developers are told when the places stand at `now` and they were last told `told`:
/// what is remembered as told, and what is told now, if anything. It is told again only after fewer
/// than half of the places were taken, so that one user who comes and goes causes one letter.
pub fn told(told: Taken, authorised: u32, cap: Option<u32>) -> (Taken, Option<Taken>) {
    let now = Taken::of(authorised, cap);
    if now > told {
        return (now, Some(now));
    }
    let eased = cap.is_none_or(|cap| u64::from(authorised) * 2 < u64::from(cap));
    (if eased { Taken::Some } else { told }, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standing(level: AccessLevel, cap: Option<u32>, suspended: bool) -> Standing {
        Standing {
            access: Access {
                level,
                cap,
                suspended,
            },
            was_granted: level != AccessLevel::Sandbox,
        }
    }

    #[test]
    fn the_last_place_is_given_and_the_next_refused() {
        let app = standing(AccessLevel::Limited, Some(20), false);
        assert_eq!(app.one_more(19), Ok(()));
        assert_eq!(app.one_more(20), Err(Denial::CapReached));
        assert_eq!(app.one_more(25), Err(Denial::CapReached));
        let full = standing(AccessLevel::Full, None, false);
        assert_eq!(full.one_more(u32::MAX), Ok(()));
    }

    #[test]
    fn who_has_a_place_keeps_it_under_a_lower_cap() {
        let app = standing(AccessLevel::Limited, Some(5), false);
        assert_eq!(app.serve(true, 20), Ok(()));
        assert_eq!(app.serve(false, 20), Err(Denial::CapReached));
        assert_eq!(app.serve(false, 4), Err(Denial::NotAuthorised));
    }

    #[test]
    fn an_app_without_production_access_serves_nobody_and_says_why() {
        let suspended = standing(AccessLevel::Full, None, true);
        assert_eq!(suspended.serve(true, 1), Err(Denial::Suspended));
        assert_eq!(suspended.one_more(0), Err(Denial::Suspended));
        let never = standing(AccessLevel::Sandbox, None, false);
        assert_eq!(never.serve(true, 1), Err(Denial::NoProductionAccess));
        let revoked = Standing {
            was_granted: true,
            ..never
        };
        assert_eq!(revoked.one_more(0), Err(Denial::Revoked));
    }

    #[test]
    fn four_of_five_places_are_most_and_the_last_one_is_all() {
        for (authorised, taken) in [
            (0, Taken::Some),
            (15, Taken::Some),
            (16, Taken::Most),
            (19, Taken::Most),
            (20, Taken::All),
            (21, Taken::All),
        ] {
            assert_eq!(Taken::of(authorised, Some(20)), taken, "{authorised}");
        }
        assert_eq!(Taken::of(1_000, None), Taken::Some);
        assert_eq!(Taken::of(0, Some(0)), Taken::All);
    }

    #[test]
    fn a_user_who_comes_and_goes_causes_one_letter() {
        let mut known = Taken::Some;
        let mut letters = Vec::new();
        for authorised in [15, 16, 15, 16, 20, 19, 20, 10, 16, 9, 16] {
            let (next, letter) = told(known, authorised, Some(20));
            known = next;
            letters.extend(letter);
        }
        assert_eq!(letters, [Taken::Most, Taken::All, Taken::Most]);
    }

    #[test]
    fn each_word_leads_back() {
        for taken in [Taken::Some, Taken::Most, Taken::All] {
            assert_eq!(Taken::from_word(taken.word()), Some(taken));
        }
        assert_eq!(Taken::from_word("none"), None);
        let words: std::collections::BTreeSet<&str> =
            Denial::ALL.iter().map(|denial| denial.word()).collect();
        assert_eq!(words.len(), Denial::ALL.len());
    }

    proptest! {
        #[test]
        fn nobody_new_is_let_in_at_the_cap(authorised in 0_u32..100, cap in 0_u32..100) {
            let app = standing(AccessLevel::Limited, Some(cap), false);
            prop_assert_eq!(app.one_more(authorised).is_ok(), authorised < cap);
        }

        #[test]
        fn what_is_told_is_never_less_than_what_is(counts in proptest::collection::vec(0_u32..40, 1..50)) {
            let mut known = Taken::Some;
            for authorised in counts {
                let (next, letter) = told(known, authorised, Some(20));
                prop_assert!(next >= Taken::of(authorised, Some(20)));
                prop_assert_eq!(letter, (next > known).then_some(next));
                known = next;
            }
        }
    }
}
