//! What one instance does is told by the other to whoever has a page open, and to nobody else.

use crate::support::{
    Browser,
    browser::{Answer, forms},
    seeded::{Engine, seeded, serve, signed_in, with_few_rights},
    until,
};
use casework::{
    database::Database,
    entities::{audit_events, cases},
};
use rstest::rstest;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, ErrorKind},
    net::TcpStream,
    process::{Child, Command},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long something is waited for that must come; how soon it must is another matter.
const PATIENCE: Duration = Duration::from_secs(20);

/// Two instances on one database, and a case whose developer was asked something.
struct Pair {
    here: (Child, u16),
    there: (Child, u16),
    database: Database,
    runtime: tokio::runtime::Runtime,
    case: String,
    _folder: TempDir,
}

impl Pair {
    fn start(engine: Engine) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = TempDir::new().unwrap();
        let url = runtime.block_on(seeded(engine, folder.path(), 40));
        let database = runtime.block_on(Database::open(&url, 4)).unwrap();
        let serving = match engine {
            Engine::Sqlite => url,
            Engine::Postgres => runtime.block_on(with_few_rights(&database, &url)),
        };
        let waiting = cases::Entity::find()
            .filter(cases::Column::State.eq("clarification"))
            .order_by_asc(cases::Column::Number);
        let case = runtime.block_on(waiting.one(database.read()));
        Self {
            here: serve(&serving, folder.path()),
            there: serve(&serving, folder.path()),
            case: format!("UD-{}", case.unwrap().unwrap().number),
            database,
            runtime,
            _folder: folder,
        }
    }

    fn here(&self, username: &str) -> Browser {
        signed_in(self.here.1, username)
    }

    fn there(&self, username: &str) -> Browser {
        signed_in(self.there.1, username)
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        for child in [&mut self.here.0, &mut self.there.0] {
            // It may have ended by itself, which the test has noticed otherwise.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A stream of what happens, as a browser reads it.
struct Events {
    status: u16,
    head: String,
    lines: BufReader<TcpStream>,
}

impl Events {
    /// From what the queue's page says it knows.
    fn of(browser: &mut Browser) -> Self {
        let page = browser.get("/queue").body;
        Self::from(browser, &format!("/live?{}", asked_by(&page)))
    }

    fn from(browser: &Browser, path: &str) -> Self {
        let mut browser = browser.clone();
        browser.accept = "text/event-stream";
        let stream = browser.begins(path, &[("accept-encoding", "gzip, br")]);
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(lines.read_line(&mut head).unwrap(), 0, "{head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head: head.to_lowercase(),
            lines,
        }
    }

    /// The next thing that is told; none when the stream has ended.
    fn next(&mut self) -> Option<Value> {
        loop {
            let mut line = String::new();
            match self.lines.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("nothing came: {error}"),
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).unwrap());
            }
        }
    }

    /// The next of this kind about a case.
    fn next_of(&mut self, kind: &str, case: &str) -> Value {
        loop {
            let told = self.next().expect("the stream has ended");
            if told["told"] == kind && told["case"] == case {
                return told;
            }
        }
    }
}

/// What the island of a page asks with.
fn asked_by(page: &str) -> String {
    let (_, rest) = page.split_once("LiveQueue").unwrap();
    let rest = rest.replace("&quot;", "\"");
    let part = |name: &str| {
        let (_, value) = rest.split_once(&format!("\"{name}\":")).unwrap();
        let value = value.trim_start_matches('"');
        let end = value.find(['"', ',', '}']).unwrap();
        value[..end].to_owned()
    };
    format!("for={}&from={}", part("person"), part("from"))
}

/// Fills the form of a step and sends it.
fn takes(browser: &mut Browser, page: &str, step: &str) -> Answer {
    let found = browser.get(page);
    let form = forms(&found.body)
        .into_iter()
        .find(|form| form.action.rsplit('/').next() == Some(step))
        .unwrap_or_else(|| panic!("no {step} on {page}: {}", found.body));
    let fixed = form.fixed.iter();
    let fixed = fixed.map(|(name, value)| (name.as_str(), value.as_str()));
    // Without what stands beside a question: it stays as it is.
    let texts = form.texts.iter().filter(|name| !name.starts_with("amend."));
    let texts = texts.map(|name| match name.as_str() {
        // Nothing means the usual day.
        "due" => ("due", ""),
        name => (name, "So that it is known."),
    });
    let fields: Vec<(&str, &str)> = fixed.chain(texts).collect();
    let answer = browser.post(&form.action, &fields);
    let to = answer.header("location").unwrap_or_default();
    assert!(
        answer.status == 303 && !to.contains("kept="),
        "{step}: {to}"
    );
    answer
}

#[rstest]
fn a_step_on_one_instance_is_told_by_the_other_within_a_second(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let pair = Pair::start(engine);
    let case = pair.case.as_str();
    let holder = holder(&pair);
    let mut reviewer = pair.here(&holder);
    let mut developer = pair.here("bench-developer");
    let mut reader = pair.there("bench-approver");
    let mut there = Events::of(&mut reader);
    let mut same = Events::of(&mut pair.here("bench-approver"));
    let mut own = Events::of(&mut pair.there(&holder));
    assert_eq!(there.status, 200, "{}", there.head);
    for part in [
        "content-type: text/event-stream",
        "x-accel-buffering: no",
        "cache-control: no-store",
        "content-security-policy: default-src 'none'",
    ] {
        assert!(there.head.contains(part), "no {part} in {}", there.head);
    }
    assert!(!there.head.contains("content-encoding"), "{}", there.head);
    let (answering, asking) = (
        format!("/applications/{case}/answer"),
        format!("/cases/{case}/clarify"),
    );
    let mut quickest = PATIENCE;
    for _ in 0..3 {
        takes(&mut developer, &answering, "answer_clarification");
        let begun = Instant::now();
        let told = there.next_of("case", case);
        // The machine has other tests to run meanwhile.
        quickest = quickest.min(begun.elapsed());
        assert_eq!(told["event"], "clarification_answered", "{told}");
        assert_eq!(told["own"], false);
        takes(&mut reviewer, &asking, "request_clarification");
        for (events, is_own) in [(&mut there, false), (&mut own, true), (&mut same, false)] {
            let told = loop {
                let told = events.next_of("case", case);
                if told["event"] == "clarification_requested" {
                    break told;
                }
            };
            assert_eq!(told["own"], is_own, "{told}");
            let what = told["what"].as_str().unwrap();
            assert!(what.starts_with("requested clarification: "), "{what}");
        }
    }
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
}

/// The username of who holds the case.
fn holder(pair: &Pair) -> String {
    use casework::entities::people;
    let number: i32 = pair.case.trim_start_matches("UD-").parse().unwrap();
    let find = cases::Entity::find().filter(cases::Column::Number.eq(number));
    pair.runtime.block_on(async {
        let row = find.one(pair.database.read()).await.unwrap().unwrap();
        let person = people::Entity::find_by_id(row.assignee_id.unwrap());
        let person = person.one(pair.database.read()).await.unwrap();
        person.unwrap().username
    })
}

#[rstest]
fn who_reads_and_who_writes_is_told_apart_and_to_others_alone(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let pair = Pair::start(engine);
    let case = pair.case.as_str();
    let mut looking = pair.here("bench-approver");
    let mut reader = pair.there("bench-reviewer-1");
    let mut there = Events::of(&mut reader);
    let look = |browser: &mut Browser, writing: &str| {
        let answer = browser.post("/do/look_at", &[("case", case), ("writing", writing)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
    };
    look(&mut looking, "");
    let told = there.next_of("here", case);
    assert_eq!(told["viewing"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["writing"], serde_json::json!([]));
    look(&mut looking, "yes");
    let told = there.next_of("here", case);
    assert_eq!(told["viewing"], serde_json::json!([]), "{told}");
    assert_eq!(told["writing"].as_array().unwrap().len(), 1);
    // Of oneself nothing is told, and the other is still there.
    look(&mut reader, "yes");
    let again = there.next_of("here", case);
    assert_eq!(again["writing"], told["writing"], "{again}");
    // On the page as it is drawn the same.
    let page = reader.get(&format!("/cases/{case}")).body;
    assert!(page.contains(" is writing in this case."), "{page}");
}

#[rstest]
fn what_happened_between_page_and_stream_is_told_and_what_is_too_much_is_said_to_be(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let pair = Pair::start(engine);
    let case = pair.case.as_str();
    let mut reader = pair.there("bench-approver");
    let known = asked_by(&reader.get("/queue").body);
    let mut developer = pair.here("bench-developer");
    let answering = format!("/applications/{case}/answer");
    takes(&mut developer, &answering, "answer_clarification");
    let mut late = Events::from(&reader, &format!("/live?{known}"));
    let told = late.next_of("case", case);
    assert_eq!(told["event"], "clarification_answered");
    let person = known.split('&').next().unwrap();
    let seq = told["seq"].as_i64().unwrap();
    let events = audit_events::Entity::find().count(pair.database.read());
    assert!(pair.runtime.block_on(events).unwrap() > 600);
    let mut behind = Events::from(&reader, &format!("/live?{person}&from=1"));
    let told = behind.next().unwrap();
    assert_eq!(told["told"], "much", "{told}");
    assert!(told["seq"].as_i64().unwrap() >= seq);
}

#[test]
fn the_stream_is_for_those_who_review_and_ends_with_their_session() {
    let pair = Pair::start(Engine::Sqlite);
    let mut reader = pair.here("bench-approver");
    let asked = asked_by(&reader.get("/queue").body);
    let path = format!("/live?{asked}");
    let status = |browser: &Browser, path: &str| Events::from(browser, path).status;
    assert_eq!(status(&Browser::new(pair.here.1), &path), 401);
    assert_eq!(status(&pair.here("bench-developer"), &path), 404);
    // A page of somebody else, left open in the same browser.
    assert_eq!(status(&pair.here("bench-reviewer-1"), &path), 403);
    assert_eq!(status(&reader, "/live"), 403);

    let mut open = Events::from(&reader, &path);
    let mut elsewhere = Events::from(&pair.there("bench-approver"), &path);
    assert_eq!((open.status, elsewhere.status), (200, 200));
    takes(&mut reader, "/queue", "sign_out");
    while open.next().is_some() {}
    // Everything of a person's ends with their access, on whatever instance.
    disable(&pair, "bench-approver");
    while elsewhere.next().is_some() {}
    assert_eq!(status(&reader, &path), 401);
}

/// As when an admin disables somebody.
fn disable(pair: &Pair, username: &str) {
    use casework::entities::people;
    let find = people::Entity::find().filter(people::Column::Username.eq(username));
    pair.runtime.block_on(async {
        let row = find.one(pair.database.read()).await.unwrap().unwrap();
        let epoch = row.access_epoch + 1;
        let mut row = row.into_active_model();
        row.access_epoch = Set(epoch);
        row.update(pair.database.write()).await.unwrap();
    });
}

#[test]
fn nobody_has_more_than_a_few_streams_and_the_server_ends_with_them_open() {
    let mut pair = Pair::start(Engine::Sqlite);
    let mut reader = pair.here("bench-approver");
    let mut open: Vec<Events> = (0..casework::live::MOST_OF_ONE)
        .map(|_| Events::of(&mut reader))
        .collect();
    assert!(open.iter().all(|events| events.status == 200));
    assert_eq!(Events::of(&mut reader).status, 429);
    assert_eq!(Events::of(&mut pair.here("bench-reviewer-1")).status, 200);
    open.pop();
    until(|| {
        let events = Events::of(&mut reader);
        let begins = events.status == 200;
        open.extend(begins.then_some(events));
        begins
    });

    let begun = Instant::now();
    let id = pair.here.0.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    for events in &mut open {
        while events.next().is_some() {}
    }
    assert!(pair.here.0.wait().unwrap().success());
    // Requests may go on for 25 s; these do not.
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
}
