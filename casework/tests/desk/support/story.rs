//! People and steps of a story.

use super::rig::{Engine, Once, Original, Rig};
pub use super::{
    actions::*,
    records::{app, person, start},
    templates::publish_templates,
};
use async_trait::async_trait;
use casework::{
    Caller, Desk, accounts, accounts::Proof, commands, commands::CaseCommand, commands::Done,
    commands::Envelope, commands::Work, database::Database, entities::cases, verification,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::ops::Deref;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, Actor, AppId, Case, CaseNumber, Event, PersonId, QuestionId, Recorded,
    Role, Seen, StateKind, Timestamp, checklist::ListKind, checklist::Severity, checklist::Verdict,
    event::Answered, event::Asked, event::DeclineReason, event::Granted, event::Pin,
    state::AccessLevel, state::Seat, state::Track, transition::Signature,
};

/// A fresh identifier.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// One person of each kind.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Owns the app and may sign for its organisation.
    pub owner: Caller,
    /// Member of the app without authority.
    pub member: Caller,
    /// A developer who has nothing to do with the app.
    pub stranger: Caller,
    pub reviewer: Caller,
    pub other_reviewer: Caller,
    pub commercial: Caller,
    pub technical: Caller,
    pub lead: Caller,
    pub approver: Caller,
    pub compliance: Caller,
    pub admin: Caller,
}

/// A desk, its people and an app.
pub struct Story {
    pub rig: Rig,
    pub cast: Cast,
    pub app: AppId,
}

impl Deref for Story {
    type Target = Rig;
    fn deref(&self) -> &Rig {
        &self.rig
    }
}

/// The password of everyone in a story.
pub const PASSWORD: &str = "correct horse battery";

/// Any action as a command, for steps whose typing is not what the test is about.
pub struct Act {
    action: Action,
    proof: Option<Proof>,
}

impl Act {
    /// Without the password.
    pub const fn unsigned(action: Action) -> Self {
        Self {
            action,
            proof: None,
        }
    }

    /// As this person would send it: with the password where the step asks for one.
    pub async fn by(desk: &Desk, who: &Caller, action: Action) -> Self {
        let proof = match action.kind().row().signature {
            Signature::NotNeeded => None,
            Signature::OfRecord | Signature::OfAgreement => {
                Some(accounts::prove(desk, who, PASSWORD.into()).await.unwrap())
            }
        };
        Self { action, proof }
    }
}

#[async_trait]
impl CaseCommand for Act {
    fn kind(&self) -> ActionKind {
        self.action.kind()
    }

    async fn prepare(&self, work: &Work<'_>) -> casework::Result<Action> {
        let mut action = self.action.clone();
        match &mut action {
            Action::Approve {
                granted: Granted { signature, .. },
            }
            | Action::Decline { signature, .. }
            | Action::SuspendGrant { signature, .. }
            | Action::ReinstateGrant { signature, .. }
            | Action::RevokeGrant { signature, .. }
            | Action::ChangeCap { signature, .. } => *signature = work.signature(self.kind())?,
            // Who checks looks at what stands.
            Action::CheckItem { revision, .. } => {
                let stands = work.case().submission.as_ref();
                *revision = stands.map_or(0, |stands| stands.revision);
            }
            _ => {}
        }
        Ok(action)
    }

    fn proof(&self) -> Option<&Proof> {
        self.proof.as_ref()
    }
}

async fn gathered(engine: Engine) -> (Rig, Cast, AppId) {
    let rig = Rig::open(engine).await;
    let cast = Cast {
        owner: person(&rig, "olga", &[Role::Developer]).await,
        member: person(&rig, "mahmoud", &[Role::Developer]).await,
        stranger: person(&rig, "stella", &[Role::Developer]).await,
        reviewer: person(&rig, "rosa", &[Role::Reviewer]).await,
        other_reviewer: person(&rig, "ravi", &[Role::Reviewer]).await,
        commercial: person(&rig, "carmen", &[Role::CommercialReviewer]).await,
        technical: person(&rig, "tomoko", &[Role::TechnicalReviewer]).await,
        lead: person(&rig, "lena", &[Role::Lead]).await,
        approver: person(&rig, "amara", &[Role::Approver]).await,
        compliance: person(&rig, "cyril", &[Role::Compliance]).await,
        admin: person(&rig, "adam", &[Role::Admin]).await,
    };
    let app = app(&rig, "Glow", &cast.owner, &[&cast.member]).await;
    (rig, cast, app)
}

impl Story {
    /// A fresh desk with a person of each kind, and an app.
    pub async fn begin(engine: Engine) -> Self {
        static MADE: Once<(Original, Cast, AppId)> = Once::new();
        let made = async || {
            let (rig, cast, app) = gathered(engine).await;
            (rig.into_original().await, cast, app)
        };
        let (original, cast, app) = MADE.of(engine, made).await;
        Self {
            rig: original.copy().await,
            cast: cast.clone(),
            app: *app,
        }
    }

    /// Another person with these roles.
    pub async fn person(&self, username: &str, roles: &[Role]) -> Caller {
        person(&self.rig, username, roles).await
    }

    /// Another app of `owner`.
    pub async fn app(&self, name: &str, owner: &Caller) -> AppId {
        app(&self.rig, name, owner, &[]).await
    }

    /// A draft for the story's app.
    pub async fn draft(&self, level: AccessLevel) -> CaseNumber {
        self.draft_for(self.app, &self.cast.owner, level).await
    }

    /// A draft for an app.
    pub async fn draft_for(&self, app: AppId, by: &Caller, level: AccessLevel) -> CaseNumber {
        start(&self.rig, app, by, level).await
    }

    /// A fresh app with a case in `state`, each step taken by whose it is, an hour between them.
    pub async fn case_in(&self, level: AccessLevel, state: StateKind) -> CaseNumber {
        let app = app(&self.rig, "Glow", &self.cast.owner, &[&self.cast.member]).await;
        let case = self.draft_for(app, &self.cast.owner, level).await;
        self.bring(case, state).await;
        case
    }

    /// Takes the steps that bring a draft to `state`.
    pub async fn bring(&self, case: CaseNumber, state: StateKind) {
        use StateKind as S;
        let cast = &self.cast;
        if state == S::Draft {
            return;
        }
        self.step(&cast.owner, case, submission()).await;
        if state == S::Submitted {
            return;
        }
        if state == S::Withdrawn {
            let reason = "We ship later.".to_owned();
            self.step(&cast.owner, case, Action::Withdraw { reason })
                .await;
            return;
        }
        self.step(&cast.reviewer, case, take(Seat::Case, &cast.reviewer))
            .await;
        match state {
            S::Completeness => return,
            S::Declined => {
                let reason = DeclineReason::UseCase;
                let text = workflow::Internal::written("No use of the data.");
                self.step(
                    &cast.reviewer,
                    case,
                    Action::ProposeDecline { reason, text },
                )
                .await;
                self.step(&cast.approver, case, decline("No use of the data."))
                    .await;
                return;
            }
            S::Clarification | S::Lapsed => {
                self.step(&cast.reviewer, case, self.question("Who are the users?"))
                    .await;
                if state == S::Lapsed {
                    self.lapse(case).await;
                }
                return;
            }
            _ => {}
        }
        self.mark_all(&cast.reviewer, case, ListKind::Completeness)
            .await;
        self.step(&cast.reviewer, case, Action::ConfirmComplete)
            .await;
        self.step(
            &cast.commercial,
            case,
            take(Seat::Commercial, &cast.commercial),
        )
        .await;
        let level = self.case(case).await.level;
        if level == AccessLevel::Full {
            self.step(
                &cast.technical,
                case,
                take(Seat::Technical, &cast.technical),
            )
            .await;
        }
        if state == S::Review {
            return;
        }
        if state == S::Corrections {
            let item = self.items(case, ListKind::Commercial).await.remove(0);
            let finding = finding(ListKind::Commercial, &item, Severity::Major);
            self.step(&cast.commercial, case, finding).await;
            let due = self.in_days(20);
            self.step(&cast.commercial, case, Action::RequestCorrections { due })
                .await;
            return;
        }
        self.pass(case, Track::Commercial).await;
        if level == AccessLevel::Full {
            self.pass(case, Track::Technical).await;
        }
        if state == S::Agreement {
            return;
        }
        self.step(&cast.owner, case, accept_dla()).await;
        if state == S::Decision {
            return;
        }
        self.step(&cast.approver, case, approve(level)).await;
    }

    /// One action through the whole of `commands::run`, by someone who sees the case as it stands.
    pub async fn act(
        &self,
        who: &Caller,
        case: CaseNumber,
        action: Action,
    ) -> casework::Result<Done> {
        act(&self.rig.desk, who, case, action).await
    }

    /// As [`Story::act`], an hour later; it must succeed.
    pub async fn step(&self, who: &Caller, case: CaseNumber, action: Action) {
        self.clock.pass(Duration::HOUR);
        let kind = action.kind();
        if let Err(error) = self.act(who, case, action).await {
            panic!("{} could not {kind:?}: {error:?}", who.name);
        }
    }

    /// An action of the desk's own clock.
    pub async fn tick(&self, case: CaseNumber, action: Action) -> casework::Result<Done> {
        let envelope = envelope(case);
        commands::run(&self.rig.desk, None, &envelope, &Act::unsigned(action)).await
    }

    /// Lets the developer's time run out, the reminder sent.
    pub async fn lapse(&self, case: CaseNumber) {
        self.clock.pass(Duration::days(60));
        self.tick(case, Action::Remind).await.unwrap();
        self.tick(case, Action::Lapse).await.unwrap();
    }

    /// Marks every item of a list as passed.
    pub async fn mark_all(&self, who: &Caller, case: CaseNumber, list: ListKind) {
        for item in self.items(case, list).await {
            self.act(who, case, check(list, &item, Verdict::Pass))
                .await
                .unwrap();
        }
    }

    /// Works a track off and passes it.
    pub async fn pass(&self, case: CaseNumber, track: Track) {
        let who = match track {
            Track::Commercial => &self.cast.commercial,
            Track::Technical => &self.cast.technical,
        };
        self.mark_all(who, case, ListKind::of(track)).await;
        self.step(who, case, Action::PassTrack { track }).await;
    }

    /// A clarification request with one question, due in ten days.
    pub fn question(&self, text: &str) -> Action {
        Action::RequestClarification {
            questions: vec![Asked {
                id: QuestionId(new_id()),
                pin: Pin::Case,
                text: workflow::Outward::written(text),
            }],
            due: self.in_days(10),
        }
    }

    /// Answers to every open question.
    pub async fn answers(&self, case: CaseNumber, text: &str) -> Action {
        answers_of(&self.case(case).await, text)
    }

    /// A moment so many calendar days from now.
    pub fn in_days(&self, days: i64) -> Timestamp {
        self.desk.now().plus(Duration::days(days))
    }

    /// The case as stored.
    pub async fn case(&self, number: CaseNumber) -> Case {
        serde_json::from_str(&self.row(number).await.document).unwrap()
    }

    /// The row of a case.
    pub async fn row(&self, number: CaseNumber) -> cases::Model {
        cases::Entity::find()
            .filter(cases::Column::Number.eq(i32::try_from(number.0).unwrap()))
            .one(self.desk.database.read())
            .await
            .unwrap()
            .unwrap()
    }

    /// The events of a case as the trail keeps them.
    pub async fn history(&self, number: CaseNumber) -> Vec<Recorded> {
        history(&self.rig.desk.database, self.row(number).await.id).await
    }

    /// The keys of the items of a case's list.
    pub async fn items(&self, case: CaseNumber, list: ListKind) -> Vec<String> {
        let case = self.case(case).await;
        let version = case.sheet(list).unwrap().version;
        let known = self.desk.reference.known();
        known.lists[&(list, version)]
            .items
            .iter()
            .map(|item| item.key.clone())
            .collect()
    }

    /// The state of each case is the fold of its events, and the chain is whole.
    pub async fn assert_sound(&self) {
        assert_sound(&self.rig.desk.database).await;
    }
}

/// What someone who looks now sees of the case; nothing where there is none.
pub async fn seen(desk: &Desk, number: CaseNumber) -> Option<Seen> {
    use casework::store::{Intent, Stored};
    let reading = desk.database.read();
    let stored = Stored::load(reading, number, Intent::Read).await.ok()?;
    Some(stored.seen(reading).await.unwrap())
}

/// About a case, by someone who sees it as it stands.
pub async fn looked(desk: &Desk, case: CaseNumber) -> Envelope {
    Envelope {
        seen: seen(desk, case).await,
        ..envelope(case)
    }
}

/// One action through the whole of `commands::run`, on any desk, by someone who sees the case as it
/// stands.
pub async fn act(
    desk: &Desk,
    who: &Caller,
    case: CaseNumber,
    action: Action,
) -> casework::Result<Done> {
    let envelope = looked(desk, case).await;
    let command = Act::by(desk, who, action).await;
    commands::run(desk, Some(who), &envelope, &command).await
}

/// A case as a desk's database keeps it.
pub async fn stored(desk: &Desk, number: CaseNumber) -> Case {
    use casework::store::{Intent, Stored};
    Stored::load(desk.database.read(), number, Intent::Read)
        .await
        .unwrap()
        .case
}

/// Answers to every open question of a case.
pub fn answers_of(case: &Case, text: &str) -> Action {
    Action::AnswerClarification {
        answers: case
            .open_questions()
            .map(|question| Answered {
                question: question.id,
                text: text.to_owned(),
            })
            .collect(),
        submission: None,
    }
}

/// About a case, without a word of what was seen and without a form's key.
pub const fn envelope(case: CaseNumber) -> Envelope {
    Envelope { case, seen: None }
}

/// The events of a case as the trail keeps them.
pub async fn history(database: &Database, case: Uuid) -> Vec<Recorded> {
    use casework::entities::audit_events;
    audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(case))
        .order_by_asc(audit_events::Column::Seq)
        .all(database.read())
        .await
        .unwrap()
        .into_iter()
        .filter_map(|row| {
            let mut body: serde_json::Value = serde_json::from_str(&row.body).unwrap();
            // What is recorded about a case without changing it (a look, an export) has no event.
            let event: Event = serde_json::from_value(body.get_mut("event")?.take()).unwrap();
            Some(Recorded {
                at: Timestamp::from_micros(row.at),
                by: match row.actor.as_str() {
                    "clock" => Actor::Clock,
                    person => Actor::Person(PersonId(person.parse().unwrap())),
                },
                event,
            })
        })
        .collect()
}

/// The state of each case is the fold of its events, and the chain is whole.
pub async fn assert_sound(database: &Database) {
    for row in cases::Entity::find().all(database.read()).await.unwrap() {
        let stored: Case = serde_json::from_str(&row.document).unwrap();
        let told = history(database, row.id).await;
        assert_eq!(Case::replay(&told), Some(stored), "UD-{}", row.number);
    }
    // The steps of a story write no rows of their own: the chain is all there is to verify.
    let report = verification::verify_chain(database).await.unwrap();
    assert_eq!(report.fault, None);
}
