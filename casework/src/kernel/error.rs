//! Why something did not happen. Each kind belongs to one way of telling the person.

use crate::{audit::TrailEntry, policy::NO_RULE, words::spaced};
use std::fmt::Display;
use workflow::{Refusal, form::Problem};

/// What every command and query of this crate answers when it does not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or none that this person may know of.
    #[error("There is nothing here, or nothing that you have access to.")]
    NotFound,
    /// The rules of the workflow stand against it.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The policy stands against it: by which rule, and what would have to be so.
    #[error("{reason}")]
    Forbidden { rule: String, reason: String },
    /// What was typed needs correcting, field by field.
    #[error("{}", texts(problems))]
    Input { problems: Vec<Problem> },
    /// What was typed is shown as it would look; nothing was done.
    #[error("This is how it would look. Nothing has been published yet.")]
    Preview,
    /// A text was put behind what was typed; nothing was done.
    #[error("The text stands behind what you typed. Nothing has been sent yet.")]
    PutIn,
    /// Someone else was faster; what they did.
    #[error("This has changed since you opened it. Nothing of yours was carried out.")]
    Conflict { changes: Vec<TrailEntry> },
    /// The same form has been carried out before; nothing was done this time.
    #[error("This form has been carried out already.")]
    Before,
    /// A form whose key has been used for something else.
    #[error(
        "This form had been sent from this page before, with something else in it. What you sent now was not carried out; look at what is on record and send it again if it is still right."
    )]
    SentOtherwise,
    /// Too often for now.
    #[error("This was tried or done too often. Try again in {}.", wait(*minutes))]
    Throttled { minutes: i64 },
    /// A link that no longer works.
    #[error("This link has expired or was used before. Ask for a new one.")]
    LinkExpired,
    /// What was sent is no form of ours.
    #[error("This form could not be read. Open its page again and send it from there.")]
    Malformed,
    /// Nobody is signed in.
    #[error("Sign in first.")]
    SignedOut,
    /// Somebody else's asking is being answered, and one at a time is enough.
    #[error("{0}")]
    Busy(&'static str),
    /// A stored row does not hold what it must: the table, the row and the column.
    #[error(
        "The record {row} cannot be read. Nothing was changed; tell those who run the desk which record it is."
    )]
    Corrupt { row: String },
    /// The trail is not whole, or what guards it is gone: nothing is written on it.
    #[error(
        "The desk only shows and writes nothing at the moment: its audit trail is not as it was. Nothing was changed; those who run the desk can read what was found."
    )]
    Sealed,
    /// A part of the desk does not answer now; nothing was changed.
    #[error("The desk cannot do this at the moment. Nothing was changed; try again shortly.")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The rule against carrying out what a page says that was drawn for someone else.
pub const OTHER_PERSON: &str = "other_person";

/// The rule that staff have a second factor before they do anything else.
pub const SET_UP_FIRST: &str = "second_factor";

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A single field that needs correcting.
    pub fn field(field: &str, text: impl Into<String>) -> Self {
        Self::Input {
            problems: vec![Problem {
                field: field.to_owned(),
                text: text.into(),
            }],
        }
    }

    /// A denial by a rule of the policy, where there is no case to tell more about.
    pub fn forbidden(rule: impl Into<String>) -> Self {
        let rule = rule.into();
        let reason = rule_text(&rule);
        Self::Forbidden { rule, reason }
    }

    /// A failure below us, kept for the log and hidden from the person.
    pub fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// A row that does not hold what it must; logged, for only operators can repair it.
    pub fn corrupt(table: &str, id: impl Display, column: &str) -> Self {
        let row = format!("{table} {id} ({column})");
        tracing::error!(row, "a stored row cannot be read");
        Self::Corrupt { row }
    }

    /// What is wrong with single fields.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Input { problems } | Self::Refused(Refusal::Input { problems }) => problems,
            _ => &[],
        }
    }

    /// As the log tells of it: of what somebody typed the names of the fields alone.
    pub fn for_the_log(&self) -> String {
        match self.problems() {
            [] => self.to_string(),
            problems => {
                let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
                format!("not as it must be: {}", fields.join(", "))
            }
        }
    }

    /// The HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Preview | Self::PutIn => 200,
            Self::Malformed => 400,
            Self::NotFound => 404,
            Self::Input { .. } | Self::Refused(Refusal::Input { .. }) => 422,
            Self::Refused(_)
            | Self::Conflict { .. }
            | Self::Busy(_)
            | Self::Before
            | Self::SentOtherwise => 409,
            Self::Forbidden { .. } => 403,
            Self::Throttled { .. } => 429,
            Self::LinkExpired => 410,
            Self::SignedOut => 401,
            Self::Corrupt { .. } => 500,
            Self::Unavailable(_) | Self::Sealed => 503,
        }
    }
}

/// How long to wait, as one says it: never less than it takes.
fn wait(minutes: i64) -> String {
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    let (many, unit) = match minutes.max(1) {
        up_to_two_hours @ ..=120 => (up_to_two_hours, "minute"),
        up_to_two_days @ ..=2_880 => ((up_to_two_days + HOUR - 1) / HOUR, "hour"),
        longer => ((longer + DAY - 1) / DAY, "day"),
    };
    format!("{many} {unit}{}", if many == 1 { "" } else { "s" })
}

impl From<::policy::Denied> for Error {
    fn from(denied: ::policy::Denied) -> Self {
        Self::forbidden(denied.0)
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        tracing::error!(%error, "database");
        Self::unavailable(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(%error, "stored record");
        Self::unavailable(error)
    }
}

impl From<trail::Unwritable> for Error {
    fn from(error: trail::Unwritable) -> Self {
        Self::unavailable(error)
    }
}

fn texts(problems: &[Problem]) -> String {
    let texts: Vec<&str> = problems.iter().map(|p| p.text.as_str()).collect();
    texts.join(" ")
}

/// A rule of the policy in the words of the person it stops.
fn rule_text(rule: &str) -> String {
    match rule {
        NO_RULE => "Your role does not include this. For an app, ask its owner; for the desk, an \
                    admin."
            .to_owned(),
        "four_eyes" => "You reviewed this case; someone else decides.".to_owned(),
        "conflict_of_interest" => {
            "You have had a part in this app; someone who has none does this.".to_owned()
        }
        "own_finding" => "You recorded this finding; a second person waives it.".to_owned(),
        "own_request" => "This is your own request: a colleague answers it.".to_owned(),
        "own_conflict" => {
            "This is your own conflict of interest: somebody else says that it stands no longer."
                .to_owned()
        }
        "second_person" => "You wrote this article; somebody else releases it.".to_owned(),
        "proposer" => "You proposed this; somebody else decides.".to_owned(),
        SET_UP_FIRST => {
            "Set up your second factor first; this desk asks it of everybody who works \
                         here."
                .to_owned()
        }
        OTHER_PERSON => {
            "Another person is signed in in this browser by now than when this page was opened. \
                         Nothing was carried out; open the page again to work on it yourself."
                .to_owned()
        }
        other => format!(
            "The rule “{}” of the policy stands against it; someone to whom it does not apply does this.",
            spaced(other)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_said_as_one_says_it() {
        for (minutes, said) in [
            (0, "1 minute"),
            (1, "1 minute"),
            (15, "15 minutes"),
            (120, "120 minutes"),
            (121, "3 hours"),
            (1_440, "24 hours"),
            (2_881, "3 days"),
        ] {
            let text = Error::Throttled { minutes }.to_string();
            assert_eq!(
                text,
                format!("This was tried or done too often. Try again in {said}.")
            );
        }
    }
}
