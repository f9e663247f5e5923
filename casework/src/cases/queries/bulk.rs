//! `/queue/bulk/…`: what would come of one step for many cases, how far it is, and what came of each.

use crate::{
    Caller, Desk, Error, Result,
    cases::bulk::{BulkKind, BulkOutcome, MOST_IN_RUN, RunState},
    entities::{apps, bulk_cases, bulk_runs, cases, people, tags},
    policy::{CaseAct, DeskAct, Subject},
    queries::{
        Worker,
        audit::may,
        queue::{Filter, Tag, all_of},
        workers,
    },
    relations::conflicted_apps,
};
use bulk_cases::Column as C;
use bulk_runs::Column as R;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, JoinType, Order},
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp, state::Seat};

/// So many cases of a run are on one page.
const PAGE: u64 = 100;

/// So many reasons are told, the most frequent first.
const REASONS: u64 = 20;

/// A run as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRun {
    pub id: Uuid,
    pub kind: BulkKind,
    pub state: RunState,
    pub maker: String,
    /// Whether the reader began it: nobody else confirms it.
    pub is_own: bool,
    /// The name of who gets the cases, where they are assigned.
    pub to: Option<String>,
    /// The name of the tag, where they are tagged.
    pub tag: Option<String>,
    /// Whether somebody may get more cases than they can hold.
    pub beyond: bool,
    pub note: String,
    /// The page that the cases were chosen on.
    pub list: String,
    /// There were more cases than one run takes.
    pub is_cut: bool,
    pub made: Timestamp,
    /// How many cases have each outcome, those without any left out.
    pub counts: Vec<(BulkOutcome, u64)>,
    /// Why cases are not done, and of how many.
    pub reasons: Vec<(String, u64)>,
    pub cases: Vec<BulkCase>,
    /// The place behind this page of cases, where there are more.
    pub next: Option<i32>,
}

impl BulkRun {
    /// How many cases have this outcome.
    pub fn count(&self, outcome: BulkOutcome) -> u64 {
        let of = self.counts.iter().find(|(one, _)| *one == outcome);
        of.map_or(0, |(_, count)| *count)
    }

    /// Of how many it was foreseen or found that they are not done.
    pub fn not_done(&self) -> u64 {
        self.count(BulkOutcome::Cannot) + self.count(BulkOutcome::Refused)
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkCase {
    pub case: CaseNumber,
    /// The name of its app, unless the reader may not know of it.
    pub app: Option<String>,
    pub seat: Option<Seat>,
    pub outcome: BulkOutcome,
    /// Why it is not done; empty for what is.
    pub words: String,
}

/// What can be done with cases of a list, for the page where that is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkChoice {
    /// How many cases there are.
    pub cases: usize,
    /// There are more than one run takes.
    pub is_cut: bool,
    /// Who can get them; none where the reader assigns to nobody.
    pub workers: Vec<Worker>,
    pub may_remind: bool,
    /// Those that can be put on them, with their ids; none where the reader tags nothing.
    pub tags: Vec<Tag>,
}

/// What the reader can do with the cases of a list, or with so many that are marked.
///
/// # Errors
/// [`Error::Forbidden`], or [`Error::NotFound`] to those who are not of ours.
pub async fn bulk_choice(
    desk: &Desk,
    caller: &Caller,
    list: &Filter,
    marked: usize,
) -> Result<BulkChoice> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let can = |act: CaseAct| desk.policy.require(&subject, act).is_ok();
    let cases = match marked {
        0 => all_of(desk, caller, list, MOST_IN_RUN + 1).await?.len(),
        marked => marked,
    };
    Ok(BulkChoice {
        cases: cases.min(MOST_IN_RUN),
        is_cut: cases > MOST_IN_RUN,
        workers: match can(CaseAct::AssignOthers) {
            true => workers(desk).await?,
            false => Vec::new(),
        },
        may_remind: can(CaseAct::RemindDeveloper),
        tags: match can(CaseAct::Tag) {
            true => offered_tags(desk).await?,
            false => Vec::new(),
        },
    })
}

async fn offered_tags(desk: &Desk) -> Result<Vec<Tag>> {
    let rows = tags::Entity::find()
        .filter(tags::Column::Retired.eq(false))
        .order_by_asc(tags::Column::NameKey)
        .all(desk.database.read())
        .await?;
    let tags = rows.into_iter().map(|row| Tag {
        id: row.id,
        name: row.name,
        retired: row.retired,
    });
    Ok(tags.collect())
}

/// So many runs are listed, the newest first.
const LISTED: u64 = 20;

/// A run in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRun {
    pub id: Uuid,
    pub kind: BulkKind,
    pub state: RunState,
    pub maker: String,
    pub made: Timestamp,
}

/// The reader's newest runs; to leads, everybody's.
///
/// # Errors
/// As [`bulk_choice`].
pub async fn bulk_runs(desk: &Desk, caller: &Caller) -> Result<Vec<ListedRun>> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let mut runs = bulk_runs::Entity::find();
    if !leads(desk, caller) {
        runs = runs.filter(R::PersonId.eq(caller.person.0));
    }
    let rows = runs
        .order_by_desc(R::MadeAt)
        .order_by_desc(R::Id)
        .limit(LISTED)
        .all(desk.database.read())
        .await?;
    let makers = rows.iter().map(|run| run.person_id);
    let makers = people::Entity::find()
        .filter(people::Column::Id.is_in(makers))
        .all(desk.database.read())
        .await?;
    let listed = rows.into_iter().map(|run| {
        let maker = makers.iter().find(|person| person.id == run.person_id);
        Ok(ListedRun {
            kind: BulkKind::of(&run)?,
            state: RunState::of(&run)?,
            maker: maker.map(|person| person.name.clone()).unwrap_or_default(),
            made: Timestamp::from_micros(run.made_at),
            id: run.id,
        })
    });
    listed.collect()
}

/// Whether somebody reads everybody's runs.
fn leads(desk: &Desk, caller: &Caller) -> bool {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let leads = desk.policy.require(&subject, DeskAct::ManageWorkload);
    leads.is_ok()
}

/// Which cases of a run are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BulkShown {
    #[default]
    All,
    /// Those that will be done, or are.
    Done,
    /// Those that cannot be done, or were not.
    NotDone,
}

impl BulkShown {
    fn outcomes(self) -> Vec<&'static str> {
        let of = |some: &[BulkOutcome]| some.iter().map(|one| one.word()).collect();
        match self {
            Self::All => of(BulkOutcome::ALL),
            Self::Done => of(&[BulkOutcome::Ready, BulkOutcome::Done]),
            Self::NotDone => of(&[BulkOutcome::Cannot, BulkOutcome::Refused]),
        }
    }
}

#[derive(FromQueryResult)]
struct Line {
    position: i32,
    number: i32,
    seat: Option<String>,
    outcome: String,
    words: String,
    app: Option<String>,
}

/// A run, with the page of its cases behind this place.
///
/// # Errors
/// [`Error::NotFound`] to whoever neither began it nor leads.
pub async fn bulk_run(
    desk: &Desk,
    caller: &Caller,
    run: Uuid,
    shown: BulkShown,
    after: i32,
) -> Result<BulkRun> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let read = desk.database.read();
    let leads = leads(desk, caller);
    let run = bulk_runs::Entity::find_by_id(run).one(read).await?;
    let run = run.filter(|run| leads || run.person_id == caller.person.0);
    let run = run.ok_or(Error::NotFound)?;
    let counts: Vec<(String, i64)> = bulk_cases::Entity::find()
        .select_only()
        .column(C::Outcome)
        .column_as(C::Position.count(), "cases")
        .filter(C::RunId.eq(run.id))
        .group_by(C::Outcome)
        .into_tuple()
        .all(read)
        .await?;
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let counts = counts
        .into_iter()
        .filter_map(|(word, count)| Some((BulkOutcome::from_word(&word)?, number(count))));
    let mut cases = cases(desk, caller, &run, shown, after).await?;
    let more = cases.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    cases.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let name = async |id: Uuid| {
        let found = people::Entity::find_by_id(id).one(read).await?;
        Ok::<_, Error>(found.map(|person| person.name))
    };
    Ok(BulkRun {
        kind: BulkKind::of(&run)?,
        state: RunState::of(&run)?,
        maker: name(run.person_id).await?.unwrap_or_default(),
        is_own: run.person_id == caller.person.0,
        to: match run.to_id {
            Some(to) => name(to).await?,
            None => None,
        },
        tag: match run.tag_id {
            Some(tag) => tags::Entity::find_by_id(tag)
                .one(read)
                .await?
                .map(|tag| tag.name),
            None => None,
        },
        beyond: run.beyond,
        is_cut: run.is_cut,
        made: Timestamp::from_micros(run.made_at),
        counts: counts.collect(),
        reasons: reasons(desk, run.id).await?,
        next: cases.last().map(|line| line.position).filter(|_| more),
        cases: cases.into_iter().filter_map(case).collect(),
        id: run.id,
        note: run.note,
        list: run.list,
    })
}

fn case(line: Line) -> Option<BulkCase> {
    Some(BulkCase {
        case: CaseNumber(u32::try_from(line.number).ok()?),
        app: line.app,
        seat: line.seat.as_deref().and_then(Seat::from_word),
        outcome: BulkOutcome::from_word(&line.outcome)?,
        words: line.words,
    })
}

async fn cases(
    desk: &Desk,
    caller: &Caller,
    run: &bulk_runs::Model,
    shown: BulkShown,
    after: i32,
) -> Result<Vec<Line>> {
    let known = bulk_cases::Entity::belongs_to(cases::Entity)
        .from(C::Number)
        .to(cases::Column::Number);
    let app = cases::Entity::belongs_to(apps::Entity)
        .from(cases::Column::AppId)
        .to(apps::Column::Id);
    let may_know = apps::Column::Id.not_in_subquery(conflicted_apps(caller.person));
    Ok(bulk_cases::Entity::find()
        .select_only()
        .columns([C::Position, C::Number, C::Seat, C::Outcome, C::Words])
        .expr_as(
            Expr::case(may_know, Expr::col((apps::Entity, apps::Column::Name))),
            "app",
        )
        .join(JoinType::LeftJoin, known.into())
        .join(JoinType::LeftJoin, app.into())
        .filter(C::RunId.eq(run.id))
        .filter(C::Outcome.is_in(shown.outcomes()))
        .filter(C::Position.gt(after))
        .order_by_asc(C::Position)
        .limit(PAGE + 1)
        .into_model::<Line>()
        .all(desk.database.read())
        .await?)
}

async fn reasons(desk: &Desk, run: Uuid) -> Result<Vec<(String, u64)>> {
    let many = C::Position.count();
    let found: Vec<(String, i64)> = bulk_cases::Entity::find()
        .select_only()
        .column(C::Words)
        .column_as(many.clone(), "cases")
        .filter(C::RunId.eq(run))
        .filter(Condition::all().add(C::Words.ne("")))
        .group_by(C::Words)
        .order_by(many, Order::Desc)
        .order_by_asc(C::Words)
        .limit(REASONS)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let found = found.into_iter();
    Ok(found.map(|(words, count)| (words, number(count))).collect())
}
