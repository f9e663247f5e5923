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
        Agreement = "agreement",
        /// Publishes and supports an app with Full Access.
        App = "app",
        /// Has active users of that app.
        Users = "users",
    }
}

impl Criterion {
    /// As the programme's page says it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Agreement => "Adheres to the Data Licensing Agreement",
            Self::App => "Publishes and supports an app with Full Access",
            Self::Users => "Has active users",
        }
    }
}

words! {
    /// How a partnership stands.
    State {
        /// Nothing was asked for, or it was taken back.
        None = "none",
        /// A partner manager looks at the application next.
        Applied = "applied",
        /// An approver decides next.
        Proposed = "proposed",
        Declined = "declined",
        Active = "active",
        /// A criterion is not met; the partnership goes on for some time.
        Warned = "warned",
        /// The partnership is not shown to anybody until every criterion is met again.
        Resting = "resting",
        /// Over; it begins again with a new application.
        Ended = "ended",
    }
}

impl State {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "No partner",
            Self::Applied => "Applied",
            Self::Proposed => "To be decided",
            Self::Declined => "Declined",
            Self::Active => "Partner",
            Self::Warned => "Partner, warned",
            Self::Resting => "Resting",
            Self::Ended => "Ended",
        }
    }

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
