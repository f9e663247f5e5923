//! Digital Health Partners: which criteria an app has to meet, and how its partnership stands at any
//! date. Both follow from dated facts alone; nothing here reads a clock.

mod criteria;
mod standing;
mod step;

pub use criteria::{
    Accepted, Evidence, FIRST_USER_DAYS, Found, Missing, Proof, Publication, Published, StoreLink,
    criteria, unmet,
};
pub use standing::{Decision, Facts, Grace, Lapse, Standing, standing};
pub use step::{Refused, Step, allowed};

use crate::relation::words;

words! {
    /// What the source asks of a partner.
    Criterion {
        /// Adheres to the Data Licensing Agreement.
        Agreement = "agreement" says "Adheres to the Data Licensing Agreement",
        /// Publishes and supports an app with Full Access.
        App = "app" says "Publishes and supports an app with Full Access",
        /// Has active users of that app.
        Users = "users" says "Has active users",
    }
}

words! {
    /// How a partnership stands.
    State {
        /// Nothing was asked for, or it was taken back.
        None = "none" says "Not a partner",
        /// A partner manager looks at the application next.
        Applied = "applied" says "Applied",
        /// An approver decides next.
        Proposed = "proposed" says "To be decided",
        Declined = "declined" says "Declined",
        Active = "active" says "Partner",
        /// A criterion is not met; the partnership goes on for some time.
        Warned = "warned" says "Partner, warned",
        /// The partnership is not shown to anybody until every criterion is met again.
        Resting = "resting" says "Resting",
        /// Over; it begins again with a new application.
        Ended = "ended" says "Ended",
    }
}

impl State {
    /// To the developer.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::None => "This app is no Digital Health Partner.",
            Self::Applied => "We have your application. A partner manager looks at it next.",
            Self::Proposed => "Your application was looked at. An approver decides next.",
            Self::Declined => "Your application was declined. You can apply again.",
            Self::Active => "This app is a Digital Health Partner.",
            Self::Warned => "This app is a Digital Health Partner, but a criterion is not met.",
            Self::Resting => "The partnership rests until every criterion is met again.",
            Self::Ended => "The partnership has ended. You can apply again.",
        }
    }

    /// Whether the app counts as a partner before everybody: in good standing.
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::Active | Self::Warned)
    }

    /// Whether a partnership was given and has not ended.
    pub const fn is_held(self) -> bool {
        matches!(self, Self::Active | Self::Warned | Self::Resting)
    }
}

#[cfg(test)]
mod criteria_tests;
#[cfg(test)]
mod standing_tests;
