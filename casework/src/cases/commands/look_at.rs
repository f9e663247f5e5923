//! Look at a case: a sign of life from an open page, so that two people do not work on one case
//! unawares. It changes nothing of the case and leaves no trail.

use super::subject;
use crate::{
    Caller, Desk, Error, Result,
    entities::case_views,
    policy::{CaseAct, Verdict},
    store::{Intent, Stored},
};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};
use workflow::CaseNumber;

/// Notes that the caller has the case open now.
///
/// # Errors
/// [`Error::NotFound`] to those who do not see the case from inside.
pub async fn look_at(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<()> {
    let stored = Stored::load(desk.database.read(), number, Intent::Read).await?;
    let who = subject(Some(caller), &stored);
    if desk.policy.ask(&who, CaseAct::ReadInternal) != Verdict::Allowed {
        return Err(Error::NotFound);
    }
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
