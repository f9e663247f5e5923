//! Mutation tests: each function is changed in small ways, and a crate's own tests must notice.
//!
//! What is run by hand, not with every change: a crate of rules takes the better part of an hour.
//! Survivors that are let live are written down in `docs/mutants.md`.

use std::path::Path;

use clap::Args;

use crate::problem::{Outcome, Problem};
use crate::run;

/// Which crates, and what is handed on.
#[derive(Args)]
pub struct Options {
    /// The crates whose functions are changed.
    #[arg(default_value = "workflow")]
    packages: Vec<String>,
    /// Only a part of the mutants, e.g. `1/6`.
    #[arg(long)]
    shard: Option<String>,
}

/// Of a hundred mutants that compile so many must be noticed.
const LEAST_PERCENT: usize = 95;

/// Changes the crates' functions one by one and counts what their tests notice.
pub fn run(options: &Options) -> Outcome {
    if !run::exists("cargo-mutants") {
        run::say("installing cargo-mutants");
        run::check(run::cargo().args(["install", "cargo-mutants", "--locked"]))?;
    }
    let folder = run::target().join("mutation");
    std::fs::create_dir_all(&folder).map_err(|error| Problem::at(&folder, error))?;
    let mut command = run::cargo();
    command.args(["mutants", "--no-shuffle", "--output"]);
    command.arg(&folder);
    for package in &options.packages {
        command.args(["--package", package]);
    }
    if let Some(shard) = &options.shard {
        command.args(["--shard", shard]);
    }
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
        "{caught} of {all} mutants that compile were noticed"
    ));
    if caught * 100 >= all * LEAST_PERCENT {
        Ok(())
    } else {
        Err(Problem::new(format!(
            "fewer than {LEAST_PERCENT} % of the mutants were noticed; the others stand in {}",
            lists.join("missed.txt").display()
        )))
    }
}

/// How many lines a list has.
fn lines(path: &Path) -> Outcome<usize> {
    let text = std::fs::read_to_string(path).map_err(|error| Problem::at(path, error))?;
    Ok(text.lines().filter(|line| !line.is_empty()).count())
}
