//! Members of an app: invited, accepted, left; and the conflict of interest that stays.

mod conflicts;

use crate::support::*;
use casework::{
    audit,
    commands::{self, Answer, Authority},
    entities::{app_invitations, app_members, audit_events, outbox},
    policy::{self, Act, BUILT_IN, Class, Subject, Verdict},
    queries::{self, InvitationView},
    store::{Intent, Stored},
};
use migrations::MigratorTrait;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{Actor, Relation, SignatureId};

const PLAIN: Authority = Authority {
    owner: false,
    may_sign: false,
};
const LEADS: Authority = Authority {
    owner: true,
    may_sign: true,
};

async fn invite(story: &Story, app: AppId, who: &str) -> casework::Result<()> {
    commands::invite_member(&story.desk, &story.cast.owner, app, who, PLAIN).await
}

async fn invited(story: &Story, who: &Caller) -> Vec<InvitationView> {
    queries::my_invitations(&story.desk, who).await.unwrap()
}

/// Invites someone, who accepts.
async fn join(story: &Story, app: AppId, who: &Caller, authority: Authority) {
    commands::invite_member(
        &story.desk,
        &story.cast.owner,
        app,
        &who.username,
        authority,
    )
    .await
    .unwrap();
    let invitation = invited(story, who).await[0].id;
    commands::answer_invitation(&story.desk, who, invitation, Answer::Accept)
        .await
        .unwrap();
}

async fn loaded(story: &Story, case: CaseNumber) -> Stored {
    Stored::load(story.database.read(), case, Intent::Read)
        .await
        .unwrap()
}

/// Whether someone, whatever role that person may get, is kept from every act of staff.
async fn assert_conflicted(story: &Story, case: CaseNumber, who: &Caller, kind: &str) {
    let relations = loaded(story, case).await.relations_of(who.person);
    assert!(relations.contains(&Relation::Conflicted), "{kind}");
    let subject = Subject::new(&Role::ALL.iter().copied().collect(), &relations);
    for act in Act::all().filter(|act| act.object() == "case") {
        if matches!(act.class(), Class::Staff | Class::Decision) {
            assert_eq!(
                story.policy.ask(&subject, act),
                Verdict::Denied("conflict_of_interest".to_owned()),
                "{kind}: {act:?}"
            );
        }
    }
}

async fn app_of(story: &Story, case: CaseNumber) -> AppId {
    loaded(story, case).await.case.app
}

fn rule(error: &Error) -> &str {
    match error {
        Error::Forbidden { rule, .. } => rule,
        other => panic!("{other}"),
    }
}

async fn letters(story: &Story, kind: &str) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .order_by_asc(outbox::Column::ToAddress)
        .all(story.database.read())
        .await
        .unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn someone_invited_has_no_right_and_no_conflict_until_they_accept(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let stella = &story.cast.stranger;
    invite(&story, story.app, "STELLA@example.org")
        .await
        .unwrap();
    let profile = queries::app_profile(&story.desk, stella, story.app).await;
    assert!(matches!(profile, Err(Error::NotFound)));
    assert!(
        loaded(&story, case)
            .await
            .relations_of(stella.person)
            .is_empty()
    );
    let invitation = invited(&story, stella).await.remove(0);
    assert_eq!(invitation.app_name, "Glow");
    commands::answer_invitation(&story.desk, stella, invitation.id, Answer::Accept)
        .await
        .unwrap();
    let profile = queries::app_profile(&story.desk, stella, story.app)
        .await
        .unwrap();
    assert!(profile.members.iter().any(|member| member.is_caller));
    assert_conflicted(&story, case, stella, "member").await;
    assert!(invited(&story, stella).await.is_empty());
    story::assert_sound(&story.database).await;
}

/// What can become of an invitation before its answer, and what the answers then come to.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_once_in_time_by_the_one_it_is_for(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values("waiting", "accepted", "declined", "withdrawn", "expired", "another's")] was: &str,
    #[values(Answer::Accept, Answer::Decline)] answer: Answer,
) {
    let story = Story::begin(engine).await;
    let (desk, owner, stella) = (&story.desk, &story.cast.owner, &story.cast.stranger);
    invite(&story, story.app, "stella").await.unwrap();
    let id = invited(&story, stella).await[0].id;
    let mut who = stella;
    match was {
        "accepted" => {
            commands::answer_invitation(desk, stella, id, Answer::Accept)
                .await
                .unwrap();
        }
        "declined" => {
            commands::answer_invitation(desk, stella, id, Answer::Decline)
                .await
                .unwrap();
        }
        "withdrawn" => commands::withdraw_invitation(desk, owner, story.app, id)
            .await
            .unwrap(),
        "expired" => story.clock.pass(Duration::days(14)),
        "another's" => who = &story.cast.lead,
        _ => {}
    }
    let outcome = commands::answer_invitation(desk, who, id, answer).await;
    let members = queries::app_profile(desk, owner, story.app)
        .await
        .unwrap()
        .members;
    let is_member = members.iter().any(|member| member.person == stella.person);
    match (was, answer) {
        ("waiting", Answer::Accept) => {
            outcome.unwrap();
            assert!(is_member);
        }
        ("waiting" | "expired", Answer::Decline) => {
            outcome.unwrap();
            assert!(!is_member);
        }
        ("expired", Answer::Accept) => {
            let refused = outcome.unwrap_err();
            assert!(
                refused.to_string().contains("Ask the app's owner"),
                "{refused}"
            );
            assert!(!is_member);
        }
        _ => {
            assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
            assert_eq!(is_member, was == "accepted");
        }
    }
}

#[tokio::test]
async fn who_invites_learns_nothing_about_accounts() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let app = app_of(&story, case).await;
    story
        .sql("UPDATE people SET disabled_at = 1 WHERE username = 'ravi'")
        .await
        .unwrap();
    let typed = [
        "nobody-here",
        "nobody@example.org",
        "ravi",
        "carmen",
        "stella@example.org",
        "cyril",
    ];
    for who in typed {
        invite(&story, app, who).await.unwrap();
    }
    let profile = queries::app_profile(&story.desk, &story.cast.owner, app)
        .await
        .unwrap();
    let shown: Vec<&str> = profile
        .invited
        .iter()
        .map(|invited| invited.address.as_str())
        .collect();
    assert_eq!(shown, typed);
    let until = |invited: &queries::Invited| invited.until.date();
    assert!(
        profile
            .invited
            .iter()
            .all(|one| until(one) == until(&profile.invited[0]))
    );
    let told = letters(&story, "member_invited").await;
    let told: Vec<&str> = told.iter().map(|row| row.to_address.as_str()).collect();
    assert_eq!(told, ["cyril@example.org", "stella@example.org"]);
    // To other members nothing of it is shown.
    let others = queries::app_profile(&story.desk, &story.cast.member, app)
        .await
        .unwrap();
    assert!(others.invited.is_empty());
    let again = invite(&story, app, "NOBODY@example.org").await.unwrap_err();
    assert!(again.to_string().contains("is waiting"), "{again}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_waits_for_whoever_confirms_the_address_and_for_nobody_else(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    invite(&story, story.app, "Later@Example.org")
        .await
        .unwrap();
    invite(&story, story.app, "sooner").await.unwrap();
    let later = story.person("later", &[Role::Developer]).await;
    assert_eq!(invited(&story, &later).await.len(), 1);
    // A username is bound when it is invited: who takes a free one afterwards gets nothing.
    let sooner = story.person("sooner", &[Role::Developer]).await;
    assert!(invited(&story, &sooner).await.is_empty());
    story
        .sql("UPDATE people SET email_verified_at = NULL WHERE username = 'later'")
        .await
        .unwrap();
    assert!(invited(&story, &later).await.is_empty());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_keeps_an_owner_with_authority_who_can_sign_in(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast, app) = (&story.desk, &story.cast, story.app);
    let stays = |outcome: casework::Result<()>| {
        let error = outcome.unwrap_err();
        assert!(error.to_string().contains("at least one owner"), "{error}");
    };
    stays(commands::leave_app(desk, &cast.owner, app).await);
    for authority in [
        PLAIN,
        Authority {
            owner: true,
            may_sign: false,
        },
        Authority {
            owner: false,
            may_sign: true,
        },
    ] {
        let person = cast.owner.person;
        stays(commands::change_member(desk, &cast.owner, app, person, authority, 1).await);
    }
    commands::change_member(desk, &cast.owner, app, cast.member.person, LEADS, 1)
        .await
        .unwrap();
    story
        .sql("UPDATE people SET disabled_at = 1 WHERE username = 'mahmoud'")
        .await
        .unwrap();
    stays(commands::leave_app(desk, &cast.owner, app).await);
    story
        .sql("UPDATE people SET disabled_at = NULL WHERE username = 'mahmoud'")
        .await
        .unwrap();
    commands::leave_app(desk, &cast.owner, app).await.unwrap();
    stays(commands::leave_app(desk, &cast.member, app).await);
    let gone = queries::app_profile(desk, &cast.owner, app).await;
    assert!(matches!(gone, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_change_of_what_another_owner_has_changed_meanwhile_is_refused_with_the_change() {
    let story = Story::begin(Engine::Sqlite).await;
    let (desk, owner, member) = (&story.desk, &story.cast.owner, story.cast.member.person);
    let signs = Authority {
        owner: false,
        may_sign: true,
    };
    commands::change_member(desk, owner, story.app, member, signs, 1)
        .await
        .unwrap();
    let late = commands::change_member(desk, owner, story.app, member, LEADS, 1).await;
    let Err(Error::Conflict { changes }) = late else {
        panic!("{late:?}");
    };
    assert!(changes[0].what.contains("changed the authority"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_has_one_row_and_only_what_the_new_invitation_says(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, stella) = (&story.desk, &story.cast.stranger);
    join(&story, story.app, stella, LEADS).await;
    commands::leave_app(desk, stella, story.app).await.unwrap();
    story.clock.pass(Duration::DAY);
    let came_back = story.now().micros();
    join(&story, story.app, stella, PLAIN).await;
    let rows = app_members::Entity::find()
        .filter(app_members::Column::AppId.eq(story.app.0))
        .filter(app_members::Column::PersonId.eq(stella.person.0))
        .all(story.database.read())
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].owner, rows[0].may_sign), (false, false));
    assert!(rows[0].added_at > came_back);
    assert_eq!(rows[0].left_at, None);
    let names: Vec<String> = audit_events::Entity::find()
        .filter(audit_events::Column::Subject.eq("app"))
        .order_by_asc(audit_events::Column::Seq)
        .all(story.database.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert_eq!(
        names,
        [
            "member_invited",
            "member_joined",
            "member_left",
            "member_invited",
            "member_joined"
        ]
    );
    story::assert_sound(&story.database).await;
}

#[tokio::test]
async fn members_are_told_of_changes_and_letters_carry_no_links_of_the_inviter() {
    let story = Story::begin(Engine::Sqlite).await;
    let owner = story.person("eve", &[Role::Developer]).await;
    let app = story::app(
        &story.desk,
        "Click https://spam.example now",
        &owner,
        &[&story.cast.member],
    )
    .await;
    commands::invite_member(&story.desk, &owner, app, "stella", PLAIN)
        .await
        .unwrap();
    let invitation = invited(&story, &story.cast.stranger).await.remove(0);
    commands::answer_invitation(
        &story.desk,
        &story.cast.stranger,
        invitation.id,
        Answer::Accept,
    )
    .await
    .unwrap();
    commands::remove_member(&story.desk, &owner, app, story.cast.stranger.person)
        .await
        .unwrap();
    for (kind, to) in [
        ("member_invited", vec!["stella@example.org"]),
        (
            "member_joined",
            vec!["eve@example.org", "mahmoud@example.org"],
        ),
        ("member_removed", vec!["mahmoud@example.org"]),
        ("membership_ended", vec!["stella@example.org"]),
    ] {
        let rows = letters(&story, kind).await;
        let told: Vec<&str> = rows.iter().map(|row| row.to_address.as_str()).collect();
        assert_eq!(told, to, "{kind}");
        for row in rows {
            for text in [&row.subject, &row.text, &row.html] {
                assert!(!text.contains("spam.example"), "{text}");
                assert!(!text.contains("https://spam"), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn one_app_and_one_person_invite_only_so_many_a_day() {
    let story = Story::begin(Engine::Sqlite).await;
    let mut sent = 0;
    let refused = loop {
        match invite(&story, story.app, &format!("person{sent}@example.org")).await {
            Ok(()) => sent += 1,
            Err(error) => break error,
        }
        assert!(sent < 60);
    };
    assert!(matches!(refused, Error::Throttled { .. }), "{refused}");
    let rows = app_invitations::Entity::find()
        .count(story.database.read())
        .await
        .unwrap();
    assert_eq!(rows, sent);
    story.clock.pass(Duration::DAY);
    invite(&story, story.app, "tomorrow@example.org")
        .await
        .unwrap();
}
