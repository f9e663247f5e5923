//! How long cases stay in each stage, told from those that have just ended.

use crate::{
    Caller, Desk, Result,
    audit::body::event_state,
    entities::{audit_events, cases},
    policy::DeskAct,
    queries::audit::may,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Calendar, StateKind, Timestamp,
    state::{AccessLevel, Side},
};

/// So many of the cases that ended last are looked at.
const LATEST: u64 = 200;

/// Those of the last so many days.
const WITHIN: Duration = Duration::days(90);

/// The time in one stage, of the cases that went through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTime {
    pub stage: StateKind,
    /// In half of the cases it was no longer, with every return to the stage counted in.
    pub median: Duration,
    pub of: usize,
}

/// The stages in their order; a stage that no such case went through is not in it.
///
/// # Errors
/// As [`super::workload()`].
pub async fn stage_times(desk: &Desk, caller: &Caller) -> Result<Vec<StageTime>> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    let spent = spent(desk).await?;
    Ok(StateKind::ALL
        .iter()
        .filter_map(|stage| {
            let mut times = spent.get(stage)?.clone();
            times.sort_unstable();
            Some(StageTime {
                stage: *stage,
                median: *times.get(times.len().div_ceil(2).checked_sub(1)?)?,
                of: times.len(),
            })
        })
        .collect())
}

/// The business time that each of the latest cases spent in each stage.
async fn spent(desk: &Desk) -> Result<BTreeMap<StateKind, Vec<Duration>>> {
    use audit_events::Column as E;
    use cases::Column as C;
    let read = desk.database.read();
    let ended = StateKind::ALL
        .iter()
        .filter(|state| state.side() == Side::Nobody);
    let ids: Vec<Uuid> = cases::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::Level.is_in([AccessLevel::Limited, AccessLevel::Full].map(AccessLevel::word)))
        .filter(C::State.is_in(ended.map(|state| state.word())))
        .filter(C::EndedAt.gte(desk.now().plus(-WITHIN).micros()))
        .order_by_desc(C::EndedAt)
        .limit(LATEST)
        .into_tuple()
        .all(read)
        .await?;
    let events: Vec<(Option<Uuid>, i64, String)> = audit_events::Entity::find()
        .select_only()
        .columns([E::CaseId, E::At, E::Body])
        .filter(E::CaseId.is_in(ids))
        .filter(E::Name.is_in(MOVES))
        .order_by_asc(E::CaseId)
        .order_by_asc(E::Seq)
        .into_tuple()
        .all(read)
        .await?;
    let known = desk.reference.known();
    let mut spent: BTreeMap<StateKind, Vec<Duration>> = BTreeMap::new();
    for of_case in events.chunk_by(|one, other| one.0 == other.0) {
        let moves = of_case
            .iter()
            .filter_map(|(_, at, body)| Some((event_state(body)?, Timestamp::from_micros(*at))));
        for (stage, time) in in_stages(&known.calendar, moves) {
            spent.entry(stage).or_default().push(time);
        }
    }
    Ok(spent)
}

/// The events by which a case goes from one stage to another.
pub(crate) const MOVES: [&str; 13] = [
    "submitted",
    "assigned",
    "clarification_requested",
    "clarification_answered",
    "completeness_confirmed",
    "corrections_requested",
    "resubmitted",
    "track_passed",
    "dla_accepted",
    "approved",
    "declined",
    "withdrawn",
    "lapsed",
];

/// The time in each stage, from the stages after one event and the next.
pub(crate) fn in_stages(
    calendar: &Calendar,
    moves: impl Iterator<Item = (StateKind, Timestamp)>,
) -> BTreeMap<StateKind, Duration> {
    let mut spent = BTreeMap::new();
    let mut last: Option<(StateKind, Timestamp)> = None;
    for (stage, at) in moves {
        if let Some((before, since)) = last
            && before.is_open()
        {
            *spent.entry(before).or_insert(Duration::ZERO) += calendar.elapsed(since, at);
        }
        last = Some((stage, at));
    }
    spent
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_stage_that_a_case_came_back_to_counts_with_all_its_days() {
        let at = |moment: time::OffsetDateTime| Timestamp::from(moment);
        let moves = [
            (StateKind::Submitted, at(datetime!(2026-11-23 12:00 UTC))),
            (StateKind::Completeness, at(datetime!(2026-11-24 12:00 UTC))),
            (
                StateKind::Clarification,
                at(datetime!(2026-11-25 12:00 UTC)),
            ),
            // Over a weekend.
            (StateKind::Completeness, at(datetime!(2026-11-30 12:00 UTC))),
            (StateKind::Declined, at(datetime!(2026-12-01 00:00 UTC))),
        ];
        let spent = in_stages(&Calendar::default(), moves.into_iter());
        assert_eq!(
            spent.into_iter().collect::<Vec<_>>(),
            [
                (StateKind::Submitted, Duration::DAY),
                (StateKind::Completeness, Duration::hours(36)),
                (StateKind::Clarification, Duration::days(3)),
            ]
        );
    }
}
