//! One finding has one life: recorded, asked for, answered, failed again, corrected; who waives it.

use crate::support::*;
use casework::{
    Error,
    commands::{self, CheckItem, Envelope, WaiveFinding},
    entities::outbox,
    post::LetterKind,
    queries::{
        LifeLine, Settled, application,
        case_page::{CasePage, Lies, Waiver, case_page},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Duration;
use workflow::{
    checklist::{ListKind, Severity},
    life::Step,
};

const LIST: ListKind = ListKind::Commercial;

async fn envelope(story: &Story, case: CaseNumber) -> Envelope {
    story::looked(&story.desk, case).await
}

async fn fail(story: &Story, case: CaseNumber, note: &str) {
    let revision = story.case(case).await.submission.unwrap().revision;
    let mark = CheckItem {
        list: LIST,
        item: "use_case".to_owned(),
        revision,
        verdict: "fail".to_owned(),
        evidence: String::new(),
        note: note.to_owned(),
        severity: None,
        gather: false,
        next: None,
    };
    let envelope = envelope(story, case).await;
    commands::check_item(&story.desk, &story.cast.commercial, &envelope, mark)
        .await
        .unwrap();
}

async fn request(story: &Story, case: CaseNumber) {
    let due = story.desk.now().plus(Duration::days(9));
    let request = Action::RequestCorrections { due };
    story.step(&story.cast.commercial, case, request).await;
}

async fn staff(story: &Story, case: CaseNumber) -> CasePage {
    let reader = &story.cast.commercial;
    case_page(&story.desk, reader, case, None).await.unwrap()
}

fn told(lines: impl IntoIterator<Item = LifeLine>) -> Vec<(&'static str, String, String)> {
    lines
        .into_iter()
        .map(|line| {
            let (word, text) = match line.what {
                Step::Recorded => ("recorded", String::new()),
                Step::Asked { .. } => ("asked", String::new()),
                Step::Responded { text } => ("responded", text),
                Step::FailedAgain { text, .. } => ("failed again", text.to_string()),
                Step::Corrected { text } => ("corrected", text.to_string()),
                Step::Waived { reason } => ("waived", reason.inside().to_owned()),
                Step::Dated { .. } => ("dated", String::new()),
                Step::Reported { text } => ("reported", text),
                Step::Reminded => ("reminded", String::new()),
            };
            (word, line.who, text)
        })
        .collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_retest_gives_the_same_finding_back_and_nothing_of_its_life_is_lost(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    fail(&story, case, "No use is named.").await;
    request(&story, case).await;
    crate::applies::resubmit(&story, case).await;

    // Answered: it stands, and is neither open nor to be asked for before it was looked at.
    let page = staff(&story, case).await;
    let corrections = |page: &CasePage| {
        let action = ActionKind::RequestCorrections;
        let found = page
            .actions
            .iter()
            .find(|one| one.action == action)
            .cloned();
        found.unwrap().obstacle
    };
    let obstacle = corrections(&page).unwrap();
    assert_eq!(obstacle.lies, Lies::WithCase);
    assert!(
        obstacle.reason.starts_with("1 answered finding waits"),
        "{}",
        obstacle.reason
    );
    fail(&story, case, "It is named twice, differently.").await;
    let page = staff(&story, case).await;
    assert_eq!(page.case.findings.len(), 1, "no second one beside it");
    assert_eq!(corrections(&page), None, "there is one to be corrected");

    // What was seen in a round that runs is ours until corrections are requested.
    let view = application(&story.desk, &cast.member, case).await.unwrap();
    assert_eq!(view.findings[0].settled, Settled::Responded);
    let words = |view: Vec<LifeLine>| -> Vec<&'static str> {
        told(view).into_iter().map(|(word, ..)| word).collect()
    };
    let known = words(view.findings[0].life.clone());
    assert_eq!(known, ["recorded", "asked", "responded"]);
    let told_of = |one: &casework::audit::TrailEntry| one.what.contains("finding not corrected");
    assert!(!view.history.iter().any(told_of), "{:?}", view.history);
    request(&story, case).await;
    let letter = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(LetterKind::CorrectionsRequested.word()))
        .order_by_desc(outbox::Column::CreatedAt)
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    assert!(
        letter.text.contains("It is named twice, differently."),
        "{}",
        letter.text
    );
    let view = application(&story.desk, &cast.member, case).await.unwrap();
    assert_eq!(view.findings[0].settled, Settled::Open);
    crate::applies::resubmit(&story, case).await;
    let pass = story::check(LIST, "use_case", workflow::checklist::Verdict::Pass);
    story.step(&cast.commercial, case, pass).await;

    // Corrected: both answers and what was wrong between them are still to be read, by both sides.
    let page = staff(&story, case).await;
    let finding = page.case.findings[0].clone();
    let (ours, theirs) = (cast.commercial.name.clone(), cast.owner.name.clone());
    let answer = |at: usize| match &page.lives.of(finding.id)[at].what {
        Step::Responded { text } => text.clone(),
        other => panic!("{other:?}"),
    };
    let wrong = "It is named twice, differently.".to_owned();
    let nothing = String::new;
    let whole = |who: &str| {
        let by = || who.to_owned();
        vec![
            ("recorded", by(), nothing()),
            ("asked", by(), nothing()),
            ("responded", theirs.clone(), answer(2)),
            ("failed again", by(), wrong.clone()),
            ("asked", by(), nothing()),
            ("responded", theirs.clone(), answer(5)),
            ("corrected", by(), nothing()),
        ]
    };
    assert!(!answer(2).is_empty() && !answer(5).is_empty());
    assert_eq!(told(page.life(&finding)), whole(&ours));
    let view = application(&story.desk, &cast.member, case).await.unwrap();
    // To the developer our side has no names.
    assert_eq!(told(view.findings[0].life.clone()), whole(""));
    assert!(matches!(view.findings[0].settled, Settled::Corrected(_)));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_recorded_a_major_finding_does_not_waive_it_and_a_lead_may(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let waive = async |who: &Caller, finding| {
        let waiver = WaiveFinding {
            finding,
            reason: "Our counsel has no concern.".to_owned(),
        };
        commands::waive_finding(&story.desk, who, &envelope(&story, case).await, waiver).await
    };
    let mut ids = Vec::new();
    for severity in [Severity::Minor, Severity::Major] {
        let record = story::finding(LIST, "use_case", severity);
        story.step(&cast.commercial, case, record).await;
        ids.push(story.case(case).await.findings.last().unwrap().id);
    }
    let (minor, major) = (ids[0], ids[1]);
    let page = staff(&story, case).await;
    let lead = &cast.lead.name;
    assert_eq!(page.waiver(&page.case.findings[0]), Waiver::Possible);
    let Waiver::SecondPerson(shown) = page.waiver(&page.case.findings[1]) else {
        panic!("{:?}", page.waiver(&page.case.findings[1]));
    };
    assert!(shown.contains(lead), "{shown}");
    let refused = waive(&cast.commercial, major).await.unwrap_err();
    let Error::Forbidden { rule, reason } = refused else {
        panic!("{refused}");
    };
    assert_eq!((rule.as_str(), reason.as_str()), ("own_finding", shown));
    // What is minor is nobody else's business; what is another track's is that track's.
    waive(&cast.commercial, minor).await.unwrap();
    let other = waive(&cast.technical, major).await;
    assert!(matches!(other, Err(Error::Forbidden { .. })), "{other:?}");
    let page = case_page(&story.desk, &cast.lead, case, None)
        .await
        .unwrap();
    assert_eq!(page.waiver(&page.case.findings[1]), Waiver::Possible);
    waive(&cast.lead, major).await.unwrap();
    let page = staff(&story, case).await;
    let last = told(page.life(&page.case.findings[1])).pop().unwrap();
    let reason = "Our counsel has no concern.".to_owned();
    assert_eq!(last, ("waived", lead.clone(), reason));
    story.assert_sound().await;
}
