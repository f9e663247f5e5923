//! Letters to somebody whose account is disabled: held, sent once it is enabled, and closed as not
//! sent where it stays so.

use crate::support::{
    smtp::{SmtpServer, letters, worker},
    *,
};
use casework::{
    commands::{disable_person, enable_person},
    entities::people,
    mail::MailState,
    post::admin_mail::admin_mail,
    queries::admin_people::admin_person,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use std::collections::BTreeMap;
use time::Duration;

/// A story in which a member was disabled before something happened that the members are told.
async fn told_while_disabled(engine: Engine) -> (Story, SmtpServer) {
    let story = Story::begin(engine).await;
    let draft = story.draft(AccessLevel::Limited).await;
    let seen = version(&story).await;
    let member = story.cast.member.person;
    disable_person(&story.desk, &story.cast.admin, member, seen, "On leave")
        .await
        .unwrap();
    story.bring(draft, StateKind::Submitted).await;
    let server = SmtpServer::start().await;
    worker(&story.desk, &server).round().await.unwrap();
    (story, server)
}

async fn version(story: &Story) -> u64 {
    let member = story.cast.member.person;
    let view = admin_person(&story.desk, &story.cast.admin, member).await;
    view.unwrap().version
}

async fn enable(story: &Story) {
    let seen = version(story).await;
    let member = story.cast.member.person;
    enable_person(&story.desk, &story.cast.admin, member, seen, "Back again")
        .await
        .unwrap();
}

/// Where the receipts stand, by their address.
async fn receipts(story: &Story) -> BTreeMap<String, String> {
    let rows = letters(&story.desk).await.into_iter();
    rows.filter(|row| row.kind == "submitted")
        .map(|row| (row.to_address, row.state))
        .collect()
}

const MEMBER: &str = "mahmoud@example.org";
const OWNER: &str = "olga@example.org";

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_while_an_account_is_disabled_goes_out_once_it_is_enabled(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, server) = told_while_disabled(engine).await;
    let stands = receipts(&story).await;
    assert_eq!(stands[OWNER], "sent", "the others are told");
    assert_eq!(stands[MEMBER], "held");
    let page = admin_mail(&story.desk, &story.cast.admin, MailState::Held)
        .await
        .unwrap();
    let [line] = page.rows.as_slice() else {
        panic!("{:?}", page.rows)
    };
    assert_eq!(line.last_error, "Held: its reader's account is disabled.");
    assert_eq!(line.not_before, line.created_at.plus(Duration::days(30)));
    enable(&story).await;
    assert_eq!(receipts(&story).await[MEMBER], "waiting");
    worker(&story.desk, &server).round().await.unwrap();
    assert_eq!(receipts(&story).await[MEMBER], "sent");
    let to: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert!(to.contains(&MEMBER.to_owned()), "{to:?}");
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_held_too_long_is_closed_as_not_sent_and_that_is_on_record(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, server) = told_while_disabled(engine).await;
    story.clock.pass(Duration::days(30) - Duration::SECOND);
    worker(&story.desk, &server).round().await.unwrap();
    assert_eq!(receipts(&story).await[MEMBER], "held");
    story.clock.pass(Duration::SECOND);
    worker(&story.desk, &server).round().await.unwrap();
    assert_eq!(receipts(&story).await[MEMBER], "dropped");
    let page = admin_mail(&story.desk, &story.cast.admin, MailState::Dropped)
        .await
        .unwrap();
    let why = "Not sent: its reader's account stayed disabled.";
    assert_eq!(page.rows[0].last_error, why);
    enable(&story).await;
    worker(&story.desk, &server).round().await.unwrap();
    assert_eq!(receipts(&story).await[MEMBER], "dropped");
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_wanted_once_a_day_is_held_and_told_by_the_next_digest() {
    let story = Story::begin(Engine::Sqlite).await;
    let member = people::Entity::find_by_id(story.cast.member.person.0)
        .one(story.database.read())
        .await
        .unwrap();
    let mut member = member.unwrap().into_active_model();
    member.letters_daily = Set(Some("submitted".to_owned()));
    member.update(story.database.write()).await.unwrap();
    let draft = story.draft(AccessLevel::Limited).await;
    story.bring(draft, StateKind::Submitted).await;
    assert_eq!(receipts(&story).await[MEMBER], "gathered");
    let seen = version(&story).await;
    let (desk, admin) = (&story.desk, &story.cast.admin);
    disable_person(desk, admin, story.cast.member.person, seen, "On leave")
        .await
        .unwrap();
    let server = SmtpServer::start().await;
    story.clock.pass(Duration::DAY);
    worker(desk, &server).round().await.unwrap();
    assert_eq!(receipts(&story).await[MEMBER], "held");
    enable(&story).await;
    assert_eq!(receipts(&story).await[MEMBER], "gathered");
    story.clock.pass(Duration::DAY);
    worker(desk, &server).round().await.unwrap();
    assert_eq!(receipts(&story).await[MEMBER], "digested");
}
