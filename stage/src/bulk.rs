//! Many cases at once, for benchmarks: histories folded by the workflow itself and written in
//! large batches, with a trail that verifies.

pub mod gallery;
mod history;
pub mod readers;

use super::apps as sketches;
use casework::{
    Caller, Desk, Error, QueueCounts, Result, SearchMarks,
    accounts::{self, NewPerson},
    audit,
    cases::search,
    commands::{self, Secret},
    digest::sha256,
    entities::{app_members, apps, cases, grants, people, signatures, submissions},
    queries,
    reference::{DLA, Known},
    signatures::{self as signing, Given, ToSign},
    store::{self, Snapshot},
    text::fold,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::{
    ActionKind, AppId, Case, Event, PersonId, Role, SignatureId, Timestamp, event::Submission,
    relied::Places, state::AccessLevel,
};

/// Cases written by one transaction.
const BATCH: usize = 200;
/// The length of each history.
const EVENTS: usize = 30;
/// Who approves.
const APPROVER: &str = "bench-approver";
/// Who develops.
const DEVELOPER: &str = "bench-developer";
/// The first number given out.
const FIRST: u32 = 1_001;

/// What a reviewer's roles are.
const REVIEWS: [Role; 3] = [
    Role::Reviewer,
    Role::CommercialReviewer,
    Role::TechnicalReviewer,
];

/// How a desk is filled.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// So many cases of 30 events each, three questions among them.
    pub cases: u32,
    /// Of a hundred cases so many have ended, besides every tenth of the others.
    pub ended: u32,
    /// For how many users apps are approved; as the settings say unless given.
    pub cap: Option<u32>,
    /// The password of its people.
    pub password: &'a str,
    /// So many reviewers more, among whom the cases are spread, signed in with
    /// [`readers::token`].
    pub readers: u32,
    /// The secret of the desk that will serve them.
    pub secret: &'a str,
}

impl Default for Filling<'_> {
    fn default() -> Self {
        Self {
            cases: 0,
            ended: 0,
            cap: None,
            password: super::PASSWORD,
            readers: 0,
            secret: "",
        }
    }
}

/// Who takes part: a developer, three reviewers or more, an approver. They sign in as
/// `bench-developer`, `bench-reviewer-1` … `3` and `bench-approver`.
struct Cast {
    developer: PersonId,
    reviewers: Vec<PersonId>,
    approver: PersonId,
}

/// What every case has handed in.
struct Paper {
    body: String,
    sha256: String,
    places: Places,
    /// SHA-256 of the agreement that they accept.
    agreement: String,
    /// How many users an approval allows.
    cap: u32,
}

impl Paper {
    /// The request form as one of the demo's apps fills it in.
    fn write(known: &Known, agreement: &str, cap: Option<u32>, now: Timestamp) -> Result<Self> {
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
        let places = snapshot.places(|_| None)?;
        let body = audit::canonical(&serde_json::to_value(snapshot)?)?;
        Ok(Self {
            sha256: sha256(body.as_bytes()),
            body,
            places,
            agreement: sha256(agreement.as_bytes()),
            cap: cap.unwrap_or(known.settings.limited_cap),
        })
    }
}

/// Fills an empty desk.
///
/// # Errors
/// When the database does not answer, or already has these people.
pub async fn seed(desk: &Desk, filling: &Filling<'_>) -> Result<()> {
    let known = desk.reference.known();
    let cast = cast(desk, filling).await?;
    let agreement = queries::agreement::current(desk, DLA).await?;
    let paper = Paper::write(&known, &agreement.body, filling.cap, desk.now())?;
    let numbers = Vec::from_iter(0..filling.cases);
    for numbers in numbers.chunks(BATCH) {
        let transaction = desk.database.begin().await?;
        batch(desk, &transaction, &known, &cast, &paper, numbers, filling).await?;
        transaction.commit().await?;
        while search::write_marked(desk).await? > 0 {}
    }
    Ok(())
}

/// What a gateway needs to know of a desk that was filled.
#[derive(Debug)]
pub struct LetIn {
    pub token: Secret,
    /// The client ids of the apps that have production access.
    pub apps: Vec<String>,
}

/// Lets a gateway in that may do everything that gateways do.
///
/// # Errors
/// When the database does not answer, or the desk was not filled by [`seed`].
pub async fn let_gateway_in(desk: &Desk) -> Result<LetIn> {
    let database = desk.database.read();
    let approver = people::Entity::find()
        .filter(people::Column::Username.eq(APPROVER))
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let admin = Caller {
        person: PersonId(approver.id),
        name: approver.name,
        username: approver.username,
        roles: BTreeSet::from([Role::Admin]),
    };
    let apps = apps::Entity::find()
        .select_only()
        .column(apps::Column::ClientId)
        .filter(apps::Column::Level.ne(AccessLevel::Sandbox.word()))
        .order_by_asc(apps::Column::ClientId)
        .into_tuple()
        .all(database)
        .await?;
    let token = super::users::let_gateway_in(desk, &admin).await?;
    Ok(LetIn { token, apps })
}

async fn cast(desk: &Desk, filling: &Filling<'_>) -> Result<Cast> {
    let hash = accounts::hash(filling.password.to_owned()).await?;
    let transaction = desk.database.begin().await?;
    let mut people = Vec::new();
    for (username, roles) in [
        (DEVELOPER, &[Role::Developer][..]),
        ("bench-reviewer-1", &REVIEWS),
        ("bench-reviewer-2", &REVIEWS),
        ("bench-reviewer-3", &REVIEWS),
        (APPROVER, &[Role::Approver, Role::Compliance]),
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
    let mut reviewers = people[1..=3].to_vec();
    reviewers.extend(readers::add(desk, &transaction, filling).await?);
    transaction.commit().await?;
    Ok(Cast {
        developer: people[0],
        reviewers,
        approver: people[4],
    })
}

async fn batch(
    desk: &Desk,
    transaction: &DatabaseTransaction,
    known: &Known,
    cast: &Cast,
    paper: &Paper,
    numbers: &[u32],
    filling: &Filling<'_>,
) -> Result<()> {
    let mut apps = Vec::new();
    let mut members = Vec::new();
    let mut rows = Vec::new();
    let mut revisions = Vec::new();
    let mut signed = Vec::new();
    let mut granted = Vec::new();
    let mut entries = Vec::new();
    let mut counts = QueueCounts::default();
    let mut found = SearchMarks::default();
    for index in numbers.iter().copied() {
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
        let plot = history::Plot {
            index,
            app: AppId(app.id),
            ends: index % 100 < filling.ended,
        };
        let history = history::history(&plot, known, cast, paper, desk.now());
        let Some(mut case) = history.first().and_then(Case::start) else {
            continue;
        };
        for (nth, recorded) in history.iter().enumerate() {
            let from = case.state.clone();
            if let Some((what, id, signer)) = to_sign(&recorded.event, paper, cast) {
                let given = Given {
                    id,
                    at: recorded.at,
                    method: "password",
                };
                let row = signing::row(&case, &signer, given, what)?;
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
                    cap_since_at: None,
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
        counts.moved(None, &row);
        found.case(row.id);
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
    audit::append_past(transaction, desk.policy.version(), entries).await?;
    found.write(transaction, desk.now()).await?;
    counts.write(transaction).await
}

/// The signature that an event needs, and whose.
fn to_sign(event: &Event, paper: &Paper, cast: &Cast) -> Option<(ToSign, SignatureId, Caller)> {
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
    Some((what, id, signer))
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
        redirects: None,
        secrets: None,
        archived_at: None,
        logo: None,
    }
}
