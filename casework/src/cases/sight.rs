//! What of a case a person may read: the one place that says so. Pages, files, copies, exports and
//! steps ask here before they show or do anything.

use super::{
    commands::subject,
    store::{Intent, Stored},
};
use crate::{
    Caller, Desk, Error, Result,
    policy::{CaseAct, Snapshot, Subject, Verdict},
};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;
use workflow::CaseNumber;

/// One of the three things there are to read of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What its developers are writing and gathering and have not handed in: theirs alone.
    Draft,
    /// What was handed in and what came of it, as its developers see it.
    Outside,
    /// What staff work with: checklists, notes, who does what.
    Inside,
}

/// What of one case one person may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    draft: bool,
    outside: bool,
    /// Else the rule that stands against it.
    inside: Result<(), String>,
}

impl Sight {
    /// By the policy, from all that the person is to the case. Until it is handed in a case is a
    /// draft and nothing else, also where it was withdrawn before.
    pub fn of(policy: &Snapshot, caller: &Caller, stored: &Stored) -> Self {
        let who = subject(Some(caller), stored);
        let handed_in = stored.case.submission.is_some();
        let draft = policy.allows(&who, CaseAct::ReadDraft);
        let inside = match policy.ask(&who, CaseAct::ReadInternal) {
            Verdict::Allowed if handed_in => Ok(()),
            // Who is not of staff is not told that there is an inside.
            Verdict::Allowed => Err("no_rule".to_owned()),
            Verdict::Denied(_) if !caller.is_staff() => Err("no_rule".to_owned()),
            Verdict::Denied(rule) => Err(rule),
        };
        Self {
            draft,
            outside: draft || (handed_in && policy.allows(&who, CaseAct::Read)),
            inside,
        }
    }

    /// Whether the person may read this part of the case.
    pub const fn has(&self, part: Part) -> bool {
        match part {
            Part::Draft => self.draft,
            Part::Outside => self.outside,
            Part::Inside => self.inside.is_ok(),
        }
    }

    /// As [`Sight::has`], refusing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] to someone who knows of the case and is kept from
    /// its inside by a rule.
    pub fn require(&self, part: Part) -> Result<()> {
        match &self.inside {
            _ if self.has(part) => Ok(()),
            Err(rule) if part == Part::Inside && self.outside && rule != "no_rule" => {
                Err(Error::forbidden(rule.clone()))
            }
            _ => Err(Error::NotFound),
        }
    }
}

/// Whether someone in no conflict of interest about a case reads its inside, as far as its row tells:
/// for lists of cases that are not loaded.
pub(crate) fn opens(policy: &Snapshot, caller: &Caller, in_views: i32) -> bool {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    in_views != 0 && policy.allows(&subject, CaseAct::ReadInternal)
}

/// Loads a case of which the caller may read this part.
///
/// # Errors
/// As [`Sight::require`].
pub(crate) async fn read(
    desk: &Desk,
    connection: &impl ConnectionTrait,
    caller: &Caller,
    number: CaseNumber,
    part: Part,
) -> Result<(Stored, Sight)> {
    let stored = Stored::load(connection, number, Intent::Read).await?;
    let sight = Sight::of(&desk.policy.snapshot(), caller, &stored);
    sight.require(part)?;
    Ok((stored, sight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(draft: bool, outside: bool, inside: Result<(), &str>) -> Sight {
        Sight {
            draft,
            outside,
            inside: inside.map_err(str::to_owned),
        }
    }

    #[test]
    fn each_part_is_read_by_whom_it_is_shown_to_and_no_other_part_with_it() {
        use Part::{Draft, Inside, Outside};
        for (sight, parts) in [
            (sight(true, true, Err("no_rule")), &[Draft, Outside][..]),
            (sight(false, true, Err("conflict")), &[Outside]),
            (sight(false, true, Ok(())), &[Outside, Inside]),
            (sight(false, false, Err("no_rule")), &[]),
        ] {
            for part in [Draft, Outside, Inside] {
                let shown = parts.contains(&part);
                assert_eq!(sight.has(part), shown, "{sight:?} {part:?}");
                assert_eq!(sight.require(part).is_ok(), shown, "{sight:?} {part:?}");
            }
        }
    }

    #[test]
    fn the_rule_is_told_to_those_alone_who_know_of_the_case_and_ask_for_its_inside() {
        let told = |sight: Sight, part| match sight.require(part) {
            Err(Error::Forbidden { rule, .. }) => Some(rule),
            Err(Error::NotFound) => None,
            other => panic!("{other:?}"),
        };
        let knows = || sight(false, true, Err("conflict"));
        assert_eq!(told(knows(), Part::Inside).as_deref(), Some("conflict"));
        assert_eq!(told(knows(), Part::Draft), None);
        let unknown = || sight(false, false, Err("conflict"));
        for part in [Part::Draft, Part::Outside, Part::Inside] {
            assert_eq!(told(unknown(), part), None, "{part:?}");
        }
        let no_rule = sight(true, true, Err("no_rule"));
        assert_eq!(told(no_rule, Part::Inside), None);
    }
}
