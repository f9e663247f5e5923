//! Every kind of letter there is, and what must still hold when it is sent.

use crate::gallery::Still;
use std::{fmt, str::FromStr};
use workflow::{Role, StateKind, case::GrantStatus, partners, support};

/// What a letter is about. Each has its row below; one without a row does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    VerifyEmail,
    AlreadyRegistered,
    PasswordReset,
    Invitation,
    PasswordChanged,
    FailedSignings,
    SecondAdmin,
    ConfirmOldAddress,
    ConfirmNewAddress,
    EmailChanged,
    AccountClosed,
    SecondFactor,
    Digest,
    Submitted,
    ClarificationRequested,
    CorrectionsRequested,
    AgreementOpen,
    AgreementReady,
    Reminder,
    Approved,
    Declined,
    Withdrawn,
    Lapsed,
    CorrectionReported,
    FindingRetested,
    FindingsDue,
    FindingsOverdue,
    AppealArrived,
    AppealAnswered,
    Reopened,
    StuckAsked,
    StuckAnswered,
    GrantSuspended,
    GrantReinstated,
    GrantRevoked,
    CapChanged,
    Assigned,
    CasesAssigned,
    AnswerArrived,
    Resubmitted,
    DlaAccepted,
    DecisionWaits,
    DeveloperOverdue,
    DueSoon,
    Overdue,
    WorkGivenBack,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MemberChanged,
    MembershipEnded,
    AppArchived,
    SecretReplaced,
    RedirectsChanged,
    PageChanged,
    PageQuestioned,
    PageAnswered,
    PageSettled,
    PageUnreachable,
    AttestationSoon,
    AttestationToday,
    AttestationOverdue,
    AttestationMissing,
    UserCapNear,
    UserCapReached,
    RequestReceived,
    RequestReplied,
    RequestSolved,
    RequestMerged,
    RequestMoved,
    RequestArrived,
    RequestAnswered,
    RequestAssigned,
    ArticleRefused,
    EntrySentIn,
    EntryChangesAsked,
    EntryPublished,
    EntryTakenDown,
    EntryHidden,
    EntryShownAgain,
    EntryLinkDead,
    PartnerApplied,
    PartnerProposed,
    PartnerApproved,
    PartnerDeclined,
    PartnerWarned,
    PartnerRests,
    PartnerEnded,
    PartnerRestored,
}

/// What must still be so when a letter is sent; otherwise it is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Must {
    /// Its reader's account is there and not disabled.
    Account,
    /// Its reader's account is closed.
    Closed,
    /// Its reader still has the address it goes to.
    Address,
    /// The link in it still works.
    Link,
    /// Its reader still has this role.
    Role(Role),
    /// The invitation still waits for an answer.
    Invited,
    /// The request to a second admin still waits for an answer.
    Asked,
    /// Its reader is still a member of the app.
    Member,
    /// Its reader has not become a member of the app again.
    NoMember,
    /// Its reader may still accept agreements for the app.
    Signatory,
    /// Its reader may still read what staff read of the case.
    ReadsInside,
    /// Its reader still holds a seat of the case.
    Seat,
    /// Its reader still does the work on the case that is to be done, or leads and nobody does it.
    DoesWork,
    /// The case still lacks somebody for a seat in which there is work.
    Vacant,
    /// Its reader may still decide about the case.
    Decides,
    /// The case is still on its way.
    Open,
    /// The case has ended and nobody has taken it up again.
    Over,
    /// Somebody of the app still waits for an answer whether the case is stuck.
    StuckAsked,
    /// The turn in which it was written still runs: what it asks for has not been done.
    SameTurn,
    /// The case still stands there.
    State(StateKind),
    /// Of the approved case, a finding that is to be corrected by a date was reported as corrected.
    Reported,
    /// Of the approved case, one was not.
    Uncorrected,
    /// The agreement of the case has not been accepted.
    NotAccepted,
    /// The grant of the case still has this status.
    Grant(GrantStatus),
    /// The support request stands in one of these states.
    RequestIn(&'static [support::State]),
    /// Its reader may still read what our side reads of the request.
    ReadsRequest,
    /// Nobody has taken the request.
    RequestUntaken,
    /// Its reader still answers for the request.
    HoldsRequest,
    /// The change of a page has not been looked at.
    ChangeOpen,
    /// The page still cannot be read.
    Unreachable,
    /// The attestation of the app is still asked for.
    Unattested,
    /// This is still so of the app's entry in the gallery.
    Entry(Still),
    /// The partnership stands in one of these states.
    PartnerIn(&'static [partners::State]),
}

/// A support request on which it is our turn.
const WITH_US: Must = Must::RequestIn(&[support::State::Open, support::State::WaitingForUs]);

/// A support request that is not over.
const OPEN_REQUEST: Must = Must::RequestIn(&[
    support::State::Open,
    support::State::WaitingForUs,
    support::State::WaitingForDeveloper,
]);

/// A partnership that was given and has not ended.
const HELD_PARTNER: Must = Must::PartnerIn(&[
    partners::State::Active,
    partners::State::Warned,
    partners::State::Resting,
]);

/// What is fixed about a kind.
struct Row {
    /// In the database, and what an admin sees instead of the text.
    word: &'static str,
    must: &'static [Must],
    content: Content,
}

/// What a letter holds, and why it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// About a case or an account, to someone whose address is confirmed.
    Plain,
    /// As above, about an account, to whatever address it has.
    Account,
    /// Anybody can cause it to be sent to an address of their choice.
    Unsolicited,
    /// As above, with a link that signs its reader in or sets a password.
    Secret,
}

impl LetterKind {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::VerifyEmail,
        Self::AlreadyRegistered,
        Self::PasswordReset,
        Self::Invitation,
        Self::PasswordChanged,
        Self::FailedSignings,
        Self::SecondAdmin,
        Self::ConfirmOldAddress,
        Self::ConfirmNewAddress,
        Self::EmailChanged,
        Self::AccountClosed,
        Self::SecondFactor,
        Self::Digest,
        Self::Submitted,
        Self::ClarificationRequested,
        Self::CorrectionsRequested,
        Self::AgreementOpen,
        Self::AgreementReady,
        Self::Reminder,
        Self::Approved,
        Self::Declined,
        Self::Withdrawn,
        Self::Lapsed,
        Self::CorrectionReported,
        Self::FindingRetested,
        Self::FindingsDue,
        Self::FindingsOverdue,
        Self::AppealArrived,
        Self::AppealAnswered,
        Self::Reopened,
        Self::StuckAsked,
        Self::StuckAnswered,
        Self::GrantSuspended,
        Self::GrantReinstated,
        Self::GrantRevoked,
        Self::CapChanged,
        Self::Assigned,
        Self::CasesAssigned,
        Self::AnswerArrived,
        Self::Resubmitted,
        Self::DlaAccepted,
        Self::DecisionWaits,
        Self::DeveloperOverdue,
        Self::DueSoon,
        Self::Overdue,
        Self::WorkGivenBack,
        Self::MemberInvited,
        Self::MemberJoined,
        Self::MemberLeft,
        Self::MemberRemoved,
        Self::MemberChanged,
        Self::MembershipEnded,
        Self::AppArchived,
        Self::SecretReplaced,
        Self::RedirectsChanged,
        Self::PageChanged,
        Self::PageQuestioned,
        Self::PageAnswered,
        Self::PageSettled,
        Self::PageUnreachable,
        Self::AttestationSoon,
        Self::AttestationToday,
        Self::AttestationOverdue,
        Self::AttestationMissing,
        Self::UserCapNear,
        Self::UserCapReached,
        Self::RequestReceived,
        Self::RequestReplied,
        Self::RequestSolved,
        Self::RequestMerged,
        Self::RequestMoved,
        Self::RequestArrived,
        Self::RequestAnswered,
        Self::RequestAssigned,
        Self::ArticleRefused,
        Self::EntrySentIn,
        Self::EntryChangesAsked,
        Self::EntryPublished,
        Self::EntryTakenDown,
        Self::EntryHidden,
        Self::EntryShownAgain,
        Self::EntryLinkDead,
        Self::PartnerApplied,
        Self::PartnerProposed,
        Self::PartnerApproved,
        Self::PartnerDeclined,
        Self::PartnerWarned,
        Self::PartnerRests,
        Self::PartnerEnded,
        Self::PartnerRestored,
    ];

    const fn row(self) -> Row {
        use Must::{
            Account, Address, Asked, Decides, DoesWork, Grant, Invited, Link, Member, NoMember,
            NotAccepted, Open, Over, ReadsInside, SameTurn, Seat, Signatory, State, Vacant,
        };
        const fn row(word: &'static str, content: Content, must: &'static [Must]) -> Row {
            Row {
                word,
                must,
                content,
            }
        }
        use Content::{Plain, Secret, Unsolicited};
        match self {
            Self::VerifyEmail => row("account_verify_email", Secret, &[Account, Address, Link]),
            Self::AlreadyRegistered => row(
                "account_already_registered",
                Unsolicited,
                &[Account, Address],
            ),
            Self::PasswordReset => row("account_password_reset", Secret, &[Account, Address, Link]),
            Self::Invitation => row("account_invitation", Secret, &[Account, Address, Link]),
            // Warnings go to the address of then, whoever has changed it since.
            Self::PasswordChanged => row("account_password_changed", Content::Account, &[Account]),
            Self::FailedSignings => row("account_failed_signings", Content::Account, &[Account]),
            Self::SecondAdmin => row(
                "account_second_admin",
                Plain,
                &[Account, Address, Must::Role(Role::Admin), Asked],
            ),
            Self::ConfirmOldAddress => row(
                "account_confirm_old_address",
                Secret,
                &[Account, Address, Link],
            ),
            // Its reader does not have the address yet.
            Self::ConfirmNewAddress => row("account_confirm_new_address", Secret, &[Account, Link]),
            Self::EmailChanged => row("account_email_changed", Content::Account, &[Account]),
            Self::AccountClosed => row("account_closed", Content::Account, &[Must::Closed]),
            Self::SecondFactor => row("account_second_factor", Content::Account, &[Account]),
            Self::Digest => row("digest", Plain, &[Account, Address]),
            Self::Submitted => row("submitted", Plain, &[Account, Address, Member, Open]),
            Self::ClarificationRequested => row(
                "clarification_requested",
                Plain,
                &[Account, Address, Member, SameTurn],
            ),
            Self::CorrectionsRequested => row(
                "corrections_requested",
                Plain,
                &[Account, Address, Member, SameTurn],
            ),
            Self::AgreementOpen => row(
                "agreement_open",
                Plain,
                &[Account, Address, Signatory, Open, NotAccepted],
            ),
            Self::AgreementReady => row(
                "agreement_ready",
                Plain,
                &[Account, Address, Signatory, SameTurn],
            ),
            Self::Reminder => row("reminder", Plain, &[Account, Address, Member, SameTurn]),
            Self::Approved => row(
                "approved",
                Plain,
                &[Account, Address, Member, Grant(GrantStatus::Active)],
            ),
            Self::Declined => row(
                "declined",
                Plain,
                &[Account, Address, Member, State(StateKind::Declined)],
            ),
            Self::Withdrawn => row(
                "withdrawn",
                Plain,
                &[Account, Address, Member, State(StateKind::Withdrawn)],
            ),
            Self::Lapsed => row(
                "lapsed",
                Plain,
                &[Account, Address, Member, State(StateKind::Lapsed)],
            ),
            Self::AppealArrived => row(
                "appeal_arrived",
                Plain,
                &[Account, Address, ReadsInside, Must::Role(Role::Lead), Over],
            ),
            Self::CorrectionReported => row(
                "correction_reported",
                Plain,
                &[Account, Address, ReadsInside, Must::Reported],
            ),
            Self::FindingRetested => row("finding_retested", Plain, &[Account, Address, Member]),
            Self::FindingsDue => row(
                "findings_due",
                Plain,
                &[Account, Address, Member, Must::Uncorrected],
            ),
            Self::FindingsOverdue => row(
                "findings_overdue",
                Plain,
                &[
                    Account,
                    Address,
                    ReadsInside,
                    Must::Role(Role::Lead),
                    Must::Uncorrected,
                ],
            ),
            Self::AppealAnswered => {
                row("appeal_answered", Plain, &[Account, Address, Member, Over])
            }
            Self::StuckAsked => row(
                "stuck_asked",
                Plain,
                &[
                    Account,
                    Address,
                    ReadsInside,
                    Must::Role(Role::Lead),
                    Must::StuckAsked,
                ],
            ),
            Self::StuckAnswered => row("stuck_answered", Plain, &[Account, Address, Member, Open]),
            Self::Reopened => row("reopened", Plain, &[Account, Address, Member, Open]),
            Self::GrantSuspended => row(
                "grant_suspended",
                Plain,
                &[Account, Address, Member, Grant(GrantStatus::Suspended)],
            ),
            Self::GrantReinstated => row(
                "grant_reinstated",
                Plain,
                &[Account, Address, Member, Grant(GrantStatus::Active)],
            ),
            Self::GrantRevoked => row(
                "grant_revoked",
                Plain,
                &[Account, Address, Member, Grant(GrantStatus::Revoked)],
            ),
            Self::CapChanged => row(
                "cap_changed",
                Plain,
                &[Account, Address, Member, Grant(GrantStatus::Active)],
            ),
            Self::Assigned => row(
                "assigned",
                Plain,
                &[Account, Address, ReadsInside, Seat, Open],
            ),
            Self::CasesAssigned => row("cases_assigned", Plain, &[Account, Address]),
            Self::AnswerArrived => row(
                "answer_arrived",
                Plain,
                &[Account, Address, ReadsInside, SameTurn],
            ),
            Self::Resubmitted => row(
                "resubmitted",
                Plain,
                &[Account, Address, ReadsInside, Seat, SameTurn],
            ),
            Self::DlaAccepted => row(
                "dla_accepted",
                Plain,
                &[Account, Address, ReadsInside, Seat, Open],
            ),
            Self::DecisionWaits => row(
                "decision_waits",
                Plain,
                &[
                    Account,
                    Address,
                    ReadsInside,
                    Decides,
                    State(StateKind::Decision),
                ],
            ),
            Self::DeveloperOverdue => row(
                "developer_overdue",
                Plain,
                &[Account, Address, ReadsInside, Seat, SameTurn],
            ),
            Self::DueSoon => row(
                "due_soon",
                Plain,
                &[Account, Address, ReadsInside, DoesWork, SameTurn],
            ),
            Self::Overdue => row(
                "overdue",
                Plain,
                &[Account, Address, ReadsInside, DoesWork, SameTurn],
            ),
            Self::WorkGivenBack => row(
                "work_given_back",
                Plain,
                &[
                    Account,
                    Address,
                    ReadsInside,
                    Must::Role(Role::Lead),
                    Vacant,
                ],
            ),
            Self::MemberInvited => row("member_invited", Plain, &[Account, Address, Invited]),
            // What happened among members stays true whatever follows, and what follows has letters
            // of its own: only its reader must still be one of those who are told.
            Self::MemberJoined => row("member_joined", Plain, &[Account, Address, Member]),
            Self::MemberLeft => row("member_left", Plain, &[Account, Address, Member]),
            Self::MemberRemoved => row("member_removed", Plain, &[Account, Address, Member]),
            Self::MemberChanged => row("member_changed", Plain, &[Account, Address, Member]),
            Self::MembershipEnded => row("membership_ended", Plain, &[Account, Address, NoMember]),
            Self::AppArchived => row("app_archived", Plain, &[Account, Address, Member]),
            Self::SecretReplaced => row("secret_replaced", Plain, &[Account, Address, Member]),
            Self::RedirectsChanged => row("redirects_changed", Plain, &[Account, Address, Member]),
            Self::PageChanged => row(
                "page_changed",
                Plain,
                &[
                    Account,
                    Address,
                    Must::Role(Role::CommercialReviewer),
                    ReadsInside,
                    Must::ChangeOpen,
                ],
            ),
            Self::PageQuestioned => row("page_questioned", Plain, &[Account, Address, Member]),
            Self::PageAnswered => row(
                "page_answered",
                Plain,
                &[
                    Account,
                    Address,
                    Must::Role(Role::CommercialReviewer),
                    ReadsInside,
                ],
            ),
            // That it was so on that day stays true.
            Self::PageSettled => row("page_settled", Plain, &[Account, Address, Member]),
            Self::PageUnreachable => row(
                "page_unreachable",
                Plain,
                &[Account, Address, Member, Must::Unreachable],
            ),
            Self::AttestationSoon => row(
                "attestation_soon",
                Plain,
                &[Account, Address, Member, Must::Unattested],
            ),
            Self::AttestationToday => row(
                "attestation_today",
                Plain,
                &[Account, Address, Member, Must::Unattested],
            ),
            Self::AttestationOverdue => row(
                "attestation_overdue",
                Plain,
                &[Account, Address, Member, Must::Unattested],
            ),
            Self::AttestationMissing => row(
                "attestation_missing",
                Plain,
                &[Account, Address, ReadsInside, Must::Unattested],
            ),
            // They say how many there were on which day, which stays true.
            Self::UserCapNear => row("user_cap_near", Plain, &[Account, Address, Member]),
            Self::UserCapReached => row("user_cap_reached", Plain, &[Account, Address, Member]),
            Self::RequestReceived => {
                row("request_received", Plain, &[Account, Address, OPEN_REQUEST])
            }
            Self::RequestReplied => row(
                "request_replied",
                Plain,
                &[
                    Account,
                    Address,
                    Must::RequestIn(&[support::State::WaitingForDeveloper]),
                ],
            ),
            Self::RequestSolved => row(
                "request_solved",
                Plain,
                &[Account, Address, Must::RequestIn(&[support::State::Solved])],
            ),
            Self::RequestMerged => row(
                "request_merged",
                Plain,
                &[Account, Address, Must::RequestIn(&[support::State::Merged])],
            ),
            Self::RequestMoved => row(
                "request_moved",
                Plain,
                &[Account, Address, Must::RequestIn(&[support::State::Moved])],
            ),
            Self::RequestArrived => row(
                "request_arrived",
                Plain,
                &[
                    Account,
                    Address,
                    Must::ReadsRequest,
                    Must::RequestUntaken,
                    WITH_US,
                ],
            ),
            Self::RequestAnswered => row(
                "request_answered",
                Plain,
                &[Account, Address, Must::ReadsRequest, WITH_US],
            ),
            Self::RequestAssigned => row(
                "request_assigned",
                Plain,
                &[
                    Account,
                    Address,
                    Must::ReadsRequest,
                    Must::HoldsRequest,
                    OPEN_REQUEST,
                ],
            ),
            Self::ArticleRefused => row(
                "article_refused",
                Plain,
                &[Account, Address, Must::ReadsRequest],
            ),
            Self::EntrySentIn => row(
                "entry_sent_in",
                Plain,
                &[
                    Account,
                    Address,
                    Must::Role(crate::gallery::REVIEWER),
                    NoMember,
                    Must::Entry(Still::InReview),
                ],
            ),
            Self::EntryChangesAsked => row(
                "entry_changes_asked",
                Plain,
                &[Account, Address, Member, Must::Entry(Still::ChangesAsked)],
            ),
            Self::EntryPublished => row(
                "entry_published",
                Plain,
                &[Account, Address, Member, Must::Entry(Still::Shown)],
            ),
            Self::EntryTakenDown => row(
                "entry_taken_down",
                Plain,
                &[Account, Address, Member, Must::Entry(Still::NotPublic)],
            ),
            Self::EntryHidden => row(
                "entry_hidden",
                Plain,
                &[Account, Address, Member, Must::Entry(Still::Hidden)],
            ),
            Self::EntryShownAgain => row(
                "entry_shown_again",
                Plain,
                &[Account, Address, Member, Must::Entry(Still::Shown)],
            ),
            Self::EntryLinkDead => row(
                "entry_link_dead",
                Plain,
                &[Account, Address, Member, Must::Entry(Still::LinkDead)],
            ),
            Self::PartnerApplied => row(
                "partner_applied",
                Plain,
                &[
                    Account,
                    Address,
                    Must::Role(Role::PartnerManager),
                    Must::PartnerIn(&[partners::State::Applied]),
                ],
            ),
            Self::PartnerProposed => row(
                "partner_proposed",
                Plain,
                &[
                    Account,
                    Address,
                    Must::Role(Role::Approver),
                    Must::PartnerIn(&[partners::State::Proposed]),
                ],
            ),
            Self::PartnerApproved => row(
                "partner_approved",
                Plain,
                &[Account, Address, Member, HELD_PARTNER],
            ),
            Self::PartnerDeclined => row(
                "partner_declined",
                Plain,
                &[
                    Account,
                    Address,
                    Member,
                    Must::PartnerIn(&[partners::State::Declined]),
                ],
            ),
            Self::PartnerWarned => row(
                "partner_warned",
                Plain,
                &[
                    Account,
                    Address,
                    Member,
                    Must::PartnerIn(&[partners::State::Warned]),
                ],
            ),
            Self::PartnerRests => row(
                "partner_rests",
                Plain,
                &[
                    Account,
                    Address,
                    Member,
                    Must::PartnerIn(&[partners::State::Resting]),
                ],
            ),
            Self::PartnerEnded => row(
                "partner_ended",
                Plain,
                &[
                    Account,
                    Address,
                    Member,
                    Must::PartnerIn(&[partners::State::Ended]),
                ],
            ),
            Self::PartnerRestored => row(
                "partner_restored",
                Plain,
                &[
                    Account,
                    Address,
                    Member,
                    Must::PartnerIn(&[partners::State::Active]),
                ],
            ),
        }
    }

    /// The word of database and admin page.
    pub const fn word(self) -> &'static str {
        self.row().word
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// What must still be so when it is sent.
    pub const fn must(self) -> &'static [Must] {
        self.row().must
    }

    /// Whether it holds a link that signs its reader in or sets a password: then its text is
    /// sealed while it waits and forgotten once it has gone.
    pub const fn holds_a_secret(self) -> bool {
        matches!(self.row().content, Content::Secret)
    }

    /// Whether anybody can cause it to be sent to an address of their choice: then an address gets
    /// only so many of them.
    pub const fn is_unsolicited(self) -> bool {
        matches!(self.row().content, Content::Secret | Content::Unsolicited)
    }

    /// Whether it may go to an address that nobody has confirmed. What is told of cases may not.
    pub const fn goes_unconfirmed(self) -> bool {
        !matches!(self.row().content, Content::Plain)
    }
}

impl fmt::Display for LetterKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl FromStr for LetterKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::from_word(word).ok_or(())
    }
}

impl Must {
    /// Whether it is about a support request.
    pub const fn is_of_a_request(self) -> bool {
        matches!(
            self,
            Self::RequestIn(_) | Self::ReadsRequest | Self::RequestUntaken | Self::HoldsRequest
        )
    }

    /// Why a letter is dropped when it no longer holds: the end of "Not sent, because".
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Closed => "its reader's account is not closed",
            Self::Account => "its reader's account is disabled",
            Self::Address => "its reader has another address now",
            Self::Link => "the link in it no longer works",
            Self::Role(_) => "its reader no longer has the role",
            Self::Invited => "the invitation has been answered or taken back",
            Self::Asked => "the request has been answered, taken back or overtaken",
            Self::NoMember => "its reader is a member of the app again",
            Self::Vacant => "somebody has taken the work up, or the case has ended",
            Self::Decides => "its reader may no longer decide about the case",
            Self::Member => "its reader is no longer a member of the app",
            Self::Signatory => "its reader may no longer sign for the app",
            Self::ReadsInside => "its reader may no longer read the case",
            Self::Seat | Self::DoesWork => "its reader no longer works on the case",
            Self::Open => "the case has ended",
            Self::Over => "the case has been taken up again",
            Self::StuckAsked => "the question was answered, or the case went on",
            Self::SameTurn => "what it asked for has been done, or the case has ended",
            Self::State(_) => "the case has moved on",
            Self::Reported => "a reviewer has looked at what was reported",
            Self::Uncorrected => "what it asks to be corrected is reported or corrected",
            Self::NotAccepted => "the agreement has been accepted",
            Self::RequestIn(_) => "the request has moved on",
            Self::ReadsRequest => "its reader may no longer read the request",
            Self::RequestUntaken => "somebody has taken the request",
            Self::HoldsRequest => "its reader no longer answers for the request",
            Self::Grant(_) => "the access has changed since",
            Self::ChangeOpen => "somebody has looked at the change",
            Self::Unreachable => "the page can be read again",
            Self::Entry(_) => "the entry in the gallery has changed since",
            Self::Unattested => "the attestation has been given, or the access has ended",
            Self::PartnerIn(_) => "the partnership has moved on",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_kinds_share_a_word_and_each_is_found_by_its_own() {
        let words: BTreeSet<&str> = LetterKind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words.len(), LetterKind::ALL.len());
        for kind in LetterKind::ALL {
            assert_eq!(LetterKind::from_word(kind.word()), Some(*kind));
        }
    }

    #[test]
    fn a_letter_with_a_secret_goes_only_while_its_link_works() {
        for kind in LetterKind::ALL {
            assert_eq!(
                kind.holds_a_secret(),
                kind.must().contains(&Must::Link),
                "{kind:?}"
            );
            let of_account = [Must::Account, Must::Closed];
            assert!(
                kind.must().iter().any(|must| of_account.contains(must)),
                "{kind:?}"
            );
        }
    }
}
