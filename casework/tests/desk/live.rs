//! What open pages are told: to those alone who read the inside of the case, and as long as their
//! session lasts. (`program live::` has two instances and the stream itself.)

use crate::support::*;
use casework::{
    accounts::{self, Origin},
    commands::{Looks, look_at},
    entities::{audit_heads, people},
    live::{Listener, Reader, Stream, Told, listen},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::time::Duration;
use tokio::{sync::oneshot, time::timeout};

/// How long something is waited for that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A reader at work; it ends when this is dropped.
fn reading(desk: &Desk) -> oneshot::Sender<()> {
    let (stop, stopped) = oneshot::channel();
    let reader = Reader::new(desk.clone());
    tokio::spawn(reader.run(async move { drop(stopped.await) }));
    stop
}

/// A person who listens from now on.
async fn listens(desk: &Desk, who: &Caller) -> Stream {
    let browser = Origin::default();
    let session = accounts::sign_in_for_demo(desk, &who.username, &browser)
        .await
        .unwrap();
    let listener = Listener {
        caller: who,
        drawn_for: Some(who.person),
        session: &session,
        after: Some(last(desk).await),
    };
    listen(desk, listener, 100).unwrap()
}

/// Where the trail ends.
async fn last(desk: &Desk) -> i64 {
    let head = audit_heads::Entity::find_by_id(1);
    let head = head.one(desk.database.read()).await.unwrap();
    head.map_or(0, |head| head.seq)
}

/// What is told next; none when the stream has ended.
async fn told(stream: &mut Stream) -> Option<Told> {
    timeout(PATIENCE, stream.next())
        .await
        .expect("nothing came")
}

/// Of which case something is told next.
async fn case_told(stream: &mut Stream) -> String {
    match told(stream).await.expect("the stream has ended") {
        Told::Case(news) => news.case,
        Told::Here(here) => here.case,
        Told::Much { seq } => format!("much up to {seq}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_draft_nor_of_an_app_that_they_had_a_part_in(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let desk = &story.desk;
    let conflicted = story.person("petra", &[Role::Lead]).await;
    let theirs = story.app("Petra's own", &conflicted).await;
    let draft = story.draft(AccessLevel::Limited).await;
    let in_conflict = story
        .draft_for(theirs, &conflicted, AccessLevel::Limited)
        .await;
    let submits = story::sample(ActionKind::Submit, &conflicted);
    story.step(&conflicted, in_conflict, submits).await;
    let open = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let _reading = reading(desk);
    let mut hers = listens(desk, &conflicted).await;
    let mut other = listens(desk, &story.cast.lead).await;

    // In the draft something is written; then the other two are looked at and taken.
    let edited = story::sample(ActionKind::EditDraft, &story.cast.owner);
    // (An hour between steps would end the sessions, which nobody uses.)
    story.act(&story.cast.owner, draft, edited).await.unwrap();
    for case in [in_conflict, open] {
        look_at(desk, &story.cast.reviewer, case, Looks::Writes)
            .await
            .unwrap();
        let take = story::sample(ActionKind::AssignCase, &story.cast.reviewer);
        story.act(&story.cast.reviewer, case, take).await.unwrap();
    }
    let mut of_other = Vec::new();
    while of_other.last() != Some(&open.to_string()) {
        of_other.push(case_told(&mut other).await);
    }
    assert!(of_other.contains(&in_conflict.to_string()), "{of_other:?}");
    assert!(!of_other.contains(&draft.to_string()), "{of_other:?}");
    // The first and only thing that she is told is of the case that she may read.
    assert_eq!(case_told(&mut hers).await, open.to_string());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_that_happened_after_the_session_ended(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let desk = &story.desk;
    let open = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let person = &story.cast.lead;
    let mut stream = listens(desk, person).await;
    people::Entity::update_many()
        .col_expr(people::Column::AccessEpoch, Expr::value(1))
        .filter(people::Column::Id.eq(person.person.0))
        .exec(desk.database.write())
        .await
        .unwrap();
    let take = story::sample(ActionKind::AssignCase, &story.cast.reviewer);
    story.act(&story.cast.reviewer, open, take).await.unwrap();
    let _reading = reading(desk);
    assert_eq!(told(&mut stream).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_for_those_who_see_the_queue_and_for_whom_the_page_was_drawn() {
    let story = Story::begin(Engine::Sqlite).await;
    let cast = &story.cast;
    let asks = |caller, drawn_for, most| {
        let listener = Listener {
            caller,
            drawn_for,
            session: "",
            after: None,
        };
        listen(&story.desk, listener, most).map(drop)
    };
    for who in [&cast.owner, &cast.stranger, &cast.admin] {
        let answer = asks(who, Some(who.person), 100);
        assert!(matches!(answer, Err(Error::NotFound)), "{}", who.name);
    }
    let lead = &cast.lead;
    for drawn_for in [None, Some(cast.reviewer.person)] {
        let answer = asks(lead, drawn_for, 100);
        assert!(matches!(answer, Err(Error::Forbidden { .. })));
    }
    assert!(asks(lead, Some(lead.person), 1).is_ok());
    let full = asks(lead, Some(lead.person), 0);
    assert!(matches!(full, Err(Error::Unavailable(_))));
}
