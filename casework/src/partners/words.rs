//! What speaks for a criterion and what it lacks, in words.

use crate::words::{date, day};
use workflow::partners::{Found, Missing, Proof};

/// What speaks for a criterion, as a sentence.
pub fn proof(proof: &Proof) -> String {
    match proof {
        Proof::Accepted(accepted) => format!(
            "Version {} of the agreement was accepted on {}.",
            accepted.version,
            day(accepted.at)
        ),
        Proof::AcceptBy { version, by } => {
            format!("Version {version} is to be accepted by {}.", day(*by))
        }
        Proof::FullSince(since) => format!("The app has Full Access since {}.", day(*since)),
        Proof::AvailableSince(since) => {
            format!(
                "Everybody has been able to get the app since {}.",
                date(*since)
            )
        }
        Proof::LinkAnswers { address, at } => match at {
            Some(at) => format!("{address} answered on {}.", day(*at)),
            None => format!("{address} has not been visited yet."),
        },
        Proof::LinkFails { address, since } => {
            format!("{address} does not answer since {}.", day(*since))
        }
        Proof::ContactConfirmed { at, until } => format!(
            "The support contact was confirmed on {}; that holds until {}.",
            day(*at),
            date(*until)
        ),
        Proof::FirstUser(day) => format!("The first active user came on {}.", date(*day)),
        Proof::LastUser { day, until } => format!(
            "The last day with an active user is {}; that holds until {}.",
            date(*day),
            date(*until)
        ),
    }
}

/// What a criterion lacks, as a sentence that says what to do.
pub fn missing(missing: &Missing) -> String {
    match missing {
        Missing::Acceptance => {
            "The Data Licensing Agreement has not been accepted for this app.".to_owned()
        }
        Missing::AcceptanceOverdue { version, since } => format!(
            "Version {version} of the agreement was to be accepted by {}; accept it now.",
            day(*since)
        ),
        Missing::Suspended { since } => format!(
            "The access of the app is suspended since {}; it has to be reinstated.",
            day(*since)
        ),
        Missing::FullAccess => {
            "The app has no Full Access; apply for it in the app's profile.".to_owned()
        }
        Missing::Publication => "Say since when and where everybody can get the app.".to_owned(),
        Missing::AvailableFrom(from) => {
            format!("Nobody can get the app before {}.", date(*from))
        }
        Missing::Links { since } => format!(
            "None of the store pages answers since {}; put them right or name others.",
            day(*since)
        ),
        Missing::Contact => "Confirm the support contact.".to_owned(),
        Missing::ContactOutdated { since } => format!(
            "The confirmation of the support contact ran out on {}; confirm it again.",
            date(*since)
        ),
        Missing::FirstUser { by } => format!(
            "Nobody has used the app since it can be got; a first user has to come by {}.",
            date(*by)
        ),
        Missing::FirstUserInTime { by } => format!(
            "We know of no active user between the day on which the app became available and {}. If that day is wrong, correct it.",
            date(*by)
        ),
        Missing::UserSince { last, days } => format!(
            "The last day with an active user is {}; there has to be one within {days} days.",
            date(*last)
        ),
    }
}

/// Everything that is missing, in order, each sentence once.
pub(crate) fn all_missing(found: &[Found]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for lacks in found.iter().flat_map(|found| &found.missing) {
        let text = missing(lacks);
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
}
