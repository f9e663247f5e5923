//! Get next: the case that has waited longest among those that fit my competence becomes mine.

use super::{Assign, Envelope, assign};
use crate::{
    Caller, Desk, Error, Result, accounts,
    accounts::absences::away_until,
    cases::load,
    entities::cases,
    input::input,
    policy::{DeskAct, Subject},
    relations::conflicted_apps,
    store::Standing,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    CaseNumber, Refusal, Role,
    state::{Seat, StateKind},
};

input! {
    /// Nothing is typed.
    pub struct GetNextInput for "get_next" OnDesk {}
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This case is mine now, on this seat.
    Case(CaseNumber, Seat),
    /// Nothing waits that I could take.
    Nothing,
}

/// How many waiting cases are looked at before the list is read anew.
const BATCH: u64 = 20;

/// How often the list is read anew when others were faster each time.
const ROUNDS: usize = 5;

/// States in which our side works on a case.
const WAITS: [StateKind; 3] = [
    StateKind::Submitted,
    StateKind::Completeness,
    StateKind::Review,
];

/// Assigns the oldest waiting case to the caller. Of several people who ask at once, each gets
/// another case: the assignment itself is refused when someone else was faster, and then the next
/// case is tried.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue; [`Refusal::YouAreAway`] and
/// [`Refusal::AtCapacity`]; when the database does not answer.
pub async fn get_next(desk: &Desk, caller: &Caller) -> Result<Next> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    if desk.policy.require(&subject, DeskAct::ReadQueue).is_err() {
        return Err(Error::NotFound);
    }
    let connection = desk.database.read();
    if let Some(until) = away_until(connection, caller.person, desk.now().date()).await? {
        return Err(Refusal::YouAreAway { until }.into());
    }
    let person = accounts::find(connection, caller.person).await?;
    load::within_capacity(connection, &desk.reference.known(), &person).await?;
    for _ in 0..ROUNDS {
        let waiting = waiting(desk, caller).await?;
        if waiting.is_empty() {
            return Ok(Next::Nothing);
        }
        for (number, seat) in waiting {
            let envelope = Envelope {
                case: number,
                seen: None,
            };
            let assignment = Assign {
                seat,
                to: caller.person,
                seen: None,
                note: String::new(),
                within_capacity: true,
            };
            match assign(desk, caller, &envelope, assignment).await {
                Ok(super::Done::Now(_)) => return Ok(Next::Case(number, seat)),
                Ok(super::Done::Before) => return Err(Error::Before),
                // Someone else was faster, or it has moved on meanwhile.
                Err(
                    Error::Refused(Refusal::SeatTaken { .. } | Refusal::NotInThisState { .. })
                    | Error::Refused(Refusal::AlreadyPassed { .. } | Refusal::OneTrackEach)
                    | Error::Forbidden { .. }
                    | Error::NotFound
                    | Error::Conflict { .. }
                    // Reported where it was met; the next one is tried.
                    | Error::Corrupt { .. },
                ) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(Next::Nothing)
}

/// The cases that wait for somebody to take this seat, in no order: they are given away by the day
/// of their submission, then by number.
pub(in crate::cases) fn waiting_for(seat: Seat) -> Select<cases::Entity> {
    let view = match seat {
        Seat::Case => Standing::NeedsReviewer,
        Seat::Commercial => Standing::CommercialToTake,
        Seat::Technical => Standing::TechnicalToTake,
    };
    cases::Entity::find()
        .filter(view.walked())
        .filter(cases::Column::State.is_in(WAITS.map(StateKind::word)))
}

/// What decides which seat of a waiting case is free for the caller.
#[derive(Clone, Copy, Debug, FromQueryResult)]
struct Waiting {
    number: i32,
    submitted_at: Option<i64>,
    assignee_id: Option<Uuid>,
    commercial_open: bool,
    commercial_id: Option<Uuid>,
    technical_open: bool,
    technical_id: Option<Uuid>,
}

impl Waiting {
    /// The seat for the caller to take: of the case first, then of a track. The two tracks of one
    /// case are worked by different people.
    fn seat(&self, caller: &Caller) -> Option<Seat> {
        let holds = |role| caller.roles.contains(&role);
        let me = Some(caller.person.0);
        if self.assignee_id.is_none() && holds(Role::Reviewer) {
            Some(Seat::Case)
        } else if self.commercial_open
            && self.commercial_id.is_none()
            && self.technical_id != me
            && holds(Role::CommercialReviewer)
        {
            Some(Seat::Commercial)
        } else if self.technical_open
            && self.technical_id.is_none()
            && self.commercial_id != me
            && holds(Role::TechnicalReviewer)
        {
            Some(Seat::Technical)
        } else {
            None
        }
    }
}

/// The oldest cases that wait for someone of the caller's competence, with the seat to take.
async fn waiting(desk: &Desk, caller: &Caller) -> Result<Vec<(CaseNumber, Seat)>> {
    use cases::Column as C;
    let me = caller.person.0;
    let not_mine = |column: C| Condition::any().add(column.is_null()).add(column.ne(me));
    let seats = [
        (Seat::Case, Condition::all()),
        (Seat::Commercial, not_mine(C::TechnicalId)),
        (Seat::Technical, not_mine(C::CommercialId)),
    ];
    let mut found = BTreeMap::new();
    for (seat, fits) in seats {
        if !caller.roles.contains(&seat.role()) {
            continue;
        }
        let rows = waiting_for(seat)
            .select_only()
            .columns([
                C::Number,
                C::SubmittedAt,
                C::AssigneeId,
                C::CommercialOpen,
                C::CommercialId,
                C::TechnicalOpen,
                C::TechnicalId,
            ])
            .filter(fits)
            .filter(C::AppId.not_in_subquery(conflicted_apps(caller.person)))
            .order_by_asc(C::SubmittedAt)
            .order_by_asc(C::Number)
            .limit(BATCH)
            .into_model::<Waiting>()
            .all(desk.database.read())
            .await?;
        found.extend(
            rows.into_iter()
                .map(|row| ((row.submitted_at, row.number), row)),
        );
    }
    Ok(found
        .into_values()
        .filter_map(|row| {
            let number = CaseNumber(u32::try_from(row.number).ok()?);
            Some((number, row.seat(caller)?))
        })
        .collect())
}
