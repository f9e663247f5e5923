//! What of a case a person may read: the one place that says so. Pages, files, copies, exports and
//! steps ask here before they show or do anything.

use super::{
    commands::subject,
    store::{Intent, Stored},
};
use crate::{
    Caller, Desk, Error, Result,
    policy::{CaseAct, Snapshot, Verdict},
};
use sea_orm::ConnectionTrait;
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
