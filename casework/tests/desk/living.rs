//! Approvals that live on: pages are read again, a change that matters becomes one task, a page that
//! cannot be read one letter, and attestations are asked for by their dates.

mod attestation;
mod bound;
mod causes;

pub use causes::{cause, overtake, text_of_no_use};

use crate::support::{records::also_waiting, web::Web, *};
use casework::{
    commands::{self, Attestation},
    entities::{
        attestations, audit_events, cases, outbox, page_changes, page_texts, submissions,
        watched_apps, watched_pages,
    },
    living::{ChangeState, Pace, Reader, ask_for_attestations},
    post::LetterKind,
    queries::{self, Saying, ToDeveloper},
    store::Snapshot,
    sweep::{Retention, sweep},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;
use time::{Duration, macros::datetime};
use uuid::Uuid;
use workflow::{form::Answers, living::Stage};

/// The page of a story's app.
const POLICY: &str = "glow.example.org/privacy";

const V1: &str = "<html><body><header><nav><a href=/>Home</a></nav></header><main>\
    <h1>Privacy policy</h1><p>Last updated: 12 March 2026</p>\
    <p>We keep glucose readings for thirty days and share them with nobody.</p>\
    <p>You may withdraw your consent at any time; then everything is deleted.</p></main>\
    <div class=menu><ul><li><a>Prices</a></li><li><a>Team</a></li></ul></div>\
    <footer>© 2026 Glow</footer></body></html>";

/// The same policy after a new menu and with another date.
fn cosmetic() -> String {
    V1.replace("12 March 2026", "2027-01-04")
        .replace("Prices", "Pricing and plans for families")
        .replace("Home", "Start")
        .replace("© 2026 Glow", "© 2027 Glow Inc., a company of Shine")
}

/// Another policy.
fn v2() -> String {
    V1.replace(
        "share them with nobody",
        "share them with partners who advertise to you",
    )
}

const fn pace() -> Pace {
    Pace {
        poll: std::time::Duration::from_secs(60),
        pause: std::time::Duration::ZERO,
        lease: std::time::Duration::from_secs(120),
    }
}

fn reader(desk: &Desk) -> Reader {
    Reader::new(desk.clone(), pace())
}

/// An approved case whose form named these pages.
async fn approved(story: &Story, answers: &[(&str, &str)]) -> CaseNumber {
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    hand_in(story, case, answers).await;
    case
}

/// The row of what was handed in, which a story's own submission leaves out.
async fn hand_in(story: &Story, case: CaseNumber, answers: &[(&str, &str)]) {
    let answers: Answers = answers
        .iter()
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect();
    let sent = Snapshot {
        form_version: 1,
        level: AccessLevel::Limited,
        answers,
        attachments: Vec::new(),
    };
    submissions::Entity::insert(submissions::ActiveModel {
        case_id: Set(story.row(case).await.id),
        revision: Set(1),
        body: Set(json!(sent).to_string()),
        sha256: Set(String::new()),
        made_at: Set(story.now().micros()),
        made_by: Set(story.cast.owner.person.0),
    })
    .exec_without_returning(story.database.write())
    .await
    .unwrap();
}

/// A story with one approved app whose policy stands on a web of its own.
async fn with_policy(engine: Engine) -> (Story, Web, CaseNumber) {
    let story = Story::begin(engine).await;
    let web = Web::start().await;
    web.put(POLICY, V1);
    story.links.read_from(web.of_desk());
    let case = approved(
        &story,
        &[("privacy_policy", "https://glow.example.org/privacy")],
    )
    .await;
    (story, web, case)
}

async fn app_of(story: &Story, case: CaseNumber) -> AppId {
    AppId(story.row(case).await.app_id)
}

/// Reads what is due, a week later.
async fn a_week_later(story: &Story) -> usize {
    story.clock.pass(Duration::days(7));
    reader(&story.desk).round().await.unwrap()
}

async fn changes(story: &Story) -> Vec<page_changes::Model> {
    page_changes::Entity::find()
        .order_by_asc(page_changes::Column::FoundAt)
        .all(story.database.read())
        .await
        .unwrap()
}

async fn letters(story: &Story, kind: &str) -> Vec<String> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .order_by_asc(outbox::Column::ToAddress)
        .all(story.database.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| row.to_address).collect()
}

async fn events(story: &Story, name: &str) -> u64 {
    audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq(name))
        .count(story.database.read())
        .await
        .unwrap()
}

async fn page(story: &Story) -> watched_pages::Model {
    watched_pages::Entity::find()
        .one(story.database.read())
        .await
        .unwrap()
        .unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_says_something_else_becomes_exactly_one_task(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, case) = with_policy(engine).await;
    let desk = &story.desk;
    assert_eq!(reader(desk).round().await.unwrap(), 1);
    assert_eq!(reader(desk).round().await.unwrap(), 0);
    assert_eq!(
        page_texts::Entity::find()
            .count(story.database.read())
            .await
            .unwrap(),
        1
    );
    let agent = web.requests()[0].header("user-agent").unwrap().to_owned();
    assert!(
        agent.contains("upgrade-desk/") && agent.contains("http://127.0.0.1:3000/"),
        "{agent}"
    );

    web.put(POLICY, &v2());
    assert_eq!(a_week_later(&story).await, 1);
    let found = changes(&story).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].for_id, Some(story.cast.commercial.person.0));
    assert_eq!(
        also_waiting(desk, &story.cast.commercial).await,
        ["1 changed page"]
    );
    assert_eq!(
        letters(&story, "page_changed").await,
        ["carmen@example.org"]
    );

    // The same again, and again somewhat different: still the one task, which shows the newest.
    assert_eq!(a_week_later(&story).await, 1);
    web.put(POLICY, &v2().replace("thirty days", "as long as we like"));
    assert_eq!(a_week_later(&story).await, 1);
    let found = changes(&story).await;
    assert_eq!(found.len(), 1);
    assert_eq!(letters(&story, "page_changed").await.len(), 1);
    let view = queries::change(desk, &story.cast.commercial, found[0].id)
        .await
        .unwrap();
    assert_eq!((view.case, view.page), (case, "Privacy policy"));
    let rows = view.texts.unwrap().rows;
    let marked = |side: fn(&workflow::compare::Row) -> &Vec<workflow::compare::Piece>| {
        let pieces = rows.iter().flat_map(side);
        let changed = pieces.filter(|piece| piece.changed);
        changed
            .map(|piece| piece.text.as_str())
            .collect::<Vec<_>>()
            .join(" | ")
    };
    assert_eq!(marked(|row| &row.old), "thirty days | nobody.");
    assert_eq!(
        marked(|row| &row.new),
        "as long as we like | partners who advertise to you."
    );

    let list = queries::changes(desk, &story.cast.lead, false, 1)
        .await
        .unwrap();
    assert_eq!(list.total, 1);
    assert_eq!(
        list.lines[0].whose.as_deref(),
        Some(story.cast.commercial.name.as_str())
    );
    let of_case = queries::approval_of_case(desk, &story.cast.lead, case)
        .await
        .unwrap();
    assert_eq!(of_case.unwrap().open, [(found[0].id, "Privacy policy")]);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_date_menu_head_or_foot_makes_no_task(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, _) = with_policy(engine).await;
    reader(&story.desk).round().await.unwrap();
    web.put(POLICY, &cosmetic());
    assert_eq!(a_week_later(&story).await, 1);
    assert_eq!(changes(&story).await, []);
    assert_eq!(letters(&story, "page_changed").await, [""; 0]);
    assert_eq!(events(&story, "page_changed").await, 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_taken_back_is_no_task_any_more(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, _) = with_policy(engine).await;
    reader(&story.desk).round().await.unwrap();
    web.put(POLICY, &v2());
    a_week_later(&story).await;
    web.put(POLICY, V1);
    a_week_later(&story).await;
    assert_eq!(changes(&story).await[0].state, ChangeState::Undone.word());
    let open = queries::changes(&story.desk, &story.cast.commercial, false, 1).await;
    assert_eq!(open.unwrap().total, 0);
    let closed = queries::changes(&story.desk, &story.cast.commercial, true, 1).await;
    assert_eq!(closed.unwrap().total, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_asked_for_by_its_mark_and_not_before_its_time(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, _) = with_policy(engine).await;
    web.put_marked(POLICY, V1, "\"one\"");
    reader(&story.desk).round().await.unwrap();
    story.clock.pass(Duration::days(6));
    assert_eq!(reader(&story.desk).round().await.unwrap(), 0);
    story.clock.pass(Duration::days(1));
    let before = story.now();
    assert_eq!(reader(&story.desk).round().await.unwrap(), 1);
    let asked = web.requests();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].header("if-none-match"), None);
    assert_eq!(asked[1].header("if-none-match"), Some("\"one\""));
    assert!(page(&story).await.read_at.unwrap() > before.micros());
    assert_eq!(changes(&story).await, []);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_a_page_that_cannot_be_read_for_days_the_members_get_one_letter(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, case) = with_policy(engine).await;
    reader(&story.desk).round().await.unwrap();
    web.fail(POLICY, 503);
    a_week_later(&story).await;
    for _ in 0..13 {
        story.clock.pass(Duration::days(1));
        assert_eq!(reader(&story.desk).round().await.unwrap(), 1);
    }
    assert_eq!(letters(&story, "page_unreachable").await, [""; 0]);
    for _ in 0..5 {
        story.clock.pass(Duration::days(1));
        reader(&story.desk).round().await.unwrap();
    }
    let told = ["mahmoud@example.org", "olga@example.org"];
    assert_eq!(letters(&story, "page_unreachable").await, told);
    let app = app_of(&story, case).await;
    let shown = queries::approval_of_app(&story.desk, &story.cast.member, app)
        .await
        .unwrap()
        .unwrap();
    let (_, why) = shown.pages[0].failing.clone().unwrap();
    assert!(why.contains("503"), "{why}");

    // It can be read again, and what is written next time begins anew.
    web.put(POLICY, V1);
    story.clock.pass(Duration::days(1));
    reader(&story.desk).round().await.unwrap();
    assert_eq!(page(&story).await.failing_since_at, None);
    web.fail(POLICY, 404);
    a_week_later(&story).await;
    assert_eq!(letters(&story, "page_unreachable").await, told);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_instances_one_reads_at_a_time_and_one_alone_makes_the_task(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, _) = with_policy(engine).await;
    let other = story.another_desk().await;
    reader(&story.desk).round().await.unwrap();
    web.somebody_asks().await;
    web.put(POLICY, &v2());
    story.clock.pass(Duration::days(7));
    web.hold();
    let first = reader(&story.desk);
    let first = tokio::spawn(async move { first.round().await.unwrap() });
    web.somebody_asks().await;
    assert_eq!(reader(&other).round().await.unwrap(), 0);

    // The first one takes so long that its lease runs out: what it finds then is not written.
    story.clock.pass(Duration::minutes(3));
    let second = reader(&other);
    let second = tokio::spawn(async move { second.round().await.unwrap() });
    web.somebody_asks().await;
    web.go_on();
    assert!(first.await.unwrap() >= 1 && second.await.unwrap() >= 1);
    assert_eq!(changes(&story).await.len(), 1);
    assert_eq!(letters(&story, "page_changed").await.len(), 1);
    assert_eq!(events(&story, "page_changed").await, 1);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_looked_says_so_once_and_the_page_is_held_against_what_was_looked_at(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(ChangeState::Cleared, ChangeState::Raised)] to: ChangeState,
) {
    let (story, web, case) = with_policy(engine).await;
    let (desk, carmen) = (&story.desk, &story.cast.commercial);
    reader(desk).round().await.unwrap();
    web.put(POLICY, &v2());
    a_week_later(&story).await;
    let id = changes(&story).await[0].id;
    let close = async |who: &Caller, seen, note: &str| match to {
        ChangeState::Raised => commands::raise_change(desk, who, id, seen, note).await,
        _ => commands::clear_change(desk, who, id, seen, note).await,
    };
    assert!(matches!(
        close(carmen, 1, " ").await,
        Err(Error::Input { .. })
    ));
    assert!(matches!(
        close(carmen, 7, "Seen").await,
        Err(Error::Conflict { .. })
    ));
    close(carmen, 1, "Who are these partners?").await.unwrap();
    assert!(matches!(
        close(carmen, 2, "Again").await,
        Err(Error::Conflict { .. })
    ));

    let app = app_of(&story, case).await;
    // What the developer reads of it: whose words, and which; and whether an answer is waited for.
    let read = async || {
        let shown = queries::approval_of_app(desk, &story.cast.owner, app).await;
        let raised = shown.unwrap().unwrap().raised;
        let said = raised.iter().flat_map(|raised| &raised.said);
        let said = said.map(|said| match said {
            ToDeveloper::Asked(_, text) => format!("asked: {text}"),
            ToDeveloper::Answered(by, _, text) => format!("{by}: {text}"),
            ToDeveloper::Settled(_) => "settled".to_owned(),
        });
        let is_asked = raised.iter().any(|raised| raised.is_asked);
        (said.collect::<Vec<_>>(), is_asked)
    };
    let (raised, is_asked) = read().await;
    assert_eq!(is_asked, to == ChangeState::Raised);
    if to == ChangeState::Raised {
        assert_eq!(
            letters(&story, "page_questioned").await,
            ["mahmoud@example.org", "olga@example.org"]
        );
        assert_eq!(events(&story, "page_questioned").await, 1);
        assert_eq!(raised, ["asked: Who are these partners?"]);
        let answer =
            async |who: &Caller, text: &str| commands::answer_change(desk, who, id, text).await;
        for stranger in [carmen, &story.cast.stranger] {
            assert!(
                answer(stranger, "Mine.").await.is_err(),
                "{}",
                stranger.name
            );
        }
        let empty = answer(&story.cast.member, " ").await;
        assert_eq!(empty.unwrap_err().problems()[0].field, "answer");
        answer(&story.cast.member, "A laboratory in Basel.")
            .await
            .unwrap();
        let twice = answer(&story.cast.owner, "Another.").await;
        assert!(matches!(twice, Err(Error::Conflict { .. })));
        assert_eq!(
            letters(&story, "page_answered").await,
            ["carmen@example.org"]
        );
        let seen = queries::change(desk, carmen, id).await.unwrap();
        let answered = seen.said.last().unwrap();
        assert_eq!(
            (answered.by.as_str(), answered.text.as_str()),
            ("Mahmoud", "A laboratory in Basel.")
        );
        // It waits for us again: asked anew, answered, and then of no concern.
        let version = async || changes(&story).await[0].version;
        assert_eq!(also_waiting(desk, carmen).await, ["1 changed page"]);
        commands::raise_change(desk, carmen, id, version().await, "Which laboratory?")
            .await
            .unwrap();
        assert_eq!(also_waiting(desk, carmen).await, [""; 0]);
        answer(&story.cast.owner, "The one in the policy.")
            .await
            .unwrap();
        commands::clear_change(desk, carmen, id, version().await, "It is named now.")
            .await
            .unwrap();
        assert_eq!(also_waiting(desk, carmen).await, [""; 0]);
        // All of it stays readable with what came of it, but for our own note; and is told.
        let of_both = [
            "asked: Who are these partners?",
            "Mahmoud: A laboratory in Basel.",
            "asked: Which laboratory?",
            "Olga: The one in the policy.",
            "settled",
        ];
        assert_eq!(read().await, (of_both.map(str::to_owned).to_vec(), false));
        let seen = queries::change(desk, carmen, id).await.unwrap().said;
        assert_eq!(seen.len(), 5);
        let last = seen.last().unwrap();
        assert_eq!(
            (last.saying, last.by.as_str(), last.text.as_str()),
            (Saying::Cleared, "Carmen", "It is named now.")
        );
        assert_eq!(
            letters(&story, "page_settled").await,
            ["mahmoud@example.org", "olga@example.org"]
        );
    } else {
        assert_eq!(letters(&story, "page_settled").await, [""; 0]);
        assert_eq!(letters(&story, "page_questioned").await, [""; 0]);
        assert_eq!(events(&story, "page_cleared").await, 1);
        assert_eq!(raised, [""; 0]);
    }
    // What was looked at is no news; what it said before would be.
    a_week_later(&story).await;
    assert_eq!(changes(&story).await.len(), 1);
    web.put(POLICY, V1);
    a_week_later(&story).await;
    assert_eq!(changes(&story).await.len(), 2);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_nothing_to_strangers_and_is_closed_by_commercial_reviewers_without_conflict_alone(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, case) = with_policy(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    reader(desk).round().await.unwrap();
    web.put(POLICY, &v2());
    a_week_later(&story).await;
    let id = changes(&story).await[0].id;
    for who in [&cast.stranger, &cast.owner, &cast.admin] {
        assert!(matches!(
            queries::change(desk, who, id).await,
            Err(Error::NotFound)
        ));
        let closed = commands::clear_change(desk, who, id, 1, "Fine").await;
        assert!(matches!(closed, Err(Error::NotFound)), "{}", who.name);
    }
    let nobody = queries::changes(desk, &cast.stranger, false, 1).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
    for who in [&cast.reviewer, &cast.technical, &cast.lead, &cast.approver] {
        assert!(
            !queries::change(desk, who, id).await.unwrap().may_close,
            "{}",
            who.name
        );
        let closed = commands::raise_change(desk, who, id, 1, "Fine").await;
        assert!(
            matches!(closed, Err(Error::Forbidden { .. })),
            "{}",
            who.name
        );
    }
    // A commercial reviewer who once belonged to the app.
    let colin = story.person("colin", &[Role::CommercialReviewer]).await;
    assert!(queries::change(desk, &colin, id).await.unwrap().may_close);
    let (app, now) = (story.row(case).await.app_id, story.now().micros());
    casework::entities::app_members::Entity::insert(casework::entities::app_members::ActiveModel {
        app_id: Set(app),
        person_id: Set(colin.person.0),
        owner: Set(false),
        may_sign: Set(false),
        added_at: Set(now),
        left_at: Set(Some(now)),
        version: Set(1),
    })
    .exec_without_returning(story.database.write())
    .await
    .unwrap();
    let kept = |error: Error| match error {
        Error::Forbidden { rule, .. } => rule,
        other => panic!("{other}"),
    };
    let read = queries::change(desk, &colin, id).await.unwrap_err();
    // What the page says.
    assert!(
        read.to_string().contains("had a part in this app"),
        "{read}"
    );
    assert_eq!(kept(read), "conflict_of_interest");
    let closed = commands::clear_change(desk, &colin, id, 1, "Fine").await;
    assert_eq!(kept(closed.unwrap_err()), "conflict_of_interest");
    assert_eq!(
        queries::changes(desk, &colin, false, 1)
            .await
            .unwrap()
            .total,
        0
    );
    assert_eq!(changes(&story).await[0].state, "open");
    let missing = queries::change(desk, &cast.commercial, Uuid::nil()).await;
    assert!(matches!(missing, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_looked_after_as_long_as_its_access_stands(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, case) = with_policy(engine).await;
    let desk = &story.desk;
    reader(desk).round().await.unwrap();
    let app = app_of(&story, case).await;
    assert!(
        queries::approval_of_app(desk, &story.cast.owner, app)
            .await
            .unwrap()
            .is_some()
    );
    for kind in [ActionKind::SuspendGrant, ActionKind::RevokeGrant] {
        let action = story::sample(kind, &story.cast.reviewer);
        story.step(&story.cast.approver, case, action).await;
        let read = a_week_later(&story).await;
        // Access that is suspended may come back, so its pages are still read.
        assert_eq!(read, usize::from(kind == ActionKind::SuspendGrant));
    }
    assert!(
        queries::approval_of_app(desk, &story.cast.owner, app)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(page(&story).await.next_at, None);
    assert_eq!(
        (
            events(&story, "watch_begun").await,
            events(&story, "watch_ended").await
        ),
        (1, 1)
    );
    assert_eq!(web.requests().len(), 2);
    story.clock.set(datetime!(2027-06-01 09:00 UTC).into());
    assert_eq!(ask_for_attestations(desk).await.unwrap(), 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn texts_are_thrown_away_once_nothing_is_held_against_them(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (story, web, _) = with_policy(engine).await;
    let (desk, carmen) = (&story.desk, &story.cast.commercial);
    reader(desk).round().await.unwrap();
    web.put(POLICY, &v2());
    a_week_later(&story).await;
    let texts = async || {
        let count = page_texts::Entity::find().count(story.database.read());
        count.await.unwrap()
    };
    story.clock.pass(Duration::days(500));
    sweep(desk, &Retention::default()).await.unwrap();
    assert_eq!(texts().await, 2);
    let id = changes(&story).await[0].id;
    commands::clear_change(desk, carmen, id, 1, "As agreed.")
        .await
        .unwrap();
    sweep(desk, &Retention::default()).await.unwrap();
    assert_eq!(texts().await, 1);
    let view = queries::change(desk, carmen, id).await.unwrap();
    assert_eq!(view.texts, None);
    assert_eq!(view.said.last().unwrap().text, "As agreed.");
}
