//! However people and the clock act: what the queue has projected is what a scan of all cases says, and
//! each count is the length of its list. At random, from a seed that a failure names.
//!
//! `STEPS_OF_WALK=100000 cargo test -p casework --test desk queue_walk` walks that far on each engine.

use crate::{
    queue_pages::{Eyes, assert_counts, scan, walks},
    search,
    support::*,
};
use casework::{
    commands::{
        self, DeclareConflictInput, KeepTagInput, PlanAbsenceInput, SnoozeInput, give_back, tick,
    },
    entities::{absences, apps, case_tags, cases, declared_conflicts, people, tags},
    queries::queue::{Filter, Holder, View},
    store,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use std::collections::BTreeSet;
use time::Duration;
use workflow::{
    Case,
    checklist::{ListKind, Severity, Verdict},
    event::Response,
};

/// How far is walked where nothing else is said, on each engine.
const STEPS: usize = 1_200;

/// How often all is compared on the way.
const COMPARISONS: usize = 6;

/// The organisations of the apps.
const ORGANISATIONS: [&str; 3] = ["Glow Health", "Acme Health", "Ünal Health"];

/// Numbers that are the same in every run from the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let rolled = (z ^ (z >> 31)) % u64::try_from(sides).unwrap();
        usize::try_from(rolled).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// A desk on which anything may happen.
struct Walk {
    story: Story,
    dice: Dice,
    /// Of ours.
    staff: Vec<Caller>,
    cases: Vec<CaseNumber>,
    /// How many steps were tried.
    steps: usize,
}

/// Refused, or overtaken: so people are told. Anything else is a fault.
fn fine<T>(what: &str, outcome: casework::Result<T>) {
    match outcome {
        Ok(_)
        | Err(
            Error::Refused(_)
            | Error::Forbidden { .. }
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::Input { .. },
        ) => {}
        Err(error) => panic!("{what}: {error:?}"),
    }
}

impl Walk {
    async fn begin(engine: Engine, seed: u64) -> Self {
        let story = Story::begin(engine).await;
        let cast = &story.cast;
        let all = [
            Role::Reviewer,
            Role::CommercialReviewer,
            Role::TechnicalReviewer,
            Role::Approver,
        ];
        let mut staff = vec![story.person("alma", &all).await];
        staff.extend([
            cast.reviewer.clone(),
            cast.other_reviewer.clone(),
            cast.commercial.clone(),
            cast.technical.clone(),
            cast.lead.clone(),
            cast.approver.clone(),
        ]);
        for name in ["Children", "Pilot"] {
            let tag = KeepTagInput {
                tag: None,
                name: name.to_owned(),
                retired: false,
            };
            commands::keep_tag(&story.desk, &cast.lead, &tag)
                .await
                .unwrap();
        }
        Self {
            story,
            dice: Dice(seed),
            staff,
            cases: Vec::new(),
            steps: 0,
        }
    }

    fn somebody(&mut self) -> Caller {
        self.dice.pick(&self.staff).clone()
    }

    async fn works(&self, who: &Caller) -> bool {
        let row = people::Entity::find_by_id(who.person.0)
            .one(self.story.database.read())
            .await;
        row.unwrap().unwrap().disabled_at.is_none()
    }

    async fn act(&mut self, who: &Caller, case: CaseNumber, action: Action) {
        self.steps += 1;
        let what = format!("{:?} of {case} by {}", action.kind(), who.name);
        fine(&what, self.story.act(who, case, action).await);
    }

    async fn step(&mut self) {
        let rolled = self.dice.roll(100);
        match rolled {
            _ if self.cases.len() < 10 => self.applies().await,
            0..=3 => self.applies().await,
            4..=13 => self.waits().await,
            14..=22 => self.takes_next().await,
            23..=28 => self.snoozes().await,
            29..=33 => self.tags().await,
            34..=36 => self.is_away().await,
            37..=38 => self.is_disabled().await,
            39..=41 => self.is_in_conflict().await,
            _ => self.works_on_a_case().await,
        }
    }

    async fn applies(&mut self) {
        self.steps += 1;
        let level = *self.dice.pick(&[AccessLevel::Limited, AccessLevel::Full]);
        let owner = self.story.cast.owner.clone();
        let id = self.story.app("Glow", &owner).await;
        let database = &self.story.database;
        let app = apps::Entity::find_by_id(id.0).one(database.read()).await;
        let mut app = app.unwrap().unwrap().into_active_model();
        let organisation = *self.dice.pick(&ORGANISATIONS);
        app.organisation = Set(organisation.to_owned());
        app.organisation_key = Set(casework::text::fold(organisation));
        app.update(database.write()).await.unwrap();
        let case = self.story.draft_for(id, &owner, level).await;
        self.cases.push(case);
        if self.dice.roll(8) > 0 {
            self.act(&owner, case, story::submission()).await;
        }
    }

    async fn waits(&mut self) {
        self.steps += 1;
        let hours = 1 + i64::try_from(self.dice.roll(72)).unwrap();
        self.story.clock.pass(Duration::hours(hours));
        tick(&self.story.desk).await.unwrap();
        give_back(&self.story.desk).await.unwrap();
    }

    async fn takes_next(&mut self) {
        self.steps += 1;
        let who = self.somebody();
        if self.works(&who).await {
            let next = commands::get_next(&self.story.desk, &who).await;
            fine("get next", next);
        }
    }

    async fn snoozes(&mut self) {
        self.steps += 1;
        let (who, number) = (self.somebody(), *self.dice.pick(&self.cases));
        let desk = &self.story.desk;
        if self.dice.roll(4) == 0 {
            return fine("wake", commands::wake(desk, &who, number).await);
        }
        let days = 1 + i64::try_from(self.dice.roll(9)).unwrap();
        let input = SnoozeInput {
            number,
            until: self.story.in_days(days).date().to_string(),
            reason: "Waits for the lab.".to_owned(),
        };
        fine("snooze", commands::snooze(desk, &who, &input).await);
    }

    async fn tags(&mut self) {
        self.steps += 1;
        let (who, case) = (self.somebody(), *self.dice.pick(&self.cases));
        let desk = &self.story.desk;
        let all = tags::Entity::find()
            .all(desk.database.read())
            .await
            .unwrap();
        let tag = self.dice.pick(&all).id;
        match self.dice.roll(3) {
            0 => fine("untag", commands::untag_case(desk, &who, case, tag).await),
            _ => fine("tag", commands::tag_case(desk, &who, case, Some(tag)).await),
        }
    }

    async fn is_away(&mut self) {
        self.steps += 1;
        let who = self.somebody();
        let desk = &self.story.desk;
        if self.dice.roll(3) == 0 {
            let planned = absences::Entity::find().all(desk.database.read()).await;
            if let Some(absence) = planned.unwrap().last() {
                let lead = &self.story.cast.lead;
                let taken = commands::take_back_absence(desk, lead, absence.id).await;
                fine("take back", taken);
            }
            return;
        }
        let first = i64::try_from(self.dice.roll(3)).unwrap();
        let last = first + i64::try_from(self.dice.roll(3)).unwrap();
        let day = |days| self.story.in_days(days).date().to_string();
        let input = PlanAbsenceInput {
            person: None,
            first: day(first),
            last: day(last),
            note: String::new(),
            keeps: self.dice.roll(2) == 0,
        };
        fine("absence", commands::plan_absence(desk, &who, &input).await);
    }

    /// The lead and the admin stay.
    async fn is_disabled(&mut self) {
        self.steps += 1;
        let who = self.dice.roll(5);
        let who = self.staff[who].person;
        let desk = &self.story.desk;
        let row = people::Entity::find_by_id(who.0)
            .one(desk.database.read())
            .await;
        let row = row.unwrap().unwrap();
        let seen = u64::try_from(row.version).unwrap();
        let admin = &self.story.cast.admin;
        let why = "For a while";
        if row.disabled_at.is_none() {
            let done = commands::disable_person(desk, admin, who, seen, why).await;
            fine("disable", done);
        } else {
            let done = commands::enable_person(desk, admin, who, seen, why).await;
            fine("enable", done);
        }
        give_back(desk).await.unwrap();
    }

    async fn is_in_conflict(&mut self) {
        self.steps += 1;
        let who = self.somebody();
        let desk = &self.story.desk;
        let standing = declared_conflicts::Entity::find()
            .filter(declared_conflicts::Column::WithdrawnAt.is_null())
            .all(desk.database.read())
            .await
            .unwrap();
        // Most of them end again, so that there is somebody left.
        if standing.len() > 2 {
            let conflict = self.dice.pick(&standing).id;
            let lead = &self.story.cast.lead;
            let done = commands::withdraw_conflict(desk, lead, conflict, "It is over.").await;
            return fine("withdraw", done);
        }
        let input = DeclareConflictInput {
            person: None,
            organisation: (*self.dice.pick(&ORGANISATIONS)).to_owned(),
            reason: "My sister works there.".to_owned(),
        };
        fine(
            "declare",
            commands::declare_conflict(desk, &who, &input).await,
        );
    }

    /// Whoever holds the seat, mostly, or somebody.
    fn holder(&mut self, case: &Case, seat: Seat) -> Caller {
        let holder = case.seats.get(&seat);
        let holder = self
            .staff
            .iter()
            .find(|one| Some(&one.person) == holder)
            .cloned();
        match holder {
            Some(holder) if self.dice.roll(10) > 0 => holder,
            _ => self.somebody(),
        }
    }

    async fn works_on_a_case(&mut self) {
        use StateKind as S;
        let number = *self.dice.pick(&self.cases);
        let case = self.story.case(number).await;
        let owner = self.story.cast.owner.clone();
        let track = *self.dice.pick(&[Track::Commercial, Track::Technical]);
        let (seat, list) = match case.state.kind() {
            S::Review => (Seat::of(track), ListKind::of(track)),
            _ => (Seat::Case, ListKind::Completeness),
        };
        let who = self.holder(&case, seat);
        if !self.works(&who).await {
            return;
        }
        let sample = |kind| (who.clone(), story::sample(kind, &who));
        let of_owner = |kind| (owner.clone(), story::sample(kind, &owner));
        let rolled = self.dice.roll(20);
        let (who, action) = match (case.state.kind(), rolled) {
            (S::Draft, _) => (owner, story::submission()),
            (S::Withdrawn, _) => return,
            (S::Submitted | S::Completeness | S::Review, 0) => of_owner(ActionKind::Withdraw),
            (S::Submitted | S::Completeness | S::Review, 1..=3)
                if !case.seats.contains_key(&seat) =>
            {
                (who.clone(), story::take(seat, &who))
            }
            (S::Submitted, _) => (who.clone(), story::take(seat, &who)),
            (S::Completeness | S::Review, 4) => sample(ActionKind::ProposeDecline),
            (S::Completeness | S::Review, 5..=6) => (who, self.story.question("Why?")),
            (S::Completeness | S::Review, 7) => {
                let release = Action::Release {
                    seat,
                    seen: case.seats.get(&seat).copied(),
                    note: workflow::Internal::default(),
                    away: None,
                };
                (who, release)
            }
            (S::Review, 8..=9) => {
                let Some(items) = self.items(&case, list) else {
                    return;
                };
                let item = self.dice.pick(&items).clone();
                (who, story::finding(list, &item, Severity::Major))
            }
            (S::Review, 10) => {
                let due = self.story.in_days(20);
                (who, Action::RequestCorrections { due })
            }
            (S::Completeness | S::Review, _) => {
                self.marks_all(&who, &case, list).await;
                let done = match case.state.kind() {
                    S::Review => Action::PassTrack { track },
                    _ => Action::ConfirmComplete,
                };
                (who, done)
            }
            (S::Clarification | S::Corrections, 0) => of_owner(ActionKind::Withdraw),
            (S::Clarification, _) => (owner, story::answers_of(&case, "Adults with diabetes.")),
            (S::Corrections, _) => {
                let open = case.findings.iter().filter(|finding| finding.is_open());
                let responses = open.map(|finding| Response {
                    finding: finding.id,
                    text: "Corrected.".to_owned(),
                });
                let action = Action::Resubmit {
                    responses: responses.collect(),
                    submission: None,
                };
                (owner, action)
            }
            (S::Agreement, _) => (owner, story::accept_dla()),
            (S::Decision, 0..=4) => (who, story::decline("No use of the data.")),
            (S::Decision, _) => (who, story::approve(case.level)),
            (S::Approved, 0) => sample(ActionKind::SuspendGrant),
            (S::Approved, 1) => sample(ActionKind::RevokeGrant),
            (S::Approved, _) => return,
            (S::Declined | S::Lapsed, 0..=9) => of_owner(ActionKind::Appeal),
            (S::Declined | S::Lapsed, 10..=13) => sample(ActionKind::AnswerAppeal),
            (S::Declined | S::Lapsed, _) => {
                let to = self.story.cast.other_reviewer.clone();
                let lead = self.story.cast.lead.clone();
                (lead, story::sample(ActionKind::Reopen, &to))
            }
        };
        self.act(&who, number, action).await;
    }

    fn items(&self, case: &Case, list: ListKind) -> Option<Vec<String>> {
        let version = case.sheet(list)?.version;
        let known = self.story.desk.reference.known();
        let items = known.lists[&(list, version)].items.iter();
        Some(items.map(|item| item.key.clone()).collect())
    }

    /// Marks what has no mark yet, until it is refused.
    async fn marks_all(&mut self, who: &Caller, case: &Case, list: ListKind) {
        let Some(sheet) = case.sheet(list) else {
            return;
        };
        for item in self.items(case, list).unwrap_or_default() {
            if !sheet.marks.contains_key(&item) {
                let action = story::check(list, &item, Verdict::Pass);
                self.steps += 1;
                if self.story.act(who, case.number, action).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Every list of these readers, and every count that is kept, against a scan of all cases.
    async fn compare(&self, readers: &[Caller]) {
        let desk = &self.story.desk;
        search::write(desk).await;
        let reading = desk.database.read();
        let all = cases::Entity::find().all(reading).await.unwrap();
        let tagged = case_tags::Entity::find().all(reading).await.unwrap();
        let tags = tags::Entity::find().all(reading).await.unwrap();
        for who in readers {
            let eyes = Eyes::of(desk, who).await;
            let assert_same = async |filter: &Filter, all: &[cases::Model]| {
                let mut expected = scan(all, filter, &eyes);
                let (page, mut on, mut back) = walks(desk, who, filter).await;
                // What is found by a word comes in an order of its own.
                if filter.tag.is_some() {
                    for list in [&mut expected, &mut on, &mut back] {
                        list.sort_unstable();
                    }
                }
                let so = format!("{filter:?} of {} after {} steps", who.name, self.steps);
                assert_eq!(on, expected, "{so}");
                assert_eq!(back, expected, "{so}, from its end");
                let (total, length) = (page.total(), expected.len() as u64);
                let counted = total.number == length || (total.more && total.number < length);
                assert!(counted, "{so}: {total} of {length}");
            };
            for view in View::ALL {
                for holder in [None, Some(Holder::Me), Some(Holder::Nobody)] {
                    let filter = Filter {
                        holder,
                        ..Filter::view(*view)
                    };
                    assert_same(&filter, &all).await;
                }
                for tag in &tags {
                    let has = |case: &&cases::Model| {
                        let mut rows = tagged.iter();
                        rows.any(|row| row.case_id == case.id && row.tag_id == tag.id)
                    };
                    let with: Vec<cases::Model> = all.iter().filter(has).cloned().collect();
                    let filter = Filter {
                        tag: Some(tag.id),
                        ..Filter::view(*view)
                    };
                    assert_same(&filter, &with).await;
                }
            }
        }
        assert_counts(desk).await;
    }

    /// Each row is what its events are projected to, one after the other.
    async fn assert_projected(&self) {
        let (database, known) = (&self.story.database, self.story.desk.reference.known());
        for row in cases::Entity::find().all(database.read()).await.unwrap() {
            let (mut case, mut projected): (Option<Case>, _) = (None, None);
            for recorded in story::history(database, row.id).await {
                let now = match case.take() {
                    None => Case::start(&recorded).unwrap(),
                    Some(mut case) => {
                        case.apply(&recorded);
                        case
                    }
                };
                let event = std::slice::from_ref(&recorded);
                let before = projected.as_ref();
                projected = Some(store::project(&now, before, event, &known).unwrap());
                case = Some(now);
            }
            assert_eq!(projected, Some(row));
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn after_any_steps_of_anybody_the_queue_says_what_a_scan_of_all_cases_says(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let steps = std::env::var("STEPS_OF_WALK").map_or(STEPS, |steps| steps.parse().unwrap());
    let mut walk = Box::pin(Walk::begin(engine, 0x5eed)).await;
    for part in 1..=COMPARISONS {
        while walk.steps < steps * part / COMPARISONS {
            Box::pin(walk.step()).await;
        }
        let reader = walk.somebody();
        Box::pin(walk.compare(&[reader])).await;
    }
    let everybody = walk.staff.clone();
    Box::pin(walk.compare(&everybody)).await;
    // It has come far.
    let rows = cases::Entity::find().all(walk.story.database.read()).await;
    let states: BTreeSet<String> = rows.unwrap().into_iter().map(|row| row.state).collect();
    assert!(states.len() >= 7, "{states:?}");
    walk.assert_projected().await;
}
