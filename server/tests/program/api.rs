//! The interface for programs: as it describes itself, and behind a real nginx and a real Envoy.

mod envoy;
mod nginx;
mod proxy;
mod reports;

use crate::support::{Browser, Demo, browser::Answer, browser::forms};
use casework::{Clock, SystemClock, database::Database, entities::apps};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A program that shows a token.
#[derive(Clone)]
struct Gateway {
    browser: Browser,
    token: String,
}

impl Gateway {
    /// One that an admin let in, for everything.
    fn of(demo: &Demo) -> Self {
        let mut admin = demo.signed_in("dana");
        let page = admin.get("/admin/gateways");
        let form = forms(&page.body)
            .into_iter()
            .find(|form| form.action == "/do/make_gateway_token")
            .unwrap_or_else(|| panic!("{}", page.body));
        let carried = form.fixed.iter().filter(|(name, _)| name != "scopes");
        let mut fields: Vec<(&str, &str)> =
            carried.map(|(k, v)| (k.as_str(), v.as_str())).collect();
        fields.extend([
            ("gateway", "Test gateway"),
            ("days", "30"),
            ("scopes", "authorise"),
            ("scopes", "report"),
            ("scopes", "check"),
        ]);
        let answer = admin.post(&form.action, &fields);
        let page = admin.follow(answer);
        let (_, rest) = page.body.split_once("class=\"secret\">").expect(&page.body);
        let token = rest.split('<').next().unwrap().to_owned();
        assert_eq!(token.len(), 64, "{token}");
        let again = admin.get("/admin/gateways");
        assert!(!again.body.contains(&token), "a token is shown once");
        let mut browser = demo.browser();
        browser.accept = "application/json";
        Self { browser, token }
    }

    fn ask(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.send(method, path, &[], body.as_bytes())
    }

    /// Whether a user of an app may be served.
    fn check(&mut self, client_id: &str, subject: &str, also: &[(&str, &str)]) -> Answer {
        let named = [("x-client-id", client_id), ("x-subject", subject)];
        self.send("GET", CHECK, &[&named, also].concat(), b"")
    }

    fn send(&mut self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let own = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        self.browser
            .send(method, path, &[&own, more].concat(), body)
    }
}

fn told(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// A statement on the demo's database, as only its operator can make one.
fn on_database<T>(demo: &Demo, work: impl AsyncFnOnce(&Database) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::open(&demo.database(), 1).await.unwrap();
        work(&database).await
    })
}

fn all_apps(demo: &Demo) -> Vec<apps::Model> {
    on_database(demo, async |database: &Database| {
        apps::Entity::find().all(database.read()).await.unwrap()
    })
}

/// The client id of an app that has this level and is not suspended.
fn client_id(demo: &Demo, level: &str) -> String {
    let found = all_apps(demo)
        .into_iter()
        .find(|app| app.level == level && !app.suspended);
    found.unwrap().client_id
}

fn set(demo: &Demo, client_id: &str, what: &str) {
    let statement = format!("UPDATE apps SET {what} WHERE client_id = '{client_id}'");
    on_database(demo, async |database: &Database| {
        let done = database
            .write()
            .execute_unprepared(&statement)
            .await
            .unwrap();
        assert_eq!(done.rows_affected(), 1);
    });
}

/// Every answer is one that the description has for its route, with the properties it names.
#[test]
fn programs_get_what_the_description_says() {
    let demo = Demo::start();
    let mut gateway = Gateway::of(&demo);
    let described = told(&gateway.browser.get("/api/v1/openapi.json"));
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, route) in methods.as_object().unwrap() {
            for (status, response) in route["responses"].as_object().unwrap() {
                let said = response["description"].as_str().unwrap_or_default();
                assert!(!said.is_empty(), "{method} {path}: {status}");
            }
        }
    }
    let limited = client_id(&demo, "limited");
    let today = SystemClock.now().date().to_string();
    let line = |day: &str| json!({ "served": [{ "day": day, "subject": "someone" }] });
    let app = format!("/api/v1/apps/{limited}");
    let before = told(&gateway.ask("GET", &app, &Value::Null))["authorised"].clone();
    let mut seen = BTreeSet::new();
    for (method, path, route, body, expected) in [
        (
            "GET",
            app.clone(),
            "/api/v1/apps/{client_id}",
            Value::Null,
            200,
        ),
        (
            "GET",
            "/api/v1/apps/nobody".to_owned(),
            "/api/v1/apps/{client_id}",
            Value::Null,
            404,
        ),
        (
            "PUT",
            format!("{app}/authorisations/someone"),
            AUTHORISATIONS,
            Value::Null,
            201,
        ),
        (
            "PUT",
            format!("{app}/authorisations/someone"),
            AUTHORISATIONS,
            Value::Null,
            200,
        ),
        (
            "PUT",
            format!("{app}/authorisations/a%20b"),
            AUTHORISATIONS,
            Value::Null,
            422,
        ),
        (
            "PUT",
            "/api/v1/apps/nobody/authorisations/x".to_owned(),
            AUTHORISATIONS,
            Value::Null,
            404,
        ),
        (
            "POST",
            format!("{app}/activity"),
            ACTIVITY,
            line(&today),
            200,
        ),
        (
            "POST",
            format!("{app}/activity"),
            ACTIVITY,
            line("yesterday"),
            422,
        ),
        (
            "POST",
            format!("{app}/activity"),
            ACTIVITY,
            line("1999-01-01"),
            422,
        ),
        (
            "POST",
            format!("{app}/activity"),
            ACTIVITY,
            json!({ "served": 7 }),
            422,
        ),
        (
            "DELETE",
            format!("{app}/authorisations/someone"),
            AUTHORISATIONS,
            Value::Null,
            204,
        ),
        (
            "DELETE",
            format!("{app}/authorisations/someone"),
            AUTHORISATIONS,
            Value::Null,
            204,
        ),
    ] {
        let what = format!("{method} {path}");
        let answer = gateway.ask(method, &path, &body);
        assert_eq!(answer.status, expected, "{what}: {}", answer.body);
        assert_described(&what, &described, (route, method), &answer);
        seen.insert((route, method));
        // As long as somebody has a place, the check says so.
        let (here, there) = (
            gateway.check(&limited, "someone", &[]),
            gateway.check(&limited, "other", &[]),
        );
        let has_place = told(&gateway.ask("GET", &app, &Value::Null))["authorised"] != before;
        assert_eq!(here.status, if has_place { 200 } else { 403 }, "{what}");
        assert_eq!(there.status, 403);
        for answer in [here, there] {
            assert_described(&what, &described, (CHECK, "GET"), &answer);
        }
        seen.insert((CHECK, "GET"));
    }
    let paths = described["paths"].as_object().unwrap();
    let all = paths
        .values()
        .map(|methods| methods.as_object().unwrap().len())
        .sum::<usize>();
    assert_eq!(seen.len(), all, "every route is tried");

    // What cannot be read is described as well.
    let activity = format!("{app}/activity");
    let whole = line(&today).to_string();
    let long = format!("{}{whole}", " ".repeat(1 << 20));
    let bearer = format!("Bearer {}", gateway.token);
    let unnamed = format!("{app}/authorisations/%FF");
    let unescaped = format!("{app}/authorisations/%zz");
    for (method, path, route, kind, body, expected) in [
        ("POST", &activity, ACTIVITY, JSON, "{ \"served", 422),
        ("POST", &activity, ACTIVITY, JSON, &long, 413),
        ("POST", &activity, ACTIVITY, "text/plain", &whole, 415),
        ("PUT", &unnamed, AUTHORISATIONS, JSON, "", 400),
        ("PUT", &unescaped, AUTHORISATIONS, JSON, "", 400),
    ] {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        let answer = gateway
            .browser
            .send(method, path, &headers, body.as_bytes());
        let what = format!("{method} {path}");
        assert_eq!(answer.status, expected, "{what}: {}", answer.body);
        assert_described(&what, &described, (route, method), &answer);
    }

    // Of two tokens nobody knows which one counts.
    let two = [
        ("authorization", bearer.as_str()),
        ("authorization", "Bearer x"),
    ];
    let answer = gateway.browser.send("GET", &app, &two, b"");
    assert_eq!(answer.status, 401, "{}", answer.body);

    // A stranger, whatever they ask.
    gateway.token = "0".repeat(64);
    for path in [&app, "/api/v1/check"] {
        let answer = gateway.ask("GET", path, &Value::Null);
        assert_eq!(answer.status, 401, "{}", answer.body);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(told(&answer)["type"], "unknown_token");
    }
    for (method, path, expected) in [("GET", "/api/v2", 404), ("PATCH", &app, 405)] {
        let answer = gateway.ask(method, path, &Value::Null);
        assert_eq!(answer.status, expected, "{}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
    }
}

const AUTHORISATIONS: &str = "/api/v1/apps/{client_id}/authorisations/{subject}";
const ACTIVITY: &str = "/api/v1/apps/{client_id}/activity";
const JSON: &str = "application/json";
const CHECK: &str = "/api/v1/check";

/// The body has what the described schema requires, and nothing that it does not name; its example
/// has the same properties.
fn assert_described(what: &str, described: &Value, route: (&str, &str), answer: &Answer) {
    let operation = &described["paths"][route.0][route.1.to_lowercase()];
    let response = &operation["responses"][answer.status.to_string()];
    assert!(
        response.is_object(),
        "{what}: {} is not described",
        answer.status
    );
    let Some(content) = response["content"].as_object() else {
        assert_eq!(answer.body, "", "{what}");
        return;
    };
    let (kind, media) = content.iter().next().unwrap();
    assert_eq!(answer.header("content-type"), Some(kind.as_str()), "{what}");
    let name = media["schema"]["$ref"].as_str().unwrap();
    let name = name.rsplit('/').next().unwrap();
    let schema = &described["components"]["schemas"][name];
    let body = told(answer);
    let properties = schema["properties"].as_object().unwrap();
    for key in body.as_object().expect(&answer.body).keys() {
        assert!(
            properties.contains_key(key),
            "{what}: {key} is not described"
        );
    }
    for key in schema["required"].as_array().unwrap() {
        let value = &body[key.as_str().unwrap()];
        assert!(!value.is_null(), "{what}: {key} is required: {body}");
    }
}

#[test]
fn the_check_judges_what_the_gateway_says_and_nothing_that_its_client_wrote() {
    let demo = Demo::start();
    let mut gateway = Gateway::of(&demo);
    let suspended = client_id(&demo, "limited");
    set(&demo, &suspended, "suspended = TRUE");
    let sandbox = [("x-environment", "sandbox")];
    assert_eq!(
        gateway.check(&suspended, "x", &sandbox).status,
        200,
        "open to every app"
    );
    for path in [
        format!("/api/v1/check?environment=sandbox&client_id={suspended}"),
        format!("/api/v1/check/v3/egvs?environment=sandbox&client_id={suspended}&subject=x"),
    ] {
        let named = [("x-client-id", suspended.as_str()), ("x-subject", "x")];
        let answer = gateway.send("GET", &path, &named, b"");
        assert_eq!(
            told(&answer)["type"],
            "suspended",
            "{path}: {}",
            answer.body
        );
        assert_eq!(gateway.send("GET", &path, &[], b"").status, 403, "{path}");
    }
    for unclear in [
        [("x-environment", "sand box"), ("x-a", "b")],
        [
            ("x-environment", "sandbox"),
            ("x-environment", "production"),
        ],
        [("x-subject", "y"), ("x-a", "b")],
        [("x-client-id", "\u{e9}"), ("x-a", "b")],
    ] {
        let answer = gateway.check(&suspended, "x", &unclear);
        assert_eq!(answer.status, 403, "{unclear:?}");
        assert_eq!(told(&answer)["type"], "invalid", "{unclear:?}");
    }
    for path in ["%ff", "..", "%2e"] {
        let path = format!("/api/v1/apps/{suspended}/authorisations/{path}");
        let answer = gateway.ask("PUT", &path, &Value::Null);
        assert!(
            [400, 422].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
    }
}

#[test]
fn no_subject_and_no_token_is_in_the_log() {
    for filter in ["trace", "debug"] {
        let demo = Demo::start_logging(filter);
        let mut gateway = Gateway::of(&demo);
        let limited = client_id(&demo, "limited");
        let app = format!("/api/v1/apps/{limited}");
        let subject = "someone-who-is-nobodys-business";
        let today = SystemClock.now().date().to_string();
        let report = json!({ "served": [{ "day": today, "subject": subject }] });
        for (method, path, body) in [
            (
                "PUT",
                format!("{app}/authorisations/{subject}"),
                Value::Null,
            ),
            ("POST", format!("{app}/activity"), report),
            (
                "DELETE",
                format!("{app}/authorisations/{subject}"),
                Value::Null,
            ),
        ] {
            let answer = gateway.ask(method, &path, &body);
            assert!(answer.status < 300, "{path}: {}", answer.body);
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
        let log = demo.log();
        assert!(log.contains("/api/v1/apps/{client_id}/activity"), "{log}");
        assert!(
            !log.contains(subject),
            "a subject is in the log at {filter}"
        );
        assert!(
            !log.contains(&gateway.token),
            "a token is in the log at {filter}"
        );
    }
}

#[test]
fn an_entity_tag_holds_until_something_of_the_app_changes() {
    let demo = Demo::start();
    let mut gateway = Gateway::of(&demo);
    let limited = client_id(&demo, "limited");
    let app = format!("/api/v1/apps/{limited}");
    let first = gateway.ask("GET", &app, &Value::Null);
    let tag = first.header("etag").unwrap().to_owned();
    let asked_again = |gateway: &mut Gateway| {
        let bearer = format!("Bearer {}", gateway.token);
        let headers = [("authorization", bearer.as_str()), ("if-none-match", &tag)];
        gateway.browser.send("GET", &app, &headers, b"")
    };
    let same = asked_again(&mut gateway);
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    assert_eq!(same.header("etag"), Some(tag.as_str()));
    set(&demo, &limited, "suspended = TRUE");
    let other = asked_again(&mut gateway);
    assert_eq!(other.status, 200);
    assert_eq!(told(&other)["denied"], "suspended");
}

#[test]
fn a_program_that_is_killed_while_users_come_and_go_has_given_no_place_too_many() {
    let mut demo = Demo::start();
    let gateway = Gateway::of(&demo);
    let limited = client_id(&demo, "limited");
    let before = on_database(&demo, async |database: &Database| {
        counts(database, &limited).await
    });
    let (told, answers) = std::sync::mpsc::channel();
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let (mut gateway, told) = (gateway.clone(), told.clone());
            let app = format!("/api/v1/apps/{limited}/authorisations");
            thread::spawn(move || {
                for user in 0.. {
                    let path = format!("{app}/{caller}-{}", user % 4);
                    let method = if user % 8 < 4 { "PUT" } else { "DELETE" };
                    let answer = gateway.ask(method, &path, &Value::Null);
                    if answer.status == 0 || told.send((answer.status, path)).is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    let some: Vec<u16> = answers.iter().take(60).map(|(status, _)| status).collect();
    demo.kill_and_start_again();
    drop(answers);
    for caller in callers {
        caller.join().unwrap();
    }
    assert!(some.contains(&201) && some.contains(&204), "{some:?}");
    let after = on_database(&demo, async |database: &Database| {
        counts(database, &limited).await
    });
    assert_eq!(after.0, after.1, "what is counted is what is there");
    assert!(
        after.0 <= 20 && before.0 == before.1,
        "{before:?} {after:?}"
    );
    assert_eq!(
        Gateway::of(&demo)
            .ask("GET", "/api/v1/check", &Value::Null)
            .status,
        403
    );
}

/// How many rows an app has, and how many are said to be.
async fn counts(database: &Database, client_id: &str) -> (u64, u64) {
    use casework::entities::{authorisations, user_counts};
    use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
    let app = apps::Entity::find()
        .filter(apps::Column::ClientId.eq(client_id))
        .one(database.read())
        .await
        .unwrap()
        .unwrap();
    let rows = authorisations::Entity::find()
        .filter(authorisations::Column::AppId.eq(app.id))
        .count(database.read())
        .await
        .unwrap();
    let said = user_counts::Entity::find_by_id(app.id)
        .one(database.read())
        .await
        .unwrap();
    (
        rows,
        said.map_or(0, |row| row.authorised.try_into().unwrap()),
    )
}
