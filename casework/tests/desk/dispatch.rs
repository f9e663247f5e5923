//! What becomes of letters between the outbox and the mail server, when something goes wrong.

use crate::support::{
    smtp::{Manner, SmtpServer, letters, worker},
    *,
};
use casework::{
    accounts::{self, Registration},
    entities::audit_events,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// A story in which a receipt waits for each of two members.
async fn two_receipts(engine: Engine) -> Story {
    let story = Story::begin(engine).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    assert_eq!(letters(&story.desk).await.len(), 2);
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_says_it_took_a_letter_gets_it_twice_soon_and_then_with_growing_pauses()
{
    let story = Story::begin(Engine::Sqlite).await;
    let app = story.app("Solo", &story.cast.owner).await;
    let case = story
        .draft_for(app, &story.cast.owner, AccessLevel::Limited)
        .await;
    story.bring(case, StateKind::Submitted).await;
    let server = SmtpServer::start().await;
    server.be(Manner::KeepingSilently);
    let sender = worker(&story.desk, &server);
    let mut at_minute = Vec::new();
    // Its pauses are 21 hours together, and each may be a fifth longer.
    for minute in 0..=26 * 60 {
        let before = server.received().len();
        sender.round().await.unwrap();
        at_minute.extend((before..server.received().len()).map(|_| minute));
        story.clock.pass(time::Duration::minutes(1));
    }
    let within = |most: i32| at_minute.iter().filter(|minute| **minute <= most).count();
    assert_eq!(within(12), 2, "{at_minute:?}");
    assert!(within(24 * 60) <= 5, "{at_minute:?}");
    let pauses: Vec<i32> = at_minute.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(pauses.windows(2).all(|two| two[0] < two[1]), "{pauses:?}");
    let ids: Vec<_> = server
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID"))
        .collect();
    assert!(ids.windows(2).all(|two| two[0] == two[1]), "{ids:?}");
    let letter = letters(&story.desk).await.remove(0);
    assert_eq!(letter.state, "dead");
    assert!(
        letter.last_error.contains("handed over 5 times"),
        "{}",
        letter.last_error
    );
}

#[rstest]
#[case::a_closed_account(
    "UPDATE people SET disabled_at = 1, closed_at = 1 WHERE username = 'olga'"
)]
#[case::another_address(
    "UPDATE people SET email = 'o@example.net', email_key = 'o@example.net' WHERE username = 'olga'"
)]
#[case::no_member_any_more(
    "UPDATE app_members SET left_at = 1 WHERE person_id = (SELECT id FROM people WHERE username = 'olga')"
)]
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_no_longer_applies_is_dropped_and_that_is_on_record(
    #[case] change: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = two_receipts(engine).await;
    story.sql(change).await.unwrap();
    let server = SmtpServer::start().await;
    worker(&story.desk, &server).round().await.unwrap();
    let states: BTreeMap<String, String> = letters(&story.desk)
        .await
        .into_iter()
        .map(|row| (row.to_address, row.state))
        .collect();
    assert_eq!(states["olga@example.org"], "dropped");
    assert_eq!(states["mahmoud@example.org"], "sent");
    let to: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["mahmoud@example.org"]);
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("letter_dropped"))
        .all(story.desk.database.read())
        .await
        .unwrap();
    let kinds: Vec<&str> = events.iter().map(|row| row.actor.as_str()).collect();
    assert_eq!(kinds, ["clock"], "the desk dropped it, and nobody else");
    story.assert_sound().await;
}

#[rstest]
#[case::of_an_unknown_kind("kind = 'pigeon'")]
#[case::without_an_address("to_address = ''")]
#[case::to_no_address("to_address = 'not an address'")]
#[case::of_no_moment("created_at = 9223372036854775807")]
#[case::of_a_long_gone_moment("created_at = -9223372036854775807")]
#[case::without_an_id("message_id = ''")]
#[case::with_a_broken_name(
    "to_name = 'a
b'"
)]
#[tokio::test(flavor = "multi_thread")]
async fn one_broken_letter_does_not_keep_the_others(
    #[case] broken: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = two_receipts(engine).await;
    story
        .sql(&format!(
            "UPDATE outbox SET {broken} WHERE to_address = 'mahmoud@example.org'"
        ))
        .await
        .unwrap();
    let server = SmtpServer::start().await;
    let sender = worker(&story.desk, &server);
    sender.round().await.unwrap();
    sender.round().await.unwrap();
    let to: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&"olga@example.org".to_owned()), "{to:?}");
    let row = letters(&story.desk)
        .await
        .into_iter()
        .find(|row| row.to_address == "olga@example.org");
    assert_eq!(row.unwrap().state, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_victim_of_registrations_gets_few_letters_and_nothing_that_the_sender_wrote() {
    let rig = Rig::as_delivered(Engine::Sqlite).await;
    let agreement = rig.reference.known().agreements.get("developer").copied();
    for number in 0..12 {
        let new = Registration {
            name: "Click https://spam.example now".to_owned(),
            username: format!("spammer{number}"),
            email: "victim@example.org".to_owned(),
            password: "seven quiet rivers".to_owned(),
            organisation: "Buy at https://spam.example".to_owned(),
            agreement,
        };
        // Whether it is let through tells nothing; what is written counts.
        let _ = accounts::register(&rig, new, &format!("198.51.{number}.1")).await;
    }
    let letters = letters(&rig).await;
    assert!(
        !letters.is_empty() && letters.len() <= 5,
        "{}",
        letters.len()
    );
    let server = SmtpServer::start().await;
    worker(&rig, &server).round().await.unwrap();
    for mail in server.received() {
        assert!(!mail.data.contains("spam"), "{}", mail.data);
    }
}
