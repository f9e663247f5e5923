//! The second factor: set up, asked for at sign-in, lost, reset.

use crate::support::{
    bench::{Bench, PASSWORD},
    *,
};
use casework::{
    accounts::{self, Entered, Origin, Secrets, UsedBy, recovery_codes},
    commands,
    entities::{audit_events, outbox, recovery_codes as rows, second_factors, sessions},
    queries::{SecondFactor, admin_people::admin_person, own_second_factor},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use time::Duration;
use totp_rs::{Builder, Secret, Totp};

fn from(address: &str) -> Origin {
    Origin {
        address: address.to_owned(),
        user_agent: "a browser".to_owned(),
        session: None,
    }
}

/// The app on a phone that was shown this key.
fn app(key: &str) -> Totp {
    let key = key.replace(' ', "");
    let secret = Secret::try_from_base32(key).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

/// What the app shows now.
fn shows(app: &Totp, rig: &Rig) -> String {
    let seconds = u64::try_from(rig.now().micros() / 1_000_000).unwrap();
    app.generate(seconds).to_string()
}

/// The password with this code.
fn given(code: &str) -> Secrets<'_> {
    Secrets {
        password: PASSWORD,
        code,
    }
}

/// A desk whose owner has a second factor, with the app and the recovery codes.
async fn with_factor(engine: Engine) -> (Bench, Totp, Vec<String>) {
    let bench = Bench::open(engine).await;
    bench.give_password().await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    commands::begin_second_factor(rig, owner, PASSWORD)
        .await
        .unwrap();
    let SecondFactor::Waits(pair) = own_second_factor(rig, owner).await.unwrap() else {
        panic!("no key is shown");
    };
    let app = app(&pair.key);
    let code = shows(&app, rig);
    let secret = commands::confirm_second_factor(rig, owner, &code)
        .await
        .unwrap();
    let codes = recovery_codes(secret.reveal());
    rig.clock.pass(Duration::minutes(2));
    (bench, app, codes)
}

async fn password_given(bench: &Bench, address: &str) -> Entered {
    accounts::sign_in(&bench.rig, "olga", PASSWORD, &from(address))
        .await
        .unwrap()
}

async fn code_given(bench: &Bench, attempt: &str, code: &str) -> casework::Result<String> {
    accounts::sign_in_code(&bench.rig, attempt, code, &from("192.0.2.7")).await
}

async fn letters(bench: &Bench) -> Vec<String> {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("account_second_factor"))
        .order_by_asc(outbox::Column::CreatedAt)
        .all(bench.rig.database.read())
        .await
        .unwrap()
        .into_iter()
        .map(|letter| letter.subject)
        .collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn after_the_password_a_code_of_the_app_lets_in_and_is_taken_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (bench, app, _) = with_factor(engine).await;
    let rig = &bench.rig;
    let attempt = password_given(&bench, "192.0.2.7").await;
    assert!(attempt.asks_code);
    // What the password alone gives is no session.
    let none = accounts::find_session(rig, &attempt, UsedBy::Person).await;
    assert_eq!(none.unwrap(), None);
    let refused = code_given(&bench, &attempt, "000000").await.unwrap_err();
    assert_eq!(refused.problems()[0].field, "code");
    let code = shows(&app, rig);
    let other = password_given(&bench, "192.0.2.7").await;
    let at_once = join_all([
        code_given(&bench, &attempt, &code),
        code_given(&bench, &other, &code),
    ])
    .await;
    let entered: Vec<&String> = at_once.iter().flatten().collect();
    assert_eq!(entered.len(), 1, "{at_once:?}");
    let session = accounts::find_session(rig, entered[0], UsedBy::Person).await;
    assert_eq!(session.unwrap().unwrap().caller.username, "olga");
    let again = code_given(&bench, &other, &code).await;
    assert!(again.is_err());
    // An attempt waits for minutes, not for ever.
    rig.clock.pass(Duration::minutes(6));
    let late = code_given(&bench, &other, &shows(&app, rig)).await;
    assert!(matches!(late, Err(Error::LinkExpired)), "{late:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_lets_in_once_and_its_owner_is_told_how_many_are_left(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (bench, _, codes) = with_factor(engine).await;
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_uppercase().replace('-', " ");
    let attempt = password_given(&bench, "192.0.2.7").await;
    code_given(&bench, &attempt, &typed).await.unwrap();
    let attempt = password_given(&bench, "192.0.2.7").await;
    assert!(code_given(&bench, &attempt, &codes[3]).await.is_err());
    let stands = own_second_factor(&bench.rig, &bench.owner).await.unwrap();
    assert!(
        matches!(stands, SecondFactor::On { left: 9, .. }),
        "{stands:?}"
    );
    assert_eq!(
        letters(&bench).await,
        ["Your second factor is on", "A recovery code was used"]
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_limited_before_they_are_looked_at_and_the_owner_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (bench, app, _) = with_factor(engine).await;
    let attempt = password_given(&bench, "192.0.2.7").await;
    for _ in 0..5 {
        let refused = code_given(&bench, &attempt, "000000").await;
        assert!(matches!(refused, Err(Error::Input { .. })), "{refused:?}");
    }
    let code = shows(&app, &bench.rig);
    let refused = code_given(&bench, &attempt, &code).await;
    assert!(
        matches!(refused, Err(Error::Throttled { .. })),
        "{refused:?}"
    );
    let told = letters(&bench).await;
    assert_eq!(told.last().unwrap(), "Repeated wrong codes at your sign-in");
    let failed = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("code_failed"))
        .count(bench.rig.database.read());
    assert_eq!(failed.await.unwrap(), 5);
    // Whoever owns the account gets in from elsewhere.
    let attempt = password_given(&bench, "192.0.2.99").await;
    accounts::sign_in_code(&bench.rig, &attempt, &code, &from("192.0.2.99"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_secret_of_a_second_factor_in_the_clear() {
    let (bench, app, codes) = with_factor(Engine::Sqlite).await;
    let database = bench.rig.database.read();
    let row = second_factors::Entity::find().one(database).await;
    let row = row.unwrap().unwrap();
    let secret = hex::encode(app.secret().as_bytes());
    assert!(row.secret.starts_with("sealed1:"), "{}", row.secret);
    assert!(!row.secret.contains(&secret));
    for row in rows::Entity::find().all(database).await.unwrap() {
        assert!(!codes.iter().any(|code| row.hash.contains(code.as_str())));
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_second_factor_is_closed_with_password_and_code_and_its_owner_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (bench, app, _) = with_factor(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    commands::archive_app(rig, owner, bench.app, "Glow")
        .await
        .unwrap();
    for code in ["", "000000"] {
        let wrong = commands::close_account(rig, owner, given(code)).await;
        assert_eq!(wrong.unwrap_err().problems()[0].field, "code", "{code}");
    }
    commands::close_account(rig, owner, given(&shows(&app, rig)))
        .await
        .unwrap();
    let told = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("account_closed"))
        .all(rig.database.read())
        .await
        .unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].to_address, "olga@example.org");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_asked_for_with_password_and_code(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (bench, app, _) = with_factor(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let asks =
        async |code: &str| commands::change_email(rig, owner, "new@example.org", given(code)).await;
    for code in ["", "000000"] {
        assert_eq!(asks(code).await.unwrap_err().problems()[0].field, "code");
    }
    asks(&shows(&app, rig)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_turned_off_with_password_and_code_alone() {
    let (bench, app, codes) = with_factor(Engine::Sqlite).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let again = commands::begin_second_factor(rig, owner, PASSWORD).await;
    assert!(again.is_err());
    let code = shows(&app, rig);
    let wrong = commands::end_second_factor(rig, owner, "not hers", &code).await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "password");
    let wrong = commands::end_second_factor(rig, owner, PASSWORD, "000000").await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "code");
    commands::end_second_factor(rig, owner, PASSWORD, &codes[0])
        .await
        .unwrap();
    let entered = password_given(&bench, "192.0.2.7").await;
    assert!(!entered.asks_code);
    let left = rows::Entity::find().count(rig.database.read());
    assert_eq!(left.await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_shown_counts_after_a_first_code_and_not_for_ever() {
    let bench = Bench::open(Engine::Sqlite).await;
    bench.give_password().await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let unbegun = commands::confirm_second_factor(rig, owner, "123456").await;
    assert!(unbegun.is_err());
    commands::begin_second_factor(rig, owner, PASSWORD)
        .await
        .unwrap();
    let entered = password_given(&bench, "192.0.2.7").await;
    assert!(!entered.asks_code);
    let SecondFactor::Waits(pair) = own_second_factor(rig, owner).await.unwrap() else {
        panic!("no key is shown");
    };
    rig.clock.pass(Duration::minutes(61));
    let late = commands::confirm_second_factor(rig, owner, &shows(&app(&pair.key), rig)).await;
    assert_eq!(late.unwrap_err().problems()[0].field, "code");
    let stands = own_second_factor(rig, owner).await.unwrap();
    assert_eq!(stands, SecondFactor::Off);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_resets_the_second_factor_of_somebody_else_with_a_reason(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (bench, app, _) = with_factor(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let attempt = password_given(&bench, "192.0.2.7").await;
    code_given(&bench, &attempt, &shows(&app, rig))
        .await
        .unwrap();
    let admin = story::person(rig, "dana", &[Role::Admin]).await;
    let view = admin_person(rig, &admin, owner.person).await.unwrap();
    assert!(view.second_factor);
    let reset = async |by: &Caller, reason: &str| {
        commands::reset_second_factor(rig, by, owner.person, view.version, reason).await
    };
    let refused = reset(&bench.stranger, "She lost her phone").await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden { .. } | Error::NotFound)
    ));
    assert!(reset(&admin, "").await.is_err());
    reset(&admin, "She lost her phone").await.unwrap();
    let signed_in = sessions::Entity::find().count(rig.database.read());
    assert_eq!(signed_in.await.unwrap(), 0);
    assert!(!password_given(&bench, "192.0.2.7").await.asks_code);
    let told = letters(&bench).await;
    assert_eq!(told.last().unwrap(), "Your second factor was reset");
    let event = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("second_factor_reset"))
        .one(rig.database.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(event.reason, "She lost her phone");
}
