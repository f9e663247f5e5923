//! One row that cannot be read is reported and passed over, and who is away keeps nobody waiting.

use crate::support::*;
use casework::{Part, cases::letters::post_due_dates, commands::tick, entities::outbox};
use sea_orm::EntityTrait;

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
