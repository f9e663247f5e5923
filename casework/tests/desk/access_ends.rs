//! What was handed out ends with the account's state: links, sessions; and limits are taken before
//! the work.

use crate::support::*;
use casework::{
    accounts::{self, Origin, Purpose, Registration},
    commands::{RoleChange, disable_person, enable_person, set_roles},
    entities::{audit_events, outbox, people, sessions, throttles, tokens},
    sweep::{Retention, sweep},
};
use futures_util::future::join_all;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use std::collections::BTreeSet;
use time::Duration;

const PASSWORD: &str = "seven quiet rivers";

fn from(address: &str) -> Origin {
    Origin {
        address: address.to_owned(),
        ..Origin::default()
    }
}

async fn row(desk: &Desk, person: PersonId) -> people::Model {
    accounts::find(desk.database.read(), person).await.unwrap()
}

async fn give_password(desk: &Desk, person: PersonId, password: &str) {
    let hash = accounts::hash(password.to_owned()).await.unwrap();
    let mut row = row(desk, person).await.into_active_model();
    row.password_hash = Set(Some(hash));
    row.update(desk.database.write()).await.unwrap();
}

/// Uses a link of this purpose.
async fn redeem(desk: &Desk, purpose: Purpose, secret: &str) -> casework::Result<()> {
    let new = || "eight loud harbours".to_owned();
    let origin = from("192.0.2.1");
    match purpose {
        Purpose::VerifyEmail => accounts::verify_email(desk, secret, &origin).await,
        Purpose::ResetPassword => accounts::reset_password(desk, secret, new(), &origin).await,
        Purpose::Invitation => accounts::accept_invitation(desk, secret, new(), &origin).await,
        other => panic!("{other:?} has tests of its own"),
    }
}

const PURPOSES: [Purpose; 3] = [
    Purpose::VerifyEmail,
    Purpose::ResetPassword,
    Purpose::Invitation,
];

/// What ends everything handed out before.
#[derive(Clone, Copy, Debug)]
enum Change {
    Disabled,
    /// Disabled and enabled again: what was handed out before stays dead.
    Enabled,
    OtherRoles,
    NewPassword,
    OtherEmail,
}

async fn carry_out(story: &Story, person: PersonId, change: Change) {
    let admin = &story.cast.admin;
    let seen = async || u64::try_from(row(&story.desk, person).await.version).unwrap();
    match change {
        Change::Disabled => disable_person(&story.desk, admin, person, seen().await, "Left")
            .await
            .unwrap(),
        Change::Enabled => {
            disable_person(&story.desk, admin, person, seen().await, "Left")
                .await
                .unwrap();
            enable_person(&story.desk, admin, person, seen().await, "Back")
                .await
                .unwrap();
        }
        Change::OtherRoles => {
            let change = RoleChange {
                roles: BTreeSet::from([Role::Lead]),
                reason: "Leads".to_owned(),
                combination: String::new(),
            };
            set_roles(&story.desk, admin, person, &change, seen().await)
                .await
                .unwrap();
        }
        Change::NewPassword => {
            let holder = row(&story.desk, person).await;
            let now = story.desk.now();
            let secret = accounts::issue_link(
                story.desk.database.write(),
                &holder,
                Purpose::ResetPassword,
                now,
            )
            .await
            .unwrap();
            redeem(&story.desk, Purpose::ResetPassword, &secret)
                .await
                .unwrap();
        }
        Change::OtherEmail => {
            let mut row = row(&story.desk, person).await.into_active_model();
            let email = format!("{person}@elsewhere.example.org");
            row.email = Set(email.clone());
            row.email_key = Set(email);
            row.update(story.desk.database.write()).await.unwrap();
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_before_the_account_changed_does_not_work(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(
        Change::Disabled,
        Change::Enabled,
        Change::OtherRoles,
        Change::NewPassword,
        Change::OtherEmail
    )]
    change: Change,
) {
    let story = Story::begin(engine).await;
    for purpose in PURPOSES {
        let person = story
            .person(&format!("p{}", purpose as u8), &[Role::Reviewer])
            .await
            .person;
        let mut unverified = row(&story.desk, person).await.into_active_model();
        unverified.email_verified_at = Set(None);
        unverified.email = Set(format!("{person}@example.org"));
        let holder = unverified
            .update(story.desk.database.write())
            .await
            .unwrap();
        let issue = async |holder: &people::Model| {
            let (database, now) = (story.desk.database.write(), story.desk.now());
            accounts::issue_link(database, holder, purpose, now)
                .await
                .unwrap()
        };
        let secret = issue(&holder).await;
        carry_out(&story, person, change).await;
        let late = redeem(&story.desk, purpose, &secret).await;
        assert!(
            matches!(late, Err(Error::LinkExpired)),
            "{purpose:?}: {late:?}"
        );
        let shown = accounts::link_holder(
            story.desk.database.read(),
            &secret,
            purpose,
            story.desk.now(),
        )
        .await;
        assert!(matches!(shown, Err(Error::LinkExpired)));
    }
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_checked_against_the_account_even_if_its_row_was_left_behind(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let person = story.cast.reviewer.person;
    let holder = row(&story.desk, person).await;
    let now = story.desk.now();
    let secret = accounts::issue_link(
        story.desk.database.write(),
        &holder,
        Purpose::ResetPassword,
        now,
    )
    .await
    .unwrap();
    // As if the link had been written at the moment at which the account was disabled.
    let kept = tokens::Entity::find()
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    carry_out(&story, person, Change::Enabled).await;
    tokens::Entity::insert(kept.into_active_model())
        .exec_without_returning(story.desk.database.write())
        .await
        .unwrap();
    let late = redeem(&story.desk, Purpose::ResetPassword, &secret).await;
    assert!(matches!(late, Err(Error::LinkExpired)), "{late:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_every_change_of_the_account(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(
        Change::Disabled,
        Change::Enabled,
        Change::OtherRoles,
        Change::NewPassword
    )]
    change: Change,
) {
    let story = Story::begin(engine).await;
    let person = story.cast.reviewer.person;
    let sign_in = async || {
        accounts::sign_in_for_demo(&story.desk, "rosa", &from("192.0.2.1"))
            .await
            .unwrap()
    };
    let (one, other) = (sign_in().await, sign_in().await);
    let left = sessions::Entity::find()
        .all(story.desk.database.read())
        .await
        .unwrap();
    carry_out(&story, person, change).await;
    // Even where one was being written at that moment.
    for row in left {
        sessions::Entity::insert(row.into_active_model())
            .exec_without_returning(story.desk.database.write())
            .await
            .unwrap();
    }
    for secret in [one, other] {
        let found = accounts::find_session(&story.desk, &secret, accounts::UsedBy::Person)
            .await
            .unwrap();
        assert_eq!(found, None, "{change:?}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_sign_in_ends_the_session_that_the_browser_had(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let rosa = story.cast.reviewer.person;
    give_password(&story.desk, rosa, PASSWORD).await;
    let first = accounts::sign_in(&story.desk, "rosa", PASSWORD, &from("192.0.2.1"))
        .await
        .unwrap()
        .to_string();
    let elsewhere = accounts::sign_in(&story.desk, "rosa", PASSWORD, &from("192.0.2.1"))
        .await
        .unwrap();
    let again = Origin {
        session: Some(first.clone()),
        ..from("192.0.2.1")
    };
    assert!(!format!("{again:?}").contains(&first));
    // As somebody else, too.
    for name in ["rosa", "olga"] {
        let origin = Origin {
            session: Some(first.clone()),
            ..from("192.0.2.1")
        };
        let second = accounts::sign_in_for_demo(&story.desk, name, &origin)
            .await
            .unwrap();
        assert_ne!(second, first);
        let found = accounts::find_session(&story.desk, &first, accounts::UsedBy::Person)
            .await
            .unwrap();
        assert_eq!(found, None);
    }
    let second = accounts::sign_in(&story.desk, "rosa", PASSWORD, &again)
        .await
        .unwrap()
        .to_string();
    accounts::sign_out(&story.desk, &second).await.unwrap();
    for secret in [&first, &second] {
        let found = accounts::find_session(&story.desk, secret, accounts::UsedBy::Person)
            .await
            .unwrap();
        assert_eq!(found, None);
    }
    // Another browser of hers is not signed out.
    let found = accounts::find_session(&story.desk, &elsewhere, accounts::UsedBy::Person)
        .await
        .unwrap();
    assert!(found.is_some());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_many_sign_ins_at_once_from_one_network_a_hundred_are_looked_at(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let names: Vec<(String, Origin)> = (0..200)
        .map(|number| {
            let address = format!("2001:db8:1:2::{number:x}");
            (format!("nobody{number}"), from(&address))
        })
        .collect();
    let attempts = names
        .iter()
        .map(|(name, origin)| accounts::sign_in(&story.desk, name, "a guess of mine", origin));
    let answers = join_all(attempts).await;
    let count = |is: fn(&Error) -> bool| {
        let errors = answers.iter().filter_map(|answer| answer.as_ref().err());
        errors.filter(|error| is(error)).count()
    };
    let looked_at = count(|error| matches!(error, Error::Input { .. }));
    let slowed_down = count(|error| matches!(error, Error::Throttled { .. }));
    assert_eq!(slowed_down, 100);
    assert!(looked_at <= 100, "{looked_at}");
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("sign_in_failed"))
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert!(events <= 100, "{events}");
    // Another network is not slowed down.
    let other = accounts::sign_in(&story.desk, "nobody", "a guess", &from("2001:db8:1:3::1")).await;
    assert!(matches!(other, Err(Error::Input { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn successes_slow_nobody_down() {
    let story = Story::begin(Engine::Sqlite).await;
    give_password(&story.desk, story.cast.reviewer.person, PASSWORD).await;
    for _ in 0..110 {
        accounts::sign_in(&story.desk, "rosa", PASSWORD, &from("192.0.2.1"))
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_many_networks_are_limited_and_the_owner_gets_in() {
    let story = Story::begin(Engine::Sqlite).await;
    let rosa = story.cast.reviewer.person;
    give_password(&story.desk, rosa, PASSWORD).await;
    accounts::sign_in(&story.desk, "rosa", PASSWORD, &from("192.0.2.1"))
        .await
        .unwrap();
    let mut looked_at = 0;
    for number in 0..130 {
        // By either name.
        let name = ["rosa", "rosa@example.org"][number % 2];
        let guess = accounts::sign_in(
            &story.desk,
            name,
            "a guess of mine",
            &from(&format!("198.51.100.{number}")),
        )
        .await;
        looked_at += usize::from(matches!(guess, Err(Error::Input { .. })));
    }
    assert_eq!(looked_at, 100);
    // From where she has signed in before she still does …
    accounts::sign_in(&story.desk, "rosa", PASSWORD, &from("192.0.2.1"))
        .await
        .unwrap();
    // … and from anywhere once she has shown that she holds the mailbox.
    let elsewhere = from("203.0.113.5");
    let refused = accounts::sign_in(&story.desk, "rosa", PASSWORD, &elsewhere).await;
    assert!(matches!(refused, Err(Error::Throttled { .. })));
    let holder = row(&story.desk, rosa).await;
    let (database, now) = (story.desk.database.write(), story.desk.now());
    let secret = accounts::issue_link(database, &holder, Purpose::ResetPassword, now)
        .await
        .unwrap();
    let new = "eight loud harbours";
    accounts::reset_password(&story.desk, &secret, new.to_owned(), &elsewhere)
        .await
        .unwrap();
    accounts::sign_in(&story.desk, "rosa", new, &elsewhere)
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn registrations_and_resets_at_once_are_limited_too(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::as_delivered(engine).await;
    let slowed_down = |answers: Vec<casework::Result<()>>| {
        let refused = answers.into_iter().filter_map(Result::err);
        refused
            .filter(|error| matches!(error, Error::Throttled { .. }))
            .count()
    };
    // Refused forms count as well: each costs the same work.
    let registrations = (0..30).map(|_| {
        let new = Registration {
            password: PASSWORD.to_owned(),
            ..Registration::default()
        };
        accounts::register(&rig, new, "192.0.2.1")
    });
    assert_eq!(slowed_down(join_all(registrations).await), 10);
    let resets = (0..30).map(|number| {
        let (desk, email) = (&rig, format!("p{number}@example.org"));
        async move { accounts::request_reset(desk, &email, "192.0.2.1").await }
    });
    assert_eq!(slowed_down(join_all(resets).await), 10);
    let one_address = (0..9).map(|number| {
        let (desk, address) = (&rig, format!("198.51.100.{number}"));
        async move { accounts::request_reset(desk, "noor@example.org", &address).await }
    });
    assert_eq!(slowed_down(join_all(one_address).await), 6);
    let links = (0..70).map(|_| async {
        let origin = from("192.0.2.9");
        accounts::verify_email(&rig, "no such secret", &origin).await
    });
    assert_eq!(slowed_down(join_all(links).await), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_however_long_lies_in_the_table_of_attempts_and_it_is_swept() {
    let rig = Rig::as_delivered(Engine::Sqlite).await;
    let name = "n".repeat(900_000);
    for number in 0..20 {
        let address = format!("198.51.100.{number}");
        let reset = accounts::request_reset(&rig, &format!("{name}{number}"), &address).await;
        assert!(matches!(reset, Ok(()) | Err(Error::Throttled { .. })));
        let origin = from(&address);
        accounts::sign_in(&rig, &format!("{number}{name}"), "a guess", &origin)
            .await
            .unwrap_err();
    }
    let kept = throttles::Entity::find()
        .all(rig.database.read())
        .await
        .unwrap();
    assert!(kept.iter().all(|row| row.key.len() == 64));
    rig.clock.pass(Duration::days(4));
    sweep(&rig, &Retention::default()).await.unwrap();
    let kept = throttles::Entity::find().count(rig.database.read());
    assert_eq!(kept.await.unwrap(), 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn five_failed_signings_make_an_event_each_and_one_letter(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let amara = &story.cast.approver;
    give_password(&story.desk, amara.person, PASSWORD).await;
    let attempts = (0..9).map(|_| accounts::verify_password(&story.desk, amara, "a guess"));
    let answers = join_all(attempts).await;
    let slowed_down = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Error::Throttled { .. })))
        .count();
    assert_eq!(slowed_down, 4);
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("signing_failed"))
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(events, 5);
    let letters = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("account_failed_signings"))
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to_address, "amara@example.org");
    story.assert_sound().await;
}
