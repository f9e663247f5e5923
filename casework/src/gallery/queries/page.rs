//! One entry, as everybody sees it.

use crate::{
    Desk, Error, Result,
    entities::{
        apps,
        gallery_entries::{self, Column as C},
    },
    gallery::store::Stored,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use workflow::{Timestamp, gallery::Listing};

/// An entry that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPage {
    pub slug: String,
    pub listing: Listing,
    pub published: Option<Timestamp>,
}

/// The entry at this address.
///
/// # Errors
/// [`Error::NotFound`] where nothing is shown there at this moment; [`Error::Corrupt`].
pub async fn entry_page(desk: &Desk, slug: &str) -> Result<EntryPage> {
    let database = desk.database.read();
    let row = gallery_entries::Entity::find()
        .filter(C::Slug.eq(slug))
        .filter(C::PublicVersion.is_not_null())
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let app = apps::Entity::find_by_id(row.app_id)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::of(database, app, row, desk.now()).await?;
    if !stored.is_shown() {
        return Err(Error::NotFound);
    }
    Ok(EntryPage {
        listing: stored.public.ok_or(Error::NotFound)?,
        slug: stored.row.slug,
        published: stored.row.published_at.map(Timestamp::from_micros),
    })
}
