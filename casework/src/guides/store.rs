//! The versions of open pages as the database has them.

use super::Guide;
use crate::{
    Result,
    digest::sha256,
    entities::guides::{Column as C, Entity, Model},
    rows,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::Timestamp;

/// One version of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    /// 0 for the text that the desk brings along.
    pub version: u32,
    pub body: String,
    pub sha256: String,
    pub published_at: Option<Timestamp>,
    pub published_by: Option<uuid::Uuid>,
    /// The hash of the text that the desk brought along at that time.
    pub built_in_sha256: String,
}

impl Stored {
    /// The text that the desk brings along.
    pub fn built_in(guide: Guide) -> Self {
        let sha256 = sha256(guide.built_in().as_bytes());
        Self {
            version: 0,
            body: guide.built_in().to_owned(),
            built_in_sha256: sha256.clone(),
            sha256,
            published_at: None,
            published_by: None,
        }
    }

    pub fn of(row: Model) -> Result<Self> {
        Ok(Self {
            version: rows::number(row.version, "guides", &row.guide, "version")?,
            body: row.body,
            sha256: row.sha256,
            published_at: Some(Timestamp::from_micros(row.published_at)),
            published_by: Some(row.published_by),
            built_in_sha256: row.built_in_sha256,
        })
    }
}

/// What stands at a page now.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn newest(connection: &impl ConnectionTrait, guide: Guide) -> Result<Stored> {
    let row = Entity::find()
        .filter(C::Guide.eq(guide.word()))
        .order_by_desc(C::Version)
        .one(connection)
        .await?;
    row.map_or_else(|| Ok(Stored::built_in(guide)), Stored::of)
}

/// One version of a page; none where there is no such version.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn version(
    connection: &impl ConnectionTrait,
    guide: Guide,
    version: u32,
) -> Result<Option<Stored>> {
    if version == 0 {
        return Ok(Some(Stored::built_in(guide)));
    }
    let Ok(number) = i32::try_from(version) else {
        return Ok(None);
    };
    let row = Entity::find_by_id((guide.word().to_owned(), number))
        .one(connection)
        .await?;
    row.map(Stored::of).transpose()
}
