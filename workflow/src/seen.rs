//! What a person saw of a case when deciding on a step.

use crate::{
    Refusal,
    action::ActionKind,
    transition::{Signature, Stale},
};
use std::{fmt, num::ParseIntError, str::FromStr};

/// How a case stood when someone looked: the version of the case, and the newest event of its
/// trail. An event that changes nothing (an export) moves the trail alone.
///
/// Written `17` or `17-2043`, as forms carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub version: u64,
    /// The sequence number of the newest event about the case; none where the page does not show
    /// the trail.
    pub trail: Option<i64>,
}

impl Seen {
    /// The case in this version, without its trail.
    pub const fn version(version: u64) -> Self {
        Self {
            version,
            trail: None,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.trail {
            Some(trail) => write!(f, "{}-{trail}", self.version),
            None => write!(f, "{}", self.version),
        }
    }
}

impl FromStr for Seen {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (version, trail) = match text.split_once('-') {
            Some((version, trail)) => (version, Some(trail.parse()?)),
            None => (text, None),
        };
        Ok(Self {
            version: version.parse()?,
            trail,
        })
    }
}

/// Whether a step may be taken on what was `seen`, the case standing as in `now`: a step that
/// judges the case as a whole needs the present version, one that signs its record the present
/// trail as well.
///
/// # Errors
/// [`Refusal::NotSeen`] where it is not said what was seen, [`Refusal::TrailChanged`] where it is
/// no longer so.
pub fn seen_is_present(action: ActionKind, seen: Option<Seen>, now: Seen) -> Result<(), Refusal> {
    let row = action.row();
    let present = |seen: Seen| match row.signature {
        Signature::OfRecord => match (seen.trail, now.trail) {
            (Some(seen_trail), Some(trail)) => seen_trail == trail && seen.version == now.version,
            (None, _) | (_, None) => false,
        },
        Signature::OfAgreement | Signature::NotNeeded => seen.version == now.version,
    };
    match (row.stale, seen) {
        (Stale::Tolerated, _) => Ok(()),
        (Stale::Refused, None) => Err(Refusal::NotSeen { action }),
        (Stale::Refused, Some(seen)) if present(seen) => Ok(()),
        (Stale::Refused, Some(_)) => Err(Refusal::TrailChanged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Seen = Seen {
        version: 17,
        trail: Some(2043),
    };

    #[test]
    fn a_step_that_judges_the_whole_case_is_refused_to_who_does_not_say_what_they_saw() {
        for action in ActionKind::ALL {
            let refusal = Refusal::NotSeen { action: *action };
            assert_eq!(
                seen_is_present(*action, None, NOW).err() == Some(refusal),
                action.row().stale == Stale::Refused,
                "{action:?}"
            );
        }
    }

    #[test]
    fn and_to_who_saw_another_version() {
        for action in ActionKind::ALL {
            for version in [16, 18] {
                let seen = Seen { version, ..NOW };
                assert_eq!(
                    seen_is_present(*action, Some(seen), NOW).is_err(),
                    action.row().stale == Stale::Refused,
                    "{action:?}"
                );
            }
            assert_eq!(seen_is_present(*action, Some(NOW), NOW), Ok(()));
        }
    }

    #[test]
    fn who_signs_the_record_saw_its_newest_event() {
        for action in ActionKind::ALL {
            for trail in [None, Some(2042), Some(2044)] {
                let seen = Seen { trail, ..NOW };
                assert_eq!(
                    seen_is_present(*action, Some(seen), NOW).is_err(),
                    action.row().signature == Signature::OfRecord,
                    "{action:?} {trail:?}"
                );
            }
            let untold = Seen { trail: None, ..NOW };
            assert_eq!(
                seen_is_present(*action, Some(untold), untold).is_err(),
                action.row().signature == Signature::OfRecord,
                "{action:?}"
            );
        }
    }

    #[test]
    fn what_was_seen_survives_its_form() {
        for seen in [NOW, Seen::version(3)] {
            assert_eq!(seen.to_string().parse(), Ok(seen));
        }
        assert_eq!(NOW.to_string(), "17-2043");
        for text in ["", "-", "17-", "-2043", "17-x", "x"] {
            assert!(text.parse::<Seen>().is_err(), "{text}");
        }
    }
}
