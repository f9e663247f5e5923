//! One step for many cases: a run is begun, looked at, and confirmed by whoever began it.

use super::release::LONGEST_NOTE;
use crate::{
    By, Caller, Desk, Error, Result, Step, accounts,
    accounts::absences::away_until,
    audit::Subject,
    cases::bulk::{BulkKind, BulkOutcome, MOST_IN_RUN, New, RunState, go_on_with, insert, seat},
    entities::{
        bulk_cases::{self, Column as C},
        bulk_runs::{self, Column as R},
        cases, tags,
    },
    input::input,
    policy::{self, Act, CaseAct, DeskAct},
    queries::{
        audit::may,
        queue::{Filter, View, all_of},
    },
    relations::conflicted_apps,
    typed,
    words::day,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{CaseNumber, PersonId, state::Seat};

/// So many cases are looked at before the answer; more while the page shows how far it is.
const AT_ONCE: usize = 60;

input! {
    /// What is to be done with which cases of the queue.
    pub struct BeginBulkInput for "begin_bulk" OnDesk {
        /// The list, as the address of its page says it.
        hidden query: String;
        /// Those of it that are marked, with commas between them; none for all.
        hidden marked: String;
        /// A word of [`BulkKind`].
        hidden kind: String;
        typed seat: Option<Seat> = "As";
        typed to: Option<PersonId> = "Person";
        typed beyond: bool = "Also beyond what this person can hold";
        typed note: String = "Hand-over note" up to 1_000;
        typed tag: Option<Uuid> = "Tag";
    }
}

input! {
    /// The run that is to be carried out as it was looked at.
    pub struct ConfirmBulkInput for "confirm_bulk" OnDesk {
        hidden run: Uuid;
    }
}

input! {
    /// The run that is to go on no longer.
    pub struct StopBulkInput for "stop_bulk" OnDesk {
        hidden run: Uuid;
    }
}

input! {
    /// The run of which the cases that were not done are looked at again.
    pub struct RepeatBulkInput for "repeat_bulk" OnDesk {
        hidden run: Uuid;
    }
}

/// Begins a run: what would come of each case is looked at, and nothing is done yet. Answers the
/// run's id.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Input`] where something is missing, or there is no such case.
pub async fn begin_bulk(desk: &Desk, caller: &Caller, input: &BeginBulkInput) -> Result<Uuid> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let kind = BulkKind::from_word(&input.kind).ok_or(Error::Malformed)?;
    allowed(desk, caller, kind)?;
    let (to, tag, seat) = match kind {
        BulkKind::Assign => (Some(chosen(desk, input.to).await?), None, input.seat),
        BulkKind::Tag => (None, Some(offered(desk, input.tag).await?), None),
        BulkKind::Remind => (None, None, None),
    };
    let seat = match kind {
        BulkKind::Assign => Some(seat.unwrap_or(Seat::Case)),
        BulkKind::Remind | BulkKind::Tag => None,
    };
    let view = View::of(&caller.roles, &desk.reference.known().settings);
    let filter = Filter::parse(view, &input.query);
    let mut numbers = match input.marked.as_str() {
        "" => all_of(desk, caller, &filter, MOST_IN_RUN + 1).await?,
        some => marked(desk, caller, some).await?,
    };
    if numbers.is_empty() {
        return Err(Error::field("", "There is no such case any more."));
    }
    let is_cut = numbers.len() > MOST_IN_RUN;
    numbers.truncate(MOST_IN_RUN);
    let new = New {
        maker: caller.person,
        kind,
        to,
        tag,
        beyond: input.beyond,
        note: typed::limited("note", "Hand-over note", &input.note, LONGEST_NOTE)?,
        list: format!("/queue{}", filter.query()),
        is_cut,
        cases: numbers.into_iter().map(|case| (case, seat)).collect(),
    };
    begin(desk, caller, new).await
}

/// Writes a run and begins to look at it.
pub(super) async fn begin(desk: &Desk, caller: &Caller, new: New) -> Result<Uuid> {
    let is_short = new.cases.len() <= AT_ONCE;
    let step = Step::begin(desk, By::Person(caller)).await?;
    let run = insert(&step, new).await?;
    step.commit().await?;
    if is_short {
        go_on_with(desk, run).await?;
    } else {
        desk.bulk.notify_one();
    }
    Ok(run)
}

/// Who may take such a step on cases at all; of each case it is asked again.
fn allowed(desk: &Desk, caller: &Caller, kind: BulkKind) -> Result<()> {
    let act: Act = match kind {
        BulkKind::Assign => CaseAct::AssignOthers.into(),
        BulkKind::Remind => CaseAct::RemindDeveloper.into(),
        BulkKind::Tag => CaseAct::Tag.into(),
    };
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.require(&subject, act)
}

/// The person who is to get the cases.
pub(super) async fn chosen(desk: &Desk, to: Option<PersonId>) -> Result<PersonId> {
    let to = to.ok_or_else(|| Error::field("to", "Person: choose who is to have them."))?;
    let read = desk.database.read();
    accounts::find(read, to).await?;
    if let Some(until) = away_until(read, to, desk.now().date()).await? {
        let text = format!("Person: this person is away until {}.", day(until));
        return Err(Error::field("to", text));
    }
    Ok(to)
}

async fn offered(desk: &Desk, tag: Option<Uuid>) -> Result<Uuid> {
    let choose = || Error::field("tag", "Tag: choose one of the list.");
    let tag = tags::Entity::find_by_id(tag.ok_or_else(choose)?)
        .one(desk.database.read())
        .await?;
    let tag = tag.filter(|tag| !tag.retired).ok_or_else(choose)?;
    Ok(tag.id)
}

/// Of the marked cases those of which the caller may know.
async fn marked(desk: &Desk, caller: &Caller, cases: &str) -> Result<Vec<CaseNumber>> {
    use cases::Column as K;
    let numbers = cases.split(',').filter_map(|case| {
        let number: CaseNumber = case.parse().ok()?;
        i32::try_from(number.0).ok()
    });
    let found: Vec<i32> = cases::Entity::find()
        .select_only()
        .column(K::Number)
        .filter(K::Number.is_in(numbers.take(MOST_IN_RUN)))
        .filter(K::InViews.ne(0))
        .filter(K::AppId.not_in_subquery(conflicted_apps(caller.person)))
        .order_by_asc(K::Number)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let found = found.into_iter().filter_map(|one| u32::try_from(one).ok());
    Ok(found.map(CaseNumber).collect())
}

/// The caller's own run.
async fn own(desk: &Desk, caller: &Caller, run: Uuid) -> Result<bulk_runs::Model> {
    let run = bulk_runs::Entity::find_by_id(run)
        .filter(R::PersonId.eq(caller.person.0))
        .one(desk.database.read())
        .await?;
    run.ok_or(Error::NotFound)
}

/// Has a run carried out that was looked at; confirmed again it stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for a run that is not the caller's own.
pub async fn confirm_bulk(desk: &Desk, caller: &Caller, run: Uuid) -> Result<()> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let run = own(desk, caller, run).await?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let begun = bulk_runs::Entity::update_many()
        .col_expr(R::State, Expr::value(RunState::Running.word()))
        .col_expr(R::ChangedAt, Expr::value(step.now.micros()))
        .filter(R::Id.eq(run.id))
        .filter(R::State.eq(RunState::Ready.word()))
        .exec(step.transaction())
        .await?;
    if begun.rows_affected == 0 {
        return Ok(());
    }
    let cases = bulk_cases::Entity::find()
        .filter(C::RunId.eq(run.id))
        .filter(C::Outcome.eq(BulkOutcome::Ready.word()))
        .count(step.transaction())
        .await?;
    let body = json!({
        "run": run.id,
        "kind": run.kind,
        "cases": cases,
        "person": run.to_id,
    });
    step.append(Subject::Desk, "bulk_begun", body, run.note);
    step.commit().await?;
    desk.bulk.notify_one();
    Ok(())
}

/// What is said of a case whose turn did not come.
const STOPPED: &str = "Stopped before its turn";

/// Stops a run: what is done stays done, and what waits stays as it is.
///
/// # Errors
/// As [`confirm_bulk`].
pub async fn stop_bulk(desk: &Desk, caller: &Caller, run: Uuid) -> Result<()> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let run = own(desk, caller, run).await?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    if run.state != RunState::Running.word() {
        return Ok(());
    }
    let left = bulk_cases::Entity::update_many()
        .col_expr(C::Outcome, Expr::value(BulkOutcome::Refused.word()))
        .col_expr(C::Words, Expr::value(STOPPED))
        .filter(C::RunId.eq(run.id))
        .filter(C::Outcome.eq(BulkOutcome::Ready.word()))
        .exec(step.transaction())
        .await?;
    if left.rows_affected == 0 {
        return Ok(());
    }
    let body = json!({ "run": run.id, "cases": left.rows_affected });
    step.append(Subject::Desk, "bulk_stopped", body, String::new());
    step.commit().await
}

/// Begins another run with the cases of which nothing came in this one.
///
/// # Errors
/// As [`confirm_bulk`]; [`Error::Input`] where all were done.
pub async fn repeat_bulk(desk: &Desk, caller: &Caller, run: Uuid) -> Result<Uuid> {
    may(desk, caller, DeskAct::WorkInBulk)?;
    let run = own(desk, caller, run).await?;
    let not_done = [BulkOutcome::Cannot, BulkOutcome::Refused].map(BulkOutcome::word);
    let rows = bulk_cases::Entity::find()
        .filter(C::RunId.eq(run.id))
        .filter(C::Outcome.is_in(not_done))
        .order_by_asc(C::Position)
        .all(desk.database.read())
        .await?;
    let kind = BulkKind::of(&run)?;
    let cases = rows.iter().map(|row| {
        let number = CaseNumber(u32::try_from(row.number).unwrap_or_default());
        let seat = match kind {
            BulkKind::Assign => Some(seat(row)?),
            BulkKind::Remind | BulkKind::Tag => None,
        };
        Ok((number, seat))
    });
    let cases: Vec<_> = cases.collect::<Result<_>>()?;
    if cases.is_empty() {
        return Err(Error::field("", "Every case of this run is done."));
    }
    let new = New {
        maker: caller.person,
        kind,
        to: run.to_id.map(PersonId),
        tag: run.tag_id,
        beyond: run.beyond,
        note: run.note,
        list: run.list,
        is_cut: false,
        cases,
    };
    begin(desk, caller, new).await
}
