//! How long applications take, told from those of this desk that were decided.

use crate::{Desk, Result, entities::cases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use time::Duration;
use workflow::{
    Timestamp,
    eta::{Decided, Held, held},
    state::AccessLevel,
};

/// So many of the last decided applications of a level are looked at.
const LATEST: u64 = 200;

/// For so long an answer is good enough.
const GOOD_FOR: Duration = Duration::minutes(10);

/// How long the last decided applications of a level took, in business days from submission to
/// decision, on both sides together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Half of them took no longer.
    pub median: u32,
    /// Three quarters of them took no longer.
    pub upper_quartile: u32,
    pub of: usize,
}

/// What is known of the last decided applications of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub taken: Taken,
    pub decided: Vec<Decided>,
    /// How often it would have been foretold rightly.
    pub held: Option<Held>,
}

type Known = Arc<BTreeMap<AccessLevel, Told>>;

/// What was found out last, and when.
#[derive(Default)]
pub(crate) struct Takes(Mutex<Option<(Timestamp, Known)>>);

impl fmt::Debug for Takes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Takes")
    }
}

impl Takes {
    /// By level; a level of which nothing was decided yet is not in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known(&self, desk: &Desk) -> Result<Known> {
        let now = desk.now();
        let last = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((at, known)) = last
            && now >= at
            && now.since(at) < GOOD_FOR
        {
            return Ok(known);
        }
        let mut known = BTreeMap::new();
        for level in [AccessLevel::Limited, AccessLevel::Full] {
            known.extend(told(desk, level).await?.map(|told| (level, told)));
        }
        let known = Arc::new(known);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&known)));
        Ok(known)
    }
}

/// The business time of the latest decided applications of a level.
async fn told(desk: &Desk, level: AccessLevel) -> Result<Option<Told>> {
    use cases::Column as C;
    let spent: Vec<(i64, i64, i64, i64)> = cases::Entity::find()
        .select_only()
        .columns([C::UsSpent, C::DeveloperSpent, C::SubmittedAt, C::EndedAt])
        .filter(C::SubmittedAt.is_not_null())
        .filter(C::Level.eq(level.word()))
        .filter(C::State.is_in(["approved", "declined"]))
        .filter(C::EndedAt.is_not_null())
        .order_by_desc(C::EndedAt)
        .limit(LATEST)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let both = spent.iter().map(|(us, developer, ..)| {
        whole_days(Duration::microseconds(us.saturating_add(*developer)))
    });
    let taken = of(both.collect());
    let decided: Vec<Decided> = spent
        .into_iter()
        .map(|(us, _, submitted, ended)| Decided {
            submitted: Timestamp::from_micros(submitted),
            ended: Timestamp::from_micros(ended),
            days: whole_days(Duration::microseconds(us)),
        })
        .collect();
    Ok(taken.map(|taken| Told {
        taken,
        held: held(&decided),
        decided,
    }))
}

/// Business days that were begun, at least one.
fn whole_days(spent: Duration) -> u32 {
    let day = Duration::DAY.whole_microseconds();
    let days = (spent.whole_microseconds() + day - 1).div_euclid(day);
    u32::try_from(days.max(1)).unwrap_or(u32::MAX)
}

fn of(mut days: Vec<u32>) -> Option<Taken> {
    days.sort_unstable();
    // The smallest number of days that this share of them did not exceed.
    let within = |part: usize| {
        days.get((days.len() * part).div_ceil(4).saturating_sub(1))
            .copied()
    };
    Some(Taken {
        median: within(2)?,
        upper_quartile: within(3)?,
        of: days.len(),
    })
}

/// As a page says it.
pub fn sentence(taken: Option<&Taken>) -> String {
    let Some(Taken {
        median,
        upper_quartile,
        of,
    }) = taken
    else {
        return "No application has been decided here yet".to_owned();
    };
    let days = |count: &u32| match count {
        1 => "1 business day".to_owned(),
        count => format!("{count} business days"),
    };
    match of {
        1 => format!("{}, the one application decided so far", days(median)),
        of if median == upper_quartile => {
            format!(
                "Three of four within {} (the last {of} decided)",
                days(median)
            )
        }
        of => format!(
            "Half within {}, three of four within {upper_quartile} (the last {of} decided)",
            days(median)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_three_quarters_are_those_that_took_no_longer() {
        let taken = of(vec![9, 1, 4, 2]);
        assert_eq!(
            taken,
            Some(Taken {
                median: 2,
                upper_quartile: 4,
                of: 4
            })
        );
        assert_eq!(
            of(vec![7]).map(|taken| (taken.median, taken.of)),
            Some((7, 1))
        );
        assert_eq!(of(Vec::new()), None);
    }

    #[test]
    fn a_day_that_was_begun_counts() {
        assert_eq!(whole_days(Duration::minutes(5)), 1);
        assert_eq!(whole_days(Duration::hours(49)), 3);
    }

    #[test]
    fn it_is_said_of_how_many_and_honestly_where_there_are_none() {
        assert_eq!(sentence(None), "No application has been decided here yet");
        let one = of(vec![3]);
        assert_eq!(
            sentence(one.as_ref()),
            "3 business days, the one application decided so far"
        );
        let many = of(vec![9, 1, 4, 2]);
        assert_eq!(
            sentence(many.as_ref()),
            "Half within 2 business days, three of four within 4 (the last 4 decided)"
        );
    }
}
