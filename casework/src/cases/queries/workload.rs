//! `/workload`: who reviews, how much each of them holds, who is away; for leads.

use crate::{
    Caller, Desk, Error, Result,
    accounts::{
        Absence, Conflict,
        absences::{of_person, to_come},
        conflicts::conflicts_of,
    },
    cases::load::{Load, capacity, is_open, loads, ours, seat_column},
    entities::{apps, cases, people},
    policy::DeskAct,
    queries::audit::may,
    reference::Known,
    relations::conflicted_apps,
    roles_from_words,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{CaseNumber, PersonId, Role, Timestamp, state::Seat};

/// Cases that wait for us and are due within so many business days are due soon.
const SOON: u16 = 3;

/// So many cases of one person are listed at most, the most urgent first.
pub const MOST_CASES: usize = 200;

/// The roles whose holders review.
const REVIEWS: [Role; 3] = [
    Role::Reviewer,
    Role::CommercialReviewer,
    Role::TechnicalReviewer,
];

/// Somebody who reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    pub person: PersonId,
    pub name: String,
    pub username: String,
    /// Of the three kinds of review.
    pub roles: Vec<Role>,
    pub load: Load,
    /// How many open cases they hold at most.
    pub capacity: u32,
    /// The present absence, or else the next one.
    pub absence: Option<Absence>,
}

impl Worker {
    /// The end of the present absence.
    pub fn away(&self, now: Timestamp) -> Option<Timestamp> {
        let absence = self.absence.as_ref()?;
        absence.has_begun(now.date()).then(|| absence.until())
    }
}

/// A seat that somebody holds of an open case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSeat {
    pub case: CaseNumber,
    pub app: String,
    pub seat: Seat,
    pub due: Option<Timestamp>,
    /// It waits for us, and its date has passed.
    pub overdue: bool,
}

/// Everything about one person's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkOf {
    pub worker: Worker,
    /// What they hold, the most urgent first; see [`MOST_CASES`].
    pub seats: Vec<HeldSeat>,
    /// Absences that are not over.
    pub absences: Vec<Absence>,
    pub keeps_days: u16,
    /// With which organisations they are in conflict of interest.
    pub conflicts: Vec<Conflict>,
    /// Whether the number of cases was set for this person.
    pub has_own_capacity: bool,
    /// The others who review.
    pub others: Vec<Worker>,
}

/// Everybody who reviews, by name.
///
/// # Errors
/// [`Error::Forbidden`], or [`Error::NotFound`] to those who are not of ours.
pub async fn workload(desk: &Desk, caller: &Caller) -> Result<Vec<Worker>> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    workers(desk).await
}

pub(crate) async fn workers(desk: &Desk) -> Result<Vec<Worker>> {
    let known = desk.reference.known();
    let (read, now) = (desk.database.read(), desk.now());
    let rows: Vec<people::Model> = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        // The words of the other two contain it.
        .filter(people::Column::Roles.contains(Role::Reviewer.word()))
        .order_by_asc(people::Column::NameKey)
        .all(read)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let loads = loads(read, &ids, now, known.calendar.due(now, SOON)).await?;
    let mut absences: BTreeMap<PersonId, Absence> = BTreeMap::new();
    for absence in to_come(read, Condition::all(), now.date()).await? {
        absences.entry(absence.person).or_insert(absence);
    }
    Ok(rows
        .into_iter()
        .map(|row| worker(&known, row, &loads, &mut absences))
        .collect())
}

fn worker(
    known: &Known,
    row: people::Model,
    loads: &BTreeMap<Uuid, Load>,
    absences: &mut BTreeMap<PersonId, Absence>,
) -> Worker {
    let roles = roles_from_words(&row.roles);
    Worker {
        person: PersonId(row.id),
        roles: REVIEWS
            .into_iter()
            .filter(|role| roles.contains(role))
            .collect(),
        load: loads.get(&row.id).copied().unwrap_or_default(),
        capacity: capacity(known, &row),
        absence: absences.remove(&PersonId(row.id)),
        name: row.name,
        username: row.username,
    }
}

/// One person's work.
///
/// # Errors
/// As [`workload`]; [`Error::NotFound`] for who does not review.
pub async fn work_of(desk: &Desk, caller: &Caller, person: PersonId) -> Result<WorkOf> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    let (mut found, others): (Vec<_>, Vec<_>) = workers(desk)
        .await?
        .into_iter()
        .partition(|worker| worker.person == person);
    let worker = found.pop().ok_or(Error::NotFound)?;
    let read = desk.database.read();
    let row = crate::accounts::find(read, person).await?;
    Ok(WorkOf {
        worker,
        others,
        seats: held_seats(desk, caller, person, MOST_CASES).await?,
        absences: of_person(read, person, desk.now().date()).await?,
        keeps_days: desk.reference.known().settings.absence_keeps_days,
        conflicts: conflicts_of(read, person).await?,
        has_own_capacity: row.capacity.is_some(),
    })
}

/// The seats of open cases that a person holds, as far as the reader may know of them, the most
/// urgent first, at most so many.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn held_seats(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    most: usize,
) -> Result<Vec<HeldSeat>> {
    use cases::Column as C;
    let now = desk.now();
    let ours = ours();
    let mut held = Vec::new();
    for seat in Seat::ALL {
        let rows: Vec<(i32, Option<i64>, String, String)> = cases::Entity::find()
            .select_only()
            .columns([C::Number, C::DueAt, C::State])
            .column(apps::Column::Name)
            .join(
                sea_orm::JoinType::InnerJoin,
                cases::Entity::belongs_to(apps::Entity)
                    .from(C::AppId)
                    .to(apps::Column::Id)
                    .into(),
            )
            .filter(seat_column(*seat).eq(person.0))
            .filter(is_open(*seat))
            .filter(C::AppId.not_in_subquery(conflicted_apps(caller.person)))
            .order_by_asc(C::DueAt)
            .limit(most as u64)
            .into_tuple()
            .all(desk.database.read())
            .await?;
        held.extend(rows.into_iter().filter_map(|(number, due, state, app)| {
            let due = due.map(Timestamp::from_micros);
            Some(HeldSeat {
                case: CaseNumber(u32::try_from(number).ok()?),
                app,
                seat: *seat,
                overdue: due.is_some_and(|due| due < now) && ours.contains(&state.as_str()),
                due,
            })
        }));
    }
    held.sort_by_key(|one| (one.due.is_none(), one.due, one.case, one.seat));
    held.truncate(most);
    Ok(held)
}
