//! The audit log of the running program: made at the start, published, verified from the command
//! line, and given out as receipts that anybody verifies.

use crate::support::{
    Demo,
    production::{Production, Running},
    until,
};
use casework::database::Database;
use sea_orm::ConnectionTrait;
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Output};

const CAPTURE: &str = "{ kind = \"capture\" }";

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn sql(url: &str, statements: &[&str]) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::open(url, 1).await.unwrap();
        for statement in statements {
            let write = database.write();
            write.execute_unprepared(statement).await.unwrap();
        }
        database.close().await.unwrap();
    });
}

fn ready(running: &Running) -> (u16, String) {
    let answer = running.browser().get("/health/ready");
    (answer.status, answer.body)
}

fn published(folder: &Path) -> bool {
    folder.join("checkpoint").is_file()
}

#[test]
fn a_desk_makes_its_key_publishes_its_log_and_is_verified_by_it() {
    let second = tempfile::TempDir::new().unwrap();
    let more = format!("[audit]\nsecond = \"{}\"", second.path().display());
    let desk = Production::new(CAPTURE, &more);
    let running = desk.serve(&[]);
    let audit = desk.path().join("files").join("audit");
    until(|| published(&audit.join("log")) && published(second.path()));
    let mode = fs::metadata(audit.join("key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(audit.join("log/tile/0/000.p").is_dir());
    assert_eq!(ready(&running).0, 200, "{}", ready(&running).1);
    let database = desk.database();
    let verify = |more: &[&str]| {
        let look = ["audit", "verify", "--database", &database];
        said(&desk.run(&[&look[..], more].concat()))
    };
    let data = desk.path().join("files").display().to_string();
    fs::create_dir_all(Path::new(&data).join("files")).unwrap();
    let place = second.path().display().to_string();
    let keys = second.path().join("keys.txt").display().to_string();
    let (code, text) = verify(&["--data", &data, "--log", &place, "--keys", &keys]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("held against 1 checkpoint\n"), "{text}");
    assert!(
        !verify(&[]).1.contains("held against"),
        "no log beside the database"
    );

    // Keys follow each other; a key that is lost is not made anew.
    let output = desk.run_configured("audit", &[]);
    assert!(!output.status.success(), "a command is named");
    let config = desk.path().join("desk.toml").display().to_string();
    let rotated = desk.run(&["audit", "rotate-key", "--config", &config]);
    let (code, text) = said(&rotated);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(text.matches("/audit+").count(), 2, "{text}");
    let retired = said(&desk.run(&["audit", "retire-key", "--config", &config]));
    assert_eq!(retired, (Some(0), text));
    drop(running);
    fs::rename(audit.join("key"), audit.join("lost")).unwrap();
    let (code, text) = said(&desk.run_configured("serve", &[]));
    assert_eq!(code, Some(1));
    assert!(text.contains("there is no key at"), "{text}");
}

#[test]
fn on_a_trail_written_anew_while_it_was_down_a_desk_starts_reads_and_does_not_write() {
    let desk = Production::new(CAPTURE, "");
    let log = desk.path().join("files").join("audit").join("log");
    let running = desk.serve(&[]);
    until(|| published(&log));
    drop(running);
    sql(
        &desk.database(),
        &[
            "DROP TRIGGER audit_no_delete",
            "DELETE FROM audit_events",
            "DELETE FROM audit_heads",
            "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_events \
             BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        ],
    );
    let running = desk.serve(&[]);
    let (status, body) = ready(&running);
    assert_eq!(status, 503);
    assert!(body.contains("event 1 is missing"), "{body}");
    let mut browser = running.browser();
    assert_eq!(browser.get("/guides").status, 200, "reading goes on");
    let refused = browser.post("/do/request_reset", &[("email", "nobody@example.org")]);
    assert!(refused.status >= 300, "{}", refused.status);
    let (code, text) = said(&desk.run(&[
        "audit",
        "verify",
        "--database",
        &desk.database(),
        "--log",
        &log.display().to_string(),
    ]));
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.starts_with("BROKEN (rolled back): event 1 is missing"),
        "{text}"
    );
}

/// What was found stands on the page of those who look after the trail.
#[test]
fn a_sealed_desk_says_why_to_those_who_look_after_the_trail() {
    let mut demo = Demo::start();
    sql(&demo.database(), &["DROP TRIGGER audit_no_update"]);
    demo.kill_and_start_again();
    let mut chen = demo.signed_in("chen");
    let page = chen.get("/audit");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("The desk refuses to write."),
        "{}",
        page.body
    );
    assert!(page.body.contains("the guard audit_no_update is missing"));
    let answer = chen.post("/do/verify_trail", &[]);
    let told = chen.follow(answer);
    assert!(
        told.body.contains("only shows and writes nothing"),
        "{}",
        told.body
    );
}

#[test]
fn a_developer_downloads_a_receipt_and_anybody_verifies_it_signed_out() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let mut cases = crate::support::CASES;
    let link = cases
        .find_map(|case| {
            let page = maya.get(&format!("/applications/{case}"));
            let at = page.body.find("/receipts/")?;
            let from = page.body[..at].rfind('"')? + 1;
            let link = &page.body[from..];
            Some(link[..link.find('"')?].to_owned())
        })
        .expect("one of her applications has receipts");
    let answer = maya.get(&link);
    assert_eq!(answer.status, 200);
    let name = answer.header("content-disposition").unwrap();
    assert!(name.contains(".receipt.json"), "{name}");
    let receipt = answer.body;
    assert_eq!(demo.browser().get(&link).status, 401, "signed out");
    assert_eq!(
        demo.signed_in("tomas").get(&link).status,
        404,
        "of another app"
    );

    let mut anybody = demo.browser();
    let page = anybody.get("/verify");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Verify a receipt") && page.body.contains("/audit+"));
    let mut verified = |text: &str| {
        let file = [("a.receipt.json", text.as_bytes())];
        let answer = anybody.post_with_files_in("/verify", &[], "receipt", &file);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    let body = verified(&receipt);
    assert!(body.contains("This receipt is whole."), "{body}");
    assert!(body.contains("still holds it at its place"), "{body}");
    let body = verified(&receipt.replace("policy_version\\\":1", "policy_version\\\":2"));
    assert!(body.contains("This receipt proves nothing"), "{body}");
    let body = verified("no receipt <script>alert(1)</script>");
    assert!(body.contains("This receipt proves nothing"));
    assert!(!body.contains("<script>alert"));
    let long = "x".repeat(3 << 20);
    let file = [("a", long.as_bytes())];
    let answer = anybody.post_with_files_in("/verify", &[], "receipt", &file);
    assert_eq!(answer.status, 413);
    assert_eq!(anybody.post_with_files("/verify", &[], &[]).status, 400);
}
