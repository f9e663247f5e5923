//! Say on which days somebody of ours is away, and take it back.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    accounts::lock,
    audit::Subject,
    cases::commands::give_back_of,
    entities::{absences, people},
    input::input,
    people::absences::{Absence, end_of, of_person, to_come},
    policy::DeskAct,
    queries::audit::may,
    roles_from_words, typed,
    words::{count, date},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Set};
use serde_json::json;
use time::{Date, Duration};
use uuid::Uuid;
use workflow::{Calendar, PersonId, Timestamp, form::Problem};

/// The longest note, in characters.
const LONGEST_NOTE: usize = 1_000;

/// An absence ends at most so many days from now.
const FARTHEST: Duration = Duration::days(730);

input! {
    /// Who is away from which day to which.
    pub struct PlanAbsenceInput for "plan_absence" OnDesk {
        /// None for oneself.
        hidden person: Option<PersonId>;
        /// `2027-03-31`, as the last day.
        typed first: String = "First day" up to 40;
        typed last: String = "Last day" up to 40;
        typed note: String = "Hand-over note" up to 1_000;
        typed keeps: bool = "Keep the cases";
    }
}

input! {
    /// Which absence is none after all.
    pub struct TakeBackAbsenceInput for "take_back_absence" OnDesk {
        hidden absence: Uuid;
    }
}

/// Notes an absence. One that has begun gives the person's seats back at once, unless they keep
/// them; of another the desk's clock does so at the beginning of its first day.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Input`] where the days do not go, or are days
/// of another absence of theirs.
pub async fn plan_absence(desk: &Desk, caller: &Caller, input: &PlanAbsenceInput) -> Result<()> {
    let person = input.person.unwrap_or(caller.person);
    if person == caller.person {
        may(desk, caller, DeskAct::PlanAbsence)?;
    } else {
        may(desk, caller, DeskAct::ManageWorkload)?;
    }
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let row = lock(step.transaction(), person.0).await?;
    if !works(&row) {
        return Err(Error::NotFound);
    }
    let today = step.now.date();
    let known = desk.reference.known();
    let keeps_days = known.settings.absence_keeps_days;
    let (first, last) = days(input, today)?;
    let note = typed::limited("note", "Hand-over note", &input.note, LONGEST_NOTE)?;
    if input.keeps && business_days(&known.calendar, first, last) > u32::from(keeps_days) {
        return Err(Error::field(
            "keeps",
            format!(
                "Keep the cases: that goes for absences of at most {}.",
                count(keeps_days, "business day")
            ),
        ));
    }
    let others = of_person(step.transaction(), person, today).await?;
    if let Some(other) = others
        .iter()
        .find(|other| other.first <= last && first <= other.last)
    {
        return Err(Error::field(
            "first",
            format!(
                "First day: an absence from {} to {} is noted already. Take that one back, or choose other days.",
                date(other.first),
                date(other.last)
            ),
        ));
    }
    let absence = Absence {
        id: Uuid::now_v7(),
        person,
        first,
        last,
        keeps: input.keeps,
        note,
        entered_by: caller.person,
    };
    absences::Entity::insert(absences::ActiveModel {
        id: Set(absence.id),
        person_id: Set(person.0),
        first_day: Set(first.to_string()),
        last_day: Set(last.to_string()),
        keeps: Set(absence.keeps),
        note: Set(absence.note.clone()),
        entered_by: Set(caller.person.0),
        entered_at: Set(step.now.micros()),
        taken_back_at: Set(None),
    })
    .exec_without_returning(step.transaction())
    .await?;
    note_in_trail(&mut step, "absence_planned", &absence);
    step.commit().await?;
    if absence.has_begun(today) && !absence.keeps {
        give_back_of(desk, person).await?;
        // Support requests too.
        desk.staff_changed.notify_one();
    }
    Ok(())
}

/// Takes an absence back that is not over; what was given back for it stays where it is.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] also for one that is over or was taken back.
pub async fn take_back_absence(desk: &Desk, caller: &Caller, absence: Uuid) -> Result<PersonId> {
    may(desk, caller, DeskAct::TakeBackAbsence)?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let of = Condition::all().add(absences::Column::Id.eq(absence));
    let found = to_come(step.transaction(), of, step.now.date()).await?;
    let absence = found.into_iter().next().ok_or(Error::NotFound)?;
    if absence.person != caller.person {
        may(desk, caller, DeskAct::ManageWorkload)?;
    }
    absences::Entity::update(absences::ActiveModel {
        id: Set(absence.id),
        taken_back_at: Set(Some(step.now.micros())),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    note_in_trail(&mut step, "absence_taken_back", &absence);
    step.commit().await?;
    Ok(absence.person)
}

fn note_in_trail(step: &mut Step<'_>, name: &'static str, absence: &Absence) {
    let body = json!({
        "person": absence.person,
        "first": absence.first.to_string(),
        "last": absence.last.to_string(),
        "keeps": absence.keeps,
    });
    step.append(Subject::Person(absence.person.0), name, body, String::new());
}

/// Whether somebody has an account of staff.
fn works(person: &people::Model) -> bool {
    let roles = roles_from_words(&person.roles);
    person.disabled_at.is_none() && roles.iter().any(|role| role.is_staff())
}

/// First and last day, as they go together.
fn days(input: &PlanAbsenceInput, today: Date) -> Result<(Date, Date)> {
    let day = |field, label: &str, text: &str| {
        typed::day(field, label, text)?
            .map(Timestamp::date)
            .ok_or_else(|| Error::field(field, format!("{label}: choose a day.")))
    };
    let (first, last) = typed::both(
        day("first", "First day", &input.first),
        day("last", "Last day", &input.last),
    )?;
    let mut problems = Vec::new();
    let mut wrong = |field: &str, text: &str| {
        problems.push(Problem {
            field: field.to_owned(),
            text: text.to_owned(),
        });
    };
    if first < today {
        wrong("first", "First day: choose today or a day to come.");
    }
    if last < first {
        wrong("last", "Last day: it is before the first one.");
    }
    if end_of(last).since(Timestamp::start_of(today)) > FARTHEST {
        wrong("last", "Last day: choose a day within the next two years.");
    }
    if problems.is_empty() {
        Ok((first, last))
    } else {
        Err(Error::Input { problems })
    }
}

/// Business days from the first to the last, both counted.
fn business_days(calendar: &Calendar, first: Date, last: Date) -> u32 {
    let mut days = 0;
    let mut date = Some(first);
    while let Some(day) = date.filter(|day| *day <= last) {
        days += u32::from(calendar.is_business_day(day));
        date = day.next_day();
    }
    days
}
