//! Another email address: both addresses confirm it, and nobody learns who has one.

use crate::support::{
    bench::{Bench, PASSWORD},
    *,
};
use casework::{
    accounts::{self, Origin},
    commands::{self, EmailConfirmed},
    entities::{email_changes, outbox, tokens},
    post,
    queries::{OwnAccount, own_account},
};
use sea_orm::{EntityTrait, PaginatorTrait};
use time::Duration;

const NEW: &str = "olga.berg@example.org";

async fn opened(engine: Engine) -> Bench {
    let bench = Bench::open(engine).await;
    bench.give_password().await;
    bench
}

async fn asks(bench: &Bench, email: &str) -> casework::Result<()> {
    commands::change_email(&bench.rig, &bench.owner, email, PASSWORD.into()).await
}

async fn account(bench: &Bench) -> OwnAccount {
    own_account(&bench.rig, &bench.owner, None).await.unwrap()
}

/// The letters to an address, opened, oldest first.
async fn letters_to(bench: &Bench, address: &str) -> Vec<outbox::Model> {
    let all = outbox::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    let mut found: Vec<outbox::Model> = all
        .into_iter()
        .filter(|letter| letter.to_address == address)
        .map(|letter| post::opened(&bench.rig, letter).unwrap())
        .collect();
    found.sort_by_key(|letter| letter.created_at);
    found
}

/// The secret of the link in the newest letter to an address.
async fn link(bench: &Bench, address: &str) -> String {
    let letter = letters_to(bench, address).await.pop().unwrap();
    let (_, rest) = letter.text.split_once("confirm?token=").unwrap();
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

async fn confirms(bench: &Bench, secret: &str) -> casework::Result<EmailConfirmed> {
    commands::confirm_email(&bench.rig, secret, &Origin::default()).await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_address_changes_when_both_have_confirmed_it_in_whichever_order(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values("olga@example.org", NEW)] first: &str,
) {
    let bench = opened(engine).await;
    asks(&bench, NEW).await.unwrap();
    let other = if first == NEW {
        "olga@example.org"
    } else {
        NEW
    };
    let (one, two) = (link(&bench, first).await, link(&bench, other).await);
    assert_eq!(confirms(&bench, &one).await.unwrap(), EmailConfirmed::Half);
    let again = confirms(&bench, &one).await;
    assert!(matches!(again, Err(Error::LinkExpired)));
    let half = account(&bench).await;
    assert_eq!(half.email, "olga@example.org");
    let change = half.email_change.unwrap();
    assert_eq!(change.email, NEW);
    assert_eq!(change.new_confirmed, first == NEW);
    assert_eq!(change.old_confirmed, first != NEW);
    assert_eq!(
        confirms(&bench, &two).await.unwrap(),
        EmailConfirmed::Changed
    );
    let whole = account(&bench).await;
    assert_eq!((whole.email.as_str(), whole.email_change), (NEW, None));
    // The address of before is told, and lets nobody in any more.
    let told = letters_to(&bench, "olga@example.org").await.pop().unwrap();
    assert_eq!(told.kind, "account_email_changed");
    let origin = Origin::default();
    let old = accounts::sign_in(&bench.rig, "olga@example.org", PASSWORD, &origin).await;
    assert!(old.is_err());
    accounts::sign_in(&bench.rig, NEW, PASSWORD, &origin)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_to_an_address_that_nobody_has_confirmed_holds_nobodys_words() {
    let bench = opened(Engine::Sqlite).await;
    commands::change_profile(
        &bench.rig,
        &bench.owner,
        "Ring Mortimer now",
        "Mortimer Inc",
    )
    .await
    .unwrap();
    asks(&bench, NEW).await.unwrap();
    let letter = letters_to(&bench, NEW).await.pop().unwrap();
    for text in [&letter.text, &letter.html, &letter.subject, &letter.to_name] {
        assert!(!text.contains("Mortimer"), "{text}");
        assert!(!text.contains("olga@"), "{text}");
    }
    // What waits in the outbox is no use to whoever reads the database.
    let rows = outbox::Entity::find().all(bench.rig.database.read()).await;
    assert!(rows.unwrap().iter().all(|row| !row.text.contains("token=")));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_is_answered_like_a_free_one_and_its_owner_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = opened(engine).await;
    asks(&bench, "Stella@example.org").await.unwrap();
    let told = letters_to(&bench, "stella@example.org").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, "account_already_registered");
    assert!(!told[0].text.contains("token="), "{}", told[0].text);
    let change = account(&bench).await.email_change.unwrap();
    assert_eq!(change.email, "Stella@example.org");
    let tokens = tokens::Entity::find()
        .count(bench.rig.database.read())
        .await
        .unwrap();
    assert_eq!(tokens, 2);
    let own = link(&bench, "olga@example.org").await;
    assert_eq!(confirms(&bench, &own).await.unwrap(), EmailConfirmed::Half);
    assert_eq!(account(&bench).await.email, "olga@example.org");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_ends_when_it_is_taken_back_or_overtaken_or_too_old_and_with_a_new_password() {
    let bench = opened(Engine::Sqlite).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let refused = async |secret: &str| {
        let answer = confirms(&bench, secret).await;
        assert!(matches!(answer, Err(Error::LinkExpired)), "{answer:?}");
    };
    asks(&bench, NEW).await.unwrap();
    let overtaken = link(&bench, NEW).await;
    asks(&bench, "another@example.org").await.unwrap();
    refused(&overtaken).await;
    let taken_back = link(&bench, "another@example.org").await;
    commands::cancel_email_change(rig, owner).await.unwrap();
    refused(&taken_back).await;
    let rows = email_changes::Entity::find().count(rig.database.read());
    assert_eq!(rows.await.unwrap(), 0);
    rig.clock.pass(Duration::hours(2));
    asks(&bench, NEW).await.unwrap();
    let old = link(&bench, NEW).await;
    rig.clock.pass(Duration::hours(25));
    refused(&old).await;
    assert_eq!(account(&bench).await.email_change, None);
    asks(&bench, NEW).await.unwrap();
    let before = link(&bench, NEW).await;
    commands::change_password(rig, owner, PASSWORD, "seven quiet rivers", None)
        .await
        .unwrap();
    refused(&before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wishes_for_another_address_are_limited_and_ask_for_the_password() {
    let bench = opened(Engine::Sqlite).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let wrong = commands::change_email(rig, owner, NEW, "not hers".into()).await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "password");
    let nowhere = commands::change_email(rig, owner, "nowhere", PASSWORD.into()).await;
    assert_eq!(nowhere.unwrap_err().problems()[0].field, "email");
    for _ in 0..3 {
        asks(&bench, NEW).await.unwrap();
    }
    // Three letters an hour to one address, whoever asks.
    let refused = asks(&bench, "another@example.org").await;
    assert!(
        matches!(refused, Err(Error::Throttled { .. })),
        "{refused:?}"
    );
    let told = letters_to(&bench, "another@example.org").await;
    assert_eq!(told.len(), 0);
}
