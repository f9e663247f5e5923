//! `cargo xtask test`: every check there is, in one go, on a bare machine.
//!
//! A step that fails does not stop the next ones; the last line counts all.

mod counts;
mod dependencies;
mod scratch;

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use counts::Counts;
use scratch::Scratch;

use crate::postgres::{Cluster, Durability};
use crate::problem::{Outcome, Problem};
use crate::site::{self, Site};
use crate::{demo, run, tools};

/// Does the set-up, runs everything and ends with the line of counts.
pub fn run() -> Outcome {
    let mut report = Report::default();
    report.step("set-up", set_up);
    // Without the tools every further step would fail for the same reason.
    if report.counts.failed == 0 {
        checks(&mut report);
        tests(&mut report);
    }
    report.end()
}

fn set_up() -> Outcome<Counts> {
    site::add_wasm_target()?;
    add_components()?;
    tools::need(&[
        tools::NODE,
        tools::NPM,
        tools::CHROMIUM,
        tools::POSTGRES,
        tools::PDFTOTEXT,
        tools::QPDF,
        tools::NGINX,
    ])?;
    tools::need_current_node()?;
    tools::packed(&tools::ENVOY)?;
    tools::packed(&tools::AICS_TLOG)?;
    tools::npm_packages("e2e")?;
    Ok(Counts::default())
}

/// rustfmt and clippy, which rustup's minimal profile leaves out.
fn add_components() -> Outcome {
    let missing: Vec<&str> = [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")]
        .into_iter()
        .filter(|(_, program)| !works(run::program(program).arg("--version")))
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    run::check(
        run::program("rustup")
            .args(["component", "add"])
            .args(missing),
    )
}

fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn checks(report: &mut Report) {
    report.check("format", run::cargo().args(["fmt", "--all", "--check"]));
    // Side by side: each builds in a folder of its own, and ends with crates that leave a core idle.
    report.steps([
        ("dependencies", &dependencies::check),
        ("lints: native", &|| {
            let mut lints = run::cargo();
            lints.args(["clippy", "--workspace", "--all-targets"]);
            check("native", lints.args(["--", "-D", "warnings"]))
        }),
        ("lints: wasm", &|| {
            let mut lints = run::cargo();
            lints
                .args(["clippy", "--package", "app", "--lib"])
                .args(["--no-default-features", "--features", "hydrate"])
                .args(["--target", "wasm32-unknown-unknown"])
                // As the site's own build, so that its build scripts and macros are built once.
                .args(["--profile", "wasm-release"]);
            check("wasm  ", lints.args(["--", "-D", "warnings"]))
        }),
    ]);
    report.check(
        "docs",
        run::cargo()
            .args(["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    );
}

/// A check beside others, its lines behind `label`.
fn check(label: &str, command: &mut Command) -> Outcome<Counts> {
    run::check_labelled(label, command).map(|()| Counts::default())
}

fn tests(report: &mut Report) {
    // The server comes with the tests: built by itself it would have other features, and with them
    // every dependency would be built twice.
    report.step("build", || {
        demo::with_site(&["test", "--workspace", "--no-run"]).map(|()| Counts::default())
    });
    report.step("tests on SQLite and PostgreSQL", || {
        let scratch = Scratch::new()?;
        let cluster = Cluster::start(Durability::None, scratch.folder())?;
        empty(&pages())?;
        counts::cargo(
            run::cargo()
                .args(["test", "--workspace", "--no-fail-fast"])
                .env("TEST_POSTGRES_URL", cluster.url())
                .env("ENVOY", tools::packed(&tools::ENVOY)?)
                .env("AICS_TLOG", tools::packed(&tools::AICS_TLOG)?)
                .env("TMPDIR", scratch.folder())
                // Many tests wait for PostgreSQL or a server of their own much of their time.
                .env("RUST_TEST_THREADS", test_threads().to_string())
                .env("PAGES_OF_TESTS", pages())
                .env("LEPTOS_SITE_ROOT", Site::Quick.folder()),
        )
    });
    report.check(
        "HTML of every page they saw",
        run::program("node")
            .arg("measure/html.mjs")
            .arg(pages())
            .current_dir(run::root().join("e2e")),
    );
    report.step("journeys in the browser", || {
        let results = run::target().join("playwright.json");
        let scratch = Scratch::new()?;
        counts::playwright(
            run::program("npx")
                .args(["--no-install", "playwright", "test"])
                .current_dir(run::root().join("e2e"))
                .env("UPGRADE_DESK", run::target().join("debug/upgrade-desk"))
                .env("LEPTOS_SITE_ROOT", Site::Quick.folder())
                .env("TMPDIR", scratch.folder())
                .env("E2E_RESULTS", &results),
            &results,
        )
    });
}

/// Where the tests of the running program lay down the pages that they are shown.
fn pages() -> PathBuf {
    run::target().join("pages")
}

fn empty(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Problem::at(folder, error))?;
    }
    fs::create_dir_all(folder).map_err(|error| Problem::at(folder, error))
}

fn test_threads() -> usize {
    1 + thread::available_parallelism().map_or(1, NonZero::get)
}

/// What was run, how long it took and what came of it.
#[derive(Default)]
struct Report {
    counts: Counts,
    steps: Vec<(String, Duration, String)>,
}

impl Report {
    /// A step that either passes or fails as a whole.
    fn check(&mut self, name: &str, command: &mut Command) {
        self.step(name, || run::check(command).map(|()| Counts::default()));
    }

    /// A step with counts of its own; when it cannot be carried out it counts as one failure.
    fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome<Counts>) {
        self.add(name, timed(name, work));
    }

    /// Steps side by side.
    fn steps<const N: usize>(&mut self, steps: [(&str, Work<'_>); N]) {
        let taken = thread::scope(|scope| {
            steps
                .map(|(name, work)| (name, scope.spawn(move || timed(name, work))))
                .map(|(name, step)| {
                    let broken = |_| (Duration::ZERO, Err(Problem::new("it broke off")));
                    (name, step.join().unwrap_or_else(broken))
                })
        });
        for (name, taken) in taken {
            self.add(name, taken);
        }
    }

    fn add(&mut self, name: &str, (took, outcome): (Duration, Outcome<Counts>)) {
        let (counts, words) = match outcome {
            Ok(counts) if counts == Counts::default() => (counts, "ok".to_owned()),
            Ok(counts) => (counts, counts.to_string()),
            Err(problem) => {
                run::say(&format!("{name}: {problem}"));
                let failure = Counts {
                    failed: 1,
                    ..Counts::default()
                };
                (failure, "failed".to_owned())
            }
        };
        self.counts += counts;
        self.steps.push((name.to_owned(), took, words));
    }

    fn end(self) -> Outcome {
        run::say("── all steps");
        for (name, took, words) in &self.steps {
            run::say(&format!(
                "{name:<32} {:>6.1} s  {words}",
                took.as_secs_f64()
            ));
        }
        println!("{}", self.counts);
        match self.counts.failed {
            0 => Ok(()),
            _ => Err(Problem::silent()),
        }
    }
}

/// What one of several steps does.
type Work<'a> = &'a (dyn Fn() -> Outcome<Counts> + Sync);

fn timed(name: &str, work: impl FnOnce() -> Outcome<Counts>) -> (Duration, Outcome<Counts>) {
    run::say(&format!("── {name}"));
    let start = Instant::now();
    let outcome = work();
    (start.elapsed(), outcome)
}
