//! Mutation tests: each function is changed in small ways, and the tests that stand for it must
//! notice.
//!
//! What is run by hand, not with every change: the rules alone take the better part of an hour.
//! Survivors that are let live are written down in `docs/mutants.md`.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::problem::{Outcome, Problem};
use crate::run;

/// Which parts, and what is handed on.
#[derive(Args)]
pub struct Options {
    /// The parts whose functions are changed; all of them unless some are named.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Only a part of the mutants, e.g. `1/6`.
    #[arg(long)]
    shard: Option<String>,
    /// How many are tried at a time.
    #[arg(long, default_value = "1")]
    jobs: String,
}

/// What everything else relies on.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The rules of an application.
    Workflow,
    /// The record that cannot be changed unnoticed.
    Trail,
    /// Who may: the questions to casbin.
    Policy,
    /// Which version of the policy answers; what a person is to an app and a case, and what of it
    /// they may read.
    Authority,
}

/// Of a hundred mutants that compile so many must be noticed.
const LEAST_PERCENT: usize = 95;

/// The tests of the desk that stand for authority, on SQLite alone: the rules are the
/// same on both engines.
const OF_THE_DESK: &[&str] = &[
    "--lib",
    "--test=desk",
    "--",
    "--skip=Postgres",
    "--skip=a_locked_row_is_waited_for",
    "policy::",
    "conflicts::",
    "drafts::",
    "members::",
    "strangers::",
    "relations::",
    "sight::",
];

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Trail => "trail",
            Self::Policy => "policy",
            Self::Authority => "authority",
        }
    }

    const fn package(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Trail => "trail",
            Self::Policy => "policy",
            Self::Authority => "casework",
        }
    }

    /// The files whose functions are changed; none: all of the package.
    const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Workflow | Self::Trail | Self::Policy => &[],
            Self::Authority => &[
                "casework/src/kernel/policy/*.rs",
                "casework/src/kernel/relations.rs",
                "casework/src/cases/sight.rs",
            ],
        }
    }

    /// What is handed to `cargo test`; nothing: all tests of the package.
    const fn tests(self) -> &'static [&'static str] {
        match self {
            Self::Workflow | Self::Trail | Self::Policy => &[],
            Self::Authority => OF_THE_DESK,
        }
    }
}

/// Changes the functions of each part one by one and counts what its tests notice.
pub fn run(options: &Options) -> Outcome {
    if !run::exists("cargo-mutants") {
        run::say("installing cargo-mutants");
        run::check(run::cargo().args(["install", "cargo-mutants", "--locked"]))?;
    }
    let parts = if options.parts.is_empty() {
        Part::value_variants()
    } else {
        &options.parts
    };
    let mut wanting = Vec::new();
    for part in parts {
        if !try_out(*part, options)? {
            wanting.push(part.name());
        }
    }
    if wanting.is_empty() {
        Ok(())
    } else {
        Err(Problem::new(format!(
            "fewer than {LEAST_PERCENT} % of the mutants were noticed in: {}",
            wanting.join(", ")
        )))
    }
}

/// Whether enough of the mutants of a part are noticed.
fn try_out(part: Part, options: &Options) -> Outcome<bool> {
    let folder = run::target().join("mutation").join(part.name());
    std::fs::create_dir_all(&folder).map_err(|error| Problem::at(&folder, error))?;
    let mut command = run::cargo();
    command.args(["mutants", "--no-shuffle", "--package", part.package()]);
    command.args(["--jobs", &options.jobs]);
    command.arg("--output").arg(&folder);
    for file in part.files() {
        command.args(["--file", file]);
    }
    if let Some(shard) = &options.shard {
        command.args(["--shard", shard]);
    }
    if !part.tests().is_empty() {
        command.arg("--").args(part.tests());
    }
    // A property that fails need not be told in its smallest form, nor with where it was called.
    command.env("PROPTEST_MAX_SHRINK_ITERS", "0");
    command.env("RUST_BACKTRACE", "0");
    // Each job builds in a copy of its own.
    command.env_remove("CARGO_TARGET_DIR");
    // It ends with a status of its own where mutants survive; what counts is how many.
    let ended = run::check(&mut command);
    let lists = folder.join("mutants.out");
    let caught = lines(&lists.join("caught.txt"))? + lines(&lists.join("timeout.txt"))?;
    let missed = lines(&lists.join("missed.txt"))?;
    let all = caught + missed;
    if all == 0 {
        return ended.and(Err(Problem::new("no mutant was tried")));
    }
    run::say(&format!(
        "{}: {caught} of {all} mutants that compile were noticed; the others stand in {}",
        part.name(),
        lists.join("missed.txt").display()
    ));
    Ok(caught * 100 >= all * LEAST_PERCENT)
}

/// How many lines a list has.
fn lines(path: &Path) -> Outcome<usize> {
    let text = std::fs::read_to_string(path).map_err(|error| Problem::at(path, error))?;
    Ok(text.lines().filter(|line| !line.is_empty()).count())
}
