//! What open pages of the reviewing side are told as it happens: what others did to a case, and who
//! has it open. It is told and never decides: no lock, and nothing of what somebody types.
//!
//! Each instance has one [`Reader`]. It looks where the trail ends and who looks at what, several
//! times a second as long as anybody listens, and at once after a step of its own instance; what is
//! new it hands to each [`Stream`] whose reader may read the inside of the case. So it is the
//! database that carries news from one instance to another, and a page that waits costs no query.

mod doors;
mod news;
mod presence;
mod reader;
mod streams;

pub use news::News;
pub use presence::Here;
pub(crate) use presence::{STILL_LOOKING, STILL_WRITING};
pub use reader::Reader;
pub(crate) use streams::Live;
pub use streams::{Listener, MOST_OF_ONE, Stream, listen};

use serde::Serialize;

/// One thing that an open page is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// Something happened to a case.
    Case(News),
    /// Who has a case open now.
    Here(Here),
    /// More has happened since the page was drawn than is told one by one.
    Much {
        /// Up to where in the trail.
        seq: i64,
    },
}

impl Told {
    /// Up to where in the trail its reader knows everything that concerns them; none where it tells
    /// of nothing in the trail.
    pub const fn seq(&self) -> Option<i64> {
        match self {
            Self::Case(News { seq, .. }) | Self::Much { seq } => Some(*seq),
            Self::Here(_) => None,
        }
    }
}
