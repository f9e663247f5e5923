//! "Is it stuck?", and how many stand before an application.

use crate::support::{records::also_waiting, smtp::letters, *};
use casework::{
    commands::{self, AnswerStuckInput, AskStuckInput, Next},
    entities::audit_events,
    post::LetterKind,
    queries::{
        AskEnd, MayAsk, Queued, Stuck, StuckAsk, application, case_page::case_page, waiting_asks,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::checklist::ListKind;

async fn stuck(story: &Story, who: &Caller, case: CaseNumber) -> Stuck {
    application(&story.desk, who, case).await.unwrap().stuck
}

async fn ask(story: &Story, who: &Caller, number: CaseNumber, text: &str) -> casework::Result<()> {
    let text = text.to_owned();
    commands::ask_stuck(&story.desk, who, &AskStuckInput { number, text }).await
}

/// Lets the time pass from which one may ask.
async fn wait(story: &Story, case: CaseNumber) {
    match stuck(story, &story.cast.owner, case).await.so {
        MayAsk::From(first) => story.clock.set(first),
        so => panic!("{so:?}"),
    }
}

/// The question that waits, as a lead sees it on the case.
async fn open(story: &Story, case: CaseNumber) -> Option<StuckAsk> {
    let page = case_page(&story.desk, &story.cast.lead, case, None).await;
    page.unwrap().stuck
}

async fn answer(
    story: &Story,
    who: &Caller,
    number: CaseNumber,
    text: &str,
) -> casework::Result<()> {
    let ask = open(story, number).await.unwrap().id;
    let answer = text.to_owned();
    let input = AnswerStuckInput {
        number,
        ask,
        answer,
    };
    commands::answer_stuck(&story.desk, who, &input).await
}

/// To whom letters of a kind have gone.
async fn told(story: &Story, kind: LetterKind) -> Vec<String> {
    let letters = letters(&story.desk).await.into_iter();
    let mut to: Vec<String> = letters
        .filter(|letter| letter.kind == kind.word())
        .map(|letter| letter.to_address)
        .collect();
    to.sort();
    to
}

/// Takes the steps that cause a letter of this kind: its reader, and the case.
pub async fn cause(story: &Story, kind: LetterKind) -> (Caller, CaseNumber) {
    let limited = AccessLevel::Limited;
    let case = story.case_in(limited, StateKind::Completeness).await;
    wait(story, case).await;
    ask(story, &story.cast.member, case, "").await.unwrap();
    if kind == LetterKind::StuckAsked {
        return (story.cast.lead.clone(), case);
    }
    let lead = &story.cast.lead;
    answer(story, lead, case, "Tomorrow.").await.unwrap();
    (story.cast.owner.clone(), case)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_developer_asks_once_it_is_late_or_quiet_and_a_lead_answers(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let limited = AccessLevel::Limited;
    let case = story.case_in(limited, StateKind::Completeness).await;
    let early = ask(&story, &cast.member, case, "").await.unwrap_err();
    assert_eq!(early.problems()[0].field, "text");
    wait(&story, case).await;
    assert!(matches!(
        stuck(&story, &cast.owner, case).await.so,
        MayAsk::Quiet(_)
    ));
    // Members ask; others do not, of our side neither.
    let strange = ask(&story, &cast.stranger, case, "").await;
    assert!(matches!(strange, Err(Error::NotFound)));
    let ours = ask(&story, &cast.lead, case, "").await;
    assert!(matches!(ours, Err(Error::Forbidden { .. })));
    assert!(!stuck(&story, &cast.lead, case).await.may);
    assert_eq!(waiting_asks(desk, &cast.lead).await.unwrap(), []);

    ask(&story, &cast.member, case, "We launch in May.")
        .await
        .unwrap();
    assert_eq!(stuck(&story, &cast.owner, case).await.so, MayAsk::Asked);
    assert!(ask(&story, &cast.owner, case, "").await.is_err(), "twice");
    assert_eq!(
        told(&story, LetterKind::StuckAsked).await,
        ["lena@example.org"]
    );
    assert_eq!(
        also_waiting(desk, &cast.lead).await,
        ["1 question whether it is stuck"]
    );
    assert_eq!(also_waiting(desk, &cast.reviewer).await, [""; 0]);
    let waiting = waiting_asks(desk, &cast.lead).await.unwrap();
    assert_eq!(
        (waiting[0].case, waiting[0].text.as_str()),
        (case, "We launch in May.")
    );
    let strange = waiting_asks(desk, &cast.owner).await;
    assert!(matches!(strange, Err(Error::NotFound)));

    let page = case_page(desk, &cast.reviewer, case, None).await.unwrap();
    assert!(page.stuck.is_some() && !page.may_answer_stuck);
    let strange = answer(&story, &cast.reviewer, case, "Soon.").await;
    assert!(matches!(strange, Err(Error::Forbidden { .. })));
    let silent = answer(&story, &cast.lead, case, " ").await;
    assert_eq!(silent.unwrap_err().problems()[0].field, "answer");
    let ask_id = open(&story, case).await.unwrap().id;
    answer(&story, &cast.lead, case, "Rosa looks at it tomorrow.")
        .await
        .unwrap();
    let again = AnswerStuckInput {
        number: case,
        ask: ask_id,
        answer: "Once more.".to_owned(),
    };
    let again = commands::answer_stuck(desk, &cast.lead, &again).await;
    assert_eq!(again.unwrap_err().problems()[0].field, "answer");
    let to = told(&story, LetterKind::StuckAnswered).await;
    assert_eq!(to, ["mahmoud@example.org", "olga@example.org"]);
    assert_eq!(also_waiting(desk, &cast.lead).await, [""; 0]);
    let after = stuck(&story, &cast.owner, case).await;
    let answered = after.asks[0].end.clone();
    assert!(matches!(answered, Some(AskEnd::Answered { text, .. }) if text.starts_with("Rosa")));
    // From the answer on it has to be quiet anew, however late it is.
    story.clock.set(story.in_days(3));
    assert!(matches!(
        stuck(&story, &cast.owner, case).await.so,
        MayAsk::From(_)
    ));
    wait(&story, case).await;
    ask(&story, &cast.owner, case, "").await.unwrap();
    let id = story.row(case).await.id;
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(id))
        .filter(audit_events::Column::Name.starts_with("stuck"))
        .order_by_asc(audit_events::Column::Seq)
        .all(story.database.read())
        .await
        .unwrap();
    let told: Vec<(&str, &str)> = events
        .iter()
        .map(|event| (event.name.as_str(), event.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("stuck_asked", "We launch in May."),
            ("stuck_answered", "Rosa looks at it tomorrow."),
            ("stuck_asked", ""),
        ]
    );
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_question_closes_by_itself_when_the_case_goes_on_and_by_nothing_less(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let limited = AccessLevel::Limited;
    let case = story.case_in(limited, StateKind::Completeness).await;
    wait(&story, case).await;
    ask(&story, &cast.owner, case, "").await.unwrap();
    let release = Action::Release {
        seat: Seat::Case,
        seen: Some(cast.reviewer.person),
        note: workflow::Internal::default(),
        away: None,
    };
    story.step(&cast.reviewer, case, release).await;
    assert!(
        open(&story, case).await.is_some(),
        "given back is not forward"
    );
    let reviewer = &cast.other_reviewer;
    story
        .step(reviewer, case, story::take(Seat::Case, reviewer))
        .await;
    assert_eq!(open(&story, case).await, None);
    let at = Timestamp::from_micros(story.row(case).await.changed_at);
    let so = stuck(&story, &cast.owner, case).await;
    assert_eq!(so.asks[0].end, Some(AskEnd::WentOn { at }));
    assert!(matches!(so.so, MayAsk::From(_)));

    // Overdue it is asked at once, and what ends it closes the question.
    let due = story.row(case).await.due_at.map(Timestamp::from_micros);
    story.clock.set(due.unwrap().plus(time::Duration::SECOND));
    assert_eq!(
        stuck(&story, &cast.owner, case).await.so,
        MayAsk::Overdue(due.unwrap())
    );
    ask(&story, &cast.owner, case, "").await.unwrap();
    let withdraw = story::sample(ActionKind::Withdraw, &cast.owner);
    story.step(&cast.owner, case, withdraw).await;
    let so = stuck(&story, &cast.owner, case).await;
    assert_eq!(so.so, MayAsk::NotOurTurn);
    assert!(so.asks.iter().all(|ask| ask.end.is_some()));
    story.assert_sound().await;
}

/// What each case is told to wait for, in the order of the cases.
async fn queued(story: &Story, cases: &[CaseNumber]) -> Vec<Vec<Queued>> {
    let mut told = Vec::new();
    for case in cases {
        let page = application(&story.desk, &story.cast.owner, *case).await;
        told.push(page.unwrap().queued);
    }
    told
}

/// Takes them one after the other: each time it is the one that is told to be next.
async fn take_all(story: &Story, who: &Caller, seat: Seat, cases: &[CaseNumber]) {
    for taken in 0..cases.len() {
        let told = queued(story, cases).await;
        for (index, told) in told.iter().enumerate() {
            let before = told.iter().find(|one| one.seat == seat);
            let expected = index.checked_sub(taken).map(|before| before as u64);
            assert_eq!(
                before.map(|one| one.before),
                expected.map(Some),
                "{index} at {taken}"
            );
        }
        let next = commands::get_next(&story.desk, who).await.unwrap();
        assert_eq!(next, Next::Case(cases[taken], seat));
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn as_many_stand_before_a_case_as_get_next_gives_away_before_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let mut cases = Vec::new();
    for _ in 0..4 {
        cases.push(story.case_in(AccessLevel::Full, StateKind::Submitted).await);
    }
    // Some are of one moment: the number decides.
    story.clock.set(story.in_days(1));
    for _ in 0..2 {
        let app = story.app("Glow", &cast.owner).await;
        let draft = story.draft_for(app, &cast.owner, AccessLevel::Full).await;
        story
            .act(&cast.owner, draft, story::submission())
            .await
            .unwrap();
        cases.push(draft);
    }
    take_all(&story, &cast.reviewer, Seat::Case, &cases).await;
    // Whenever they were found complete: the time of the submission counts.
    for case in cases.iter().rev() {
        story
            .mark_all(&cast.reviewer, *case, ListKind::Completeness)
            .await;
        story
            .step(&cast.reviewer, *case, Action::ConfirmComplete)
            .await;
    }
    take_all(&story, &cast.technical, Seat::Technical, &cases).await;
    take_all(&story, &cast.commercial, Seat::Commercial, &cases).await;
    assert!(queued(&story, &cases).await.iter().all(Vec::is_empty));
}
