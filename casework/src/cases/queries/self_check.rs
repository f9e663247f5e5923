//! What the self-check of a draft saw: `/applications/{number}/self-check`.

use crate::{
    Caller, Desk, Result, accounts,
    cases::sight::{self, Part},
    commands::{SelfCheck, self_check_fingerprint as fingerprint},
    entities::self_checks,
    rows,
    store::{draft, submission},
};
use sea_orm::EntityTrait;
use workflow::{CaseNumber, PersonId, Timestamp};

/// What was seen, when and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfChecked {
    pub found: SelfCheck,
    pub at: Timestamp,
    pub by: String,
    /// Whether answers and files are still those that were looked at.
    pub is_current: bool,
}

/// What the last self-check of a draft saw; none before the first.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who may not read the draft.
pub async fn self_checked(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
) -> Result<Option<SelfChecked>> {
    let reading = desk.database.read();
    let (stored, _) = sight::read(desk, reading, caller, number, Part::Draft).await?;
    let case = stored.case.id.0;
    let Some(row) = self_checks::Entity::find_by_id(case).one(reading).await? else {
        return Ok(None);
    };
    let answers = draft(reading, case).await?;
    let answers = answers.map(|draft| draft.body.answers).unwrap_or_default();
    let files = submission::frozen(&submission::files(reading, case).await?);
    Ok(Some(SelfChecked {
        found: rows::json(&row.found, "self_checks", case, "found")?,
        at: Timestamp::from_micros(row.checked_at),
        by: accounts::find(reading, PersonId(row.checked_by))
            .await?
            .name,
        is_current: fingerprint(&answers, &files)? == row.sha256,
    }))
}
