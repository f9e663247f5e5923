//! Entries of the gallery: their life, their versions, who sees what of them.

mod down;

use crate::support::{
    records::also_waiting,
    shelf::{APPLE, Shelf, texts},
    *,
};
use casework::{
    entities::{app_members, audit_events, gallery_versions, outbox},
    gallery::{
        commands::{self, SaveEntryInput},
        look_after_entries, look_at_links,
        queries::{GridFilter, entry_page, entry_review, grid, my_entry, review_queue},
    },
    verification,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use time::Duration;
use workflow::gallery::{Language, Platform, Refused, Region, State};

/// The names of the events of the shelf's app, from its first entry on.
async fn events(shelf: &Shelf) -> Vec<String> {
    let found = audit_events::Entity::find()
        .filter(audit_events::Column::SubjectId.eq(shelf.app.0.to_string()))
        .filter(audit_events::Column::Name.like("entry_%"))
        .order_by_asc(audit_events::Column::Seq)
        .all(shelf.database.read())
        .await
        .unwrap();
    found.into_iter().map(|event| event.name).collect()
}

/// How many letters of this kind were written.
async fn letters(shelf: &Shelf, kind: &str) -> usize {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .all(shelf.database.read())
        .await
        .unwrap()
        .len()
}

/// How many entries everybody sees.
async fn shown(shelf: &Shelf) -> u64 {
    grid(&shelf.desk, &GridFilter::default())
        .await
        .unwrap()
        .total
}

fn refused(outcome: casework::Result<()>) -> Refused {
    match outcome {
        Err(Error::Refused(Refusal::Gallery(refused))) => refused,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_written_looked_at_changed_published_and_taken_down(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    let begun = shelf.mine().await;
    assert_eq!((begun.version, begun.slug.as_str()), (0, ""));
    shelf.complete().await;
    let mine = shelf.mine().await;
    assert_eq!((mine.slug.as_str(), mine.missing.len()), ("glow", 0));
    assert_eq!(shown(&shelf).await, 0);
    assert!(entry_page(&shelf.desk, "glow").await.is_err());

    shelf.send_in().await.unwrap();
    assert_eq!(letters(&shelf, "entry_sent_in").await, 2);
    let seen = shelf.seen().await;
    let (desk, looks, app) = (&shelf.desk, &shelf.looks, shelf.app);
    assert_eq!(also_waiting(desk, looks).await, ["1 gallery entry"]);
    let empty = commands::ask_entry_changes(desk, looks, app, seen, " ").await;
    assert!(matches!(empty, Err(Error::Input { .. })));
    commands::ask_entry_changes(desk, looks, app, seen, "Say for whom it is.")
        .await
        .unwrap();
    let mine = shelf.mine().await;
    assert_eq!(mine.entry.state, State::ChangesAsked);
    let same = shelf.send_in().await.unwrap_err();
    assert!(
        same.to_string().contains("Nothing differs from version 1"),
        "{same}"
    );
    assert_eq!(mine.asked, "Say for whom it is.");
    assert_eq!(letters(&shelf, "entry_changes_asked").await, 2);

    shelf.write("Readings that make sense to adults").await;
    assert_eq!(shelf.mine().await.entry.state, State::ChangesAsked);
    shelf.send_in().await.unwrap();
    shelf.publish().await;
    let page = entry_page(&shelf.desk, "glow").await.unwrap();
    assert_eq!(page.listing.tagline, "Readings that make sense to adults");
    assert_eq!(shown(&shelf).await, 1);

    let seen = shelf.seen().await;
    commands::take_down_entry(desk, looks, app, seen, "It promises a cure.")
        .await
        .unwrap();
    assert!(entry_page(&shelf.desk, "glow").await.is_err());
    assert_eq!(shown(&shelf).await, 0);
    assert_eq!(shelf.mine().await.entry.state, State::TakenDown);
    assert_eq!(letters(&shelf, "entry_taken_down").await, 2);
    let events = events(&shelf).await;
    assert_eq!(
        events.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "entry_edited",
            "entry_image_added",
            "entry_image_added",
            "entry_images_described",
            "entry_sent_in",
            "entry_changes_asked",
            "entry_edited",
            "entry_sent_in",
            "entry_published",
            "entry_taken_down"
        ]
    );
    shelf.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_stays_while_a_newer_version_is_written_and_looked_at(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    let tagline = async || {
        let page = entry_page(&shelf.desk, "glow").await.unwrap();
        page.listing.tagline
    };
    let before = tagline().await;
    assert_eq!(refused(unchanged(&shelf).await), Refused::NothingNew);
    // What the app's own page says of its organisation is no text of the entry before it is sent in.
    shelf
        .sql("UPDATE apps SET organisation = 'Another Ltd'")
        .await
        .unwrap();
    shelf.write("Readings that speak").await;
    shelf.send_in().await.unwrap();
    assert_eq!(tagline().await, before);
    let page = entry_page(&shelf.desk, "glow").await.unwrap();
    assert_ne!(page.listing.organisation, "Another Ltd");
    let found = grid(&shelf.desk, &GridFilter::default()).await.unwrap();
    assert_ne!(found.entries[0].organisation, "Another Ltd");
    let review = entry_review(&shelf.desk, &shelf.looks, shelf.app)
        .await
        .unwrap();
    let changed: Vec<&str> = review
        .changes
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    assert_eq!(changed, ["Organisation", "Tagline"]);
    assert_eq!((review.entry.newest, review.entry.public), (2, Some(1)));
    shelf.publish().await;
    let page = entry_page(&shelf.desk, "glow").await.unwrap();
    assert_eq!(page.listing.organisation, "Another Ltd");
    assert_eq!(tagline().await, "Readings that speak");
    // Discarding goes back to what is public.
    shelf.write("Something hasty").await;
    let seen = shelf.seen().await;
    commands::discard_entry(&shelf.desk, &shelf.writes, shelf.app, seen)
        .await
        .unwrap();
    let mine = shelf.mine().await;
    assert_eq!(mine.entry.state, State::Published);
    assert_eq!(mine.listing.tagline, "Readings that speak");
    shelf.assert_sound().await;
}

/// Saves what was there before, and sends it in.
async fn unchanged(shelf: &Shelf) -> casework::Result<()> {
    shelf.write("Readings that make sense").await;
    shelf.send_in().await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_was_sent_in_cannot_be_changed_unseen(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    shelf.assert_sound().await;
    shelf
        .sql("UPDATE gallery_versions SET body = REPLACE(body, 'make sense', 'heal')")
        .await
        .unwrap();
    let report = verification::verify(&shelf.database, None).await.unwrap();
    let told: Vec<String> = report.found.iter().map(ToString::to_string).collect();
    let is_told = |fault: &String| fault.contains("version 1 of gallery entry");
    assert_eq!(
        told.iter().filter(|one| is_told(one)).count(),
        1,
        "{told:?}"
    );
    let rows = gallery_versions::Entity::find().all(shelf.database.read());
    assert_eq!(rows.await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_entry_is_not_found_and_who_had_a_part_in_the_app_does_not_look_at_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    shelf.complete().await;
    shelf.send_in().await.unwrap();
    let (desk, app, seen) = (&shelf.desk, shelf.app, shelf.seen().await);
    let cast = &shelf.cast;
    for who in [&cast.stranger, &cast.technical, &cast.admin] {
        assert!(matches!(
            my_entry(desk, who, app).await,
            Err(Error::NotFound)
        ));
        let review = entry_review(desk, who, app).await;
        assert!(matches!(review, Err(Error::NotFound)));
        let saved = commands::save_entry(desk, who, &texts(app, seen)).await;
        assert!(matches!(saved, Err(Error::NotFound)), "{}", who.name);
        let published = commands::publish_entry(desk, who, app, seen).await;
        assert!(matches!(published, Err(Error::NotFound)), "{}", who.name);
    }
    // A developer does not publish, and who looks does not write.
    let own = commands::publish_entry(desk, &shelf.writes, app, seen).await;
    assert!(matches!(own, Err(Error::Forbidden { .. })), "{own:?}");
    let ours = commands::save_entry(desk, &shelf.looks, &texts(app, seen)).await;
    assert!(matches!(ours, Err(Error::Forbidden { .. })), "{ours:?}");
    // Who was a member once looks at no entry of the app.
    let conflicted = &shelf.also_looks;
    app_members::Entity::insert(app_members::ActiveModel {
        app_id: Set(app.0),
        person_id: Set(conflicted.person.0),
        owner: Set(false),
        may_sign: Set(false),
        added_at: Set(0),
        left_at: Set(Some(1)),
        version: Set(1),
    })
    .exec_without_returning(shelf.database.write())
    .await
    .unwrap();
    let review = entry_review(desk, conflicted, app).await;
    assert!(matches!(review, Err(Error::NotFound)));
    let published = commands::publish_entry(desk, conflicted, app, seen).await;
    assert!(matches!(published, Err(Error::NotFound)));
    let lines = async |who| {
        review_queue(desk, who, State::InReview, 1)
            .await
            .unwrap()
            .total
    };
    assert_eq!((lines(conflicted).await, lines(&shelf.looks).await), (0, 1));
    let none = review_queue(desk, &cast.stranger, State::InReview, 1).await;
    assert!(matches!(none, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_looked_at_an_older_state_is_told_and_nothing_of_theirs_is_lost(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    shelf.complete().await;
    let old = shelf.seen().await;
    shelf.write("Readings that speak").await;
    let late = commands::save_entry(&shelf.desk, &shelf.writes, &texts(shelf.app, old)).await;
    assert!(matches!(late, Err(Error::Conflict { .. })), "{late:?}");
    let (desk, app) = (&shelf.desk, shelf.app);
    let sent = commands::send_in_entry(desk, &shelf.writes, app, old).await;
    assert!(matches!(sent, Err(Error::Conflict { .. })), "{sent:?}");
    shelf.send_in().await.unwrap();
    let looked = shelf.seen().await;
    commands::take_back_entry(desk, &shelf.writes, app, looked)
        .await
        .unwrap();
    shelf.write("Readings that heal").await;
    shelf.send_in().await.unwrap();
    // What was looked at is not what would be published.
    let unseen = commands::publish_entry(desk, &shelf.looks, app, looked).await;
    assert!(matches!(unseen, Err(Error::Conflict { .. })), "{unseen:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_goes_at_once_when_access_goes_and_comes_back_with_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    assert_eq!(look_after_entries(&shelf.desk).await.unwrap(), 0);
    shelf.suspend(true).await;
    // Before anything was noted.
    assert_eq!(shown(&shelf).await, 0);
    assert!(entry_page(&shelf.desk, "glow").await.is_err());
    let second = shelf.another_desk().await;
    let (one, other) = tokio::join!(look_after_entries(&shelf.desk), look_after_entries(&second));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    assert_eq!(look_after_entries(&shelf.desk).await.unwrap(), 0);
    assert_eq!(letters(&shelf, "entry_hidden").await, 2);
    let mine = shelf.mine().await;
    assert!(!mine.is_shown && mine.entry.public == Some(1));
    let input = texts(shelf.app, mine.version);
    let saved = commands::save_entry(&shelf.desk, &shelf.writes, &input).await;
    assert_eq!(refused(saved), Refused::NotStanding);

    shelf.suspend(false).await;
    assert_eq!(shown(&shelf).await, 1);
    assert_eq!(look_after_entries(&shelf.desk).await.unwrap(), 1);
    assert_eq!(letters(&shelf, "entry_shown_again").await, 2);
    let events = events(&shelf).await;
    assert_eq!(
        events[events.len() - 2..],
        ["entry_hidden", "entry_shown_again"]
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_archives_an_app_is_told_of_everything_that_must_end_before(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    let owner = &shelf.writes;
    let refused = casework::commands::archive_app(&shelf.desk, owner, shelf.app, "Glow").await;
    let Err(Error::Input { problems }) = refused else {
        panic!("{refused:?}");
    };
    let texts: Vec<&str> = problems.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].contains("in the gallery") && texts[1].contains("a partner"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_without_full_access_begins_no_entry(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    let input = texts(shelf.story.app, 0);
    let begun = commands::save_entry(&shelf.desk, &shelf.cast.owner, &input).await;
    assert_eq!(refused(begun), Refused::NotStanding);
    let mine = my_entry(&shelf.desk, &shelf.cast.owner, shelf.story.app).await;
    assert!(!mine.unwrap().stands);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_visited_every_week_and_a_dead_one_is_told_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    shelf.complete().await;
    shelf.links.break_link(APPLE, "this page does not exist.");
    let Err(Error::Input { problems }) = shelf.send_in().await else {
        panic!("sent in with a dead link");
    };
    assert_eq!(problems[0].field, "apple");
    assert!(problems[0].text.contains("does not exist"));
    shelf.links.repair(APPLE);
    shelf.send_in().await.unwrap();
    shelf.publish().await;

    let look = async || look_at_links(&shelf.desk).await.unwrap();
    assert_eq!(look().await, 0);
    shelf.clock.pass(Duration::days(7));
    shelf.links.break_link(APPLE, "this page does not exist.");
    assert_eq!(look().await, 2);
    assert_eq!(letters(&shelf, "entry_link_dead").await, 0);
    assert_eq!(shelf.mine().await.dead_links.len(), 1);
    for day in 1..4 {
        shelf.clock.pass(Duration::days(1));
        assert_eq!(look().await, 1, "day {day}");
        assert_eq!(letters(&shelf, "entry_link_dead").await, 2, "day {day}");
    }
    shelf.links.repair(APPLE);
    shelf.clock.pass(Duration::days(1));
    look().await;
    assert_eq!(shelf.mine().await.dead_links, []);
    let events = events(&shelf).await;
    assert_eq!(
        events[events.len() - 2..],
        ["entry_link_failed", "entry_link_works"]
    );
    shelf.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn entries_are_found_by_words_in_whichever_case_and_by_what_they_run_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    let count = async |filter: GridFilter| grid(&shelf.desk, &filter).await.unwrap().total;
    let text = |text: &str| GridFilter {
        text: text.to_owned(),
        ..GridFilter::default()
    };
    for (words, found) in [
        ("GLOW", 1),
        ("glucose ŠENSE", 1),
        ("Glow? (health)", 1),
        ("make SENSE voiceover", 1),
        ("glow health", 1),
        ("100%", 0),
        ("_", 0),
        ("unicorn", 0),
    ] {
        assert_eq!(count(text(words)).await, found, "{words}");
    }
    let with = GridFilter {
        platform: Some(Platform::Ios),
        region: Some(Region::Canada),
        language: Some(Language::Fr),
        page: 9,
        ..text("glow")
    };
    assert_eq!(count(with.clone()).await, 1);
    let without = GridFilter {
        language: Some(Language::De),
        ..with
    };
    assert_eq!(count(without).await, 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn two_apps_of_one_name_have_two_addresses_and_none_takes_ours(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    for (name, begins) in [("Glow", "glow-"), ("Review", "review-"), ("حلو 🩸", "")] {
        let app = shelf.story.app(name, &shelf.writes).await;
        shelf.make_partner(app).await;
        let input = SaveEntryInput {
            name: name.to_owned(),
            ..texts(app, 0)
        };
        commands::save_entry(&shelf.desk, &shelf.writes, &input)
            .await
            .unwrap();
        let slug = my_entry(&shelf.desk, &shelf.writes, app)
            .await
            .unwrap()
            .slug;
        assert!(
            slug.starts_with(begins) && slug.len() > begins.len(),
            "{slug}"
        );
        assert!(
            slug.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        );
    }
}
