//! The whole life of each finding of a case, from the trail: what a status overwrites is not lost.

use crate::{Desk, Result, audit::body::event_in, entities::audit_events};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{
    Actor, Case, FindingId, Internal, PersonId, Recorded, Timestamp,
    checklist::Finding,
    life::{Lived, Step, TOLD_BY, lives},
    state::{Missed, State},
};

/// The lives of a case's findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lives(workflow::life::Lives);

impl Lives {
    /// What happened to a finding, oldest first.
    pub fn of(&self, finding: FindingId) -> &[Lived] {
        self.0.get(&finding).map_or(&[], Vec::as_slice)
    }

    /// Everyone who did some of it.
    pub(super) fn people(&self) -> impl Iterator<Item = Uuid> {
        let all = self.0.values().flatten();
        all.filter_map(|one| one.by.person()).map(|person| person.0)
    }

    /// From events of a case, oldest first.
    pub(crate) fn read<'a>(events: impl IntoIterator<Item = &'a audit_events::Model>) -> Self {
        let events = events.into_iter().map(|event| Row {
            at: event.at,
            actor: event.actor.clone(),
            name: event.name.clone(),
            body: event.body.clone(),
        });
        Self::told(events)
    }

    fn told(rows: impl IntoIterator<Item = Row>) -> Self {
        let history: Vec<Recorded> = rows.into_iter().filter_map(Row::recorded).collect();
        Self(lives(&history))
    }
}

#[derive(FromQueryResult)]
struct Row {
    at: i64,
    actor: String,
    name: String,
    body: String,
}

impl Row {
    /// None for what lives are not told by, and for what cannot be read: readiness tells of that.
    fn recorded(self) -> Option<Recorded> {
        if !TOLD_BY.contains(&self.name.as_str()) {
            return None;
        }
        let body = serde_json::from_str(&self.body).ok()?;
        let person = self.actor.parse().ok().map(PersonId);
        Some(Recorded {
            at: Timestamp::from_micros(self.at),
            by: person.map_or(Actor::Clock, Actor::Person),
            event: event_in(&self.name, &body)?,
        })
    }
}

/// The lives of a case's findings; no statement for a case without any.
pub(super) async fn finding_lives(desk: &Desk, case: &Case) -> Result<Lives> {
    use audit_events::Column as C;
    if case.findings.is_empty() {
        return Ok(Lives::default());
    }
    let rows = audit_events::Entity::find()
        .select_only()
        .columns([C::At, C::Actor, C::Name, C::Body])
        .filter(C::CaseId.eq(case.id.0))
        .filter(C::Name.is_in(TOLD_BY))
        .order_by_asc(C::Seq)
        .into_model::<Row>()
        .all(desk.database.read())
        .await?;
    Ok(Lives::told(rows))
}

/// One line of a life, as somebody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeLine {
    pub at: Timestamp,
    /// The name of who did it; empty for the desk itself, and to a developer for all of our side.
    pub who: String,
    pub what: Step,
}

/// To its developer a life has neither names of our side nor our reasons, and what was seen in a
/// round that still runs stays a note of ours until corrections are requested.
pub(super) fn to_developer(
    case: &Case,
    life: &[Lived],
    names: &BTreeMap<Uuid, String>,
) -> Vec<LifeLine> {
    life.iter()
        .filter(|one| {
            !matches!(one.what, Step::FailedAgain { .. }) || is_known(case, one.round, one.at)
        })
        .map(|one| LifeLine {
            at: one.at,
            who: one
                .by
                .person()
                .filter(|_| one.what.is_developers())
                .and_then(|person| names.get(&person.0).cloned())
                .unwrap_or_default(),
            what: match &one.what {
                Step::Waived { .. } => Step::Waived {
                    reason: Internal::default(),
                },
                what => what.clone(),
            },
        })
        .collect()
}

/// Whether what was found in a round has been told by a request for corrections, in that round or
/// after it, or came after the approval, when each step is told by itself.
fn is_known(case: &Case, round: u16, at: Timestamp) -> bool {
    let since = |approved: Timestamp| at > approved;
    asks_for_corrections(&case.state)
        || round < case.round
        || case
            .grant
            .as_ref()
            .is_some_and(|grant| since(grant.approved.at))
}

/// Corrections are waited for, or the application lapsed because they did not come.
pub(in crate::cases) const fn asks_for_corrections(state: &State) -> bool {
    matches!(
        state,
        State::Corrections { .. }
            | State::Lapsed {
                missed: Missed::Corrections,
                ..
            }
    )
}

/// Whether the developer waits to hear about a finding: it failed again in a round that still
/// runs, of which they are not told yet.
pub(super) fn is_untold_failure(case: &Case, finding: &Finding) -> bool {
    finding.is_open()
        && finding
            .returned()
            .is_some_and(|wrong| !is_known(case, case.round, wrong.at))
}
