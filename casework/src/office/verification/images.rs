//! Images of the gallery against their names: a name follows from what was drawn, and stands in a
//! version of an entry, which the trail binds.

use super::desk_check::DeskTold;
use crate::{
    Result,
    audit::records::Hashed,
    entities::gallery_versions,
    gallery::storage_key,
    images::{image_name, mark_of},
};
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};
use std::collections::BTreeMap;
use trail::{Fault, Wrong};
use uuid::Uuid;
use workflow::gallery::{Image, ImageKind, Listing};

/// An image that a version of an entry shows.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// The event by which a version with it was sent in.
    seq: i64,
    entry: Uuid,
    kind: ImageKind,
    image: Image,
}

/// Every image of every version that was sent in; a version that cannot be read is found by its hash.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn pictures(
    snapshot: &DatabaseTransaction,
    told: &DeskTold,
) -> Result<Vec<Picture>> {
    let by_entry = gallery_versions::Entity::find()
        .order_by_asc(gallery_versions::Column::EntryId)
        .order_by_asc(gallery_versions::Column::Version);
    let rows = super::rows::all(snapshot, by_entry).await?;
    let mut found = BTreeMap::new();
    for row in rows.read {
        let Ok(listing) = serde_json::from_str::<Listing>(&row.body) else {
            continue;
        };
        // A version that no event made is found as such.
        let Some(seq) = told.seq(&row.record()) else {
            continue;
        };
        for (kind, image) in listing.images() {
            let picture = Picture {
                seq,
                entry: row.entry_id,
                kind,
                image: image.clone(),
            };
            found.insert(image.hash.clone(), picture);
        }
    }
    Ok(found.into_values().collect())
}

/// What is wrong with an image, if something is.
pub(super) async fn check(store: &dyn ObjectStore, picture: &Picture) -> Option<Fault> {
    let Picture {
        seq,
        entry,
        kind,
        image,
    } = picture;
    let mut files = Vec::new();
    let mut wrong = None;
    for width in image.widths(*kind) {
        let key = storage_key(*entry, image, width);
        let read = async { store.get(&Path::from(key.as_str())).await?.bytes().await };
        match read.await {
            Ok(bytes) => files.push(bytes),
            Err(object_store::Error::NotFound { .. }) => wrong = Some(Wrong::NoBytes),
            Err(error) => {
                tracing::warn!(%error, key, "a file cannot be read");
                wrong = Some(Wrong::UnreadableFile);
            }
        }
    }
    let name = image_name(mark_of(&image.hash), files.iter().map(AsRef::as_ref));
    if wrong.is_none() && name != image.hash {
        wrong = Some(Wrong::Bytes);
    }
    wrong.map(|wrong| Fault::Record {
        seq: *seq,
        record: format!("image {} of gallery entry {entry}", image.hash),
        wrong,
    })
}
