//! `upgrade-desk audit verify`: changes not one byte, needs no right to write, and says what it could
//! and could not do by its exit code.

use crate::support::{Demo, PROGRAM};
use casework::database::Database;
use sea_orm::ConnectionTrait;
use std::{
    collections::BTreeMap,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

/// Nobody's number on Debian.
const NOBODY: u32 = 65_534;

fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

fn verify(file: &Path) -> (Option<i32>, String) {
    said(&run(&["audit", "verify", "--database", &url(file)]))
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (output.status.code(), text)
}

/// A migrated database with its first events.
fn desk(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("desk.sqlite");
    let made = run(&["migrate", "--database", &url(&file)]);
    assert!(made.status.success(), "{made:?}");
    file
}

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn a_mistyped_path_is_named_and_nothing_is_made_there() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("dsek.sqlite");
    let (code, text) = verify(&file);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("there is no database at"), "{text}");
    assert!(text.contains("dsek.sqlite"), "{text}");
    assert_eq!(contents(folder.path()), BTreeMap::new());
    // A file that is no database, an empty one, an address of nothing.
    std::fs::write(&file, "no database").unwrap();
    assert_eq!(verify(&file).0, Some(2));
    std::fs::write(&file, "").unwrap();
    assert_eq!(verify(&file).0, Some(2));
    assert_eq!(contents(folder.path()).len(), 1);
    let (code, text) = said(&run(&[
        "audit",
        "verify",
        "--database",
        "mysql://root:pw@db/x",
    ]));
    assert_eq!(code, Some(2));
    assert!(!text.contains("pw"), "{text}");
    let nobody_there = "postgres://desk:pw@127.0.0.1:1/desk";
    let (code, text) = said(&run(&["audit", "verify", "--database", nobody_there]));
    assert_eq!(code, Some(2));
    assert!(!text.contains("pw"), "{text}");
}

#[test]
fn looking_changes_no_byte_and_makes_no_file() {
    let folder = TempDir::new().unwrap();
    let file = desk(folder.path());
    let before = contents(folder.path());
    let (code, text) = verify(&file);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("unbroken"), "{text}");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn no_right_to_write_is_needed() {
    let folder = TempDir::new().unwrap();
    let file = desk(folder.path());
    let may = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    may(&file, 0o444);
    may(folder.path(), 0o555);
    let mut command = Command::new(PROGRAM);
    command.args(["audit", "verify", "--database", &url(&file)]);
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| {
        use std::os::unix::fs::MetadataExt;
        me.uid() == 0
    });
    if root {
        // Nothing is forbidden to root; the program has to be reachable for the other.
        let place = TempDir::new().unwrap();
        may(place.path(), 0o755);
        let copy = place.path().join("upgrade-desk");
        std::fs::copy(PROGRAM, &copy).unwrap();
        let mut as_nobody = Command::new(&copy);
        as_nobody
            .args(["audit", "verify", "--database", &url(&file)])
            .current_dir("/")
            .uid(NOBODY)
            .gid(NOBODY);
        let (code, text) = said(&as_nobody.output().unwrap());
        assert_eq!(code, Some(0), "{text}");
    } else {
        let (code, text) = said(&command.output().unwrap());
        assert_eq!(code, Some(0), "{text}");
    }
    may(folder.path(), 0o755);
}

#[test]
fn an_altered_event_ends_with_one_and_is_named() {
    let folder = TempDir::new().unwrap();
    let file = desk(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::open(&url(&file), 1).await.unwrap();
        let write = database.write();
        write
            .execute_unprepared("DROP TRIGGER audit_no_update")
            .await
            .unwrap();
        write
            .execute_unprepared("UPDATE audit_events SET reason = 'forged' WHERE seq = 2")
            .await
            .unwrap();
        database.close().await.unwrap();
    });
    let (code, text) = verify(&file);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("event 2 has been altered"), "{text}");
}

/// SQLite keeps text in a column of numbers, and bytes in a column of text.
#[test]
fn a_row_of_another_kind_ends_with_one_and_is_named() {
    let folder = TempDir::new().unwrap();
    let file = desk(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::open(&url(&file), 1).await.unwrap();
        for statement in [
            "UPDATE policy_rules SET v0 = CAST(v0 AS BLOB) WHERE position = 3",
            "UPDATE policy_versions SET published_at = 'abc'",
            "UPDATE audit_heads SET hash = CAST(hash AS BLOB)",
        ] {
            let write = database.write();
            write.execute_unprepared(statement).await.unwrap();
        }
        database.close().await.unwrap();
    });
    let (code, text) = verify(&file);
    assert_eq!(code, Some(1), "{text}");
    for named in [
        "policy_rules/1/3 cannot be read (v0)",
        "policy version 1 cannot be read (published_at)",
        "audit_heads/1 cannot be read (hash)",
    ] {
        assert!(text.contains(named), "{named} is not in {text}");
    }
}

/// The page gives one answer, that of the last verification, whole or broken, with who and when.
#[test]
fn the_page_gives_one_truthful_answer() {
    let demo = Demo::start();
    let mut chen = demo.signed_in("chen");
    let verified = |chen: &mut crate::support::Browser| {
        let answer = chen.post("/do/verify_trail", &[]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = chen.follow(answer);
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("Chain verified"), "no second answer");
        page.body
    };
    let page = verified(&mut chen);
    assert!(page.contains("The trail is whole."), "{page}");
    assert!(page.contains("Last verified") && page.contains("Chen Wei"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::open(&demo.database(), 1).await.unwrap();
        for statement in [
            "DROP TRIGGER audit_no_update",
            "UPDATE audit_events SET reason = 'forged' WHERE seq = 7",
        ] {
            let write = database.write();
            write.execute_unprepared(statement).await.unwrap();
        }
        database.close().await.unwrap();
    });
    let page = verified(&mut chen);
    assert!(page.contains("The trail is broken."), "{page}");
    assert!(page.contains("event 7 has been altered"));
    assert!(!page.contains("The trail is whole."));
}

/// While a desk has the database open and its last steps stand in the log, and on a copy of both.
#[test]
fn a_running_desk_is_not_disturbed_and_its_copy_can_be_looked_at() {
    let folder = TempDir::new().unwrap();
    let file = desk(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(async {
        let database = Database::open(&url(&file), 2).await.unwrap();
        casework::reference::publish_built_in(&database, time::OffsetDateTime::UNIX_EPOCH.into())
            .await
            .unwrap();
        database
            .write()
            .execute_unprepared(
                "INSERT INTO settings (key, from_at, value) VALUES ('limited_cap', 1, '20'); \
                 DELETE FROM settings",
            )
            .await
            .unwrap();
        database
    });
    let before = contents(folder.path());
    assert!(before["desk.sqlite-wal"].len() > 1, "the log is in use");
    let (code, text) = verify(&file);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(contents(folder.path()), before, "file, log and index");

    let elsewhere = TempDir::new().unwrap();
    let copy = elsewhere.path().join("desk.sqlite");
    std::fs::copy(&file, &copy).unwrap();
    let log = elsewhere.path().join("desk.sqlite-wal");
    std::fs::copy(folder.path().join("desk.sqlite-wal"), log).unwrap();
    let before = contents(elsewhere.path());
    let (code, text) = verify(&copy);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(contents(elsewhere.path()), before);
    runtime.block_on(database.close()).unwrap();
}
