//! The decision: a case and an action in, events or a refusal out.

use crate::{
    Calendar, Case, Internal, Outward, Refusal, Settings, Timestamp,
    action::{Action, ActionKind, MOST_USERS, NewFinding},
    checklist::{Checklist, Finding, FindingStatus, ListKind, Mark, Severity, Verdict},
    event::{Actor, Answered, Asked, Event, Response},
    form::Problem,
    ids::FindingId,
    relation::Role,
    relied::{Relied, place_of_item},
    start::alone,
    state::{Seat, State, Track},
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything besides the case that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub now: Timestamp,
    pub actor: Actor,
    pub calendar: &'a Calendar,
    pub settings: &'a Settings,
    /// The checklists by kind and version.
    pub lists: &'a BTreeMap<(ListKind, u32), Checklist>,
}

impl Context<'_> {
    /// The checklist of a kind in the version the case began with; none for a track it does not
    /// have.
    pub fn list(&self, case: &Case, kind: ListKind) -> Option<&Checklist> {
        let version = case.sheet(kind)?.version;
        self.lists.get(&(kind, version))
    }
}

/// Whether the action could be taken now, apart from what would be typed.
///
/// # Errors
/// The refusal that names the rule in the way.
pub fn available(case: &Case, context: &Context<'_>, action: ActionKind) -> Result<(), Refusal> {
    let (row, state) = (action.row(), case.state.kind());
    if !row.from.contains(&state) {
        return Err(Refusal::NotInThisState { action, state });
    }
    row.guards
        .iter()
        .try_for_each(|guard| guard.check(case, context))
}

/// What follows from an action: the events, in order, to be applied and recorded together.
///
/// # Errors
/// The refusal that names the first rule in the way; then nothing happens.
pub fn decide(case: &Case, context: &Context<'_>, action: Action) -> Result<Vec<Event>, Refusal> {
    available(case, context, action.kind())?;
    let one = |event| Ok(vec![event]);
    match action {
        // What says nothing new is no event.
        Action::EditDraft { fields } if fields.is_empty() => Ok(Vec::new()),
        Action::EditDraft { fields } => one(Event::DraftEdited { fields }),
        Action::AddAttachment {
            attachment,
            field,
            size,
            sha256,
        } => one(Event::AttachmentAdded {
            attachment,
            field,
            name: String::new(),
            size,
            sha256,
        }),
        Action::RemoveAttachment { attachment } => one(Event::AttachmentRemoved {
            attachment,
            name: String::new(),
        }),
        Action::Submit {
            submission,
            mut problems,
            contacts_confirmed,
            accuracy_attested,
        } => {
            let mut ticked = |holds: bool, field: &str, text: &str| {
                if !holds {
                    problems.push(Problem {
                        field: field.to_owned(),
                        text: text.to_owned(),
                    });
                }
            };
            ticked(
                contacts_confirmed,
                "contacts_confirmed",
                "Confirm that the contacts are up to date.",
            );
            ticked(
                accuracy_attested,
                "accuracy_attested",
                "Confirm that all this is accurate.",
            );
            if problems.is_empty() {
                one(Event::Submitted { submission })
            } else {
                Err(Refusal::Input { problems })
            }
        }
        Action::Assign {
            seat,
            to,
            roles,
            is_member,
            away,
            seen,
            note,
        } => {
            let from = case.seats.get(&seat).copied();
            if from != seen {
                return Err(Refusal::SeatTaken { seat, now: from });
            }
            if from == Some(to) {
                return Err(Refusal::AlreadyAssigned { seat });
            }
            may_sit(seat, &roles, is_member, away)?;
            if case.works_on_another_track(seat, to) {
                return Err(Refusal::OneTrackEach);
            }
            one(Event::Assigned {
                seat,
                from,
                to,
                note,
            })
        }
        Action::Release {
            seat,
            seen,
            note,
            away,
        } => {
            let now = case.seats.get(&seat).copied();
            match now {
                Some(from) if now == seen => one(Event::Released {
                    seat,
                    from,
                    note,
                    away,
                }),
                _ => Err(Refusal::SeatTaken { seat, now }),
            }
        }
        Action::RequestClarification { questions, due } => {
            ask(case, context, &questions)?;
            future(context, due)?;
            one(Event::ClarificationRequested { questions, due })
        }
        Action::AnswerClarification {
            answers,
            submission,
        } => {
            every_question_answered(case, &answers)?;
            one(Event::ClarificationAnswered {
                answers,
                submission,
            })
        }
        Action::CheckItem {
            list,
            item,
            verdict,
            evidence,
            revision,
            finding,
        } => {
            let relied = relied(case, context, list, &item, revision)?;
            to_be_checked(case, list, &item)?;
            check_item(
                case,
                context,
                list,
                item,
                (verdict, evidence, relied),
                finding,
            )
        }
        Action::ConfirmComplete => one(Event::CompletenessConfirmed),
        Action::RecordFinding {
            list,
            item,
            finding,
        } => {
            known_item(case, context, list, &item)?;
            Ok(vec![record(case, context, list, item, finding)?])
        }
        Action::WaiveFinding { finding, reason } => {
            settleable(case, finding)?;
            said("reason", "Reason", reason.inside())?;
            one(Event::FindingWaived { finding, reason })
        }
        Action::DateFinding { finding, due } => {
            settleable(case, finding)?;
            future(context, due)?;
            one(Event::FindingDated { finding, due })
        }
        Action::ReportCorrection { finding, text } => {
            if dated(case, finding)?.is_reported() {
                return Err(Refusal::CorrectionReported);
            }
            said("text", "What was done", &text)?;
            one(Event::CorrectionReported { finding, text })
        }
        Action::RetestFinding {
            list,
            finding,
            corrected,
            text,
            seen,
        } => {
            let dated = dated(case, finding)?;
            if dated.list != list {
                return Err(Refusal::UnknownFinding);
            }
            if dated.reported_at() != seen {
                return Err(Refusal::TrailChanged);
            }
            if !corrected {
                said("text", "What is still wrong", &text)?;
            }
            one(Event::FindingRetested {
                list,
                finding,
                corrected,
                text,
                severity: None,
            })
        }
        Action::RemindFindings => one(Event::FindingsReminded {
            findings: case
                .findings_to_remind(context)
                .map(|finding| finding.id)
                .collect(),
        }),
        Action::RequestCorrections { due } => {
            future(context, due)?;
            one(Event::CorrectionsRequested { due })
        }
        Action::Resubmit {
            responses,
            submission,
        } => {
            every_finding_answered(case, &responses)?;
            one(Event::Resubmitted {
                responses,
                submission,
                settled_stays: true,
            })
        }
        Action::PassTrack { track } => one(pass(case, context, track)),
        Action::AcceptDla {
            acceptance,
            current_version,
            consent,
        } => {
            if !consent {
                return Err(Refusal::field(
                    "consent",
                    "Tick the box to accept the agreement.",
                ));
            }
            said("capacity", "Capacity", &acceptance.capacity)?;
            if acceptance.version != current_version {
                return Err(Refusal::AgreementOutdated {
                    current: current_version,
                });
            }
            one(Event::DlaAccepted { acceptance })
        }
        Action::ProposeDecline { reason, text } => {
            said("text", "Explanation", text.inside())?;
            one(Event::DeclineProposed { reason, text })
        }
        Action::Approve { granted } => one(Event::Approved { granted }),
        Action::Decline {
            reason,
            text,
            signature,
        } => {
            said("text", "Explanation", &text)?;
            one(Event::Declined {
                reason,
                text,
                signature: Some(signature),
            })
        }
        Action::Withdraw { reason } => one(Event::Withdrawn {
            reason,
            draft: matches!(case.state, State::Draft),
        }),
        Action::Remind => one(Event::Reminded {
            overdue: case.reminders > 0,
        }),
        Action::Lapse => match case.state.missed() {
            Some(missed) => one(Event::Lapsed { missed }),
            None => Err(Refusal::NotInThisState {
                action: ActionKind::Lapse,
                state: case.state.kind(),
            }),
        },
        Action::Appeal { text } => {
            said("text", "Why", &text)?;
            one(Event::Appealed { text })
        }
        Action::AnswerAppeal { text } => {
            said("text", "Answer", &text)?;
            one(Event::AppealAnswered { text })
        }
        Action::Reopen {
            reason,
            to,
            although,
            roles,
            is_member,
            away,
            other,
        } => {
            alone(other)?;
            said("reason", "Reason", reason.inside())?;
            may_sit(Seat::Case, &roles, is_member, away)?;
            let although = if case.has_worked_on(to) {
                fresh_eyes(although.inside())?;
                although
            } else {
                Internal::default()
            };
            one(Event::Reopened {
                reason,
                to,
                although,
            })
        }
        Action::SuspendGrant { reason, signature } => {
            said("reason", "Reason", &reason)?;
            let signature = Some(signature);
            one(Event::GrantSuspended { reason, signature })
        }
        Action::ReinstateGrant { reason, signature } => {
            said("reason", "Reason", &reason)?;
            let signature = Some(signature);
            one(Event::GrantReinstated { reason, signature })
        }
        Action::RevokeGrant { reason, signature } => {
            said("reason", "Reason", &reason)?;
            let signature = Some(signature);
            one(Event::GrantRevoked { reason, signature })
        }
        Action::ChangeCap {
            cap,
            reason,
            signature,
        } => {
            let before = case.grant.as_ref().and_then(|grant| grant.cap);
            new_cap(before, cap)?;
            said("reason", "Reason", &reason)?;
            one(Event::CapChanged {
                before,
                cap,
                reason,
                signature,
            })
        }
    }
}

/// The longest free text a person may write into one field, in characters.
pub const LONGEST_TEXT: usize = crate::limits::TEXT_CHARACTERS;

fn said(field: &str, label: &str, text: &str) -> Result<(), Refusal> {
    let count = text.trim().chars().count();
    if count == 0 {
        return Err(Refusal::field(field, format!("{label}: write an answer.")));
    }
    if count > LONGEST_TEXT {
        return Err(Refusal::field(
            field,
            format!("{label}: shorten it to {LONGEST_TEXT} characters; it has {count}."),
        ));
    }
    Ok(())
}

/// A cap is another one than before.
fn new_cap(before: Option<u32>, cap: u32) -> Result<(), Refusal> {
    let text = match cap {
        _ if before == Some(cap) => format!("this is the cap already: {cap}."),
        1..=MOST_USERS => return Ok(()),
        _ => format!("write a whole number from 1 to {MOST_USERS}."),
    };
    Err(Refusal::field("cap", format!("Authorised users: {text}")))
}

/// Who has worked on a case looks at it again only where it is said why.
fn fresh_eyes(although: &str) -> Result<(), Refusal> {
    if although.trim().is_empty() {
        return Err(Refusal::field(
            "although",
            "New assignee: this person has worked on the case; choose someone who has not, or say why it must be this one.",
        ));
    }
    said("although", "Why someone who has worked on it", although)
}

fn future(context: &Context<'_>, due: Timestamp) -> Result<(), Refusal> {
    if due > context.now {
        Ok(())
    } else {
        Err(Refusal::field(
            "due",
            "Due date: choose a day in the future.",
        ))
    }
}

fn may_sit(
    seat: Seat,
    roles: &BTreeSet<Role>,
    is_member: bool,
    away: Option<Timestamp>,
) -> Result<(), Refusal> {
    if !roles.contains(&seat.role()) {
        Err(Refusal::NotCompetent { seat })
    } else if is_member {
        Err(Refusal::ConflictOfInterest)
    } else if let Some(until) = away {
        Err(Refusal::Away { until })
    } else {
        Ok(())
    }
}

fn ask(case: &Case, context: &Context<'_>, questions: &[Asked]) -> Result<(), Refusal> {
    if questions.is_empty() {
        return Err(Refusal::field("text", "Question: write at least one."));
    }
    for question in questions {
        said("text", "Question", &question.text)?;
        if let crate::event::Pin::Item { list, key } = &question.pin {
            known_item(case, context, *list, key)?;
        }
    }
    Ok(())
}

/// Whether each open question has an answer, and nothing else has.
///
/// # Errors
/// [`Refusal::Input`] on the id of each question that has none; [`Refusal::UnknownQuestion`].
pub fn every_question_answered(case: &Case, answers: &[Answered]) -> Result<(), Refusal> {
    every_one_answered(
        case.open_questions().map(|question| question.id),
        answers.iter().map(|a| (a.question, a.text.as_str())),
        "Answer",
        Refusal::UnknownQuestion,
    )
}

/// The same of open findings and responses.
///
/// # Errors
/// [`Refusal::Input`] on the id of each finding that has none; [`Refusal::UnknownFinding`].
pub fn every_finding_answered(case: &Case, responses: &[Response]) -> Result<(), Refusal> {
    let open = case.findings.iter().filter(|finding| finding.is_open());
    every_one_answered(
        open.map(|finding| finding.id),
        responses.iter().map(|r| (r.finding, r.text.as_str())),
        "Response",
        Refusal::UnknownFinding,
    )
}

/// What is open and what was said to it, by id; nothing may be missing and nothing too much.
fn every_one_answered<'a, Id: Ord + Copy + std::fmt::Display>(
    open: impl Iterator<Item = Id>,
    said_to: impl Iterator<Item = (Id, &'a str)>,
    label: &str,
    unknown: Refusal,
) -> Result<(), Refusal> {
    let mut texts: BTreeMap<Id, &str> = said_to.collect();
    let mut problems = Vec::new();
    for id in open {
        let text = texts.remove(&id).unwrap_or_default();
        match said(&id.to_string(), label, text) {
            Err(Refusal::Input { problems: more }) => problems.extend(more),
            other => other?,
        }
    }
    if !texts.is_empty() {
        Err(unknown)
    } else if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Input { problems })
    }
}

fn known_item(
    case: &Case,
    context: &Context<'_>,
    list: ListKind,
    item: &str,
) -> Result<(), Refusal> {
    match context.list(case, list).and_then(|list| list.item(item)) {
        Some(_) => Ok(()),
        None => Err(Refusal::UnknownItem { list }),
    }
}

/// What a verdict on an item relies on: the revision that was looked at is the one that stands.
fn relied(
    case: &Case,
    context: &Context<'_>,
    list: ListKind,
    key: &str,
    revision: u32,
) -> Result<Option<Relied>, Refusal> {
    let Some(template) = context.list(case, list) else {
        return Err(Refusal::UnknownItem { list });
    };
    let item = template.item(key).ok_or(Refusal::UnknownItem { list })?;
    let Some(submission) = &case.submission else {
        return Ok(None);
    };
    if submission.revision != revision {
        return Err(Refusal::TrailChanged);
    }
    let place = place_of_item(list, key);
    Ok(Some(Relied::of(item, place, template.version, submission)))
}

/// Once completeness is confirmed, only what is in doubt again is checked.
fn to_be_checked(case: &Case, list: ListKind, item: &str) -> Result<(), Refusal> {
    let stands = |mark: &Mark| mark.verdict != Verdict::Fail;
    let over = list == ListKind::Completeness && case.state == State::Review;
    match case.completeness.marks.get(item) {
        Some(mark) if over && stands(mark) => Err(Refusal::AlreadyPassed { list }),
        _ => Ok(()),
    }
}

fn check_item(
    case: &Case,
    context: &Context<'_>,
    list: ListKind,
    item: String,
    (verdict, evidence, relied): (Verdict, String, Option<Relied>),
    finding: Option<NewFinding>,
) -> Result<Vec<Event>, Refusal> {
    if let Verdict::NotApplicable { reason } = &verdict {
        said("reason", "Reason for N/A", reason.inside())?;
    }
    let failed = verdict == Verdict::Fail;
    let mut events = vec![Event::ItemChecked {
        list,
        item: item.clone(),
        verdict,
        evidence,
        relied,
    }];
    // What fails completeness is asked about; what fails a review is a finding.
    if failed && list != ListKind::Completeness {
        let Some(finding) = finding else {
            return Err(Refusal::field("text", "Finding: say what is wrong."));
        };
        said("text", "Finding", &finding.text)?;
        // What is known to be wrong is not found a second time: the same finding fails again.
        let known: Vec<&Finding> = case
            .findings
            .iter()
            .filter(|known| known.list == list && known.item == item && !known.is_over())
            .collect();
        if known.is_empty() {
            events.push(record(case, context, list, item, finding)?);
        } else {
            events.extend(fail_again(list, &known, &finding)?);
        }
    } else {
        let dated = case
            .dated_findings()
            .filter(|(finding, _)| finding.list == list && finding.item == item);
        events.extend(dated.map(|(finding, _)| Event::FindingRetested {
            list,
            finding: finding.id,
            corrected: true,
            text: Outward::default(),
            severity: None,
        }));
    }
    Ok(events)
}

/// What fails again weighs as much as before, or more: else what needs a second person to be waived
/// could be made light of by one.
fn fail_again(
    list: ListKind,
    known: &[&Finding],
    again: &NewFinding,
) -> Result<Vec<Event>, Refusal> {
    let lighter = |severity| known.iter().all(|one| severity < one.severity);
    if again.severity.is_some_and(lighter) {
        let text = "If it fails: what fails again weighs no less than before.";
        return Err(Refusal::field("severity", text));
    }
    let event = |one: &&Finding| Event::FindingRetested {
        list,
        finding: one.id,
        corrected: false,
        text: again.text.clone(),
        severity: again.severity.filter(|now| *now > one.severity),
    };
    Ok(known.iter().map(event).collect())
}

fn record(
    case: &Case,
    context: &Context<'_>,
    list: ListKind,
    item: String,
    finding: NewFinding,
) -> Result<Event, Refusal> {
    said("text", "Finding", &finding.text)?;
    let Actor::Person(by) = context.actor else {
        return Err(Refusal::NotCompetent { seat: Seat::Case });
    };
    let usual = context.list(case, list).and_then(|list| list.item(&item));
    let usual = usual.map_or(Severity::Major, |item| item.severity);
    Ok(Event::FindingRecorded {
        finding: Finding {
            id: finding.id,
            list,
            item,
            severity: finding.severity.unwrap_or(usual),
            text: finding.text,
            by,
            at: context.now,
            round: case.round,
            status: FindingStatus::Open { returned: None },
        },
    })
}

fn dated(case: &Case, id: FindingId) -> Result<&Finding, Refusal> {
    let finding = case.findings.iter().find(|finding| finding.id == id);
    let finding = finding.ok_or(Refusal::UnknownFinding)?;
    if finding.dated().is_some() {
        Ok(finding)
    } else {
        Err(Refusal::NothingDated)
    }
}

fn settleable(case: &Case, id: FindingId) -> Result<(), Refusal> {
    let Some(finding) = case.findings.iter().find(|finding| finding.id == id) else {
        return Err(Refusal::UnknownFinding);
    };
    if !finding.stands() {
        Err(Refusal::FindingSettled)
    } else if finding.severity == Severity::Blocker {
        Err(Refusal::BlockerStays)
    } else {
        Ok(())
    }
}

fn pass(case: &Case, context: &Context<'_>, track: Track) -> Event {
    let others_passed = case.level.tracks().iter().all(|other| {
        *other == track
            || case
                .sheet(ListKind::of(*other))
                .is_some_and(|sheet| sheet.passed.is_some())
    });
    let opens_agreement = others_passed && case.acceptance.is_none();
    Event::TrackPassed {
        track,
        agreement_due: opens_agreement.then(|| {
            context
                .calendar
                .due(context.now, context.settings.agreement_days)
        }),
    }
}
