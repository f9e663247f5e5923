//! What someone attempts, as a command with everything it needs.

use crate::{
    FindingId, PersonId, SignatureId, Timestamp,
    checklist::{ListKind, Severity, Verdict},
    event::{Acceptance, Answered, Asked, DeclineReason, Granted, Response, Submission},
    form::Problem,
    ids::AttachmentId,
    relation::Role,
    said::{Internal, Outward},
    start::UnderWay,
    state::{Seat, Track},
};
use std::collections::BTreeSet;

/// A verb with its data. Identifiers in it are made by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    EditDraft {
        fields: Vec<String>,
    },
    AddAttachment {
        attachment: AttachmentId,
        field: String,
        size: u64,
        sha256: String,
    },
    RemoveAttachment {
        attachment: AttachmentId,
    },
    Submit {
        submission: Submission,
        /// Everything wrong with the form, its link checks included.
        problems: Vec<Problem>,
        contacts_confirmed: bool,
        accuracy_attested: bool,
    },
    Assign {
        seat: Seat,
        to: PersonId,
        /// The roles of the one who is to take it.
        roles: BTreeSet<Role>,
        /// Whether that person is a member of the app.
        is_member: bool,
        /// The end of that person's absence, if there is one now.
        away: Option<Timestamp>,
        /// Who held the seat when the person looked.
        seen: Option<PersonId>,
        /// What the next holder is to know; empty for nothing.
        note: Internal,
    },
    Release {
        seat: Seat,
        seen: Option<PersonId>,
        /// As above.
        note: Internal,
        /// The end of the holder's absence, where that is why.
        away: Option<Timestamp>,
    },
    RequestClarification {
        questions: Vec<Asked>,
        due: Timestamp,
    },
    AnswerClarification {
        answers: Vec<Answered>,
        submission: Option<Submission>,
    },
    CheckItem {
        list: ListKind,
        item: String,
        verdict: Verdict,
        evidence: String,
        /// The revision of the submission that was looked at.
        revision: u32,
        /// For a failed item: the finding that says what is wrong.
        finding: Option<NewFinding>,
    },
    ConfirmComplete,
    RecordFinding {
        list: ListKind,
        item: String,
        finding: NewFinding,
    },
    WaiveFinding {
        finding: FindingId,
        reason: Internal,
    },
    DateFinding {
        finding: FindingId,
        due: Timestamp,
    },
    /// After the approval: the developer says that a finding with a date is corrected.
    ReportCorrection {
        finding: FindingId,
        text: String,
    },
    /// After the approval: a reviewer has looked at a finding with a date.
    RetestFinding {
        list: ListKind,
        finding: FindingId,
        corrected: bool,
        /// What is still wrong, to the developer.
        text: Outward,
        /// When what the reviewer saw of the developer's report was written; none for none.
        seen: Option<Timestamp>,
    },
    /// Of the dates of findings after the approval.
    RemindFindings,
    RequestCorrections {
        due: Timestamp,
    },
    Resubmit {
        responses: Vec<Response>,
        submission: Option<Submission>,
    },
    PassTrack {
        track: Track,
    },
    AcceptDla {
        acceptance: Acceptance,
        /// The version in force now.
        current_version: u32,
        /// The box was ticked by hand.
        consent: bool,
    },
    ProposeDecline {
        reason: DeclineReason,
        text: Internal,
    },
    Approve {
        granted: Granted,
    },
    Decline {
        reason: DeclineReason,
        text: Outward,
        signature: SignatureId,
    },
    Withdraw {
        reason: String,
    },
    Remind,
    Lapse,
    Appeal {
        text: String,
    },
    /// The end stays as it is, and the developer reads why.
    AnswerAppeal {
        text: Outward,
    },
    Reopen {
        reason: Internal,
        to: PersonId,
        /// Why it must be somebody who has worked on it, where it is; else not looked at.
        although: Internal,
        roles: BTreeSet<Role>,
        is_member: bool,
        /// As of an assignment.
        away: Option<Timestamp>,
        /// The other application of the app that is on its way.
        other: Option<UnderWay>,
    },
    SuspendGrant {
        reason: Outward,
        signature: SignatureId,
    },
    ReinstateGrant {
        reason: Outward,
        signature: SignatureId,
    },
    RevokeGrant {
        reason: Outward,
        signature: SignatureId,
    },
    /// From now on at most so many authorised users, [`MOST_USERS`] at most. Those above it stay.
    ChangeCap {
        cap: u32,
        reason: Outward,
        signature: SignatureId,
    },
}

/// The greatest cap of a grant.
pub const MOST_USERS: u32 = 1_000;

/// A finding about to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFinding {
    pub id: FindingId,
    /// None: as much as the template says, or as before where the item fails again.
    pub severity: Option<Severity>,
    pub text: Outward,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal;)+) => {
        crate::relation::words! {
            /// The verb without its data: what the transition table and the policy speak of.
            ActionKind { $($(#[$doc])* $variant = $word),+ }
        }

        impl ActionKind {
            /// The words on the button.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}

kinds! {
    EditDraft = "edit_draft", "Edit draft";
    AddAttachment = "add_attachment", "Attach file";
    RemoveAttachment = "remove_attachment", "Remove file";
    Submit = "submit", "Submit application";
    AssignCase = "assign_case", "Assign";
    AssignCommercial = "assign_commercial", "Assign commercial reviewer";
    AssignTechnical = "assign_technical", "Assign technical reviewer";
    ReleaseCase = "release_case", "Release";
    ReleaseCommercial = "release_commercial", "Release commercial review";
    ReleaseTechnical = "release_technical", "Release technical review";
    RequestClarification = "request_clarification", "Request clarification";
    AnswerClarification = "answer_clarification", "Answer";
    CheckCompleteness = "check_completeness", "Check completeness item";
    CheckCommercial = "check_commercial", "Check commercial item";
    CheckTechnical = "check_technical", "Check technical item";
    ConfirmComplete = "confirm_complete", "Confirm complete";
    RecordCommercialFinding = "record_commercial_finding", "Record commercial finding";
    RecordTechnicalFinding = "record_technical_finding", "Record technical finding";
    WaiveFinding = "waive_finding", "Waive finding";
    DateFinding = "date_finding", "Set date for finding";
    ReportCorrection = "report_correction", "Report as corrected";
    RetestCommercialFinding = "retest_commercial_finding", "Re-test commercial finding";
    RetestTechnicalFinding = "retest_technical_finding", "Re-test technical finding";
    RemindFindings = "remind_findings", "Remind of findings";
    RequestCorrections = "request_corrections", "Request corrections";
    Resubmit = "resubmit", "Resubmit";
    PassCommercial = "pass_commercial", "Pass commercial review";
    PassTechnical = "pass_technical", "Pass technical review";
    AcceptDla = "accept_dla", "Accept agreement";
    ProposeDecline = "propose_decline", "Propose decline";
    Approve = "approve", "Approve";
    Decline = "decline", "Decline";
    Withdraw = "withdraw", "Withdraw";
    Remind = "remind", "Remind";
    Lapse = "lapse", "Lapse";
    Appeal = "appeal", "Appeal";
    AnswerAppeal = "answer_appeal", "Answer appeal";
    Reopen = "reopen", "Reopen";
    SuspendGrant = "suspend_grant", "Suspend grant";
    ReinstateGrant = "reinstate_grant", "Reinstate grant";
    RevokeGrant = "revoke_grant", "Revoke grant";
    ChangeCap = "change_cap", "Change cap";
}

impl Action {
    /// Its verb.
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::EditDraft { .. } => ActionKind::EditDraft,
            Self::AddAttachment { .. } => ActionKind::AddAttachment,
            Self::RemoveAttachment { .. } => ActionKind::RemoveAttachment,
            Self::Submit { .. } => ActionKind::Submit,
            Self::Assign { seat, .. } => ActionKind::assign(*seat),
            Self::Release { seat, .. } => ActionKind::release(*seat),
            Self::RequestClarification { .. } => ActionKind::RequestClarification,
            Self::AnswerClarification { .. } => ActionKind::AnswerClarification,
            Self::CheckItem { list, .. } => ActionKind::check(*list),
            Self::ConfirmComplete => ActionKind::ConfirmComplete,
            Self::RecordFinding { list, .. } => ActionKind::record_finding(*list),
            Self::WaiveFinding { .. } => ActionKind::WaiveFinding,
            Self::DateFinding { .. } => ActionKind::DateFinding,
            Self::ReportCorrection { .. } => ActionKind::ReportCorrection,
            Self::RetestFinding { list, .. } => ActionKind::retest_finding(*list),
            Self::RemindFindings => ActionKind::RemindFindings,
            Self::RequestCorrections { .. } => ActionKind::RequestCorrections,
            Self::Resubmit { .. } => ActionKind::Resubmit,
            Self::PassTrack { track } => ActionKind::pass(*track),
            Self::AcceptDla { .. } => ActionKind::AcceptDla,
            Self::ProposeDecline { .. } => ActionKind::ProposeDecline,
            Self::Approve { .. } => ActionKind::Approve,
            Self::Decline { .. } => ActionKind::Decline,
            Self::Withdraw { .. } => ActionKind::Withdraw,
            Self::Remind => ActionKind::Remind,
            Self::Lapse => ActionKind::Lapse,
            Self::Appeal { .. } => ActionKind::Appeal,
            Self::AnswerAppeal { .. } => ActionKind::AnswerAppeal,
            Self::Reopen { .. } => ActionKind::Reopen,
            Self::SuspendGrant { .. } => ActionKind::SuspendGrant,
            Self::ReinstateGrant { .. } => ActionKind::ReinstateGrant,
            Self::RevokeGrant { .. } => ActionKind::RevokeGrant,
            Self::ChangeCap { .. } => ActionKind::ChangeCap,
        }
    }
}

impl ActionKind {
    /// What a reviewer may gather over a sitting and publish together.
    pub const GATHERED: [Self; 6] = [
        Self::CheckCompleteness,
        Self::CheckCommercial,
        Self::CheckTechnical,
        Self::RecordCommercialFinding,
        Self::RecordTechnicalFinding,
        Self::RequestClarification,
    ];

    /// Assigning a seat.
    pub const fn assign(seat: Seat) -> Self {
        match seat {
            Seat::Case => Self::AssignCase,
            Seat::Commercial => Self::AssignCommercial,
            Seat::Technical => Self::AssignTechnical,
        }
    }

    /// Releasing a seat.
    pub const fn release(seat: Seat) -> Self {
        match seat {
            Seat::Case => Self::ReleaseCase,
            Seat::Commercial => Self::ReleaseCommercial,
            Seat::Technical => Self::ReleaseTechnical,
        }
    }

    /// Checking an item of a list.
    pub const fn check(list: ListKind) -> Self {
        match list {
            ListKind::Completeness => Self::CheckCompleteness,
            ListKind::Commercial => Self::CheckCommercial,
            ListKind::Technical => Self::CheckTechnical,
        }
    }

    /// Recording a finding against an item of a list. What is incomplete is asked about, not
    /// found: such a finding is the commercial reviewer's.
    pub const fn record_finding(list: ListKind) -> Self {
        match list {
            ListKind::Completeness | ListKind::Commercial => Self::RecordCommercialFinding,
            ListKind::Technical => Self::RecordTechnicalFinding,
        }
    }

    /// Looking again at a finding of a list, once the case is approved.
    pub const fn retest_finding(list: ListKind) -> Self {
        match list {
            ListKind::Completeness | ListKind::Commercial => Self::RetestCommercialFinding,
            ListKind::Technical => Self::RetestTechnicalFinding,
        }
    }

    /// Passing a track.
    pub const fn pass(track: Track) -> Self {
        match track {
            Track::Commercial => Self::PassCommercial,
            Track::Technical => Self::PassTechnical,
        }
    }
}
