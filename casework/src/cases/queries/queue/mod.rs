//! The queue: which cases wait for whom.
//!
//! A page walks one index from its place (`rows`), and the counts of all views are kept or bounded
//! (`counts`): neither costs more the more cases there are. What they answered is kept until
//! anything on the desk changes.

mod beside;
mod conditions;
mod counts;
mod filter;
mod memo;
mod narrow;
mod place;
mod rows;
mod text;

pub use beside::{Beside, Holding, SavedView, SavedViews, Tag, beginning, kept_tags, saved_views};
pub use filter::{Filter, Holder, Sort, View};
pub use memo::Memo;
pub use narrow::{Age, DueWithin, Round};
pub use place::{Key, Place};
pub use rows::PAGE;

use crate::{
    Caller, Desk, Error, Part, Result,
    cases::search::{Depth, Excerpt},
    paging::Count,
    policy::{Act, DeskAct, Subject},
    reference::Known,
    rows::number,
};
use conditions::Reader;
use rows::Details;
use sea_orm::{Statement, sea_query::SelectStatement};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    ActionKind, CaseNumber, Timestamp,
    case::GrantStatus,
    clock::Spent,
    state::{AccessLevel, Seat, Side, StateKind},
};

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub filter: Filter,
    /// The newest event of the trail that it knows of.
    pub last: i64,
    pub rows: Vec<Row>,
    /// The case whose number is looked for, in whatever view it is, unless it is the first row.
    pub named: Option<Row>,
    /// How many cases a search cannot find by all their texts yet, where these are more than are
    /// written in a moment.
    pub unwritten: Count,
    /// How many cases each view has under the same filters.
    pub counts: Vec<(View, Count)>,
    /// The pages beside it, where there are any.
    pub previous: Option<Filter>,
    pub next: Option<Filter>,
    pub beside: Beside,
    /// Whether the reader takes one step on many cases.
    pub may_work_in_bulk: bool,
    /// Whether the reader may take cases.
    pub may_take: bool,
    /// Whether the reader says which tags there are.
    pub may_manage_tags: bool,
    /// Whether the reader saves views for all of our side.
    pub may_share: bool,
}

impl Queue {
    /// How many cases the present view has.
    pub fn total(&self) -> Count {
        self.counts
            .iter()
            .find(|(view, _)| *view == self.filter.view)
            .map_or_else(Count::default, |(_, count)| *count)
    }
}

/// One case in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: CaseNumber,
    pub app: String,
    pub organisation: String,
    pub level: AccessLevel,
    pub state: StateKind,
    /// How its approval stands, where it was approved.
    pub grant: Option<GrantStatus>,
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
    pub submitted: Option<Timestamp>,
    pub changed: Timestamp,
    /// The names of its tags.
    pub tags: Vec<String>,
    /// Why the reader has snoozed it, and until when.
    pub snooze: Option<Snooze>,
    /// Where a search found it, unless the row shows it anyway.
    pub excerpt: Option<Excerpt>,
    /// The step for which it is the reader's turn, if it is.
    pub mine: Option<ActionKind>,
}

/// That a case is not among somebody's own until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    pub reason: String,
    pub until: Timestamp,
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

/// The page that a filter names; where nothing is left behind its place, the last one.
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
    let reader = Reader::new(desk, caller, now);
    if reader.depth != Some(Depth::Inside) {
        filter = filter.without_facets();
    }
    let (mut last, mut answered) = desk.queue.found(desk, &filter, &reader).await?;
    if answered.found.rows.is_empty() && filter.place != Place::First {
        filter.place = match filter.place {
            Place::After(_) => Place::Last,
            Place::First | Place::Before(_) | Place::Last => Place::First,
        };
        (last, answered) = desk.queue.found(desk, &filter, &reader).await?;
    }
    let beside = Beside::read(desk, caller).await?;
    let found = &answered.found;
    let known = desk.reference.known();
    let shown = |found: &Details| {
        let excerpt = answered.excerpts.get(&found.number).cloned();
        let what = format_args!("UD-{}", found.number);
        let row = row(found, excerpt, &reader, &beside, &known, now);
        desk.conditions.readable(Part::Cases, what, row, now)
    };
    let key =
        |row: Option<&(Key, Details)>, beside: bool| row.filter(|_| beside).map(|(key, _)| *key);
    Ok(Queue {
        previous: key(found.rows.first(), found.before).map(|key| filter.at(Place::Before(key))),
        next: key(found.rows.last(), found.after).map(|key| filter.at(Place::After(key))),
        rows: found
            .rows
            .iter()
            .filter_map(|(_, found)| shown(found))
            .collect(),
        named: answered.named.as_ref().and_then(shown),
        unwritten: answered.unwritten,
        counts: answered.counts.clone(),
        beside,
        last,
        filter,
        may_take,
        may_work_in_bulk: may(DeskAct::WorkInBulk.into()),
        may_manage_tags: may(DeskAct::ManageTags.into()),
        may_share: may(DeskAct::ShareViews.into()),
    })
}

/// The cases of a whole list in its order, at most so many.
///
/// # Errors
/// As [`queue`].
pub(crate) async fn all_of(
    desk: &Desk,
    caller: &Caller,
    filter: &Filter,
    most: usize,
) -> Result<Vec<CaseNumber>> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    if desk.policy.require(&subject, DeskAct::ReadQueue).is_err() {
        return Err(Error::NotFound);
    }
    let reader = Reader::new(desk, caller, desk.now());
    let mut filter = filter.at(Place::First);
    if reader.depth != Some(Depth::Inside) {
        filter = filter.without_facets();
    }
    let keys = if filter.is_searched() {
        text::first(desk, &filter, &reader, most).await?
    } else {
        let counts = counts::counts(desk, &filter, &reader).await?;
        rows::first(desk, &filter, &reader, &counts, most).await?
    };
    let numbers = keys.iter().filter_map(|key| u32::try_from(key.number).ok());
    Ok(numbers.map(CaseNumber).collect())
}

fn build(desk: &Desk, statement: &SelectStatement) -> Statement {
    desk.database.backend().build(statement)
}

/// For which step it is the reader's turn: as [`workflow::Case::turns`] says it of the whole case.
fn mine(found: &Details, state: StateKind, reader: &Reader) -> Option<ActionKind> {
    let is_me = |seat: Option<Uuid>| seat == Some(reader.me);
    let seats = [found.assignee_id, found.commercial_id, found.technical_id];
    let decides = reader.approves && !seats.contains(&Some(reader.me));
    [
        (
            state == StateKind::Completeness && is_me(found.assignee_id),
            ActionKind::CheckCompleteness,
        ),
        (
            found.commercial_open && is_me(found.commercial_id),
            ActionKind::CheckCommercial,
        ),
        (
            found.technical_open && is_me(found.technical_id),
            ActionKind::CheckTechnical,
        ),
        (decides && state == StateKind::Decision, ActionKind::Approve),
        (decides && found.decline_proposed, ActionKind::Decline),
    ]
    .into_iter()
    .find_map(|(is_turn, step)| is_turn.then_some(step))
}

fn row(
    found: &Details,
    excerpt: Option<Excerpt>,
    reader: &Reader,
    beside: &Beside,
    known: &Known,
    now: Timestamp,
) -> Result<Row> {
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
    let state = StateKind::from_word(&found.state).ok_or_else(|| broken("state"))?;
    Ok(Row {
        mine: mine(found, state, reader),
        number: CaseNumber(number(found.number, "cases", found.number, "number")?),
        app: found.app_name.clone(),
        organisation: found.organisation.clone(),
        level: AccessLevel::from_word(&found.level).ok_or_else(|| broken("level"))?,
        state,
        grant: found.grant.as_deref().and_then(GrantStatus::from_word),
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
        submitted: found.submitted_at.map(Timestamp::from_micros),
        changed: Timestamp::from_micros(found.changed_at),
        tags: beside.names_of(found.tags.as_deref().unwrap_or_default()),
        snooze: match (&found.snooze_reason, found.snooze_until) {
            (Some(reason), Some(until)) => Some(Snooze {
                reason: reason.clone(),
                until: Timestamp::from_micros(until),
            }),
            _ => None,
        },
        excerpt,
    })
}
