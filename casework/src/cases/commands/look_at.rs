//! Look at a case: a sign of life from an open page, so that two people do not work on one case
//! unawares. It changes nothing of the case and leaves no trail.

use crate::{
    Caller, Desk, Result,
    cases::sight::{self, Part},
    entities::case_views,
    input::input,
};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};
use workflow::CaseNumber;

input! {
    /// Nothing is typed.
    pub struct LookAtInput for "look_at" OnCase {}
}

/// Notes that the caller has the case open now.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who do not see the case from inside.
pub async fn look_at(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<()> {
    let (stored, _) = sight::read(desk, desk.database.read(), caller, number, Part::Inside).await?;
    case_views::Entity::insert(case_views::ActiveModel {
        case_id: Set(stored.row.id),
        person_id: Set(caller.person.0),
        version: Set(stored.row.version),
        seen_at: Set(desk.now().micros()),
    })
    .on_conflict(
        OnConflict::columns([case_views::Column::CaseId, case_views::Column::PersonId])
            .update_columns([case_views::Column::Version, case_views::Column::SeenAt])
            .to_owned(),
    )
    .exec_without_returning(desk.database.write())
    .await?;
    Ok(())
}
