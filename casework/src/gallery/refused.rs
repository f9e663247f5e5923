//! What was refused once is not sent in again as it was: a version for which we asked for changes.

use super::store::Stored;
use crate::{
    Result,
    entities::{audit_events, gallery_versions},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::{form::Problem, gallery::Listing};

/// The newest version since the public one that says the same as `listing` and for which changes were
/// asked, as what stands in the way of sending it in.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refused_before(
    connection: &impl ConnectionTrait,
    stored: &Stored,
    listing: &Listing,
) -> Result<Option<Problem>> {
    let public = stored.row.public_version.unwrap_or(0);
    let asked = audit_events::Entity::find()
        .filter(audit_events::Column::Subject.eq("app"))
        .filter(audit_events::Column::SubjectId.eq(stored.app.id.to_string()))
        .filter(audit_events::Column::Name.eq("entry_changes_asked"))
        .order_by_desc(audit_events::Column::Seq)
        .all(connection)
        .await?;
    for event in asked {
        let body: serde_json::Value = serde_json::from_str(&event.body)?;
        let number = body["version"]
            .as_i64()
            .and_then(|one| i32::try_from(one).ok());
        let Some(number) = number.filter(|number| *number > public) else {
            continue;
        };
        let version = gallery_versions::Entity::find_by_id((stored.row.id, number));
        let Some(version) = version.one(connection).await? else {
            continue;
        };
        let is_same = serde_json::from_str(&version.body).is_ok_and(|one: Listing| one == *listing);
        if is_same {
            return Ok(Some(Problem {
                field: String::new(),
                text: format!(
                    "Nothing differs from version {number}, for which we asked for changes: “{}”. Change the entry, then send it in.",
                    event.reason
                ),
            }));
        }
    }
    Ok(None)
}
