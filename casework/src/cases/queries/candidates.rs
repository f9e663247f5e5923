//! To whom a responsibility on a case can be given.

use crate::{
    Desk, Result,
    entities::{app_members, cases, people},
    roles_from_words,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use workflow::{Case, PersonId, state::Seat};

/// Someone who could sit there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub person: PersonId,
    pub name: String,
}

/// Everyone of the right competence who was never on the side of the case's app nor works on its other
/// track, by name. The assignment itself decides; this list only spares people a refusal.
///
/// # Errors
/// When the database does not answer.
pub async fn candidates(desk: &Desk, case: &Case, seat: Seat) -> Result<Vec<Candidate>> {
    let app = cases::Entity::find_by_id(case.id.0)
        .select_only()
        .column(cases::Column::AppId);
    let members = app_members::Entity::find()
        .select_only()
        .column(app_members::Column::PersonId)
        .filter(app_members::Column::AppId.in_subquery(app.into_query()));
    let role = seat.role();
    let rows = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::Roles.contains(role.word()))
        .filter(people::Column::Id.not_in_subquery(members.into_query()))
        .order_by_asc(people::Column::NameKey)
        .all(desk.database.read())
        .await?;
    Ok(rows
        .into_iter()
        // `commercial_reviewer` contains `reviewer`.
        .filter(|row| roles_from_words(&row.roles).contains(&role))
        .map(|row| Candidate {
            person: PersonId(row.id),
            name: row.name,
        })
        .filter(|candidate| !case.works_on_another_track(seat, candidate.person))
        .collect())
}
