//! Many cases at once, for benchmarks: histories folded by the workflow itself and written in
//! large batches, with a trail that verifies.

use super::apps as sketches;
use casework::{
    Caller, Desk, Error, Result,
    accounts::{self, NewPerson},
    audit, commands,
    digest::sha256,
    entities::{app_members, apps, cases, grants, signatures, submissions},
    queries,
    reference::{DLA, Known},
    signatures::{self as signing, ToSign},
    store::{self, Snapshot},
    text::fold,
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::{
    ActionKind, Actor, AppId, Case, CaseId, CaseNumber, Event, FindingId, GrantId, PersonId,
    QuestionId, Recorded, Role, SignatureId, Timestamp,
    checklist::{Finding, FindingStatus, ListKind, Severity, Verdict},
    event::{Acceptance, Answered, Asked, Granted, Pin, Response, Submission},
    state::{AccessLevel, Seat, Track},
};

/// Cases written by one transaction.
const BATCH: u32 = 200;
/// The length of each history.
const EVENTS: usize = 30;
/// The first number given out.
const FIRST: u32 = 1_001;

/// Who takes part: a developer, three reviewers, an approver. They sign in as `bench-developer`,
/// `bench-reviewer-1` … `3` and `bench-approver`, with the demo's password.
struct Cast {
    developer: PersonId,
    reviewers: [PersonId; 3],
    approver: PersonId,
}

/// What every case has handed in.
struct Paper {
    body: String,
    sha256: String,
    /// SHA-256 of the agreement that they accept.
    agreement: String,
}

impl Paper {
    /// The request form as one of the demo's apps fills it in.
    fn write(known: &Known, agreement: &str, now: Timestamp) -> Result<Self> {
        let (apps, makers) = (sketches::sketches()?, sketches::organisations()?);
        let app = apps.first().ok_or(Error::NotFound)?;
        let maker = makers.iter().find(|maker| maker.key == app.organisation);
        let answers = app.answers(maker.ok_or(Error::NotFound)?, "Bench developer", now);
        let level = AccessLevel::Limited;
        let form_version = known.versions().form;
        let form = known.forms.get(&form_version).ok_or(Error::NotFound)?;
        let asked = |key: &String| {
            form.sections(level)
                .any(|section| section.fields.iter().any(|field| field.key == *key))
        };
        let snapshot = Snapshot {
            form_version,
            level,
            answers: answers.into_iter().filter(|(key, _)| asked(key)).collect(),
            attachments: Vec::new(),
        };
        let body = audit::canonical(&serde_json::to_value(snapshot)?)?;
        Ok(Self {
            sha256: sha256(body.as_bytes()),
            body,
            agreement: sha256(agreement.as_bytes()),
        })
    }
}

/// Fills an empty desk with `count` cases of 30 events each, three questions among them; its people have
/// this password.
///
/// # Errors
/// When the database does not answer, or already has these people.
pub async fn seed(desk: &Desk, count: u32, password: &str) -> Result<()> {
    let known = desk.reference.known();
    let cast = cast(desk, password).await?;
    let agreement = queries::agreement::current(desk, DLA).await?;
    let paper = Paper::write(&known, &agreement.body, desk.now())?;
    let mut from = 0;
    while from < count {
        let to = count.min(from + BATCH);
        let transaction = desk.database.begin().await?;
        batch(desk, &transaction, &known, &cast, &paper, from..to).await?;
        transaction.commit().await?;
        from = to;
    }
    Ok(())
}

async fn cast(desk: &Desk, password: &str) -> Result<Cast> {
    let hash = accounts::hash(password.to_owned()).await?;
    let transaction = desk.database.begin().await?;
    let reviewer = [
        Role::Reviewer,
        Role::CommercialReviewer,
        Role::TechnicalReviewer,
    ];
    let mut people = Vec::new();
    for (username, roles) in [
        ("bench-developer", &[Role::Developer][..]),
        ("bench-reviewer-1", &reviewer),
        ("bench-reviewer-2", &reviewer),
        ("bench-reviewer-3", &reviewer),
        ("bench-approver", &[Role::Approver, Role::Compliance]),
    ] {
        let person = accounts::add(
            &transaction,
            desk,
            NewPerson {
                name: username.replace('-', " "),
                username: username.to_owned(),
                email: format!("{username}@upgrade-desk.example"),
                roles: BTreeSet::from_iter(roles.iter().copied()),
                password_hash: Some(hash.clone()),
                verified: true,
                ..Default::default()
            },
        )
        .await?;
        people.push(PersonId(person.id));
    }
    transaction.commit().await?;
    Ok(Cast {
        developer: people[0],
        reviewers: [people[1], people[2], people[3]],
        approver: people[4],
    })
}

async fn batch(
    desk: &Desk,
    transaction: &DatabaseTransaction,
    known: &Known,
    cast: &Cast,
    paper: &Paper,
    numbers: std::ops::Range<u32>,
) -> Result<()> {
    let mut apps = Vec::new();
    let mut members = Vec::new();
    let mut rows = Vec::new();
    let mut revisions = Vec::new();
    let mut signed = Vec::new();
    let mut granted = Vec::new();
    let mut entries = Vec::new();
    for index in numbers {
        let mut app = app(index, desk.now());
        members.push(app_members::ActiveModel::from(app_members::Model {
            app_id: app.id,
            person_id: cast.developer.0,
            owner: true,
            may_sign: true,
            added_at: app.created_at,
            left_at: None,
            version: 1,
        }));
        let history = history(index, AppId(app.id), known, cast, paper, desk.now());
        let Some(mut case) = history.first().and_then(Case::start) else {
            continue;
        };
        for (nth, recorded) in history.iter().enumerate() {
            let from = case.state.clone();
            if let Some((what, signer)) = to_sign(&recorded.event, paper, cast) {
                let row = signing::row(&case, &signer, recorded.at, what)?;
                signed.push(signatures::ActiveModel::from(row).reset_all());
            }
            if let Event::Approved { granted: given } = &recorded.event {
                let row = grants::Model {
                    id: given.grant.0,
                    app_id: app.id,
                    case_id: case.id.0,
                    level: case.level.word().to_owned(),
                    cap: given.cap.and_then(|cap| i32::try_from(cap).ok()),
                    status: "active".to_owned(),
                    starts_at: recorded.at.micros(),
                    changed_at: recorded.at.micros(),
                };
                row.level.clone_into(&mut app.level);
                app.cap = row.cap;
                granted.push(grants::ActiveModel::from(row).reset_all());
            }
            if nth > 0 {
                case.apply(recorded);
            }
            if let Some(submission) = handed_in(&recorded.event) {
                let row = submissions::Model {
                    case_id: case.id.0,
                    revision: i32::try_from(submission.revision).map_err(Error::unavailable)?,
                    body: paper.body.clone(),
                    sha256: submission.sha256.clone(),
                    made_at: recorded.at.micros(),
                    made_by: cast.developer.0,
                };
                revisions.push(submissions::ActiveModel::from(row).reset_all());
            }
            entries.push((recorded.at, commands::entry(&case, &from, recorded)?));
        }
        let mut row = store::project(&case, None, &history, known)?;
        row.created_at = history.first().map_or(0, |first| first.at.micros());
        rows.push(cases::ActiveModel::from(row).reset_all());
        apps.push(apps::ActiveModel::from(app).reset_all());
    }
    let members = members.into_iter().map(ActiveModelTrait::reset_all);
    apps::Entity::insert_many(apps)
        .exec_without_returning(transaction)
        .await?;
    app_members::Entity::insert_many(members)
        .exec_without_returning(transaction)
        .await?;
    cases::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    submissions::Entity::insert_many(revisions)
        .exec_without_returning(transaction)
        .await?;
    if !signed.is_empty() {
        signatures::Entity::insert_many(signed)
            .exec_without_returning(transaction)
            .await?;
    }
    if !granted.is_empty() {
        grants::Entity::insert_many(granted)
            .exec_without_returning(transaction)
            .await?;
    }
    audit::append_past(transaction, desk.policy.version(), entries).await
}

/// The signature that an event needs, and whose.
fn to_sign(event: &Event, paper: &Paper, cast: &Cast) -> Option<(ToSign, Caller)> {
    let (id, document_sha256, meaning, signer) = match event {
        Event::DlaAccepted { acceptance } => (
            acceptance.signature,
            &paper.agreement,
            commands::ACCEPTANCE.to_owned(),
            (cast.developer, "bench developer"),
        ),
        Event::Approved { granted } => (
            granted.signature,
            &paper.sha256,
            signing::meaning(ActionKind::Approve, AccessLevel::Limited),
            (cast.approver, "bench approver"),
        ),
        _ => return None,
    };
    let what = ToSign {
        id,
        meaning,
        capacity: "Managing director".to_owned(),
        document_sha256: document_sha256.clone(),
    };
    let signer = Caller {
        person: signer.0,
        name: signer.1.to_owned(),
        username: String::new(),
        roles: BTreeSet::new(),
    };
    Some((what, signer))
}

/// What an event hands in.
const fn handed_in(event: &Event) -> Option<&Submission> {
    match event {
        Event::Submitted { submission } => Some(submission),
        Event::ClarificationAnswered { submission, .. } | Event::Resubmitted { submission, .. } => {
            submission.as_ref()
        }
        _ => None,
    }
}

fn app(index: u32, now: Timestamp) -> apps::Model {
    let created = now.plus(-Duration::days(60));
    let name = format!("App {index}");
    let organisation = format!("Organisation {}", index % 500);
    apps::Model {
        id: Uuid::now_v7(),
        name_key: fold(&name),
        name,
        organisation_key: fold(&organisation),
        organisation,
        description: "Made for a benchmark.".to_owned(),
        website: String::new(),
        client_id: Uuid::new_v4().simple().to_string(),
        secret_hash: String::new(),
        secret_hint: String::new(),
        secret_made_at: created.micros(),
        level: AccessLevel::Sandbox.word().to_owned(),
        cap: None,
        suspended: false,
        version: 1,
        created_at: created.micros(),
    }
}

/// Builds a history, a few hours between one event and the next.
struct Story {
    at: Timestamp,
    events: Vec<Recorded>,
}

impl Story {
    fn tell(&mut self, by: PersonId, event: Event) {
        self.at = self.at.plus(Duration::hours(5));
        self.events.push(Recorded {
            at: self.at,
            by: Actor::Person(by),
            event,
        });
    }
}

/// The history of one case of [`EVENTS`] events. By its index it ends let go by its assignee, in
/// clarification, approved, or – most of them – in the middle of the review.
fn history(
    index: u32,
    app: AppId,
    known: &Known,
    cast: &Cast,
    paper: &Paper,
    now: Timestamp,
) -> Vec<Recorded> {
    let [first, second, third] = cast.reviewers;
    let (assignee, commercial) = match index % 3 {
        0 => (first, second),
        1 => (second, third),
        _ => (third, first),
    };
    let mut story = Story {
        // Recent enough that no date is near: the mail worker stays out of the measurement.
        at: now.plus(-Duration::hours(160 + i64::from(index % 24))),
        events: Vec::new(),
    };
    let by = cast.developer;
    let revision = |revision| Submission {
        revision,
        sha256: paper.sha256.clone(),
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
                text: "Something to mend.".to_owned(),
                by: commercial,
                at,
                round: 1,
                status: FindingStatus::Open,
            },
        },
    );
    story.tell(commercial, Event::CorrectionsRequested { due });
    story.tell(
        by,
        Event::Resubmitted {
            responses: vec![Response {
                finding,
                text: "Mended.".to_owned(),
            }],
            submission: Some(revision(3)),
        },
    );
    let ending = match index % 10 {
        0 => vec![(
            assignee,
            Event::Released {
                seat: Seat::Case,
                from: assignee,
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
        check(&mut story, ListKind::Commercial, item, commercial);
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
            text: format!("Question {number} about the application."),
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
                    cap: Some(known.settings.limited_cap),
                    signature: SignatureId(Uuid::now_v7()),
                    note: String::new(),
                },
            },
        ),
    ]
}

fn first_item(known: &Known, list: ListKind) -> String {
    items(known, list).into_iter().next().unwrap_or_default()
}

fn items(known: &Known, list: ListKind) -> Vec<String> {
    known
        .lists
        .iter()
        .filter(|((kind, _), _)| *kind == list)
        .max_by_key(|((_, version), _)| *version)
        .map(|(_, list)| list.items.iter().map(|item| item.key.clone()).collect())
        .unwrap_or_default()
}

fn check_all(story: &mut Story, known: &Known, list: ListKind, by: PersonId) {
    for item in items(known, list) {
        check(story, list, item, by);
    }
}

fn check(story: &mut Story, list: ListKind, item: String, by: PersonId) {
    story.tell(
        by,
        Event::ItemChecked {
            list,
            item,
            verdict: Verdict::Pass,
            evidence: "Seen.".to_owned(),
        },
    );
}
