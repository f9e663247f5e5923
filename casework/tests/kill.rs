//! A process that is killed in the middle of steps: no acknowledged change is lost, state, events
//! and outbox agree, and the chain is whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use casework::{
    Caller, Desk,
    entities::{cases, outbox, people},
    roles_from_words,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};
use support::*;

const DATABASE: &str = "KILL_TEST_DATABASE";
const ROUNDS: u64 = 6;
const CASES: usize = 4;

/// What runs in the process that is killed: asks and answers without end, and says what has been
/// acknowledged. Without its variable it is no test of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_process_that_is_killed() {
    let Ok(url) = std::env::var(DATABASE) else {
        return;
    };
    let desk = Rig::desk_on(&url).await;
    let reviewer = caller(&desk, "carmen").await;
    let owner = caller(&desk, "olga").await;
    let rows = cases::Entity::find()
        .all(desk.database.read())
        .await
        .unwrap();
    let workers = rows.into_iter().map(|row| {
        let number = CaseNumber(u32::try_from(row.number).unwrap());
        let (desk, reviewer, owner) = (&desk, &reviewer, &owner);
        async move {
            loop {
                let case = story::stored(desk, number).await;
                let (who, action) = if case.state.kind() == StateKind::Review {
                    (
                        reviewer,
                        story::sample(ActionKind::RequestClarification, reviewer),
                    )
                } else {
                    (owner, story::answers_of(&case, "So that it is known."))
                };
                story::act(desk, who, number, action).await.unwrap();
                println!("acknowledged {} {}", number.0, case.version + 1);
            }
        }
    });
    let forever: Vec<()> = futures_util::future::join_all(workers).await;
    assert!(forever.is_empty());
}

async fn caller(desk: &Desk, username: &str) -> Caller {
    let row = people::Entity::find()
        .filter(people::Column::UsernameKey.eq(username))
        .one(desk.database.read())
        .await
        .unwrap()
        .unwrap();
    Caller {
        person: PersonId(row.id),
        name: row.name,
        username: row.username,
        roles: roles_from_words(&row.roles),
    }
}

/// Starts the process, lets it acknowledge `count` steps, and kills it; answers the newest
/// acknowledged version of each case.
fn run_and_kill(url: &str, count: u64) -> BTreeMap<u32, u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_process_that_is_killed", "--nocapture"])
        .env(DATABASE, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut acknowledged = BTreeMap::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut note = |line: &str| {
        // The test harness may write its own words at the beginning of the first line.
        let Some((_, told)) = line.split_once("acknowledged ") else {
            return false;
        };
        let mut words = told.split(' ').map(|word| word.parse::<u64>().ok());
        if let (Some(Some(case)), Some(Some(version))) = (words.next(), words.next()) {
            acknowledged.insert(u32::try_from(case).unwrap(), version);
        }
        true
    };
    let mut left = count;
    while left > 0 {
        let line = lines.next().expect("the process ended by itself").unwrap();
        left -= u64::from(note(&line));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still said before it died; its last line may be cut off.
    let mut rest: Vec<String> = lines.map_while(Result::ok).collect();
    rest.pop();
    for line in rest {
        note(&line);
    }
    acknowledged
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_state_events_and_outbox_agreeing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for _ in 0..CASES {
        story.case_in(AccessLevel::Limited, StateKind::Review).await;
    }
    let begun = outbox::Entity::find()
        .count(story.desk.database.read())
        .await
        .unwrap();
    for round in 0..ROUNDS {
        let url = story.url.clone();
        // Different moments in each round, from the very first steps to some hundred.
        let count = 1 + round * round * 7 + u64::from(std::process::id()) % 11;
        let acknowledged = tokio::task::spawn_blocking(move || run_and_kill(&url, count))
            .await
            .unwrap();
        for (case, version) in acknowledged {
            let kept = story.case(CaseNumber(case)).await.version;
            assert!(
                kept >= version,
                "UD-{case}: {version} was acknowledged, {kept} is kept"
            );
        }
        story.assert_sound().await;
    }
    let (mut asked, mut answered) = (0, 0);
    for row in cases::Entity::find()
        .all(story.desk.database.read())
        .await
        .unwrap()
    {
        for one in story::history(&story.desk.database, row.id).await {
            match one.event {
                Event::ClarificationRequested { .. } => asked += 1,
                Event::ClarificationAnswered { .. } => answered += 1,
                _ => {}
            }
        }
    }
    let letters = async |kind: &str| {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .count(story.desk.database.read())
            .await
            .unwrap()
    };
    assert!(asked > ROUNDS);
    // The app has two members, and one reviewer asked.
    assert_eq!(letters("clarification_requested").await, asked * 2);
    assert_eq!(letters("answer_arrived").await % answered, 0);
    let ours = letters("clarification_requested").await + letters("answer_arrived").await;
    let all = outbox::Entity::find()
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(all - begun, ours, "no letter without its event");
}
