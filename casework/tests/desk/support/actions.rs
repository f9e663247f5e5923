//! Actions with plausible data.

use super::story::new_id;
use casework::Caller;
use time::Duration;
use workflow::{
    Action, ActionKind, AttachmentId, FindingId, GrantId, Internal, Outward, QuestionId,
    SignatureId, Timestamp, action::NewFinding, checklist::ListKind, checklist::Severity,
    checklist::Verdict, event::Acceptance, event::Asked, event::DeclineReason, event::Granted,
    event::Pin, event::Submission, state::AccessLevel, state::Seat, state::Track,
};

/// A form without faults, handed in.
pub fn submission() -> Action {
    Action::Submit {
        submission: Submission {
            revision: 1,
            sha256: "5".repeat(64),
            places: workflow::relied::Places::new(),
        },
        problems: Vec::new(),
        contacts_confirmed: true,
        accuracy_attested: true,
    }
}

/// Taking an empty seat oneself.
pub fn take(seat: Seat, who: &Caller) -> Action {
    Action::Assign {
        seat,
        to: who.person,
        roles: who.roles.clone(),
        is_member: false,
        away: None,
        seen: None,
        note: Internal::default(),
    }
}

/// A mark on an item.
pub fn check(list: ListKind, item: &str, verdict: Verdict) -> Action {
    Action::CheckItem {
        list,
        item: item.to_owned(),
        verdict,
        evidence: "Seen in the video.".to_owned(),
        revision: 1,
        finding: None,
    }
}

/// A finding against an item.
pub fn finding(list: ListKind, item: &str, severity: Severity) -> Action {
    Action::RecordFinding {
        list,
        item: item.to_owned(),
        finding: NewFinding {
            id: FindingId(new_id()),
            severity: Some(severity),
            text: Outward::written("The market is not named."),
        },
    }
}

/// The agreement in force, accepted.
pub fn accept_dla() -> Action {
    Action::AcceptDla {
        acceptance: Acceptance {
            version: 1,
            document_sha256: "d".repeat(64),
            signature: SignatureId(new_id()),
            capacity: "Managing director".to_owned(),
        },
        current_version: 1,
        consent: true,
    }
}

/// A decline; [`super::story::Act`] puts the signature in.
pub fn decline(text: &str) -> Action {
    Action::Decline {
        reason: DeclineReason::Other,
        text: Outward::written(text),
        signature: SignatureId(new_id()),
    }
}

/// An approval; [`super::story::Act`] puts the signature in.
pub fn approve(level: AccessLevel) -> Action {
    Action::Approve {
        granted: Granted {
            grant: GrantId(new_id()),
            cap: (level == AccessLevel::Limited).then_some(20),
            signature: SignatureId(new_id()),
            note: Internal::written("Good work."),
        },
    }
}

/// Some action of a kind, with data that would do if the case were in the right state.
pub fn sample(kind: ActionKind, to: &Caller) -> Action {
    use ActionKind as A;
    let reason = || "Because.".to_owned();
    let outward = || Outward::written("Because.");
    let internal = || Internal::written("Because.");
    let due = Timestamp::from(super::rig::BEGINNING).plus(Duration::days(365));
    let signature = SignatureId(new_id());
    let retest = |list| Action::RetestFinding {
        list,
        finding: FindingId(new_id()),
        corrected: true,
        text: outward(),
        seen: None,
    };
    let release = |seat| Action::Release {
        seat,
        seen: None,
        note: Internal::default(),
        away: None,
    };
    match kind {
        A::EditDraft => Action::EditDraft {
            fields: vec!["description".to_owned()],
        },
        A::AddAttachment => Action::AddAttachment {
            attachment: AttachmentId(new_id()),
            field: "mockups".to_owned(),
            size: 1,
            sha256: "a".repeat(64),
        },
        A::RemoveAttachment => Action::RemoveAttachment {
            attachment: AttachmentId(new_id()),
        },
        A::Submit => submission(),
        A::AssignCase => take(Seat::Case, to),
        A::AssignCommercial => take(Seat::Commercial, to),
        A::AssignTechnical => take(Seat::Technical, to),
        A::ReleaseCase => release(Seat::Case),
        A::ReleaseCommercial => release(Seat::Commercial),
        A::ReleaseTechnical => release(Seat::Technical),
        A::RequestClarification => Action::RequestClarification {
            questions: vec![Asked {
                id: QuestionId(new_id()),
                pin: Pin::Case,
                text: Outward::written("Why?"),
            }],
            due,
        },
        A::AnswerClarification => Action::AnswerClarification {
            answers: Vec::new(),
            submission: None,
        },
        A::CheckCompleteness => check(ListKind::Completeness, "fields", Verdict::Pass),
        A::CheckCommercial => check(ListKind::Commercial, "use_case", Verdict::Pass),
        A::CheckTechnical => check(ListKind::Technical, "tls", Verdict::Pass),
        A::ConfirmComplete => Action::ConfirmComplete,
        A::RecordCommercialFinding => finding(ListKind::Commercial, "use_case", Severity::Major),
        A::RecordTechnicalFinding => finding(ListKind::Technical, "tls", Severity::Major),
        A::WaiveFinding => Action::WaiveFinding {
            finding: FindingId(new_id()),
            reason: internal(),
        },
        A::DateFinding => Action::DateFinding {
            finding: FindingId(new_id()),
            due,
        },
        A::ReportCorrection => Action::ReportCorrection {
            finding: FindingId(new_id()),
            text: reason(),
        },
        A::RetestCommercialFinding => retest(ListKind::Commercial),
        A::RetestTechnicalFinding => retest(ListKind::Technical),
        A::RemindFindings => Action::RemindFindings,
        A::RequestCorrections => Action::RequestCorrections { due },
        A::Resubmit => Action::Resubmit {
            responses: Vec::new(),
            submission: None,
        },
        A::PassCommercial => Action::PassTrack {
            track: Track::Commercial,
        },
        A::PassTechnical => Action::PassTrack {
            track: Track::Technical,
        },
        A::AcceptDla => accept_dla(),
        A::ProposeDecline => Action::ProposeDecline {
            reason: DeclineReason::Other,
            text: internal(),
        },
        A::Approve => approve(AccessLevel::Limited),
        A::Decline => decline("Because."),
        A::Withdraw => Action::Withdraw { reason: reason() },
        A::Remind => Action::Remind,
        A::Lapse => Action::Lapse,
        A::Appeal => Action::Appeal { text: reason() },
        A::AnswerAppeal => Action::AnswerAppeal { text: outward() },
        A::Reopen => Action::Reopen {
            reason: internal(),
            to: to.person,
            although: Internal::default(),
            roles: to.roles.clone(),
            is_member: false,
            away: None,
            other: None,
        },
        A::SuspendGrant => Action::SuspendGrant {
            reason: outward(),
            signature,
        },
        A::ReinstateGrant => Action::ReinstateGrant {
            reason: outward(),
            signature,
        },
        A::RevokeGrant => Action::RevokeGrant {
            reason: outward(),
            signature,
        },
        A::ChangeCap => Action::ChangeCap {
            cap: 12,
            reason: outward(),
            signature,
        },
    }
}
