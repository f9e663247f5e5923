//! What is wrong with the desk at the moment, though it goes on: a row that cannot be read was
//! passed over, a worker has stopped. Readiness and the log tell of it.
//!
//! The registry is this process's own: each instance meets the same rows and says so itself.

use crate::Result;
use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::{Mutex, PoisonError},
};
use workflow::Timestamp;

/// What a condition is about. A part is reported whole by whoever looks through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The clock's look through the cases: reminders, lapses, due dates.
    Clock,
    /// The look through the cases whose due date is ours.
    DueDates,
    /// Work of people who cannot do it any more.
    GivenBack,
    /// Cases that a list passed over.
    Cases,
    /// Drafts that a list passed over.
    Drafts,
    /// Apps that a list passed over.
    Apps,
    /// Accounts that a list passed over.
    People,
    /// Events of the trail that a list could not read.
    Trail,
    /// The trail as a whole: it is not what it was, or what guards it is gone.
    Records,
    /// The log: a place of it does not answer.
    Log,
    /// Letters in the outbox.
    Mail,
    /// Settings, holidays, templates.
    Reference,
    /// Records met while exporting.
    Exports,
    /// The look after approvals, with the pages that they stand by.
    Living,
    /// Pages of approved apps whose reading failed on our side.
    Pages,
    /// Attestations that are to be asked for.
    Attestations,
    /// Digital Health Partners.
    Partners,
    /// Support requests.
    Requests,
    /// Entries of the gallery.
    Entries,
    /// Links of the gallery.
    Gallery,
    /// Cases whose search documents cannot be written.
    Search,
    /// A worker of this process.
    Worker,
}

impl Part {
    /// Its word in logs and in the answer of `/health/ready`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::DueDates => "due_dates",
            Self::GivenBack => "given_back",
            Self::Cases => "cases",
            Self::Drafts => "drafts",
            Self::Apps => "apps",
            Self::People => "people",
            Self::Trail => "trail",
            Self::Records => "records",
            Self::Log => "log",
            Self::Mail => "mail",
            Self::Reference => "reference",
            Self::Exports => "exports",
            Self::Living => "living",
            Self::Pages => "pages",
            Self::Attestations => "attestations",
            Self::Partners => "partners",
            Self::Requests => "requests",
            Self::Entries => "entries",
            Self::Gallery => "gallery",
            Self::Search => "search",
            Self::Worker => "worker",
        }
    }

    /// Whether this instance should get no requests while it lasts. A row that cannot be read is
    /// the same on every instance, so that taking them away would help nobody; a trail that is not
    /// whole is as well, and nobody should write on it.
    pub const fn is_grave(self) -> bool {
        matches!(self, Self::Worker | Self::Records)
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub part: Part,
    /// The record or the worker, without anything that people typed: `UD-1001`, `holiday 12`.
    pub what: String,
    /// One line for operators, without anything that people typed.
    pub text: String,
    pub since: Timestamp,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Conditions(Mutex<BTreeMap<(Part, String), Told>>);

#[derive(Clone, Debug)]
struct Told {
    text: String,
    since: Timestamp,
}

impl Conditions {
    /// Notes that something is wrong; logged when it is new. Answers whether it is new.
    pub fn set(&self, part: Part, what: &str, text: &str, now: Timestamp) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get_mut(&(part, what.to_owned()));
        let new = known.is_none();
        match known {
            Some(told) => text.clone_into(&mut told.text),
            None => {
                let told = Told {
                    text: text.to_owned(),
                    since: now,
                };
                all.insert((part, what.to_owned()), told);
            }
        }
        drop(all);
        if new {
            tracing::error!(part = part.word(), what, text, "wrong, and passed over");
        }
        new
    }

    /// Notes that it is right again; nothing happens where it was not wrong.
    pub fn clear(&self, part: Part, what: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.remove(&(part, what.to_owned())).is_some() {
            tracing::info!(part = part.word(), what, "right again");
        }
    }

    /// After a look through the whole part: what was found wrong in it, as (what, text), in place
    /// of all that was known of it.
    pub fn found(&self, part: Part, wrong: &[(String, String)], now: Timestamp) {
        let gone: Vec<String> = {
            let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.keys()
                .filter(|(of, what)| *of == part && !wrong.iter().any(|(known, _)| known == what))
                .map(|(_, what)| what.clone())
                .collect()
        };
        for what in gone {
            self.clear(part, &what);
        }
        for (what, text) in wrong {
            self.set(part, what, text, now);
        }
    }

    fn is_empty(&self) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.is_empty()
    }

    /// One row of a list: where it cannot be read it is noted and passed over, so that one broken
    /// row does not take the list away.
    pub fn readable<T>(
        &self,
        part: Part,
        what: impl Display,
        row: Result<T>,
        now: Timestamp,
    ) -> Option<T> {
        match row {
            Ok(row) => {
                // Nearly always nothing is wrong: then a row costs a look and no name.
                if !self.is_empty() {
                    self.clear(part, &what.to_string());
                }
                Some(row)
            }
            Err(error) => {
                self.set(part, &what.to_string(), &error.to_string(), now);
                None
            }
        }
    }

    /// All that is wrong, by part.
    pub fn list(&self) -> Vec<Condition> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|((part, what), told)| Condition {
                part: *part,
                what: what.clone(),
                text: told.text.clone(),
                since: told.since,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_micros(0);

    fn names(conditions: &Conditions) -> Vec<(Part, String)> {
        let all = conditions.list();
        all.into_iter().map(|one| (one.part, one.what)).collect()
    }

    #[test]
    fn what_is_wrong_is_told_once_and_until_it_is_right() {
        let conditions = Conditions::default();
        assert!(conditions.set(Part::Clock, "UD-1001", "cannot be read", NOON));
        assert!(!conditions.set(Part::Clock, "UD-1001", "cannot be read", NOON));
        assert_eq!(conditions.list().len(), 1);
        conditions.clear(Part::Clock, "UD-1001");
        assert_eq!(conditions.list(), []);
    }

    #[test]
    fn a_look_through_one_part_leaves_the_others_alone() {
        let conditions = Conditions::default();
        let wrong = |what: &str| (what.to_owned(), "cannot be read".to_owned());
        conditions.set(Part::Mail, "a letter", "cannot be sent", NOON);
        conditions.found(Part::Clock, &[wrong("UD-1"), wrong("UD-2")], NOON);
        conditions.found(Part::Clock, &[wrong("UD-2")], NOON);
        assert_eq!(
            names(&conditions),
            [
                (Part::Clock, "UD-2".to_owned()),
                (Part::Mail, "a letter".to_owned())
            ]
        );
    }
}
