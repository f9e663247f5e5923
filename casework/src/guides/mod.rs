//! The open pages: what anybody reads before registering. Each is Markdown. The desk brings a text of
//! its own for every page; a version that an admin publishes stands in its place.

pub mod commands;
mod links;
mod markdown;
mod pack;
pub mod queries;
mod store;
mod takes;

pub(crate) use links::{is_link, missing};
pub use pack::{ChecklistPack, checklist_pack};
pub use takes::{Taken, sentence as taken_text};
pub(crate) use takes::{Takes, Told};

macro_rules! guides {
    ($($variant:ident = $word:literal at $path:literal;)+) => {
        /// An open page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Guide {
            $(#[doc = $path] $variant),+
        }

        impl Guide {
            /// Every one, in the order in which they are read.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of the database.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Its address.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$variant => $path),+ }
            }

            /// The text that the desk brings along.
            pub const fn built_in(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../reference/guides/", $word, ".md"))),+
                }
            }
        }
    };
}

guides! {
    Overview = "overview" at "/";
    Environments = "environments" at "/environments";
    Scopes = "scopes" at "/scopes";
    Sandbox = "sandbox" at "/sandbox";
    LimitedAccess = "limited-access" at "/guides/limited-access";
    FullAccess = "full-access" at "/guides/full-access";
}

impl Guide {
    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|guide| guide.word() == word)
    }

    /// The page at an address.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|guide| guide.path() == path)
    }
}

/// The longest text of an open page, in characters.
pub const LONGEST_GUIDE: usize = 60_000;
