//! The history of one case.

use super::{Cast, EVENTS, FIRST, Paper};
use casework::reference::Known;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Actor, AppId, CaseId, CaseNumber, Event, FindingId, GrantId, Internal, Outward, PersonId,
    QuestionId, Recorded, SignatureId, Timestamp,
    checklist::{Checklist, Finding, FindingStatus, ListKind, Severity, Verdict},
    event::{Acceptance, Answered, Asked, Granted, Pin, Response, Submission},
    relied::{Relied, place_of_item},
    state::{AccessLevel, Seat, Track},
};

/// Builds a history, a few hours between one event and the next.
struct Story {
    at: Timestamp,
    events: Vec<Recorded>,
    /// What was handed in last.
    sent: Option<Submission>,
}

impl Story {
    fn tell(&mut self, by: PersonId, event: Event) {
        if let Event::Submitted { submission }
        | Event::ClarificationAnswered {
            submission: Some(submission),
            ..
        }
        | Event::Resubmitted {
            submission: Some(submission),
            ..
        } = &event
        {
            self.sent = Some(submission.clone());
        }
        self.at = self.at.plus(Duration::hours(5));
        self.events.push(Recorded {
            at: self.at,
            by: Actor::Person(by),
            event,
        });
    }
}

/// Which case is told of.
pub(super) struct Plot {
    pub index: u32,
    pub app: AppId,
    /// It is approved whatever its index.
    pub ends: bool,
}

/// The history of one case of [`EVENTS`] events. By its index it ends let go by its assignee, in
/// clarification, approved, or – most of them – in the middle of the review.
pub(super) fn history(
    plot: &Plot,
    known: &Known,
    cast: &Cast,
    paper: &Paper,
    now: Timestamp,
) -> Vec<Recorded> {
    let Plot { index, app, ends } = *plot;
    let nth = |number: u32| cast.reviewers[number as usize % cast.reviewers.len()];
    let (assignee, commercial) = (nth(index), nth(index + 1));
    let mut story = Story {
        // Recent enough that no date is near: the mail worker stays out of the measurement.
        at: now.plus(-Duration::hours(160 + i64::from(index % 24))),
        events: Vec::new(),
        sent: None,
    };
    let by = cast.developer;
    let revision = |revision| Submission {
        revision,
        sha256: paper.sha256.clone(),
        places: paper.places.clone(),
    };
    story.tell(
        by,
        Event::Started {
            case: CaseId(Uuid::now_v7()),
            number: CaseNumber(FIRST + index),
            app,
            level: AccessLevel::Limited,
            versions: known.versions(),
        },
    );
    story.tell(
        by,
        Event::Submitted {
            submission: revision(1),
        },
    );
    story.tell(
        assignee,
        Event::Assigned {
            seat: Seat::Case,
            from: None,
            to: assignee,
            note: Internal::default(),
        },
    );
    let due = known
        .calendar
        .due(story.at, known.settings.clarification_days);
    let questions = asks(3);
    let answers = questions
        .iter()
        .map(|question| Answered {
            question: question.id,
            text: "An answer.".to_owned(),
        })
        .collect();
    story.tell(assignee, Event::ClarificationRequested { questions, due });
    story.tell(
        by,
        Event::ClarificationAnswered {
            answers,
            submission: Some(revision(2)),
        },
    );
    check_all(&mut story, known, ListKind::Completeness, assignee);
    story.tell(assignee, Event::CompletenessConfirmed);
    story.tell(
        commercial,
        Event::Assigned {
            seat: Seat::Commercial,
            from: None,
            to: commercial,
            note: Internal::default(),
        },
    );
    let finding = FindingId(Uuid::now_v7());
    let at = story.at;
    story.tell(
        commercial,
        Event::FindingRecorded {
            finding: Finding {
                id: finding,
                list: ListKind::Commercial,
                item: first_item(known, ListKind::Commercial),
                severity: Severity::Major,
                text: Outward::written("Something to correct."),
                by: commercial,
                at,
                round: 1,
                status: FindingStatus::Open { returned: None },
            },
        },
    );
    story.tell(commercial, Event::CorrectionsRequested { due });
    story.tell(
        by,
        Event::Resubmitted {
            responses: vec![Response {
                finding,
                text: "Corrected.".to_owned(),
            }],
            settled_stays: true,
            submission: Some(revision(3)),
        },
    );
    let ending = match index % 10 {
        _ if ends => approval(known, cast, paper, commercial, story.at),
        0 => vec![(
            assignee,
            Event::Released {
                seat: Seat::Case,
                from: assignee,
                note: Internal::default(),
                away: None,
            },
        )],
        1 => vec![(
            assignee,
            Event::ClarificationRequested {
                questions: asks(3),
                due,
            },
        )],
        2 => approval(known, cast, paper, commercial, story.at),
        _ => Vec::new(),
    };
    // Items are looked at again until the history has its length.
    let items = items(known, ListKind::Commercial);
    for item in items.into_iter().cycle() {
        if story.events.len() + ending.len() >= EVENTS {
            break;
        }
        check(&mut story, known, ListKind::Commercial, item, commercial);
    }
    for (who, event) in ending {
        story.tell(who, event);
    }
    story.events
}

fn asks(count: u32) -> Vec<Asked> {
    (1..=count)
        .map(|number| Asked {
            id: QuestionId(Uuid::now_v7()),
            pin: Pin::Case,
            text: Outward::written(format!("Question {number} about the application.")),
        })
        .collect()
}

/// The end of a history that goes well.
fn approval(
    known: &Known,
    cast: &Cast,
    paper: &Paper,
    commercial: PersonId,
    at: Timestamp,
) -> Vec<(PersonId, Event)> {
    vec![
        (
            commercial,
            Event::TrackPassed {
                track: Track::Commercial,
                agreement_due: Some(known.calendar.due(at, known.settings.agreement_days)),
            },
        ),
        (
            cast.developer,
            Event::DlaAccepted {
                acceptance: Acceptance {
                    version: 1,
                    document_sha256: paper.agreement.clone(),
                    signature: SignatureId(Uuid::now_v7()),
                    capacity: "Managing director".to_owned(),
                },
            },
        ),
        (
            cast.approver,
            Event::Approved {
                granted: Granted {
                    grant: GrantId(Uuid::now_v7()),
                    cap: Some(paper.cap),
                    signature: SignatureId(Uuid::now_v7()),
                    note: Internal::default(),
                },
            },
        ),
    ]
}

fn first_item(known: &Known, list: ListKind) -> String {
    items(known, list).into_iter().next().unwrap_or_default()
}

fn newest(known: &Known, list: ListKind) -> Option<&Checklist> {
    let of = known.lists.iter().filter(|((kind, _), _)| *kind == list);
    of.max_by_key(|((_, version), _)| *version)
        .map(|(_, list)| list)
}

fn items(known: &Known, list: ListKind) -> Vec<String> {
    let items = newest(known, list).map(|list| &list.items);
    let items = items.into_iter().flatten();
    items.map(|item| item.key.clone()).collect()
}

fn check_all(story: &mut Story, known: &Known, list: ListKind, by: PersonId) {
    for item in items(known, list) {
        check(story, known, list, item, by);
    }
}

fn check(story: &mut Story, known: &Known, list: ListKind, item: String, by: PersonId) {
    let relied = story.sent.as_ref().and_then(|sent| {
        let template = newest(known, list)?;
        let place = place_of_item(list, &item);
        Some(Relied::of(
            template.item(&item)?,
            place,
            template.version,
            sent,
        ))
    });
    story.tell(
        by,
        Event::ItemChecked {
            list,
            item,
            verdict: Verdict::Pass,
            evidence: "Seen.".to_owned(),
            relied,
        },
    );
}
