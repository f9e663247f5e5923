//! The life of a finding: all that happened to it from its recording on, in order, each with who and
//! when. Read from the events of its case, so nothing of it is lost when a finding is settled.

use crate::{
    FindingId, Internal, Outward, Timestamp,
    checklist::{ListKind, Severity, Verdict},
    event::{Actor, Event, Recorded},
};
use std::collections::BTreeMap;

/// One thing that happened to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lived {
    pub at: Timestamp,
    pub by: Actor,
    /// In which pass of the review.
    pub round: u16,
    pub what: Step,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Recorded,
    /// The developer was asked to correct it.
    Asked {
        due: Timestamp,
    },
    /// What the developer says was done about it.
    Responded {
        text: String,
    },
    /// A reviewer looked and it fails again.
    FailedAgain {
        text: Outward,
        /// What it weighs from then on, where that changed.
        severity: Option<Severity>,
    },
    /// A reviewer saw that it is corrected; what was seen may be empty.
    Corrected {
        text: Outward,
    },
    /// Why stays with us.
    Waived {
        reason: Internal,
    },
    Dated {
        due: Timestamp,
    },
    /// What the developer says was done about one with a date.
    Reported {
        text: String,
    },
    /// The developer was reminded of its date.
    Reminded,
}

impl Step {
    /// Whether it comes of the developer's side.
    pub const fn is_developers(&self) -> bool {
        matches!(self, Self::Responded { .. } | Self::Reported { .. })
    }
}

/// Lives by finding.
pub type Lives = BTreeMap<FindingId, Vec<Lived>>;

/// The names of the events that lives are read from.
pub const TOLD_BY: [&str; 11] = [
    "finding_recorded",
    "item_checked",
    "corrections_requested",
    "resubmitted",
    "finding_retested",
    "finding_waived",
    "finding_dated",
    "correction_reported",
    "findings_reminded",
    "approved",
    "reopened",
];

/// What of a finding the passing of its item and a request for corrections depend on.
struct Standing {
    list: ListKind,
    item: String,
    /// Neither corrected, nor waived, nor dated.
    stands: bool,
    /// The developer has not said anything since it was recorded or failed again.
    is_open: bool,
}

/// The lives of all findings of one case. `history` are its events, oldest first; those whose
/// name is not in [`TOLD_BY`] may be left out.
pub fn lives<'a>(history: impl IntoIterator<Item = &'a Recorded>) -> Lives {
    let mut told = Told::default();
    for recorded in history {
        told.take(recorded);
    }
    told.lives
}

#[derive(Default)]
struct Told {
    lives: Lives,
    standing: BTreeMap<FindingId, Standing>,
    /// Rounds that have ended.
    over: u16,
    /// From the approval on a date holds until its finding is corrected.
    approved: bool,
}

impl Told {
    fn take(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::FindingRecorded { finding } => {
                self.standing.insert(
                    finding.id,
                    Standing {
                        list: finding.list,
                        item: finding.item.clone(),
                        stands: true,
                        is_open: true,
                    },
                );
                self.add(recorded, finding.id, Step::Recorded);
            }
            Event::ItemChecked {
                list,
                item,
                verdict: Verdict::Pass | Verdict::NotApplicable { .. },
                ..
            } => {
                for id in self.those(|one| one.stands && one.list == *list && one.item == *item) {
                    let text = Outward::default();
                    self.add(recorded, id, Step::Corrected { text });
                }
            }
            Event::CorrectionsRequested { due } => {
                for id in self.those(|one| one.is_open) {
                    self.add(recorded, id, Step::Asked { due: *due });
                }
            }
            Event::Resubmitted { responses, .. } => {
                for response in responses {
                    let text = response.text.clone();
                    self.add(recorded, response.finding, Step::Responded { text });
                }
                self.over = self.over.saturating_add(1);
            }
            Event::Approved { .. } => self.approved = true,
            Event::Reopened { .. } => self.over = self.over.saturating_add(1),
            Event::FindingRetested {
                finding,
                corrected,
                text,
                severity,
                ..
            } => {
                let text = text.clone();
                let what = if *corrected {
                    Step::Corrected { text }
                } else {
                    let severity = *severity;
                    Step::FailedAgain { text, severity }
                };
                self.add(recorded, *finding, what);
            }
            Event::FindingWaived { finding, reason } => {
                let reason = reason.clone();
                self.add(recorded, *finding, Step::Waived { reason });
            }
            Event::FindingDated { finding, due } => {
                self.add(recorded, *finding, Step::Dated { due: *due });
            }
            Event::CorrectionReported { finding, text } => {
                let text = text.clone();
                self.add(recorded, *finding, Step::Reported { text });
            }
            Event::FindingsReminded { findings } => {
                for finding in findings {
                    self.add(recorded, *finding, Step::Reminded);
                }
            }
            _ => {}
        }
    }

    fn those(&self, wanted: impl Fn(&Standing) -> bool) -> Vec<FindingId> {
        let found = self.standing.iter().filter(|(_, one)| wanted(one));
        found.map(|(id, _)| *id).collect()
    }

    fn add(&mut self, recorded: &Recorded, id: FindingId, what: Step) {
        if let Some(one) = self.standing.get_mut(&id) {
            match what {
                Step::Recorded | Step::Asked { .. } | Step::Reported { .. } | Step::Reminded => {}
                Step::Responded { .. } => one.is_open = false,
                Step::FailedAgain { .. } => {
                    (one.stands, one.is_open) = (!self.approved, !self.approved);
                }
                Step::Corrected { .. } | Step::Waived { .. } | Step::Dated { .. } => {
                    (one.stands, one.is_open) = (false, false);
                }
            }
        }
        self.lives.entry(id).or_default().push(Lived {
            at: recorded.at,
            by: recorded.by,
            round: self.over.saturating_add(1),
            what,
        });
    }
}
