//! Clients that keep the server waiting, workers that fail, and how the server ends.

use crate::support::{
    Demo,
    browser::forms,
    page_of_person,
    production::{Production, Running},
    until,
};
use sea_orm::ConnectionTrait;
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

const CAPTURE: &str = "{ kind = \"capture\" }";

/// How long the server keeps a connection open to which nobody sends anything more.
fn kept_open(port: u16, sent: &str) -> (Duration, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    let begun = Instant::now();
    let mut answer = Vec::new();
    // Reset or closed: both end it.
    let _ = stream.read_to_end(&mut answer);
    (
        begun.elapsed(),
        String::from_utf8_lossy(&answer).into_owned(),
    )
}

#[test]
fn a_request_that_does_not_go_on_is_ended_wherever_it_stalls() {
    let desk = Production::new(CAPTURE, "");
    let server = desk.serve(&[]);
    let head =
        "host: x\r\naccept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let cases = [
        ("half a line", "GET /sign-in HT".to_owned(), None),
        (
            "a head that does not end",
            format!("GET /sign-in HTTP/1.1\r\n{head}"),
            None,
        ),
        (
            "a form that does not come",
            format!("POST /do/sign_in HTTP/1.1\r\n{head}content-length: 100\r\n\r\n"),
            Some("408"),
        ),
        (
            "half a form",
            format!("POST /do/sign_in HTTP/1.1\r\n{head}content-length: 100\r\n\r\nusername=a"),
            Some("408"),
        ),
        (
            "half a chunk",
            format!("POST /do/sign_in HTTP/1.1\r\n{head}transfer-encoding: chunked\r\n\r\n5\r\nab"),
            Some("408"),
        ),
        (
            "half a file",
            "POST /files/UD-1/x HTTP/1.1\r\nhost: x\r\naccept: text/html\r\n\
             content-type: multipart/form-data; boundary=b\r\ncontent-length: 9000\r\n\r\n\
             --b\r\ncontent-disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\nabc"
                .to_owned(),
            Some("303"),
        ),
    ];
    thread::scope(|scope| {
        for (what, sent, status) in &cases {
            let port = server.port;
            scope.spawn(move || {
                let (waited, answer) = kept_open(port, sent);
                assert!(waited < Duration::from_secs(40), "{what}: {waited:?}");
                if let Some(status) = status {
                    assert!(
                        answer.starts_with(&format!("HTTP/1.1 {status} ")),
                        "{what}: {answer}"
                    );
                    // Nobody is signed in, which is said before the rest has come.
                    let is_page = *status == "303" || answer.contains("<main");
                    assert!(is_page, "{what}: {answer}");
                }
            });
        }
        // A head that trickles in, a field every second, has no longer than one that stalls.
        let port = server.port;
        scope.spawn(move || {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(1)))
                .unwrap();
            let begun = Instant::now();
            stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
            loop {
                let sent = stream.write_all(b"a: b\r\n");
                let ended = match stream.read(&mut [0; 100]) {
                    Ok(0) => true,
                    Ok(_) => false,
                    // The read itself waits for the second.
                    Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
                };
                if sent.is_err() || ended {
                    break;
                }
                assert!(
                    begun.elapsed() < Duration::from_secs(40),
                    "it is still open"
                );
            }
        });
    });
    assert_eq!(server.browser().get("/sign-in").status, 200);
}

#[test]
fn one_address_cannot_take_all_connections() {
    let desk = Production::new(CAPTURE, "");
    let server = desk.serve(&[]);
    let mut open: Vec<TcpStream> = (0..256)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            stream
                .write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
                .unwrap();
            let mut start = [0; 12];
            stream.read_exact(&mut start).unwrap();
            stream
        })
        .collect();
    assert_eq!(
        server.browser().get("/health/live").status,
        0,
        "one too many"
    );
    open.truncate(100);
    until(|| server.browser().get("/health/live").status == 200);
}

fn readiness(server: &Running) -> (u16, serde_json::Value) {
    let answer = server.browser().get("/health/ready");
    (
        answer.status,
        serde_json::from_str(&answer.body).unwrap_or_default(),
    )
}

#[test]
fn a_worker_that_panics_is_told_of_and_started_again() {
    let desk = Production::new(CAPTURE, "");
    let fails = desk.path().join("fails");
    fs::write(&fails, "").unwrap();
    for worker in ["letters", "house", "dates"] {
        let variable = format!("UPGRADE_DESK_FAIL_{}", worker.to_uppercase());
        fs::write(&fails, "").unwrap();
        let server = desk.serve(&[(variable.as_str(), fails.to_str().unwrap())]);
        until(|| readiness(&server).0 == 503);
        let (_, told) = readiness(&server);
        assert_eq!(told["ready"], false, "{told}");
        assert_eq!(told["conditions"][0]["what"], worker, "{told}");
        assert!(server.log().contains("panicked"), "{}", server.log());
        assert_eq!(
            server.browser().get("/sign-in").status,
            200,
            "people are still served"
        );
        fs::remove_file(&fails).unwrap();
        until(|| readiness(&server).0 == 200);
        let (_, told) = readiness(&server);
        assert_eq!(told["conditions"], serde_json::json!([]));
    }
}

#[test]
fn readiness_tells_of_a_database_that_does_not_answer() {
    let admin = std::env::var("TEST_POSTGRES_URL").expect(
        "set TEST_POSTGRES_URL to a PostgreSQL whose user may create databases \
         (`cargo xtask test` starts one and sets it)",
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tell = |statement: String| {
        runtime.block_on(async {
            let connection = sea_orm::Database::connect(&admin).await.unwrap();
            connection.execute_unprepared(&statement).await.unwrap();
            connection.close().await.unwrap();
        });
    };
    let name = format!("ready_{}", uuid::Uuid::now_v7().simple());
    tell(format!("CREATE DATABASE {name}"));
    let mut url: url::Url = admin.parse().unwrap();
    url.set_path(&name);
    let desk = Production::new(CAPTURE, "");
    let migrated = desk.run(&["migrate", "--database", url.as_str()]);
    assert!(migrated.status.success(), "{migrated:?}");
    desk.configure(url.as_str(), CAPTURE, "");
    let server = desk.serve(&[]);
    assert_eq!(readiness(&server).0, 200);
    tell(format!("DROP DATABASE {name} WITH (FORCE)"));
    until(|| readiness(&server).0 == 503);
    let (_, told) = readiness(&server);
    assert_eq!(told["conditions"][0]["part"], "database", "{told}");
    assert_eq!(server.browser().get("/health/live").status, 200);
    let mut browser = server.browser();
    let page = browser.send("GET", "/queue", &[("cookie", "ud=x")], b"");
    assert_eq!(page.status, 503);
    assert!(page.body.contains("<main"), "{}", page.body);
}

#[test]
fn readiness_tells_of_a_policy_that_denies_everything() {
    use casework::{
        database::Database,
        entities::{policy_rules, policy_versions},
    };
    use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
    let desk = Production::new(CAPTURE, "");
    let server = desk.serve(&[]);
    assert_eq!(readiness(&server).0, 200);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // As nobody publishes one: a version without a rule, and then one with the rules of before.
    let publish = |version: i32, with_rules: bool| {
        runtime.block_on(async {
            let database = Database::open(&desk.database(), 1).await.unwrap();
            let before = policy_versions::Entity::find()
                .order_by_asc(policy_versions::Column::Version)
                .one(database.read())
                .await
                .unwrap()
                .unwrap();
            let rules = policy_rules::Entity::find()
                .all(database.read())
                .await
                .unwrap();
            let mut next = before.into_active_model();
            next.version = Set(version);
            next.insert(database.write()).await.unwrap();
            for rule in rules.into_iter().filter(|_| with_rules) {
                let mut rule = rule.into_active_model();
                rule.version = Set(version);
                rule.insert(database.write()).await.unwrap();
            }
        });
    };
    publish(100, false);
    until(|| readiness(&server).0 == 503);
    let (_, told) = readiness(&server);
    assert_eq!(told["conditions"][0]["part"], "policy", "{told}");
    publish(101, true);
    until(|| readiness(&server).0 == 200);
}

#[test]
fn what_somebody_may_is_looked_up_again_when_the_form_took_its_time() {
    let demo = Demo::start();
    let mut admin = demo.signed_in("dana");
    let sam = page_of_person(&mut admin, "Sam Okafor");
    let mut browser = demo.signed_in("sam");
    let page = browser.get("/apps/new");
    let form = forms(&page.body)
        .into_iter()
        .find(|form| form.action == "/do/create_app")
        .unwrap();
    let mut fields: Vec<(&str, &str)> = form
        .fixed
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.push(("name", "Sent over a slow line"));
    let answer = browser.post_slowly("/do/create_app", &fields, || {
        let begun = Instant::now();
        until(|| begun.elapsed() > Duration::from_millis(1_200));
        let page = admin.get(&sam);
        let form = forms(&page.body)
            .into_iter()
            .find(|form| form.action == "/do/disable_person")
            .unwrap_or_else(|| panic!("{}", page.body));
        let fixed = form.fixed.iter();
        let mut fields: Vec<(&str, &str)> = fixed.map(|(k, v)| (k.as_str(), v.as_str())).collect();
        fields.push(("reason", "Has left."));
        let answer = admin.post("/do/disable_person", &fields);
        let to = answer.header("location").unwrap_or_default();
        assert!(
            answer.status == 303 && !to.contains("kept"),
            "{}",
            answer.body
        );
    });
    let to = answer.header("location").unwrap_or_default();
    assert!(to.starts_with("/sign-in"), "{} {to}", answer.status);
}

#[test]
fn the_server_ends_in_time_with_a_request_open_and_at_once_when_told_twice() {
    for (signals, deadline) in [(1, "shutdown_seconds = 3"), (2, "shutdown_seconds = 120")] {
        let desk = Production::new(CAPTURE, deadline);
        let mut server = desk.serve(&[]);
        let mut open = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        open.write_all(
            b"POST /do/sign_in HTTP/1.1\r\nhost: x\r\n\
              content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nuser",
        )
        .unwrap();
        // A second connection shows that the first has been accepted.
        assert_eq!(server.browser().get("/health/live").status, 200);
        let mut kept = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        kept.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        kept.read_exact(&mut [0; 12]).unwrap();
        let begun = Instant::now();
        server.terminate();
        until(|| server.log().contains("told to stop"));
        if signals == 2 {
            server.terminate();
        }
        let status = server.child.wait().unwrap();
        assert!(status.success(), "{}", server.log());
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(60), "{signals}: {took:?}");
        assert!(TcpStream::connect(("127.0.0.1", server.port)).is_err());
    }
}

#[test]
fn a_request_that_is_being_answered_is_answered_before_the_server_ends() {
    let desk = Production::new(CAPTURE, "");
    let mut server = desk.serve(&[]);
    let mut open = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let body = "username=nobody&password=nothing";
    let head = format!(
        "POST /do/sign_in HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    open.write_all(head.as_bytes()).unwrap();
    assert_eq!(server.browser().get("/health/live").status, 200);
    server.terminate();
    until(|| server.log().contains("told to stop"));
    open.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    open.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(server.child.wait().unwrap().success());
}
