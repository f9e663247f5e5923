//! A server that is killed while it works on many cases: whoever goes on does the rest, and each case
//! once.

use crate::support::{
    Browser,
    browser::{Form, forms},
    seeded::{Engine, seeded, serve, signed_in, with_few_rights},
    until,
};
use casework::{
    database::Database,
    entities::{audit_events, bulk_cases, bulk_runs, tags},
    verification,
};
use rstest::rstest;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use std::collections::BTreeMap;
use tempfile::TempDir;
use uuid::Uuid;

const CASES: usize = 150;
const KILLS: u64 = 4;

async fn keep_tag(database: &Database) {
    let tag = tags::Model {
        id: Uuid::now_v7(),
        name: "Pilot".to_owned(),
        name_key: "pilot".to_owned(),
        retired: false,
        made_at: 0,
    };
    let kept = tag.into_active_model().insert(database.write()).await;
    kept.unwrap();
}

/// How many cases have come to this outcome.
async fn count(database: &Database, outcome: &str) -> u64 {
    let rows = bulk_cases::Entity::find().filter(bulk_cases::Column::Outcome.eq(outcome));
    rows.count(database.read()).await.unwrap()
}

/// Sends the form of a page that leads to `action`, the one of this kind where there are several;
/// answers the run's page.
fn sends(browser: &mut Browser, page: &str, action: &str, kind: Option<&str>) -> String {
    let found = browser.get(page);
    let is_meant = |form: &&Form| {
        let kinds = form.fixed.iter().filter(|(name, _)| name == "kind");
        form.action == action && kinds.map(|(_, kind)| kind.as_str()).eq(kind)
    };
    let forms = forms(&found.body);
    let form = forms.iter().find(is_meant);
    let form = form.unwrap_or_else(|| panic!("no {action} on {page}: {}", found.body));
    let fixed = form.fixed.iter();
    let fields: Vec<(&str, &str)> = fixed
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = browser.post(action, &fields);
    let to = answer.header("location").unwrap_or_default().to_owned();
    assert!(to.contains("/queue/bulk/"), "{to}: {}", answer.body);
    to.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// How often each case was tagged, by its id.
async fn tagged(database: &Database) -> BTreeMap<Uuid, usize> {
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("case_tagged"))
        .all(database.read())
        .await
        .unwrap();
    let mut times = BTreeMap::new();
    for case in events.into_iter().filter_map(|event| event.case_id) {
        *times.entry(case).or_default() += 1;
    }
    times
}

#[rstest]
fn a_program_that_is_killed_while_it_works_on_many_cases_does_each_of_them_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = TempDir::new().unwrap();
    let url = runtime.block_on(seeded(engine, folder.path(), CASES));
    let database = runtime.block_on(Database::open(&url, 4)).unwrap();
    let serving = match engine {
        Engine::Sqlite => url.clone(),
        Engine::Postgres => runtime.block_on(with_few_rights(&database, &url)),
    };
    runtime.block_on(keep_tag(&database));
    let (mut server, port) = serve(&serving, folder.path());
    let mut reviewer = signed_in(port, "bench-reviewer-1");
    let all = "/queue/bulk?all=yes&list=view%3Dall_open";
    let run = sends(&mut reviewer, all, "/do/begin_bulk", Some("tag"));
    until(|| runtime.block_on(count(&database, "new")) == 0);
    let ready = runtime.block_on(count(&database, "ready"));
    assert!(ready > 100, "{ready}");
    sends(&mut reviewer, &run, "/do/confirm_bulk", None);
    let mut killed_midway = 0;
    for kill in 1..=KILLS {
        until(|| runtime.block_on(count(&database, "done")) >= kill * ready / (KILLS + 2));
        server.kill().unwrap();
        server.wait().unwrap();
        let done = runtime.block_on(count(&database, "done"));
        let times = runtime.block_on(tagged(&database));
        assert_eq!(times.len() as u64, done);
        killed_midway += u64::from(done < ready);
        // Whoever is dead does not use up its time.
        let freed = bulk_runs::Entity::update_many()
            .col_expr(bulk_runs::Column::LeasedUntil, Expr::value(0_i64))
            .exec(database.write());
        runtime.block_on(freed).unwrap();
        server = serve(&serving, folder.path()).0;
    }
    assert!(killed_midway > 0, "it was done before it could be killed");
    until(|| runtime.block_on(count(&database, "ready")) == 0);
    server.kill().unwrap();
    server.wait().unwrap();
    let times = runtime.block_on(tagged(&database));
    assert_eq!(times.len() as u64, ready);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    assert_eq!(runtime.block_on(count(&database, "done")), ready);
    let verified = runtime.block_on(verification::verify(&database, None));
    assert_eq!(verified.unwrap().fault, None);
}
