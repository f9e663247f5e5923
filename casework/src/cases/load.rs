//! How many open cases people hold: those in which something is left to do in a seat of theirs.

use crate::{
    Result,
    entities::{cases, people},
    reference::Known,
};
use cases::Column as C;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect, QueryTrait, StatementBuilder,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, UnionType},
};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{
    Refusal, Timestamp,
    state::{Seat, Side, StateKind},
};

/// What one person holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Open cases, a case on two seats once.
    pub open: u32,
    /// Of them, those that wait for us and are due in time, but soon.
    pub due_soon: u32,
    /// And those that should have been done.
    pub overdue: u32,
}

#[derive(FromQueryResult)]
struct Row {
    person: Uuid,
    open: i64,
    due_soon: i64,
    overdue: i64,
}

/// What these people hold; who holds nothing is not in it. Each seat walks its own index.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn loads(
    connection: &impl ConnectionTrait,
    of: &[Uuid],
    now: Timestamp,
    soon: Timestamp,
) -> Result<BTreeMap<Uuid, Load>> {
    let held = Alias::new("held");
    let due = || Expr::col("due_at");
    let ours = || Expr::col("state").is_in(ours());
    let number = |of: Condition| Func::count(Expr::case(of, 1));
    let mut query = Query::select();
    query
        .column("person")
        .expr_as(Func::count(Expr::col("number")), "open")
        .expr_as(
            number(
                Condition::all()
                    .add(ours())
                    .add(due().gte(now.micros()))
                    .add(due().lte(soon.micros())),
            ),
            "due_soon",
        )
        .expr_as(
            number(Condition::all().add(ours()).add(due().lt(now.micros()))),
            "overdue",
        )
        .from_subquery(seats(of), held)
        .group_by_col("person");
    let rows = Row::find_by_statement(StatementBuilder::build(
        &query,
        &connection.get_database_backend(),
    ))
    .all(connection)
    .await?;
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .map(|row| {
            let load = Load {
                open: number(row.open),
                due_soon: number(row.due_soon),
                overdue: number(row.overdue),
            };
            (row.person, load)
        })
        .collect())
}

/// The open cases of each seat of these people, one row for person and case.
fn seats(of: &[Uuid]) -> SelectStatement {
    let of_seat = |seat: Seat| {
        cases::Entity::find()
            .select_only()
            .column_as(seat_column(seat), "person")
            .columns([C::Number, C::DueAt, C::State])
            .filter(seat_column(seat).is_in(of.iter().copied()))
            .filter(is_open(seat))
            .into_query()
    };
    let mut all = of_seat(Seat::Case);
    all.union(UnionType::Distinct, of_seat(Seat::Commercial))
        .union(UnionType::Distinct, of_seat(Seat::Technical));
    all
}

/// The column of a seat's holder.
pub(crate) const fn seat_column(seat: Seat) -> C {
    match seat {
        Seat::Case => C::AssigneeId,
        Seat::Commercial => C::CommercialId,
        Seat::Technical => C::TechnicalId,
    }
}

/// Whether something is left to do in a seat, in the words that its index has.
pub(crate) fn is_open(seat: Seat) -> Condition {
    Condition::all().add(match seat {
        Seat::Case => {
            let open = StateKind::ALL.iter().filter(|state| state.is_open());
            C::State.is_in(open.map(|state| state.word()))
        }
        Seat::Commercial => C::CommercialOpen.eq(true),
        Seat::Technical => C::TechnicalOpen.eq(true),
    })
}

/// The states in which a case waits for us.
pub(crate) fn ours() -> Vec<&'static str> {
    let ours = StateKind::ALL
        .iter()
        .filter(|state| state.side() == Side::Us);
    ours.map(|state| state.word()).collect()
}

/// How many open cases somebody holds at most.
pub(crate) fn capacity(known: &Known, person: &people::Model) -> u32 {
    let own = person
        .capacity
        .and_then(|number| u32::try_from(number).ok());
    own.unwrap_or_else(|| u32::from(known.settings.open_cases))
}

/// Whether somebody can take one more.
///
/// # Errors
/// [`Refusal::AtCapacity`]; when the database does not answer.
pub(crate) async fn within_capacity(
    connection: &impl ConnectionTrait,
    known: &Known,
    person: &people::Model,
) -> Result<()> {
    let none = Timestamp::default();
    let loads = loads(connection, &[person.id], none, none).await?;
    let open = loads.get(&person.id).map_or(0, |load| load.open);
    let most = capacity(known, person);
    if open < most {
        Ok(())
    } else {
        Err(Refusal::AtCapacity { open, most }.into())
    }
}
