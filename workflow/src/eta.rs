//! How long an application will still take us, told from comparable ones that were decided, and how
//! often such a telling was right. Counted in business days on our side alone: how long a developer
//! takes is theirs.

use crate::Timestamp;

/// With fewer comparable applications than this nothing is foretold.
pub const FEWEST: usize = 8;

/// A comparable application that was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    pub submitted: Timestamp,
    pub ended: Timestamp,
    /// Business days on our side that were begun.
    pub days: u32,
}

/// What can be said of one that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eta {
    /// There are not enough to compare with.
    Unknown,
    /// It has taken as long as `than` of this many, and too few of them took longer.
    Longer { than: usize, of: usize },
    /// Eight of ten of this many that had taken as long took so many more days, at least and at most.
    Within { from: u32, to: u32, of: usize },
}

/// How often the telling at submission was right, of those for which there was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub right: usize,
    pub of: usize,
}

/// What can be said of an application that has taken us `elapsed` business days.
pub fn estimate(decided: &[Decided], elapsed: u32) -> Eta {
    if decided.len() < FEWEST {
        return Eta::Unknown;
    }
    // Those that had not been decided either when they had taken as long.
    let mut days: Vec<u32> = decided
        .iter()
        .map(|one| one.days)
        .filter(|days| *days > elapsed)
        .collect();
    if days.len() < FEWEST {
        let of = decided.len();
        return Eta::Longer {
            than: of - days.len(),
            of,
        };
    }
    days.sort_unstable();
    let (from, to) = eight_of_ten(&days);
    Eta::Within {
        from: from - elapsed,
        to: to - elapsed,
        of: days.len(),
    }
}

/// Of each of these what would have been said on the day of its submission, from those that had been
/// decided by then, held against how long it took. None where nothing could have been said of any.
pub fn held(decided: &[Decided]) -> Option<Held> {
    let mut held = Held { right: 0, of: 0 };
    for one in decided {
        let before: Vec<Decided> = decided
            .iter()
            .copied()
            .filter(|other| other.ended < one.submitted)
            .collect();
        if let Eta::Within { from, to, .. } = estimate(&before, 0) {
            held.of += 1;
            held.right += usize::from((from..=to).contains(&one.days));
        }
    }
    (held.of > 0).then_some(held)
}

/// Without the tenth that took least and the tenth that took most; of days in order, one at least.
fn eight_of_ten(days: &[u32]) -> (u32, u32) {
    let cut = days.len() / 10;
    let last = days.len() - 1 - cut;
    (days[cut], days[last])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn took(days: &[u32]) -> Vec<Decided> {
        let day = |number: u32| Timestamp::from_micros(i64::from(number) * 86_400_000_000);
        days.iter()
            .zip(0_u32..)
            .map(|(days, index)| Decided {
                submitted: day(index * 10),
                ended: day(index * 10 + 9),
                days: *days,
            })
            .collect()
    }

    #[test]
    fn it_says_nothing_from_few_and_says_so_where_it_takes_longer_than_most() {
        assert_eq!(estimate(&took(&[3; 7]), 0), Eta::Unknown);
        assert_eq!(estimate(&took(&[3; 8]), 3), Eta::Longer { than: 8, of: 8 });
        let half = took(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 30]);
        assert_eq!(estimate(&half, 5), Eta::Longer { than: 5, of: 10 });
        let mixed = took(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 30]);
        let all = Eta::Within {
            from: 2,
            to: 9,
            of: 10,
        };
        assert_eq!(estimate(&mixed, 0), all);
        let later = Eta::Within {
            from: 1,
            to: 28,
            of: 8,
        };
        assert_eq!(estimate(&mixed, 2), later);
    }

    #[test]
    fn it_is_held_against_what_was_known_at_submission() {
        assert_eq!(held(&took(&[3; 8])), None);
        // Eight alike are known when the ninth is submitted, nine when the tenth is.
        let held = held(&took(&[3, 3, 3, 3, 3, 3, 3, 3, 3, 9]));
        assert_eq!(held, Some(Held { right: 1, of: 2 }));
    }

    proptest! {
        #[test]
        fn there_is_always_something_to_come(
            days in proptest::collection::vec(1_u32..60, 0..80),
            elapsed in 0_u32..70,
        ) {
            if let Eta::Within { from, to, of } = estimate(&took(&days), elapsed) {
                prop_assert!(1 <= from && from <= to && of <= days.len());
            }
        }
    }
}
