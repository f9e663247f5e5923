//! Say what the images of an entry show, and remove one.

use super::EntryStep;
use crate::{
    Caller, Desk, Error, Result,
    input::{Keyed, input},
};
use serde_json::json;
use workflow::{
    AppId,
    gallery::{ALT, ActionKind, faults},
    text::line,
};

input! {
    /// What each screenshot shows, by the hash of the screenshot.
    pub struct DescribeImagesInput for "describe_gallery_images" OnDesk {
        hidden app: AppId;
        hidden version: u64;
        keyed alts: String = "What it shows" after "alt_" up to ALT;
    }
}

input! {
    /// The image that goes.
    pub struct RemoveImageInput for "remove_gallery_image" OnDesk {
        hidden app: AppId;
        hidden image: String;
    }
}

input! {
    /// The screenshot that changes its place; the button says in which direction.
    pub struct MoveScreenshotInput for "move_gallery_screenshot" OnDesk {
        hidden app: AppId;
        hidden image: String;
        typed earlier: bool = "Earlier";
    }
}

/// Saves what stands for each screenshot where it cannot be seen. What is said of an image that the
/// entry does not have is passed over.
///
/// # Errors
/// As [`super::save_entry`].
pub async fn describe_gallery_images(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: u64,
    alts: &Keyed<String>,
) -> Result<()> {
    let kind = ActionKind::Edit;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    let mut listing = step.stored.listing();
    for shot in &mut listing.screenshots {
        if let Some(alt) = alts.get(&shot.image.hash) {
            shot.alt = line(alt);
        }
    }
    let problems = faults(&listing);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    step.decide(kind)?;
    step.commit_draft(&listing, "entry_images_described", json!({}))
        .await
}

/// Removes an image from what is being written; what is public keeps it.
///
/// # Errors
/// As [`super::save_entry`]; [`Error::NotFound`] where the entry has no such image.
pub async fn remove_gallery_image(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    image: &str,
) -> Result<()> {
    let kind = ActionKind::Edit;
    let mut step = EntryStep::begin_beside(desk, caller, app, kind).await?;
    let mut listing = step.stored.listing();
    let before = listing.images().count();
    listing.logo = listing.logo.filter(|logo| logo.hash != image);
    listing.screenshots.retain(|shot| shot.image.hash != image);
    if listing.images().count() == before {
        return Err(Error::NotFound);
    }
    step.decide(kind)?;
    step.commit_draft(&listing, "entry_image_removed", json!({ "image": image }))
        .await
}

/// Moves a screenshot of what is being written one place earlier or later.
///
/// # Errors
/// As [`super::save_entry`]; [`Error::NotFound`] where the entry has no such screenshot;
/// [`Error::Conflict`] where it is the first or the last already.
pub async fn move_gallery_screenshot(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    image: &str,
    earlier: bool,
) -> Result<()> {
    let kind = ActionKind::Edit;
    let mut step = EntryStep::begin_beside(desk, caller, app, kind).await?;
    let mut listing = step.stored.listing();
    let shots = &mut listing.screenshots;
    let place = shots.iter().position(|shot| shot.image.hash == image);
    let place = place.ok_or(Error::NotFound)?;
    let to = if earlier {
        place.checked_sub(1)
    } else {
        Some(place + 1).filter(|to| *to < shots.len())
    };
    let to = to.ok_or(Error::Conflict {
        changes: Vec::new(),
    })?;
    shots.swap(place, to);
    step.decide(kind)?;
    let body = json!({ "image": image, "place": to + 1 });
    step.commit_draft(&listing, "entry_screenshot_moved", body)
        .await
}
