//! The real program as a demo on a port of its own, and just enough of a browser without scripts.

pub mod browser;
pub mod controls;
pub mod production;
pub mod seeded;
pub mod walk;

pub use browser::Browser;

use browser::Answer;
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_upgrade-desk");

/// The numbers that the demo gives to applications, and some more.
pub const CASES: std::ops::RangeInclusive<u32> = 1_001..=1_060;

/// A running demo; it is killed when the test is over.
pub struct Demo {
    pub port: u16,
    child: Child,
    data: TempDir,
}

impl Demo {
    /// Starts a demo of this test's own, on a copy of a desk that was filled once.
    pub fn start() -> Self {
        Self::start_logging("off")
    }

    /// Starts one that logs what this filter lets through.
    pub fn start_logging(filter: &str) -> Self {
        let data = TempDir::new().unwrap();
        copy(filled(), data.path());
        let (child, port) = launch(data.path(), filter);
        Self { port, child, data }
    }

    /// Ends the program in the middle of whatever it does, and starts it on what is left.
    pub fn kill_and_start_again(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.child, self.port) = launch(self.data.path(), "off");
    }

    /// Everything logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(log_file(self.data.path())).unwrap()).into_owned()
    }

    /// A browser that nobody is signed in with.
    pub fn browser(&self) -> Browser {
        Browser::new(self.port)
    }

    /// A browser in which a demo person is signed in.
    pub fn signed_in(&self, username: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.post("/do/demo_sign_in", &[("username", username)]);
        assert_eq!(answer.status, 303, "{username}: {}", answer.body);
        browser
    }

    /// What is kept of refused forms, each as one text.
    pub fn kept_forms(&self) -> Vec<String> {
        use casework::{database::Database, entities::kept_forms};
        use sea_orm::EntityTrait;
        let url = format!(
            "sqlite://{}",
            self.data.path().join("desk.sqlite").display()
        );
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = Database::open(&url, 2).await.unwrap();
            let rows = kept_forms::Entity::find()
                .all(database.read())
                .await
                .unwrap();
            rows.into_iter()
                .map(|row| format!("{} {}", row.entries, row.problems))
                .collect()
        })
    }

    /// The folder of its database and files.
    pub fn folder(&self) -> &Path {
        self.data.path()
    }

    /// The address of its database.
    pub fn database(&self) -> String {
        format!(
            "sqlite://{}",
            self.data.path().join("desk.sqlite").display()
        )
    }

    /// How many events the trail has; the chain must be whole.
    pub fn events(&self) -> u64 {
        let output = Command::new(PROGRAM)
            .args(["audit", "verify", "--database", &self.database()])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        text.split(' ').next().unwrap().parse().unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of a demo desk that is filled once for all tests of a run.
fn filled() -> &'static Path {
    static FILLED: OnceLock<TempDir> = OnceLock::new();
    FILLED
        .get_or_init(|| {
            let folder = TempDir::new().unwrap();
            let (mut child, _) = launch(folder.path(), "off");
            child.kill().unwrap();
            child.wait().unwrap();
            folder
        })
        .path()
}

fn log_file(data: &Path) -> PathBuf {
    data.join("log.txt")
}

fn launch(data: &Path, filter: &str) -> (Child, u16) {
    let log = fs::File::create(log_file(data)).unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["demo", "--addr", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("LEPTOS_SITE_ROOT", site(data))
        .env("UPGRADE_DESK_LOG", filter)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let port = read_port(child.stdout.take().unwrap());
    (child, port)
}

/// The port that a starting program says it listens on; what it says afterwards is read and
/// dropped, so that it never waits for us.
pub fn read_port(said: impl Read + Send + 'static) -> u16 {
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let port = lines
        .by_ref()
        .find_map(|line| {
            let (_, rest) = line.split_once("127.0.0.1:")?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .expect("the program did not start");
    thread::spawn(move || lines.for_each(drop));
    port
}

/// A site without anything in it: these tests are about pages without scripts.
pub fn site(data: &Path) -> PathBuf {
    let root = data.join("site");
    let folder = root.join("pkg");
    fs::create_dir_all(&folder).unwrap();
    for name in ["upgrade-desk.css", "upgrade-desk.js"] {
        fs::write(folder.join(name), "").unwrap();
    }
    root
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The names of all steps: a new one is tested at once.
pub fn steps() -> Vec<String> {
    app::steps::all().map(|step| step.name.to_owned()).collect()
}

/// The paths of all pages, read from the list of routes, with samples for what varies.
pub fn pages(case: u32) -> Vec<String> {
    let shell = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src/shell.rs");
    let text = fs::read_to_string(shell).unwrap();
    let mut pages = Vec::new();
    for rest in text.split("path!(\"").skip(1) {
        let path = rest.split('"').next().unwrap();
        let number = format!("UD-{case}");
        let filled: Vec<&str> = path
            .split('/')
            .map(|part| match part {
                ":number" if path.starts_with("/support/") => "SR-1002",
                ":slug" if path.starts_with("/gallery/") => "tidemark",
                ":slug" => "why-does-refreshing-a-token-fail-now-and-then",
                ":number" => number.as_str(),
                ":kind" => "dla",
                ":guide" => "sandbox",
                ":version" if path.starts_with("/admin/guides/") => "0",
                ":version" => "1",
                ":step" => "decide",
                part if part.starts_with(':') => "01890000-0000-7000-8000-000000000000",
                part => part,
            })
            .collect();
        pages.push(filled.join("/"));
    }
    assert!(pages.len() > 15, "{pages:?}");
    pages
}

/// Addresses of `start` that a page links to.
pub fn linked(page: &Answer, start: &str) -> BTreeSet<String> {
    let links = page.body.split("href=\"").skip(1);
    links
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with(start))
        .map(str::to_owned)
        .collect()
}

/// The address of the person's page among the admin's people.
pub fn page_of_person(admin: &mut Browser, name: &str) -> String {
    let people = admin.get("/admin/people").body;
    let (before, _) = people
        .split_once(name)
        .unwrap_or_else(|| panic!("no {name} on {people}"));
    let (_, link) = before.rsplit_once("href=\"/admin/people/").expect(before);
    format!("/admin/people/{}", link.split('"').next().unwrap())
}

/// Waits for a condition of another process; fails after a minute.
pub fn until(mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not come"
        );
        thread::park_timeout(Duration::from_millis(20));
    }
}
