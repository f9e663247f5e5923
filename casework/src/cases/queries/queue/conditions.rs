//! Which cases a view and its filters mean.

use super::{Filter, Holder, View};
use crate::{
    Caller, accounts,
    entities::{apps, cases, people},
    relations::conflicted_apps,
    text::contains,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;
use workflow::{
    CaseNumber, PersonId, Role, Timestamp,
    state::{Side, StateKind},
};

/// Who looks, when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reader {
    pub me: Uuid,
    pub approves: bool,
    /// The present minute: what falls due within it is overdue in the next one.
    pub now: Timestamp,
}

impl Reader {
    pub fn new(caller: &Caller, now: Timestamp) -> Self {
        Self {
            me: caller.person.0,
            approves: caller.roles.contains(&Role::Approver),
            now: Timestamp::from_micros(now.micros() - now.micros().rem_euclid(MINUTE)),
        }
    }
}

use cases::Column as C;

/// In microseconds.
const MINUTE: i64 = 60_000_000;

/// States in which a case without an assignee waits for one.
const WAITS_FOR_ASSIGNEE: [StateKind; 5] = [
    StateKind::Submitted,
    StateKind::Completeness,
    StateKind::Review,
    StateKind::Clarification,
    StateKind::Corrections,
];

/// The cases of a view, among those that have been handed in.
pub(super) fn view(view: View, reader: &Reader) -> Condition {
    match view {
        View::MyTurn => my_turn(reader),
        View::NeedsReviewer => Condition::all()
            .add(C::AssigneeId.is_null())
            .add(C::State.is_in(WAITS_FOR_ASSIGNEE.map(StateKind::word))),
        View::CommercialToTake => Condition::all()
            .add(C::CommercialOpen.eq(true))
            .add(C::CommercialId.is_null()),
        View::TechnicalToTake => Condition::all()
            .add(C::TechnicalOpen.eq(true))
            .add(C::TechnicalId.is_null()),
        View::AnswersArrived => Condition::all()
            .add(is(Side::Us))
            .add(C::News.is_not_null()),
        View::Decisions => decisions(),
        View::Overdue => Condition::all()
            .add(C::DueAt.lt(reader.now.micros()))
            .add(C::Side.ne(Side::Nobody.word())),
        View::WithDeveloper => Condition::all().add(is(Side::Developer)),
        View::AllOpen => Condition::all().add(C::Side.ne(Side::Nobody.word())),
        View::Ended => Condition::all().add(is(Side::Nobody)),
    }
}

fn is(side: Side) -> Expr {
    C::Side.eq(side.word())
}

/// Completeness that I check, tracks that I review, decisions on what I hold no seat of.
fn my_turn(reader: &Reader) -> Condition {
    let me = reader.me;
    let checking = Condition::all()
        .add(C::AssigneeId.eq(me))
        .add(C::State.eq(StateKind::Completeness.word()));
    let commercial = Condition::all()
        .add(C::CommercialId.eq(me))
        .add(C::CommercialOpen.eq(true));
    let technical = Condition::all()
        .add(C::TechnicalId.eq(me))
        .add(C::TechnicalOpen.eq(true));
    let mut mine = Condition::any()
        .add(checking)
        .add(commercial)
        .add(technical);
    if reader.approves {
        let mut deciding = Condition::all().add(decisions());
        for seat in [C::AssigneeId, C::CommercialId, C::TechnicalId] {
            deciding = deciding.add(Condition::any().add(seat.is_null()).add(seat.ne(me)));
        }
        mine = mine.add(deciding);
    }
    mine
}

fn decisions() -> Condition {
    Condition::any()
        .add(C::State.eq(StateKind::Decision.word()))
        .add(C::DeclineProposed.eq(true))
}

/// What is common to all views: handed in, no app about which the reader is in conflict of
/// interest, and the filters.
pub(super) fn filters(filter: &Filter, reader: &Reader) -> Condition {
    let own = conflicted_apps(PersonId(reader.me));
    let mut all = Condition::all()
        .add(C::SubmittedAt.is_not_null())
        .add(C::AppId.not_in_subquery(own));
    if let Some(level) = filter.level {
        all = all.add(C::Level.eq(level.word()));
    }
    if let Some(state) = filter.state {
        all = all.add(C::State.eq(state.word()));
    }
    all = match &filter.holder {
        None => all,
        Some(Holder::Nobody) => all.add(C::AssigneeId.is_null()),
        Some(Holder::Me) => all.add(
            Condition::any()
                .add(C::AssigneeId.eq(reader.me))
                .add(C::CommercialId.eq(reader.me))
                .add(C::TechnicalId.eq(reader.me)),
        ),
        Some(Holder::Username(name)) => {
            let person = || {
                people::Entity::find()
                    .select_only()
                    .column(people::Column::Id)
                    .filter(people::Column::UsernameKey.eq(accounts::key(name)))
                    .into_query()
            };
            all.add(
                Condition::any()
                    .add(C::AssigneeId.in_subquery(person()))
                    .add(C::CommercialId.in_subquery(person()))
                    .add(C::TechnicalId.in_subquery(person())),
            )
        }
    };
    if filter.text.is_empty() {
        all
    } else {
        all.add(search(&filter.text))
    }
}

/// `UD-1042`, `1042`, or a part of the app's or the organisation's name.
fn search(text: &str) -> Condition {
    let like = |column| contains(Expr::col((apps::Entity, column)), text);
    let mut any = Condition::any()
        .add(like(apps::Column::NameKey))
        .add(like(apps::Column::OrganisationKey));
    if let Ok(CaseNumber(number)) = text.parse::<CaseNumber>()
        && let Ok(number) = i32::try_from(number)
    {
        any = any.add(C::Number.eq(number));
    }
    any
}
