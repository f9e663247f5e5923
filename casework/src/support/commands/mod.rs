//! What people do with support requests.

mod articles;
mod canned;
mod clock;
mod developer;
mod next_request;
mod open_request;
mod request_files;
mod request_step;
mod seat;
mod staff;
mod to_elsewhere;

pub use articles::{
    DecideArticleInput, Decision, TakeOutArticleInput, WriteArticleInput, decide_article,
    take_out_article, write_article,
};
pub use canned::{PublishCannedTextInput, publish_canned_text, put_behind, put_in_canned_text};
pub use clock::look_after_requests;
pub use developer::{
    AnswerRequestInput, CloseRequestInput, RateRequestInput, ReopenRequestInput, answer_request,
    close_request, rate_request, reopen_request,
};
pub use next_request::{NextRequestInput, next_request};
pub use open_request::{OpenRequestInput, REQUESTS_A_DAY, open_request};
pub(super) use request_files::unsent;
pub use request_files::{
    AddRequestFileInput, FILES, Files, RemoveRequestFileInput, add_request_file,
    discard_request_files, receive_request_file, remove_request_file,
};
pub(super) use request_step::Said;
pub use request_step::Seen;
pub use seat::{AssignRequestInput, ReleaseRequestInput, assign_request, release_request};
pub use staff::{
    LinkRequestInput, NoteRequestInput, ReplyRequestInput, UnlinkRequestInput, link_request,
    note_on_request, reply_to_request, unlink_request,
};
pub use to_elsewhere::{MergeRequestInput, MoveRequestInput, merge_request, move_request};

/// The longest text of a message or a note, in characters.
pub const LONGEST_MESSAGE: usize = workflow::limits::TEXT_CHARACTERS;

/// A message that must say something, by its label on the form.
fn message(label: &str, text: &str) -> crate::Result<String> {
    crate::typed::required("text", label, text, "write something.")
}
