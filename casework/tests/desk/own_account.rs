//! What people do with their own account: sessions, names, the password.

use crate::support::{
    bench::{Bench, PASSWORD},
    *,
};
use casework::{
    accounts::{self, Origin, Registration, Session, UsedBy},
    commands,
    entities::{audit_events, outbox},
    post::{LetterKind, Way},
    queries::{OwnAccount, own_account},
    verification,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::collections::{BTreeMap, BTreeSet};

const NEW: &str = "seven quiet rivers";

fn from(agent: &str, address: &str) -> Origin {
    Origin {
        address: address.to_owned(),
        user_agent: agent.to_owned(),
        session: None,
    }
}

async fn opened(engine: Engine) -> Bench {
    let bench = Bench::open(engine).await;
    bench.give_password().await;
    bench
}

async fn enters(bench: &Bench, name: &str, password: &str) -> casework::Result<String> {
    let origin = from("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "192.0.2.7");
    let entered = accounts::sign_in(&bench.rig, name, password, &origin).await?;
    Ok(entered.to_string())
}

async fn session(bench: &Bench, secret: &str) -> Option<Session> {
    accounts::find_session(&bench.rig, secret, UsedBy::Page)
        .await
        .unwrap()
}

async fn account(bench: &Bench, own: Option<&str>) -> OwnAccount {
    own_account(&bench.rig, &bench.owner, own).await.unwrap()
}

async fn events(bench: &Bench, name: &str) -> u64 {
    audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq(name))
        .count(bench.rig.database.read())
        .await
        .unwrap()
}

fn fields(error: &Error) -> Vec<&str> {
    let problems = error.problems().iter();
    problems.map(|problem| problem.field.as_str()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_told_by_device_and_network_and_ended_one_by_one_or_all_others(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = opened(engine).await;
    let mut secrets = Vec::new();
    for _ in 0..4 {
        secrets.push(enters(&bench, "olga", PASSWORD).await.unwrap());
    }
    let own = secrets[0].as_str();
    let seen = account(&bench, Some(own)).await.sessions;
    assert_eq!(seen.len(), 4);
    assert_eq!(seen.iter().filter(|one| one.is_this).count(), 1);
    assert!(seen.iter().all(|one| one.device == "Firefox on Linux"));
    assert!(seen.iter().all(|one| one.place == "network 192.0.2.*"));
    // By another's hand nothing ends.
    let other = seen.iter().find(|one| !one.is_this).unwrap();
    let refused = commands::end_session(&bench.rig, &bench.stranger, &other.name).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    commands::end_session(&bench.rig, &bench.owner, &other.name)
        .await
        .unwrap();
    assert_eq!(account(&bench, Some(own)).await.sessions.len(), 3);
    let again = commands::end_session(&bench.rig, &bench.owner, &other.name).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let ended = commands::end_other_sessions(&bench.rig, &bench.owner, Some(own))
        .await
        .unwrap();
    assert_eq!(ended, 2);
    assert!(session(&bench, own).await.is_some());
    for secret in &secrets[1..] {
        assert!(session(&bench, secret).await.is_none());
    }
    assert_eq!(events(&bench, "session_ended").await, 1);
    assert_eq!(events(&bench, "sessions_ended").await, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_username_that_was_left_lets_nobody_in_and_is_given_to_nobody_else(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = opened(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    for taken in ["stella", "STELLA"] {
        let refused = commands::change_username(rig, owner, taken, PASSWORD).await;
        assert_eq!(fields(&refused.unwrap_err()), ["username"], "{taken}");
    }
    let refused = commands::change_username(rig, owner, "olga-b", "not hers").await;
    assert_eq!(fields(&refused.unwrap_err()), ["password"]);
    commands::change_username(rig, owner, "olga-b", PASSWORD)
        .await
        .unwrap();
    assert!(enters(&bench, "olga", PASSWORD).await.is_err());
    enters(&bench, "olga-b", PASSWORD).await.unwrap();
    // Neither a newcomer nor somebody who is here gets it; she can have it back.
    let newcomer = Registration {
        name: "Somebody Else".to_owned(),
        organisation: String::new(),
        username: "Olga".to_owned(),
        email: "somebody@example.org".to_owned(),
        password: NEW.to_owned(),
        agreement: Some(1),
    };
    let refused = accounts::register(rig, newcomer, "::1").await;
    assert_eq!(fields(&refused.unwrap_err()), ["username"]);
    commands::change_username(rig, owner, "olga", PASSWORD)
        .await
        .unwrap();
    enters(&bench, "olga", PASSWORD).await.unwrap();
    let verified = verification::verify(&rig.database, None).await.unwrap();
    assert_eq!(verified.fault, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_organisation_are_bounded_and_what_they_were_stands_in_the_trail() {
    let bench = opened(Engine::Sqlite).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let long = "x".repeat(201);
    let refused = commands::change_profile(rig, owner, "", &long).await;
    assert_eq!(fields(&refused.unwrap_err()), ["name", "organisation"]);
    commands::change_profile(rig, owner, "Olga Berg", "Berg & Co")
        .await
        .unwrap();
    let seen = account(&bench, None).await;
    assert_eq!(seen.name, "Olga Berg");
    assert_eq!(seen.organisation, "Berg & Co");
    let event = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("profile_changed"))
        .one(rig.database.read())
        .await
        .unwrap()
        .unwrap();
    assert!(event.body.contains("Olga Berg"), "{}", event.body);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_asks_for_the_present_one_and_ends_all_but_the_session_that_set_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = opened(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let own = enters(&bench, "olga", PASSWORD).await.unwrap();
    let other = enters(&bench, "olga", PASSWORD).await.unwrap();
    let change = async |present: &str, new: &str| {
        commands::change_password(rig, owner, present, new, Some(&own)).await
    };
    let refused = change("not hers", NEW).await.unwrap_err();
    assert_eq!(fields(&refused), ["password"]);
    for weak in ["short", PASSWORD] {
        let refused = change(PASSWORD, weak).await.unwrap_err();
        assert_eq!(fields(&refused), ["new_password"], "{weak}");
    }
    change(PASSWORD, NEW).await.unwrap();
    assert!(session(&bench, &own).await.is_some());
    assert!(session(&bench, &other).await.is_none());
    assert!(enters(&bench, "olga", PASSWORD).await.is_err());
    enters(&bench, "olga", NEW).await.unwrap();
    let letters = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("account_password_changed"))
        .count(rig.database.read())
        .await
        .unwrap();
    assert_eq!(letters, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn letters_that_somebody_does_without_are_not_written_to_them_and_others_are(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let never = |kinds: &[LetterKind]| -> BTreeMap<LetterKind, Way> {
        kinds.iter().map(|kind| (*kind, Way::Never)).collect()
    };
    commands::choose_letters(desk, &cast.owner, &never(&[LetterKind::Submitted]))
        .await
        .unwrap();
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    assert!(case.0 > 0);
    let of_owner = async |kind: &str| {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .filter(outbox::Column::PersonId.eq(cast.owner.person.0))
            .count(desk.database.read())
            .await
            .unwrap()
    };
    assert_eq!(of_owner("submitted").await, 0);
    assert_eq!(of_owner("clarification_requested").await, 1);
    let seen = own_account(desk, &cast.owner, None).await.unwrap().letters;
    assert_eq!(seen.never, BTreeSet::from([LetterKind::Submitted]));
    assert_eq!(seen.daily, BTreeSet::new());
    // What concerns our side alone is not chosen by a developer; what always comes, by nobody.
    commands::choose_letters(desk, &cast.owner, &never(LetterKind::ALL))
        .await
        .unwrap();
    let off = own_account(desk, &cast.owner, None)
        .await
        .unwrap()
        .letters
        .never;
    assert!(off.contains(&LetterKind::MemberJoined));
    assert!(!off.contains(&LetterKind::DueSoon) && !off.contains(&LetterKind::Approved));
    commands::choose_letters(desk, &cast.lead, &never(LetterKind::ALL))
        .await
        .unwrap();
    let off = own_account(desk, &cast.lead, None)
        .await
        .unwrap()
        .letters
        .never;
    assert!(off.contains(&LetterKind::DueSoon) && !off.contains(&LetterKind::Overdue));
    // What is not named stays.
    let daily = [(LetterKind::DueSoon, Way::Daily)].into();
    commands::choose_letters(desk, &cast.lead, &daily)
        .await
        .unwrap();
    let seen = own_account(desk, &cast.lead, None).await.unwrap().letters;
    assert_eq!(seen.daily, BTreeSet::from([LetterKind::DueSoon]));
    assert!(seen.never.contains(&LetterKind::Submitted));
    story.assert_sound().await;
}
