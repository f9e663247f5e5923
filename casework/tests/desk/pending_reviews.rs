//! What a reviewer gathers is published as one step, which is what its rehearsal showed, byte for byte;
//! until then it is theirs alone to change, their colleagues' to read, and never lost.
//!
//! `REVIEWS_OF_WALK=10000 cargo test -p casework --test desk pending_reviews` rehearses and publishes so
//! many random reviews on each engine.

use crate::support::*;
use casework::{
    cases::pending::{Entry, Left, Says},
    commands::{
        self, ChangeEntry, CheckItem, Done, Envelope, PublishReviewInput, Question, RecordFinding,
        Rehearsal, RehearsedLetter, RequestClarification, change_entry, disable_person,
        discard_review, drop_entry, gather_check, gather_finding, gather_questions, publish_review,
        rehearse_review, take_review,
    },
    entities::{audit_events, outbox, pending_reviews},
    queries::{admin_people::admin_person, case_page::case_page, waiting_reviews},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Seen,
    checklist::{ListKind, Severity, Verdict},
    event::Submission,
};

/// How many random reviews are published where nothing else is said, on each engine.
const REVIEWS: usize = 150;

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

async fn envelope(story: &Story, case: CaseNumber) -> Envelope {
    let version = story.case(case).await.version;
    Envelope {
        case,
        seen: Some(Seen {
            version,
            trail: None,
        }),
    }
}

fn mark(list: ListKind, item: &str, verdict: &str, note: &str, revision: u32) -> CheckItem {
    CheckItem {
        list,
        item: item.to_owned(),
        revision,
        verdict: verdict.to_owned(),
        evidence: "architecture.pdf p. 3".to_owned(),
        note: note.to_owned(),
        severity: None,
        gather: true,
        next: None,
    }
}

fn fault(list: ListKind, item: &str, text: &str) -> RecordFinding {
    RecordFinding {
        list,
        item: item.to_owned(),
        gather: true,
        severity: Some(Severity::Major),
        text: text.to_owned(),
    }
}

fn question(about: &str, text: &str) -> RequestClarification {
    RequestClarification {
        questions: vec![Question {
            about: about.to_owned(),
            text: text.to_owned(),
        }],
        due: String::new(),
    }
}

async fn gathers_pass(story: &Story, who: &Caller, case: CaseNumber, item: &str) {
    let check = mark(ListKind::Commercial, item, "pass", "", 1);
    let at = envelope(story, case).await;
    gather_check(&story.desk, who, &at, check).await.unwrap();
}

async fn gathers_question(story: &Story, who: &Caller, case: CaseNumber, text: &str) {
    let at = envelope(story, case).await;
    gather_questions(&story.desk, who, &at, question("case", text))
        .await
        .unwrap();
}

async fn rehearsed(story: &Story, who: &Caller, case: CaseNumber) -> Rehearsal {
    rehearse_review(&story.desk, who, case)
        .await
        .unwrap()
        .unwrap()
}

async fn publishes(
    story: &Story,
    who: &Caller,
    at: &Envelope,
    shown: &str,
) -> casework::Result<Done> {
    let input = PublishReviewInput {
        shown: shown.to_owned(),
    };
    publish_review(&story.desk, who, at, &input).await
}

/// What somebody has gathered, as it is kept.
async fn gathered(story: &Story, who: &Caller, case: CaseNumber) -> Option<Vec<Entry>> {
    let id = story.row(case).await.id;
    let row = pending_reviews::Entity::find_by_id((id, who.person.0))
        .one(story.desk.database.read())
        .await
        .unwrap();
    row.map(|row| serde_json::from_str(&row.entries).unwrap())
}

/// The letters of a case but those that were there before.
async fn letters(story: &Story, case: CaseNumber, but: &BTreeSet<Uuid>) -> Vec<outbox::Model> {
    let id = story.row(case).await.id;
    let rows = outbox::Entity::find()
        .filter(outbox::Column::CaseId.eq(id))
        .order_by_asc(outbox::Column::Kind)
        .order_by_asc(outbox::Column::ToAddress)
        .all(story.desk.database.read())
        .await
        .unwrap();
    rows.into_iter()
        .filter(|row| !but.contains(&row.id))
        .collect()
}

fn as_rehearsed(row: &outbox::Model) -> RehearsedLetter {
    RehearsedLetter {
        kind: row.kind.clone(),
        to_name: row.to_name.clone(),
        to_address: row.to_address.clone(),
        subject: row.subject.clone(),
        text: row.text.clone(),
        html: row.html.clone(),
    }
}

/// The events of a case after this one, with what binds them together.
async fn events_after(story: &Story, case: CaseNumber, seq: i64) -> Vec<audit_events::Model> {
    let id = story.row(case).await.id;
    audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(id))
        .filter(audit_events::Column::Seq.gt(seq))
        .order_by_asc(audit_events::Column::Seq)
        .all(story.desk.database.read())
        .await
        .unwrap()
}

async fn newest(story: &Story, case: CaseNumber) -> i64 {
    let events = events_after(story, case, 0).await;
    events.last().unwrap().seq
}

fn sitting(event: &audit_events::Model) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
    body.pointer("/review/id")?.as_str().map(str::to_owned)
}

/// One random review: gathered, rehearsed, and published, whatever comes between.
struct Sitting<'a> {
    story: &'a Story,
    dice: &'a mut Dice,
    case: CaseNumber,
    who: &'a Caller,
    list: ListKind,
    items: &'a [String],
    revision: u32,
}

impl Sitting<'_> {
    async fn gather(&mut self) {
        let text = format!(
            "What of No. {}?\nIt — and ünal’s <b> — matters.",
            self.dice.roll(999)
        );
        let item = self.dice.pick(self.items).clone();
        let at = envelope(self.story, self.case).await;
        let desk = &self.story.desk;
        let done = match self.dice.roll(9) {
            0..=2 => {
                let check = mark(self.list, &item, "pass", "", self.revision);
                gather_check(desk, self.who, &at, check).await
            }
            3..=4 => {
                let check = mark(self.list, &item, "fail", &text, self.revision);
                gather_check(desk, self.who, &at, check).await
            }
            5 => {
                let check = mark(self.list, &item, "not_applicable", &text, self.revision);
                gather_check(desk, self.who, &at, check).await
            }
            6 => gather_finding(desk, self.who, &at, fault(self.list, &item, &text)).await,
            _ => {
                let about = match self.dice.roll(2) {
                    0 => "case".to_owned(),
                    _ => format!("item:{}:{item}", self.list.word()),
                };
                gather_questions(desk, self.who, &at, question(&about, &text)).await
            }
        };
        done.unwrap();
    }

    /// What may happen between two looks at a review.
    async fn between(&mut self) {
        match self.dice.roll(6) {
            0 => self.story.clock.pass(Duration::hours(1)),
            1 => self.story.clock.pass(Duration::days(1)),
            2 => {
                let item = self.dice.pick(self.items).clone();
                let other = match self.list {
                    ListKind::Commercial => &self.story.cast.technical,
                    _ => &self.story.cast.commercial,
                };
                let list = match self.list {
                    ListKind::Commercial => ListKind::Technical,
                    _ => ListKind::Commercial,
                };
                let all = self.story.items(self.case, list).await;
                let item = all.iter().find(|one| **one == item).unwrap_or(&all[0]);
                let check = story::check(list, item, Verdict::Pass);
                self.story.act(other, self.case, check).await.unwrap();
            }
            _ => {}
        }
    }

    /// Publishes what was rehearsed; whether it was published.
    async fn publish(&mut self) -> bool {
        let (story, who, case) = (self.story, self.who, self.case);
        let at = envelope(story, case).await;
        let shown = rehearsed(story, who, case).await;
        self.between().await;
        let before = (
            story.case(case).await,
            gathered(story, who, case).await,
            newest(story, case).await,
        );
        let known = letters(story, case, &BTreeSet::new()).await;
        let known: BTreeSet<Uuid> = known.iter().map(|row| row.id).collect();
        let done = publishes(story, who, &at, &shown.shown).await;
        let sent = letters(story, case, &known).await;
        let events = events_after(story, case, before.2).await;
        if let Err(error) = done {
            assert!(
                matches!(error, Error::Conflict { .. } | Error::Input { .. }),
                "{error:?}"
            );
            // Nothing of it has happened, and nothing of it is lost.
            assert_eq!(story.case(case).await, before.0);
            assert_eq!(gathered(story, who, case).await, before.1);
            assert!(sent.is_empty() && events.is_empty());
            return false;
        }
        let sent: Vec<RehearsedLetter> = sent.iter().map(as_rehearsed).collect();
        assert_eq!(sent, shown.letters);
        let row = story.row(case).await;
        assert_eq!(row.state, shown.after.word());
        assert_eq!(row.due_at.map(Timestamp::from_micros), shown.due);
        let stays: Vec<Entry> = shown
            .entries
            .iter()
            .filter(|one| one.obstacle.is_some())
            .map(|one| one.entry.clone())
            .collect();
        let stays = (!stays.is_empty()).then_some(stays);
        assert_eq!(gathered(story, who, case).await, stays);
        // One sitting: one moment, one actor, one review.
        let sittings: BTreeSet<_> = events.iter().map(sitting).collect();
        assert_eq!(sittings.len(), 1);
        assert!(sittings.iter().all(Option::is_some));
        assert!(events.iter().all(|event| event.at == events[0].at));
        let asked = |event: &&audit_events::Model| event.name == "clarification_requested";
        assert!(events.iter().filter(asked).count() <= 1);
        true
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_rehearsed_is_what_is_published_byte_for_byte(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let reviews = std::env::var("REVIEWS_OF_WALK").map_or(REVIEWS, |many| many.parse().unwrap());
    let story = Story::begin(engine).await;
    let mut dice = Dice(0xd0_5e);
    let (mut published, mut refused, mut asked) = (0, 0, 0);
    let mut case = story.case_in(AccessLevel::Full, StateKind::Review).await;
    let mut of_case = 0;
    while published + refused < reviews {
        // A long record makes every step slower.
        if of_case == 40 {
            case = story.case_in(AccessLevel::Full, StateKind::Review).await;
            of_case = 0;
        }
        of_case += 1;
        let (who, list) = match dice.roll(2) {
            0 => (&story.cast.commercial, ListKind::Commercial),
            _ => (&story.cast.technical, ListKind::Technical),
        };
        let items = story.items(case, list).await;
        let revision = story.case(case).await.submission.unwrap().revision;
        let mut sitting = Sitting {
            story: &story,
            dice: &mut dice,
            case,
            who,
            list,
            items: &items,
            revision,
        };
        for _ in 0..=sitting.dice.roll(7) {
            sitting.gather().await;
        }
        let mut done = Box::pin(sitting.publish()).await;
        while !done {
            refused += 1;
            done = Box::pin(sitting.publish()).await;
        }
        published += 1;
        let is_asked = story.case(case).await.state.kind() == StateKind::Clarification;
        if is_asked {
            asked += 1;
            let mut answer = story.answers(case, "So it is.").await;
            // Now and then an answer changes what was handed in.
            if let (Action::AnswerClarification { submission, .. }, 0) = (&mut answer, dice.roll(3))
            {
                *submission = Some(Submission {
                    revision: revision + 1,
                    sha256: format!("{revision:064}"),
                    places: Default::default(),
                });
            }
            story.step(&story.cast.owner, case, answer).await;
        }
    }
    assert!(
        published > refused && refused > 0 && asked > 0,
        "{published} {refused} {asked}"
    );
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_sitting_is_one_step_and_one_letter_and_nothing_of_it_is_told_before(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (carmen, desk) = (&story.cast.commercial, &story.desk);
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let known = letters(&story, case, &BTreeSet::new()).await;
    let known: BTreeSet<Uuid> = known.iter().map(|row| row.id).collect();
    let before = (story.case(case).await, newest(&story, case).await);
    gathers_pass(&story, carmen, case, "use_case").await;
    let at = envelope(&story, case).await;
    let check = mark(ListKind::Commercial, "markets", "fail", "None is named.", 1);
    gather_check(desk, carmen, &at, check).await.unwrap();
    gathers_question(&story, carmen, case, "Who are the users?").await;
    gathers_question(&story, carmen, case, "Since when?").await;
    // Another verdict on the same item takes the place of the first.
    gathers_pass(&story, carmen, case, "use_case").await;
    let entries = gathered(&story, carmen, case).await.unwrap();
    assert_eq!(entries.len(), 4);
    assert_eq!(story.case(case).await, before.0);
    assert_eq!(newest(&story, case).await, before.1);
    assert!(letters(&story, case, &known).await.is_empty());

    let shown = rehearsed(&story, carmen, case).await;
    assert!(shown.entries.iter().all(|one| one.obstacle.is_none()));
    assert_eq!(shown.after, StateKind::Clarification);
    // The rehearsal has left nothing.
    assert_eq!(story.case(case).await, before.0);
    assert_eq!(newest(&story, case).await, before.1);
    assert!(letters(&story, case, &known).await.is_empty());

    publishes(&story, carmen, &at, &shown.shown).await.unwrap();
    let events = events_after(&story, case, before.1).await;
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "item_checked",
            "item_checked",
            "finding_recorded",
            "clarification_requested"
        ]
    );
    // One letter to each member, with both questions.
    let sent = letters(&story, case, &known).await;
    let readers: BTreeSet<&str> = sent.iter().map(|row| row.to_address.as_str()).collect();
    assert_eq!((sent.len(), readers.len()), (2, 2));
    for letter in &sent {
        assert!(letter.text.contains("Who are the users?") && letter.text.contains("Since when?"));
    }
    // What was a draft's entry is the question of that id.
    let asked: BTreeSet<Uuid> = story
        .case(case)
        .await
        .questions
        .iter()
        .map(|one| one.id.0)
        .collect();
    let of_draft = entries
        .iter()
        .filter(|one| matches!(one.says, Says::Question { .. }));
    assert_eq!(asked, of_draft.map(|one| one.id).collect());
    assert_eq!(gathered(&story, carmen, case).await, None);
    // Sent again it is none any more.
    let again = publishes(&story, carmen, &at, &shown.shown).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_possible_is_said_of_each_entry_and_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (cast, desk) = (&story.cast, &story.desk);
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    gathers_pass(&story, &cast.commercial, case, "use_case").await;
    gathers_question(&story, &cast.commercial, case, "Who are the users?").await;
    let old = rehearsed(&story, &cast.commercial, case).await;
    let at = envelope(&story, case).await;
    // The assignee asks, and the answer changes the submission.
    story
        .step(&cast.reviewer, case, story.question("Which?"))
        .await;
    let all = rehearsed(&story, &cast.commercial, case).await;
    assert_eq!(all.possible().count(), 0, "the developer's turn");
    let mut answer = story.answers(case, "This.").await;
    if let Action::AnswerClarification { submission, .. } = &mut answer {
        *submission = Some(Submission {
            revision: 2,
            sha256: "2".repeat(64),
            places: Default::default(),
        });
    }
    story.step(&cast.owner, case, answer).await;

    let late = publishes(&story, &cast.commercial, &at, &old.shown).await;
    assert!(
        matches!(&late, Err(Error::Conflict { changes }) if !changes.is_empty()),
        "{late:?}"
    );
    let shown = rehearsed(&story, &cast.commercial, case).await;
    let obstacles: Vec<Option<&str>> = shown
        .entries
        .iter()
        .map(|one| one.obstacle.as_deref())
        .collect();
    assert!(
        obstacles[0]
            .unwrap()
            .starts_with("The submission has changed")
    );
    assert_eq!(obstacles[1], None);
    let at = envelope(&story, case).await;
    publishes(&story, &cast.commercial, &at, &shown.shown)
        .await
        .unwrap();
    let left = gathered(&story, &cast.commercial, case).await.unwrap();
    assert_eq!(left, [shown.entries[0].entry.clone()]);
    // Given anew it can be published.
    let answer = story.answers(case, "They.").await;
    story.step(&cast.owner, case, answer).await;
    let check = mark(ListKind::Commercial, "use_case", "pass", "", 2);
    let at = envelope(&story, case).await;
    gather_check(desk, &cast.commercial, &at, check)
        .await
        .unwrap();
    let shown = rehearsed(&story, &cast.commercial, case).await;
    publishes(&story, &cast.commercial, &at, &shown.shown)
        .await
        .unwrap();
    assert_eq!(gathered(&story, &cast.commercial, case).await, None);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_read_by_colleagues_changed_by_its_author_and_unknown_to_developers(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (cast, desk) = (&story.cast, &story.desk);
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let at = envelope(&story, case).await;
    gathers_pass(&story, &cast.commercial, case, "use_case").await;
    gathers_question(&story, &cast.commercial, case, "Who are the users?").await;
    let entries = gathered(&story, &cast.commercial, case).await.unwrap();
    let (entry, text) = (entries[1].id, "Who uses it?".to_owned());
    let change = ChangeEntry {
        entry,
        text,
        evidence: String::new(),
        severity: None,
    };

    for colleague in [&cast.reviewer, &cast.lead, &cast.approver] {
        let page = case_page(desk, colleague, case, None).await.unwrap();
        let [review] = &page.pending[..] else {
            panic!("{:?}", page.pending);
        };
        assert_eq!(
            (review.person, review.is_own),
            (cast.commercial.person, false)
        );
        assert_eq!((&review.entries, review.may_take), (&entries, false));
        let changed = change_entry(desk, colleague, &at, change.clone()).await;
        assert!(matches!(changed, Err(Error::NotFound)), "{changed:?}");
        let dropped = drop_entry(desk, colleague, &at, entry).await;
        assert!(matches!(dropped, Err(Error::NotFound)), "{dropped:?}");
        let taken = take_review(desk, colleague, &at, cast.commercial.person).await;
        assert!(matches!(taken, Err(Error::Forbidden { .. })), "{taken:?}");
        discard_review(desk, colleague, &at).await.unwrap();
        assert_eq!(rehearse_review(desk, colleague, case).await.unwrap(), None);
    }
    for stranger in [&cast.owner, &cast.member, &cast.stranger] {
        let unknown = [
            change_entry(desk, stranger, &at, change.clone()).await,
            drop_entry(desk, stranger, &at, entry).await,
            discard_review(desk, stranger, &at).await,
            take_review(desk, stranger, &at, cast.commercial.person).await,
            commands::begin_review(desk, stranger, &at).await,
            rehearse_review(desk, stranger, case).await.map(drop),
        ];
        for outcome in unknown {
            assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
        }
        let listed = waiting_reviews(desk, stranger).await;
        assert!(matches!(listed, Err(Error::NotFound)), "{listed:?}");
    }
    assert_eq!(
        gathered(&story, &cast.commercial, case).await.unwrap(),
        entries
    );

    let empty = ChangeEntry {
        text: String::new(),
        ..change.clone()
    };
    let refused = change_entry(desk, &cast.commercial, &at, empty).await;
    assert!(matches!(&refused, Err(Error::Input { problems }) if problems[0].field == "text"));
    change_entry(desk, &cast.commercial, &at, change)
        .await
        .unwrap();
    drop_entry(desk, &cast.commercial, &at, entries[0].id)
        .await
        .unwrap();
    let left = gathered(&story, &cast.commercial, case).await.unwrap();
    assert!(
        matches!(&left[..], [Entry { id, says: Says::Question { text, .. }, .. }]
        if *id == entry && text == "Who uses it?")
    );
    discard_review(desk, &cast.commercial, &at).await.unwrap();
    assert_eq!(gathered(&story, &cast.commercial, case).await, None);
}

/// Who may take nothing of what a review is made of does not begin one.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn only_what_could_be_done_now_is_gathered(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (cast, desk) = (&story.cast, &story.desk);
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let at = envelope(&story, case).await;
    let begun = commands::begin_review(desk, &cast.compliance, &at).await;
    assert!(matches!(begun, Err(Error::Forbidden { .. })), "{begun:?}");
    let check = mark(ListKind::Commercial, "use_case", "pass", "", 1);
    let not_theirs = gather_check(desk, &cast.approver, &at, check).await;
    assert!(
        matches!(not_theirs, Err(Error::Forbidden { .. })),
        "{not_theirs:?}"
    );
    let check = mark(ListKind::Commercial, "use_case", "fail", "", 1);
    let says_nothing = gather_check(desk, &cast.commercial, &at, check).await;
    assert!(
        matches!(says_nothing, Err(Error::Input { .. })),
        "{says_nothing:?}"
    );
    let check = mark(ListKind::Commercial, "no_such_item", "pass", "", 1);
    let unknown = gather_check(desk, &cast.commercial, &at, check).await;
    assert!(matches!(unknown, Err(Error::Refused(_))), "{unknown:?}");
    let rows = pending_reviews::Entity::find().count(desk.database.read());
    assert_eq!(rows.await.unwrap(), 0);
}

/// A well-known tool once left 34 drafts behind. Here whatever becomes of an author, a seat or a case:
/// each draft is published, or stands on the page of its case and in somebody's list, with why.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_42_drafts_none_is_left_behind(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (cast, desk) = (&story.cast, &story.desk);
    let carla = story.person("carla", &[Role::CommercialReviewer]).await;
    let mut cases = Vec::new();
    for number in 0..42 {
        let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
        // Every sixth is carla's, whose account is disabled later.
        let author = if number % 6 == 5 {
            &carla
        } else {
            &cast.commercial
        };
        if author.person == carla.person {
            let assign = Action::Assign {
                seat: Seat::Commercial,
                to: carla.person,
                roles: carla.roles.clone(),
                is_member: false,
                away: None,
                seen: Some(cast.commercial.person),
                note: Default::default(),
            };
            story.step(&cast.lead, case, assign).await;
        }
        gathers_pass(&story, author, case, "use_case").await;
        let at = envelope(&story, case).await;
        let check = mark(ListKind::Commercial, "markets", "fail", "None is named.", 1);
        gather_check(desk, author, &at, check).await.unwrap();
        cases.push((number, case, author.clone()));
    }
    for (number, case, author) in &cases {
        let at = envelope(&story, *case).await;
        match number % 6 {
            0 => {
                let shown = rehearsed(&story, author, *case).await;
                publishes(&story, author, &at, &shown.shown).await.unwrap();
            }
            1 => discard_review(desk, author, &at).await.unwrap(),
            2 => {
                let reason = "We ship later.".to_owned();
                let withdraw = Action::Withdraw { reason };
                story.step(&cast.owner, *case, withdraw).await;
            }
            3 => {
                let release = Action::Release {
                    seat: Seat::Commercial,
                    seen: Some(author.person),
                    note: Default::default(),
                    away: None,
                };
                story.step(author, *case, release).await;
            }
            _ => {}
        }
    }
    let account = admin_person(desk, &cast.admin, carla.person).await;
    let seen = account.unwrap().version;
    disable_person(desk, &cast.admin, carla.person, seen, "Left.")
        .await
        .unwrap();

    let leads = waiting_reviews(desk, &cast.lead).await.unwrap();
    let own = waiting_reviews(desk, &cast.commercial).await.unwrap();
    for (number, case, author) in &cases {
        let page = case_page(desk, &cast.lead, *case, None).await.unwrap();
        let left = match number % 6 {
            0 | 1 => {
                assert_eq!(page.pending, [], "published or discarded");
                continue;
            }
            2 => Some(Left::Ended),
            3 => Some(Left::SeatMoved),
            4 => None,
            _ => Some(Left::Disabled),
        };
        let [review] = &page.pending[..] else {
            panic!("{number}: {:?}", page.pending);
        };
        assert_eq!(
            (review.person, review.left),
            (author.person, left),
            "{number}"
        );
        assert_eq!(review.entries.len(), 2);
        let in_list = |list: &[casework::queries::WaitingReview]| {
            list.iter()
                .any(|one| one.case == *case && one.pending.left == left)
        };
        assert_eq!(
            in_list(&own),
            author.person == cast.commercial.person,
            "{number}"
        );
        assert_eq!(in_list(&leads), left.is_some(), "{number}");
    }

    // Who has the seat now takes over what its author cannot publish, and publishes it.
    for (number, case, author) in &cases {
        if ![3, 5].contains(&(number % 6)) {
            continue;
        }
        let ravi = &story
            .person(&format!("ravi{number}"), &[Role::CommercialReviewer])
            .await;
        let holder = story
            .case(*case)
            .await
            .seats
            .get(&Seat::Commercial)
            .copied();
        let assign = Action::Assign {
            seat: Seat::Commercial,
            to: ravi.person,
            roles: ravi.roles.clone(),
            is_member: false,
            away: None,
            seen: holder,
            note: Default::default(),
        };
        story.step(&cast.lead, *case, assign).await;
        let at = envelope(&story, *case).await;
        assert!(
            waiting_reviews(desk, ravi)
                .await
                .unwrap()
                .iter()
                .any(|one| one.case == *case)
        );
        take_review(desk, ravi, &at, author.person).await.unwrap();
        assert_eq!(gathered(&story, author, *case).await, None);
        let shown = rehearsed(&story, ravi, *case).await;
        assert_eq!(shown.possible().count(), 2);
        let last = newest(&story, *case).await;
        publishes(&story, ravi, &at, &shown.shown).await.unwrap();
        // The record says whose words they are.
        for event in events_after(&story, *case, last).await {
            assert_eq!(event.actor, ravi.person.to_string());
            let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
            let authors = body.pointer("/review/words_of").unwrap();
            assert_eq!(authors, &serde_json::json!([author.person]));
        }
    }
    let rows = pending_reviews::Entity::find().count(desk.database.read());
    assert_eq!(
        rows.await.unwrap(),
        14,
        "those of withdrawn cases, and those that are being written"
    );
    story.assert_sound().await;
}
