//! `upgrade-desk migrate`, killed at any moment.

use rstest::rstest;
use sea_orm::ConnectionTrait;
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_upgrade-desk");
const KILLS: u32 = 50;
/// Kills of one database before it may finish.
const IN_A_ROW: u32 = 5;

#[derive(Clone, Copy, Debug)]
enum Engine {
    Sqlite,
    Postgres,
}

fn fresh(engine: Engine, folder: &Path) -> String {
    let name = format!("migrate_{}", Uuid::now_v7().simple());
    match engine {
        Engine::Sqlite => format!("sqlite://{}", folder.join(name).display()),
        Engine::Postgres => {
            let admin = std::env::var("TEST_POSTGRES_URL").expect(
                "set TEST_POSTGRES_URL to a PostgreSQL whose user may create databases \
                 (`cargo xtask test` starts one and sets it)",
            );
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let connection = sea_orm::Database::connect(&admin).await.unwrap();
                let create = format!("CREATE DATABASE {name}");
                connection.execute_unprepared(&create).await.unwrap();
                connection.close().await.unwrap();
            });
            let mut url: url::Url = admin.parse().unwrap();
            url.set_path(&name);
            url.into()
        }
    }
}

fn migrate(url: &str) -> Child {
    Command::new(PROGRAM)
        .args(["migrate", "--database", url])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn to_the_end(url: &str) -> Duration {
    let begun = Instant::now();
    let outcome = migrate(url).wait_with_output().unwrap();
    assert!(
        outcome.status.success(),
        "{url}: {}",
        String::from_utf8_lossy(&outcome.stderr)
    );
    begun.elapsed()
}

#[rstest]
fn a_migration_killed_at_any_moment_goes_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let folder = TempDir::new().unwrap();
    let whole = to_the_end(&fresh(engine, folder.path()));
    let mut kills = 0;
    while kills < KILLS {
        let url = fresh(engine, folder.path());
        for _ in 0..IN_A_ROW {
            let mut running = migrate(&url);
            // Spread over the whole time that it takes, in no order. The moment of the kill is
            // what the test is about: nothing else could be waited for.
            let moment = whole * (kills * 37 % KILLS) / KILLS;
            thread::sleep(moment);
            running.kill().unwrap();
            running.wait().unwrap();
            kills += 1;
        }
        to_the_end(&url);
        let verified = Command::new(PROGRAM)
            .args(["audit", "verify", "--database", &url])
            .output()
            .unwrap();
        assert!(verified.status.success(), "{verified:?}");
    }
}

#[rstest]
fn instances_that_migrate_at_once_all_end_well(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let folder = TempDir::new().unwrap();
    for _ in 0..5 {
        let url = fresh(engine, folder.path());
        let together: Vec<Child> = (0..4).map(|_| migrate(&url)).collect();
        for running in together {
            let outcome = running.wait_with_output().unwrap();
            assert!(
                outcome.status.success(),
                "{}",
                String::from_utf8_lossy(&outcome.stderr)
            );
        }
        to_the_end(&url);
    }
}
