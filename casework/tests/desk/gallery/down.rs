//! What is read of an entry that came down, beside whatever is written.

use super::*;

/// What the developer and our side read of an entry that came down: why, what was asked of the draft
/// beside it, and in which views of ours it stands.
async fn told(shelf: &Shelf) -> (Option<String>, String, Vec<State>) {
    let mine = shelf.mine().await;
    let review = entry_review(&shelf.desk, &shelf.looks, shelf.app)
        .await
        .unwrap();
    assert_eq!((&mine.down, &mine.asked), (&review.down, &review.asked));
    let queue = review_queue(&shelf.desk, &shelf.looks, State::InReview, 1)
        .await
        .unwrap();
    let mut views = Vec::new();
    for (view, count) in queue.counts {
        let queue = review_queue(&shelf.desk, &shelf.looks, view, 1)
            .await
            .unwrap();
        assert_eq!((queue.total, queue.lines.len() as u64), (count, count));
        views.extend((count > 0).then_some(view));
    }
    (mine.down.and_then(|down| down.why), mine.asked, views)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn why_an_entry_was_taken_down_is_read_whatever_is_written_beside_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(State::Published, State::Draft, State::InReview, State::ChangesAsked)] beside: State,
) {
    let shelf = Shelf::published(engine).await;
    let (desk, looks, app) = (&shelf.desk, &shelf.looks, shelf.app);
    let ask = async |text: &str| {
        let seen = shelf.seen().await;
        commands::ask_entry_changes(desk, looks, app, seen, text)
            .await
            .unwrap();
    };
    if beside != State::Published {
        shelf.write("Readings that speak").await;
    }
    if matches!(beside, State::InReview | State::ChangesAsked) {
        shelf.send_in().await.unwrap();
    }
    if beside == State::ChangesAsked {
        ask("Say for whom it is.").await;
    }
    let mut views = vec![State::Published];
    if beside != State::Published && beside != State::Draft {
        views.insert(0, beside);
    }
    let asked = match beside {
        State::ChangesAsked => "Say for whom it is.",
        _ => "",
    };
    assert_eq!(told(&shelf).await, (None, asked.to_owned(), views.clone()));
    let seen = shelf.seen().await;
    commands::take_down_entry(desk, looks, app, seen, "It promises a cure.")
        .await
        .unwrap();
    let why = Some("It promises a cure.".to_owned());
    *views.last_mut().unwrap() = State::TakenDown;
    assert_eq!(told(&shelf).await, (why.clone(), asked.to_owned(), views));

    // Nor does anything that happens to the draft afterwards hide it, until a version is public again.
    if beside != State::InReview {
        shelf.write("Readings for adults").await;
        shelf.send_in().await.unwrap();
    }
    let views = vec![State::InReview, State::TakenDown];
    assert_eq!(told(&shelf).await, (why.clone(), String::new(), views));
    ask("Shorter.").await;
    let views = vec![State::ChangesAsked, State::TakenDown];
    assert_eq!(told(&shelf).await, (why, "Shorter.".to_owned(), views));
    shelf.write("For adults").await;
    shelf.send_in().await.unwrap();
    shelf.publish().await;
    let public = (None, String::new(), vec![State::Published]);
    assert_eq!(told(&shelf).await, public);
    // What its developer takes out needs no reason.
    let seen = shelf.seen().await;
    commands::unlist_entry(desk, &shelf.writes, app, seen)
        .await
        .unwrap();
    let unlisted = (None, String::new(), vec![State::TakenDown]);
    assert_eq!(told(&shelf).await, unlisted);
    assert!(shelf.mine().await.down.is_some());
}
