//! Answers and responses that are kept one at a time, and sent together.

use crate::support::{bench::Bench, *};
use casework::{
    commands::{self, Corrected, Reply, ToKeep},
    entities::kept_answers,
    input::drawn,
    queries::{self, case_page::case_page},
};
use sea_orm::EntityTrait;
use workflow::{
    FilesOf, QuestionId,
    checklist::ListKind,
    event::{Answered, Asked, Pin, Response},
    form::Answers,
};

const FIRST: &str = "Adults, and children from six on.";
const SECOND: &str = "Two people read it, every working day.";

/// A form with these texts, on a page that showed `before`.
fn typed(texts: &[(&str, &str)], before: &[(&str, &str)]) -> ToKeep {
    let pair = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    ToKeep {
        answers: texts.iter().map(pair).collect(),
        drawn: drawn(before.iter().copied()),
        ..Default::default()
    }
}

/// The same from the page `tab`, as its saving number `order`.
fn of_page(form: ToKeep, tab: &str, order: u64) -> ToKeep {
    ToKeep {
        tab: tab.to_owned(),
        order: Some(order),
        ..form
    }
}

async fn kept(desk: &Desk, who: &Caller, case: CaseNumber) -> Answers {
    let view = queries::application(desk, who, case).await.unwrap();
    view.kept.answers
}

async fn rows(rig: &Rig) -> usize {
    let rows = kept_answers::Entity::find().all(rig.database.read()).await;
    rows.unwrap().len()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_for_the_members_and_nobody_else_hears_of_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let question = story.case(case).await.questions[0].id.to_string();
    let before = (
        story.case(case).await.version,
        story.history(case).await.len(),
    );
    let empty = [(question.as_str(), "")];
    let keep = async |who: &Caller, form: ToKeep| {
        commands::keep_answers(&story.desk, who, &story::envelope(case), &form).await
    };
    keep(&story.cast.owner, typed(&[(&question, FIRST)], &empty))
        .await
        .unwrap();
    for member in [&story.cast.owner, &story.cast.member] {
        assert_eq!(kept(&story.desk, member, case).await[&question], FIRST);
    }
    // It is no part of the record.
    let after = (
        story.case(case).await.version,
        story.history(case).await.len(),
    );
    assert_eq!(after, before);
    let reviewer = &story.cast.reviewer;
    assert_eq!(kept(&story.desk, reviewer, case).await, Answers::new());
    let page = case_page(&story.desk, reviewer, case, None).await.unwrap();
    assert!(!format!("{page:?}").contains(FIRST));
    // Whoever could not send it cannot keep it either.
    let form = typed(&[(&question, SECOND)], &[(&question, FIRST)]);
    assert!(keep(reviewer, form).await.is_err());
    // Names that the form does not have are passed over.
    let strange = [("amend.no_such_question", "x"), ("0", "x")];
    keep(&story.cast.member, typed(&strange, &[]))
        .await
        .unwrap();
    assert_eq!(kept(&story.desk, &story.cast.owner, case).await.len(), 1);
    // What is emptied is not kept.
    keep(&story.cast.member, typed(&empty, &[(&question, FIRST)]))
        .await
        .unwrap();
    assert_eq!(rows(&story.rig).await, 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_has_kept_is_compared_and_not_passed_over(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Corrections)
        .await;
    let finding = story.case(case).await.findings[0].id;
    let name = finding.to_string();
    let (owner, member) = (&story.cast.owner, &story.cast.member);
    let keep = async |who: &Caller, text: &str, before: &str| {
        let form = typed(&[(&name, text)], &[(&name, before)]);
        commands::keep_answers(&story.desk, who, &story::envelope(case), &form).await
    };
    keep(owner, FIRST, "").await.unwrap();
    // The same text, and one that nobody has touched on an older page, stand against nothing.
    keep(member, FIRST, "").await.unwrap();
    keep(member, "", "").await.unwrap();
    let passed_over = keep(member, SECOND, "").await;
    assert!(matches!(passed_over, Err(Error::Conflict { .. })));
    assert_eq!(kept(&story.desk, owner, case).await[&name], FIRST);
    let send = async |text: &str, before: &str| {
        let corrected = Corrected {
            responses: vec![Response {
                finding,
                text: text.to_owned(),
            }],
            drawn: drawn([(name.as_str(), before)]),
            ..Default::default()
        };
        let envelope = story::looked(&story.desk, case).await;
        commands::resubmit(&story.desk, member, &envelope, &corrected).await
    };
    let passed_over = send(SECOND, "").await;
    assert!(matches!(passed_over, Err(Error::Conflict { .. })));
    assert_eq!(kept(&story.desk, owner, case).await[&name], FIRST);
    send(SECOND, FIRST).await.unwrap();
    assert_eq!(rows(&story.rig).await, 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_savings_of_one_page_follow_each_other_and_those_of_two_are_compared(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Corrections)
        .await;
    let finding = story.case(case).await.findings[0].id;
    let name = finding.to_string();
    let owner = &story.cast.owner;
    let keep = async |tab: &str, order: u64, text: &str, before: &str| {
        let form = typed(&[(&name, text)], &[(&name, before)]);
        let form = of_page(form, tab, order);
        commands::keep_answers(&story.desk, owner, &story::envelope(case), &form).await
    };
    // What the page was drawn with stays in its form while it is typed into.
    for (order, text) in [(1, "I"), (2, "I have"), (4, "I have mended it")] {
        keep("one", order, text, "").await.unwrap();
    }
    let late = keep("one", 3, "I have men", "").await;
    assert!(matches!(late, Err(Error::Conflict { .. })));
    let other = keep("two", 9, "Another text", "").await;
    assert!(matches!(other, Err(Error::Conflict { .. })));
    assert_eq!(
        kept(&story.desk, owner, case).await[&name],
        "I have mended it"
    );
    // A page that was drawn with it: emptied and written again, it is still the same page.
    let before = "I have mended it";
    keep("three", 5, "", before).await.unwrap();
    keep("three", 6, FIRST, before).await.unwrap();
    // Sent from it, the text need not be what was saved last; from another page it is compared.
    let send = async |tab: &str| {
        let corrected = Corrected {
            responses: vec![Response {
                finding,
                text: SECOND.to_owned(),
            }],
            drawn: drawn([(name.as_str(), "")]),
            tab: tab.to_owned(),
            ..Default::default()
        };
        let envelope = story::looked(&story.desk, case).await;
        commands::resubmit(&story.desk, owner, &envelope, &corrected).await
    };
    let passed_over = send("two").await;
    assert!(matches!(passed_over, Err(Error::Conflict { .. })));
    send("three").await.unwrap();
    assert_eq!(rows(&story.rig).await, 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn all_are_sent_together_and_what_is_as_it_was_handed_in_is_not_kept(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.submitted(AccessLevel::Limited).await;
    let reviewer = story::person(&bench.rig, "rosa", &[Role::Reviewer]).await;
    let act = |action| story::act(&bench.rig, &reviewer, case, action);
    act(story::take(Seat::Case, &reviewer)).await.unwrap();
    let ids = [QuestionId(new_id()), QuestionId(new_id())];
    let asked = |(id, text): (QuestionId, &str)| Asked {
        id,
        pin: Pin::Field {
            key: "target_users".to_owned(),
        },
        text: workflow::Outward::written(text),
    };
    let questions = ids.into_iter().zip(["Children too?", "Who reads it?"]);
    act(Action::RequestClarification {
        questions: questions.map(asked).collect(),
        due: bench.rig.now().plus(time::Duration::days(10)),
    })
    .await
    .unwrap();
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    let handed_in = view.sent.unwrap().answers["target_users"].clone();
    let names = ids.map(|id| id.to_string());
    let keep = async |texts: &[(&str, &str)], before: &[(&str, &str)]| {
        let form = typed(texts, before);
        commands::keep_answers(&bench.rig, &bench.owner, &story::envelope(case), &form)
            .await
            .unwrap();
        kept(&bench.rig, &bench.owner, case).await
    };
    let unchanged = ("amend.target_users", handed_in.as_str());
    let both = [(names[0].as_str(), ""), (names[1].as_str(), ""), unchanged];
    let first = keep(&[(&names[0], FIRST), unchanged], &both).await;
    assert_eq!(first.keys().collect::<Vec<_>>(), [&names[0]]);
    // A file goes with one of the answers, and with nothing that is not asked now.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let with = |question: QuestionId| FilesOf::Answer(question).key();
    let files_told = async || {
        let page = case_page(&bench.rig, &reviewer, case, None).await.unwrap();
        let entries = page.history.entries.into_iter();
        entries.filter(|one| one.name == "attachment_added").count()
    };
    let before = files_told().await;
    for name in ["readers.png", "more.png"] {
        bench.attach(case, &with(ids[1]), name, png).await.unwrap();
    }
    // Until it is sent it is the developer's, who reads of it in one line.
    assert_eq!(files_told().await, before);
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    let told: Vec<&str> = view
        .history
        .iter()
        .map(|entry| entry.what.as_str())
        .filter(|what| what.contains("readers.png") || what.contains("more.png"))
        .collect();
    assert_eq!(
        told,
        ["attached “readers.png”, “more.png” to an answer to a question"]
    );
    for field in [with(QuestionId(new_id())), format!("response-{}", ids[0])] {
        let refused = bench.attach(case, &field, "other.png", png).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{field}");
    }
    let changed = ("amend.target_users", "Adults and children from six.");
    let second = keep(&[(&names[1], SECOND), changed], &both).await;
    assert_eq!(second.len(), 3);
    // One that is missing is said as before, and what is kept stays.
    let send = async |answers: &[(QuestionId, &str)]| {
        let reply = Reply {
            answers: answers
                .iter()
                .map(|(question, text)| Answered {
                    question: *question,
                    text: (*text).to_owned(),
                })
                .collect(),
            amended: Answers::from([("target_users".to_owned(), changed.1.to_owned())]),
            ..Default::default()
        };
        let envelope = story::looked(&bench.rig, case).await;
        commands::answer_clarification(&bench.rig, &bench.owner, &envelope, &reply).await
    };
    assert!(send(&[(ids[0], FIRST), (ids[1], "")]).await.is_err());
    assert_eq!(kept(&bench.rig, &bench.owner, case).await, second);
    send(&[(ids[0], FIRST), (ids[1], SECOND)]).await.unwrap();
    assert_eq!(rows(&bench.rig).await, 0);
    let page = case_page(&bench.rig, &reviewer, case, None).await.unwrap();
    assert_eq!(files_told().await, before + 2);
    let sent = page.sent.unwrap();
    let file = sent.files.iter().find(|file| file.name == "readers.png");
    assert_eq!(file.unwrap().field, with(ids[1]));
    let after = bench.attach(case, &with(ids[1]), "late.png", png).await;
    assert!(after.is_err());
    // Another application begins with the answers of this one, and without what was said of them.
    commands::withdraw(&bench.rig, &bench.owner, &story::envelope(case), "Later.")
        .await
        .unwrap();
    let again = bench.start(AccessLevel::Limited).await;
    let draft = queries::draft_view(&bench.rig, &bench.owner, again)
        .await
        .unwrap();
    assert!(!format!("{draft:?}").contains("readers.png"));
    let late = typed(&[(&names[0], "Too late.")], &[]);
    let late =
        commands::keep_answers(&bench.rig, &bench.owner, &story::envelope(case), &late).await;
    assert!(late.is_err());
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_goes_when_the_application_ends(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let question = story.case(case).await.questions[0].id.to_string();
    let form = typed(&[(&question, FIRST)], &[(&question, "")]);
    commands::keep_answers(
        &story.desk,
        &story.cast.owner,
        &story::envelope(case),
        &form,
    )
    .await
    .unwrap();
    assert_eq!(rows(&story.rig).await, 1);
    story.lapse(case).await;
    assert_eq!(rows(&story.rig).await, 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_keeps_what_a_colleague_has_sent_meanwhile_is_told_who_and_when(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Corrections)
        .await;
    let finding = story.case(case).await.findings[0].id;
    let (owner, member) = (&story.cast.owner, &story.cast.member);
    let looked = story::looked(&story.desk, case).await;
    let corrected = Corrected {
        responses: vec![Response {
            finding,
            text: FIRST.to_owned(),
        }],
        ..Default::default()
    };
    commands::resubmit(&story.desk, owner, &looked, &corrected)
        .await
        .unwrap();
    let form = typed(&[(&finding.to_string(), SECOND)], &[]);
    let late = commands::keep_answers(&story.desk, member, &looked, &form).await;
    let Err(Error::Conflict { changes }) = late else {
        panic!("{late:?}");
    };
    let told: Vec<&str> = changes.iter().map(|one| one.what.as_str()).collect();
    assert!(
        told.iter().any(|what| what.contains("resubmitted")),
        "{told:?}"
    );
    assert!(changes.iter().all(|one| !one.who.is_empty()));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_a_point_is_about_is_changed_with_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.submitted(AccessLevel::Limited).await;
    let reviewer = story::person(&bench.rig, "rosa", &[Role::Reviewer]).await;
    let act = |action| story::act(&bench.rig, &reviewer, case, action);
    act(story::take(Seat::Case, &reviewer)).await.unwrap();
    let question = QuestionId(new_id());
    act(Action::RequestClarification {
        questions: vec![Asked {
            id: question,
            pin: Pin::Item {
                list: ListKind::Completeness,
                key: "privacy_public".to_owned(),
            },
            text: workflow::Outward::written("Where can it be read?"),
        }],
        due: bench.rig.now().plus(time::Duration::days(10)),
    })
    .await
    .unwrap();
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    let queries::Pinned::Point(_, Some(field)) = &view.questions[0].about else {
        panic!("{:?}", view.questions[0].about);
    };
    let text = "https://elsewhere.example/privacy";
    let reply = Reply {
        answers: vec![Answered {
            question,
            text: FIRST.to_owned(),
        }],
        amended: Answers::from([(field.key.clone(), text.to_owned())]),
        ..Default::default()
    };
    let envelope = story::looked(&bench.rig, case).await;
    commands::answer_clarification(&bench.rig, &bench.owner, &envelope, &reply)
        .await
        .unwrap();
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    assert_eq!(view.sent.unwrap().answers[&field.key], text);
}
