//! A server that is killed while reviews are gathered and published: each is published whole or not at
//! all, and what was gathered is there until then.

use crate::{
    kill::{cast, kill_after},
    support::{
        Browser,
        browser::forms,
        seeded::{Engine, seeded, serve, signed_in, with_few_rights},
    },
};
use casework::{
    cases::pending::Entry,
    database::Database,
    entities::{audit_events, cases, outbox, pending_reviews},
    verification,
};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc::{Sender, channel},
    thread,
};
use tempfile::TempDir;
use uuid::Uuid;
use workflow::Case;

const ROUNDS: usize = 4;

/// What one review publishes, in the order of the record.
const PUBLISHED: [&str; 3] = ["item_checked", "item_checked", "clarification_requested"];

/// Sends a form of a page with these texts; false where nobody answers any more.
fn sends(browser: &mut Browser, page: &str, action: &str, says: &[(&str, &str)]) -> bool {
    let found = browser.get(page);
    if found.status == 0 {
        return false;
    }
    let mut forms = forms(&found.body).into_iter();
    let form = forms.find(|form| form.action == action);
    let form = form.unwrap_or_else(|| panic!("no {action} on {page}: {}", found.body));
    let said = |name: &str| says.iter().any(|(said, _)| *said == name);
    let fixed = form.fixed.iter().filter(|(name, _)| !said(name));
    let fields: Vec<(&str, &str)> = fixed
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(says.iter().copied())
        .collect();
    let answer = browser.post(action, &fields);
    if answer.status == 0 {
        return false;
    }
    assert_eq!(answer.status, 303, "{action} on {page}");
    let to = answer.header("location").unwrap_or_default();
    assert!(
        !to.contains("kept="),
        "{action} on {page} was refused: {to}"
    );
    true
}

/// The developer answers where it is their turn.
fn answers(developer: &mut Browser, number: &str) -> bool {
    let page = format!("/applications/{number}/answer");
    let found = developer.get(&page);
    let action = "/files/with/answer_clarification";
    let form = forms(&found.body)
        .into_iter()
        .find(|form| form.action == action);
    let Some(form) = form else {
        return found.status != 0;
    };
    let texts = form.texts.iter().filter(|name| !name.starts_with("amend."));
    let fields: Vec<(&str, &str)> = form
        .fixed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(texts.map(|name| (name.as_str(), "So that it is known.")))
        .collect();
    developer.post(action, &fields).status != 0
}

/// Gathers, publishes and answers without end, and tells of every review that was published.
fn work(case: i32, mut reviewer: Browser, mut developer: Browser, told: &Sender<i32>) {
    let number = format!("UD-{case}");
    let (page, ask) = (
        format!("/cases/{number}"),
        format!("/cases/{number}/clarify"),
    );
    let review = format!("{page}/review");
    loop {
        if !answers(&mut developer, &number) {
            return;
        }
        // Of a review that the last server left, what it holds is given again or is there.
        let begins = reviewer.get(&page);
        if begins.body.contains("/do/begin_review")
            && !sends(&mut reviewer, &page, "/do/begin_review", &[])
        {
            return;
        }
        let list = reviewer.get(&format!("{page}?open=commercial")).body;
        let mut items: Vec<String> = list
            .split("open=commercial&amp;item=")
            .skip(1)
            .filter_map(|rest| rest.split(['"', '&', '#']).next())
            .map(str::to_owned)
            .collect();
        items.dedup();
        for item in items.iter().take(2) {
            let at = format!("{page}?open=commercial&item={item}");
            let says = [("verdict", "pass"), ("evidence", "Seen."), ("note", "")];
            if !sends(&mut reviewer, &at, "/do/check_item", &says) {
                return;
            }
        }
        let held = reviewer.get(&review);
        let asks = [("about-1", "case"), ("text-1", "Since when?"), ("due", "")];
        if !held.body.contains("Since when?")
            && !sends(&mut reviewer, &ask, "/do/request_clarification", &asks)
        {
            return;
        }
        if !sends(&mut reviewer, &review, "/do/publish_review", &[]) {
            return;
        }
        told.send(case).unwrap();
    }
}

/// Each review that was published, by case: whole. None of its entries is in a draft.
async fn published(database: &Database) -> BTreeMap<i32, u64> {
    let mut published = BTreeMap::new();
    let mut asked = 0;
    let drafts = pending_reviews::Entity::find().all(database.read()).await;
    let drafts = drafts.unwrap();
    for row in cases::Entity::find().all(database.read()).await.unwrap() {
        let rows = audit_events::Entity::find()
            .filter(audit_events::Column::CaseId.eq(row.id))
            .order_by_asc(audit_events::Column::Seq)
            .all(database.read())
            .await
            .unwrap();
        let mut sittings: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for event in rows {
            let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
            if let Some(id) = body.pointer("/review/id").and_then(|id| id.as_str()) {
                sittings.entry(id.to_owned()).or_default().push(event.name);
            }
        }
        for (id, names) in &sittings {
            assert_eq!(names, &PUBLISHED, "UD-{} {id}", row.number);
        }
        asked += sittings.len() as u64;
        published.insert(row.number, sittings.len() as u64);
        let case: Case = serde_json::from_str(&row.document).unwrap();
        let questions: BTreeSet<_> = case.questions.iter().map(|one| one.id.0).collect();
        for draft in drafts.iter().filter(|draft| draft.case_id == row.id) {
            let entries: Vec<Entry> = serde_json::from_str(&draft.entries).unwrap();
            assert!(entries.len() <= PUBLISHED.len());
            assert!(entries.iter().all(|entry| !questions.contains(&entry.id)));
        }
    }
    let letters = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("clarification_requested"))
        .count(database.read())
        .await
        .unwrap();
    // Each app has one member.
    assert_eq!(letters, asked);
    let report = verification::verify(database, None).await.unwrap();
    assert_eq!(report.fault, None);
    published
}

/// The same cases with who holds their commercial review.
async fn commercial_reviewers(database: &Database, at_work: &[(i32, Uuid)]) -> Vec<(i32, Uuid)> {
    let mut held = Vec::new();
    for (number, _) in at_work {
        let row = cases::Entity::find()
            .filter(cases::Column::Number.eq(*number))
            .one(database.read())
            .await;
        held.push((*number, row.unwrap().unwrap().commercial_id.unwrap()));
    }
    held
}

#[rstest]
fn a_killed_server_has_published_a_review_whole_or_not_at_all(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = TempDir::new().unwrap();
    let url = runtime.block_on(seeded(engine, folder.path(), 40));
    let database = runtime.block_on(Database::open(&url, 4)).unwrap();
    let serving = match engine {
        Engine::Sqlite => url.clone(),
        Engine::Postgres => runtime.block_on(with_few_rights(&database, &url)),
    };
    let (people, at_work, _) = runtime.block_on(cast(&database));
    let at_work = runtime.block_on(commercial_reviewers(&database, &at_work));
    let mut before = runtime.block_on(published(&database));
    for round in 0..ROUNDS {
        let (server, port) = serve(&serving, folder.path());
        let (told, heard) = channel();
        let workers: Vec<_> = at_work
            .iter()
            .map(|(case, assignee)| {
                let reviewer = signed_in(port, &people[assignee]);
                let developer = signed_in(port, "bench-developer");
                let (case, told) = (*case, told.clone());
                thread::spawn(move || work(case, reviewer, developer, &told))
            })
            .collect();
        drop(told);
        let reviews = 1 + round * 3 + std::process::id() as usize % 3;
        let acknowledged = kill_after(server, &heard, reviews);
        for worker in workers {
            worker.join().unwrap();
        }
        let after = runtime.block_on(published(&database));
        for (case, reviews) in acknowledged {
            let kept = after[&case] - before[&case];
            // One can have been published without its answer arriving.
            assert!(
                kept == reviews || kept == reviews + 1,
                "UD-{case}: {reviews} reviews were acknowledged, {kept} are kept"
            );
        }
        before = after;
    }
}
