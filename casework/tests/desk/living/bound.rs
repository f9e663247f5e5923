//! What is kept of pages stands in the trail by its hash; and what a site does not let us read is not
//! read.

use super::*;
use casework::verification;
use sea_orm::sea_query::Expr;

/// What the verification finds wrong with pages, their texts and changes.
async fn faults(story: &Story) -> Vec<String> {
    let report = verification::verify(&story.database, None).await.unwrap();
    let told = report.found.iter().map(ToString::to_string);
    told.filter(|fault| fault.contains(" of a page") || fault.contains(" of an approval"))
        .collect()
}

/// A page that was read, changed, was looked at, and is held against its new text.
async fn looked_at(engine: Engine) -> (Story, Web) {
    let (story, web, _) = with_policy(engine).await;
    let (desk, carmen) = (&story.desk, &story.cast.commercial);
    reader(desk).round().await.unwrap();
    web.put(POLICY, &v2());
    a_week_later(&story).await;
    assert_eq!(faults(&story).await, [""; 0]);
    let id = changes(&story).await[0].id;
    commands::clear_change(desk, carmen, id, 1, "As agreed.")
        .await
        .unwrap();
    (story, web)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_pages_cannot_be_changed_unseen(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, _web) = looked_at(engine).await;
    assert_eq!(faults(&story).await, [""; 0]);
    let writing = story.database.write();
    watched_pages::Entity::update_many()
        .col_expr(watched_pages::Column::Address, Expr::value("https://other"))
        .exec(writing)
        .await
        .unwrap();
    page_changes::Entity::update_many()
        .col_expr(page_changes::Column::Note, Expr::value("Never."))
        .exec(writing)
        .await
        .unwrap();
    page_texts::Entity::update_many()
        .col_expr(page_texts::Column::Text, Expr::value("We sell it."))
        .exec(writing)
        .await
        .unwrap();
    let found = faults(&story).await;
    for (what, count) in [("page ", 1), ("change ", 1), ("text ", 2)] {
        let told = found.iter().filter(|fault| fault.contains(what)).count();
        assert!(told >= count, "{what}: {found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_the_sweeper_threw_away_is_not_missed_and_one_that_is_needed_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, _web) = looked_at(engine).await;
    story.clock.pass(Duration::days(500));
    sweep(&story.desk, &Retention::default()).await.unwrap();
    let left = page_texts::Entity::find().count(story.database.read());
    assert_eq!(left.await.unwrap(), 1);
    assert_eq!(faults(&story).await, [""; 0]);
    page_texts::Entity::delete_many()
        .exec(story.database.write())
        .await
        .unwrap();
    assert_eq!(faults(&story).await.len(), 1);
    // A text that nobody read is found too.
    page_texts::Entity::insert(page_texts::ActiveModel {
        id: Set(Uuid::now_v7()),
        page_id: Set(page(&story).await.id),
        text: Set("We keep nothing.".to_owned()),
        sha256: Set(String::new()),
        read_at: Set(story.now().micros()),
    })
    .exec_without_returning(story.database.write())
    .await
    .unwrap();
    assert_eq!(faults(&story).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_robots_txt_keeps_from_us_is_not_read_and_its_developer_is_told() {
    let (story, web, case) = with_policy(Engine::Sqlite).await;
    let robots = "glow.example.org/robots.txt";
    web.put(robots, "User-agent: *\nDisallow: /privacy\n");
    reader(&story.desk).round().await.unwrap();
    assert_eq!(web.requests(), []);
    let app = app_of(&story, case).await;
    let seen = queries::approval_of_app(&story.desk, &story.cast.owner, app)
        .await
        .unwrap()
        .unwrap();
    let (_, why) = seen.pages[0].failing.clone().unwrap();
    assert!(
        why.contains("robots.txt") && why.contains("upgrade-desk"),
        "{why}"
    );
    for _ in 0..3 {
        a_week_later(&story).await;
    }
    assert!(!letters(&story, "page_unreachable").await.is_empty());
    // An error is no permission; no rules are one.
    web.fail(robots, 503);
    a_week_later(&story).await;
    assert_eq!(web.requests(), []);
    web.fail(robots, 404);
    a_week_later(&story).await;
    assert_eq!(web.requests().len(), 1);
    assert_eq!(page(&story).await.failing_since_at, None);
}
