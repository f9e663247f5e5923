//! How long a list takes yet, at the pace of whoever works it.

use workflow::{PersonId, checklist::Mark};

/// A longer pause is no work on an item, in minutes.
const PAUSE: i64 = 20;

/// So many steps from one item to the next say what the pace is.
const ENOUGH: usize = 3;

/// Minutes for `left` items, at the middle of the times that this person took from one mark to the
/// next; none while too few are known, or where nothing is left.
pub(super) fn minutes_left(marks: &[&Mark], person: PersonId, left: usize) -> Option<i64> {
    let mut at: Vec<i64> = marks
        .iter()
        .filter(|mark| mark.by == person)
        .map(|mark| mark.at.micros())
        .collect();
    at.sort_unstable();
    let mut steps: Vec<i64> = at
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|step| *step <= PAUSE * 60_000_000)
        .collect();
    steps.sort_unstable();
    let middle = steps
        .get(steps.len() / 2)
        .filter(|_| steps.len() >= ENOUGH)?;
    let left = i64::try_from(left).ok().filter(|left| *left > 0)?;
    Some((middle.saturating_mul(left) / 60_000_000).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use workflow::{Timestamp, checklist::Verdict};

    #[test]
    fn a_pace_is_the_middle_of_ones_own_steps_without_pauses() {
        let (me, other) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let mark = |by, minute: i64| Mark {
            verdict: Verdict::Pass,
            evidence: String::new(),
            by,
            at: Timestamp::from_micros(minute * 60_000_000),
            round: 1,
            relied: None,
        };
        let marks = [0, 2, 4, 9, 200].map(|minute| mark(me, minute));
        let marks: Vec<&Mark> = marks.iter().collect();
        assert_eq!(minutes_left(&marks, me, 10), Some(20));
        assert_eq!(minutes_left(&marks, other, 10), None);
        assert_eq!(minutes_left(&marks[..3], me, 10), None);
        assert_eq!(minutes_left(&marks, me, 0), None);
    }
}
