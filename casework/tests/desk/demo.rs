//! The demo: filled through the real steps, cases in every state, a trail in the order of time.

use crate::support::*;
use casework::{
    entities::{
        audit_events, cases, outbox, partnerships, people, support_articles, support_requests,
    },
    mail::MailState,
};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use std::collections::BTreeSet;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_cases_in_every_state_and_a_sound_trail(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::of_the_demo(engine).await;
    let database = &rig.desk.database;
    let rows = cases::Entity::find().all(database.read()).await.unwrap();
    let states: BTreeSet<&str> = rows.iter().map(|row| row.state.as_str()).collect();
    for state in StateKind::ALL {
        assert!(states.contains(state.word()), "{state:?}");
    }
    let requests = support_requests::Entity::find()
        .all(database.read())
        .await
        .unwrap();
    let states: BTreeSet<&str> = requests.iter().map(|row| row.state.as_str()).collect();
    for state in workflow::support::State::ALL {
        assert!(states.contains(state.word()), "{state:?}");
    }
    let partnerships = partnerships::Entity::find()
        .all(database.read())
        .await
        .unwrap();
    let states: BTreeSet<&str> = partnerships.iter().map(|row| row.state.as_str()).collect();
    for state in workflow::partners::State::ALL {
        let is_none = *state == workflow::partners::State::None;
        assert_eq!(states.contains(state.word()), !is_none, "{state:?}");
    }
    let articles = support_articles::Entity::find()
        .all(database.read())
        .await
        .unwrap();
    let states: BTreeSet<&str> = articles.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, BTreeSet::from(["released", "waiting"]));
    assert!(rows.iter().any(|row| row.round > 1));
    assert!(rows.iter().any(|row| row.open_questions > 0));
    assert!(rows.iter().any(|row| row.open_blockers > 0));
    assert!(rows.iter().any(|row| row.decline_proposed));
    assert!(rows.iter().any(|row| row.news.is_some()));
    let now = rig.desk.now().micros();
    assert!(
        rows.iter()
            .any(|row| row.due_at.is_some_and(|due| due < now))
    );

    story::assert_sound(database).await;
    let events = audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .all(database.read())
        .await
        .unwrap();
    assert!(
        events.is_sorted_by_key(|event| event.at),
        "in the order of time"
    );
    assert!(events.last().unwrap().at <= now, "nothing in the future");
    let waiting = outbox::Entity::find().all(database.read()).await.unwrap();
    assert!(
        waiting.iter().all(|row| row.sent_at.is_some()
            || [MailState::Dropped, MailState::Gathered, MailState::Held]
                .map(MailState::word)
                .contains(&row.state.as_str())),
        "every letter has gone, waits for its digest or its reader, or no longer applied when its turn came"
    );

    // A second start changes nothing.
    let people_before = people::Entity::find().count(database.read()).await.unwrap();
    stage::fill(&rig.desk).await.unwrap();
    let people_after = people::Entity::find().count(database.read()).await.unwrap();
    assert_eq!(people_before, people_after);
}
