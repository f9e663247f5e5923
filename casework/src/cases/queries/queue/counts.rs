//! How many cases each view has.
//!
//! What follows from the case alone is kept in `queue_counts` by the steps themselves. What follows
//! from who looks is few cases; what follows from the time is counted up to a bound, and said to be
//! more behind it. None of it costs more the more cases there are.

use super::{
    Filter, Holder, Reader, View, build,
    conditions::{Meaning, conflicted, filters, not_snoozed, overdue, own_turn, seated, snoozed},
};
use crate::{
    Desk, Result,
    entities::{cases, queue_counts},
    paging::{BOUND, Count},
    store::Standing,
};
use cases::Column as C;
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, FromQueryResult,
    sea_query::{Alias, Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;
use workflow::state::StateKind;

/// Of every view, in the order of the tabs, under the same filters.
pub(super) async fn counts(
    desk: &Desk,
    filter: &Filter,
    reader: &Reader,
) -> Result<Vec<(View, Count)>> {
    if filter.is_few() || filter.is_of_a_time() {
        few(desk, filter, reader).await
    } else {
        kept(desk, filter, reader).await
    }
}

/// A row of the one statement that all kept counts come from.
#[derive(Debug, FromQueryResult)]
struct Part {
    part: i32,
    in_views: i32,
    level: String,
    state: String,
    assigned: bool,
    number: i64,
}

/// How many there are of a kind.
const KIND: i32 = 0;
/// In how many the next step is the reader's, decisions apart; up to the bound.
const OWN_TURN: i32 = 1;
/// How many decisions wait for others because the reader sits on a seat, or not now because the
/// reader has snoozed them; up to the bound.
const SEATED_DECISIONS: i32 = 2;
/// How many are overdue, up to the bound.
const OVERDUE: i32 = 3;
/// How many the reader has snoozed, up to the bound.
const SNOOZED: i32 = 4;

/// One row with a number alone.
fn part(part: i32) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust(part.to_string()), Alias::new("part"))
        .expr_as(Expr::cust("0"), Alias::new("in_views"))
        .expr_as(Expr::cust("''"), Alias::new("level"))
        .expr_as(Expr::cust("''"), Alias::new("state"))
        .expr_as(Expr::cust("FALSE"), Alias::new("assigned"))
        .expr_as(Expr::cust("count(*)"), Alias::new("number"))
        .to_owned()
}

fn kinds() -> SelectStatement {
    use queue_counts::Column as Q;
    Query::select()
        .expr_as(Expr::cust(KIND.to_string()), Alias::new("part"))
        .column(Q::InViews)
        .column(Q::Level)
        .column(Q::State)
        .column(Q::Assigned)
        .expr_as(Expr::col(Q::Cases), Alias::new("number"))
        .from(queue_counts::Entity)
        .to_owned()
}

/// What the reader does not see, to be taken away from the counts of all.
fn hidden(reader: &Reader) -> SelectStatement {
    let assigned = || Expr::col(C::AssigneeId).is_not_null();
    Query::select()
        .expr_as(Expr::cust(KIND.to_string()), Alias::new("part"))
        .column(C::InViews)
        .column(C::Level)
        .column(C::State)
        .expr_as(assigned(), Alias::new("assigned"))
        .expr_as(Expr::cust("-count(*)"), Alias::new("number"))
        .from(cases::Entity)
        .and_where(C::InViews.ne(0))
        .and_where(C::AppId.in_subquery(conflicted(reader)))
        .group_by_columns([C::InViews, C::Level, C::State])
        .add_group_by([assigned()])
        .to_owned()
}

async fn kept(desk: &Desk, filter: &Filter, reader: &Reader) -> Result<Vec<(View, Count)>> {
    let up_to_bound = |part_of: i32, which: Condition| {
        let some = Query::select()
            .expr(Expr::cust("1"))
            .from(cases::Entity)
            .cond_where(which)
            .cond_where(filters(filter, reader))
            .limit(BOUND + 1)
            .to_owned();
        part(part_of)
            .from_subquery(some, Alias::new("counted"))
            .to_owned()
    };
    let awake = Condition::all().add(not_snoozed(reader));
    let mine = up_to_bound(OWN_TURN, awake.add(own_turn(reader.me)));
    let open = Condition::all().add(Standing::AllOpen.walked());
    let late = up_to_bound(OVERDUE, open.add(overdue(reader)));
    let asleep = Condition::all().add(snoozed(reader));
    let asleep = up_to_bound(SNOOZED, asleep.add(Standing::AllOpen.held()));
    let mut parts = vec![hidden(reader), mine, late, asleep];
    if reader.approves {
        let held = Condition::all().add(Standing::Decisions.held());
        parts.push(up_to_bound(
            SEATED_DECISIONS,
            held.add(seated(reader.me).add(snoozed(reader))),
        ));
    }
    let mut select = kinds();
    for other in parts {
        select.union(UnionType::All, other);
    }
    let parts = Part::find_by_statement(build(desk, &select))
        .all(desk.database.read())
        .await?;
    let fits = |part: &&Part| {
        filter.level.is_none_or(|level| part.level == level.word())
            && filter.state.is_none_or(|state| part.state == state.word())
            && (filter.holder != Some(Holder::Nobody) || !part.assigned)
    };
    let standing = |standing: Standing| {
        let kinds = parts.iter().filter(|part| part.part == KIND);
        let held = kinds
            .filter(fits)
            .filter(|part| standing.holds(part.in_views));
        unsigned(held.map(|part| part.number).sum())
    };
    let number = |which: i32| {
        let found = parts.iter().find(|part| part.part == which);
        unsigned(found.map_or(0, |part| part.number))
    };
    let count = |view: &View| {
        let count = match Meaning::of(*view) {
            Meaning::Standing(of) => Count::exact(standing(of)),
            Meaning::Overdue => Count::up_to_bound(number(OVERDUE)),
            Meaning::Snoozed => Count::up_to_bound(number(SNOOZED)),
            Meaning::MyTurn if reader.approves => {
                let others = standing(Standing::Decisions).saturating_sub(number(SEATED_DECISIONS));
                let own = Count::up_to_bound(number(OWN_TURN));
                Count {
                    number: own.number + others,
                    ..own
                }
            }
            Meaning::MyTurn => Count::up_to_bound(number(OWN_TURN)),
        };
        (*view, count)
    };
    Ok(View::ALL.iter().map(count).collect())
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// What tells which views a case is in for a reader.
#[derive(Debug, FromQueryResult)]
pub(super) struct One {
    in_views: i32,
    pub state: String,
    pub due_at: Option<i64>,
    pub assignee_id: Option<Uuid>,
    commercial_id: Option<Uuid>,
    technical_id: Option<Uuid>,
    commercial_open: bool,
    technical_open: bool,
}

impl One {
    pub const COLUMNS: [C; 8] = [
        C::InViews,
        C::State,
        C::DueAt,
        C::AssigneeId,
        C::CommercialId,
        C::TechnicalId,
        C::CommercialOpen,
        C::TechnicalOpen,
    ];

    /// Who sits on its seats.
    pub const fn seats(&self) -> [Option<Uuid>; 3] {
        [self.assignee_id, self.commercial_id, self.technical_id]
    }

    /// `is_snoozed` says whether the reader has snoozed it.
    pub fn is_in(&self, view: View, reader: &Reader, is_snoozed: bool) -> bool {
        let me = Some(reader.me);
        let seated = self.seats().contains(&me);
        match Meaning::of(view) {
            Meaning::Standing(standing) => standing.holds(self.in_views),
            Meaning::Overdue => {
                Standing::AllOpen.holds(self.in_views)
                    && self.due_at.is_some_and(|due| due < reader.now.micros())
            }
            Meaning::Snoozed => is_snoozed && Standing::AllOpen.holds(self.in_views),
            Meaning::MyTurn if is_snoozed => false,
            Meaning::MyTurn => {
                (self.assignee_id == me && self.state == StateKind::Completeness.word())
                    || (self.commercial_id == me && self.commercial_open)
                    || (self.technical_id == me && self.technical_open)
                    || (reader.approves && !seated && Standing::Decisions.holds(self.in_views))
            }
        }
    }
}

#[derive(Debug, FromQueryResult)]
struct OfReader {
    #[sea_orm(nested)]
    one: One,
    is_snoozed: bool,
}

/// The filters leave few cases: these are looked at one by one.
async fn few(desk: &Desk, filter: &Filter, reader: &Reader) -> Result<Vec<(View, Count)>> {
    let some = |half: Option<Standing>| {
        Query::select()
            .columns(One::COLUMNS)
            .expr_as(snoozed(reader), Alias::new("is_snoozed"))
            .from(cases::Entity)
            .cond_where(Condition::all().add_option(half.map(Standing::walked)))
            .cond_where(filters(filter, reader))
            .limit(BOUND + 1)
            .to_owned()
    };
    let select = match filter.is_few() {
        true => some(None),
        // What falls into a stretch of time is found in each half's own order.
        false => Query::select()
            .columns(One::COLUMNS)
            .column(Alias::new("is_snoozed"))
            .from_subquery(some(Some(Standing::AllOpen)), Alias::new("open"))
            .union(
                UnionType::All,
                Query::select()
                    .columns(One::COLUMNS)
                    .column(Alias::new("is_snoozed"))
                    .from_subquery(some(Some(Standing::Ended)), Alias::new("ended"))
                    .to_owned(),
            )
            .to_owned(),
    };
    let found = OfReader::find_by_statement(build(desk, &select))
        .all(desk.database.read())
        .await?;
    let more = found.len() as u64 > BOUND;
    let count = |view: &View| {
        let number = found
            .iter()
            .filter(|found| found.one.is_in(*view, reader, found.is_snoozed));
        let number = number.count() as u64;
        (*view, Count { number, more })
    };
    Ok(View::ALL.iter().map(count).collect())
}
