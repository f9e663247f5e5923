//! Closing an account: what stands in the way, what ends, what stays. And taking one's data away.

use crate::support::{
    bench::{Bench, PASSWORD},
    *,
};
use casework::{
    accounts::{self, Origin, Registration, UsedBy, own_data::own_data},
    commands::{self, Answer, Authority, InTheWay, in_the_way},
    entities::{app_members, audit_events, people},
    queries::{self, admin_people::admin_person},
    verification,
};
use futures_util::TryStreamExt;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use std::io::{Cursor, Read};

async fn opened(engine: Engine) -> Bench {
    let bench = Bench::open(engine).await;
    bench.give_password().await;
    bench
}

async fn person(desk: &Desk, id: PersonId) -> people::Model {
    accounts::find(desk.database.read(), id).await.unwrap()
}

async fn closes(bench: &Bench) -> casework::Result<()> {
    commands::close_account(&bench.rig, &bench.owner, PASSWORD.into()).await
}

/// Makes the stranger an owner with authority to sign, too.
async fn gives_another_owner(bench: &Bench) {
    let (rig, owner, stranger) = (&bench.rig, &bench.owner, &bench.stranger);
    let leads = Authority {
        owner: true,
        may_sign: true,
    };
    commands::invite_member(rig, owner, bench.app, "stella", leads)
        .await
        .unwrap();
    let invitation = queries::my_invitations(rig, stranger).await.unwrap()[0].id;
    commands::answer_invitation(rig, stranger, invitation, Answer::Accept)
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_closed_for_good_once_its_apps_have_another_owner(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = opened(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let found = in_the_way(rig, owner).await.unwrap();
    assert_eq!(found.apps, [(bench.app, "Glow".to_owned())]);
    let refused = closes(&bench).await.unwrap_err();
    assert!(
        refused.to_string().contains("give “Glow” another owner"),
        "{refused}"
    );
    gives_another_owner(&bench).await;
    assert_eq!(in_the_way(rig, owner).await.unwrap(), InTheWay::default());
    let origin = Origin::default();
    let session = accounts::sign_in(rig, "olga", PASSWORD, &origin)
        .await
        .unwrap();
    let wrong = commands::close_account(rig, owner, "not hers".into()).await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "password");
    closes(&bench).await.unwrap();

    let ended = accounts::find_session(rig, &session, UsedBy::Page).await;
    assert_eq!(ended.unwrap(), None);
    assert!(
        accounts::sign_in(rig, "olga", PASSWORD, &origin)
            .await
            .is_err()
    );
    let row = person(rig, owner.person).await;
    assert_eq!((row.name.as_str(), row.password_hash), ("Olga", None));
    let member = app_members::Entity::find_by_id((bench.app.0, owner.person.0))
        .one(rig.database.read())
        .await
        .unwrap()
        .unwrap();
    assert!(member.left_at.is_some() && !member.owner && !member.may_sign);
    // Neither the name nor the address is given again; nobody opens the account.
    let newcomer = |username: &str, email: &str| Registration {
        name: "Somebody Else".to_owned(),
        organisation: String::new(),
        username: username.to_owned(),
        email: email.to_owned(),
        password: "seven quiet rivers".to_owned(),
        agreement: Some(1),
    };
    let refused = accounts::register(rig, newcomer("OLGA", "x@example.org"), "::1").await;
    assert_eq!(refused.unwrap_err().problems()[0].field, "username");
    accounts::register(rig, newcomer("olga2", "olga@example.org"), "::1")
        .await
        .unwrap();
    let made = people::Entity::find()
        .filter(people::Column::UsernameKey.eq("olga2"))
        .one(rig.database.read());
    assert_eq!(made.await.unwrap(), None);
    let admin = story::person(rig, "dana", &[Role::Admin]).await;
    let view = admin_person(rig, &admin, owner.person).await.unwrap();
    let enabled =
        commands::enable_person(rig, &admin, owner.person, view.version, "Asked for it").await;
    assert!(enabled.unwrap_err().to_string().contains("closed"));
    let verified = verification::verify(&rig.database, None).await.unwrap();
    assert_eq!(verified.fault, None);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn staff_who_hold_open_work_and_the_last_admin_cannot_close_their_account(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let found = in_the_way(&story.desk, &cast.reviewer).await.unwrap();
    assert_eq!(found.cases, [case]);
    let found = in_the_way(&story.desk, &cast.admin).await.unwrap();
    assert!(found.last_admin);
    let hash = accounts::hash(PASSWORD.to_owned()).await.unwrap();
    for who in [&cast.reviewer, &cast.admin] {
        let mut row = person(&story.desk, who.person).await.into_active_model();
        row.password_hash = Set(Some(hash.clone()));
        row.update(story.desk.database.write()).await.unwrap();
        let refused = commands::close_account(&story.desk, who, PASSWORD.into()).await;
        assert!(matches!(refused, Err(Error::Input { .. })), "{refused:?}");
        assert_eq!(person(&story.desk, who.person).await.closed_at, None);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_archive_holds_what_somebody_wrote_and_nothing_that_lets_anybody_in(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = opened(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let case = bench.submitted(AccessLevel::Limited).await;
    let withdraw = Action::Withdraw {
        reason: "Sleep is for another year.".to_owned(),
    };
    story::act(rig, owner, case, withdraw).await.unwrap();
    accounts::request_reset(rig, "olga@example.org", "::1")
        .await
        .unwrap();
    let export = own_data(rig, owner).await.unwrap();
    let pieces: Vec<Vec<u8>> = export.body.try_collect().await.unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(pieces.concat())).unwrap();
    let mut all = String::new();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    for name in &names {
        let mut text = String::new();
        let mut file = archive.by_name(name).unwrap();
        file.read_to_string(&mut text).unwrap();
        let at = time::PrimitiveDateTime::try_from(file.last_modified().unwrap()).unwrap();
        // Archives count in twos of seconds.
        let age = rig.now().since(Timestamp::start_of(at.date())) - (at - at.date().midnight());
        assert!(age.abs() < time::Duration::seconds(2), "{name}: {at}");
        all.push_str(&text);
    }
    let revision = format!("applications/{case}/revision-1.json");
    for name in [
        "account.json",
        "sessions.json",
        "memberships.json",
        "letters.json",
        "inbox.json",
        "what-you-did.json",
        "gallery.json",
        "partnerships.json",
        &revision,
    ] {
        assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
    }
    assert!(all.contains("A diary that lays readings beside sleep"));
    assert!(all.contains("Glow"));
    assert!(all.contains("Sleep is for another year."));
    assert!(!all.contains("argon2") && !all.contains("sealed1:") && !all.contains("token="));
    let theirs = own_data(rig, &bench.stranger).await.unwrap();
    let pieces: Vec<Vec<u8>> = theirs.body.try_collect().await.unwrap();
    let archive = zip::ZipArchive::new(Cursor::new(pieces.concat())).unwrap();
    assert!(
        !archive
            .file_names()
            .any(|name| name.unwrap().starts_with("applications/"))
    );
    let taken = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("own_data_taken"))
        .all(rig.database.read());
    assert_eq!(taken.await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_app_does_not_keep_its_owner() {
    let bench = opened(Engine::Sqlite).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    commands::archive_app(rig, owner, bench.app, "Glow")
        .await
        .unwrap();
    assert_eq!(in_the_way(rig, owner).await.unwrap(), InTheWay::default());
    closes(&bench).await.unwrap();
    assert!(person(rig, owner.person).await.closed_at.is_some());
}
