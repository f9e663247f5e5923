//! To whom a responsibility on a case can be given.

use crate::{
    Desk, Result,
    accounts::absences::away,
    cases::load::{capacity, loads},
    entities::people,
    relations::AppPeople,
    roles_from_words,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::{Case, PersonId, Timestamp, state::Seat};

/// Someone who could sit there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub person: PersonId,
    pub name: String,
    /// How many open cases they hold, and how many they hold at most.
    pub open: u32,
    pub capacity: u32,
    /// The end of their absence, if they are away now; then nothing can be given to them.
    pub away: Option<Timestamp>,
}

/// Everyone of the right competence who is in no conflict of interest about the case's app nor works on
/// its other track, by name. The assignment itself decides; this list only spares people a refusal.
///
/// # Errors
/// When the database does not answer.
pub async fn candidates(desk: &Desk, case: &Case, seat: Seat) -> Result<Vec<Candidate>> {
    let role = seat.role();
    let read = desk.database.read();
    let of_app = AppPeople::of(read, case.app.0).await?;
    let mut rows = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::Roles.contains(role.word()))
        .order_by_asc(people::Column::NameKey)
        .all(read)
        .await?;
    // `commercial_reviewer` contains `reviewer`.
    rows.retain(|row| {
        let person = PersonId(row.id);
        roles_from_words(&row.roles).contains(&role)
            && !case.works_on_another_track(seat, person)
            && !of_app.is_conflicted(person)
    });
    let now = desk.now();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let loads = loads(read, &ids, now, now).await?;
    let away = away(read, now.date()).await?;
    let known = desk.reference.known();
    Ok(rows
        .into_iter()
        .map(|row| Candidate {
            person: PersonId(row.id),
            open: loads.get(&row.id).map_or(0, |load| load.open),
            capacity: capacity(&known, &row),
            away: away.get(&row.id).map(|absence| absence.until()),
            name: row.name,
        })
        .collect())
}
