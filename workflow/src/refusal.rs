//! Why an action was not allowed, in the words of the person who tried.

use crate::{
    CaseNumber, PersonId, Timestamp,
    action::ActionKind,
    checklist::ListKind,
    form::Problem,
    state::{AccessLevel, Seat, StateKind},
    text::count,
};
use serde::{Deserialize, Serialize};

/// The typed reason why an action was refused. Its text names the rule and, where there is one, the
/// way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    #[error("\"{}\" is not possible while the case stands at \"{}\".", action.label(), state.label())]
    NotInThisState {
        action: ActionKind,
        state: StateKind,
    },
    #[error(
        "This app has an application on its way already ({number}); finish or withdraw that one first."
    )]
    CaseOpen { number: CaseNumber },
    /// In the way of a reopening; without a number where it is a draft, of which staff know no more.
    #[error("{}", other_under_way(*number))]
    OtherUnderWay { number: Option<CaseNumber> },
    #[error("This app has {} or more already.", level.label())]
    LevelReached { level: AccessLevel },
    /// What was typed needs correcting, field by field.
    #[error("{}", problems.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" "))]
    Input { problems: Vec<Problem> },
    #[error("{open} {} of the {} checklist {} not been checked.", if *open == 1 { "item" } else { "items" }, list.label(), if *open == 1 { "has" } else { "have" })]
    ChecklistIncomplete { list: ListKind, open: usize },
    #[error("{failed} {} failed; request clarification and check again.", if *failed == 1 { "completeness item" } else { "completeness items" })]
    CompletenessFailed { failed: usize },
    #[error("{open} {} still open.", if *open == 1 { "question is" } else { "questions are" })]
    QuestionsOpen { open: usize },
    #[error("A blocker finding is still open; it must be corrected first.")]
    BlockerOpen,
    #[error("A major finding is still open; waive it with a reason or set a date for it.")]
    MajorOpen,
    #[error("There is no open blocker or major finding to correct.")]
    NothingToCorrect,
    #[error("A blocker cannot be waived or dated; it must be corrected.")]
    BlockerStays,
    #[error("This finding is already settled.")]
    FindingSettled,
    #[error("This case has no such finding.")]
    UnknownFinding,
    #[error("No finding with a date waits to be corrected.")]
    NothingDated,
    #[error("It was reported as corrected already; a reviewer looks at it.")]
    CorrectionReported,
    #[error("No appeal waits for an answer.")]
    NoAppealWaits,
    #[error("This case has no such question open.")]
    UnknownQuestion,
    #[error("The {} checklist of this case has no such item.", list.label())]
    UnknownItem { list: ListKind },
    #[error("An application for Limited Access has no technical review.")]
    NoTechnicalTrack,
    #[error("The {} has already passed.", list.label())]
    AlreadyPassed { list: ListKind },
    #[error("Not every review track has passed.")]
    TracksOpen,
    #[error("The Data Licensing Agreement has not been accepted.")]
    AgreementOpen,
    #[error("The Data Licensing Agreement has already been accepted for this case.")]
    AgreementAccepted,
    #[error(
        "The agreement opens once the review has passed; for Full Access, once the application is complete."
    )]
    AgreementNotOpen,
    #[error(
        "This is not the version of the agreement in force; read the current one (version {current})."
    )]
    AgreementOutdated { current: u32 },
    /// The holder seen is not the holder now.
    #[error("The {} has changed since you looked.", seat.label())]
    SeatTaken { seat: Seat, now: Option<PersonId> },
    #[error("Nobody holds this responsibility.")]
    SeatEmpty { seat: Seat },
    #[error("This person already holds the responsibility.")]
    AlreadyAssigned { seat: Seat },
    #[error("The person chosen has no role for this: {} is needed.", seat.label())]
    NotCompetent { seat: Seat },
    #[error("A member of the app cannot review its application.")]
    ConflictOfInterest,
    #[error("The person chosen is away until {}; choose someone who is there.", day(*until))]
    Away { until: Timestamp },
    #[error("You are away until {}; take the absence back on your account page if you are there.", day(*until))]
    YouAreAway { until: Timestamp },
    /// Of the next case alone: a lead can lay more on somebody.
    #[error("You hold {open} of {}: finish or release one before you take the next.", count(*most, "case"))]
    AtCapacity { open: u32, most: u32 },
    #[error(
        "This person works on the other track of this case; the tracks are reviewed by different people."
    )]
    OneTrackEach,
    #[error("The case has changed since you looked; read what changed, then decide.")]
    TrailChanged,
    /// It is not said what was seen of the case.
    #[error("{} is done on what you see of the case: open the page of the case and do it there.", action.label())]
    NotSeen { action: ActionKind },
    #[error("{} is signed with your password: do it on its own page.", action.label())]
    NotSigned { action: ActionKind },
    #[error("Nobody has reviewed this case; a reviewer proposes to decline, an approver decides.")]
    NobodyReviewed,
    #[error("The due date must lie in the future.")]
    DueInThePast,
    #[error("It is too early: the date is {due}.")]
    TooEarly { due: Timestamp },
    #[error("A reminder must have been sent first.")]
    NotReminded,
    #[error("All reminders have been sent.")]
    RemindersSent,
    #[error("It is not the developer's turn.")]
    NotDevelopersTurn,
    #[error("A reminder went out on {}; the next one can on {}.", day(*sent), day(*next))]
    RemindedBefore { sent: Timestamp, next: Timestamp },
    #[error("A case can be reopened once; this one has been.")]
    ReopenedBefore,
    #[error("The end of this application has been appealed against already.")]
    AppealedBefore,
    #[error("An appeal was possible for {}, which have passed.", count(*days, "day"))]
    AppealOver { days: u16 },
    #[error("The grant is not active.")]
    GrantNotActive,
    #[error("The grant is not suspended.")]
    GrantNotSuspended,
    #[error("The grant has been revoked.")]
    GrantRevoked,
    #[error("The grant has no cap of authorised users.")]
    GrantUncapped,
    /// Of a support request.
    #[error(transparent)]
    Support(#[from] crate::support::Refused),
    /// Of a partnership.
    #[error(transparent)]
    Partner(#[from] crate::partners::Refused),
    /// Of an entry in the gallery.
    #[error(transparent)]
    Gallery(#[from] crate::gallery::Refused),
}

/// `3 Dec 2026`.
fn other_under_way(number: Option<CaseNumber>) -> String {
    match number {
        Some(number) => format!(
            "The app has another application under way, {number}; it has to end first, or its developer withdraws it."
        ),
        None => "The app has another application under way; its developer has to withdraw or discard it first.".to_owned(),
    }
}

fn day(at: Timestamp) -> String {
    day_in_words(at.date())
}

/// `3 Dec 2026`.
pub(crate) fn day_in_words(date: time::Date) -> String {
    let month: String = date.month().to_string().chars().take(3).collect();
    format!("{} {month} {}", date.day(), date.year())
}

impl Refusal {
    /// A refusal of one field.
    pub fn field(field: &str, text: impl Into<String>) -> Self {
        Self::Input {
            problems: vec![Problem {
                field: field.to_owned(),
                text: text.into(),
            }],
        }
    }
}
