//! What developers set up about an app: redirect URIs, secrets by environment, archive, hand-over,
//! and the list of what to do next.

use crate::support::{shelf::picture, *};
use bytes::Bytes;
use casework::{
    Error,
    access::{GatewayScope, gateway_of},
    apps::logo::app_logo,
    commands::{self, Answer, AppText, Replacement, make_gateway_token},
    digest::sha256,
    entities::outbox,
    queries::{
        self, AppProfile, DataEnvironment, KnownApp, Todo, Waiting, Work, demo_people, known_app,
    },
    sweep::{Retention, sweep},
};
use futures_util::{TryStreamExt, stream};
use image::ImageFormat;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use time::Duration;
use workflow::{QuestionId, event::Asked, event::Pin};

const SANDBOX: DataEnvironment = DataEnvironment::Sandbox;
const PRODUCTION: DataEnvironment = DataEnvironment::Production;

async fn profile(story: &Story, who: &Caller) -> AppProfile {
    queries::app_profile(&story.desk, who, story.app)
        .await
        .unwrap()
}

async fn seen(story: &Story) -> i64 {
    profile(story, &story.cast.owner).await.version
}

/// The app as the authorisation server is told of it.
async fn known(story: &Story) -> KnownApp {
    let scopes = GatewayScope::ALL.into_iter().collect();
    let made = make_gateway_token(&story.desk, &story.cast.admin, "Gateway", &scopes, "90")
        .await
        .unwrap();
    let gateway = gateway_of(&story.desk, made.token.reveal()).await.unwrap();
    let client_id = profile(story, &story.cast.owner).await.client_id;
    known_app(&story.desk, &gateway.unwrap(), &client_id)
        .await
        .unwrap()
}

/// To whom letters of a kind were written, by username.
async fn told(story: &Story, kind: &str) -> Vec<String> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .all(story.database.read())
        .await
        .unwrap();
    let mut names: Vec<String> = rows.into_iter().map(|row| row.to_address).collect();
    names.sort();
    names
}

fn wrong(error: Option<Error>) -> Vec<String> {
    let problems = error.expect("refused").problems().to_vec();
    problems.into_iter().map(|problem| problem.field).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn redirect_uris_are_checked_line_by_line_and_told_to_the_authorisation_server(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    let set = async |who: &Caller, at, uris: &str, seen| {
        commands::set_redirects(desk, who, story.app, at, uris, seen).await
    };
    let typed = "https://glow.example/back\nhttp://127.0.0.1/back\ncom.example.glow:/back\n";
    set(owner, SANDBOX, typed, seen(&story).await)
        .await
        .unwrap();
    let told = known(&story).await;
    assert_eq!(told.redirects.sandbox.len(), 3);
    assert_eq!(told.redirects.production, Vec::<String>::new());

    let bad = set(
        owner,
        SANDBOX,
        "http://glow.example/\n*",
        seen(&story).await,
    )
    .await;
    assert_eq!(wrong(bad.err()), ["uris", "uris"]);
    let early = set(owner, PRODUCTION, typed, seen(&story).await).await;
    assert_eq!(wrong(early.err()), ["uris"]);
    let member = set(&story.cast.member, SANDBOX, "", seen(&story).await).await;
    assert!(matches!(member, Err(Error::Forbidden { .. })));
    let stale = set(owner, SANDBOX, "", 1).await;
    assert!(matches!(stale, Err(Error::Conflict { .. })));
    set(owner, SANDBOX, "", seen(&story).await).await.unwrap();
    // Of each of the two changes its owner gets a letter, of what was refused none.
    assert_eq!(self::told(&story, "redirects_changed").await.len(), 2);
    assert_eq!(known(&story).await.redirects.sandbox, Vec::<String>::new());
    story::assert_sound(&story.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_secret_works_until_the_stated_moment_and_owners_get_a_letter(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    let replace = async |environment, keep| {
        let what = Replacement { environment, keep };
        commands::replace_secret(desk, owner, story.app, seen(&story).await, what).await
    };
    let hashes = async || -> Vec<String> {
        let told = known(&story).await.secrets;
        let sandbox = told.into_iter().filter(|one| one.environment == SANDBOX);
        sandbox.map(|one| one.sha256).collect()
    };
    assert_eq!(wrong(replace(SANDBOX, 5).await.err()), ["keep"]);
    assert_eq!(wrong(replace(PRODUCTION, 0).await.err()), ["keep"]);
    let first = replace(SANDBOX, 0).await.unwrap();
    assert_eq!(hashes().await, [sha256(first.reveal().as_bytes())]);
    let second = replace(SANDBOX, 24).await.unwrap();
    let both = [&second, &first].map(|secret| sha256(secret.reveal().as_bytes()));
    assert_eq!(hashes().await, both);
    let shown = profile(&story, owner).await.environments.remove(0);
    let before = shown.secret_before.expect("the old one is shown");
    assert!(first.reveal().ends_with(&before.hint));
    story.clock.pass(Duration::hours(24));
    assert_eq!(hashes().await, both[..1]);
    assert_eq!(told(&story, "secret_replaced").await.len(), 2);
    story::assert_sound(&story.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn production_has_a_secret_of_its_own_from_limited_access_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    assert_eq!(profile(&story, owner).await.environments.len(), 1);
    let case = story.draft(AccessLevel::Limited).await;
    story.bring(case, StateKind::Approved).await;
    let app = profile(&story, owner).await;
    assert_eq!(app.environments.len(), 2);
    assert_eq!(app.environments[1].secret, None);
    assert_eq!(app.next.next(), Some(Todo::ProductionSecret));
    let what = Replacement {
        environment: PRODUCTION,
        keep: 24,
    };
    let secret = commands::replace_secret(desk, owner, story.app, app.version, what)
        .await
        .unwrap();
    let told = known(&story).await.secrets;
    let [sandbox, production] = told.as_slice() else {
        panic!("one for each environment: {told:?}");
    };
    assert_eq!((sandbox.environment, sandbox.until), (SANDBOX, None));
    assert_eq!(production.sha256, sha256(secret.reveal().as_bytes()));
    assert_eq!(production.until, None);
    let app = profile(&story, owner).await;
    assert_eq!(app.next.next(), Some(Todo::Redirects(PRODUCTION)));
    let to = "https://glow.example/back";
    commands::set_redirects(desk, owner, story.app, PRODUCTION, to, app.version)
        .await
        .unwrap();
    let app = profile(&story, owner).await;
    assert_eq!(app.next.next(), Some(Todo::FirstUser));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_archived_app_has_no_access_until_an_owner_restores_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    let archive = async |name| commands::archive_app(desk, owner, story.app, name).await;
    let case = story.draft(AccessLevel::Limited).await;
    assert_eq!(wrong(archive("Other").await.err()), ["name"]);
    let open = archive("glow").await.unwrap_err();
    assert!(open.problems()[0].text.contains(&case.to_string()));
    story
        .step(
            owner,
            case,
            Action::Withdraw {
                reason: String::new(),
            },
        )
        .await;
    let what = Replacement {
        environment: SANDBOX,
        keep: 24,
    };
    commands::replace_secret(desk, owner, story.app, seen(&story).await, what)
        .await
        .unwrap();
    let before = |app: &AppProfile| app.environments[0].secret_before.is_some();
    let app = profile(&story, owner).await;
    assert!(before(&app) && app.next.next().is_some());
    archive("Glow").await.unwrap();
    assert!(known(&story).await.archived);
    let app = profile(&story, owner).await;
    // No secret is said to work, and nothing is asked for.
    assert!(!before(&app) && app.next.next().is_none() && app.also_asked.is_empty());
    assert!(app.archived.is_some() && app.may_apply_for.is_empty() && !app.may_edit);
    let text = AppText {
        name: "Another".to_owned(),
        ..Default::default()
    };
    let edited = commands::edit_app(desk, owner, story.app, &text, app.version).await;
    assert_eq!(wrong(edited.err()), [""]);
    let started = commands::start(desk, owner, story.app, AccessLevel::Limited).await;
    assert_eq!(wrong(started.err()), [""]);
    let member = commands::restore_app(desk, &story.cast.member, story.app).await;
    assert!(matches!(member, Err(Error::Forbidden { .. })));
    commands::restore_app(desk, owner, story.app).await.unwrap();
    let twice = commands::restore_app(desk, owner, story.app).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    assert!(!known(&story).await.archived);
    commands::start(desk, owner, story.app, AccessLevel::Limited)
        .await
        .unwrap();
    assert_eq!(told(&story, "app_archived").await.len(), 2);
    story::assert_sound(&story.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_handed_over_once_the_other_accepts_and_has_an_owner_at_all_times(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, owner, member) = (&story.desk, &story.cast.owner, &story.cast.member);
    let offer = async |who: &Caller, to: &Caller| {
        commands::offer_ownership(desk, who, story.app, Some(to.person)).await
    };
    let itself = offer(owner, owner).await;
    assert_eq!(wrong(itself.err()), ["member"]);
    let no_owner = offer(member, owner).await;
    assert!(matches!(no_owner, Err(Error::Forbidden { .. })));
    let no_member = offer(owner, &story.cast.stranger).await;
    assert!(matches!(no_member, Err(Error::NotFound)));
    let none = commands::offer_ownership(desk, owner, story.app, None).await;
    assert_eq!(wrong(none.err()), ["member"]);
    offer(owner, member).await.unwrap();
    assert_eq!(wrong(offer(owner, member).await.err()), ["member"]);
    // One whose time is over makes room for another.
    story.clock.pass(Duration::days(91));
    offer(owner, member).await.unwrap();
    let invitations = queries::my_invitations(desk, member).await.unwrap();
    assert_eq!(invitations[0].offered_by.as_ref(), Some(&owner.name));
    assert!(profile(&story, owner).await.may_manage_members);
    let accept = commands::answer_invitation(desk, member, invitations[0].id, Answer::Accept);
    assert_eq!(accept.await.unwrap(), story.app);
    let app = profile(&story, member).await;
    let owners: Vec<_> = app.members.iter().filter(|one| one.owner).collect();
    assert_eq!(owners.len(), 1);
    assert!(owners[0].is_caller && owners[0].may_sign);
    assert!(!profile(&story, owner).await.may_manage_members);
    story::assert_sound(&story.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_not_handed_over_while_an_agreement_waits_for_its_owner() {
    let story = Story::begin(Engine::Sqlite).await;
    let (desk, owner, member) = (&story.desk, &story.cast.owner, &story.cast.member);
    commands::offer_ownership(desk, owner, story.app, Some(member.person))
        .await
        .unwrap();
    let case = story.draft(AccessLevel::Limited).await;
    story.bring(case, StateKind::Agreement).await;
    let offered = queries::my_invitations(desk, member).await.unwrap()[0].id;
    let accepted = commands::answer_invitation(desk, member, offered, Answer::Accept).await;
    let error = accepted.unwrap_err();
    assert!(error.problems()[0].text.contains(&case.to_string()));
    assert!(profile(&story, owner).await.may_manage_members);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_attempt_begins_with_the_last_one_and_marks_what_was_asked() {
    let bench = bench::Bench::open(Engine::Sqlite).await;
    let (desk, owner) = (&bench.rig, &bench.owner);
    let first = bench.submitted(AccessLevel::Limited).await;
    let rosa = story::person(desk, "rosa", &[Role::Reviewer]).await;
    story::act(desk, &rosa, first, story::take(Seat::Case, &rosa))
        .await
        .unwrap();
    let about = |key: &str, text: &str| Asked {
        id: QuestionId(new_id()),
        pin: Pin::Field {
            key: key.to_owned(),
        },
        text: workflow::Outward::written(text),
    };
    let asked = Action::RequestClarification {
        questions: vec![about("target_users", "Does it serve children?")],
        due: desk.now().plus(Duration::days(10)),
    };
    story::act(desk, &rosa, first, asked).await.unwrap();
    let reason = String::new();
    story::act(desk, owner, first, Action::Withdraw { reason })
        .await
        .unwrap();
    let again = commands::start(desk, owner, bench.app, AccessLevel::Limited)
        .await
        .unwrap();
    let draft = queries::draft_view(desk, owner, again).await.unwrap();
    let (_, product) = draft.section("product").unwrap();
    assert_eq!(product.answers["target_users"], bench::good("target_users"));
    let last = draft.last.as_ref().expect("the last attempt is told");
    assert_eq!(last.number, first);
    let about: Vec<&str> = last
        .about("target_users")
        .map(|asked| asked.text.as_str())
        .collect();
    assert_eq!(about, ["Does it serve children?"]);
    assert_eq!(last.in_general().count(), 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_first_application_begins_with_what_the_account_says() {
    let bench = bench::Bench::open(Engine::Sqlite).await;
    let (desk, owner) = (&bench.rig, &bench.owner);
    let case = bench.start(AccessLevel::Limited).await;
    let draft = queries::draft_view(desk, owner, case).await.unwrap();
    assert_eq!(draft.last, None);
    let answer = |section: &str, key: &str| {
        let (_, view) = draft.section(section).expect(section);
        view.answers.get(key).cloned().unwrap_or_default()
    };
    assert_eq!(answer("organisation", "legal_name"), "Glow Health");
    assert_eq!(answer("contacts", "contact_name"), owner.name);
    assert!(answer("contacts", "contact_email").contains('@'));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_in_one_sitting_is_one_line_with_titles() {
    let bench = bench::Bench::open(Engine::Sqlite).await;
    let case = bench.start(AccessLevel::Limited).await;
    bench.fill(case).await;
    let lines = async || -> Vec<String> {
        let view = queries::application(&bench.rig, &bench.owner, case).await;
        let history = view.unwrap().history;
        let lines = history.into_iter().map(|entry| entry.what);
        lines
            .filter(|line| line.contains("edited the draft"))
            .collect()
    };
    let told = lines().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Product or service"), "{told:?}");
    assert!(!told[0].contains("cgm need"), "{told:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_says_of_each_of_its_people_what_waits(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let people = demo_people(&story.desk).await.unwrap();
    let of = |username: &str| {
        let mut people = people.iter();
        people.find(|person| person.username == username).unwrap()
    };
    assert!(matches!(of("olga").waiting, Waiting::Asked { .. }));
    assert_eq!(of("stella").waiting, Waiting::Apps { count: 0, asked: 0 });
    assert_eq!(of("rosa").work, Work::Reviewing);
    assert_eq!(of("lena").work, Work::Deciding);
    assert!(matches!(of("cyril").waiting, Waiting::Record(events) if events > 0));
    assert!(people.is_sorted_by_key(|person| person.work));
}

/// Everything stored of apps.
async fn stored(story: &Story) -> Vec<String> {
    let files: Vec<_> = story
        .storage
        .list(Some(&Path::from("apps")))
        .try_collect()
        .await
        .unwrap();
    files
        .into_iter()
        .map(|file| file.location.to_string())
        .collect()
}

async fn add_logo(story: &Story, who: &Caller, bytes: Vec<u8>) -> Result<(), Error> {
    let chunks = stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
    commands::add_app_logo(&story.desk, who, story.app, "logo.png", chunks).await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_gives_an_app_a_logo_that_its_members_and_our_side_see(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec();
    let refused = add_logo(&story, &cast.owner, svg).await;
    assert_eq!(wrong(refused.err()), ["app_logo"]);
    let png = picture(300, 200, ImageFormat::Png);
    let refused = add_logo(&story, &cast.member, png.clone()).await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    let refused = add_logo(&story, &cast.stranger, png.clone()).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    assert_eq!(stored(&story).await, [""; 0]);

    let version = seen(&story).await;
    add_logo(&story, &cast.owner, png).await.unwrap();
    // A form of the app's texts that is open stays the newest.
    assert_eq!(seen(&story).await, version);
    let first = profile(&story, &cast.member).await.logo.unwrap();
    assert_eq!((first.width, first.height), (300, 200));
    let mine = queries::my_apps(desk, &cast.member).await.unwrap();
    assert_eq!(mine.apps[0].logo.as_ref(), Some(&first));
    let name = format!("{}-96.png", first.hash);
    let seen = async |who: &Caller, name: &str| {
        let found = app_logo(desk, who, story.app, name).await;
        found.map(|logo| logo.mime).ok()
    };
    assert_eq!(seen(&cast.member, &name).await, Some("image/png"));
    assert_eq!(seen(&cast.lead, &name).await, Some("image/png"));
    assert_eq!(seen(&cast.stranger, &name).await, None);
    let other = format!("{}-97.png", first.hash);
    assert_eq!(seen(&cast.member, &other).await, None);

    // The next one takes its place; what is old enough to be swept is another's alone.
    add_logo(&story, &cast.owner, picture(96, 96, ImageFormat::Png))
        .await
        .unwrap();
    assert_eq!(seen(&cast.member, &name).await, None);
    let stray = Path::from(format!("apps/{}/{}-96.png", story.app, "0".repeat(64)));
    story
        .storage
        .put(&stray, Bytes::from_static(b"stray").into())
        .await
        .unwrap();
    story.clock.pass(Duration::days(400));
    sweep(desk, &Retention::default()).await.unwrap();
    let second = profile(&story, &cast.member).await.logo.unwrap();
    let kept = format!("apps/{}/{}-96.png", story.app, second.hash);
    assert_eq!(stored(&story).await, [kept]);

    commands::remove_app_logo(desk, &cast.owner, story.app)
        .await
        .unwrap();
    assert_eq!(profile(&story, &cast.member).await.logo, None);
    assert_eq!(stored(&story).await, [""; 0]);
    let again = commands::remove_app_logo(desk, &cast.owner, story.app).await;
    assert!(matches!(again, Err(Error::NotFound)));
}
