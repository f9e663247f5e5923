//! Steps on entries of the gallery.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Result,
    gallery::commands::{
        self, AskEntryChangesInput, DescribeImagesInput, DiscardEntryInput, MoveScreenshotInput,
        PublishEntryInput, RemoveImageInput, SaveEntryInput, SendInEntryInput, TakeBackEntryInput,
        TakeDownEntryInput, UnlistEntryInput,
    },
};
use workflow::AppId;

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(save_entry),
        Step::new(describe_gallery_images),
        Step::new(remove_gallery_image),
        Step::new(move_gallery_screenshot),
        Step::new(send_in_entry),
        Step::new(take_back_entry),
        Step::new(discard_entry),
        Step::new(unlist_entry),
        Step::new(ask_entry_changes),
        Step::new(publish_entry),
        Step::new(take_down_entry),
    ]
}

fn to_mine(app: AppId, done: Done) -> Next {
    Next::to(format!("/apps/{app}/gallery")).saying(done)
}

fn to_images(app: AppId, done: Done) -> Next {
    Next::to(format!("/apps/{app}/gallery/images")).saying(done)
}

fn to_review(app: AppId, done: Done) -> Next {
    Next::to(format!("/gallery/review/{app}")).saying(done)
}

/// Saves the texts of an entry.
async fn save_entry(visit: Visit, input: SaveEntryInput) -> Result<Next> {
    commands::save_entry(&visit.desk, visit.caller()?, &input).await?;
    Ok(to_mine(input.app, Done::EntrySaved))
}

/// Saves what the screenshots show.
async fn describe_gallery_images(visit: Visit, input: DescribeImagesInput) -> Result<Next> {
    let (app, seen) = (input.app, input.version);
    let (desk, caller) = (&visit.desk, visit.caller()?);
    commands::describe_gallery_images(desk, caller, app, seen, &input.alts).await?;
    Ok(to_mine(app, Done::EntrySaved))
}

/// Removes an image.
async fn remove_gallery_image(visit: Visit, input: RemoveImageInput) -> Result<Next> {
    let app = input.app;
    commands::remove_gallery_image(&visit.desk, visit.caller()?, app, &input.image).await?;
    Ok(to_images(app, Done::ImageRemoved))
}

/// Sends an entry in for review.
async fn send_in_entry(visit: Visit, input: SendInEntryInput) -> Result<Next> {
    let app = input.app;
    commands::send_in_entry(&visit.desk, visit.caller()?, app, input.version).await?;
    Ok(to_mine(app, Done::EntrySentIn))
}

/// Takes an entry back out of the review.
async fn take_back_entry(visit: Visit, input: TakeBackEntryInput) -> Result<Next> {
    let app = input.app;
    commands::take_back_entry(&visit.desk, visit.caller()?, app, input.version).await?;
    Ok(to_mine(app, Done::EntryTakenBack))
}

/// Discards what is being written.
async fn discard_entry(visit: Visit, input: DiscardEntryInput) -> Result<Next> {
    let app = input.app;
    commands::discard_entry(&visit.desk, visit.caller()?, app, input.version).await?;
    Ok(to_mine(app, Done::EntryDiscarded))
}

/// Takes the public version out of the gallery, as its developer.
async fn unlist_entry(visit: Visit, input: UnlistEntryInput) -> Result<Next> {
    let app = input.app;
    commands::unlist_entry(&visit.desk, visit.caller()?, app, input.version).await?;
    Ok(to_mine(app, Done::EntryTakenDown))
}

/// Asks for changes.
async fn ask_entry_changes(visit: Visit, input: AskEntryChangesInput) -> Result<Next> {
    let (app, seen) = (input.app, input.version);
    commands::ask_entry_changes(&visit.desk, visit.caller()?, app, seen, &input.text).await?;
    Ok(to_review(app, Done::EntryChangesAsked))
}

/// Publishes what was sent in.
async fn publish_entry(visit: Visit, input: PublishEntryInput) -> Result<Next> {
    let app = input.app;
    commands::publish_entry(&visit.desk, visit.caller()?, app, input.version).await?;
    Ok(to_review(app, Done::EntryPublished))
}

/// Takes the public version down.
async fn take_down_entry(visit: Visit, input: TakeDownEntryInput) -> Result<Next> {
    let (app, seen) = (input.app, input.version);
    commands::take_down_entry(&visit.desk, visit.caller()?, app, seen, &input.reason).await?;
    Ok(to_review(app, Done::EntryTakenDown))
}

/// Moves a screenshot one place.
async fn move_gallery_screenshot(visit: Visit, input: MoveScreenshotInput) -> Result<Next> {
    let (app, image, earlier) = (input.app, &input.image, input.earlier);
    let caller = visit.caller()?;
    commands::move_gallery_screenshot(&visit.desk, caller, app, image, earlier).await?;
    Ok(to_images(app, Done::ScreenshotMoved))
}
