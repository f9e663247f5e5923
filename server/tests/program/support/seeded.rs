//! The real server in production mode, on either engine, with people and cases to work on.

use super::{Browser, PROGRAM, read_port, site};
use casework::database::Database;
use sea_orm::ConnectionTrait;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};
use uuid::Uuid;

/// Of all who are seeded: a desk with the published password is not served.
const PASSWORD: &str = "known to this test alone";

#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database of this test's own.
async fn fresh(engine: Engine, folder: &Path) -> String {
    match engine {
        Engine::Sqlite => format!("sqlite://{}", folder.join("desk.sqlite").display()),
        Engine::Postgres => {
            let admin = std::env::var("TEST_POSTGRES_URL").expect(
                "set TEST_POSTGRES_URL to a PostgreSQL whose user may create databases \
                 (`cargo xtask test` starts one and sets it)",
            );
            let name = format!("seeded_{}", Uuid::now_v7().simple());
            let connection = sea_orm::Database::connect(&admin).await.unwrap();
            let create = format!("CREATE DATABASE {name}");
            connection.execute_unprepared(&create).await.unwrap();
            connection.close().await.unwrap();
            let mut url: url::Url = admin.parse().unwrap();
            url.set_path(&name);
            url.into()
        }
    }
}

/// A desk of this test's own with so many cases; the address of its database.
pub async fn seeded(engine: Engine, folder: &Path, cases: usize) -> String {
    let url = fresh(engine, folder).await;
    let seeding = Command::new(PROGRAM)
        .args(["seed", "--cases", &cases.to_string(), "--database", &url])
        .args(["--password", PASSWORD])
        .output()
        .unwrap();
    assert!(seeding.status.success(), "{seeding:?}");
    url
}

/// An account for serving, whose rights the owner's `migrate` gives it; the address with it.
pub async fn with_few_rights(database: &Database, url: &str) -> String {
    let name = format!("serves_{}", Uuid::now_v7().simple());
    database
        .write()
        .execute_unprepared(&format!("CREATE ROLE {name} LOGIN PASSWORD 'few'"))
        .await
        .unwrap();
    let migrating = Command::new(PROGRAM)
        .args(["migrate", "--runtime-role", &name, "--database", url])
        .output()
        .unwrap();
    assert!(migrating.status.success(), "{migrating:?}");
    let mut url: url::Url = url.parse().unwrap();
    url.set_username(&name).unwrap();
    url.set_password(Some("few")).unwrap();
    url.into()
}

/// The real server in production mode.
pub fn serve(database: &str, folder: &Path) -> (Child, u16) {
    let config = folder.join("desk.toml");
    let text = format!(
        "address = \"127.0.0.1:0\"\nbase_url = \"http://127.0.0.1:3000\"\ndatabase = \"{database}\"\n\
         data = \"{}\"\nsecret = \"known to this test alone, 32 letters\"\n\n\
         [mail]\nfrom = \"Upgrade Desk <desk@example.org>\"\ntransport = {{ kind = \"capture\" }}\n",
        folder.join("files").display()
    );
    fs::write(&config, text).unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--config"])
        .arg(&config)
        .env("LEPTOS_SITE_ROOT", site(folder))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let port = read_port(child.stderr.take().unwrap());
    (child, port)
}

pub fn signed_in(port: u16, username: &str) -> Browser {
    let mut browser = Browser::new(port);
    let fields = [("username", username), ("password", PASSWORD)];
    let answer = browser.post("/do/sign_in", &fields);
    assert_eq!(answer.status, 303, "{username}: {}", answer.body);
    browser
}
