//! What happened. Events are the record: the audit trail keeps them, and a case is their fold.

use crate::{
    AppId, CaseId, CaseNumber, GrantId, PersonId, QuestionId, SignatureId, Timestamp,
    action::ActionKind,
    checklist::{Finding, ListKind, Severity, Verdict},
    ids::{AttachmentId, FindingId},
    relation::words,
    relied::{Places, Relied},
    said::{Internal, Outward},
    state::{AccessLevel, Missed, Seat, Track},
    transition::Work,
};
use serde::{Deserialize, Serialize};

const fn is_false(value: &bool) -> bool {
    !*value
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Person(PersonId),
    /// The desk's own clock.
    Clock,
}

impl Actor {
    /// The person, if it was one.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Clock => None,
        }
    }
}

/// An event with who and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub at: Timestamp,
    pub by: Actor,
    pub event: Event,
}

/// A frozen submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// 1 for the first, one more for each change after it.
    pub revision: u32,
    /// SHA-256 of the canonical JSON of the answers and attachments, in lower-case hexadecimal.
    pub sha256: String,
    /// What stands where in it; empty in records from before that was noted.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub places: Places,
}

/// The template versions a case begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    pub form: u32,
    pub completeness: u32,
    pub commercial: u32,
    pub technical: u32,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Pin {
    Case,
    Field { key: String },
    Item { list: ListKind, key: String },
}

/// One question of a clarification request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub id: QuestionId,
    pub pin: Pin,
    pub text: Outward,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub question: QuestionId,
    pub text: String,
}

/// What the developer says was done about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub finding: FindingId,
    pub text: String,
}

/// Acceptance of the Data Licensing Agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The agreement's version.
    pub version: u32,
    /// SHA-256 of the document's bytes, in lower-case hexadecimal.
    pub document_sha256: String,
    pub signature: SignatureId,
    pub capacity: String,
}

/// What an approval gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    pub grant: GrantId,
    /// At most this many authorised users; none: no such cap.
    pub cap: Option<u32>,
    pub signature: SignatureId,
    pub note: Internal,
}

words! {
    /// Why an application is declined.
    DeclineReason {
        UseCase = "use_case",
        DataUse = "data_use",
        Identity = "identity",
        Privacy = "privacy",
        Technical = "technical",
        Regulatory = "regulatory",
        Incomplete = "incomplete",
        Other = "other",
    }
}

impl DeclineReason {
    /// As the developer reads it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UseCase => "The use case does not need glucose data",
            Self::DataUse => "The intended use of the data is not permitted",
            Self::Identity => "The organisation or its authority could not be established",
            Self::Privacy => "The privacy policy or the handling of data falls short",
            Self::Technical => "The technical requirements are not met",
            Self::Regulatory => "The regulatory position is not settled",
            Self::Incomplete => "The application stayed incomplete",
            Self::Other => "Another reason",
        }
    }
}

/// What happened to a case, in the past tense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Started {
        case: CaseId,
        number: CaseNumber,
        app: AppId,
        level: AccessLevel,
        versions: Versions,
    },
    /// Names of the fields that changed; the text itself stays in the draft until it is submitted.
    DraftEdited {
        fields: Vec<String>,
    },
    AttachmentAdded {
        attachment: AttachmentId,
        field: String,
        /// In records from before alone: what is not handed in is its members' alone, its name
        /// too, and the trail is read by others.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        size: u64,
        sha256: String,
    },
    AttachmentRemoved {
        attachment: AttachmentId,
        /// As above.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
    },
    Submitted {
        submission: Submission,
    },
    Assigned {
        seat: Seat,
        from: Option<PersonId>,
        to: PersonId,
        /// What the next holder is to know.
        #[serde(default, skip_serializing_if = "Internal::is_empty")]
        note: Internal,
    },
    Released {
        seat: Seat,
        from: PersonId,
        /// As above.
        #[serde(default, skip_serializing_if = "Internal::is_empty")]
        note: Internal,
        /// The end of the holder's absence, where that is why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        away: Option<Timestamp>,
    },
    ClarificationRequested {
        questions: Vec<Asked>,
        due: Timestamp,
    },
    ClarificationAnswered {
        answers: Vec<Answered>,
        /// The new revision, where an answer amended its field.
        submission: Option<Submission>,
    },
    ItemChecked {
        list: ListKind,
        item: String,
        verdict: Verdict,
        evidence: String,
        /// What was relied on; none in records from before that was noted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relied: Option<Relied>,
    },
    CompletenessConfirmed,
    FindingRecorded {
        finding: Finding,
    },
    FindingWaived {
        finding: FindingId,
        reason: Internal,
    },
    FindingDated {
        finding: FindingId,
        due: Timestamp,
    },
    /// The developer says that a finding with a date is corrected.
    CorrectionReported {
        finding: FindingId,
        text: String,
    },
    /// A reviewer has looked again at a finding: at one with a date, or at one whose item fails
    /// again.
    FindingRetested {
        /// Of which list the finding is.
        list: ListKind,
        finding: FindingId,
        corrected: bool,
        /// What is still wrong.
        text: Outward,
        /// What it weighs from now on, where that changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        severity: Option<Severity>,
    },
    /// The developer was reminded of the dates of these findings.
    FindingsReminded {
        findings: Vec<FindingId>,
    },
    CorrectionsRequested {
        due: Timestamp,
    },
    Resubmitted {
        responses: Vec<Response>,
        submission: Option<Submission>,
        /// What failed and was waived or given a date is not checked again in the next round. It
        /// was, in records from before.
        #[serde(default, skip_serializing_if = "is_false")]
        settled_stays: bool,
    },
    TrackPassed {
        track: Track,
        /// By when the agreement is to be accepted, where this opens it.
        agreement_due: Option<Timestamp>,
    },
    DlaAccepted {
        acceptance: Acceptance,
    },
    DeclineProposed {
        reason: DeclineReason,
        text: Internal,
    },
    Approved {
        granted: Granted,
    },
    Declined {
        reason: DeclineReason,
        text: Outward,
        /// None in records from before a decline was signed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<SignatureId>,
    },
    Withdrawn {
        reason: String,
        /// It had never been handed in: a draft was discarded.
        #[serde(default, skip_serializing_if = "is_false")]
        draft: bool,
    },
    Reminded {
        overdue: bool,
    },
    Lapsed {
        missed: Missed,
    },
    /// The developer asks that the end be looked at again.
    Appealed {
        text: String,
    },
    /// The end stays as it is, and why.
    AppealAnswered {
        text: Outward,
    },
    Reopened {
        reason: Internal,
        to: PersonId,
        /// Why it is somebody who has worked on it; empty where it is not.
        #[serde(default, skip_serializing_if = "Internal::is_empty")]
        although: Internal,
    },
    GrantSuspended {
        reason: Outward,
        /// As with a decline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<SignatureId>,
    },
    GrantReinstated {
        reason: Outward,
        /// As with a decline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<SignatureId>,
    },
    GrantRevoked {
        reason: Outward,
        /// As with a decline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<SignatureId>,
    },
    /// How many authorised users the grant allows, before and from now on.
    CapChanged {
        before: Option<u32>,
        cap: u32,
        reason: Outward,
        signature: SignatureId,
    },
}

impl Event {
    /// Its name in the audit trail, e.g. `clarification_requested`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Started { .. } => "started",
            Self::DraftEdited { .. } => "draft_edited",
            Self::AttachmentAdded { .. } => "attachment_added",
            Self::AttachmentRemoved { .. } => "attachment_removed",
            Self::Submitted { .. } => "submitted",
            Self::Assigned { .. } => "assigned",
            Self::Released { .. } => "released",
            Self::ClarificationRequested { .. } => "clarification_requested",
            Self::ClarificationAnswered { .. } => "clarification_answered",
            Self::ItemChecked { .. } => "item_checked",
            Self::CompletenessConfirmed => "completeness_confirmed",
            Self::FindingRecorded { .. } => "finding_recorded",
            Self::FindingWaived { .. } => "finding_waived",
            Self::FindingDated { .. } => "finding_dated",
            Self::CorrectionReported { .. } => "correction_reported",
            Self::FindingRetested { .. } => "finding_retested",
            Self::FindingsReminded { .. } => "findings_reminded",
            Self::CorrectionsRequested { .. } => "corrections_requested",
            Self::Resubmitted { .. } => "resubmitted",
            Self::TrackPassed { .. } => "track_passed",
            Self::DlaAccepted { .. } => "dla_accepted",
            Self::DeclineProposed { .. } => "decline_proposed",
            Self::Approved { .. } => "approved",
            Self::Declined { .. } => "declined",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Reminded { .. } => "reminded",
            Self::Lapsed { .. } => "lapsed",
            Self::Appealed { .. } => "appealed",
            Self::AppealAnswered { .. } => "appeal_answered",
            Self::Reopened { .. } => "reopened",
            Self::GrantSuspended { .. } => "grant_suspended",
            Self::GrantReinstated { .. } => "grant_reinstated",
            Self::GrantRevoked { .. } => "grant_revoked",
            Self::CapChanged { .. } => "cap_changed",
        }
    }

    /// Why, where the person was asked to say: as our side reads it.
    pub fn reason(&self) -> Option<&str> {
        let internal = match self {
            Self::Assigned { note, .. } | Self::Released { note, .. } => note,
            Self::FindingWaived { reason, .. }
            | Self::Reopened { reason, .. }
            | Self::ItemChecked {
                verdict: Verdict::NotApplicable { reason },
                ..
            } => reason,
            Self::DeclineProposed { text, .. } => text,
            Self::Approved { granted } => &granted.note,
            told => return told.told_reason(),
        };
        Some(internal.inside()).filter(|text| !text.is_empty())
    }

    /// Why, as its developer reads it: what was written to them, or by them.
    pub fn told_reason(&self) -> Option<&str> {
        let reason = match self {
            Self::GrantSuspended { reason, .. }
            | Self::GrantReinstated { reason, .. }
            | Self::GrantRevoked { reason, .. }
            | Self::CapChanged { reason, .. } => &**reason,
            Self::Declined { text, .. }
            | Self::AppealAnswered { text }
            | Self::FindingRetested { text, .. } => &**text,
            Self::Withdrawn { reason, .. } => reason,
            Self::Appealed { text } | Self::CorrectionReported { text, .. } => text,
            _ => return None,
        };
        Some(reason).filter(|text| !text.is_empty())
    }

    /// The signature that was given with it, where the step asks for one.
    pub const fn signature(&self) -> Option<SignatureId> {
        match self {
            Self::Approved { granted } => Some(granted.signature),
            Self::DlaAccepted { acceptance } => Some(acceptance.signature),
            Self::CapChanged { signature, .. } => Some(*signature),
            Self::Declined { signature, .. }
            | Self::GrantSuspended { signature, .. }
            | Self::GrantReinstated { signature, .. }
            | Self::GrantRevoked { signature, .. } => *signature,
            Self::Started { .. }
            | Self::DraftEdited { .. }
            | Self::AttachmentAdded { .. }
            | Self::AttachmentRemoved { .. }
            | Self::Submitted { .. }
            | Self::Assigned { .. }
            | Self::Released { .. }
            | Self::ClarificationRequested { .. }
            | Self::ClarificationAnswered { .. }
            | Self::ItemChecked { .. }
            | Self::CompletenessConfirmed
            | Self::FindingRecorded { .. }
            | Self::FindingWaived { .. }
            | Self::FindingDated { .. }
            | Self::CorrectionReported { .. }
            | Self::FindingRetested { .. }
            | Self::FindingsReminded { .. }
            | Self::CorrectionsRequested { .. }
            | Self::Resubmitted { .. }
            | Self::TrackPassed { .. }
            | Self::DeclineProposed { .. }
            | Self::Withdrawn { .. }
            | Self::Reminded { .. }
            | Self::Lapsed { .. }
            | Self::Appealed { .. }
            | Self::AppealAnswered { .. }
            | Self::Reopened { .. } => None,
        }
    }

    /// The step that it comes of; none for the beginning of a case.
    pub const fn step(&self) -> Option<ActionKind> {
        use ActionKind as A;
        Some(match self {
            Self::Started { .. } => return None,
            Self::DraftEdited { .. } => A::EditDraft,
            Self::AttachmentAdded { .. } => A::AddAttachment,
            Self::AttachmentRemoved { .. } => A::RemoveAttachment,
            Self::Submitted { .. } => A::Submit,
            Self::Assigned { seat, .. } => A::assign(*seat),
            Self::Released { seat, .. } => A::release(*seat),
            Self::ClarificationRequested { .. } => A::RequestClarification,
            Self::ClarificationAnswered { .. } => A::AnswerClarification,
            Self::ItemChecked { list, .. } => A::check(*list),
            Self::CompletenessConfirmed => A::ConfirmComplete,
            // Also comes of checking an item that fails.
            Self::FindingRecorded { finding } => A::record_finding(finding.list),
            Self::FindingWaived { .. } => A::WaiveFinding,
            Self::FindingDated { .. } => A::DateFinding,
            Self::CorrectionReported { .. } => A::ReportCorrection,
            // Also comes of checking an item that has a finding already.
            Self::FindingRetested { list, .. } => A::retest_finding(*list),
            Self::FindingsReminded { .. } => A::RemindFindings,
            Self::CorrectionsRequested { .. } => A::RequestCorrections,
            Self::Resubmitted { .. } => A::Resubmit,
            Self::TrackPassed { track, .. } => A::pass(*track),
            Self::DlaAccepted { .. } => A::AcceptDla,
            Self::DeclineProposed { .. } => A::ProposeDecline,
            Self::Approved { .. } => A::Approve,
            Self::Declined { .. } => A::Decline,
            Self::Withdrawn { .. } => A::Withdraw,
            Self::Reminded { .. } => A::Remind,
            Self::Lapsed { .. } => A::Lapse,
            Self::Appealed { .. } => A::Appeal,
            Self::AppealAnswered { .. } => A::AnswerAppeal,
            Self::Reopened { .. } => A::Reopen,
            Self::GrantSuspended { .. } => A::SuspendGrant,
            Self::GrantReinstated { .. } => A::ReinstateGrant,
            Self::GrantRevoked { .. } => A::RevokeGrant,
            Self::CapChanged { .. } => A::ChangeCap,
        })
    }

    /// Whether it is part of the review itself, as the row of its step says: who causes it has
    /// reviewed the case and decides nothing about it (separation of duties).
    pub const fn is_review_work(&self) -> bool {
        match self.step() {
            Some(step) => matches!(step.row().work, Work::Review),
            None => false,
        }
    }
}
