//! A server that is killed in the middle of transitions: no acknowledged change is lost, state,
//! events and outbox agree, and the chain is whole.

use crate::support::{
    Browser,
    browser::{encode, forms},
    seeded::{Engine, seeded, serve, signed_in, with_few_rights},
};
use casework::{
    database::Database,
    entities::{audit_events, cases, outbox},
    verification,
};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::{
    collections::BTreeMap,
    process::Child,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};
use tempfile::TempDir;
use uuid::Uuid;
use workflow::{Actor, Case, Event, PersonId, Recorded, StateKind, Timestamp, state::Seat};

const ROUNDS: usize = 5;
/// Cases that are asked about and answered, each in a thread of its own.
const AT_WORK: usize = 4;

/// Asks and answers without end, and tells of every step that was acknowledged; ends when nobody
/// answers any more.
fn work(case: i32, mut reviewer: Browser, mut developer: Browser, told: &Sender<i32>) {
    let number = format!("UD-{case}");
    let (asking, answering) = (
        format!("/cases/{number}/clarify"),
        format!("/applications/{number}/answer"),
    );
    loop {
        for (browser, page, action) in [
            (
                &mut developer,
                &answering,
                "/files/with/answer_clarification",
            ),
            (&mut reviewer, &asking, "/do/request_clarification"),
        ] {
            let found = browser.get(page);
            // In the first round of a process the case may wait for the other side.
            let Some(form) = forms(&found.body)
                .into_iter()
                .find(|form| form.action == action)
            else {
                if found.status == 0 {
                    return;
                }
                continue;
            };
            // Without what stands beside a question: it stays as it is.
            let texts = form.texts.iter().filter(|name| !name.starts_with("amend."));
            let fields: Vec<(&str, &str)> = form
                .fixed
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .chain(texts.map(|name| match name.as_str() {
                    // Nothing means the usual day.
                    "due" => ("due", ""),
                    name => (name, "So that it is known."),
                }))
                .collect();
            let answer = browser.post(action, &fields);
            let to = answer.header("location").unwrap_or_default();
            if answer.status == 0 {
                return;
            }
            assert_eq!(answer.status, 303, "{action} {}", encode(&fields));
            if !to.contains("done=") {
                let to = to.to_owned();
                let page = browser.follow(answer);
                if page.status == 0 {
                    return;
                }
                panic!("{action} was refused: {to}: {}", page.body);
            }
            told.send(case).unwrap();
        }
    }
}

/// Kills the server after so many acknowledged steps; how many each case had.
pub fn kill_after(mut server: Child, heard: &Receiver<i32>, steps: usize) -> BTreeMap<i32, u64> {
    let mut acknowledged: BTreeMap<i32, u64> = BTreeMap::new();
    for _ in 0..steps {
        let case = heard.recv().expect("all workers have ended");
        *acknowledged.entry(case).or_default() += 1;
    }
    server.kill().unwrap();
    server.wait().unwrap();
    for case in heard {
        *acknowledged.entry(case).or_default() += 1;
    }
    acknowledged
}

/// The events of a case as the trail keeps them.
async fn history(database: &Database, case: Uuid) -> Vec<Recorded> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(case))
        .order_by_asc(audit_events::Column::Seq)
        .all(database.read())
        .await
        .unwrap();
    rows.into_iter()
        .filter_map(|row| {
            let body: serde_json::Value = serde_json::from_str(&row.body).unwrap();
            // What is recorded about a case without changing it (a look) has no event.
            let event: Event = serde_json::from_value(body.get("event")?.clone()).unwrap();
            Some(Recorded {
                at: Timestamp::from_micros(row.at),
                by: row
                    .actor
                    .parse()
                    .map_or(Actor::Clock, |id| Actor::Person(PersonId(id))),
                event,
            })
        })
        .collect()
}

/// State, events and outbox of every case; answers the versions.
async fn assert_sound(database: &Database, seeded: &BTreeMap<i32, u64>) -> BTreeMap<i32, u64> {
    let mut versions = BTreeMap::new();
    let (mut asked, mut answered) = (0, 0);
    for row in cases::Entity::find().all(database.read()).await.unwrap() {
        let kept: Case = serde_json::from_str(&row.document).unwrap();
        let told = history(database, row.id).await;
        let version = kept.version;
        assert_eq!(Case::replay(&told), Some(kept), "UD-{}", row.number);
        let since = told.len() - seeded_events(seeded, row.number, &told);
        for one in told.iter().rev().take(since) {
            match one.event {
                Event::ClarificationRequested { .. } => asked += 1,
                Event::ClarificationAnswered { .. } => answered += 1,
                _ => {}
            }
        }
        versions.insert(row.number, version);
    }
    let letters = async |kind: &str| {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .count(database.read())
            .await
            .unwrap()
    };
    // Each app has one member; each answer goes to the one who asked and holds the case.
    assert_eq!(letters("clarification_requested").await, asked);
    assert_eq!(letters("answer_arrived").await, answered);
    assert_eq!(
        verification::verify(database, None).await.unwrap().fault,
        None
    );
    versions
}

/// How many events a case had when it was made: one for each version.
fn seeded_events(seeded: &BTreeMap<i32, u64>, number: i32, told: &[Recorded]) -> usize {
    seeded.get(&number).map_or(told.len(), |version| {
        usize::try_from(*version).unwrap().min(told.len())
    })
}

#[rstest]
fn a_killed_server_leaves_state_events_and_outbox_agreeing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = TempDir::new().unwrap();
    let url = runtime.block_on(seeded(engine, folder.path(), 40));
    let database = runtime.block_on(Database::open(&url, 4)).unwrap();
    // The server runs under the rights that docs/operating.md gives it, and no others.
    let serving = match engine {
        Engine::Sqlite => url.clone(),
        Engine::Postgres => runtime.block_on(with_few_rights(&database, &url)),
    };
    let (people, at_work, mut before) = runtime.block_on(cast(&database));
    assert_eq!(at_work.len(), AT_WORK);
    let seeded = before.clone();
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
        // Different moments in each round, from the very first steps to some hundred.
        let steps = 1 + round * round * 6 + std::process::id() as usize % 7;
        let acknowledged = kill_after(server, &heard, steps);
        for worker in workers {
            worker.join().unwrap();
        }
        let after = runtime.block_on(assert_sound(&database, &seeded));
        for (case, steps) in acknowledged {
            let kept = after[&case] - before[&case];
            // One step can have been carried out without its answer arriving.
            assert!(
                kept == steps || kept == steps + 1,
                "UD-{case}: {steps} steps were acknowledged, {kept} are kept"
            );
        }
        before = after;
    }
}

/// Usernames by person, the cases to work on with their assignees, and the versions of all.
pub async fn cast(
    database: &Database,
) -> (BTreeMap<Uuid, String>, Vec<(i32, Uuid)>, BTreeMap<i32, u64>) {
    let people = casework::entities::people::Entity::find()
        .all(database.read())
        .await
        .unwrap();
    let rows = cases::Entity::find()
        .order_by_asc(cases::Column::Number)
        .all(database.read())
        .await
        .unwrap();
    let mut at_work = Vec::new();
    let mut versions = BTreeMap::new();
    for row in rows {
        let case: Case = serde_json::from_str(&row.document).unwrap();
        versions.insert(row.number, case.version);
        if case.state.kind() == StateKind::Clarification {
            at_work.push((row.number, case.seats[&Seat::Case].0));
        }
    }
    let people = people.into_iter().map(|row| (row.id, row.username));
    (people.collect(), at_work, versions)
}
