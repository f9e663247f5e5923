//! What letters are about, which of them one can do without, and why the others always come.

use super::LetterKind;
use crate::Caller;
use std::collections::BTreeSet;

/// What letters are about, as people choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The reader's account.
    Account,
    /// The members of an app, and what they set up.
    Apps,
    /// Applications, and what becomes of access.
    Applications,
    /// Approved apps: users, pages, what is attested.
    Approvals,
    /// Support requests of one's own.
    Support,
    /// An app's entry in the gallery, and its partnership.
    Partners,
    /// Work of our side.
    Work,
}

/// Why a letter always comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Always {
    /// It asks something of its reader.
    Asks,
    /// It says how things stand from now on.
    Standing,
    /// It answers the reader.
    Answers,
    /// It tells of what somebody else may have done.
    Safety,
    /// It is work.
    Work,
    /// It holds what was chosen to be in it.
    Chosen,
}

impl Always {
    /// In words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Asks => "It asks something of you, or a date hangs on it.",
            Self::Standing => "It says what you may do from now on.",
            Self::Answers => "It answers you.",
            Self::Safety => "Should somebody else have done it, you learn of it.",
            Self::Work => "It is work for you, and nobody else may have been told.",
            Self::Chosen => "It holds what you choose to have in it, and comes on no day without.",
        }
    }
}

impl Topic {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Account,
        Self::Apps,
        Self::Applications,
        Self::Approvals,
        Self::Support,
        Self::Partners,
        Self::Work,
    ];

    /// To people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Account => "Your account",
            Self::Apps => "Your apps and their members",
            Self::Applications => "Applications and access",
            Self::Approvals => "Approved apps",
            Self::Support => "Support requests",
            Self::Partners => "Gallery and partnership",
            Self::Work => "Work on our side",
        }
    }

    /// Whether this person gets letters of it.
    pub fn concerns(self, caller: &Caller) -> bool {
        self != Self::Work || caller.is_staff()
    }

    /// Its letters, in the order of [`LetterKind::ALL`].
    pub fn kinds(self) -> impl Iterator<Item = LetterKind> {
        LetterKind::ALL
            .iter()
            .copied()
            .filter(move |kind| kind.topic() == self)
    }
}

/// What was chosen by topic before every kind was chosen by itself: such a word stands for these.
const BEFORE: &[(&str, &[LetterKind])] = &[
    (
        "members",
        &[
            LetterKind::MemberJoined,
            LetterKind::MemberLeft,
            LetterKind::MemberRemoved,
            LetterKind::MemberChanged,
        ],
    ),
    (
        "receipts",
        &[LetterKind::Submitted, LetterKind::RequestReceived],
    ),
    (
        "gallery",
        &[LetterKind::EntryPublished, LetterKind::EntryShownAgain],
    ),
    (
        "early_reminders",
        &[
            LetterKind::AttestationSoon,
            LetterKind::UserCapNear,
            LetterKind::DueSoon,
        ],
    ),
];

impl LetterKind {
    /// The letters of these words that one can do without; words of other versions are passed over.
    pub fn optional_from_words(words: &str) -> BTreeSet<Self> {
        let mut found = BTreeSet::new();
        for word in words.split(',') {
            match BEFORE.iter().find(|(before, _)| *before == word) {
                Some((_, kinds)) => found.extend(*kinds),
                None => found.extend(Self::from_word(word)),
            }
        }
        found.retain(|kind| kind.always().is_none());
        found
    }

    /// The reverse of [`LetterKind::optional_from_words`].
    pub fn words(kinds: &BTreeSet<Self>) -> String {
        let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        words.join(",")
    }

    /// What it is about.
    pub const fn topic(self) -> Topic {
        self.told().0
    }

    /// Why it always comes; none where one can do without it: it asks for nothing, or a later one
    /// asks again.
    pub const fn always(self) -> Option<Always> {
        self.told().1
    }

    /// When it comes, to people.
    pub const fn label(self) -> &'static str {
        self.told().2
    }

    const fn told(self) -> (Topic, Option<Always>, &'static str) {
        use Always::{Answers, Asks, Safety, Standing};
        use Topic::{Account, Applications, Approvals, Apps, Partners, Support, Work};
        const WORK: Option<Always> = Some(Always::Work);
        match self {
            Self::VerifyEmail => (Account, Some(Asks), "Your address is to be confirmed"),
            Self::AlreadyRegistered => (
                Account,
                Some(Safety),
                "Somebody gave your address for another account",
            ),
            Self::PasswordReset => (Account, Some(Answers), "A link to a new password"),
            Self::Invitation => (Account, Some(Asks), "You are invited to this desk"),
            Self::PasswordChanged => (Account, Some(Safety), "Your password was changed"),
            Self::FailedSignings => (
                Account,
                Some(Safety),
                "Wrong passwords where you sign something",
            ),
            Self::ConfirmOldAddress => (
                Account,
                Some(Asks),
                "Another address is wanted for your account",
            ),
            Self::ConfirmNewAddress => (Account, Some(Asks), "Your new address is to be confirmed"),
            Self::AccountClosed => (Account, Some(Safety), "Your account is closed"),
            Self::EmailChanged => (Account, Some(Safety), "Your account has another address"),
            Self::SecondFactor => (
                Account,
                Some(Safety),
                "Your second factor or a passkey was changed, or refused",
            ),
            Self::Digest => (Account, Some(Always::Chosen), "The daily digest"),
            Self::MemberInvited => (Apps, Some(Asks), "You are invited to an app"),
            Self::MemberJoined => (Apps, None, "Somebody joined an app"),
            Self::MemberLeft => (Apps, None, "Somebody left an app"),
            Self::MemberRemoved => (Apps, None, "Somebody was removed from an app"),
            Self::MemberChanged => (Apps, None, "Somebody may do something else for an app"),
            Self::MembershipEnded => (Apps, Some(Standing), "You were removed from an app"),
            Self::AppArchived => (Apps, Some(Standing), "An app was archived or restored"),
            Self::SecretReplaced => (Apps, Some(Safety), "An app has a new client secret"),
            Self::RedirectsChanged => (Apps, Some(Safety), "An app has other redirect URIs"),
            Self::Submitted => (Applications, None, "An application has arrived with us"),
            Self::ClarificationRequested => (Applications, Some(Asks), "We have questions"),
            Self::CorrectionsRequested => {
                (Applications, Some(Asks), "Something is to be corrected")
            }
            Self::AgreementOpen => (Applications, Some(Asks), "The agreement is to be accepted"),
            Self::AgreementReady => (Applications, Some(Asks), "The agreement waits for you"),
            Self::Reminder => (Applications, Some(Asks), "A date comes near"),
            Self::Approved => (Applications, Some(Standing), "An application is approved"),
            Self::Declined => (Applications, Some(Standing), "An application is declined"),
            Self::Withdrawn => (Applications, Some(Standing), "An application is withdrawn"),
            Self::Lapsed => (Applications, Some(Standing), "An application has lapsed"),
            Self::FindingRetested => (Applications, Some(Answers), "We looked again at a finding"),
            Self::FindingsDue => (Applications, Some(Asks), "A finding is to be corrected"),
            Self::AppealAnswered => (Applications, Some(Answers), "We answered an appeal"),
            Self::Reopened => (Applications, Some(Standing), "A case is open again"),
            Self::StuckAnswered => (
                Applications,
                Some(Answers),
                "We answered whether it is stuck",
            ),
            Self::GrantSuspended => (Applications, Some(Standing), "Access is suspended"),
            Self::GrantReinstated => (Applications, Some(Standing), "Access is given back"),
            Self::GrantRevoked => (Applications, Some(Standing), "Access is revoked"),
            Self::CapChanged => (
                Applications,
                Some(Standing),
                "Another cap of authorised users",
            ),
            Self::PageQuestioned => (Approvals, Some(Asks), "We ask about a page that changed"),
            Self::PageAnswered => (Work, WORK, "A question about a changed page is answered"),
            Self::PageSettled => (
                Approvals,
                None,
                "What we asked about a changed page is settled",
            ),
            Self::PageUnreachable => (Approvals, Some(Asks), "A page cannot be read"),
            Self::AttestationSoon => (
                Approvals,
                None,
                "An attestation comes near (the later reminders always come)",
            ),
            Self::AttestationToday => (Approvals, Some(Asks), "An attestation is due"),
            Self::AttestationOverdue => (Approvals, Some(Asks), "An attestation is overdue"),
            Self::UserCapNear => (
                Approvals,
                None,
                "Four of five places for users are taken (the last one always comes)",
            ),
            Self::UserCapReached => (Approvals, Some(Standing), "No place for users is left"),
            Self::RequestReceived => (Support, None, "A request has arrived with us"),
            Self::RequestReplied => (Support, Some(Answers), "We answered a request"),
            Self::RequestSolved => (Support, Some(Answers), "A request is solved"),
            Self::RequestMerged => (Support, Some(Answers), "Two requests became one"),
            Self::RequestMoved => (Support, Some(Answers), "A request was moved"),
            Self::EntryChangesAsked => (Partners, Some(Asks), "We ask for changes of an entry"),
            Self::EntryPublished => (Partners, None, "An entry is public"),
            Self::EntryShownAgain => (Partners, None, "An entry is shown again"),
            Self::EntryTakenDown => (Partners, Some(Standing), "An entry was taken down"),
            Self::EntryHidden => (Partners, Some(Standing), "An entry is hidden"),
            Self::EntryLinkDead => (Partners, Some(Asks), "A link of an entry leads nowhere"),
            Self::PartnerApproved => (Partners, Some(Standing), "An app is a partner"),
            Self::PartnerDeclined => (Partners, Some(Standing), "A partnership is declined"),
            Self::PartnerWarned => (Partners, Some(Asks), "A partner does not meet a criterion"),
            Self::PartnerRests => (Partners, Some(Standing), "A partnership rests"),
            Self::PartnerEnded => (Partners, Some(Standing), "A partnership has ended"),
            Self::PartnerRestored => (Partners, Some(Standing), "A partnership stands again"),
            Self::SecondAdmin => (Work, Some(Asks), "A second admin is needed"),
            Self::CorrectionReported => (Work, WORK, "A developer reports a finding as corrected"),
            Self::FindingsOverdue => (Work, WORK, "A finding is not corrected by its date"),
            Self::AppealArrived => (Work, WORK, "An appeal has arrived"),
            Self::StuckAsked => (Work, WORK, "A developer asks whether it is stuck"),
            Self::Assigned => (Work, WORK, "A case is yours"),
            Self::CasesAssigned => (Work, WORK, "Several cases are yours"),
            Self::AnswerArrived => (Work, WORK, "A developer answered"),
            Self::Resubmitted => (Work, WORK, "A developer sent corrections"),
            Self::DlaAccepted => (Work, WORK, "The agreement was accepted"),
            Self::DecisionWaits => (Work, WORK, "A decision waits"),
            Self::DeveloperOverdue => (Work, WORK, "A developer is late"),
            Self::DueSoon => (
                Work,
                None,
                "Work of yours is due soon (that it is overdue always comes)",
            ),
            Self::Overdue => (Work, WORK, "Work of yours is overdue"),
            Self::WorkGivenBack => (Work, WORK, "Work was given back"),
            Self::PageChanged => (Work, WORK, "A page of an approved app has changed"),
            Self::AttestationMissing => (Work, WORK, "An attestation is missing"),
            Self::RequestArrived => (Work, WORK, "A support request has arrived"),
            Self::RequestAnswered => (Work, WORK, "A developer answered a support request"),
            Self::RequestAssigned => (Work, WORK, "A support request is yours"),
            Self::ArticleRefused => (Work, WORK, "An article of yours was not released"),
            Self::EntrySentIn => (Work, WORK, "An entry of the gallery waits"),
            Self::PartnerApplied => (Work, WORK, "An app wants to be a partner"),
            Self::PartnerProposed => (Work, WORK, "A partnership waits for a decision"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_read_as_it_was_written_also_by_the_topics_of_before() {
        let optional: BTreeSet<LetterKind> = LetterKind::ALL
            .iter()
            .copied()
            .filter(|kind| kind.always().is_none())
            .collect();
        let words = LetterKind::words(&optional);
        assert_eq!(LetterKind::optional_from_words(&words), optional);
        // Of what has come since then nobody has chosen anything.
        let since = BTreeSet::from([LetterKind::PageSettled]);
        assert_eq!(
            LetterKind::optional_from_words("members,receipts,gallery,early_reminders"),
            &optional - &since
        );
        for (word, _) in BEFORE {
            assert_eq!(LetterKind::from_word(word), None, "{word}");
        }
        // Whatever was written past us, what always comes is never off.
        let words = "password_changed,account_password_changed,approved,nonsense,";
        assert_eq!(LetterKind::optional_from_words(words), BTreeSet::new());
    }

    #[test]
    fn every_topic_has_letters_and_no_two_letters_of_one_are_called_the_same() {
        for topic in Topic::ALL {
            let labels: BTreeSet<&str> = topic.kinds().map(LetterKind::label).collect();
            assert!(!labels.is_empty(), "{topic:?}");
            assert_eq!(labels.len(), topic.kinds().count(), "{topic:?}");
        }
    }

    #[test]
    fn whatever_is_about_the_account_or_holds_a_secret_always_comes() {
        for kind in LetterKind::ALL {
            if kind.goes_unconfirmed() || kind.holds_a_secret() {
                assert!(kind.always().is_some(), "{kind:?}");
            }
        }
    }
}
