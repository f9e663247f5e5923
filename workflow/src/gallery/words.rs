//! The closed lists of the gallery.

use crate::{relation::words, state::Side};

words! {
    /// Where the work on an entry stands. What is public beside it is said by
    /// [`super::Entry::public`].
    State {
        /// The developer writes.
        Draft = "draft" says "Draft",
        /// We look at it.
        InReview = "in_review" says "In review",
        /// We have said what is to be changed.
        ChangesAsked = "changes_asked" says "Changes asked",
        /// The newest version is public, and nothing newer is being worked on.
        Published = "published" says "Published",
        /// It was public and is not any more.
        TakenDown = "taken_down" says "Taken down",
    }
}

impl State {
    /// To the developer.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Draft => "You are writing. We see it once you send it in.",
            Self::InReview => "We are looking at what you sent in.",
            Self::ChangesAsked => "We have asked for changes. It is your turn.",
            Self::Published => "The newest version is in the gallery.",
            Self::TakenDown => "The entry is not in the gallery any more.",
        }
    }

    /// Whose turn it is.
    pub const fn side(self) -> Side {
        match self {
            Self::InReview => Side::Us,
            Self::Draft | Self::ChangesAsked => Side::Developer,
            Self::Published | Self::TakenDown => Side::Nobody,
        }
    }
}

words! {
    /// What an app runs on.
    Platform {
        Ios = "ios" says "iPhone and iPad",
        Android = "android" says "Android",
        Web = "web" says "Web browser",
        Windows = "windows" says "Windows",
        Macos = "macos" says "Mac",
        Watch = "watch" says "Watches",
    }
}

words! {
    /// Where an app can be had.
    Region {
        UnitedStates = "us" says "United States",
        Canada = "ca" says "Canada",
        LatinAmerica = "latin_america" says "Latin America",
        EuropeanUnion = "eu" says "European Union",
        UnitedKingdom = "uk" says "United Kingdom",
        MiddleEast = "middle_east" says "Middle East",
        Africa = "africa" says "Africa",
        Asia = "asia" says "Asia",
        Oceania = "oceania" says "Australia and Oceania",
    }
}

words! {
    /// A language an app speaks, by its tag (BCP 47).
    Language {
        Ar = "ar" says "Arabic",
        Cs = "cs" says "Czech",
        Da = "da" says "Danish",
        De = "de" says "German",
        El = "el" says "Greek",
        En = "en" says "English",
        Es = "es" says "Spanish",
        Fi = "fi" says "Finnish",
        Fr = "fr" says "French",
        He = "he" says "Hebrew",
        Hi = "hi" says "Hindi",
        It = "it" says "Italian",
        Ja = "ja" says "Japanese",
        Ko = "ko" says "Korean",
        Nb = "nb" says "Norwegian",
        Nl = "nl" says "Dutch",
        Pl = "pl" says "Polish",
        Pt = "pt" says "Portuguese",
        Sv = "sv" says "Swedish",
        Tr = "tr" says "Turkish",
        Uk = "uk" says "Ukrainian",
        Zh = "zh" says "Chinese",
    }
}

words! {
    /// Where an entry leads.
    Store {
        Apple = "apple" says "App Store",
        Google = "google" says "Google Play",
        /// Another store, or the app's own site.
        Other = "other" says "Other store or site",
    }
}

impl Store {
    /// The hosts of its pages; none where any will do.
    pub const fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::Apple => &["apps.apple.com"],
            Self::Google => &["play.google.com"],
            Self::Other => &[],
        }
    }
}

words! {
    /// What an image is for.
    ImageKind {
        Logo = "logo" says "Logo",
        Screenshot = "screenshot" says "Screenshots",
    }
}

impl ImageKind {
    /// The widths in which it is drawn, in pixels; the last is the most.
    pub const fn widths(self) -> &'static [u32] {
        match self {
            Self::Logo => &[96, 256, 512],
            Self::Screenshot => &[320, 640, 1_280],
        }
    }

    /// The least of both sides, in pixels.
    pub const fn least(self) -> u32 {
        match self {
            Self::Logo => 96,
            Self::Screenshot => 240,
        }
    }
}
