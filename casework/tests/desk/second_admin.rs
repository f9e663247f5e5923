//! Approver, Compliance and Admin are given by two admins; roles that undo the separation of duties
//! do not come together unremarked.

use crate::support::*;
use casework::{
    SecondAdmin,
    accounts::{self, NEED_A_SECOND_ADMIN, Origin},
    commands::{
        Given, Invitation, RoleChange, confirm_roles, disable_person, enable_person, invite_person,
        refuse_roles, set_roles,
    },
    entities::{audit_events, outbox, people, role_requests},
    queries::admin_people::{PeopleFilter, YouAndTheRequest, admin_people, admin_person},
    roles_from_words,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;

fn set(roles: &[Role]) -> BTreeSet<Role> {
    roles.iter().copied().collect()
}

async fn row(story: &Story, person: PersonId) -> people::Model {
    accounts::find(story.desk.database.read(), person)
        .await
        .unwrap()
}

async fn roles(story: &Story, person: PersonId) -> BTreeSet<Role> {
    roles_from_words(&row(story, person).await.roles)
}

async fn seen(story: &Story, person: PersonId) -> u64 {
    u64::try_from(row(story, person).await.version).unwrap()
}

async fn request(story: &Story, person: PersonId) -> Uuid {
    let view = admin_person(&story.desk, &story.cast.admin, person)
        .await
        .unwrap();
    view.request.unwrap().id
}

async fn change(
    story: &Story,
    admin: &Caller,
    person: PersonId,
    roles: &[Role],
    combination: &str,
) -> casework::Result<Given> {
    let change = RoleChange {
        roles: set(roles),
        reason: "They joined the team".to_owned(),
        combination: combination.to_owned(),
    };
    let seen = seen(story, person).await;
    set_roles(&story.desk, admin, person, &change, seen).await
}

fn invitation(username: &str, roles: &[Role]) -> Invitation {
    Invitation {
        name: "Second Account".to_owned(),
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        organisation: String::new(),
        roles: set(roles),
        combination: "We are three people.".to_owned(),
    }
}

async fn letters(story: &Story, kind: &str) -> Vec<String> {
    let found = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .all(story.desk.database.read())
        .await
        .unwrap();
    found.into_iter().map(|letter| letter.to_address).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_admin_alone_gives_none_of_the_guarded_roles_on_any_way(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let adam = &story.cast.admin;
    let eve = story.person("eve", &[Role::Admin]).await;
    for role in NEED_A_SECOND_ADMIN {
        // By a change of roles.
        let person = story
            .person(&format!("a-{}", role.word()), &[Role::Developer])
            .await;
        let id = person.person;
        let asked = change(&story, adam, id, &[Role::Developer, *role], "Small desk").await;
        assert_eq!(asked.unwrap(), Given::Waits, "{role:?}");
        assert_eq!(roles(&story, id).await, set(&[Role::Developer]));
        let waiting = request(&story, id).await;
        let own = confirm_roles(&story.desk, adam, waiting).await;
        assert_eq!(own.unwrap_err().problems()[0].field, "request");
        let no_admin = confirm_roles(&story.desk, &story.cast.lead, waiting).await;
        assert!(matches!(no_admin, Err(Error::Forbidden { .. })));
        assert_eq!(roles(&story, id).await, set(&[Role::Developer]));
        confirm_roles(&story.desk, &eve, waiting).await.unwrap();
        assert_eq!(roles(&story, id).await, set(&[Role::Developer, *role]));
        // Once.
        let again = confirm_roles(&story.desk, &eve, waiting).await;
        assert!(matches!(again, Err(Error::Conflict { .. })));

        // By an invitation: no letter and no roles until it is confirmed.
        let new = invitation(&format!("b-{}", role.word()), &[*role, Role::Developer]);
        let address = new.email.clone();
        let invited = invite_person(&story.desk, adam, new).await.unwrap();
        assert_eq!(invited.given, Given::Waits);
        assert_eq!(roles(&story, invited.person).await, BTreeSet::new());
        assert!(
            !letters(&story, "account_invitation")
                .await
                .contains(&address)
        );
        let waiting = request(&story, invited.person).await;
        assert!(confirm_roles(&story.desk, adam, waiting).await.is_err());
        confirm_roles(&story.desk, &eve, waiting).await.unwrap();
        assert!(
            letters(&story, "account_invitation")
                .await
                .contains(&address)
        );
        assert!(roles(&story, invited.person).await.contains(role));

        // By enabling an account that holds it.
        let version = seen(&story, id).await;
        disable_person(&story.desk, adam, id, version, "On leave")
            .await
            .unwrap();
        let version = seen(&story, id).await;
        let asked = enable_person(&story.desk, adam, id, version, "Back again").await;
        assert_eq!(asked.unwrap(), Given::Waits);
        assert!(row(&story, id).await.disabled_at.is_some());
        let waiting = request(&story, id).await;
        assert!(confirm_roles(&story.desk, adam, waiting).await.is_err());
        confirm_roles(&story.desk, &eve, waiting).await.unwrap();
        assert_eq!(row(&story, id).await.disabled_at, None);
    }
    // The other admin was told each time, and who asked was not.
    let told = letters(&story, "account_second_admin").await;
    assert!(told.iter().all(|to| to != "adam@example.org"), "{told:?}");
    assert!(told.contains(&"eve@example.org".to_owned()));
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_it_is_about_does_not_confirm_it() {
    let story = Story::begin(Engine::Sqlite).await;
    let eve = story.person("eve", &[Role::Admin, Role::Developer]).await;
    story.person("olaf", &[Role::Admin]).await;
    let asked = change(
        &story,
        &story.cast.admin,
        eve.person,
        &[Role::Admin, Role::Compliance],
        "Because",
    )
    .await;
    assert_eq!(asked.unwrap_err().problems()[0].field, "roles");
    let version = seen(&story, eve.person).await;
    disable_person(&story.desk, &story.cast.admin, eve.person, version, "Away")
        .await
        .unwrap();
    let version = seen(&story, eve.person).await;
    enable_person(&story.desk, &story.cast.admin, eve.person, version, "Back")
        .await
        .unwrap();
    let waiting = request(&story, eve.person).await;
    let own = confirm_roles(&story.desk, &eve, waiting).await;
    assert!(own.unwrap_err().to_string().contains("your own account"));
    let view = admin_person(&story.desk, &eve, eve.person).await.unwrap();
    assert_eq!(view.request.unwrap().you, YouAndTheRequest::AreConcerned);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_ends_with_its_time_its_asker_or_another_change() {
    let story = Story::begin(Engine::Sqlite).await;
    let adam = &story.cast.admin;
    let eve = story.person("eve", &[Role::Admin]).await;
    let olaf = story.person("olaf", &[Role::Admin]).await;
    let rosa = story.cast.reviewer.person;
    let ask = async || {
        let asked = change(&story, &eve, rosa, &[Role::Reviewer, Role::Approver], "Few").await;
        assert_eq!(asked.unwrap(), Given::Waits);
        request(&story, rosa).await
    };
    // Another change of the same person.
    let overtaken = ask().await;
    change(&story, adam, rosa, &[Role::Reviewer, Role::Lead], "")
        .await
        .unwrap();
    let late = confirm_roles(&story.desk, adam, overtaken).await;
    assert!(matches!(late, Err(Error::Conflict { .. })));
    // Another request about the same person.
    let first = ask().await;
    let second = ask().await;
    let late = confirm_roles(&story.desk, adam, first).await;
    assert!(matches!(late, Err(Error::Conflict { .. })));
    // Refused; whoever asked takes it back the same way.
    let refused = refuse_roles(&story.desk, adam, second, "").await;
    assert_eq!(refused.unwrap_err().problems()[0].field, "reason");
    refuse_roles(&story.desk, adam, second, "Not needed")
        .await
        .unwrap();
    let third = ask().await;
    refuse_roles(&story.desk, &eve, third, "A slip")
        .await
        .unwrap();
    assert!(confirm_roles(&story.desk, adam, third).await.is_err());
    // Whoever asked is no admin any more.
    let fourth = ask().await;
    let version = seen(&story, eve.person).await;
    disable_person(&story.desk, &olaf, eve.person, version, "Left")
        .await
        .unwrap();
    let refused = confirm_roles(&story.desk, adam, fourth).await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("no admin any more")
    );
    story.clock.pass(Duration::days(15));
    let late = confirm_roles(&story.desk, adam, fourth).await;
    assert!(matches!(late, Err(Error::Conflict { .. })));
    assert!(!roles(&story, rosa).await.contains(&Role::Approver));
    let all = admin_people(&story.desk, adam, PeopleFilter::default())
        .await
        .unwrap();
    assert_eq!(all.requests, []);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_at_once_one_changes_a_person_and_one_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let eve = story.person("eve", &[Role::Admin]).await;
    let admins = [&story.cast.admin, &eve];
    for round in 0..12 {
        let person = story.person(&format!("p{round}"), &[Role::Developer]).await;
        let version = seen(&story, person.person).await;
        let wanted = [Role::Reviewer, Role::Lead];
        let attempts = admins.iter().zip(wanted).map(|(admin, role)| {
            let change = RoleChange {
                roles: set(&[role]),
                reason: "At once".to_owned(),
                combination: String::new(),
            };
            let story = &story;
            async move { set_roles(&story.desk, admin, person.person, &change, version).await }
        });
        let answers = futures_util::future::join_all(attempts).await;
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        let told = answers
            .iter()
            .filter(|answer| matches!(answer, Err(Error::Conflict { .. })))
            .count();
        assert_eq!((won, told), (1, 1), "{answers:?}");
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::Name.eq("roles_set"))
            .filter(audit_events::Column::SubjectId.eq(person.person.to_string()))
            .count(story.desk.database.read())
            .await
            .unwrap();
        assert_eq!(events, 1);
    }
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_decided_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let story = Story::begin(engine).await;
    let eve = story.person("eve", &[Role::Admin]).await;
    let olaf = story.person("olaf", &[Role::Admin]).await;
    for round in 0..6 {
        let person = story
            .person(&format!("p{round}"), &[Role::Reviewer])
            .await
            .person;
        change(&story, &story.cast.admin, person, &[Role::Compliance], "")
            .await
            .unwrap();
        let waiting = request(&story, person).await;
        let (confirmed, refused) = futures_util::future::join(
            confirm_roles(&story.desk, &eve, waiting),
            refuse_roles(&story.desk, &olaf, waiting, "Not them"),
        )
        .await;
        assert!(confirmed.is_ok() != refused.is_ok());
        let has = roles(&story, person).await.contains(&Role::Compliance);
        assert_eq!(has, confirmed.is_ok());
        let kept = role_requests::Entity::find_by_id(waiting)
            .one(story.desk.database.read())
            .await
            .unwrap()
            .unwrap();
        let word = if has { "confirmed" } else { "refused" };
        assert_eq!(kept.state, word);
    }
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_invitation_leaves_nothing_that_works() {
    let story = Story::begin(Engine::Sqlite).await;
    let eve = story.person("eve", &[Role::Admin]).await;
    let new = invitation("twin", &[Role::Approver, Role::Reviewer]);
    let invited = invite_person(&story.desk, &story.cast.admin, new)
        .await
        .unwrap();
    let waiting = request(&story, invited.person).await;
    refuse_roles(&story.desk, &eve, waiting, "Nobody knows them")
        .await
        .unwrap();
    let left = row(&story, invited.person).await;
    assert!(left.disabled_at.is_some());
    assert_eq!(left.roles, "");
    assert!(
        accounts::sign_in_for_demo(&story.desk, "twin", &Origin::default())
            .await
            .is_err()
    );
    // The name is never given again.
    let again = invitation("Twin", &[Role::Reviewer]);
    let again = Invitation {
        email: "other@example.org".to_owned(),
        ..again
    };
    let refused = invite_person(&story.desk, &eve, again).await;
    assert_eq!(refused.unwrap_err().problems()[0].field, "username");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_together_need_a_reason_that_is_recorded_or_are_refused() {
    let story = Story::begin(Engine::Sqlite).await;
    let adam = &story.cast.admin;
    story.person("eve", &[Role::Admin]).await;
    for pair in accounts::COMBINATIONS {
        let name = format!("{}-{}", pair.one.word(), pair.other.word()).replace("_reviewer", "");
        let person = story.person(&name, &[pair.other]).await.person;
        let both = [pair.one, pair.other];
        let bare = change(&story, adam, person, &both, "").await.unwrap_err();
        let reasoned = change(&story, adam, person, &both, "We are three people.").await;
        match pair.together {
            accounts::Together::Refused => {
                assert_eq!(bare.problems()[0].field, "roles");
                assert_eq!(reasoned.unwrap_err().problems()[0].field, "roles");
            }
            accounts::Together::WithReason => {
                assert_eq!(bare.problems()[0].field, "combination");
                reasoned.unwrap();
                let events = audit_events::Entity::find()
                    .filter(audit_events::Column::SubjectId.eq(person.to_string()))
                    .all(story.desk.database.read())
                    .await
                    .unwrap();
                let bodies: Vec<&str> = events.iter().map(|event| event.body.as_str()).collect();
                assert!(
                    bodies.concat().contains("We are three people."),
                    "{bodies:?}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_second_admin_the_form_says_how_to_get_one() {
    let story = Story::begin(Engine::Sqlite).await;
    let rosa = story.cast.reviewer.person;
    let refused = change(&story, &story.cast.admin, rosa, &[Role::Compliance], "").await;
    assert!(refused.unwrap_err().to_string().contains("create-admin"));
    // The command line makes the first two; then it asks why.
    accounts::create_admin(&story.desk, "Eve", "eve", "eve@example.org", None)
        .await
        .unwrap();
    let third = accounts::create_admin(&story.desk, "Olaf", "olaf", "olaf@example.org", None).await;
    assert_eq!(third.unwrap_err().problems()[0].field, "reason");
    let reason = Some("Both admins have left");
    accounts::create_admin(&story.desk, "Olaf", "olaf", "olaf@example.org", reason)
        .await
        .unwrap();
    let asked = change(&story, &story.cast.admin, rosa, &[Role::Compliance], "").await;
    assert_eq!(asked.unwrap(), Given::Waits);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_may_do_with_one_admin_where_its_configuration_says_so() {
    let story = Story::begin(Engine::Sqlite).await;
    let alone = story.rig.another_desk_with(SecondAdmin::NotNeeded).await;
    let rosa = story.cast.reviewer.person;
    let change = RoleChange {
        roles: set(&[Role::Compliance]),
        reason: "Small desk".to_owned(),
        combination: String::new(),
    };
    let version = seen(&story, rosa).await;
    let given = set_roles(&alone, &story.cast.admin, rosa, &change, version).await;
    assert_eq!(given.unwrap(), Given::Now);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_on_the_command_line_is_cleaned_and_limited_as_on_a_page(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let make = async |name: &str, username: &str, email: &str, reason: &str| {
        accounts::create_admin(&story.desk, name, username, email, Some(reason)).await
    };
    let long = "x".repeat(501);
    for (field, name, username, email, reason) in [
        ("name", "\u{202E}\0", "eve", "eve@example.org", "why"),
        ("name", long.as_str(), "eve", "eve@example.org", "why"),
        ("username", "Eve", "e\u{202E} ve", "eve@example.org", "why"),
        ("email", "Eve", "eve", "eve@", "why"),
        ("reason", "Eve", "eve", "eve@example.org", long.as_str()),
    ] {
        let refused = make(name, username, email, reason).await.unwrap_err();
        assert_eq!(refused.problems()[0].field, field);
    }
    make(
        " E\u{202E}ve\r\nAdams ",
        "eve\0",
        "\u{200B}eve@example.org",
        " Nobody\u{202E} is\r\nleft\0 ",
    )
    .await
    .unwrap();
    let eve = people::Entity::find()
        .filter(people::Column::UsernameKey.eq("eve"))
        .one(story.database.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (&*eve.name, &*eve.username, &*eve.email),
        ("Eve Adams", "eve", "eve@example.org")
    );
    let told = audit_events::Entity::find()
        .filter(audit_events::Column::SubjectId.eq(eve.id.to_string()))
        .one(story.database.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(told.reason, "made on the command line: Nobody is left");
}
