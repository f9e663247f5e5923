//! What was just done, in words: a closed list, so that nobody can put words of their own into our
//! page by its address; and each with a code of this browser and page, so that nobody can have us
//! say to another that something was done.

use super::{Visit, next::with_parameter};
use casework::Desk;

macro_rules! done {
    ($($name:ident = $word:literal says $text:literal;)*) => {
        /// What was just done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Done {
            $(#[doc = $text] $name,)*
        }

        impl Done {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its word in the address.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// As the page says it.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// From the address; nothing for a word that is not ours.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

done! {
    Gathered = "gathered" says "It is in your review. Nothing has been sent yet.";
    ReviewDiscarded = "review-discarded" says "Review discarded.";
    ReviewPublished = "review-published" says "Review published.";
    ReviewTaken = "review-taken" says "Taken over. It is in your review.";
    EntryChanged = "entry-changed" says "Changed.";
    EntryDropped = "entry-dropped" says "Taken out of your review.";
    GatewayTokenEnded = "gateway-token-ended" says "Token ended.";
    GatewayTokenMade = "gateway-token-made" says "Token made.";
    GatewayTokenReplaced = "gateway-token-replaced" says "Successor made.";
    KeysSet = "keys-set" says "Saved.";
    TagSaved = "tag-saved" says "Tag saved.";
    Tagged = "tagged" says "Tag put on.";
    Untagged = "untagged" says "Tag taken off.";
    StuckAsked = "stuck-asked" says "Asked. A lead of ours answers, here and by email.";
    StuckAnswered = "stuck-answered" says "Answered; the members of the app are told.";
    DeveloperReminded = "developer-reminded" says "Reminded. The members of the app are written to.";
    Snoozed = "snoozed" says "Snoozed. It is back in your turn on that day, or when anything happens.";
    Woken = "woken" says "Snooze ended.";
    ViewSaved = "view-saved" says "View saved.";
    ViewDeleted = "view-deleted" says "View deleted.";
    BeginningSet = "beginning-set" says "Saved. The queue begins so from now on.";
    AbsencePlanned = "absence-planned" says "Absence planned.";
    ConflictDeclared = "conflict-declared" says "Conflict declared. What was held of these apps is given back.";
    ConflictWithdrawn = "conflict-withdrawn" says "The conflict stands no longer.";
    AbsenceTakenBack = "absence-taken-back" says "Absence taken back.";
    CapacitySet = "capacity-set" says "Capacity set.";
    AccountDisabled = "account-disabled" says "Account disabled.";
    AccountEnabled = "account-enabled" says "Account enabled.";
    AgreementAccepted = "agreement-accepted" says "Agreement accepted.";
    AgreementPublished = "agreement-published" says "Agreement published.";
    AnswersKept = "answers-kept" says "Saved. Nothing of it is sent yet.";
    AnswersSent = "answers-sent" says "Answers sent.";
    AppCreated = "app-created" says "App created.";
    AppLeft = "app-left" says "You have left the app.";
    AppArchived = "app-archived" says "App archived. It has no access until it is restored.";
    AppRestored = "app-restored" says "App restored.";
    OwnershipOffered = "ownership-offered" says "Offered. Until it is accepted nothing changes.";
    RedirectsSaved = "redirects-saved" says "Redirect URIs saved.";
    AppSaved = "app-saved" says "App saved.";
    LogoSaved = "logo-saved" says "Logo saved.";
    LogoRemoved = "logo-removed" says "Logo removed.";
    ApplicationResubmitted = "application-resubmitted" says "Application resubmitted.";
    ApplicationSubmitted = "application-submitted" says "Application submitted.";
    DraftDiscarded = "draft-discarded" says "Draft discarded.";
    ApplicationWithdrawn = "application-withdrawn" says "Application withdrawn.";
    AppealAnswered = "appeal-answered" says "Appeal answered; the members of the app are told.";
    CorrectionReported = "correction-reported" says "Reported. A reviewer looks at it.";
    FindingRetested = "finding-retested" says "Recorded; the members of the app are told.";
    Appealed = "appealed" says "Appeal sent.";
    Approved = "approved" says "Approved.";
    Attested = "attested" says "Attestation given.";
    Assigned = "assigned" says "Assigned.";
    ChangeCleared = "change-cleared" says "Change looked at: no concern.";
    ChangeRaised = "change-raised" says "Raised with the developer, who gets a letter.";
    ClarificationRequested = "clarification-requested" says "Clarification requested.";
    ConfirmedComplete = "confirmed-complete" says "Confirmed complete.";
    CorrectionsRequested = "corrections-requested" says "Corrections requested.";
    DateSet = "date-set" says "Date set.";
    DeclineProposed = "decline-proposed" says "Decline proposed.";
    Declined = "declined" says "Declined.";
    DraftSaved = "draft-saved" says "Draft saved.";
    EmailVerified = "email-verified" says "Email verified. Sign in to go on.";
    FileAttached = "file-attached" says "Attached.";
    CaseUnlinked = "case-unlinked" says "The case is no longer linked.";
    FileWaits = "file-waits" says "Attached, and not sent yet: it goes with what you write next.";
    FileRemoved = "file-removed" says "File removed.";
    TextDiscarded = "text-discarded" says "Discarded.";
    FindingWaived = "finding-waived" says "Finding waived.";
    CapChanged = "cap-changed" says "Cap changed.";
    GrantReinstated = "grant-reinstated" says "Grant reinstated.";
    GrantRevoked = "grant-revoked" says "Grant revoked.";
    GrantSuspended = "grant-suspended" says "Grant suspended.";
    InvitationAccepted = "invitation-accepted" says "Invitation accepted.";
    GuidePublished = "guide-published" says "Page published.";
    InvitationDeclined = "invitation-declined" says "Invitation declined.";
    InvitationNoted = "invitation-noted" says "Invitation noted.";
    InvitationWithdrawn = "invitation-withdrawn" says "Invitation withdrawn.";
    LetterGoesOutAgain = "letter-goes-out-again" says "The letter goes out again.";
    MemberChanged = "member-changed" says "Member changed.";
    MemberRemoved = "member-removed" says "Member removed.";
    NothingWaits = "nothing-waits" says "Nothing waits that you could take.";
    PasswordChanged = "password-changed" says "Password changed. Sign in with the new one.";
    AccountClosed = "account-closed" says "Your account is closed.";
    LettersChosen = "letters-chosen" says "Saved.";
    EmailKept = "email-kept" says "The address stays as it is.";
    LinksSent = "links-sent" says "We have sent a link to both addresses.";
    PasskeyAdded = "passkey-added" says "Passkey added.";
    PasskeyRemoved = "passkey-removed" says "Passkey removed.";
    PasskeyRenamed = "passkey-renamed" says "Saved.";
    RecoveryCodesMade = "recovery-codes-made" says "New recovery codes made. Those before do not work any more.";
    SecondFactorOff = "second-factor-off" says "The authenticator app is off.";
    SecondFactorOn = "second-factor-on" says "The authenticator app is on.";
    SecondFactorReset = "second-factor-reset" says "Second factor reset.";
    OtherSessionsEnded = "other-sessions-ended" says "All other sessions have ended.";
    OwnPasswordChanged = "own-password-changed" says "Password changed. Your other sessions have ended.";
    ProfileChanged = "profile-changed" says "Saved.";
    SessionEnded = "session-ended" says "Session ended.";
    UsernameChanged = "username-changed" says "Username changed.";
    PasswordSet = "password-set" says "Password set. Sign in with it.";
    PersonInvited = "person-invited" says "Person invited.";
    Released = "released" says "Released.";
    Reopened = "reopened" says "Reopened.";
    RequestConfirmed = "request-confirmed" says "Request confirmed.";
    RequestRefused = "request-refused" says "Request refused.";
    ReviewPassed = "review-passed" says "Review passed.";
    RolesChanged = "roles-changed" says "Roles changed.";
    SavedAfterSignIn = "saved-after-sign-in" says "You were signed out while you typed. What you typed is saved now.";
    SecretReplaced = "secret-replaced" says "Secret replaced.";
    SettingChanged = "setting-changed" says "Setting changed.";
    SignedOut = "signed-out" says "Signed out.";
    TemplatePublished = "template-published" says "Template published.";
    WaitsForASecondAdmin = "waits-for-a-second-admin" says "This waits for a second admin.";
    AnswerSent = "answer-sent" says "Answer sent.";
    ArticleRefused = "article-refused" says "The article is not released.";
    ArticleTakenOut = "article-taken-out" says "The article is taken out: nobody reads it any more.";
    ArticleReleased = "article-released" says "Article released. Everybody reads it now.";
    ArticleWritten = "article-written" says "Article written. It waits for a second person.";
    CannedTextPublished = "canned-text-published" says "Canned text published.";
    CannedTextRetired = "canned-text-retired" says "Canned text retired. It is not offered any more.";
    CaseLinked = "case-linked" says "Case linked.";
    NoteAdded = "note-added" says "Note added.";
    ReplySent = "reply-sent" says "Reply sent.";
    RequestClosed = "request-closed" says "Request closed.";
    RequestMerged = "request-merged" says "Request merged.";
    RequestMoved = "request-moved" says "Request moved.";
    RequestOpened = "request-opened" says "We have your request.";
    RequestRated = "request-rated" says "Thank you for rating our answer.";
    RequestSolved = "request-solved" says "Reply sent, request solved.";
    EntryChangesAsked = "entry-changes-asked" says "Changes asked. The developer gets a letter.";
    EntryDiscarded = "entry-discarded" says "Draft discarded.";
    EntryPublished = "entry-published" says "Published. Everybody can read it now.";
    EntrySaved = "entry-saved" says "Entry saved.";
    EntrySentIn = "entry-sent-in" says "Sent in. We look at it and write to you.";
    EntryTakenBack = "entry-taken-back" says "Taken back. You can change it now.";
    EntryTakenDown = "entry-taken-down" says "The entry is not in the gallery any more.";
    ImageAdded = "image-added" says "Image added.";
    ScreenshotMoved = "screenshot-moved" says "Screenshot moved.";
    ImageRemoved = "image-removed" says "Image removed.";
    AppPublished = "app-published" says "Saved. Every store page answers.";
    ContactConfirmed = "contact-confirmed" says "Support contact confirmed.";
    PartnerApplied = "partner-applied" says "Applied. A partner manager looks at it next.";
    PartnerApproved = "partner-approved" says "Approved: the app is a partner.";
    PartnerDeclined = "partner-declined" says "Application declined.";
    PartnerLeft = "partner-left" says "The partnership has ended.";
    ProposalTakenBack = "proposal-taken-back" says "Taken back. The application waits for another proposal.";
    PartnerProposed = "partner-proposed" says "Proposed. An approver decides next.";
    PartnerWithdrawn = "partner-withdrawn" says "Application taken back.";
    YourRequest = "your-request" says "This request is yours now.";
    YourCase = "your-case" says "This case is yours now.";
}

impl Done {
    /// The address of a page of ours that says it to this visitor: `?done=WORD.CODE`.
    pub fn told_on(self, path: &str, visit: &Visit) -> String {
        let (path, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
        let parameter = self.parameter(&visit.desk, &visit.browser, path);
        with_parameter(path, "done", &parameter) + fragment
    }

    /// What the address of this page says, if it was made for this browser.
    pub fn told_to(visit: &Visit) -> Option<Self> {
        let parameter = visit.query("done")?;
        let done = Self::from_word(parameter.split('.').next()?)?;
        let expected = done.parameter(&visit.desk, &visit.browser, &visit.path);
        (parameter == expected).then_some(done)
    }

    fn parameter(self, desk: &Desk, browser: &str, path: &str) -> String {
        let page = path.split('?').next().unwrap_or(path);
        format!(
            "{}.{}",
            self.word(),
            desk.code_of_notice(self.word(), browser, page)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_the_list_become_a_notice() {
        for done in Done::ALL {
            assert_eq!(Done::from_word(done.word()), Some(*done));
        }
        for word in ["you-may-go-live", "approve", "Approved", "<b>", ""] {
            assert_eq!(Done::from_word(word), None, "{word}");
        }
    }
}
