//! Which cases a view and its filters mean.

use super::{DueWithin, Filter, Holder, View};
use crate::{
    Caller, Desk, accounts,
    cases::search::{self, Depth},
    entities::{case_views, cases, people, snoozes},
    paging::BOUND,
    relations::conflicted_apps,
    store::Standing,
};
use cases::Column as C;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, JoinType, Order, Query, SelectStatement},
};
use uuid::Uuid;
use workflow::{PersonId, Role, Timestamp, state::StateKind};

/// Who looks, when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reader {
    pub me: Uuid,
    pub approves: bool,
    /// How much of cases a search is made in; none where in nothing.
    pub depth: Option<Depth>,
    /// The present minute: what falls due within it is overdue in the next one.
    pub now: Timestamp,
}

/// In microseconds.
const MINUTE: i64 = 60_000_000;

impl Reader {
    pub fn new(desk: &Desk, caller: &Caller, now: Timestamp) -> Self {
        Self {
            me: caller.person.0,
            approves: caller.roles.contains(&Role::Approver),
            depth: search::depth(&desk.policy.snapshot(), caller),
            now: Timestamp::from_micros(now.micros() - now.micros().rem_euclid(MINUTE)),
        }
    }
}

/// What a view means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It follows from the case alone.
    Standing(Standing),
    /// It follows from who looks.
    MyTurn,
    /// What the reader has snoozed, and is open.
    Snoozed,
    /// It follows from the time: of what is open.
    Overdue,
}

impl Meaning {
    pub const fn of(view: View) -> Self {
        Self::Standing(match view {
            View::MyTurn => return Self::MyTurn,
            View::Snoozed => return Self::Snoozed,
            View::Overdue => return Self::Overdue,
            View::NeedsReviewer => Standing::NeedsReviewer,
            View::CommercialToTake => Standing::CommercialToTake,
            View::TechnicalToTake => Standing::TechnicalToTake,
            View::AnswersArrived => Standing::AnswersArrived,
            View::Decisions => Standing::Decisions,
            View::WithDeveloper => Standing::WithDeveloper,
            View::AllOpen => Standing::AllOpen,
            View::Appeals => Standing::Appeals,
            View::FindingsDated => Standing::FindingsDated,
            View::Ended => Standing::Ended,
        })
    }
}

/// Completeness that I check, tracks that I review: each walks the index of its seat. What an
/// approver decides comes on top.
pub(super) fn own_turns(me: Uuid) -> [Condition; 3] {
    [
        C::AssigneeId
            .eq(me)
            .and(C::State.eq(StateKind::Completeness.word())),
        C::CommercialId.eq(me).and(C::CommercialOpen.eq(true)),
        C::TechnicalId.eq(me).and(C::TechnicalOpen.eq(true)),
    ]
    .map(|one| Condition::all().add(one))
}

/// Any of [`own_turns`].
pub(super) fn own_turn(me: Uuid) -> Condition {
    own_turns(me)
        .into_iter()
        .fold(Condition::any(), Condition::add)
}

const SEATS: [C; 3] = [C::AssigneeId, C::CommercialId, C::TechnicalId];

/// On any of whose seats I sit.
pub(super) fn seated(me: Uuid) -> Condition {
    SEATS
        .into_iter()
        .fold(Condition::any(), |any, seat| any.add(seat.eq(me)))
}

/// On none of whose seats I sit: whoever reviewed does not decide.
pub(super) fn not_seated(me: Uuid) -> Condition {
    SEATS.into_iter().fold(Condition::all(), |all, seat| {
        all.add(Condition::any().add(seat.is_null()).add(seat.ne(me)))
    })
}

/// The numbers of the cases that the reader has snoozed.
pub(super) fn snoozes(reader: &Reader) -> SelectStatement {
    use snoozes::Column as S;
    Query::select()
        .column(S::Number)
        .from(snoozes::Entity)
        .and_where(Expr::col((snoozes::Entity, S::PersonId)).eq(reader.me))
        .and_where(Expr::col((snoozes::Entity, S::UntilAt)).gt(reader.now.micros()))
        .to_owned()
}

pub(super) fn snoozed(reader: &Reader) -> Expr {
    Expr::col((cases::Entity, C::Number)).in_subquery(snoozes(reader))
}

pub(super) fn not_snoozed(reader: &Reader) -> Expr {
    Expr::col((cases::Entity, C::Number)).not_in_subquery(snoozes(reader))
}

pub(super) fn overdue(reader: &Reader) -> Expr {
    C::DueAt.lt(reader.now.micros())
}

fn within(due: DueWithin, reader: &Reader) -> Condition {
    let Some((from, before)) = due.span(reader.now) else {
        return Condition::all().add(C::DueAt.is_null());
    };
    Condition::all()
        .add_option(from.map(|from| C::DueAt.gte(from.micros())))
        .add_option(before.map(|before| C::DueAt.lt(before.micros())))
}

/// Of so many cases that the reader looked at last it is known whether others have changed them.
const LOOKED_AT: u64 = BOUND;

/// The numbers of the cases that somebody else has changed since the reader looked.
pub(super) fn changed(reader: &Reader) -> SelectStatement {
    use case_views::Column as V;
    let looked = Query::select()
        .columns([V::CaseId, V::SeenAt])
        .from(case_views::Entity)
        .and_where(V::PersonId.eq(reader.me))
        .order_by(V::SeenAt, Order::Desc)
        .limit(LOOKED_AT)
        .to_owned();
    let changed = Alias::new("changed");
    Query::select()
        .column((changed.clone(), C::Number))
        .from_subquery(looked, Alias::new("looked"))
        .join_as(
            JoinType::InnerJoin,
            cases::Entity,
            changed.clone(),
            Expr::col((changed.clone(), C::Id)).equals((Alias::new("looked"), V::CaseId)),
        )
        .and_where(
            Expr::col((changed, C::ChangedAt)).gt(Expr::col((Alias::new("looked"), V::SeenAt))),
        )
        .to_owned()
}

/// The apps about which the reader is in conflict of interest.
pub(super) fn conflicted(reader: &Reader) -> SelectStatement {
    conflicted_apps(PersonId(reader.me))
}

/// What is common to all views: handed in, no app about which the reader is in conflict of
/// interest, and the filters but for the text (see [`super::text`]).
pub(super) fn filters(filter: &Filter, reader: &Reader) -> Condition {
    let mut all = Condition::all()
        .add(C::InViews.ne(0))
        .add(C::AppId.not_in_subquery(conflicted(reader)));
    if let Some(level) = filter.level {
        all = all.add(C::Level.eq(level.word()));
    }
    if let Some(state) = filter.state {
        all = all.add(C::State.eq(state.word()));
    }
    if let Some(due) = filter.due {
        all = all.add(within(due, reader));
    }
    if let Some(age) = filter.age {
        all = all.add(C::SubmittedAt.lt(age.before(reader.now).micros()));
    }
    if filter.changed {
        all = all.add(C::Number.in_subquery(changed(reader)));
    }
    match &filter.holder {
        None => all,
        Some(Holder::Nobody) => all.add(C::AssigneeId.is_null()),
        Some(Holder::Me) => all.add(seated(reader.me)),
        Some(Holder::Username(name)) => {
            let person = || {
                people::Entity::find()
                    .select_only()
                    .column(people::Column::Id)
                    .filter(people::Column::UsernameKey.eq(accounts::key(name)))
                    .into_query()
            };
            all.add(SEATS.into_iter().fold(Condition::any(), |any, seat| {
                any.add(seat.in_subquery(person()))
            }))
        }
    }
}
