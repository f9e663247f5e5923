//! What the authorisation server calls a user, and what is kept of it.

use crate::{Desk, Error, Result, digest::code};
use uuid::Uuid;

/// A user, as the authorisation server calls them: any printable ASCII, of no meaning to us.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject(String);

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(…)")
    }
}

impl Subject {
    /// The longest, in characters.
    pub const LONGEST: usize = 255;

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Input`] where it is empty, too long, or anything but printable ASCII.
    pub fn parse(text: &str) -> Result<Self> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        // Programs on the way would take these out of an address.
        let is_step = text == "." || text == "..";
        if text.is_empty() || text.len() > Self::LONGEST || !printable || is_step {
            return Err(Error::field(
                "subject",
                "A subject has 1 to 255 characters of printable ASCII without blanks.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// What is kept: a code under the desk's secret, another one for each app, so that two apps
    /// cannot be compared by their users.
    pub(crate) fn key(&self, desk: &Desk, app: Uuid) -> String {
        code(
            &desk.secret,
            &["authorised user", &app.to_string(), &self.0],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_printable_ascii_of_some_length() {
        for text in ["1", "9f0c-AB:c/d?e", &"x".repeat(255)] {
            assert!(Subject::parse(text).is_ok(), "{text}");
        }
        for text in ["", ".", "..", "a b", "ä", "a\n", &"x".repeat(256)] {
            assert!(Subject::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_subject_is_not_in_what_is_logged_of_it() {
        let subject = Subject::parse("user-17").unwrap();
        assert_eq!(format!("{subject:?}"), "Subject(…)");
    }
}
