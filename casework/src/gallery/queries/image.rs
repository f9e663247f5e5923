//! The bytes of an image in one of its widths.

use crate::{
    Caller, Desk, Error, Result,
    entities::{apps, gallery_entries, gallery_images, gallery_versions},
    gallery::store::Stored,
    images::{key_of, open, parts},
    policy::GalleryAct,
    rows,
};
use bytes::Bytes;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;
use workflow::gallery::{Image, ImageKind};

/// An image, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryImage {
    /// To be sent together with `X-Content-Type-Options: nosniff`.
    pub mime: &'static str,
    pub bytes: Bytes,
    /// Whether it is of an entry that everybody may see: then anybody may keep it.
    pub is_public: bool,
}

/// Where the images of an entry lie.
pub(crate) fn folder_of(entry: Uuid) -> String {
    format!("gallery/{entry}")
}

/// Where the bytes of an image lie.
pub(crate) fn storage_key(entry: Uuid, image: &Image, width: u32) -> String {
    key_of(&folder_of(entry), image, width)
}

/// Where the bytes of an image lie, in all of its widths.
///
/// # Errors
/// [`Error::Corrupt`].
pub(crate) fn keys_of(row: &gallery_images::Model) -> Result<Vec<String>> {
    let (kind, image) = read(row)?;
    Ok(image
        .widths(kind)
        .into_iter()
        .map(|width| storage_key(row.entry_id, &image, width))
        .collect())
}

/// The hash in the name of a stored image; none in what is no image of the gallery.
pub(crate) fn hash_in(key: &str) -> Option<&str> {
    let name = key.strip_prefix("gallery/")?.rsplit('/').next()?;
    parts(name).map(|(hash, ..)| hash)
}

/// An image as its row has it.
fn read(row: &gallery_images::Model) -> Result<(ImageKind, Image)> {
    let kind = ImageKind::from_word(&row.kind)
        .ok_or_else(|| Error::corrupt("gallery_images", &row.hash, "kind"))?;
    let number = |number: i32, column| rows::number(number, "gallery_images", &row.hash, column);
    let image = Image {
        hash: row.hash.clone(),
        ext: row.ext.clone(),
        width: number(row.width, "width")?,
        height: number(row.height, "height")?,
    };
    Ok((kind, image))
}

/// Opens the image of this name, such as `3fa4…-640.jpg`: what is public to everybody, the rest to
/// those who may see the entry.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] when the store does not answer.
pub async fn gallery_image(desk: &Desk, caller: Option<&Caller>, name: &str) -> Result<EntryImage> {
    let (hash, width, ext) = parts(name).ok_or(Error::NotFound)?;
    let database = desk.database.read();
    let row = gallery_images::Entity::find_by_id(hash)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let (kind, image) = read(&row)?;
    if ext != image.ext || !image.widths(kind).contains(&width) {
        return Err(Error::NotFound);
    }
    let is_public = is_public(desk, caller, row.entry_id, &image).await?;
    let (mime, bytes) = open(desk, &folder_of(row.entry_id), &image, width).await?;
    Ok(EntryImage {
        mime,
        bytes,
        is_public,
    })
}

/// Whether a version that was sent in has it.
async fn was_sent_in(desk: &Desk, entry: Uuid, image: &Image) -> Result<bool> {
    let versions = gallery_versions::Entity::find()
        .filter(gallery_versions::Column::EntryId.eq(entry))
        .filter(gallery_versions::Column::Body.contains(&image.hash))
        .count(desk.database.read())
        .await?;
    Ok(versions > 0)
}

/// Whether everybody may see it.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see it.
async fn is_public(
    desk: &Desk,
    caller: Option<&Caller>,
    entry: Uuid,
    image: &Image,
) -> Result<bool> {
    let database = desk.database.read();
    let row = gallery_entries::Entity::find_by_id(entry)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let app = apps::Entity::find_by_id(row.app_id)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::of(database, app, row, desk.now()).await?;
    let public = stored.public.as_ref();
    let named = public.is_some_and(|listing| listing.images().any(|(_, one)| one == image));
    if stored.is_shown() && named {
        return Ok(true);
    }
    let caller = caller.ok_or(Error::NotFound)?;
    let (policy, subject) = (desk.policy.snapshot(), stored.subject_of(caller));
    let reads = |act: GalleryAct| policy.allows(&subject, act);
    // What was sent in is its members' and our side's; what is in the draft alone, its members'.
    let sent_in = was_sent_in(desk, entry, image).await?;
    let is_written = stored.listing().images().any(|(_, one)| one == image);
    if reads(GalleryAct::Read) && (is_written || sent_in)
        || reads(GalleryAct::ReadInternal) && sent_in
    {
        Ok(false)
    } else {
        Err(Error::NotFound)
    }
}
