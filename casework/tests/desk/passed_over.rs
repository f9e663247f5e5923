//! One row that cannot be read is reported and passed over, and who is away keeps nobody waiting.

use crate::support::*;
use casework::{
    Part,
    cases::letters::post_due_dates,
    commands::{give_back, tick},
    entities::outbox,
};
use sea_orm::EntityTrait;
use workflow::Event;

async fn told(story: &Story, kind: &str) -> Vec<String> {
    let rows = outbox::Entity::find().all(story.desk.database.read()).await;
    let mut told: Vec<String> = rows
        .unwrap()
        .into_iter()
        .filter(|row| row.kind == kind)
        .map(|row| row.to_address)
        .collect();
    told.sort();
    told
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_cannot_be_read_is_reported_and_the_others_are_reminded(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values("", "{}", "null", "{\"id\": 1", "[1, 2]")] document: &str,
) {
    let story = Story::begin(engine).await;
    for _ in 0..3 {
        story
            .case_in(AccessLevel::Limited, StateKind::Clarification)
            .await;
        story
            .case_in(AccessLevel::Limited, StateKind::Completeness)
            .await;
    }
    let broken = "(SELECT MIN(number) FROM cases WHERE side = '{}')";
    for side in ["developer", "us"] {
        let first = broken.replace("{}", side);
        story
            .sql(&format!(
                "UPDATE cases SET document = '{document}' WHERE number = {first}"
            ))
            .await
            .unwrap();
    }
    story.clock.pass(time::Duration::days(60));
    assert_eq!(tick(&story.desk).await.unwrap(), 2);
    assert_eq!(post_due_dates(&story.desk).await.unwrap(), 2);
    let parts: Vec<(Part, bool)> = story
        .desk
        .conditions
        .list()
        .into_iter()
        .map(|one| (one.part, one.what.starts_with("UD-")))
        .collect();
    assert_eq!(parts, [(Part::Clock, true), (Part::DueDates, true)]);
}

#[rstest]
#[case::disabled("disabled_at = 1")]
#[case::without_a_role("roles = 'developer'")]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_held_by_someone_who_is_away_is_told_to_the_leads(
    #[case] away: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    story
        .sql(&format!("UPDATE people SET {away} WHERE username = 'rosa'"))
        .await
        .unwrap();
    story.clock.pass(time::Duration::days(60));
    assert_eq!(post_due_dates(&story.desk).await.unwrap(), 1);
    let told = told(&story, "overdue").await;
    assert_eq!(told.len(), 1);
    assert_ne!(told[0], "rosa@example.org");
}

#[rstest]
#[case::disabled("disabled_at = 1")]
#[case::without_a_role("roles = 'developer'")]
#[case::with_another_role("roles = 'commercial_reviewer,lead'")]
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_holds_who_cannot_work_on_it_is_given_back_and_the_leads_are_told(
    #[case] away: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    assert_eq!(give_back(&story.desk).await.unwrap(), 0);
    story
        .sql(&format!("UPDATE people SET {away} WHERE username = 'rosa'"))
        .await
        .unwrap();
    assert_eq!(give_back(&story.desk).await.unwrap(), 1);
    assert_eq!(story.desk.conditions.list(), []);
    let history = story.history(case).await;
    assert!(
        matches!(history.last().unwrap().event, Event::Released { .. }),
        "{history:?}"
    );
    assert_eq!(story.case(case).await.assignee(), None);
    assert_eq!(give_back(&story.desk).await.unwrap(), 0);
    assert!(!told(&story, "work_given_back").await.is_empty());
    story.assert_sound().await;
}
