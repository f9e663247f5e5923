//! Open pages: texts of the desk's own, versions in their place, and where links lead.

use crate::support::*;
use casework::{
    commands::{self, preview_guide, publish_guide, publish_template, restore_guide},
    entities::guides,
    guides::{Guide, LONGEST_GUIDE},
    queries::{
        admin_guide, admin_guide_version, admin_guides,
        audit::{TrailFilter, explorer},
        guide_page,
    },
    reference::REQUEST_FORM,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::{Value, json};
use time::Duration;

pub const TEXT: &str = "# The sandbox of ours\n\nIt answers like production and is open to every app.\n\n## Accounts {#accounts}\n\nTwo.\n\n## The first call {#first-call}\n\nMake it.\n\n## Errors {#errors}\n\nMeet them.\n";

async fn publish(rig: &Rig, admin: &Caller, body: &str, seen: u32) -> casework::Result<u32> {
    publish_guide(rig, admin, Guide::Sandbox.word(), body, seen).await
}

async fn said(rig: &Rig, admin: &Caller, body: &str) -> String {
    let refused = publish(rig, admin, body, 0).await.unwrap_err();
    assert!(
        refused
            .problems()
            .iter()
            .all(|problem| problem.field == "body"),
        "{refused:?}"
    );
    refused.to_string()
}

async fn delivered(engine: Engine) -> (Rig, Caller) {
    let rig = Rig::as_delivered(engine).await;
    let admin = story::person(&rig, "adam", &[Role::Admin]).await;
    (rig, admin)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_published_version_stands_in_place_of_the_desks_own_text_until_that_is_restored(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, admin) = delivered(engine).await;
    let before = guide_page(&rig, Guide::Sandbox).await.unwrap();
    assert_eq!(before.text.title, "The sandbox");
    assert_eq!(publish(&rig, &admin, TEXT, 0).await.unwrap(), 1);
    let now = guide_page(&rig, Guide::Sandbox).await.unwrap();
    assert_eq!(now.text.title, "The sandbox of ours");
    // The others stay as they were.
    let other = guide_page(&rig, Guide::Scopes).await.unwrap();
    assert_eq!(other.text.title, "The four scopes");
    let second = TEXT.replace("Two.", "Three.");
    assert_eq!(publish(&rig, &admin, &second, 1).await.unwrap(), 2);
    let same = publish(&rig, &admin, &second, 2).await.unwrap_err();
    assert!(same.to_string().contains("stands there already"), "{same}");

    let first = admin_guide_version(&rig, &admin, Guide::Sandbox, 1)
        .await
        .unwrap();
    assert!(first.text.html.contains("Two."));
    let differs = first.differences.unwrap();
    assert_eq!(differs.iter().filter(|row| !row.same).count(), 1);
    assert_eq!(
        restore_guide(&rig, &admin, "sandbox", 0, 2).await.unwrap(),
        3
    );
    let restored = guide_page(&rig, Guide::Sandbox).await.unwrap();
    assert_eq!(restored.text, before.text);
    let list = admin_guide(&rig, &admin, Guide::Sandbox).await.unwrap();
    let numbers: Vec<u32> = list.versions.iter().map(|version| version.number).collect();
    assert_eq!(numbers, [3, 2, 1, 0]);
    assert!(matches!(
        restore_guide(&rig, &admin, "sandbox", 9, 3).await,
        Err(Error::NotFound)
    ));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_at_once_the_second_is_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, adam) = delivered(engine).await;
    let ada = story::person(&rig, "ada", &[Role::Admin]).await;
    let other = TEXT.replace("Two.", "Three.");
    let (one, two) = tokio::join!(
        publish(&rig, &adam, TEXT, 0),
        publish(&rig, &ada, &other, 0)
    );
    let outcomes = [one, two];
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    let late = outcomes.into_iter().find_map(Result::err).unwrap();
    assert!(matches!(late, Error::Conflict { .. }), "{late:?}");
    let rows = guides::Entity::find()
        .count(rig.database.read())
        .await
        .unwrap();
    assert_eq!(rows, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_admin_publishes_nothing_and_compliance_reads(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let rig = &story.rig;
    for nobody in [&story.cast.compliance, &story.cast.lead, &story.cast.owner] {
        let refused = publish(rig, nobody, TEXT, 0).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
        let refused = preview_guide(rig, nobody, "sandbox", TEXT).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    let read = admin_guides(rig, &story.cast.compliance).await.unwrap();
    assert!(read.len() == Guide::ALL.len() && read.iter().all(|guide| !guide.may_publish));
    let refused = admin_guides(rig, &story.cast.lead).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    let unknown = publish_guide(rig, &story.cast.admin, "nothing", TEXT, 0).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_publishes_nothing_and_says_what_is_wrong(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, admin) = delivered(engine).await;
    let shown = preview_guide(&rig, &admin, "sandbox", TEXT).await;
    assert!(matches!(shown, Err(Error::Preview)), "{shown:?}");
    let wrong = preview_guide(&rig, &admin, "sandbox", "No title").await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "body");
    let rows = guides::Entity::find()
        .count(rig.database.read())
        .await
        .unwrap();
    assert_eq!(rows, 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_refused_line_by_line(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, admin) = delivered(engine).await;
    for (line, why) in [
        ("[x](javascript:alert(1))", "line 19: a link leads to https"),
        ("[x](JAVASCRIPT:alert(1))", "a link leads to https"),
        ("[x](data:text/html,x)", "a link leads to https"),
        ("[x](http://plain.example)", "a link leads to https"),
        ("[x](https://127.0.0.1/)", "a link leads to https"),
        ("[x](https://me@plain.example/)", "a link leads to https"),
        ("[x](mailto:bogus)", "a link leads to https"),
        ("[x](//evil.example)", "a link leads to https"),
        ("[x](/do/sign_out)", "a link leads to https"),
        (
            "[x](/scopes#nowhere)",
            "no heading where “/scopes#nowhere” leads",
        ),
        ("[x](#nowhere)", "no heading where “#nowhere” leads"),
        ("<script>alert(1)</script>", "HTML is shown as it is typed"),
        ("a <b onclick=x>b</b>", "HTML is shown as it is typed"),
        ("![p](https://evil.example/p.png)", "there are no pictures"),
    ] {
        let text = said(&rig, &admin, &format!("{TEXT}\nEnd.\n\n{line}\n")).await;
        assert!(text.contains(why), "{line}: {text}");
    }
    let deep = format!("{TEXT}\n{} deep\n", ">".repeat(40_000));
    assert!(
        said(&rig, &admin, &deep)
            .await
            .contains("deep in each other")
    );
    let long = format!("{TEXT}\n{}\n", "x".repeat(1 << 20));
    let shorten = format!("shorten it to {LONGEST_GUIDE} characters");
    assert!(said(&rig, &admin, &long).await.contains(&shorten));
    // What is meant well is published.
    let fine = format!(
        "{TEXT}\n[a](https://a.example) [b](mailto:b@c.example) [d](/scopes#what) [e](#errors)\n"
    );
    assert_eq!(publish(&rig, &admin, &fine, 0).await.unwrap(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_heading_that_a_question_or_an_item_points_at_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, admin) = delivered(engine).await;
    let page = guide_page(&rig, Guide::LimitedAccess).await.unwrap();
    assert!(
        page.text
            .html
            .contains("In the form: <a href=\"#form-privacy-policy\"")
    );
    let asked = page.asked.iter().flat_map(|section| &section.questions);
    assert!(
        asked
            .clone()
            .any(|question| question.id == "form-privacy-policy")
    );
    let without = Guide::LimitedAccess
        .built_in()
        .replace("{#privacy-policy}", "{#policy}");
    let refused = publish_guide(&rig, &admin, "limited-access", &without, 0)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("the question “Privacy policy” leads to the heading {#privacy-policy}"),
        "{refused}"
    );
    assert!(refused.contains("the item “"), "{refused}");
    // And the other way round: a template cannot point at a heading that is not there.
    let known = rig.reference.known();
    let (number, form) = known.forms.iter().next_back().unwrap();
    let mut form = form.clone();
    form.sections[0].fields[0].guide = "/guides/limited-access#nowhere".to_owned();
    let body = serde_json::to_string(&form).unwrap();
    let refused = publish_template(&rig, &admin, REQUEST_FORM, &body, *number).await;
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("/guides/limited-access#nowhere"),
        "{refused}"
    );
    form.sections[0].fields[0].guide = "https://evil.example/#x".to_owned();
    let body = serde_json::to_string(&form).unwrap();
    let refused = publish_template(&rig, &admin, REQUEST_FORM, &body, *number).await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("must be a heading")
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_newer_text_of_the_desks_own_is_told_to_admins(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, admin) = delivered(engine).await;
    publish(&rig, &admin, TEXT, 0).await.unwrap();
    let now = admin_guide(&rig, &admin, Guide::Sandbox).await.unwrap();
    assert!(!now.built_in_changed);
    // As if it had been published when the desk brought another text along.
    let row = guides::Entity::find()
        .one(rig.database.read())
        .await
        .unwrap();
    let mut row = row.unwrap().into_active_model();
    row.built_in_sha256 = Set("0".repeat(64));
    row.update(rig.database.write()).await.unwrap();
    let now = admin_guide(&rig, &admin, Guide::Sandbox).await.unwrap();
    assert!(now.built_in_changed);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_says_what_was_published_and_binds_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    publish(&story.rig, &story.cast.admin, TEXT, 0)
        .await
        .unwrap();
    let filter = TrailFilter::default();
    let page = explorer(
        &story.desk,
        &story.cast.compliance,
        filter,
        Default::default(),
    )
    .await
    .unwrap();
    let said = page.rows.iter().map(|row| row.what.as_str());
    assert!(
        said.clone()
            .any(|what| what == "published the open page “sandbox”, version 1"),
        "{:?}",
        said.collect::<Vec<_>>()
    );
    story.assert_sound().await;
    let row = guides::Entity::find()
        .one(story.desk.database.read())
        .await
        .unwrap();
    let mut row = row.unwrap().into_active_model();
    row.body = Set("# Another\n".to_owned());
    row.update(story.desk.database.write()).await.unwrap();
    let report = commands::verify_trail(&story.desk, &story.cast.compliance)
        .await
        .unwrap();
    let fault = report.fault.unwrap().to_string();
    assert!(fault.contains("open page sandbox version 1"), "{fault}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn how_long_it_takes_is_told_from_decided_applications_alone(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let shown = async || {
        let page = guide_page(&story.desk, Guide::Overview).await.unwrap();
        page.text.html
    };
    let none = "No application has been decided here yet";
    let looked = story.desk.now();
    assert_eq!(shown().await.matches(none).count(), 2);
    story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    story.case_in(AccessLevel::Full, StateKind::Withdrawn).await;
    // What was found out a moment ago is good enough for ten minutes.
    let later = story.desk.now();
    story.clock.set(looked.plus(Duration::minutes(9)));
    assert_eq!(shown().await.matches(none).count(), 2);
    story.clock.set(later.plus(Duration::minutes(11)));
    let html = shown().await;
    assert_eq!(html.matches(none).count(), 1, "{html}");
    assert!(
        html.contains("the one application decided so far"),
        "{html}"
    );
    story
        .case_in(AccessLevel::Limited, StateKind::Declined)
        .await;
    story.clock.pass(Duration::minutes(11));
    assert!(shown().await.contains("(the last 2 decided)"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_text_of_the_desks_own_could_be_published_as_it_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, admin) = delivered(engine).await;
    for guide in Guide::ALL {
        let fine = preview_guide(&rig, &admin, guide.word(), guide.built_in()).await;
        assert!(
            matches!(fine, Err(Error::Preview)),
            "{}: {fine:?}",
            guide.word()
        );
    }
    // And each heading that the templates of the desk point at is there.
    let known = rig.reference.known();
    let (number, form) = known.forms.iter().next_back().unwrap();
    let publish = async |kind: &str, body: Value, number: u32| {
        publish_template(&rig, &admin, kind, &body.to_string(), number).await
    };
    let mut body = serde_json::to_value(form).unwrap();
    let unchanged = publish(REQUEST_FORM, body.clone(), *number).await;
    assert!(
        matches!(unchanged, Err(Error::Input { .. })),
        "{unchanged:?}"
    );
    body["sections"][0]["title"] = json!("Another title");
    publish(REQUEST_FORM, body, *number).await.unwrap();
    for ((kind, number), list) in &known.lists {
        let mut body = serde_json::to_value(list).unwrap();
        let unchanged = publish(kind.word(), body.clone(), *number).await;
        assert!(
            matches!(unchanged, Err(Error::Input { .. })),
            "{unchanged:?}"
        );
        body["items"][0]["label"] = json!("Another item");
        publish(kind.word(), body, *number).await.unwrap();
    }
}
