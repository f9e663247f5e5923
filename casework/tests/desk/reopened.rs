//! Verdicts are bound to what they relied on: what a revision opens again, who is told, what is shown
//! of it, and how it is confirmed.

use crate::support::{bench::Bench, smtp::letters, *};
use casework::{
    commands::{self, ConfirmVerdict, Looks, Reply, confirm_verdict, look_at, mark_seen},
    queries::{
        self,
        case_page::{CasePage, case_page},
        compare, compare_own,
    },
};
use std::collections::BTreeSet;
use time::Duration;
use workflow::{
    FilesOf, Outward, QuestionId,
    checklist::{ListKind, Verdict},
    event::{Answered, Asked, Pin},
    form::Answers,
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
const USE: &str = "Readings are laid beside sleep and shared with the chosen doctor alone.";

/// An application for Full Access whose commercial review has passed, and its reviewers.
struct Reviewed {
    bench: Bench,
    case: CaseNumber,
    reviewer: Caller,
    commercial: Caller,
    technical: Caller,
}

impl Reviewed {
    async fn begin(engine: Engine) -> Self {
        let bench = Bench::open(engine).await;
        let case = bench.submitted(AccessLevel::Full).await;
        let person = async |name, role| story::person(&bench.rig, name, &[role]).await;
        let reviewer = person("rosa", Role::Reviewer).await;
        let commercial = person("carmen", Role::CommercialReviewer).await;
        let technical = person("tomoko", Role::TechnicalReviewer).await;
        let it = Self {
            bench,
            case,
            reviewer,
            commercial,
            technical,
        };
        it.act(&it.reviewer, story::take(Seat::Case, &it.reviewer))
            .await;
        it.mark_all(&it.reviewer, ListKind::Completeness).await;
        it.act(&it.reviewer, Action::ConfirmComplete).await;
        it.act(
            &it.commercial,
            story::take(Seat::Commercial, &it.commercial),
        )
        .await;
        it.act(&it.technical, story::take(Seat::Technical, &it.technical))
            .await;
        it.mark_all(&it.commercial, ListKind::Commercial).await;
        let track = Track::Commercial;
        it.act(&it.commercial, Action::PassTrack { track }).await;
        it
    }

    async fn act(&self, who: &Caller, action: Action) {
        self.bench.rig.clock.pass(Duration::MINUTE);
        story::act(&self.bench.rig, who, self.case, action)
            .await
            .unwrap();
    }

    async fn mark_all(&self, who: &Caller, list: ListKind) {
        let known = self.bench.rig.reference.known();
        for item in &known.lists[&(list, 1)].items {
            self.act(who, story::check(list, &item.key, Verdict::Pass))
                .await;
        }
    }

    /// A question of the technical reviewer, and the answer that changes the field `data_use`.
    async fn revise(&self, text: &str) {
        let question = self
            .ask(Pin::Field {
                key: "data_use".to_owned(),
            })
            .await;
        let amended = Answers::from([("data_use".to_owned(), text.to_owned())]);
        self.answer(question, amended).await;
    }

    async fn ask(&self, pin: Pin) -> QuestionId {
        let id = QuestionId(new_id());
        let due = self.bench.rig.now().plus(Duration::days(10));
        let text = Outward::written("With whom is it shared?");
        let questions = vec![Asked { id, pin, text }];
        self.act(
            &self.technical,
            Action::RequestClarification { questions, due },
        )
        .await;
        id
    }

    async fn answer(&self, question: QuestionId, amended: Answers) {
        self.bench.rig.clock.pass(Duration::MINUTE);
        let text = "With the doctor.".to_owned();
        let reply = Reply {
            answers: vec![Answered { question, text }],
            amended,
            ..Default::default()
        };
        let seen = story::looked(&self.bench.rig, self.case).await;
        commands::answer_clarification(&self.bench.rig, &self.bench.owner, &seen, &reply)
            .await
            .unwrap();
    }

    async fn page(&self, who: &Caller) -> CasePage {
        case_page(&self.bench.rig, who, self.case, None)
            .await
            .unwrap()
    }

    async fn open(&self, list: ListKind) -> BTreeSet<String> {
        let case = story::stored(&self.bench.rig, self.case).await;
        case.sheet(list).unwrap().reopened.keys().cloned().collect()
    }

    async fn confirm(&self, list: ListKind, item: &str, revision: u32) -> casework::Result<()> {
        let seen = story::looked(&self.bench.rig, self.case).await;
        let verdict = ConfirmVerdict {
            list,
            item: item.to_owned(),
            revision,
            next: None,
        };
        confirm_verdict(&self.bench.rig, &self.commercial, &seen, verdict)
            .await
            .map(drop)
    }
}

fn set(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(ToString::to_string).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_changed_after_the_pass_opens_what_relied_on_it_and_the_pass_falls(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let it = Reviewed::begin(engine).await;
    it.act(
        &it.technical,
        story::check(ListKind::Technical, "tls", Verdict::Pass),
    )
    .await;
    it.revise(USE).await;
    // Of the built-in lists: the items that concern the use of the data, and the one of
    // completeness that concerns all answers.
    assert_eq!(
        it.open(ListKind::Commercial).await,
        set(&["data_use", "matches_screens"])
    );
    assert_eq!(it.open(ListKind::Completeness).await, set(&["answers"]));
    assert_eq!(it.open(ListKind::Technical).await, set(&[]));
    let case = story::stored(&it.bench.rig, it.case).await;
    assert_eq!(case.commercial.passed, None);
    assert_eq!(case.state.kind(), StateKind::Review);

    // What was different is shown with it, word by word.
    let page = it.page(&it.commercial).await;
    let reopened = page.reopened_of(ListKind::Commercial, "data_use").unwrap();
    assert_eq!(reopened.was.verdict, Verdict::Pass);
    assert_eq!(page.name(reopened.was.by), "Carmen");
    let [difference] = &reopened.differences[..] else {
        panic!("{:?}", reopened.differences);
    };
    assert_eq!(difference.label, "How the data will be used");
    let new: Vec<&str> = difference.text[0]
        .new
        .iter()
        .filter(|piece| piece.changed)
        .map(|piece| piece.text.as_str())
        .collect();
    assert!(new.iter().any(|words| words.contains("doctor")), "{new:?}");

    // Its reviewer is told by the letter of the answer, and what fell with it.
    let told = letters(&it.bench.rig).await;
    let told: Vec<_> = told
        .iter()
        .filter(|letter| letter.kind == "answer_arrived")
        .collect();
    let carmen = told
        .iter()
        .find(|letter| letter.to_address.starts_with("carmen"))
        .unwrap();
    for words in [
        "Each intended use of the data is acceptable",
        "Commercial review",
    ] {
        assert!(carmen.text.contains(words), "{}", carmen.text);
    }

    // One press for each, on the revision that was shown; then the track passes again.
    let old = it.confirm(ListKind::Commercial, "data_use", 1).await;
    assert!(
        matches!(old, Err(Error::Refused(Refusal::TrailChanged))),
        "{old:?}"
    );
    it.confirm(ListKind::Commercial, "data_use", 2)
        .await
        .unwrap();
    let twice = it.confirm(ListKind::Commercial, "data_use", 2).await;
    assert!(
        matches!(twice, Err(Error::Refused(Refusal::TrailChanged))),
        "{twice:?}"
    );
    it.confirm(ListKind::Commercial, "matches_screens", 2)
        .await
        .unwrap();
    it.confirm(ListKind::Completeness, "answers", 2)
        .await
        .unwrap();
    let case = story::stored(&it.bench.rig, it.case).await;
    let mark = &case.commercial.marks["data_use"];
    assert_eq!(mark.evidence, "Seen in the video.");
    assert_eq!(mark.relied.as_ref().unwrap().revision, 2);
    it.act(
        &it.commercial,
        Action::PassTrack {
            track: Track::Commercial,
        },
    )
    .await;
    story::assert_sound(&it.bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_with_an_answer_opens_who_looked_at_every_file_and_at_what_it_is_about(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let it = Reviewed::begin(engine).await;
    let key = "regulatory".to_owned();
    let list = ListKind::Commercial;
    let question = it.ask(Pin::Item { list, key }).await;
    let with = FilesOf::Answer(question).key();
    it.bench
        .attach(it.case, &with, "clearance.pdf", PDF)
        .await
        .unwrap();
    it.answer(question, Answers::new()).await;
    assert_eq!(it.open(ListKind::Commercial).await, set(&["regulatory"]));
    assert_eq!(
        it.open(ListKind::Completeness).await,
        set(&["answers", "files_open", "no_patient_data"])
    );
    let page = it.page(&it.commercial).await;
    let shown = page.reopened_of(list, "regulatory").unwrap();
    let file = shown.differences[0].files[0].after.as_ref().unwrap();
    assert_eq!(
        (file.name.as_str(), shown.differences.len()),
        ("clearance.pdf", 1)
    );
    let all = page
        .reopened_of(ListKind::Completeness, "no_patient_data")
        .unwrap();
    assert_eq!(all.differences[0].label, "All files");
    story::assert_sound(&it.bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_to_a_case_sees_what_others_have_changed_until_they_have_seen_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let it = Reviewed::begin(engine).await;
    let rig = &it.bench.rig;
    assert_eq!(
        it.page(&it.reviewer).await.since.at,
        None,
        "who never looked has all before them"
    );
    look_at(rig, &it.reviewer, it.case, Looks::Reads)
        .await
        .unwrap();
    let looked = rig.now();
    let page = it.page(&it.reviewer).await;
    assert!(!page.history.entries.iter().any(|entry| entry.is_new));

    rig.clock.pass(Duration::hours(3));
    it.act(
        &it.technical,
        story::check(ListKind::Technical, "tls", Verdict::Pass),
    )
    .await;
    it.revise(USE).await;
    rig.clock.pass(Duration::hours(1));
    // It stays new while they work on it.
    for _ in 0..2 {
        let page = it.page(&it.reviewer).await;
        // The clock of tests goes on with each look at it.
        let since = page.since.at.unwrap();
        assert!(since <= looked && since > looked.plus(-Duration::SECOND));
        assert!(page.since.is_field_new("data_use") && !page.since.is_field_new("data_display"));
        assert_eq!((page.since.revised, page.since.revision), (true, Some(1)));
        assert!(page.is_item_new(ListKind::Technical, "tls"));
        assert!(page.is_item_new(ListKind::Commercial, "data_use"));
        assert!(!page.is_item_new(ListKind::Commercial, "branding"));
        let new = page.history.entries.iter().filter(|entry| entry.is_new);
        let new: Vec<&str> = new.map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            new,
            [
                "clarification_answered",
                "clarification_requested",
                "item_checked"
            ]
        );
        look_at(rig, &it.reviewer, it.case, Looks::Reads)
            .await
            .unwrap();
        rig.clock.pass(Duration::minutes(5));
    }
    // What came after the page was drawn is not taken for seen.
    let drawn = rig.now();
    rig.clock.pass(Duration::MINUTE);
    it.act(
        &it.technical,
        story::check(ListKind::Technical, "units", Verdict::Pass),
    )
    .await;
    mark_seen(rig, &it.reviewer, it.case, drawn).await.unwrap();
    let page = it.page(&it.reviewer).await;
    assert!(page.is_item_new(ListKind::Technical, "units"));
    assert!(!page.is_item_new(ListKind::Technical, "tls") && !page.since.is_field_new("data_use"));
    // One's own steps are not new.
    assert!(
        !it.page(&it.technical)
            .await
            .is_item_new(ListKind::Technical, "units")
    );
    let stranger = mark_seen(rig, &it.bench.stranger, it.case, drawn).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn any_two_revisions_are_compared_by_who_may_read_them(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let it = Reviewed::begin(engine).await;
    let (rig, case) = (&it.bench.rig, it.case);
    let newest = (None, None);
    let one = compare(rig, &it.reviewer, case, newest).await.unwrap();
    assert_eq!((one.revisions.len(), one.differences.len()), (1, 0));
    it.revise(USE).await;
    it.revise("Readings are shown to the user alone, beside sleep and meals.")
        .await;
    let both = compare(rig, &it.reviewer, case, newest).await.unwrap();
    assert_eq!((both.from.number, both.to.number), (2, 3));
    // In whichever order they are named.
    let whole = compare_own(rig, &it.bench.owner, case, (Some(3), Some(1)))
        .await
        .unwrap();
    assert_eq!((whole.from.number, whole.to.number), (1, 3));
    assert_eq!(whole.from.by, "Olga");
    let places: Vec<&str> = whole
        .differences
        .iter()
        .map(|one| one.place.as_str())
        .collect();
    assert_eq!(places, ["data_use"]);
    assert!(whole.alike.contains(&"Privacy policy".to_owned()));
    for between in [(Some(1), Some(4)), (Some(0), Some(1))] {
        let none = compare(rig, &it.reviewer, case, between).await;
        assert!(matches!(none, Err(Error::NotFound)), "{between:?}");
    }
    // To others there is nothing, and to who handed it in nothing of the inside.
    for who in [&it.bench.stranger, &it.bench.owner] {
        let none = compare(rig, who, case, newest).await;
        assert!(matches!(none, Err(Error::NotFound)));
    }
    let none = compare_own(rig, &it.bench.stranger, case, newest).await;
    assert!(matches!(none, Err(Error::NotFound)));
    // A draft has no revision.
    let app = story::app(rig, "Dusk", &it.bench.owner, &[]).await;
    let draft = story::start(rig, app, &it.bench.owner, AccessLevel::Limited).await;
    for who in [&it.bench.owner, &it.reviewer] {
        let none = compare_own(rig, who, draft, newest).await;
        assert!(matches!(none, Err(Error::NotFound)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checklist_concerns_only_what_the_form_asks_for() {
    let bench = Bench::open(Engine::Sqlite).await;
    let admin = story::person(&bench.rig, "adam", &[Role::Admin]).await;
    let view = queries::admin_published::admin_template(&bench.rig, &admin, "commercial", 1)
        .await
        .unwrap();
    let publish = async |body: String| {
        commands::publish_template(&bench.rig, &admin, "commercial", &body, 1).await
    };
    let wrong = view
        .body
        .replacen("\"business_model\",", "\"no_such_field\",", 1);
    let wrong = wrong.replacen("\"legal_name\"", "\"no_such_field\"", 1);
    assert_ne!(wrong, view.body);
    let Err(Error::Input { problems }) = publish(wrong).await else {
        panic!("a list was published that concerns what is not asked for");
    };
    assert!(
        problems
            .iter()
            .any(|one| one.text.contains("no_such_field")),
        "{problems:?}"
    );
    let right = view.body.replacen("\"legal_name\"", "\"legal_address\"", 1);
    assert_eq!(publish(right).await.unwrap(), 2);
}
