//! Going on with a run: looking at its cases, and taking their steps.

use super::{BulkKind, BulkOutcome, RunState, letter, seat, steps};
use crate::{
    By, Caller, DONE, Desk, Error, READY, Result, RunCase, Step, Taking,
    audit::Subject,
    cases::load,
    entities::{bulk_cases, bulk_runs, cases, people},
    roles_from_words,
};
use bulk_cases::Column as C;
use bulk_runs::Column as R;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{
    PersonId, Timestamp,
    state::{Seat, StateKind},
};

/// So long an instance has a run for itself after each handful of cases.
const LEASE: Duration = Duration::seconds(30);

/// So many cases are read at once.
const HANDFUL: u64 = 25;

/// Goes on with the oldest run that waits and that no instance has; answers whether there was one.
/// Several instances may do this at the same time, and any may die: each case is settled once.
///
/// # Errors
/// When the database does not answer; the run then waits for the next look.
pub async fn go_on(desk: &Desk) -> Result<bool> {
    let waiting = [RunState::Looking, RunState::Running].map(RunState::word);
    let run = bulk_runs::Entity::find()
        .filter(R::State.is_in(waiting))
        .filter(R::LeasedUntil.lte(desk.now().micros()))
        .order_by_asc(R::MadeAt)
        .one(desk.database.read())
        .await?;
    match run {
        Some(run) => go_on_with(desk, run.id).await,
        None => Ok(false),
    }
}

/// The same with this run, unless another instance has it.
///
/// # Errors
/// As [`go_on`].
pub(crate) async fn go_on_with(desk: &Desk, run: Uuid) -> Result<bool> {
    let desk = &desk.apart();
    let Some(mut lease) = lease(desk, run, None).await? else {
        return Ok(false);
    };
    let Some(run) = bulk_runs::Entity::find_by_id(run)
        .one(desk.database.read())
        .await?
    else {
        return Ok(false);
    };
    let state = RunState::of(&run)?;
    let from = match state {
        RunState::Looking => BulkOutcome::New,
        RunState::Running => BulkOutcome::Ready,
        RunState::Ready | RunState::Ended => return Ok(false),
    };
    let maker = maker(desk, &run).await?;
    loop {
        let some = next(desk, &run, from).await?;
        if some.is_empty() {
            break;
        }
        match (&maker, state) {
            (None, _) => settle_all(desk, &some, "The account of who began this is closed").await?,
            (Some(maker), RunState::Looking) => look(desk, maker, &run, some).await?,
            (Some(maker), _) => carry_out(desk, maker, &run, some).await?,
        }
        match self::lease(desk, run.id, Some(lease)).await? {
            Some(longer) => lease = longer,
            // It took too long; another instance goes on.
            None => return Ok(true),
        }
    }
    match state {
        RunState::Looking => end_look(desk, &run).await?,
        _ => end_run(desk, &run).await?,
    }
    Ok(true)
}

/// Takes a run for a while, or keeps it; none where another instance has it.
async fn lease(desk: &Desk, run: Uuid, mine: Option<i64>) -> Result<Option<i64>> {
    let now = desk.now();
    let until = now.plus(LEASE).micros();
    let free = match mine {
        Some(mine) => R::LeasedUntil.eq(mine),
        None => R::LeasedUntil.lte(now.micros()),
    };
    let leased = bulk_runs::Entity::update_many()
        .col_expr(R::LeasedUntil, Expr::value(until))
        .filter(R::Id.eq(run))
        .filter(free)
        .exec(desk.database.write())
        .await?;
    Ok((leased.rows_affected > 0).then_some(until))
}

/// Whoever began it, with the roles of now; none where the account is closed.
async fn maker(desk: &Desk, run: &bulk_runs::Model) -> Result<Option<Caller>> {
    let person = people::Entity::find_by_id(run.person_id)
        .one(desk.database.read())
        .await?;
    let person = person.filter(|person| person.disabled_at.is_none());
    Ok(person.map(|person| Caller {
        person: PersonId(person.id),
        roles: roles_from_words(&person.roles),
        name: person.name,
        username: person.username,
    }))
}

async fn next(
    desk: &Desk,
    run: &bulk_runs::Model,
    outcome: BulkOutcome,
) -> Result<Vec<bulk_cases::Model>> {
    Ok(bulk_cases::Entity::find()
        .filter(C::RunId.eq(run.id))
        .filter(C::Outcome.eq(outcome.word()))
        .order_by_asc(C::Position)
        .limit(HANDFUL)
        .all(desk.database.read())
        .await?)
}

/// Settles a case, unless it has been.
async fn settle(
    desk: &Desk,
    case: &bulk_cases::Model,
    outcome: BulkOutcome,
    words: &str,
    holder: Option<Uuid>,
) -> Result<()> {
    bulk_cases::Entity::update_many()
        .col_expr(C::Outcome, Expr::value(outcome.word()))
        .col_expr(C::Words, Expr::value(words))
        .col_expr(C::HolderId, Expr::value(holder))
        .filter(C::RunId.eq(case.run_id))
        .filter(C::Position.eq(case.position))
        .filter(C::Outcome.eq(case.outcome.as_str()))
        .exec(desk.database.write())
        .await?;
    Ok(())
}

async fn settle_all(desk: &Desk, cases: &[bulk_cases::Model], words: &str) -> Result<()> {
    for case in cases {
        settle(desk, case, BulkOutcome::Refused, words, case.holder_id).await?;
    }
    Ok(())
}

/// Looks what would come of these cases.
async fn look(
    desk: &Desk,
    maker: &Caller,
    run: &bulk_runs::Model,
    some: Vec<bulk_cases::Model>,
) -> Result<()> {
    let tried = desk.taking(Taking::Tried);
    let mut room = Room::of(desk, run).await?;
    for mut case in some {
        let row = cases::Entity::find()
            .filter(cases::Column::Number.eq(case.number))
            .one(desk.database.read())
            .await?;
        if let (BulkKind::Assign, Some(row)) = (BulkKind::of(run)?, &row) {
            case.holder_id = holder(row, seat(&case)?);
        }
        let found = match steps::take(&tried, maker, run, &case).await {
            Err(Error::Preview) => None,
            Ok(()) => Some(steps::SO_ALREADY.to_owned()),
            Err(error) => Some(steps::why(desk, error).await?),
        };
        let found = match (found, &mut room, &row) {
            (None, Some(room), Some(row)) => room.take(row, seat(&case)?),
            (found, _, _) => found,
        };
        let (outcome, words) = match found {
            None => (BulkOutcome::Ready, String::new()),
            Some(words) => (BulkOutcome::Cannot, words),
        };
        settle(desk, &case, outcome, &words, case.holder_id).await?;
    }
    Ok(())
}

/// Takes the steps of these cases.
async fn carry_out(
    desk: &Desk,
    maker: &Caller,
    run: &bulk_runs::Model,
    some: Vec<bulk_cases::Model>,
) -> Result<()> {
    for case in some {
        let place = RunCase {
            run: run.id,
            position: case.position,
        };
        let of_run = desk.taking(Taking::OfRun(place));
        let words = match steps::take(&of_run, maker, run, &case).await {
            // It settled the case, unless it was no step at all.
            Ok(()) | Err(Error::Before) => steps::SO_ALREADY.to_owned(),
            Err(error) => steps::why(desk, error).await?,
        };
        settle(desk, &case, BulkOutcome::Refused, &words, case.holder_id).await?;
    }
    Ok(())
}

fn holder(row: &cases::Model, seat: Seat) -> Option<Uuid> {
    match seat {
        Seat::Case => row.assignee_id,
        Seat::Commercial => row.commercial_id,
        Seat::Technical => row.technical_id,
    }
}

/// How much more somebody can get in a run that gives no more than they can hold.
struct Room {
    to: Uuid,
    open: u32,
    most: u32,
}

impl Room {
    /// With what the run gives them already; none where it does not matter.
    async fn of(desk: &Desk, run: &bulk_runs::Model) -> Result<Option<Self>> {
        let Some(to) = run.to_id.filter(|_| !run.beyond) else {
            return Ok(None);
        };
        let read = desk.database.read();
        let Some(person) = people::Entity::find_by_id(to).one(read).await? else {
            return Ok(None);
        };
        let none = Timestamp::default();
        let loads = load::loads(read, &[to], none, none).await?;
        let mut room = Self {
            to,
            open: loads.get(&to).map_or(0, |load| load.open),
            most: load::capacity(&desk.reference.known(), &person),
        };
        let promised: Vec<(bulk_cases::Model, Option<cases::Model>)> = bulk_cases::Entity::find()
            .filter(C::RunId.eq(run.id))
            .filter(C::Outcome.eq(READY))
            .select_also(cases::Entity)
            .join(
                sea_orm::JoinType::InnerJoin,
                bulk_cases::Entity::belongs_to(cases::Entity)
                    .from(C::Number)
                    .to(cases::Column::Number)
                    .into(),
            )
            .all(read)
            .await?;
        for (case, row) in promised {
            if let Some(row) = row {
                room.open += u32::from(room.is_one_more(&row, seat(&case)?));
            }
        }
        Ok(Some(room))
    }

    /// Whether this seat of a case is one more open case for the person.
    fn is_one_more(&self, row: &cases::Model, seat: Seat) -> bool {
        let is_open = |seat| match seat {
            Seat::Case => StateKind::from_word(&row.state).is_some_and(StateKind::is_open),
            Seat::Commercial => row.commercial_open,
            Seat::Technical => row.technical_open,
        };
        let holds = |seat| is_open(seat) && holder(row, seat) == Some(self.to);
        is_open(seat) && !Seat::ALL.iter().any(|seat| holds(*seat))
    }

    /// Gives them one case more; why it cannot be given.
    fn take(&mut self, row: &cases::Model, seat: Seat) -> Option<String> {
        if self.open >= self.most {
            return Some(steps::full(self.open, self.most));
        }
        self.open += u32::from(self.is_one_more(row, seat));
        None
    }
}

async fn end_look(desk: &Desk, run: &bulk_runs::Model) -> Result<()> {
    bulk_runs::Entity::update_many()
        .col_expr(R::State, Expr::value(RunState::Ready.word()))
        .col_expr(R::ChangedAt, Expr::value(desk.now().micros()))
        .col_expr(R::LeasedUntil, Expr::value(0_i64))
        .filter(R::Id.eq(run.id))
        .filter(R::State.eq(RunState::Looking.word()))
        .exec(desk.database.write())
        .await?;
    Ok(())
}

/// Ends a run, once: the trail says what came of it, and who got cases is written to.
async fn end_run(desk: &Desk, run: &bulk_runs::Model) -> Result<()> {
    let mut step = Step::begin(desk, By::Clock).await?;
    let ended = bulk_runs::Entity::update_many()
        .col_expr(R::State, Expr::value(RunState::Ended.word()))
        .col_expr(R::ChangedAt, Expr::value(step.now.micros()))
        .col_expr(R::LeasedUntil, Expr::value(0_i64))
        .filter(R::Id.eq(run.id))
        .filter(R::State.eq(RunState::Running.word()))
        .exec(step.transaction())
        .await?;
    if ended.rows_affected == 0 {
        return Ok(());
    }
    let all = bulk_cases::Entity::find().filter(C::RunId.eq(run.id));
    let is_done = Condition::all().add(C::Outcome.eq(DONE));
    let done = all
        .clone()
        .filter(is_done)
        .count(step.transaction())
        .await?;
    let cases = all.count(step.transaction()).await?;
    letter::post(&step, run, done).await?;
    let body = json!({
        "run": run.id,
        "kind": run.kind,
        "person": run.person_id,
        "done": done,
        "not_done": cases - done,
    });
    step.append(Subject::Desk, "bulk_ended", body, String::new());
    step.commit().await
}
