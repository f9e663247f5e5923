//! What admins do: people, roles, settings, letters that were given up.

use crate::support::*;
use casework::{
    accounts::{self, Origin, UsedBy},
    commands::{
        self, Authority, Given, Invitation, RoleChange, SaveViewInput, begin_with, disable_person,
        enable_person, invite_person, retry_mail, save_view, set_roles, set_setting, verify_trail,
    },
    entities::{audit_events, outbox, people, sessions},
    mail::MailState,
    queries::{
        admin_mail::admin_mail,
        admin_people::{PeopleFilter, PersonStatus, admin_people, admin_person},
        admin_published::{admin_agreements, admin_checklists},
        admin_settings::admin_settings,
        audit::{TrailFilter, explorer},
        queue::{Filter, View, beginning, saved_views},
    },
    reference::{SETTINGS, Takes},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use std::collections::BTreeSet;

async fn seen(story: &Story, person: &Caller) -> u64 {
    admin_person(&story.desk, &story.cast.admin, person.person)
        .await
        .unwrap()
        .version
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn roles_are_changed_by_another_admin_with_a_reason(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let admin = &story.cast.admin;
    let rosa = &story.cast.reviewer;
    let version = seen(&story, rosa).await;
    let roles = BTreeSet::from([Role::Reviewer, Role::Lead]);
    let change =
        async |caller: &Caller, person: PersonId, roles: &BTreeSet<Role>, seen, why: &str| {
            let change = RoleChange {
                roles: roles.clone(),
                reason: why.to_owned(),
                combination: String::new(),
            };
            set_roles(&story.desk, caller, person, &change, seen).await
        };
    let refused = change(admin, rosa.person, &roles, version, "").await;
    assert_eq!(refused.unwrap_err().problems()[0].field, "reason");
    let refused = change(admin, rosa.person, &BTreeSet::new(), version, "None").await;
    assert_eq!(refused.unwrap_err().problems()[0].field, "roles");
    let own = seen(&story, admin).await;
    let refused = change(admin, admin.person, &roles, own, "For me").await;
    assert_eq!(refused.unwrap_err().problems()[0].field, "roles");
    let refused = change(rosa, admin.person, &roles, own, "Revenge").await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    let refused = change(&story.cast.stranger, admin.person, &roles, own, "Hello").await;
    assert!(matches!(refused, Err(Error::NotFound)));
    change(admin, rosa.person, &roles, version, "She leads the team")
        .await
        .unwrap();
    // Whoever looked before that sees a conflict, not a silent overwriting.
    let late = change(admin, rosa.person, &roles, version, "Once more").await;
    assert!(matches!(late, Err(Error::Conflict { .. })));
    let view = admin_person(&story.desk, admin, rosa.person).await.unwrap();
    assert_eq!(view.person.roles, [Role::Reviewer, Role::Lead]);
    assert_eq!(
        view.trail[0].what,
        "changed a person's roles: Reviewer, Lead"
    );
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_persons_session_ends_at_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let admin = &story.cast.admin;
    let rosa = &story.cast.reviewer;
    let origin = Origin::default();
    let secret = accounts::sign_in_for_demo(&story.desk, "rosa", &origin)
        .await
        .unwrap();
    let session = accounts::find_session(&story.desk, &secret, UsedBy::Person)
        .await
        .unwrap();
    assert!(session.is_some());
    let version = seen(&story, rosa).await;
    disable_person(&story.desk, admin, rosa.person, version, "Left the company")
        .await
        .unwrap();
    let session = accounts::find_session(&story.desk, &secret, UsedBy::Person)
        .await
        .unwrap();
    assert!(session.is_none());
    let left = sessions::Entity::find()
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(left, 0);
    let refused = accounts::sign_in_for_demo(&story.desk, "rosa", &origin).await;
    let said = refused.unwrap_err().problems()[0].text.clone();
    assert!(said.contains("Rosa is disabled"), "{said}");
    let version = seen(&story, rosa).await;
    enable_person(&story.desk, admin, rosa.person, version, "Came back")
        .await
        .unwrap();
    assert!(
        accounts::sign_in_for_demo(&story.desk, "rosa", &origin)
            .await
            .is_ok()
    );
    let own = seen(&story, admin).await;
    let refused = disable_person(&story.desk, admin, admin.person, own, "Tired").await;
    assert!(refused.is_err());
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_an_account_and_one_letter() {
    let story = Story::begin(Engine::Sqlite).await;
    let admin = &story.cast.admin;
    let invitation = Invitation {
        name: "伊藤 明".to_owned(),
        username: "akira".to_owned(),
        email: "akira@example.org".to_owned(),
        organisation: String::new(),
        roles: BTreeSet::from([Role::TechnicalReviewer]),
        combination: String::new(),
    };
    let invited = invite_person(&story.desk, admin, invitation.clone())
        .await
        .unwrap();
    assert_eq!(invited.given, Given::Now);
    let person = invited.person;
    let view = admin_person(&story.desk, admin, person).await.unwrap();
    assert_eq!(view.person.status, PersonStatus::Invited);
    let letters = outbox::Entity::find()
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].kind, "account_invitation");
    let letter = casework::post::opened(&story.desk, letters[0].clone()).unwrap();
    assert!(letter.text.contains("/invitation?token="));
    // The same address, or the same name under another one, is refused.
    let again = invite_person(&story.desk, admin, invitation.clone()).await;
    assert_eq!(again.unwrap_err().problems()[0].field, "email");
    let other = Invitation {
        email: "other@example.org".to_owned(),
        ..invitation
    };
    let again = invite_person(&story.desk, admin, other).await;
    assert_eq!(again.unwrap_err().problems()[0].field, "username");
    let nothing = invite_person(&story.desk, admin, Invitation::default()).await;
    assert!(nothing.unwrap_err().problems().len() >= 4);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_a_part_of_their_name_and_by_role(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let find = async |text: &str, role: Option<Role>| {
        let filter = PeopleFilter {
            text: text.to_owned(),
            role,
            page: 1,
        };
        let found = admin_people(&story.desk, &story.cast.admin, filter)
            .await
            .unwrap();
        assert_eq!(found.count, found.rows.len() as u64);
        found
            .rows
            .into_iter()
            .map(|row| row.username)
            .collect::<Vec<_>>()
    };
    assert_eq!(find("osa", None).await, ["rosa"]);
    // `reviewer` is a part of `commercial_reviewer`, and not the same.
    assert_eq!(find("", Some(Role::Reviewer)).await, ["ravi", "rosa"]);
    assert_eq!(find("no such person", None).await, Vec::<String>::new());
    let everyone = people::Entity::find()
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(find("", None).await.len() as u64, everyone);
}

/// What the form of a setting says was looked at; empty where there is no such setting.
pub async fn setting_seen(story: &Story, key: &str) -> String {
    let views = admin_settings(&story.desk, &story.cast.admin)
        .await
        .unwrap();
    let view = views.into_iter().find(|view| view.setting.key == key);
    view.map(|view| view.seen).unwrap_or_default()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_at_once_one_changes_a_setting_and_its_before_is_right(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    // Two instances, each with its own view of the settings.
    let other = story.another_desk().await;
    for round in 0..6 {
        let seen = setting_seen(&story, "limited_cap").await;
        let admin = &story.cast.admin;
        let (one, two) = ((30 + round).to_string(), (60 + round).to_string());
        let (first, second) = futures_util::future::join(
            set_setting(&story.desk, admin, "limited_cap", &one, "", "One", &seen),
            set_setting(&other, admin, "limited_cap", &two, "", "Two", &seen),
        )
        .await;
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let refused = [first, second].into_iter().find_map(Result::err).unwrap();
        assert!(matches!(refused, Error::Conflict { .. }), "{refused:?}");
        story.clock.pass(time::Duration::minutes(1));
    }
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("setting_set"))
        .order_by_asc(audit_events::Column::Seq)
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(events.len(), 6);
    let mut before = serde_json::json!(20);
    for event in events {
        let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
        assert_eq!(body["before"], before);
        before = body["after"].clone();
    }
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_setting_holds_from_its_day_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let admin = &story.cast.admin;
    let set = async |key: &str, value: &str, from: &str, reason: &str| {
        let seen = setting_seen(&story, key).await;
        set_setting(&story.desk, admin, key, value, from, reason, &seen).await
    };
    let cap = || story.desk.reference.known().settings.limited_cap;
    assert_eq!(cap(), 20);
    set("limited_cap", "5", "", "Another page says 5")
        .await
        .unwrap();
    assert_eq!(cap(), 5);
    set("limited_cap", "25", "2026-03-10", "From next week")
        .await
        .unwrap();
    assert_eq!(cap(), 5);
    story.clock.pass(time::Duration::days(9));
    story.desk.refresh().await.unwrap();
    assert_eq!(cap(), 25);
    let wrong = set("limited_cap", "many", "yesterday", "")
        .await
        .unwrap_err();
    let fields: Vec<&str> = wrong.problems().iter().map(|p| p.field.as_str()).collect();
    assert_eq!(fields, ["value", "from", "reason"]);
    assert!(matches!(
        set("no_such", "1", "", "Because").await,
        Err(Error::NotFound)
    ));
    let seen = setting_seen(&story, "limited_cap").await;
    let lead = &story.cast.lead;
    let refused = set_setting(&story.desk, lead, "limited_cap", "9", "", "Why", &seen).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    let views = admin_settings(&story.desk, admin).await.unwrap();
    let view = views
        .iter()
        .find(|view| view.setting.key == "limited_cap")
        .unwrap();
    assert_eq!((&view.value, view.history.len()), (&25.into(), 2));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_sent_again_when_an_admin_says_so(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let admin = &story.cast.admin;
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let mut letter: outbox::ActiveModel = outbox::Entity::find()
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap()
        .into();
    letter.state = Set("dead".to_owned());
    letter.attempts = Set(1);
    letter.last_error = Set("550 no such mailbox".to_owned());
    let letter = letter.update(story.desk.database.write()).await.unwrap();
    let dead = admin_mail(&story.desk, admin, MailState::Dead)
        .await
        .unwrap();
    assert_eq!(dead.rows.len(), 1);
    assert_eq!(dead.rows[0].last_error, "550 no such mailbox");
    let refused = retry_mail(&story.desk, &story.cast.reviewer, letter.id).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    // Of several at once, one has it sent again.
    let attempts = (0..4).map(|_| retry_mail(&story.desk, admin, letter.id));
    let answers = futures_util::future::join_all(attempts).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1, "{answers:?}");
    let again = retry_mail(&story.desk, admin, letter.id).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let dead = admin_mail(&story.desk, admin, MailState::Dead)
        .await
        .unwrap();
    assert!(dead.rows.is_empty());
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn published_texts_are_for_admins_and_compliance() {
    let story = Story::begin(Engine::Sqlite).await;
    let cast = &story.cast;
    let mine = admin_checklists(&story.desk, &cast.admin).await.unwrap();
    assert!(mine.iter().all(|kind| kind.may_publish));
    let read = admin_checklists(&story.desk, &cast.compliance)
        .await
        .unwrap();
    assert!(read.iter().all(|kind| !kind.may_publish));
    assert!(
        admin_agreements(&story.desk, &cast.compliance)
            .await
            .is_ok()
    );
    assert!(matches!(
        admin_agreements(&story.desk, &cast.reviewer).await,
        Err(Error::Forbidden { .. })
    ));
    assert!(matches!(
        admin_checklists(&story.desk, &cast.owner).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn verifying_the_trail_says_where_it_was_altered() {
    let story = Story::begin(Engine::Sqlite).await;
    story.draft(AccessLevel::Limited).await;
    let cyril = &story.cast.compliance;
    let whole = verify_trail(&story.desk, cyril).await.unwrap();
    assert_eq!(whole.fault, None);
    story.sql("DROP TRIGGER audit_no_update").await.unwrap();
    story
        .sql("UPDATE audit_events SET reason = 'forged' WHERE seq = 2")
        .await
        .unwrap();
    let broken = verify_trail(&story.desk, cyril).await.unwrap();
    assert_eq!(
        broken.fault.unwrap().to_string(),
        "event 2 has been altered"
    );
    let page = explorer(
        &story.desk,
        cyril,
        TrailFilter::default(),
        Default::default(),
    )
    .await
    .unwrap();
    assert!(!page.verified.unwrap().whole);
}

/// One mailbox in the spellings of its domain.
const UNICODE: &str = "ida@bücher.example";
const ASCII: &str = "ida@xn--bcher-kva.example";

async fn with_address(story: &Story, email: &str) -> PersonId {
    let invitation = Invitation {
        name: "Ida Larsen".to_owned(),
        username: "ida".to_owned(),
        email: email.to_owned(),
        roles: BTreeSet::from([Role::Developer]),
        ..Invitation::default()
    };
    let invited = invite_person(&story.desk, &story.cast.admin, invitation)
        .await
        .unwrap();
    // As after she chose a password, which is everyone's.
    story
        .sql(
            "UPDATE people SET email_verified_at = 1, password_hash = \
             (SELECT password_hash FROM people WHERE username = 'olga') WHERE username = 'ida'",
        )
        .await
        .unwrap();
    invited.person
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_international_address_is_the_same_in_either_spelling_wherever_it_is_typed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(UNICODE, ASCII)] given: &str,
) {
    let story = Story::begin(engine).await;
    let admin = &story.cast.admin;
    let ida = with_address(&story, given).await;
    stage::publish_built_in(&story.database, story.now())
        .await
        .unwrap();
    story.refresh().await.unwrap();

    let domains = ["bücher.example", "xn--bcher-kva.example", "@BÜCHER.Example"];
    for text in [
        UNICODE,
        ASCII,
        "IDA@Bücher.EXAMPLE",
        "ida",
        " ida@bücher.example ",
    ]
    .into_iter()
    .chain(domains)
    {
        let filter = PeopleFilter {
            text: text.to_owned(),
            ..PeopleFilter::default()
        };
        let people = admin_people(&story.desk, admin, filter).await.unwrap();
        let found: Vec<PersonId> = people.rows.iter().map(|row| row.id).collect();
        assert_eq!(found, [ida], "{text}");
    }

    let spellings = [UNICODE, ASCII, "Ida@BÜCHER.example"];
    for (number, typed) in spellings.into_iter().enumerate() {
        story.clock.pass(time::Duration::DAY);
        accounts::sign_in(&story.desk, typed, story::PASSWORD, &Origin::default())
            .await
            .unwrap_or_else(|error| panic!("sign in as {typed}: {error}"));
        let again = Invitation {
            name: "Ida Again".to_owned(),
            username: "ida2".to_owned(),
            email: typed.to_owned(),
            roles: BTreeSet::from([Role::Developer]),
            ..Invitation::default()
        };
        let refused = invite_person(&story.desk, admin, again).await.unwrap_err();
        assert_eq!(refused.problems()[0].field, "email", "{typed}");
        let registration = accounts::Registration {
            name: "Ida Again".to_owned(),
            username: format!("again{number}"),
            email: typed.to_owned(),
            password: "seven quiet rivers".to_owned(),
            organisation: String::new(),
            agreement: story.reference.known().agreements.get("developer").copied(),
        };
        let network = format!("198.51.100.{number}");
        accounts::register(&story.desk, registration, &network)
            .await
            .unwrap();
        accounts::request_reset(&story.desk, typed, &network)
            .await
            .unwrap();
        let app = story.app("Glow", &story.cast.owner).await;
        let authority = Authority::default();
        commands::invite_member(&story.desk, &story.cast.owner, app, typed, authority)
            .await
            .unwrap();
    }
    let kinds = |kind: &'static str| {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .filter(outbox::Column::PersonId.eq(ida.0))
            .count(story.database.read())
    };
    for kind in [
        "account_password_reset",
        "account_already_registered",
        "member_invited",
    ] {
        assert_eq!(kinds(kind).await.unwrap(), 3, "{kind}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_queue_of_a_role_begins_with_the_view_that_is_set_unless_somebody_has_chosen_one(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let begins = async |who: &Caller| beginning(desk, who).await.unwrap();
    assert_eq!(begins(&cast.lead).await, Filter::view(View::NeedsReviewer));
    for setting in SETTINGS {
        if setting.key.starts_with("view_")
            && let Takes::Choice(words) = setting.takes
        {
            for (word, label) in words {
                assert_eq!(View::from_word(word).map(View::label), Some(*label));
            }
        }
    }
    let set = async |key: &str, value: &str| {
        let seen = setting_seen(&story, key).await;
        set_setting(desk, &cast.admin, key, value, "", "As we work", &seen).await
    };
    let wrong = set("view_lead", "everything").await.unwrap_err();
    assert_eq!(wrong.problems()[0].field, "value");
    set("view_lead", "overdue").await.unwrap();
    assert_eq!(begins(&cast.lead).await, Filter::view(View::Overdue));
    assert_eq!(begins(&cast.reviewer).await, Filter::view(View::MyTurn));
    let views = admin_settings(desk, &cast.admin).await.unwrap();
    let view = views.iter().find(|view| view.setting.key == "view_lead");
    assert_eq!(view.unwrap().history[0].value, "Overdue");
    // Of several roles the first in the list of settings counts.
    let both = story.person("bo", &[Role::Lead, Role::Approver]).await;
    assert_eq!(begins(&both).await, Filter::view(View::MyTurn));
    // What somebody has chosen wins.
    let saved = SaveViewInput {
        view: None,
        query: "?view=ended".to_owned(),
        name: "Done".to_owned(),
        shared: false,
    };
    save_view(desk, &cast.lead, &saved).await.unwrap();
    let own = saved_views(desk, &cast.lead).await.unwrap().views[0].id;
    begin_with(desk, &cast.lead, Some(own)).await.unwrap();
    assert_eq!(begins(&cast.lead).await, Filter::view(View::Ended));
    begin_with(desk, &cast.lead, None).await.unwrap();
    assert_eq!(begins(&cast.lead).await, Filter::view(View::Overdue));
    story.assert_sound().await;
}
