//! A small world for the tests of the rules: people, lists, a case, and dice that make actions.

pub mod dice;

pub use workflow::{Internal, Outward};

use std::collections::{BTreeMap, BTreeSet};
use time::{Duration, macros::datetime};
use uuid::Uuid;
use workflow::{
    Action, ActionKind, Actor, AppId, Calendar, Case, CaseId, CaseNumber, Context, Event,
    FindingId, GrantId, PersonId, QuestionId, Recorded, Refusal, Role, Settings, SignatureId,
    Timestamp,
    action::NewFinding,
    available,
    checklist::{Checklist, Item, ListKind, Severity, Verdict},
    decide,
    event::{
        Acceptance, Answered, Asked, DeclineReason, Granted, Pin, Response, Submission, Versions,
    },
    relied::{EVERY_FILE, Places},
    state::{AccessLevel, Seat, Track},
};

pub const OWNER: PersonId = person(1);
pub const REVIEWER: PersonId = person(2);
pub const OTHER_REVIEWER: PersonId = person(3);
pub const COMMERCIAL: PersonId = person(4);
pub const TECHNICAL: PersonId = person(5);
pub const LEAD: PersonId = person(6);
pub const APPROVER: PersonId = person(7);

pub const fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// A case in a world whose time the test holds in its hands.
#[derive(Clone, Debug)]
pub struct World {
    pub now: Timestamp,
    pub case: Case,
    pub history: Vec<Recorded>,
    pub settings: Settings,
    pub calendar: Calendar,
    pub lists: BTreeMap<(ListKind, u32), Checklist>,
    ids: u128,
}

impl World {
    /// A draft, on a Monday morning.
    pub fn draft(level: AccessLevel) -> Self {
        let now = datetime!(2026-03-02 09:00 UTC).into();
        let started = Recorded {
            at: now,
            by: Actor::Person(OWNER),
            event: Event::Started {
                case: CaseId(Uuid::from_u128(100)),
                number: CaseNumber(1001),
                app: AppId(Uuid::from_u128(101)),
                level,
                versions: Versions {
                    form: 1,
                    completeness: 1,
                    commercial: 1,
                    technical: 1,
                },
            },
        };
        Self {
            now,
            case: Case::start(&started).unwrap(),
            history: vec![started],
            settings: Settings::default(),
            calendar: Calendar::default(),
            lists: lists(),
            ids: 1000,
        }
    }

    /// Handed in.
    pub fn submitted(level: AccessLevel) -> Self {
        let mut world = Self::draft(level);
        world.does(OWNER, submission(1));
        world
    }

    /// Taken by the reviewer.
    pub fn completeness(level: AccessLevel) -> Self {
        let mut world = Self::submitted(level);
        world.does(REVIEWER, seat(Seat::Case, REVIEWER, Role::Reviewer, None));
        world
    }

    /// Complete, its tracks taken.
    pub fn review(level: AccessLevel) -> Self {
        let mut world = Self::completeness(level);
        world.mark_all(REVIEWER, ListKind::Completeness);
        world.does(REVIEWER, Action::ConfirmComplete);
        world.does(
            COMMERCIAL,
            seat(Seat::Commercial, COMMERCIAL, Role::CommercialReviewer, None),
        );
        if level == AccessLevel::Full {
            world.does(
                TECHNICAL,
                seat(Seat::Technical, TECHNICAL, Role::TechnicalReviewer, None),
            );
        }
        world
    }

    /// All tracks passed.
    pub fn agreement(level: AccessLevel) -> Self {
        let mut world = Self::review(level);
        world.pass(Track::Commercial);
        if level == AccessLevel::Full {
            world.pass(Track::Technical);
        }
        world
    }

    /// Agreement accepted.
    pub fn decision(level: AccessLevel) -> Self {
        let mut world = Self::agreement(level);
        world.does(OWNER, accept_dla());
        world
    }

    /// Access granted.
    pub fn approved(level: AccessLevel) -> Self {
        let mut world = Self::decision(level);
        world.does(APPROVER, approve(level));
        world
    }

    /// Access granted, with a major finding on the first item of each track that is to be corrected
    /// within thirty days.
    pub fn approved_with_dates(level: AccessLevel) -> Self {
        let mut world = Self::review(level);
        for track in level.tracks() {
            let list = ListKind::of(*track);
            let who = match track {
                Track::Commercial => COMMERCIAL,
                Track::Technical => TECHNICAL,
            };
            world.mark_all(who, list);
            let item = world.items(list)[0].clone();
            let finding = world.find(list, &item, Severity::Major);
            let due = world.in_days(30);
            world.does(who, Action::DateFinding { finding, due });
            world.does(who, Action::PassTrack { track: *track });
        }
        world.does(OWNER, accept_dla());
        world.does(APPROVER, approve(level));
        world
    }

    /// Waiting for an answer to one question.
    pub fn clarification(level: AccessLevel) -> Self {
        let mut world = Self::completeness(level);
        let question = world.question("Who are the users?");
        world.does(REVIEWER, question);
        world
    }

    /// Waiting for the correction of one major commercial finding.
    pub fn corrections(level: AccessLevel) -> Self {
        let mut world = Self::review(level);
        world.find(ListKind::Commercial, "use_case", Severity::Major);
        let due = world.in_days(20);
        world.does(COMMERCIAL, Action::RequestCorrections { due });
        world
    }

    /// Lapsed in clarification.
    pub fn lapsed(level: AccessLevel) -> Self {
        let mut world = Self::clarification(level);
        world.pass_days(60);
        world.ticks(Action::Remind);
        world.ticks(Action::Lapse);
        world
    }

    /// The surroundings of a decision by `actor`.
    pub fn context(&self, actor: Actor) -> Context<'_> {
        Context {
            now: self.now,
            actor,
            calendar: &self.calendar,
            settings: &self.settings,
            lists: &self.lists,
        }
    }

    /// An attempt: its events are taken in; a refusal leaves everything as it was.
    pub fn attempt(&mut self, actor: Actor, mut action: Action) -> Result<Vec<Event>, Refusal> {
        // Who checks looks at what stands.
        if let (Action::CheckItem { revision, .. }, Some(stands)) =
            (&mut action, &self.case.submission)
            && *revision == STANDS
        {
            *revision = stands.revision;
        }
        let events = decide(&self.case, &self.context(actor), action)?;
        for event in &events {
            let recorded = Recorded {
                at: self.now,
                by: actor,
                event: event.clone(),
            };
            self.case.apply(&recorded);
            self.history.push(recorded);
        }
        Ok(events)
    }

    /// A person's attempt.
    pub fn tries(&mut self, who: PersonId, action: Action) -> Result<Vec<Event>, Refusal> {
        self.attempt(Actor::Person(who), action)
    }

    /// A person's attempt, an hour later, that succeeds.
    pub fn does(&mut self, who: PersonId, action: Action) {
        self.now = self.now.plus(Duration::HOUR);
        let kind = action.kind();
        if let Err(refusal) = self.tries(who, action) {
            panic!("{kind:?} was refused: {refusal}");
        }
    }

    /// The clock's attempt, that succeeds.
    pub fn ticks(&mut self, action: Action) {
        self.attempt(Actor::Clock, action).unwrap();
    }

    /// Whether an action could be taken now, apart from what is typed.
    pub fn available(&self, action: ActionKind) -> Result<(), Refusal> {
        available(&self.case, &self.context(Actor::Clock), action)
    }

    pub fn pass_days(&mut self, days: i64) {
        self.now = self.now.plus(Duration::days(days));
    }

    pub fn in_days(&self, days: i64) -> Timestamp {
        self.now.plus(Duration::days(days))
    }

    pub fn items(&self, list: ListKind) -> Vec<String> {
        let items = &self.lists[&(list, 1)].items;
        items.iter().map(|item| item.key.clone()).collect()
    }

    pub fn mark_all(&mut self, who: PersonId, list: ListKind) {
        for item in self.items(list) {
            self.does(who, check(list, &item, Verdict::Pass));
        }
    }

    /// Works a track off and passes it.
    pub fn pass(&mut self, track: Track) {
        let who = match track {
            Track::Commercial => COMMERCIAL,
            Track::Technical => TECHNICAL,
        };
        self.mark_all(who, ListKind::of(track));
        self.does(who, Action::PassTrack { track });
    }

    /// Records a finding.
    pub fn find(&mut self, list: ListKind, item: &str, severity: Severity) -> FindingId {
        let id = FindingId(self.id());
        let who = match list {
            ListKind::Technical => TECHNICAL,
            _ => COMMERCIAL,
        };
        self.does(
            who,
            Action::RecordFinding {
                list,
                item: item.to_owned(),
                finding: NewFinding {
                    id,
                    severity: Some(severity),
                    text: Outward::written("The market is not named."),
                },
            },
        );
        id
    }

    /// A clarification request with one question about the case.
    pub fn question(&mut self, text: &str) -> Action {
        Action::RequestClarification {
            questions: vec![Asked {
                id: QuestionId(self.id()),
                pin: Pin::Case,
                text: Outward::written(text.to_owned()),
            }],
            due: self.in_days(10),
        }
    }

    /// An answer to each open question.
    pub fn answers(&self, text: &str) -> Action {
        Action::AnswerClarification {
            answers: self
                .case
                .open_questions()
                .map(|question| Answered {
                    question: question.id,
                    text: text.to_owned(),
                })
                .collect(),
            submission: None,
        }
    }

    /// A response to each open finding.
    pub fn responses(&self, text: &str) -> Action {
        Action::Resubmit {
            responses: self
                .case
                .findings
                .iter()
                .filter(|finding| finding.is_open())
                .map(|finding| Response {
                    finding: finding.id,
                    text: text.to_owned(),
                })
                .collect(),
            submission: None,
        }
    }

    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }
}

pub fn submission(revision: u32) -> Action {
    Action::Submit {
        submission: Submission {
            revision,
            sha256: "5".repeat(64),
            places: Places::new(),
        },
        problems: Vec::new(),
        contacts_confirmed: true,
        accuracy_attested: true,
    }
}

pub fn seat(seat: Seat, to: PersonId, role: Role, seen: Option<PersonId>) -> Action {
    Action::Assign {
        seat,
        to,
        roles: BTreeSet::from([role]),
        is_member: false,
        away: None,
        seen,
        note: Internal::default(),
    }
}

pub fn check(list: ListKind, item: &str, verdict: Verdict) -> Action {
    Action::CheckItem {
        list,
        item: item.to_owned(),
        verdict,
        evidence: String::new(),
        revision: STANDS,
        finding: None,
    }
}

/// Of a check: whichever revision stands when it is tried.
pub const STANDS: u32 = u32::MAX;

pub fn acceptance(version: u32) -> Acceptance {
    Acceptance {
        version,
        document_sha256: "d".repeat(64),
        signature: SignatureId(Uuid::from_u128(200)),
        capacity: "Managing director".to_owned(),
    }
}

pub fn accept_dla() -> Action {
    Action::AcceptDla {
        acceptance: acceptance(1),
        current_version: 1,
        consent: true,
    }
}

pub const SIGNATURE: SignatureId = SignatureId(Uuid::from_u128(201));

pub fn approve(level: AccessLevel) -> Action {
    Action::Approve {
        granted: Granted {
            grant: GrantId(Uuid::from_u128(300)),
            cap: (level == AccessLevel::Limited).then_some(20),
            signature: SIGNATURE,
            note: Internal::default(),
        },
    }
}

/// A decline that is signed.
pub fn decline(text: &str) -> Action {
    Action::Decline {
        reason: DeclineReason::UseCase,
        text: Outward::written(text.to_owned()),
        signature: SIGNATURE,
    }
}

pub fn reopen(to: PersonId) -> Action {
    Action::Reopen {
        reason: Internal::written("The developer has shown the use."),
        to,
        although: Internal::default(),
        roles: BTreeSet::from([Role::Reviewer]),
        is_member: false,
        away: None,
        other: None,
    }
}

fn lists() -> BTreeMap<(ListKind, u32), Checklist> {
    let list = |kind: ListKind, keys: [(&str, Severity); 2]| {
        let items = keys.map(|(key, severity)| Item {
            key: key.to_owned(),
            concerns: concerns(key).map(|keys| keys.iter().map(ToString::to_string).collect()),
            label: key.to_owned(),
            verify: String::new(),
            severity,
            source: String::new(),
            guide: String::new(),
        });
        let items = items.to_vec();
        (
            (kind, 1),
            Checklist {
                kind,
                version: 1,
                items,
            },
        )
    };
    BTreeMap::from([
        list(
            ListKind::Completeness,
            [("fields", Severity::Major), ("files", Severity::Major)],
        ),
        list(
            ListKind::Commercial,
            [("use_case", Severity::Major), ("markets", Severity::Minor)],
        ),
        list(
            ListKind::Technical,
            [("tls", Severity::Blocker), ("backoff", Severity::Major)],
        ),
    ])
}

/// What the items concern; none for all of it.
fn concerns(item: &str) -> Option<&'static [&'static str]> {
    match item {
        "files" => Some(&[EVERY_FILE]),
        "use_case" => Some(&["use"]),
        "markets" => Some(&["use", "regions"]),
        "tls" => Some(&[]),
        _ => None,
    }
}

/// Why an attempt was refused.
pub fn refusal(outcome: Result<Vec<Event>, Refusal>) -> Refusal {
    outcome.expect_err("it should have been refused")
}

/// The fields that a refusal is about.
pub fn fields(outcome: Result<Vec<Event>, Refusal>) -> Vec<String> {
    match refusal(outcome) {
        Refusal::Input { problems } => problems.into_iter().map(|p| p.field).collect(),
        other => panic!("not about a field: {other:?}"),
    }
}
