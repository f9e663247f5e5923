//! `cargo xtask bench`: how fast the distribution is on many cases, and what it costs.

mod access;
mod http;
mod load;
mod queries;
mod queue;
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::postgres::{self, Cluster, Durability};
use crate::problem::{Outcome, Problem};
use crate::{dist, run, tools};
use http::Client;
use load::{Load, Plan};
use server::Server;

/// How much is measured.
#[derive(Args, Clone, Copy)]
pub struct Options {
    /// What is measured.
    #[arg(value_enum, default_value = "desk")]
    what: What,
    /// Apps with production access, for `access`.
    #[arg(long, default_value_t = 1_000)]
    apps: u32,
    /// Users who authorise them, together, for `access`.
    #[arg(long, default_value_t = 100_000)]
    users: u32,
    /// Cases in the database, for `desk`; for `queue`, the most there are.
    #[arg(long, default_value_t = 10_000)]
    cases: u32,
    /// The fewest cases there are, for `queue`.
    #[arg(long, default_value_t = 1_000)]
    least: u32,
    /// How many people read the queue, for `queue`.
    #[arg(long, default_value_t = 5_000)]
    readers: u32,
    /// Seconds of load on each page.
    #[arg(long, default_value_t = 15)]
    seconds: u32,
    /// Take `target/dist/upgrade-desk` as it is instead of building it.
    #[arg(long)]
    no_build: bool,
}

/// What there is to measure.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// The pages and steps of the review.
    Desk,
    /// What the portal's gateways ask.
    Access,
    /// The queue on more and more cases, each page asked for by another reader.
    Queue,
}

/// Connections at a time, for reading and for changing.
const READERS: u32 = 8;
const WRITERS: u32 = 4;

/// The transition that is measured: a state, an event, a letter.
const STEP: &str = "/do/request_clarification";
/// There is one case for each transition, and only so many cases.
const TRANSITION_SECONDS: u32 = 4;
/// So long 300,000 cases may take to be prepared for search.
const LONGEST_PREPARATION: Duration = Duration::from_secs(3_600);
/// The pace of changes while the queue is read.
const CHANGE_EVERY: Duration = Duration::from_millis(100);

/// What `upgrade-desk seed` calls the reviewer whose session is used, and the password.
const REVIEWER: &str = "bench-reviewer-1";
const COMPLIANCE: &str = "bench-approver";
const PASSWORD: &str = "known to this bench alone";

/// Measures on SQLite and on PostgreSQL and prints the tables.
pub fn run(options: &Options) -> Outcome {
    tools::need(&[
        tools::NODE,
        tools::NPM,
        tools::CHROMIUM,
        tools::POSTGRES,
        tools::WRK,
    ])?;
    tools::need_current_node()?;
    tools::npm_packages("e2e")?;
    if !options.no_build {
        dist::run()?;
    }
    let folder = std::env::temp_dir().join(format!("upgrade-desk-bench-{}", std::process::id()));
    fs::create_dir(&folder).map_err(|error| Problem::at(&folder, error))?;
    let measured = measure(options, &folder);
    if measured.is_ok() {
        fs::remove_dir_all(&folder).map_err(|error| Problem::at(&folder, error))?;
    }
    measured
}

fn measure(options: &Options, folder: &Path) -> Outcome {
    match options.what {
        What::Desk => on_both(options, folder, |bench, cluster| {
            bench.seed()?;
            if let Some(cluster) = cluster {
                bench.count_queries(cluster)?;
            }
            bench.measure()
        }),
        What::Access => on_both(options, folder, |bench, _| bench.measure_access()),
        What::Queue => queue::measure(options, folder),
    }
}

/// Measures on SQLite, and on PostgreSQL.
fn on_both(
    options: &Options,
    folder: &Path,
    measure: impl Fn(&Bench<'_>, Option<&Cluster>) -> Outcome,
) -> Outcome {
    let sqlite = format!("sqlite://{}", folder.join("desk.sqlite").display());
    measure(&Bench::new("SQLite", &sqlite, options, folder)?, None)?;
    let cluster = Cluster::start(Durability::Full, folder)?;
    let database = cluster.create_database("bench")?;
    let bench = Bench::new("PostgreSQL", &database, options, folder)?;
    measure(&bench, Some(&cluster))
}

/// One engine's database, and the server on it.
struct Bench<'a> {
    engine: &'static str,
    database: String,
    options: &'a Options,
    folder: PathBuf,
    port: u16,
}

impl<'a> Bench<'a> {
    fn new(
        engine: &'static str,
        database: &str,
        options: &'a Options,
        folder: &Path,
    ) -> Outcome<Self> {
        let folder = folder.join(engine);
        fs::create_dir(&folder).map_err(|error| Problem::at(&folder, error))?;
        Ok(Self {
            engine,
            database: database.to_owned(),
            options,
            folder,
            port: postgres::free_port()?,
        })
    }

    fn program(&self) -> std::process::Command {
        let mut command = run::program(run::target().join("dist/upgrade-desk"));
        command.current_dir(&self.folder);
        command
    }

    fn seed(&self) -> Outcome {
        run::say(&format!(
            "{}: making {} cases",
            self.engine, self.options.cases
        ));
        run::check(
            self.program()
                .arg("seed")
                .args(["--database", &self.database])
                .args(["--cases", &self.options.cases.to_string()])
                .args(["--password", PASSWORD]),
        )
    }

    fn start(&self) -> Outcome<Server> {
        let config = self.folder.join("desk.toml");
        let text = format!(
            "address = \"127.0.0.1:{port}\"\nbase_url = \"http://127.0.0.1:{port}\"\ndatabase = \"{database}\"\n\
             data = \"{data}\"\nsecret = \"a secret that is long enough for a bench\"\n\n\
             [mail]\nfrom = \"Upgrade Desk <desk@example.org>\"\ntransport = {{ kind = \"capture\" }}\n",
            port = self.port,
            database = self.database,
            data = self.folder.join("files").display(),
        );
        fs::write(&config, text).map_err(|error| Problem::at(&config, error))?;
        Server::start(
            self.program().arg("serve").arg("--config").arg(&config),
            self.port,
            &self.folder.join("server.log"),
        )
    }

    /// Signs in and returns the client that is known.
    fn sign_in(&self, username: &str) -> Outcome<Client> {
        let client = Client::new(self.port);
        let answer = client.post(
            "/do/sign_in",
            &[
                ("username", username),
                ("password", PASSWORD),
                ("next", "/"),
            ],
        )?;
        let cookies = answer.cookies();
        if answer.status != 303 || cookies.is_empty() {
            return Err(Problem::new(format!(
                "{username} could not sign in: {}",
                answer.status
            )));
        }
        Ok(client.with_cookie(&cookies))
    }

    /// Waits until every case is prepared for search: until then the server works beside its pages.
    fn settles(&self, reviewer: &Client) -> Outcome {
        let begun = Instant::now();
        loop {
            let answer = reviewer.get("/queue?view=all_open&q=glucose")?;
            if !String::from_utf8_lossy(&answer.body).contains("being prepared for search") {
                let waited = begun.elapsed().as_secs();
                run::say(&format!("{}: searchable after {waited} s", self.engine));
                return Ok(());
            }
            if begun.elapsed() > LONGEST_PREPARATION {
                return Err(Problem::new("the cases are not prepared for search"));
            }
            thread::sleep(Duration::from_secs(1));
        }
    }

    fn measure(&self) -> Outcome {
        let server = self.start()?;
        let reviewer = self.sign_in(REVIEWER)?;
        self.settles(&reviewer)?;
        let case = first_case(&reviewer)?;

        println!("\n## {}, {} cases\n", self.engine, self.options.cases);
        println!("| | requests/s | p50 | p95 | p99 | processor per request | errors |");
        println!("| --- | --- | --- | --- | --- | --- | --- |");
        self.pages(&server, &reviewer, "queue page", "/queue")?;
        self.pages(&server, &reviewer, "case page", &case)?;
        self.busy_queue(&server, &reviewer)?;
        let memory = server.memory()?;
        self.transitions(&server, &reviewer)?;

        println!("\n| | |\n| --- | --- |");
        println!(
            "| start to first page | {} |",
            milliseconds(server.first_page)
        );
        println!("| memory after load | {} |", mebibytes(memory));
        println!(
            "| queue page in Chromium | {} |",
            self.bytes_in_chromium(&reviewer)?
        );
        self.pdf(&server)
    }

    fn pages(&self, server: &Server, reviewer: &Client, name: &str, path: &str) -> Outcome {
        let plan = Plan {
            port: self.port,
            path,
            cookie: reviewer.cookie(),
            keep_alive: false,
            script: "get.lua",
            arguments: Vec::new(),
            connections: READERS,
            threads: 2,
            seconds: self.options.seconds,
        };
        // Once without measuring: caches fill, connections to the database open.
        Plan {
            seconds: 2,
            arguments: Vec::new(),
            ..plan
        }
        .run()?;
        row(name, server, || plan.run()).map(|_| ())
    }

    /// The queue while cases change: what was answered before does not hold for long.
    fn busy_queue(&self, server: &Server, reviewer: &Client) -> Outcome {
        let questions = self.questions(reviewer, self.options.cases / 10)?;
        let cookie = reviewer.cookie();
        let questions = questions.into_iter().map(|body| (cookie.to_owned(), body));
        while_changing(reviewer, questions.collect(), || {
            self.pages(
                server,
                reviewer,
                "queue page, ten changes a second",
                "/queue",
            )
        })
    }

    /// Requests clarification on the reviewer's cases, each one once.
    fn transitions(&self, server: &Server, reviewer: &Client) -> Outcome {
        let asked = self.questions(reviewer, self.options.cases)?;
        let cookie = reviewer.cookie();
        let lines = asked
            .iter()
            .map(|body| format!("{STEP}\t{cookie}\t{body}\n"));
        self.send_each(server, lines.collect())
    }

    /// Sends forms, each one once; a line is a path, a cookie and a body.
    fn send_each(&self, server: &Server, lines: String) -> Outcome {
        let forms = self.folder.join("forms");
        fs::write(&forms, lines).map_err(|error| Problem::at(&forms, error))?;
        let plan = Plan {
            port: self.port,
            path: STEP,
            cookie: "",
            keep_alive: false,
            script: "post.lua",
            arguments: vec![forms.display().to_string(), WRITERS.to_string()],
            connections: WRITERS,
            threads: WRITERS,
            seconds: TRANSITION_SECONDS,
        };
        row("transition", server, || plan.run()).map(|_| ())
    }

    /// Forms that ask about cases which the reviewer has in review, at most so many, as bodies.
    fn questions(&self, reviewer: &Client, at_most: u32) -> Outcome<Vec<String>> {
        let mine = "/queue?view=all_open&state=review&assignee=@me&sort=number";
        let paths = case_paths(reviewer, mine, at_most)?;
        let body = |path: &String| -> Outcome<String> {
            let seen = seen(reviewer, path)?;
            let case = path.rsplit('/').next().unwrap_or_default();
            let digits: String = case.chars().filter(char::is_ascii_digit).collect();
            Ok(http::form(&[
                ("form", "request_clarification"),
                ("back", path),
                ("case", case),
                ("seen", &seen),
                // Any key will do that no other form has.
                ("once", &format!("00000000-0000-4000-8000-{digits:0>12}")),
                ("about-1", "case"),
                ("text-1", "Where are the readings kept, and for how long?"),
                ("due", ""),
            ]))
        };
        paths.iter().map(body).collect()
    }

    /// What Chromium fetches for the queue page on a first visit.
    fn bytes_in_chromium(&self, reviewer: &Client) -> Outcome<String> {
        let words = run::output(
            run::program(tools::NODE.program)
                .arg("measure/bytes.mjs")
                .arg(format!("http://127.0.0.1:{}/queue", self.port))
                .arg(reviewer.cookie())
                .current_dir(run::root().join("e2e")),
        )?;
        Ok(words.trim().to_owned())
    }

    fn pdf(&self, server: &Server) -> Outcome {
        let compliance = self.sign_in(COMPLIANCE)?;
        let before = server.peak_memory()?;
        // Each case has one such event.
        let answer = compliance.post("/audit/export.pdf", &[("what", "resubmitted")])?;
        let after = server.peak_memory()?;
        if answer.status != 200 || answer.header("content-type") != Some("application/pdf") {
            return Err(Problem::new(format!(
                "the PDF of the trail: {}",
                answer.status
            )));
        }
        println!(
            "| PDF of {} events | {} ({} kB); peak memory {} (before: {}) |",
            self.options.cases,
            milliseconds(answer.took),
            answer.body.len() / 1000,
            mebibytes(after),
            mebibytes(before)
        );
        Ok(())
    }

    /// Queries per page, counted in PostgreSQL's own log.
    fn count_queries(&self, cluster: &Cluster) -> Outcome {
        let _server = self.start()?;
        let reviewer = self.sign_in(REVIEWER)?;
        self.settles(&reviewer)?;
        let case = first_case(&reviewer)?;
        println!("\n| page | queries |\n| --- | --- |");
        for (name, path) in [("queue page", "/queue"), ("case page", case.as_str())] {
            let count = queries::per_request(cluster, || reviewer.get(path).map(|_| ()))?;
            println!("| {name} | {count:.1} |");
        }
        Ok(())
    }
}

/// Does something while questions are asked, ten a second.
fn while_changing(
    client: &Client,
    questions: Vec<(String, String)>,
    what: impl FnOnce() -> Outcome,
) -> Outcome {
    let measured = Arc::new(AtomicBool::new(false));
    let (stop, client) = (Arc::clone(&measured), client.clone());
    let changes = thread::spawn(move || -> Outcome<usize> {
        let mut asked = 0;
        for (cookie, question) in &questions {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            client.with_cookie(cookie).post_body(STEP, question)?;
            asked += 1;
            thread::sleep(CHANGE_EVERY);
        }
        Ok(asked)
    });
    let done = what();
    measured.store(true, Ordering::Relaxed);
    let asked = changes
        .join()
        .map_err(|_| Problem::new("the changes ended by themselves"))??;
    done?;
    if asked == 0 {
        return Err(Problem::new("nothing changed while pages were read"));
    }
    Ok(())
}

/// Runs the load and prints its row.
fn row(name: &str, server: &Server, load: impl FnOnce() -> Outcome<Load>) -> Outcome<Load> {
    let before = server.processor_time()?;
    let load = load()?;
    let spent = server.processor_time()?.saturating_sub(before);
    let each = spent.as_secs_f64() / (load.requests.max(1) as f64);
    println!(
        "| {name} | {:.0} | {} | {} | {} | {} | {} |",
        load.per_second,
        milliseconds(load.p50),
        milliseconds(load.p95),
        milliseconds(load.p99),
        milliseconds(Duration::from_secs_f64(each)),
        load.errors
    );
    thread::sleep(Duration::from_secs(1));
    Ok(load)
}

/// The address of the first case of the reviewer's queue.
fn first_case(reviewer: &Client) -> Outcome<String> {
    let found = case_paths(reviewer, "/queue?sort=due", 1)?;
    let first = found.into_iter().next();
    first.ok_or_else(|| Problem::new("the queue is empty"))
}

/// The addresses of the cases that a queue lists, page by page, at most so many.
fn case_paths(reviewer: &Client, queue: &str, at_most: u32) -> Outcome<Vec<String>> {
    let at_most = at_most as usize;
    let mut found = BTreeSet::new();
    let mut page = Some(queue.to_owned());
    while let Some(path) = page.filter(|_| found.len() < at_most) {
        let answer = reviewer.get(&path)?;
        let text = String::from_utf8_lossy(&answer.body);
        for link in text.split("href=\"/cases/").skip(1) {
            let number: String = link
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect();
            if number.starts_with("UD-") {
                found.insert(format!("/cases/{number}"));
            }
        }
        page = next_page(&text);
    }
    Ok(found.into_iter().take(at_most).collect())
}

/// Where the link to the next page of a list leads, if there is one.
fn next_page(page: &str) -> Option<String> {
    let link = page.split("rel=\"next\" href=\"").nth(1)?;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

/// What the form on the page of a case says was seen of it.
fn seen(reviewer: &Client, case: &str) -> Outcome<String> {
    let page = reviewer.get(&format!("{case}/clarify"))?;
    let text = String::from_utf8_lossy(&page.body);
    let value = text.split("name=\"seen\" value=\"").nth(1);
    match value.and_then(|rest| rest.split('"').next()) {
        Some(seen) => Ok(seen.to_owned()),
        None => Err(Problem::new(format!("{case}/clarify has no form"))),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / (1024.0 * 1024.0))
}
