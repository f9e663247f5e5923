//! The closed lists of the gallery.

use crate::{relation::words, state::Side};

words! {
    /// Where the work on an entry stands. What is public beside it is said by
    /// [`super::Entry::public`].
    State {
        /// The developer writes.
        Draft = "draft",
        /// We look at it.
        InReview = "in_review",
        /// We have said what is to be changed.
        ChangesAsked = "changes_asked",
        /// The newest version is public, and nothing newer is being worked on.
        Published = "published",
        /// It was public and is not any more.
        TakenDown = "taken_down",
    }
}

impl State {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::InReview => "In review",
            Self::ChangesAsked => "Changes asked",
            Self::Published => "Published",
            Self::TakenDown => "Taken down",
        }
    }

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
        Ios = "ios",
        Android = "android",
        Web = "web",
        Windows = "windows",
        Macos = "macos",
        Watch = "watch",
    }
}

impl Platform {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ios => "iPhone and iPad",
            Self::Android => "Android",
            Self::Web => "Web browser",
            Self::Windows => "Windows",
            Self::Macos => "Mac",
            Self::Watch => "Watches",
        }
    }
}

words! {
    /// Where an app can be had.
    Region {
        UnitedStates = "us",
        Canada = "ca",
        LatinAmerica = "latin_america",
        EuropeanUnion = "eu",
        UnitedKingdom = "uk",
        MiddleEast = "middle_east",
        Africa = "africa",
        Asia = "asia",
        Oceania = "oceania",
    }
}

impl Region {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnitedStates => "United States",
            Self::Canada => "Canada",
            Self::LatinAmerica => "Latin America",
            Self::EuropeanUnion => "European Union",
            Self::UnitedKingdom => "United Kingdom",
            Self::MiddleEast => "Middle East",
            Self::Africa => "Africa",
            Self::Asia => "Asia",
            Self::Oceania => "Australia and Oceania",
        }
    }
}

words! {
    /// A language an app speaks, by its tag (BCP 47).
    Language {
        Ar = "ar",
        Cs = "cs",
        Da = "da",
        De = "de",
        El = "el",
        En = "en",
        Es = "es",
        Fi = "fi",
        Fr = "fr",
        He = "he",
        Hi = "hi",
        It = "it",
        Ja = "ja",
        Ko = "ko",
        Nb = "nb",
        Nl = "nl",
        Pl = "pl",
        Pt = "pt",
        Sv = "sv",
        Tr = "tr",
        Uk = "uk",
        Zh = "zh",
    }
}

impl Language {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ar => "Arabic",
            Self::Cs => "Czech",
            Self::Da => "Danish",
            Self::De => "German",
            Self::El => "Greek",
            Self::En => "English",
            Self::Es => "Spanish",
            Self::Fi => "Finnish",
            Self::Fr => "French",
            Self::He => "Hebrew",
            Self::Hi => "Hindi",
            Self::It => "Italian",
            Self::Ja => "Japanese",
            Self::Ko => "Korean",
            Self::Nb => "Norwegian",
            Self::Nl => "Dutch",
            Self::Pl => "Polish",
            Self::Pt => "Portuguese",
            Self::Sv => "Swedish",
            Self::Tr => "Turkish",
            Self::Uk => "Ukrainian",
            Self::Zh => "Chinese",
        }
    }
}

words! {
    /// Where an entry leads.
    Store {
        Apple = "apple",
        Google = "google",
        /// Another store, or the app's own site.
        Other = "other",
    }
}

impl Store {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Apple => "App Store",
            Self::Google => "Google Play",
            Self::Other => "Other store or site",
        }
    }

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
        Logo = "logo",
        Screenshot = "screenshot",
    }
}

impl ImageKind {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Logo => "Logo",
            Self::Screenshot => "Screenshots",
        }
    }

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
