//! Passkeys: added, used alone and after the password, refused, removed.

use crate::support::{
    bench::{Bench, PASSWORD},
    passkey::{Authenticator, BROWSER, ORIGIN, asks, signs},
    *,
};
use casework::{
    Parts,
    accounts::{
        self, Entered, Origin, Secrets, UsedBy, passkey_to_use, recovery_codes, why_no_passkeys,
    },
    commands::{self, passkey_to_make},
    entities::{audit_events, outbox, passkeys, people, recovery_codes as codes},
    queries::{
        SecondFactor, admin_people::admin_person, admin_settings::admin_settings, own_account,
        own_passkeys, own_second_factor, recovery_codes_left,
    },
    verification,
};
use futures_util::future::join;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use time::Duration;
use workflow::Role;

fn from(address: &str) -> Origin {
    Origin {
        address: address.to_owned(),
        user_agent: "a browser".to_owned(),
        session: None,
    }
}

/// A desk that is called by a name, and its people.
struct Named {
    bench: Bench,
    desk: Desk,
}

impl Named {
    async fn open(engine: Engine) -> Self {
        let bench = Bench::open(engine).await;
        bench.give_password().await;
        let desk = bench.rig.another_desk_of(called).await;
        Self { bench, desk }
    }

    /// The owner adds a passkey; answers it, and the recovery codes that were shown.
    async fn add(&self, name: &str) -> (Authenticator, Option<Vec<String>>) {
        let (desk, owner) = (&self.desk, &self.bench.owner);
        let secret = commands::begin_passkey(desk, owner, name, PASSWORD, BROWSER)
            .await
            .unwrap();
        let (options, _) = passkey_to_make(desk, owner, &secret, BROWSER)
            .await
            .unwrap()
            .unwrap();
        let (made, answer) = Authenticator::make(&options);
        let shown = commands::add_passkey(desk, owner, &secret, &answer, BROWSER)
            .await
            .unwrap();
        (made, shown.map(|secret| recovery_codes(secret.reveal())))
    }

    /// A challenge of the page of the sign-in: what names it, and what the browser is handed.
    async fn asked(&self) -> (String, String) {
        let origin = from("192.0.2.7");
        let secret = accounts::begin_passkey_sign_in(&self.desk, &origin, BROWSER)
            .await
            .unwrap();
        let options = passkey_to_use(&self.desk, &secret, BROWSER).await.unwrap();
        (secret, options.unwrap())
    }

    /// The same after the password of the owner.
    async fn asked_after_password(&self) -> (String, String) {
        let (origin, attempt) = (from("192.0.2.7"), self.password_given().await);
        assert!(attempt.asks_code);
        let secret = accounts::begin_passkey_code(&self.desk, &attempt, &origin, BROWSER)
            .await
            .unwrap();
        let options = passkey_to_use(&self.desk, &secret, BROWSER).await.unwrap();
        (secret, options.unwrap())
    }

    async fn password_given(&self) -> Entered {
        accounts::sign_in(&self.desk, "olga", PASSWORD, &from("192.0.2.7"))
            .await
            .unwrap()
    }

    async fn enters(&self, secret: &str, answer: &str) -> casework::Result<String> {
        let origin = from("192.0.2.7");
        accounts::sign_in_passkey(&self.desk, secret, answer, &origin, BROWSER).await
    }

    /// The bodies of all events of this name.
    async fn events(&self, name: &str) -> Vec<Value> {
        audit_events::Entity::find()
            .filter(audit_events::Column::Name.eq(name))
            .order_by_asc(audit_events::Column::Seq)
            .all(self.desk.database.read())
            .await
            .unwrap()
            .into_iter()
            .map(|event| serde_json::from_str(&event.body).unwrap())
            .collect()
    }

    async fn letters(&self) -> Vec<String> {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq("account_second_factor"))
            .order_by_asc(outbox::Column::CreatedAt)
            .order_by_asc(outbox::Column::Id)
            .all(self.desk.database.read())
            .await
            .unwrap()
            .into_iter()
            .map(|letter| letter.subject)
            .collect()
    }

    /// What is refused on the one field that all of these have.
    async fn is_refused(&self, secret: &str, answer: &str, what: &str) {
        let refused = self.enters(secret, answer).await;
        let error = refused.expect_err(what);
        assert_eq!(error.problems()[0].field, "credential", "{what}");
    }
}

fn called(parts: Parts) -> Parts {
    Parts {
        base_url: ORIGIN.parse().unwrap(),
        ..parts
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_lets_in_by_itself_and_after_the_password_and_says_when(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let named = Named::open(engine).await;
    let (desk, owner) = (&named.desk, &named.bench.owner);
    let (mut key, shown) = named.add("Her laptop").await;
    let shown = shown.expect("recovery codes with the first second factor");
    assert_eq!(shown.len(), 10);
    let row = passkeys::Entity::find().one(desk.database.read()).await;
    let row = row.unwrap().unwrap();
    assert_eq!(row.public_key, hex::encode(key.cose()));
    assert_eq!((row.name.as_str(), row.used_at), ("Her laptop", None));
    let added = &named.events("passkey_added").await[0];
    assert_eq!(
        added["public_key_sha256"],
        trail::sha256(row.public_key.as_bytes())
    );

    let (secret, options) = named.asked().await;
    let entered = named.enters(&secret, &key.use_for(&options)).await.unwrap();
    let session = accounts::find_session(desk, &entered, UsedBy::Person).await;
    assert_eq!(session.unwrap().unwrap().caller.username, "olga");
    let seen = own_passkeys(desk, owner).await.unwrap();
    assert!(seen[0].used.is_some_and(|used| used > seen[0].made));

    let (secret, options) = named.asked_after_password().await;
    let told: Value = serde_json::from_str(&options).unwrap();
    // By a text, as browsers read it.
    assert!(told["allowCredentials"][0]["id"].is_string(), "{options}");
    named.enters(&secret, &key.use_for(&options)).await.unwrap();
    let attempt = named.password_given().await;
    accounts::sign_in_code(desk, &attempt, &shown[4], &from("192.0.2.7"))
        .await
        .unwrap();
    let with: Vec<Value> = named
        .events("signed_in")
        .await
        .into_iter()
        .map(|body| body["with"].clone())
        .collect();
    assert_eq!(with, ["passkey", "password and passkey", "recovery_code"]);

    // A second one makes no other recovery codes.
    let (_, none) = named.add("Her phone").await;
    assert_eq!(none, None);
    assert_eq!(recovery_codes_left(desk, owner).await.unwrap(), Some(9));
    assert_eq!(
        named.letters().await,
        [
            "A passkey was added to your account",
            "A recovery code was used",
            "A passkey was added to your account"
        ]
    );
    let verified = verification::verify(&desk.database, None).await.unwrap();
    assert_eq!(verified.fault, None);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_taken_once_from_the_browser_that_was_asked_and_within_five_minutes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let named = Named::open(engine).await;
    let desk = &named.desk;
    let (mut key, _) = named.add("Her laptop").await;

    let (secret, options) = named.asked().await;
    let answer = key.use_for(&options);
    let elsewhere = from("192.0.2.7");
    let other = accounts::sign_in_passkey(desk, &secret, &answer, &elsewhere, "another browser");
    assert_eq!(
        other.await.unwrap_err().problems()[0].field,
        "credential",
        "another browser"
    );
    let (one, other) = join(
        named.enters(&secret, &answer),
        named.enters(&secret, &answer),
    )
    .await;
    assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    named.is_refused(&secret, &answer, "used before").await;

    // What was refused is used up, too.
    let (secret, options) = named.asked().await;
    let (_, another) = named.asked().await;
    let wrong = key.use_for(&another);
    named.is_refused(&secret, &wrong, "another challenge").await;
    let right = key.use_for(&options);
    named.is_refused(&secret, &right, "after a refusal").await;

    let (secret, options) = named.asked().await;
    named.bench.rig.clock.pass(Duration::minutes(5));
    let late = key.use_for(&options);
    named.is_refused(&secret, &late, "too late").await;
    let waits = passkey_to_use(desk, &secret, BROWSER).await.unwrap();
    assert_eq!(waits, None);

    // The same of adding one, which nobody else does with it.
    let (owner, stranger) = (&named.bench.owner, &named.bench.stranger);
    let begun = commands::begin_passkey(desk, owner, "Her phone", PASSWORD, BROWSER);
    let secret = begun.await.unwrap();
    let seen = passkey_to_make(desk, stranger, &secret, BROWSER).await;
    assert_eq!(seen.unwrap(), None);
    let seen = passkey_to_make(desk, owner, &secret, "another browser").await;
    assert_eq!(seen.unwrap(), None);
    let (options, _) = passkey_to_make(desk, owner, &secret, BROWSER)
        .await
        .unwrap()
        .unwrap();
    let (_, answer) = Authenticator::make(&options);
    let other = commands::add_passkey(desk, stranger, &secret, &answer, BROWSER).await;
    assert_eq!(other.unwrap_err().problems()[0].field, "credential");
    let again = commands::add_passkey(desk, owner, &secret, &answer, BROWSER).await;
    assert_eq!(again.unwrap_err().problems()[0].field, "credential");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_does_not_fit_lets_nobody_in_and_the_trail_says_why(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let named = Named::open(engine).await;
    let (desk, owner) = (&named.desk, &named.bench.owner);
    let (mut key, _) = named.add("Her laptop").await;

    type Bent = fn(&mut Authenticator);
    let bend: [(&str, Bent); 4] = [
        ("another site's", |key| {
            key.origin = "http://localhost:4000".to_owned();
        }),
        ("another site's", |key| {
            key.origin = "http://desk.example.org".to_owned();
        }),
        ("another site's", |key| {
            key.site = Some("desk.example.org".to_owned());
        }),
        ("holder not verified", |key| key.verifies = false),
    ];
    for (why, bend) in bend {
        let (secret, options) = named.asked().await;
        bend(&mut key);
        let answer = key.use_for(&options);
        named.is_refused(&secret, &answer, why).await;
        let told = named.events("passkey_failed").await;
        assert_eq!(told.last().unwrap()["why"], why);
        (key.origin, key.site, key.verifies) = (ORIGIN.to_owned(), None, true);
    }
    for answer in ["", "{}", "[1]", "no JSON"] {
        let (secret, _) = named.asked().await;
        let refused = named.enters(&secret, answer).await;
        assert!(matches!(refused, Err(Error::Malformed)), "{answer}");
    }

    // Whose it is follows from the key, not from what it says; and after a password only that
    // person's will do.
    for handle in ["AAAAAAAAAAAAAAAAAAAAAA".into(), Value::Null] {
        let (secret, options) = named.asked().await;
        let mut answer: Value = serde_json::from_str(&key.use_for(&options)).unwrap();
        answer["response"]["userHandle"] = handle;
        named
            .is_refused(&secret, &answer.to_string(), "says another person, or none")
            .await;
    }
    let (secret, options) = named.asked_after_password().await;
    give_to(desk, named.bench.stranger.person).await;
    let answer = key.use_for(&options);
    named.is_refused(&secret, &answer, "another's").await;
    give_to(desk, owner.person).await;

    let (secret, options) = named.asked().await;
    let row = people::Entity::find_by_id(owner.person.0).one(desk.database.read());
    let version = u64::try_from(row.await.unwrap().unwrap().version).unwrap();
    let admin = story::person(desk, "dana", &[Role::Admin]).await;
    commands::disable_person(desk, &admin, owner.person, version, "Left")
        .await
        .unwrap();
    let answer = key.use_for(&options);
    named.is_refused(&secret, &answer, "disabled").await;
    commands::enable_person(desk, &admin, owner.person, version + 1, "Back")
        .await
        .unwrap();

    let (secret, options) = named.asked().await;
    let id = own_passkeys(desk, owner).await.unwrap()[0].id;
    commands::remove_passkey(desk, owner, id, PASSWORD)
        .await
        .unwrap();
    let answer = key.use_for(&options);
    named.is_refused(&secret, &answer, "removed").await;
}

/// Writes down, past everything, whose the passkey is.
async fn give_to(desk: &Desk, person: PersonId) {
    passkeys::Entity::update_many()
        .col_expr(
            passkeys::Column::PersonId,
            sea_orm::sea_query::Expr::value(person.0),
        )
        .exec(desk.database.write())
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_refused_and_its_owner_told_while_synced_passkeys_count_as_they_like(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let named = Named::open(engine).await;
    let (mut key, _) = named.add("Her laptop").await;
    let (secret, options) = named.asked().await;
    named.enters(&secret, &key.use_for(&options)).await.unwrap();
    let (secret, options) = named.asked().await;
    named
        .is_refused(&secret, &key.use_again(&options), "copied")
        .await;
    assert_eq!(
        named.letters().await.last().unwrap(),
        "A passkey of yours was refused"
    );
    // Nobody is locked out by it: the next one that counts on is taken.
    let (secret, options) = named.asked().await;
    named.enters(&secret, &key.use_for(&options)).await.unwrap();

    let (desk, owner) = (&named.desk, &named.bench.owner);
    let begun = commands::begin_passkey(desk, owner, "Synced", PASSWORD, BROWSER);
    let secret = begun.await.unwrap();
    let (options, _) = passkey_to_make(desk, owner, &secret, BROWSER)
        .await
        .unwrap()
        .unwrap();
    let (mut synced, _) = Authenticator::make(&options);
    (synced.synced, synced.counter) = (true, 7);
    let answer = synced.enrols(&serde_json::from_str(&options).unwrap());
    commands::add_passkey(desk, owner, &secret, &answer, BROWSER)
        .await
        .unwrap();
    assert!(own_passkeys(desk, owner).await.unwrap()[1].synced);
    for counter in [9, 3, 3, 0] {
        synced.counter = counter;
        let (secret, options) = named.asked().await;
        let entered = named.enters(&secret, &synced.use_again(&options)).await;
        assert!(entered.is_ok(), "{counter}: {entered:?}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_second_factor_is_on_as_long_as_any_of_it_is_left(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let named = Named::open(engine).await;
    let (desk, owner) = (&named.desk, &named.bench.owner);
    let (_, shown) = named.add("Her laptop").await;
    commands::begin_second_factor(desk, owner, PASSWORD)
        .await
        .unwrap();
    let SecondFactor::Waits(pair) = own_second_factor(desk, owner).await.unwrap() else {
        panic!("no key is shown");
    };
    let key = totp_rs::Secret::try_from_base32(pair.key.replace(' ', "")).unwrap();
    let app = totp_rs::Builder::new().with_secret(key).build().unwrap();
    let seconds = u64::try_from(desk.now().micros() / 1_000_000).unwrap();
    let code = app.generate(seconds).to_string();
    let made = commands::confirm_second_factor(desk, owner, &code).await;
    let codes_now = recovery_codes(made.unwrap().reveal());
    assert_ne!(shown, Some(codes_now.clone()));
    // The app goes, the passkey stays.
    commands::end_second_factor(desk, owner, PASSWORD, &codes_now[0])
        .await
        .unwrap();
    assert!(named.password_given().await.asks_code);
    assert_eq!(recovery_codes_left(desk, owner).await.unwrap(), Some(9));
    let made = commands::renew_recovery_codes(desk, owner, PASSWORD).await;
    let renewed = recovery_codes(made.unwrap().reveal());
    let attempt = named.password_given().await;
    let origin = from("192.0.2.7");
    let old = accounts::sign_in_code(desk, &attempt, &codes_now[1], &origin).await;
    assert!(old.is_err());
    accounts::sign_in_code(desk, &attempt, &renewed[1], &origin)
        .await
        .unwrap();
    // The last one takes the codes with it.
    let id = own_passkeys(desk, owner).await.unwrap()[0].id;
    let wrong = commands::remove_passkey(desk, owner, id, "not hers").await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "password");
    commands::remove_passkey(desk, owner, id, PASSWORD)
        .await
        .unwrap();
    assert!(!named.password_given().await.asks_code);
    let left = codes::Entity::find().count(desk.database.read());
    assert_eq!(left.await.unwrap(), 0);
    let none = commands::renew_recovery_codes(desk, owner, PASSWORD).await;
    assert!(none.is_err());
    assert_eq!(
        named.letters().await,
        [
            "A passkey was added to your account",
            "Your second factor is on",
            "Your authenticator app is off",
            "You have new recovery codes",
            "A recovery code was used",
            "A passkey was removed from your account"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_reset_and_the_end_of_an_account_take_passkeys_with_them() {
    let named = Named::open(Engine::Sqlite).await;
    let (desk, owner) = (&named.desk, &named.bench.owner);
    let admin = story::person(desk, "dana", &[Role::Admin]).await;
    let (mut key, _) = named.add("Her laptop").await;
    let view = admin_person(desk, &admin, owner.person).await.unwrap();
    assert!(view.second_factor);
    commands::reset_second_factor(desk, &admin, owner.person, view.version, "She lost it")
        .await
        .unwrap();
    assert_eq!(own_passkeys(desk, owner).await.unwrap(), []);
    let (secret, options) = named.asked().await;
    let answer = key.use_for(&options);
    named.is_refused(&secret, &answer, "reset").await;

    let (_, codes) = named.add("Her phone").await;
    let codes = codes.unwrap();
    commands::archive_app(desk, owner, named.bench.app, "Glow")
        .await
        .unwrap();
    let given = Secrets {
        password: PASSWORD,
        code: &codes[0],
    };
    commands::close_account(desk, owner, given).await.unwrap();
    let left = passkeys::Entity::find().count(desk.database.read());
    assert_eq!(left.await.unwrap(), 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn staff_who_need_a_second_factor_have_one_in_a_passkey(
    #[values("the configuration", "an admin")] who_asks: &str,
) {
    let named = Named::open(Engine::Sqlite).await;
    named
        .bench
        .rig
        .sql("UPDATE people SET roles = 'developer,reviewer,admin' WHERE username = 'olga'")
        .await
        .unwrap();
    let strict = named
        .bench
        .rig
        .another_desk_of(|parts| Parts {
            second_factor_for_staff: who_asks == "the configuration",
            ..called(parts)
        })
        .await;
    if who_asks == "an admin" {
        let admin = Caller {
            roles: [Role::Admin].into(),
            ..named.bench.owner.clone()
        };
        let key = "staff_second_factor";
        let views = admin_settings(&strict, &admin).await.unwrap();
        let seen = views.into_iter().find(|view| view.setting.key == key);
        let seen = seen.unwrap().seen;
        commands::set_setting(
            &strict,
            &admin,
            key,
            "necessary",
            "",
            "A rule of ours",
            &seen,
        )
        .await
        .unwrap();
    }
    let must = async |secret: &str| {
        let session = accounts::find_session(&strict, secret, UsedBy::Page).await;
        session.unwrap().unwrap().must_set_up
    };
    let entered = named.password_given().await;
    assert!(must(&entered).await);
    let (mut key, _) = named.add("Her laptop").await;
    assert!(!must(&entered).await);
    let (secret, options) = named.asked().await;
    let by_key = named.enters(&secret, &key.use_for(&options)).await.unwrap();
    let id = own_passkeys(&strict, &named.bench.owner).await.unwrap()[0].id;
    commands::remove_passkey(&strict, &named.bench.owner, id, PASSWORD)
        .await
        .unwrap();
    assert!(must(&by_key).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_are_named_by_their_owner_and_are_nobody_elses() {
    let named = Named::open(Engine::Sqlite).await;
    let (desk, bench) = (&named.desk, &named.bench);
    let (owner, stranger) = (&bench.owner, &bench.stranger);
    let begin = async |desk: &Desk, name: &str, password: &str| {
        commands::begin_passkey(desk, owner, name, password, BROWSER).await
    };
    let error = begin(desk, " ", PASSWORD).await.unwrap_err();
    assert_eq!(error.problems()[0].field, "name");
    let error = begin(desk, "Her laptop", "not hers").await.unwrap_err();
    assert_eq!(error.problems()[0].field, "password");
    // Where the desk is reached by numbers it says so, and makes no challenge.
    assert_eq!(why_no_passkeys(desk), None);
    let why = why_no_passkeys(&bench.rig).expect("reached by numbers");
    let error = begin(&bench.rig, "Her laptop", PASSWORD).await.unwrap_err();
    assert_eq!(error.to_string(), why);
    let origin = from("192.0.2.7");
    let visitor = accounts::begin_passkey_sign_in(&bench.rig, &origin, BROWSER).await;
    assert_eq!(visitor.unwrap_err().to_string(), why);

    let (key, _) = named.add("Her laptop").await;
    assert_eq!(own_account(desk, owner, None).await.unwrap().passkeys, 1);
    let id = own_passkeys(desk, owner).await.unwrap()[0].id;
    for other in [
        commands::rename_passkey(desk, stranger, id, "Mine").await,
        // Somebody without a password is refused before.
        commands::rename_passkey(desk, owner, new_id(), "Mine").await,
    ] {
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    }
    commands::rename_passkey(desk, owner, id, "Her old laptop")
        .await
        .unwrap();
    assert_eq!(
        own_passkeys(desk, owner).await.unwrap()[0].name,
        "Her old laptop"
    );
    assert_eq!(
        named.letters().await.last().unwrap(),
        "A passkey has another name"
    );
    // The same key is not added twice, whatever a browser lets through.
    let secret = begin(desk, "Again", PASSWORD).await.unwrap();
    let (options, _) = passkey_to_make(desk, owner, &secret, BROWSER)
        .await
        .unwrap()
        .unwrap();
    assert!(options.contains("excludeCredentials\":[{"), "{options}");
    let answer = key.enrols(&serde_json::from_str(&options).unwrap());
    let twice = commands::add_passkey(desk, owner, &secret, &answer, BROWSER).await;
    assert_eq!(twice.unwrap_err().problems()[0].field, "credential");
    assert_eq!(own_passkeys(desk, owner).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_alone_confirms_another_address_and_the_closing_of_the_account(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    const NEW: &str = "new@example.org";
    let named = Named::open(engine).await;
    let (mut key, _) = named.add("Her phone").await;
    let (desk, owner) = (&named.desk, &named.bench.owner);
    let change =
        async |desk: &Desk| commands::change_email(desk, owner, NEW, Secrets::default()).await;
    // Being asked changes nothing, and takes nothing of what one may do a day.
    for _ in 0..6 {
        asks(desk, owner, change).await;
        named.bench.rig.clock.pass(Duration::minutes(20));
    }
    let account = own_account(desk, owner, None).await.unwrap();
    assert_eq!(account.email_change, None);
    // What was signed for one address is not for another.
    let (secret, options) = asks(desk, owner, change).await;
    let answer = key.use_for(&options);
    let answered = accounts::answered(desk, owner, &secret, &answer, BROWSER).await;
    let (_, signed) = answered.unwrap();
    let elsewhere = "elsewhere@example.org";
    let moved = commands::change_email(&signed, owner, elsewhere, Secrets::default()).await;
    assert!(matches!(moved, Err(Error::Conflict { .. })), "{moved:?}");

    signs(desk, owner, &mut key, change).await.unwrap();
    let account = own_account(desk, owner, None).await.unwrap();
    assert_eq!(account.email_change.unwrap().email, NEW);
    let said = named.events("email_change_asked").await;
    assert_eq!(said.last().unwrap()["confirmed_with"], "passkey");

    commands::archive_app(desk, owner, named.bench.app, "Glow")
        .await
        .unwrap();
    let close = async |desk: &Desk| commands::close_account(desk, owner, Secrets::default()).await;
    signs(desk, owner, &mut key, close).await.unwrap();
    let said = named.events("account_closed").await;
    assert_eq!(said[0]["confirmed_with"], "passkey");
}
