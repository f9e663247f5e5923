//! What people see of the gallery.

mod down;
mod grid;
mod image;
mod mine;
mod page;
mod review;

pub use down::Down;
pub use grid::{Grid, GridEntry, GridFilter, PAGE, grid, shown};
pub use image::{EntryImage, gallery_image};
pub(crate) use image::{folder_of, hash_in, keys_of, storage_key};
pub use mine::{MyEntry, my_entry};
pub use page::{EntryPage, entry_page};
pub use review::{ENTRIES_PAGE, EntryLine, EntryReview, ReviewQueue, entry_review, review_queue};
