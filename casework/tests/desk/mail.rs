//! Mail: who is written to, and that what is written arrives, whatever the mail server does.

use crate::support::{
    smtp::{Manner, SmtpServer, letters, smtp, smtp_in_a_hurry, worker},
    *,
};
use casework::{
    dispatch::{Pace, Worker},
    entities::{captured_mails, people},
    people::{LinkLetter, Posted, post_link},
    post::{MailConfig, SmtpConfig, Tls, Transport, TransportConfig},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::time::Duration;

/// The kind and the address of each letter in the outbox.
async fn posted(story: &Story) -> Vec<(String, String)> {
    let mut posted: Vec<_> = letters(&story.desk)
        .await
        .into_iter()
        .map(|row| (row.kind, row.to_address))
        .collect();
    posted.sort();
    posted
}

async fn person(story: &Story, username: &str) -> people::Model {
    people::Entity::find()
        .filter(people::Column::Username.eq(username))
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap()
}

fn to(kind: &str, person: &str) -> (String, String) {
    (kind.to_owned(), format!("{person}@example.org"))
}

fn capture() -> Transport {
    Transport::new(&MailConfig {
        from: "Upgrade Desk <desk@example.org>".to_owned(),
        transport: TransportConfig::Capture,
    })
    .unwrap()
}

/// A story with one letter waiting: the receipt of an application by an app with one member.
async fn one_letter(engine: Engine) -> Story {
    let story = Story::begin(engine).await;
    let app = story.app("Solo", &story.cast.owner).await;
    let case = story
        .draft_for(app, &story.cast.owner, AccessLevel::Limited)
        .await;
    story.bring(case, StateKind::Submitted).await;
    assert_eq!(posted(&story).await, [to("submitted", "olga")]);
    story
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_step_writes_to_the_people_it_concerns(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Full, StateKind::Clarification)
        .await;
    let answers = story.answers(case, "Adults with diabetes.").await;
    story.step(&story.cast.owner, case, answers).await;
    assert_eq!(
        posted(&story).await,
        [
            to("answer_arrived", "rosa"),
            to("clarification_requested", "mahmoud"),
            to("clarification_requested", "olga"),
            to("submitted", "mahmoud"),
            to("submitted", "olga"),
        ]
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_way_to_approval_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story.case_in(AccessLevel::Full, StateKind::Approved).await;
    assert_eq!(
        posted(&story).await,
        [
            // Those who may sign for the organisation alone.
            to("agreement_open", "olga"),
            to("agreement_ready", "olga"),
            to("approved", "mahmoud"),
            to("approved", "olga"),
            to("decision_waits", "amara"),
            to("dla_accepted", "rosa"),
            to("submitted", "mahmoud"),
            to("submitted", "olga"),
        ]
    );
    let rows = letters(&story.desk).await;
    for row in rows.iter().filter(|row| row.to_address.starts_with("olga")) {
        for name in ["Rosa", "Carmen", "Tomoko", "Amara"] {
            assert!(!row.text.contains(name), "{} names {name}", row.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_to_a_closed_account() {
    let story = Story::begin(Engine::Sqlite).await;
    story
        .sql("UPDATE people SET disabled_at = 1, closed_at = 1 WHERE username = 'mahmoud'")
        .await
        .unwrap();
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    assert_eq!(posted(&story).await, [to("submitted", "olga")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_step_writes_no_letter() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let before = letters(&story.desk).await.len();
    let refused = story
        .act(&story.cast.reviewer, case, story.question("Who?"))
        .await;
    assert!(refused.is_err());
    assert_eq!(letters(&story.desk).await.len(), before);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn our_own_dates_are_written_about_once_each(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let count = async || {
        let written = casework::cases::letters::post_due_dates(&story.desk)
            .await
            .unwrap();
        let again = casework::cases::letters::post_due_dates(&story.desk)
            .await
            .unwrap();
        assert_eq!(again, 0);
        written
    };
    assert_eq!(count().await, 0, "the date is far away");
    story.clock.pass(time::Duration::days(12));
    assert_eq!(count().await, 1, "due soon");
    story.clock.pass(time::Duration::days(10));
    assert_eq!(count().await, 1, "overdue");
    let posted = posted(&story).await;
    assert!(posted.contains(&to("due_soon", "rosa")));
    assert!(posted.contains(&to("overdue", "rosa")));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_arrives_with_text_html_and_a_stable_id(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = one_letter(engine).await;
    let server = SmtpServer::start().await;
    assert_eq!(worker(&story.desk, &server).round().await.unwrap(), 1);
    let received = server.received();
    assert_eq!(received.len(), 1);
    let mail = &received[0];
    let row = letters(&story.desk).await.remove(0);
    assert_eq!(mail.from, "desk@example.org");
    assert_eq!(mail.to, "olga@example.org");
    assert_eq!(
        mail.header("Message-ID").as_deref(),
        Some(row.message_id.as_str())
    );
    assert!(row.message_id.contains(&row.id.to_string()));
    assert!(mail.header("Subject").unwrap().contains("UD-1001"));
    assert_eq!(
        mail.header("Auto-Submitted").as_deref(),
        Some("auto-generated")
    );
    assert!(mail.data.contains("text/plain"));
    assert!(mail.data.contains("text/html"));
    assert!(
        row.text
            .contains("http://127.0.0.1:3000/applications/UD-1001")
    );
    assert_eq!(row.state, "sent");
    assert!(row.sent_at.is_some());
    assert_eq!(worker(&story.desk, &server).round().await.unwrap(), 0);
}

#[rstest]
#[case::down(None, "waiting")]
#[case::transient(Some(Manner::Refusing(451)), "waiting")]
#[case::transient_after_data(Some(Manner::RefusingAfterData(452)), "waiting")]
#[case::hanging(Some(Manner::Hanging), "waiting")]
#[case::hanging_up(Some(Manner::HangingUp), "waiting")]
#[case::refused(Some(Manner::Refusing(550)), "dead")]
#[case::refused_after_data(Some(Manner::RefusingAfterData(554)), "dead")]
#[tokio::test(flavor = "multi_thread")]
async fn a_failing_server_loses_no_letter(
    #[case] manner: Option<Manner>,
    #[case] state: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = one_letter(engine).await;
    let mut server = Some(SmtpServer::start().await);
    let address = server.as_ref().unwrap().address;
    let transport = match manner {
        Some(Manner::Hanging) => smtp_in_a_hurry(address),
        _ => smtp(address),
    };
    let sender = Worker::new(story.desk.clone(), transport, Pace::default());
    match manner {
        Some(manner) => server.as_ref().unwrap().be(manner),
        None => server = None,
    }
    sender.round().await.unwrap();
    let row = letters(&story.desk).await.remove(0);
    assert_eq!(row.state, state);
    assert_eq!(row.attempts, 1);
    assert!(!row.last_error.is_empty());
    assert!(row.leased_until_at.is_none());
    // Not again at once …
    assert_eq!(sender.round().await.unwrap(), 0);
    if state == "dead" {
        story.clock.pass(time::Duration::days(30));
        assert_eq!(sender.round().await.unwrap(), 0);
        return;
    }
    // … but later, when the server is well again.
    let server = match server {
        Some(server) => server,
        None => SmtpServer::start_at(address).await,
    };
    server.be(Manner::Kind);
    story.clock.pass(time::Duration::minutes(5));
    assert_eq!(worker(&story.desk, &server).round().await.unwrap(), 1);
    assert_eq!(server.received().len(), 1);
    assert_eq!(letters(&story.desk).await.remove(0).state, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_connection_costs_no_attempt() {
    let story = one_letter(Engine::Sqlite).await;
    let server = SmtpServer::start().await;
    server.be(Manner::HangingUpOnce);
    worker(&story.desk, &server).round().await.unwrap();
    assert_eq!(server.connections(), 2);
    assert_eq!(server.received().len(), 1);
    let row = letters(&story.desk).await.remove(0);
    assert_eq!((row.state.as_str(), row.attempts), ("sent", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_after_a_lost_answer_has_the_same_id() {
    let story = one_letter(Engine::Sqlite).await;
    let server = SmtpServer::start().await;
    server.be(Manner::KeepingSilently);
    let sender = worker(&story.desk, &server);
    sender.round().await.unwrap();
    server.be(Manner::Kind);
    story.clock.pass(time::Duration::minutes(5));
    sender.round().await.unwrap();
    let mut ids: Vec<_> = server
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID"))
        .collect();
    assert!(ids.len() >= 2);
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_a_worker_that_died_is_sent_by_the_next(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = one_letter(engine).await;
    let server = SmtpServer::start().await;
    server.be(Manner::Hanging);
    // The worker is dropped, as by kill -9, while the server keeps it waiting: the lease is taken
    // and nothing has been sent.
    let dying = worker(&story.desk, &server);
    tokio::select! {
        ended = dying.round() => panic!("it did not wait: {ended:?}"),
        () = server.is_kept_waiting() => {}
    }
    assert_eq!(letters(&story.desk).await.remove(0).state, "sending");
    server.be(Manner::Kind);
    let next = worker(&story.desk, &server);
    assert_eq!(next.round().await.unwrap(), 0, "the lease still holds");
    story.clock.pass(time::Duration::minutes(30));
    assert_eq!(next.round().await.unwrap(), 1);
    assert_eq!(server.received().len(), 1);
    assert_eq!(letters(&story.desk).await.remove(0).state, "sent");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn several_workers_send_each_letter_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for _ in 0..15 {
        story
            .case_in(AccessLevel::Limited, StateKind::Submitted)
            .await;
    }
    let server = SmtpServer::start().await;
    let other = story.another_desk().await;
    let workers = [
        worker(&story.desk, &server),
        worker(&other, &server),
        worker(&story.desk, &server),
    ];
    let sending = workers
        .iter()
        .map(async |worker| while worker.round().await.unwrap() > 0 {});
    futures_util::future::join_all(sending).await;
    let mut ids: Vec<_> = server
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID").unwrap())
        .collect();
    assert_eq!(ids.len(), 30);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_worker_is_woken_and_stops_when_told() {
    let story = Story::begin(Engine::Sqlite).await;
    let server = SmtpServer::start().await;
    let pace = Pace {
        poll: Duration::from_secs(3_600),
        ..Pace::default()
    };
    let sender = Worker::new(story.desk.clone(), smtp(server.address), pace);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        sender
            .run(async {
                drop(stopped.await);
            })
            .await;
    });
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    tokio::time::timeout(Duration::from_secs(60), server.has_received(2))
        .await
        .expect("the letters arrive without a poll");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(60), running)
        .await
        .expect("the worker stops")
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_keeps_each_mail_as_it_would_arrive(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = one_letter(engine).await;
    let sender = Worker::new(story.desk.clone(), capture(), Pace::default());
    assert_eq!(sender.round().await.unwrap(), 1);
    let kept = captured_mails::Entity::find()
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].to_address, "olga@example.org");
    assert!(kept[0].raw.contains("multipart/alternative"));
    assert_eq!(letters(&story.desk).await.remove(0).state, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_forge_headers_or_markup() {
    let story = Story::begin(Engine::Sqlite).await;
    story
        .sql(
            "UPDATE people SET name = 'Olga' || char(13,10) || 'Bcc: everyone@example.org' || \
             char(13,10,13,10) || '<script>alert(1)</script>' WHERE username = 'olga'",
        )
        .await
        .unwrap();
    let app = story
        .app(
            "Glow\r\nBcc: all@example.org\r\n\r\n</title><script>",
            &story.cast.owner,
        )
        .await;
    let case = story
        .draft_for(app, &story.cast.owner, AccessLevel::Limited)
        .await;
    story.bring(case, StateKind::Submitted).await;
    let server = SmtpServer::start().await;
    worker(&story.desk, &server).round().await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].header("Bcc"), None);
    let row = letters(&story.desk).await.remove(0);
    assert!(!row.subject.contains(['\r', '\n']));
    assert!(!row.html.contains("<script>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_of_a_link_never_lies_readable_in_the_outbox() {
    let story = Story::begin(Engine::Sqlite).await;
    let olga = person(&story, "olga").await;
    let connection = story.desk.database.write();
    let posted = post_link(connection, &story.desk, &olga, LinkLetter::ResetPassword).await;
    assert_eq!(posted.unwrap(), Posted::Written);
    let row = letters(&story.desk).await.remove(0);
    for words in [&row.text, &row.html, &row.subject] {
        assert!(!words.contains("token="), "{words}");
        assert!(!words.contains("reset?"), "{words}");
    }
    let server = SmtpServer::start().await;
    worker(&story.desk, &server).round().await.unwrap();
    assert!(server.received()[0].data.contains("reset?token=3D"));
    let row = letters(&story.desk).await.remove(0);
    assert_eq!((row.text.as_str(), row.html.as_str()), ("", ""));
}

#[tokio::test]
async fn without_tls_mail_goes_to_a_loopback_address_alone() {
    let config = |host: &str| MailConfig {
        from: "desk@example.org".to_owned(),
        transport: TransportConfig::Smtp(SmtpConfig {
            host: host.to_owned(),
            port: None,
            tls: Tls::None,
            username: None,
            password: None,
            authority: None,
            timeout_seconds: 1,
        }),
    };
    assert!(Transport::new(&config("127.0.0.1")).is_ok());
    assert!(Transport::new(&config("mail.example.org")).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_starttls_gets_nothing_where_tls_is_required() {
    let story = one_letter(Engine::Sqlite).await;
    let server = SmtpServer::start().await;
    let transport = Transport::new(&MailConfig {
        from: "desk@example.org".to_owned(),
        transport: TransportConfig::Smtp(SmtpConfig {
            host: server.address.ip().to_string(),
            port: Some(server.address.port()),
            tls: Tls::Starttls,
            username: None,
            password: None,
            authority: None,
            timeout_seconds: 1,
        }),
    })
    .unwrap();
    let sender = Worker::new(story.desk.clone(), transport, Pace::default());
    sender.round().await.unwrap();
    assert!(server.received().is_empty());
    assert_eq!(letters(&story.desk).await.remove(0).state, "waiting");
}
