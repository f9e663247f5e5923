//! The queue: which cases wait for whom.
//!
//! Two statements make a page, however long it is: one for the rows, one for the counts of all
//! views. Both are built from the same conditions, so a count and its list cannot differ. What
//! they answered is kept until anything on the desk changes.

mod conditions;
mod filter;
mod memo;

pub use filter::{Filter, Holder, Sort, View};
pub use memo::Memo;

use crate::{
    Caller, Desk, Error, Part, Result,
    entities::{apps, cases, people},
    paging,
    policy::{Act, DeskAct, Subject},
    reference::Known,
    rows,
};
use conditions::{Reader, filters, view};
use sea_orm::{
    ConnectionTrait, ExprTrait, FromQueryResult, Statement,
    sea_query::{
        Alias, CaseStatement, Expr, Func, IntoIden, JoinType, Order, Query, SelectStatement,
    },
};
use std::collections::BTreeSet;
use workflow::{
    ActionKind, CaseNumber, Timestamp,
    clock::Spent,
    state::{AccessLevel, Seat, Side, StateKind},
};

/// How many rows a page has.
pub const PAGE: u64 = 60;

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub filter: Filter,
    pub rows: Vec<Row>,
    /// How many cases each view has under the same filters.
    pub counts: Vec<(View, u64)>,
    /// How many cases the present view has.
    pub total: u64,
    /// Whether the reader may take cases.
    pub may_take: bool,
}

/// One case in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: CaseNumber,
    pub app: String,
    pub organisation: String,
    pub level: AccessLevel,
    pub state: StateKind,
    pub side: Side,
    pub round: u16,
    /// The names of those who hold the seats.
    pub assignee: Option<String>,
    pub commercial: Option<String>,
    pub technical: Option<String>,
    /// Tracks that are still worked.
    pub commercial_open: bool,
    pub technical_open: bool,
    pub decline_proposed: bool,
    pub open_questions: u32,
    pub open_findings: u32,
    pub open_blockers: u32,
    /// What the developer did last and nobody has looked at.
    pub news: Option<News>,
    pub due: Option<Timestamp>,
    pub spent: Spent,
    pub changed: Timestamp,
}

/// What arrived from the developer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Answered,
    Resubmitted,
    DlaAccepted,
}

impl News {
    /// In the words of the queue.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Answered => "Answers arrived",
            Self::Resubmitted => "Resubmitted",
            Self::DlaAccepted => "Agreement accepted",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        match word {
            "answered" => Some(Self::Answered),
            "resubmitted" => Some(Self::Resubmitted),
            "dla_accepted" => Some(Self::DlaAccepted),
            _ => None,
        }
    }
}

/// The page that a filter names; the last one where there are fewer.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue.
pub async fn queue(desk: &Desk, caller: &Caller, mut filter: Filter) -> Result<Queue> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let may = |act: Act| desk.policy.require(&subject, act).is_ok();
    if !may(DeskAct::ReadQueue.into()) {
        return Err(Error::NotFound);
    }
    let may_take = Seat::ALL
        .iter()
        .any(|seat| may(ActionKind::assign(*seat).into()));
    let now = desk.now();
    let reader = Reader::new(caller, now);
    let mut found = desk.queue.found(desk, &filter, &reader).await?;
    let total = found
        .counts
        .iter()
        .find(|(view, _)| *view == filter.view)
        .map_or(0, |(_, count)| *count);
    let page = paging::shown(u64::from(filter.page), total, PAGE);
    if page != u64::from(filter.page) {
        filter.page = u32::try_from(page).map_err(Error::unavailable)?;
        found = desk.queue.found(desk, &filter, &reader).await?;
    }
    let known = desk.reference.known();
    Ok(Queue {
        filter,
        rows: found
            .rows
            .iter()
            .filter_map(|found| {
                let row = row(found, &known, now);
                let what = format_args!("UD-{}", found.number);
                desk.conditions.readable(Part::Cases, what, row, now)
            })
            .collect(),
        counts: found.counts.clone(),
        total,
        may_take,
    })
}

fn build(desk: &Desk, statement: &SelectStatement) -> Statement {
    desk.database.backend().build(statement)
}

/// The cases of all views together, with the joins that the filters need.
fn source(filter: &Filter) -> SelectStatement {
    let mut select = Query::select();
    select.from(cases::Entity);
    if !filter.text.is_empty() {
        join_apps(&mut select);
    }
    select
}

fn join_apps(select: &mut SelectStatement) {
    select.join(
        JoinType::InnerJoin,
        apps::Entity,
        Expr::col((apps::Entity, apps::Column::Id)).equals((cases::Entity, cases::Column::AppId)),
    );
}

/// All counts in one statement.
async fn counts(desk: &Desk, filter: &Filter, reader: &Reader) -> Result<Vec<(View, u64)>> {
    let mut select = source(filter);
    select.cond_where(filters(filter, reader));
    for known in View::ALL {
        let one = CaseStatement::new().case(view(*known, reader), Expr::cust("1"));
        select.expr_as(Func::count(one), Alias::new(known.word()));
    }
    let row = desk
        .database
        .read()
        .query_one_raw(build(desk, &select))
        .await?;
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    View::ALL
        .iter()
        .map(|view| {
            let count: i64 = row.try_get("", view.word())?;
            Ok((*view, count.unsigned_abs()))
        })
        .collect()
}

/// The columns that a row needs: never the document.
const COLUMNS: [cases::Column; 20] = [
    cases::Column::Number,
    cases::Column::Level,
    cases::Column::State,
    cases::Column::Side,
    cases::Column::Round,
    cases::Column::CommercialOpen,
    cases::Column::TechnicalOpen,
    cases::Column::DeclineProposed,
    cases::Column::OpenQuestions,
    cases::Column::OpenFindings,
    cases::Column::OpenBlockers,
    cases::Column::News,
    cases::Column::DueAt,
    cases::Column::ClockAt,
    cases::Column::UsSpent,
    cases::Column::DeveloperSpent,
    cases::Column::ChangedAt,
    cases::Column::AssigneeId,
    cases::Column::CommercialId,
    cases::Column::TechnicalId,
];

#[derive(Debug, FromQueryResult)]
struct Found {
    number: i32,
    level: String,
    state: String,
    side: String,
    round: i32,
    commercial_open: bool,
    technical_open: bool,
    decline_proposed: bool,
    open_questions: i32,
    open_findings: i32,
    open_blockers: i32,
    news: Option<String>,
    due_at: Option<i64>,
    clock_at: Option<i64>,
    us_spent: i64,
    developer_spent: i64,
    changed_at: i64,
    app_name: String,
    organisation: String,
    assignee: Option<String>,
    commercial: Option<String>,
    technical: Option<String>,
}

/// One page of rows in one statement.
async fn rows(desk: &Desk, filter: &Filter, reader: &Reader) -> Result<Vec<Found>> {
    let mut select = Query::select();
    select.from(cases::Entity);
    join_apps(&mut select);
    for column in COLUMNS {
        select.column((cases::Entity, column));
    }
    select
        .expr_as(
            Expr::col((apps::Entity, apps::Column::Name)),
            Alias::new("app_name"),
        )
        .column((apps::Entity, apps::Column::Organisation));
    for (seat, name) in [
        (cases::Column::AssigneeId, "assignee"),
        (cases::Column::CommercialId, "commercial"),
        (cases::Column::TechnicalId, "technical"),
    ] {
        let holder = Alias::new(format!("{name}_person"));
        select
            .join_as(
                JoinType::LeftJoin,
                people::Entity,
                holder.clone(),
                Expr::col((holder.clone(), people::Column::Id)).equals((cases::Entity, seat)),
            )
            .expr_as(
                Expr::col((holder.into_iden(), people::Column::Name)),
                Alias::new(name),
            );
    }
    select
        .cond_where(filters(filter, reader))
        .cond_where(view(filter.view, reader));
    let (column, order) = match filter.sort {
        Sort::Due => (cases::Column::DueAt, Order::Asc),
        Sort::Waiting => (cases::Column::SubmittedAt, Order::Asc),
        Sort::Changed => (cases::Column::ChangedAt, Order::Desc),
        Sort::Number => (cases::Column::Number, Order::Desc),
    };
    select
        .order_by((cases::Entity, column), order)
        .order_by((cases::Entity, cases::Column::Number), Order::Asc)
        .limit(PAGE)
        .offset(u64::from(filter.page - 1) * PAGE);
    Ok(Found::find_by_statement(build(desk, &select))
        .all(desk.database.read())
        .await?)
}

fn row(found: &Found, known: &Known, now: Timestamp) -> Result<Row> {
    let broken = |column| Error::corrupt("cases", found.number, column);
    let side = Side::ALL
        .iter()
        .copied()
        .find(|side| side.word() == found.side)
        .ok_or_else(|| broken("side"))?;
    let mut spent = Spent {
        us: time::Duration::microseconds(found.us_spent),
        developer: time::Duration::microseconds(found.developer_spent),
    };
    if let Some(since) = found.clock_at {
        let running = known.calendar.elapsed(Timestamp::from_micros(since), now);
        match side {
            Side::Us => spent.us += running,
            Side::Developer => spent.developer += running,
            Side::Nobody => {}
        }
    }
    Ok(Row {
        number: CaseNumber(rows::number(found.number, "cases", found.number, "number")?),
        app: found.app_name.clone(),
        organisation: found.organisation.clone(),
        level: AccessLevel::from_word(&found.level).ok_or_else(|| broken("level"))?,
        state: StateKind::from_word(&found.state).ok_or_else(|| broken("state"))?,
        side,
        round: u16::try_from(found.round).unwrap_or(u16::MAX),
        assignee: found.assignee.clone(),
        commercial: found.commercial.clone(),
        technical: found.technical.clone(),
        commercial_open: found.commercial_open,
        technical_open: found.technical_open,
        decline_proposed: found.decline_proposed,
        open_questions: found.open_questions.unsigned_abs(),
        open_findings: found.open_findings.unsigned_abs(),
        open_blockers: found.open_blockers.unsigned_abs(),
        news: found.news.as_deref().and_then(News::from_word),
        due: found.due_at.map(Timestamp::from_micros),
        spent,
        changed: Timestamp::from_micros(found.changed_at),
    })
}
