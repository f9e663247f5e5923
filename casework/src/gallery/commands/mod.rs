//! What people do with entries of the gallery.

mod add_image;
mod developer;
mod edit;
mod entry_step;
mod images;
mod review;
mod send_in;

pub use add_image::{AddGalleryImageInput, add_gallery_image};
pub use developer::{
    DiscardEntryInput, TakeBackEntryInput, UnlistEntryInput, discard_entry, take_back_entry,
    unlist_entry,
};
pub use edit::{SaveEntryInput, save_entry};
pub(super) use entry_step::EntryStep;
pub use images::{
    DescribeImagesInput, MoveScreenshotInput, RemoveImageInput, describe_gallery_images,
    move_gallery_screenshot, remove_gallery_image,
};
pub use review::{
    AskEntryChangesInput, PublishEntryInput, TakeDownEntryInput, ask_entry_changes, publish_entry,
    take_down_entry,
};
pub use send_in::{SendInEntryInput, send_in_entry};

/// The longest text with which we ask for changes or take something down, in characters.
pub const LONGEST_REASON: usize = 2_000;
