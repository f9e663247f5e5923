//! Checklists: what must be looked at, and what was found. Templates are versioned data; a case
//! keeps the version it began with.

use crate::{
    FindingId, Internal, Outward, PersonId, Timestamp, event::Submission, relation::words,
    relied::Relied, state::Stamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// Which list an item belongs to.
    ListKind {
        Completeness = "completeness",
        Commercial = "commercial",
        Technical = "technical",
    }
}

impl ListKind {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Completeness => "Completeness",
            Self::Commercial => "Commercial review",
            Self::Technical => "Technical review",
        }
    }

    /// The list of a track.
    pub const fn of(track: crate::state::Track) -> Self {
        match track {
            crate::state::Track::Commercial => Self::Commercial,
            crate::state::Track::Technical => Self::Technical,
        }
    }
}

words! {
    /// How much a fault weighs. A blocker blocks; a major one needs a date or a waiver; a minor one
    /// is recorded (reference: review content, technical review).
    Severity {
        Minor = "minor",
        Major = "major",
        Blocker = "blocker",
    }
}

impl Severity {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Minor => "Minor",
            Self::Major => "Major",
            Self::Blocker => "Blocker",
        }
    }
}

/// One version of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub kind: ListKind,
    pub version: u32,
    pub items: Vec<Item>,
}

/// One thing to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Stable across versions; short, lower case.
    pub key: String,
    /// What of a submission it concerns: keys of the request form, or
    /// [`crate::relied::EVERY_FILE`]; none where it does not say, and so concerns all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concerns: Option<Vec<String>>,
    /// What must be so.
    pub label: String,
    /// How it is verified.
    #[serde(default)]
    pub verify: String,
    pub severity: Severity,
    /// Where the requirement comes from.
    #[serde(default)]
    pub source: String,
    /// Where developers read about it: a heading of an open page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guide: String,
}

impl Checklist {
    /// The item with this key.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }
}

/// What a reviewer found for one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub verdict: Verdict,
    /// What shows it: a link, a file's name, a log line.
    #[serde(default)]
    pub evidence: String,
    pub by: PersonId,
    pub at: Timestamp,
    pub round: u16,
    /// What it relied on; none in records from before that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relied: Option<Relied>,
}

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    Fail,
    NotApplicable { reason: Internal },
}

impl Verdict {
    /// As people call it.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Pass => "Pass",
            Self::Fail => "Fail",
            Self::NotApplicable { .. } => "N/A",
        }
    }
}

/// A checklist at work on one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The version of the template.
    pub version: u32,
    pub marks: BTreeMap<String, Mark>,
    /// The verdicts that stood until something changed on which they had relied: their items are to
    /// be checked again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reopened: BTreeMap<String, Mark>,
    /// Who passed the track (or confirmed completeness), once someone did.
    pub passed: Option<Stamp>,
}

impl Sheet {
    /// Nothing marked yet.
    pub const fn new(version: u32) -> Self {
        Self {
            version,
            marks: BTreeMap::new(),
            reopened: BTreeMap::new(),
            passed: None,
        }
    }

    /// Opens the verdicts again that relied on what is different in `submission`; whether there are
    /// any.
    pub(crate) fn reopen(&mut self, submission: &Submission) -> bool {
        let is_changed = |mark: &Mark| {
            let relied = mark.relied.as_ref();
            relied.is_some_and(|relied| relied.is_changed_in(submission))
        };
        let marks = std::mem::take(&mut self.marks).into_iter();
        let (reopened, stand): (BTreeMap<_, _>, _) = marks.partition(|(_, mark)| is_changed(mark));
        let any = !reopened.is_empty();
        self.marks = stand;
        self.reopened.extend(reopened);
        any
    }

    /// Every verdict that was given, those that are open again among them.
    pub fn given(&self) -> impl Iterator<Item = &Mark> {
        self.marks.values().chain(self.reopened.values())
    }

    /// Whether a verdict waits to be given again, or fails.
    pub fn is_in_doubt(&self) -> bool {
        let mut marks = self.marks.values();
        !self.reopened.is_empty() || marks.any(|mark| mark.verdict == Verdict::Fail)
    }

    /// The items of `list` that carry no mark.
    pub fn unmarked<'a>(&'a self, list: &'a Checklist) -> impl Iterator<Item = &'a Item> {
        list.items
            .iter()
            .filter(|item| !self.marks.contains_key(&item.key))
    }
}

/// A recorded fault against an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub id: FindingId,
    pub list: ListKind,
    pub item: String,
    pub severity: Severity,
    /// What is wrong, to the developer.
    pub text: Outward,
    pub by: PersonId,
    pub at: Timestamp,
    pub round: u16,
    pub status: FindingStatus,
}

/// What became of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum FindingStatus {
    /// Not corrected yet.
    Open {
        /// What a reviewer found still wrong when looking last, where it failed again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        returned: Option<StillWrong>,
    },
    /// The developer says what was done about it; a reviewer has not looked yet.
    Responded {
        response: String,
        by: PersonId,
        at: Timestamp,
    },
    /// A reviewer saw that it is corrected.
    Resolved { by: PersonId, at: Timestamp },
    /// Accepted as it is, with a reason.
    Waived {
        reason: Internal,
        by: PersonId,
        at: Timestamp,
    },
    /// To be corrected by a date after the approval.
    Dated {
        due: Timestamp,
        by: PersonId,
        at: Timestamp,
        /// What the developer says was done about it, until a reviewer has looked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reported: Option<Correction>,
        /// What a reviewer found still wrong when looking last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        returned: Option<StillWrong>,
        /// How often the developer was reminded of the date.
        #[serde(default, skip_serializing_if = "is_zero")]
        reminders: u8,
    },
}

/// What a developer says was done about a finding with a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub text: String,
    pub by: PersonId,
    pub at: Timestamp,
}

/// What a reviewer found still wrong with a finding, to the developer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StillWrong {
    pub text: Outward,
    pub by: PersonId,
    pub at: Timestamp,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_zero(number: &u8) -> bool {
    *number == 0
}

impl Finding {
    /// Neither resolved, nor waived, nor dated.
    pub const fn stands(&self) -> bool {
        matches!(
            self.status,
            FindingStatus::Open { .. } | FindingStatus::Responded { .. }
        )
    }

    /// The day by which it is to be corrected, where it was let through with one.
    pub const fn dated(&self) -> Option<Timestamp> {
        match self.status {
            FindingStatus::Dated { due, .. } => Some(due),
            FindingStatus::Open { .. }
            | FindingStatus::Responded { .. }
            | FindingStatus::Resolved { .. }
            | FindingStatus::Waived { .. } => None,
        }
    }

    /// When the developer reported as corrected what has a date, if nobody has looked since.
    pub const fn reported_at(&self) -> Option<Timestamp> {
        match &self.status {
            FindingStatus::Dated {
                reported: Some(correction),
                ..
            } => Some(correction.at),
            _ => None,
        }
    }

    /// Whether the developer says that what has a date is corrected, and nobody has looked yet.
    pub const fn is_reported(&self) -> bool {
        self.reported_at().is_some()
    }

    /// The developer has said nothing about it since it was recorded or failed again.
    pub const fn is_open(&self) -> bool {
        matches!(self.status, FindingStatus::Open { .. })
    }

    /// Corrected or waived. An item that fails while its finding is not over fails by that one.
    pub const fn is_over(&self) -> bool {
        matches!(
            self.status,
            FindingStatus::Resolved { .. } | FindingStatus::Waived { .. }
        )
    }

    /// What a reviewer found still wrong when looking last, and the developer has not answered.
    pub const fn returned(&self) -> Option<&StillWrong> {
        match &self.status {
            FindingStatus::Open { returned } | FindingStatus::Dated { returned, .. } => {
                returned.as_ref()
            }
            FindingStatus::Responded { .. }
            | FindingStatus::Resolved { .. }
            | FindingStatus::Waived { .. } => None,
        }
    }
}
