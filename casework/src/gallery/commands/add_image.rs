//! Add an image to an entry: its bytes are read up to a limit, decoded and drawn anew before the step
//! itself.

use super::{EntryStep, entry_step::permitted};
use crate::{
    Caller, Desk, Error, Result,
    entities::gallery_images,
    files::clean_name,
    gallery::{queries::folder_of, store::Stored},
    images::{Received, receive},
    input::input,
    limits::{self, GALLERY_IMAGES},
};
use bytes::Bytes;
use futures_util::Stream;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use workflow::{
    AppId, Refusal,
    gallery::{ActionKind, ImageKind, MOST_SCREENSHOTS, Screenshot, decide},
};

input! {
    /// The form that adds images; the files themselves are no texts.
    pub struct AddGalleryImageInput for "add_gallery_image" OnDesk {
        keyed files: String = "Images" after "" up to 0;
    }
}

/// The most images of one entry that are held, those of earlier versions included.
const MOST_HELD: u64 = 200;

/// Adds an image. `name` is the file's name as the browser sends it, `bytes` its content as it
/// arrives; nothing of a refused file is kept. A logo takes the place of the one before.
///
/// # Errors
/// [`Error::NotFound`] to those who are no members of the app, and before its texts were saved;
/// [`Error::Input`] for a file that is too large, of too many pixels, of a kind that is not taken, or a
/// screenshot that the entry has already;
/// [`Error::Refused`].
pub async fn add_gallery_image<S, E>(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    kind: ImageKind,
    name: &str,
    bytes: S,
) -> Result<()>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let stored = Stored::load(desk.database.read(), app, false, desk.now()).await?;
    permitted(&desk.policy.snapshot(), &stored, caller, ActionKind::Edit)?;
    decide(&stored.entry, ActionKind::Edit, stored.facts()).map_err(Refusal::Gallery)?;
    limits::take(desk, &GALLERY_IMAGES, &caller.person.to_string()).await?;
    let shown = clean_name(name);
    let wrong = |text: String| Error::field(kind.word(), format!("{shown}: {text}"));
    has_room(&stored, kind).map_err(&wrong)?;
    let received = receive(kind, bytes).await?.map_err(&wrong)?;
    let folder = folder_of(stored.row.id);
    received.put(desk, &folder).await?;
    let saying = desk.saying(&[kind.word(), name, &received.sha256]);
    let outcome = keep(&saying, caller, app, kind, &shown, &received).await;
    if outcome.is_err() {
        received.discard(desk, &folder).await;
    }
    match outcome {
        // The same file of the same form has been added already.
        Err(Error::Before) => Ok(()),
        other => other,
    }
}

fn has_room(stored: &Stored, kind: ImageKind) -> Result<(), String> {
    let full = stored.listing().screenshots.len() >= MOST_SCREENSHOTS;
    if kind == ImageKind::Screenshot && full {
        return Err(format!(
            "an entry has at most {MOST_SCREENSHOTS} screenshots. Remove one first."
        ));
    }
    Ok(())
}

async fn keep(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    kind: ImageKind,
    name: &str,
    received: &Received,
) -> Result<()> {
    let image = &received.image;
    let mut step = EntryStep::begin_beside(desk, caller, app, ActionKind::Edit).await?;
    let wrong = |text: String| Error::field(kind.word(), format!("{name}: {text}"));
    has_room(&step.stored, kind).map_err(&wrong)?;
    let mut listing = step.stored.listing();
    let mut shots = listing.screenshots.iter();
    if kind == ImageKind::Screenshot
        && let Some(at) = shots.position(|shot| received.shows(&shot.image.hash))
    {
        return Err(wrong(format!(
            "this picture is in the entry already, as screenshot {}.",
            at + 1
        )));
    }
    let entry = step.stored.row.id;
    let held = gallery_images::Entity::find()
        .filter(gallery_images::Column::EntryId.eq(entry))
        .count(step.transaction())
        .await?;
    if held >= MOST_HELD {
        return Err(wrong(format!(
            "an entry may hold {MOST_HELD} images, those of earlier versions and those removed in the last days included. Come back in a few days."
        )));
    }
    match kind {
        ImageKind::Logo => listing.logo = Some(image.clone()),
        ImageKind::Screenshot => listing.screenshots.push(Screenshot {
            image: image.clone(),
            alt: String::new(),
        }),
    }
    step.decide(ActionKind::Edit)?;
    let number = |number: u32| i32::try_from(number).map_err(Error::unavailable);
    let row = gallery_images::Model {
        hash: image.hash.clone(),
        entry_id: entry,
        kind: kind.word().to_owned(),
        ext: image.ext.clone(),
        width: number(image.width)?,
        height: number(image.height)?,
        name: name.to_owned(),
        added_by: caller.person.0,
        added_at: step.now.micros(),
    };
    gallery_images::Entity::insert(gallery_images::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    let body = json!({ "image": image.hash, "kind": kind.word() });
    step.commit_draft(&listing, "entry_image_added", body).await
}
