//! Registration, single-use links, sign-in and sessions, on the desk as it is delivered.

use crate::support::*;
use casework::{
    accounts::{self, Origin, Registration},
    entities::{outbox, people, sessions, tokens},
    verification,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Duration;

const PASSWORD: &str = "seven quiet rivers";

fn noor() -> Registration {
    Registration {
        name: "Noor Haddad".to_owned(),
        organisation: "Haddad & Søn".to_owned(),
        username: "noor".to_owned(),
        email: "Noor@Example.org".to_owned(),
        password: PASSWORD.to_owned(),
        agreement: Some(1),
    }
}

fn from(address: &str) -> Origin {
    Origin {
        address: address.to_owned(),
        user_agent: "a browser".to_owned(),
        session: None,
    }
}

/// The secret of the link in the newest letter of this kind.
async fn link(rig: &Rig, kind: &str) -> String {
    let letter = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .order_by_desc(outbox::Column::CreatedAt)
        .one(rig.database.read())
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("no letter {kind}"));
    let letter = casework::post::opened(&rig.desk, letter).unwrap();
    let (_, rest) = letter.text.split_once("token=").unwrap();
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

async fn row(rig: &Rig) -> people::Model {
    people::Entity::find()
        .filter(people::Column::UsernameKey.eq("noor"))
        .one(rig.database.read())
        .await
        .unwrap()
        .unwrap()
}

/// A desk on which Noor has registered and verified her address.
async fn verified(engine: Engine) -> Rig {
    let rig = Rig::as_delivered(engine).await;
    accounts::register(&rig, noor(), "::1").await.unwrap();
    let secret = link(&rig, "account_verify_email").await;
    accounts::verify_email(&rig, &secret, &from("::1"))
        .await
        .unwrap();
    rig
}

fn fields(error: &Error) -> Vec<&str> {
    let problems = error.problems().iter();
    problems.map(|problem| problem.field.as_str()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn registration_keeps_the_agreement_and_waits_for_the_address(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::as_delivered(engine).await;
    accounts::register(&rig, noor(), "::1").await.unwrap();
    let person = row(&rig).await;
    assert_eq!(person.agreement_version, Some(1));
    assert!(person.agreement_accepted_at.unwrap() <= rig.now().micros());
    assert_eq!(person.email_verified_at, None);
    let hash = person.password_hash.unwrap();
    assert!(hash.starts_with("$argon2id$"), "{hash}");

    // Until the address is verified a right password sends a new link, and the old one is dead.
    let first = link(&rig, "account_verify_email").await;
    rig.clock.pass(Duration::minutes(1));
    let refused = accounts::sign_in(&rig, "noor", PASSWORD, &from("::1")).await;
    assert_eq!(fields(&refused.unwrap_err()), ["username"]);
    assert!(matches!(
        accounts::verify_email(&rig, &first, &from("::1")).await,
        Err(Error::LinkExpired)
    ));
    let second = link(&rig, "account_verify_email").await;
    accounts::verify_email(&rig, &second, &from("::1"))
        .await
        .unwrap();
    assert!(matches!(
        accounts::verify_email(&rig, &second, &from("::1")).await,
        Err(Error::LinkExpired)
    ));
    // By username or address, in any case of letters.
    for name in ["noor", "NOOR", "noor@example.org"] {
        accounts::sign_in(&rig, name, PASSWORD, &from("::1"))
            .await
            .unwrap();
    }
    // The database holds no secret that was sent or set.
    let tokens = tokens::Entity::find()
        .all(rig.database.read())
        .await
        .unwrap();
    assert!(tokens.iter().all(|token| token.hash != second));
    assert_eq!(
        verification::verify(&rig.database, None)
            .await
            .unwrap()
            .fault,
        None
    );
}

#[rstest]
#[case::short("short", &["password"])]
#[case::common("password123", &["password"])]
#[case::keys("qwertyuiop", &["password"])]
#[case::own_name("Noor Haddad 1", &["password"])]
#[case::the_address("Noor@example.org", &["password"])]
#[tokio::test(flavor = "multi_thread")]
async fn weak_passwords_are_refused(#[case] password: &str, #[case] wrong: &[&str]) {
    let rig = Rig::as_delivered(Engine::Sqlite).await;
    let new = Registration {
        password: password.to_owned(),
        ..noor()
    };
    let refused = accounts::register(&rig, new, "::1").await.unwrap_err();
    assert_eq!(fields(&refused), wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_wrong_is_said_at_once_and_nothing_is_kept() {
    let rig = Rig::as_delivered(Engine::Sqlite).await;
    let new = Registration {
        name: "N".repeat(101),
        username: "n".to_owned(),
        email: "nowhere".to_owned(),
        agreement: None,
        ..noor()
    };
    let refused = accounts::register(&rig, new, "::1").await.unwrap_err();
    assert_eq!(
        fields(&refused),
        ["name", "username", "email", "agreement"],
        "{refused}"
    );
    let outdated = Registration {
        agreement: Some(7),
        ..noor()
    };
    let refused = accounts::register(&rig, outdated, "::1").await.unwrap_err();
    assert_eq!(fields(&refused), ["agreement"]);
    let found = people::Entity::find().all(rig.database.read()).await;
    assert_eq!(found.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_password_of_any_letters_is_taken_whole() {
    let rig = Rig::as_delivered(Engine::Sqlite).await;
    let long: String = (0..128)
        .filter_map(|number| char::from_u32(0x4e00 + number * 37))
        .collect();
    let new = Registration {
        password: long.clone(),
        ..noor()
    };
    accounts::register(&rig, new, "::1").await.unwrap();
    let secret = link(&rig, "account_verify_email").await;
    accounts::verify_email(&rig, &secret, &from("::1"))
        .await
        .unwrap();
    let cut: String = long.chars().take(127).collect();
    let refused = accounts::sign_in(&rig, "noor", &cut, &from("::1")).await;
    assert!(refused.is_err());
    accounts::sign_in(&rig, "noor", &long, &from("::1"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_address_is_not_given_away() {
    let rig = verified(Engine::Sqlite).await;
    let other = Registration {
        username: "somebody".to_owned(),
        ..noor()
    };
    accounts::register(&rig, other, "::2").await.unwrap();
    let found = people::Entity::find().all(rig.database.read()).await;
    assert_eq!(found.unwrap().len(), 1);
    // Its owner is told.
    let told = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("account_already_registered"))
        .one(rig.database.read())
        .await
        .unwrap();
    assert_eq!(told.unwrap().to_address, "Noor@Example.org");
    // Nor by a request for a new password.
    accounts::request_reset(&rig, "nobody@example.org", "::2")
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_without_locking_the_owner_out(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = verified(engine).await;
    for _ in 0..5 {
        let refused = accounts::sign_in(&rig, "noor", "a guess of mine", &from("::bad")).await;
        assert_eq!(fields(&refused.unwrap_err()), ["username"]);
    }
    // Even the right password gets no answer from there now …
    let refused = accounts::sign_in(&rig, "Noor", PASSWORD, &from("::bad")).await;
    assert!(matches!(refused, Err(Error::Throttled { minutes: 1..=16 })));
    // … while the owner signs in from elsewhere.
    accounts::sign_in(&rig, "noor", PASSWORD, &from("::home"))
        .await
        .unwrap();
    rig.clock.pass(Duration::minutes(16));
    accounts::sign_in(&rig, "noor", PASSWORD, &from("::bad"))
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_no_more_get_through_than_of_many_in_a_row(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = verified(engine).await;
    let origin = from("::bad");
    let guesses = (0..20).map(|_| accounts::sign_in(&rig, "noor", "a guess of mine", &origin));
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Error::Input { .. })))
        .count();
    let slowed_down = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Error::Throttled { .. })))
        .count();
    assert_eq!((looked_at, slowed_down), (5, 15));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_works_once_and_ends_every_session(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = verified(engine).await;
    let old = accounts::sign_in(&rig, "noor", PASSWORD, &from("::1"))
        .await
        .unwrap();
    accounts::request_reset(&rig, "noor@example.org", "::1")
        .await
        .unwrap();
    let late = link(&rig, "account_password_reset").await;
    rig.clock.pass(Duration::minutes(61));
    let refused =
        accounts::reset_password(&rig, &late, "eight loud harbours".to_owned(), &from("::1")).await;
    assert!(matches!(refused, Err(Error::LinkExpired)));

    accounts::request_reset(&rig, "noor@example.org", "::1")
        .await
        .unwrap();
    let secret = link(&rig, "account_password_reset").await;
    // A password that is refused does not use the link up.
    let refused = accounts::reset_password(&rig, &secret, "short".to_owned(), &from("::1")).await;
    assert_eq!(fields(&refused.unwrap_err()), ["password"]);
    accounts::reset_password(
        &rig,
        &secret,
        "eight loud harbours".to_owned(),
        &from("::1"),
    )
    .await
    .unwrap();
    let again = accounts::reset_password(
        &rig,
        &secret,
        "nine wide mountains".to_owned(),
        &from("::1"),
    )
    .await;
    assert!(matches!(again, Err(Error::LinkExpired)));
    assert_eq!(
        accounts::find_session(&rig, &old, accounts::UsedBy::Person)
            .await
            .unwrap(),
        None
    );
    let refused = accounts::sign_in(&rig, "noor", PASSWORD, &from("::1")).await;
    assert!(refused.is_err());
    accounts::sign_in(&rig, "noor", "eight loud harbours", &from("::1"))
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_idle_or_old_or_when_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = verified(engine).await;
    let sign_in = async || {
        accounts::sign_in(&rig, "noor", PASSWORD, &from("::1"))
            .await
            .unwrap()
    };
    let stands = async |secret: &str| {
        accounts::find_session(&rig, secret, accounts::UsedBy::Person)
            .await
            .unwrap()
            .is_some()
    };

    let told = sign_in().await;
    let kept = sessions::Entity::find().all(rig.database.read()).await;
    assert!(kept.unwrap().iter().all(|row| *row.token_hash != *told));
    accounts::sign_out(&rig, &told).await.unwrap();
    assert!(!stands(&told).await);

    let idle = sign_in().await;
    rig.clock.pass(Duration::minutes(121));
    assert!(!stands(&idle).await);

    // A page that was left open asks by itself: nobody is there.
    let left = sign_in().await;
    for _ in 0..3 {
        let by = accounts::UsedBy::Page;
        let found = accounts::find_session(&rig, &left, by).await.unwrap();
        assert!(found.is_some());
        rig.clock.pass(Duration::minutes(41));
    }
    assert!(!stands(&left).await);

    let busy = sign_in().await;
    for _ in 0..11 {
        rig.clock.pass(Duration::minutes(60));
        assert!(stands(&busy).await);
    }
    rig.clock.pass(Duration::minutes(61));
    assert!(!stands(&busy).await, "after twelve hours");
    assert!(!stands("not a secret").await);
}

/// What a registration answers, in words.
async fn answer(rig: &Rig, new: Registration) -> String {
    match accounts::register(rig, new, "::1").await {
        Ok(()) => "sent".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_at_registration_tells_whether_an_address_has_an_account(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = verified(engine).await;
    let with = |username: &str, email: &str| Registration {
        username: username.to_owned(),
        email: email.to_owned(),
        ..noor()
    };
    let known = "noor@example.org";
    let unknown = ["one@example.org", "two@example.org", "three@example.org"];
    // Beside a taken username.
    let taken = answer(&rig, with("noor", known)).await;
    assert!(taken.contains("taken"), "{taken}");
    assert_eq!(answer(&rig, with("NOOR", unknown[0])).await, taken);
    // Beside a weak password or an outdated agreement.
    let spoilt: [fn(&mut Registration); 2] = [
        |new| new.password = "password123".to_owned(),
        |new| new.agreement = Some(7),
    ];
    for spoil in spoilt {
        let mut answers = Vec::new();
        for email in [known, unknown[0]] {
            let mut new = with("somebody", email);
            spoil(&mut new);
            answers.push(answer(&rig, new).await);
        }
        assert_eq!(answers[0], answers[1]);
    }
    // And what becomes of a free username: it is spent, whosever the address is.
    assert_eq!(answer(&rig, with("first", known)).await, "sent");
    assert_eq!(answer(&rig, with("second", unknown[0])).await, "sent");
    assert_eq!(answer(&rig, with("first", unknown[1])).await, taken);
    assert_eq!(answer(&rig, with("second", unknown[2])).await, taken);
    assert_eq!(answer(&rig, with("First", known)).await, taken);
    assert_eq!(answer(&rig, with("Second", known)).await, taken);
    assert_eq!(
        verification::verify(&rig.database, None)
            .await
            .unwrap()
            .fault,
        None
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_the_same_however_its_letters_are_made(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::as_delivered(engine).await;
    let composed = "zw\u{f6}lf gr\u{fc}ne \u{c4}pfel";
    let decomposed = "zwo\u{308}lf gru\u{308}ne A\u{308}pfel";
    let new = Registration {
        password: decomposed.to_owned(),
        ..noor()
    };
    accounts::register(&rig, new, "::1").await.unwrap();
    let secret = link(&rig, "account_verify_email").await;
    accounts::verify_email(&rig, &secret, &from("::1"))
        .await
        .unwrap();
    let caller = async |secret: &str| {
        let session = accounts::find_session(&rig, secret, accounts::UsedBy::Person)
            .await
            .unwrap();
        session.unwrap().caller
    };
    for password in [composed, decomposed] {
        let secret = accounts::sign_in(&rig, "noor", password, &from("::1"))
            .await
            .unwrap();
        let caller = caller(&secret).await;
        accounts::verify_password(&rig, &caller, password)
            .await
            .unwrap();
    }
    accounts::request_reset(&rig, "noor@example.org", "::1")
        .await
        .unwrap();
    let secret = link(&rig, "account_password_reset").await;
    accounts::reset_password(&rig, &secret, composed.to_owned(), &from("::1"))
        .await
        .unwrap();
    accounts::sign_in(&rig, "noor", decomposed, &from("::1"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_too_long_is_refused_before_any_work_and_fits_nowhere() {
    let rig = verified(Engine::Sqlite).await;
    for password in ["4@8({[<369!1|70$5+%2".repeat(13), "x".repeat(900_000)] {
        let new = Registration {
            password: password.clone(),
            ..noor()
        };
        let refused = accounts::register(&rig, new, "::1").await.unwrap_err();
        assert!(refused.to_string().contains("at most 256"), "{refused}");
        let refused = accounts::sign_in(&rig, "noor", &password, &from("::1")).await;
        assert_eq!(fields(&refused.unwrap_err()), ["username"]);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_for_a_name_or_address_at_once_one_gets_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::as_delivered(engine).await;
    let at_once = async |names: [(&str, &str); 6]| {
        let all = names.map(|(username, email)| {
            let new = Registration {
                username: username.to_owned(),
                email: email.to_owned(),
                ..noor()
            };
            answer(&rig, new)
        });
        futures_util::future::join_all(all).await
    };
    let one_name = at_once([
        ("noor", "a@example.org"),
        ("Noor", "b@example.org"),
        ("NOOR", "c@example.org"),
        ("noor", "d@example.org"),
        ("noor", "e@example.org"),
        ("noor", "f@example.org"),
    ])
    .await;
    let sent = one_name.iter().filter(|said| *said == "sent").count();
    let taken = one_name
        .iter()
        .filter(|said| said.contains("taken"))
        .count();
    assert_eq!((sent, taken), (1, 5), "{one_name:?}");
    let one_address = at_once([
        ("ann", "ann@example.org"),
        ("bob", "Ann@example.org"),
        ("cleo", "ANN@example.org"),
        ("dora", "ann@example.org"),
        ("emil", "ann@example.org"),
        ("fritz", "ann@example.org"),
    ])
    .await;
    assert!(
        one_address.iter().all(|said| said == "sent"),
        "{one_address:?}"
    );
    let found = people::Entity::find().all(rig.database.read()).await;
    assert_eq!(found.unwrap().len(), 2);
    assert_eq!(
        verification::verify(&rig.database, None)
            .await
            .unwrap()
            .fault,
        None
    );
}
