//! Facts that must hold, read as statements. A guard looks at the case and the moment alone; what
//! was typed is looked at in [`crate::decide()`].

use crate::{
    Case, Refusal,
    action::ActionKind,
    case::GrantStatus,
    checklist::{ListKind, Severity, Verdict},
    decide::Context,
    state::{AccessLevel, Seat, State, Track},
};
use time::Duration;

/// A statement about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    NothingOpen,
    CompletenessChecklistDone,
    /// Completeness is being checked, or a verdict of it is in doubt since.
    CompletenessOpen,
    /// No verdict of completeness is in doubt.
    CompletenessStands,
    TrackExists(Track),
    TrackNotPassed(Track),
    TrackChecklistComplete(Track),
    NoOpenBlocker(Track),
    MajorFindingsSettled(Track),
    SomethingToCorrect,
    SomeFindingStands,
    /// Some finding is to be corrected by a day that was set for it.
    SomeFindingDated,
    /// The same, of the findings of a track.
    FindingDatedOf(Track),
    FindingReminderDue,
    SeatHeld(Seat),
    TracksPassed,
    DlaAccepted,
    DlaNotAccepted,
    DlaOpen,
    ReminderDue,
    LapseDue,
    NotReopenedBefore,
    NotAppealedBefore,
    /// Of an appeal; what was appealed against in time can be reopened at any time after.
    WithinAppealTime,
    AppealWaits,
    GrantActive,
    GrantSuspended,
    GrantNotRevoked,
    GrantCapped,
    /// Somebody other than who acts has reviewed the case: nobody ends one alone.
    ReviewedByAnother,
}

impl Guard {
    /// Whether the statement holds; else the refusal that names it.
    ///
    /// # Errors
    /// The refusal of the rule that is not met.
    pub fn check(self, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
        let list = |track| ListKind::of(track);
        match self {
            Self::NothingOpen => match case.open_questions().count() {
                0 => Ok(()),
                open => Err(Refusal::QuestionsOpen { open }),
            },
            Self::CompletenessChecklistDone => completeness_done(case, context),
            Self::CompletenessOpen => hold(
                case.state == State::Completeness || case.completeness.is_in_doubt(),
                Refusal::AlreadyPassed {
                    list: ListKind::Completeness,
                },
            ),
            Self::CompletenessStands => match case.completeness.reopened.len() {
                0 => completeness_holds(case),
                open => Err(Refusal::ChecklistIncomplete {
                    list: ListKind::Completeness,
                    open,
                }),
            },
            Self::TrackExists(track) => {
                hold(case.sheet(list(track)).is_some(), Refusal::NoTechnicalTrack)
            }
            Self::TrackNotPassed(track) => hold(
                case.sheet(list(track)).is_some_and(|s| s.passed.is_none()),
                Refusal::AlreadyPassed { list: list(track) },
            ),
            Self::TrackChecklistComplete(track) => {
                let list = list(track);
                let (Some(sheet), Some(items)) = (case.sheet(list), context.list(case, list))
                else {
                    return Err(Refusal::NoTechnicalTrack);
                };
                match sheet.unmarked(items).count() {
                    0 => Ok(()),
                    open => Err(Refusal::ChecklistIncomplete { list, open }),
                }
            }
            Self::NoOpenBlocker(track) => hold(
                case.standing(list(track), Severity::Blocker)
                    .next()
                    .is_none(),
                Refusal::BlockerOpen,
            ),
            Self::MajorFindingsSettled(track) => hold(
                case.standing(list(track), Severity::Major).next().is_none(),
                Refusal::MajorOpen,
            ),
            Self::SomethingToCorrect => hold(
                case.findings
                    .iter()
                    .any(|f| f.is_open() && f.severity >= Severity::Major),
                Refusal::NothingToCorrect,
            ),
            Self::SomeFindingStands => hold(
                case.standing_findings().next().is_some(),
                Refusal::UnknownFinding,
            ),
            Self::SomeFindingDated => hold(
                case.dated_findings().next().is_some(),
                Refusal::NothingDated,
            ),
            Self::FindingDatedOf(track) => hold(
                case.dated_findings()
                    .any(|(finding, _)| Track::of_findings(finding.list) == track),
                Refusal::NothingDated,
            ),
            Self::FindingReminderDue => finding_reminder_due(case, context),
            Self::SeatHeld(seat) => {
                hold(case.seats.contains_key(&seat), Refusal::SeatEmpty { seat })
            }
            Self::TracksPassed => hold(case.tracks_passed(), Refusal::TracksOpen),
            Self::DlaAccepted => hold(case.acceptance.is_some(), Refusal::AgreementOpen),
            Self::DlaNotAccepted => hold(case.acceptance.is_none(), Refusal::AgreementAccepted),
            // Limited: in Agreement. Full: any time after Completeness.
            Self::DlaOpen => hold(
                matches!(case.state, State::Agreement { .. })
                    || (case.level == AccessLevel::Full && case.completeness.passed.is_some()),
                Refusal::AgreementNotOpen,
            ),
            Self::ReminderDue => reminder_due(case, context),
            Self::LapseDue => lapse_due(case, context),
            Self::NotReopenedBefore => hold(!case.reopened, Refusal::ReopenedBefore),
            Self::AppealWaits => hold(case.appeal_waits(), Refusal::NoAppealWaits),
            Self::NotAppealedBefore => hold(case.appealed.is_none(), Refusal::AppealedBefore),
            Self::WithinAppealTime if case.appealed.is_some() => Ok(()),
            Self::WithinAppealTime => {
                let (State::Declined { at } | State::Lapsed { at, .. }) = case.state else {
                    return Err(Refusal::NotInThisState {
                        action: ActionKind::Reopen,
                        state: case.state.kind(),
                    });
                };
                let days = context.settings.appeal_days;
                hold(
                    context.now <= at.plus(Duration::days(i64::from(days))),
                    Refusal::AppealOver { days },
                )
            }
            Self::GrantActive => grant_is(case, GrantStatus::Active, Refusal::GrantNotActive),
            Self::GrantSuspended => {
                grant_is(case, GrantStatus::Suspended, Refusal::GrantNotSuspended)
            }
            Self::GrantNotRevoked => hold(
                case.grant
                    .as_ref()
                    .is_some_and(|grant| grant.status != GrantStatus::Revoked),
                Refusal::GrantRevoked,
            ),
            Self::GrantCapped => hold(
                case.grant.as_ref().is_some_and(|grant| grant.cap.is_some()),
                Refusal::GrantUncapped,
            ),
            Self::ReviewedByAnother => hold(
                case.reviewers
                    .iter()
                    .any(|reviewer| context.actor.person() != Some(*reviewer)),
                Refusal::NobodyReviewed,
            ),
        }
    }
}

fn hold(statement: bool, otherwise: Refusal) -> Result<(), Refusal> {
    if statement { Ok(()) } else { Err(otherwise) }
}

fn grant_is(case: &Case, status: GrantStatus, otherwise: Refusal) -> Result<(), Refusal> {
    hold(
        case.grant
            .as_ref()
            .is_some_and(|grant| grant.status == status),
        otherwise,
    )
}

fn completeness_done(case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    let list = ListKind::Completeness;
    let open = context.list(case, list).map_or(usize::MAX, |items| {
        case.completeness.unmarked(items).count()
    });
    if open > 0 {
        return Err(Refusal::ChecklistIncomplete { list, open });
    }
    completeness_holds(case)
}

fn completeness_holds(case: &Case) -> Result<(), Refusal> {
    let failed = case
        .completeness
        .marks
        .values()
        .filter(|mark| mark.verdict == Verdict::Fail)
        .count();
    hold(failed == 0, Refusal::CompletenessFailed { failed })
}

/// The first reminder goes out `remind_before_days` business days before the date, the second once
/// it has passed.
fn reminder_due(case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(due) = case.state.developer_due() else {
        return Err(Refusal::NotInThisState {
            action: ActionKind::Remind,
            state: case.state.kind(),
        });
    };
    let at = match case.reminders {
        0 => context
            .calendar
            .before(due, context.settings.remind_before_days),
        1 => due,
        _ => return Err(Refusal::RemindersSent),
    };
    hold(context.now >= at, Refusal::TooEarly { due: at })
}

/// As for what holds up a review, of each finding with a date; not of one that is reported as
/// corrected, which waits for us.
fn finding_reminder_due(case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    if case.findings_to_remind(context).next().is_some() {
        return Ok(());
    }
    match case.dated_findings().map(|(_, due)| due).min() {
        Some(due) => Err(Refusal::TooEarly { due }),
        None => Err(Refusal::NothingDated),
    }
}

fn lapse_due(case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(due) = case.state.developer_due() else {
        return Err(Refusal::NotInThisState {
            action: ActionKind::Lapse,
            state: case.state.kind(),
        });
    };
    let end = context.calendar.due(due, context.settings.grace_days);
    hold(context.now > end, Refusal::TooEarly { due: end })?;
    hold(case.reminders >= 1, Refusal::NotReminded)
}
