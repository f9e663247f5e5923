//! What a request is about: apps and applications of one's own, files, and open questions of ours.

use crate::{
    support::{records::app, *},
    support_requests::Window,
};
use bytes::Bytes;
use casework::{
    input::{Input, Sent},
    support::{
        commands::{self, OpenRequestInput},
        queries::{FileLine, RequestFilter, RequestView, own_words, request_file, requests_queue},
    },
};
use futures_util::{TryStreamExt, stream};
use object_store::ObjectStore;
use std::collections::BTreeSet;
use workflow::support::{RequestNumber, State};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_about_an_app_and_an_application_of_ones_own(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let case = desk
        .story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let strange = app(&desk.story, "Strange", &desk.story.cast.stranger, &[]).await;
    let open = async |input: OpenRequestInput| {
        commands::open_request(&desk.story.desk, &desk.asks, &input, &[]).await
    };
    let field = |error: Error| error.problems()[0].field.clone();
    let input = OpenRequestInput {
        app: Some(strange),
        ..desk.question("Whose app is it?")
    };
    assert_eq!(field(open(input).await.unwrap_err()), "app");
    for typed in ["UD-999999", "nonsense"] {
        let input = OpenRequestInput {
            case: typed.to_owned(),
            ..desk.question("Whose case is it?")
        };
        assert_eq!(field(open(input).await.unwrap_err()), "case", "{typed}");
    }
    let input = OpenRequestInput {
        app: None,
        case: case.to_string(),
        ..desk.question("About our application")
    };
    let number = open(input).await.unwrap();
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(page.case.map(|case| case.number), Some(case));
    let row = desk.story.row(case).await;
    assert_eq!(page.app.map(|(id, _)| id.0), Some(row.app_id));
    let empty = OpenRequestInput::read(&Sent::default()).unwrap();
    let wrong = open(empty).await.unwrap_err();
    let wrong: BTreeSet<&str> = wrong
        .problems()
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(
        wrong,
        BTreeSet::from(["subject", "category", "environment", "text"])
    );
    let staff = &desk.story.cast.reviewer;
    let question = desk.question("May staff ask?");
    let strange = commands::open_request(&desk.story.desk, staff, &question, &[]).await;
    assert!(matches!(strange, Err(Error::Forbidden { .. })));
    // A case is linked by our side, for our side.
    let second = desk.ask("Another question").await;
    commands::link_request(&desk.story.desk, &desk.answers, second, &case.to_string())
        .await
        .unwrap();
    let inside = desk.page(&desk.also_answers, second).await.inside.unwrap();
    assert_eq!(inside.links[0].number, case);
    // Looked for by its number, a case leads to what was asked about it and what is linked with it.
    let filter = RequestFilter {
        text: case.to_string(),
        ..RequestFilter::view(RequestView::AllOpen)
    };
    let found = requests_queue(&desk.story.desk, &desk.answers, filter)
        .await
        .unwrap();
    let found: BTreeSet<RequestNumber> = found.rows.iter().map(|row| row.number).collect();
    assert_eq!(found, BTreeSet::from([number, second]));
    // By its own number a request is found in whatever view it is.
    let filter = RequestFilter {
        text: second.to_string(),
        ..RequestFilter::view(RequestView::Ended)
    };
    let found = requests_queue(&desk.story.desk, &desk.answers, filter)
        .await
        .unwrap();
    assert!(found.rows.is_empty());
    assert_eq!(found.named, Some((second, "Another question".to_owned())));
    assert!(found.counts.contains(&(RequestView::AllOpen, 1)));
    // Of another developer's, whoever reviews it would read her subject there.
    let stranger = &desk.story.cast.stranger;
    let theirs = desk.story.app("Theirs", stranger).await;
    let theirs = desk.story.draft_for(theirs, stranger, AccessLevel::Limited);
    let theirs = theirs.await;
    desk.story
        .step(stranger, theirs, actions::submission())
        .await;
    let linked =
        commands::link_request(&desk.story.desk, &desk.answers, second, &theirs.to_string()).await;
    assert_eq!(linked.unwrap_err().problems()[0].field, "case");
    // One that has not been handed in is its developers' alone.
    let draft = desk.story.draft(AccessLevel::Limited).await;
    let linked =
        commands::link_request(&desk.story.desk, &desk.answers, second, &draft.to_string()).await;
    assert!(matches!(linked, Err(Error::Input { .. })));
}

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

async fn attach(
    desk: &Window,
    who: &Caller,
    number: RequestNumber,
    name: &str,
    bytes: &'static [u8],
) -> casework::Result<()> {
    let parts = bytes
        .chunks(7)
        .map(|part| Ok::<_, std::io::Error>(Bytes::from_static(part)));
    let parts = stream::iter(parts.collect::<Vec<_>>());
    commands::add_request_file(&desk.story.desk, who, number, name, parts).await
}

async fn opens(desk: &Window, who: &Caller, file: uuid::Uuid) -> bool {
    match request_file(&desk.story.desk, who, file).await {
        Ok(file) => {
            let bytes: Vec<Bytes> = file.bytes.try_collect().await.unwrap();
            assert_eq!(bytes.concat(), PICTURE);
            true
        }
        Err(Error::NotFound) => false,
        Err(other) => panic!("{}: {other}", who.name),
    }
}

fn names(files: &[FileLine]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn files_wait_for_what_is_written_and_are_read_by_both_sides_from_then_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let on = &desk.story.desk;
    let cast = &desk.story.cast;
    let number = desk.ask("Readings are missing").await;
    for name in ["hole.png", "wrong.png"] {
        attach(&desk, &desk.asks, number, name, PICTURE)
            .await
            .unwrap();
    }
    attach(&desk, &desk.answers, number, "answer.png", PICTURE)
        .await
        .unwrap();
    let wrong = attach(&desk, &desk.asks, number, "tool.exe", b"MZ\x90\0").await;
    assert!(matches!(wrong, Err(Error::Input { .. })));
    // Attaching says nothing by itself: nobody has written, and nobody else sees what waits.
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(names(&page.unsent), ["hole.png", "wrong.png"]);
    assert_eq!((page.state, page.messages.len()), (State::Open, 1));
    let [hole, mistake] = [page.unsent[0].id, page.unsent[1].id];
    assert_eq!(
        names(&desk.page(&desk.answers, number).await.unsent),
        ["answer.png"]
    );
    assert_eq!(
        names(&desk.page(&desk.also_answers, number).await.unsent),
        Vec::<&str>::new()
    );
    assert!(opens(&desk, &desk.asks, hole).await);
    for who in [&desk.answers, &cast.compliance, &cast.stranger] {
        assert!(!opens(&desk, who, hole).await, "{}", who.name);
    }
    // One's own goes by itself; another's is not there.
    let remove =
        async |who: &Caller, file| commands::remove_request_file(on, who, number, file).await;
    assert!(matches!(
        remove(&desk.answers, mistake).await,
        Err(Error::NotFound)
    ));
    remove(&desk.asks, mistake).await.unwrap();
    // Files alone say something.
    desk.answer(number, " ").await.unwrap();
    let page = desk.page(&desk.answers, number).await;
    let said = page.messages.last().unwrap();
    assert_eq!(
        (said.text.as_str(), names(&said.files)),
        ("", vec!["hole.png"])
    );
    assert_eq!(names(&page.unsent), ["answer.png"]);
    assert!(matches!(
        remove(&desk.asks, hole).await,
        Err(Error::NotFound)
    ));
    let letters = desk.letters("request_answered").await;
    let letter = letters.last().unwrap();
    assert!(
        letter.text.contains("Attached: hole.png."),
        "{}",
        letter.text
    );
    // Without text and without files it still says nothing.
    let empty = desk.answer(number, " ").await;
    assert!(matches!(empty, Err(Error::Input { .. })));
    desk.reply(number, "Done.", true).await;
    let page = desk.page(&desk.asks, number).await;
    assert_eq!(names(&page.messages.last().unwrap().files), ["answer.png"]);
    let answer = page.messages.last().unwrap().files[0].id;
    for file in [hole, answer] {
        for who in [&desk.asks, &desk.answers, &cast.compliance] {
            assert!(opens(&desk, who, file).await, "{}", who.name);
        }
        for who in [&cast.stranger, &cast.member, &cast.reviewer, &cast.admin] {
            assert!(!opens(&desk, who, file).await, "{}", who.name);
        }
    }
    let strange = attach(&desk, &cast.stranger, number, "hole.png", PICTURE).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    let watched = attach(&desk, &cast.compliance, number, "hole.png", PICTURE).await;
    assert!(matches!(watched, Err(Error::Forbidden { .. })));
    let late = attach(&desk, &desk.asks, number, "late.png", PICTURE).await;
    assert!(matches!(late, Err(Error::Refused(_))));
    // Nothing of what was refused stays in the store; what was taken out goes with the sweeper.
    let stored = on.storage.list(None);
    assert_eq!(stored.try_collect::<Vec<_>>().await.unwrap().len(), 3);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_can_become_the_answer_to_an_open_question_of_ours(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let limited = AccessLevel::Limited;
    let case = desk.story.case_in(limited, StateKind::Clarification).await;
    let input = OpenRequestInput {
        app: None,
        case: case.to_string(),
        ..desk.question("What do you want to know?")
    };
    let number = commands::open_request(&desk.story.desk, &desk.asks, &input, &[])
        .await
        .unwrap();
    desk.reply(number, "Who the users are.", false).await;
    desk.answer(number, "Adults with diabetes.").await.unwrap();
    let page = desk.page(&desk.asks, number).await;
    let open = desk.story.case(case).await.questions;
    assert_eq!(page.questions.len(), open.len());
    assert!(!page.questions.is_empty());
    let words = own_words(&desk.story.desk, &desk.asks, number)
        .await
        .unwrap();
    assert_eq!(
        words,
        "The readings of last night are missing.\n\nAdults with diabetes."
    );
    // Our side and other members are offered nothing.
    assert_eq!(desk.page(&desk.answers, number).await.questions, []);
    let strange = own_words(&desk.story.desk, &desk.story.cast.member, number).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    let answers = desk.story.answers(case, &words).await;
    desk.story.step(&desk.asks, case, answers).await;
    assert_eq!(desk.page(&desk.asks, number).await.questions, []);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_conflict_about_an_app_reads_nothing_of_it_beside_another_request(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let case = desk
        .story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let about_app = desk.ask("About our app").await;
    let other = OpenRequestInput {
        app: None,
        ..desk.question("About nothing in particular")
    };
    let other = commands::open_request(&desk.story.desk, &desk.asks, &other, &[])
        .await
        .unwrap();
    let number = case.to_string();
    commands::link_request(&desk.story.desk, &desk.answers, other, &number)
        .await
        .unwrap();
    let inside = desk.page(&desk.also_answers, other).await.inside.unwrap();
    assert_eq!((inside.links.len(), inside.others.len()), (1, 1));
    // She becomes a member of both apps.
    for app in [desk.story.app, AppId(desk.story.row(case).await.app_id)] {
        join(&desk.story, app, &desk.also_answers).await;
    }
    let page = desk.page(&desk.also_answers, other).await;
    let inside = page.inside.unwrap();
    assert_eq!((inside.links.len(), inside.others.len()), (0, 0));
    let seen = desk.page(&desk.answers, about_app).await.version;
    let into = other.to_string();
    commands::merge_request(&desk.story.desk, &desk.answers, about_app, &into, seen)
        .await
        .unwrap();
    let merged = |page: casework::support::queries::RequestPage| page.merged_here;
    assert_eq!(merged(desk.page(&desk.also_answers, other).await), []);
    assert_eq!(merged(desk.page(&desk.answers, other).await), [about_app]);
    assert_eq!(merged(desk.page(&desk.asks, other).await), [about_app]);
}

/// Makes somebody a member of an app, by way of an invitation.
async fn join(story: &Story, app: AppId, who: &Caller) {
    let authority = casework::commands::Authority::default();
    let owner = &story.cast.owner;
    casework::commands::invite_member(&story.desk, owner, app, &who.username, authority)
        .await
        .unwrap();
    for invitation in casework::queries::my_invitations(&story.desk, who)
        .await
        .unwrap()
    {
        let accept = casework::commands::Answer::Accept;
        casework::commands::answer_invitation(&story.desk, who, invitation.id, accept)
            .await
            .unwrap();
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_us_waits_for_us_also_where_it_goes_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    let answered = desk.ask("Readings are missing").await;
    desk.reply(answered, "Since when?", false).await;
    let again = desk.ask("Still missing").await;
    attach(&desk, &desk.asks, again, "hole.png", PICTURE)
        .await
        .unwrap();
    let seen = desk.page(&desk.answers, again).await.version;
    let into = answered.to_string();
    commands::merge_request(&desk.story.desk, &desk.answers, again, &into, seen)
        .await
        .unwrap();
    let page = desk.page(&desk.asks, answered).await;
    assert_eq!(page.state, State::WaitingForUs);
    assert!(page.due.is_some());
    // What was attached and not sent can be sent there.
    assert_eq!(names(&page.unsent), ["hole.png"]);
    desk.answer(answered, "").await.unwrap();
    let page = desk.page(&desk.answers, answered).await;
    assert_eq!(names(&page.messages.last().unwrap().files), ["hole.png"]);
    desk.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_requests_that_are_merged_into_each_other_at_once_one_stays_open(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let desk = Window::open(engine).await;
    for round in 0..10 {
        let one = desk.ask(&format!("Question {round}")).await;
        let two = desk.ask(&format!("Question {round} again")).await;
        let merge = async |from: RequestNumber, into: RequestNumber| {
            let seen = desk.page(&desk.answers, from).await.version;
            let into = into.to_string();
            commands::merge_request(&desk.story.desk, &desk.answers, from, &into, seen).await
        };
        let (first, second) = futures_util::join!(merge(one, two), merge(two, one));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let state = async |number| desk.page(&desk.asks, number).await.state;
        let states = [state(one).await, state(two).await];
        let merged = states.iter().filter(|state| **state == State::Merged);
        assert_eq!(merged.count(), 1, "{states:?}");
    }
}
