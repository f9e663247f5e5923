//! Where production is reached: by the regions that were named in the application that gave access
//! (open page "Environments").

use crate::{Result, cases::store::submission, entities::grants};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::{AppId, case::GrantStatus};

/// The interface of one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub region: &'static str,
    pub url: &'static str,
}

/// The region as the form has it, its name, and where its users' data are.
const PLACES: [(&str, &str, &str); 5] = [
    ("us", "United States", "https://api.dexcom.com"),
    ("eu", "European Union", "https://api.dexcom.eu"),
    ("uk", "United Kingdom", "https://api.dexcom.eu"),
    ("jp", "Japan", "https://api.dexcom.jp"),
    ("other", "elsewhere", "https://api.dexcom.eu"),
];

/// Those of the newest grant that was not revoked; none where there is none.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn granted(connection: &impl ConnectionTrait, app: AppId) -> Result<Vec<Place>> {
    let grant = grants::Entity::find()
        .filter(grants::Column::AppId.eq(app.0))
        .filter(grants::Column::Status.ne(GrantStatus::Revoked.word()))
        .order_by_desc(grants::Column::StartsAt)
        .one(connection)
        .await?;
    let Some(grant) = grant else {
        return Ok(Vec::new());
    };
    let handed_in = submission::latest(connection, grant.case_id).await?;
    let regions = handed_in
        .and_then(|(_, snapshot)| snapshot.answers.get("regions").cloned())
        .unwrap_or_default();
    let named = |key: &str| regions.split(',').any(|region| region.trim() == key);
    Ok(PLACES
        .into_iter()
        .filter(|(key, ..)| named(key))
        .map(|(_, region, url)| Place { region, url })
        .collect())
}
