//! The project's own commands: `cargo xtask demo`, `test`, `build`, `dist`, `bench`,
//! `mutants`.
//!
//! Each does all of its own set-up, so that a fresh machine needs git, a C
//! compiler and rustup's cargo, and nothing else that cannot be had from them.

mod bench;
mod demo;
mod dist;
mod mutants;
mod postgres;
mod problem;
mod run;
mod site;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, runs and tests Upgrade Desk"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve a desk with demo people, apps and cases.
    ///
    /// What follows is handed to `upgrade-desk demo`: `--addr 127.0.0.1:PORT`, `--data DIR`.
    Demo {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build the site (wasm, script, style sheet) and the server, for development.
    Build,
    /// Build the site alone: enough after a change of an island or of the style sheet.
    Site,
    /// Run every check and test: format, lints, docs, tests on SQLite and PostgreSQL, browser journeys.
    Test,
    /// Build the distribution: one file, `target/dist/upgrade-desk`, with the site inside.
    Dist,
    /// Measure speed and memory of the distribution on many cases, on SQLite and PostgreSQL.
    Bench(bench::Options),
    /// Change the functions of a crate in small ways and count what its tests notice.
    Mutants(mutants::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Demo { args } => demo::run(&args),
        Command::Build => demo::build(),
        Command::Site => site::build_alone(),
        Command::Test => test::run(),
        Command::Dist => dist::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Mutants(options) => mutants::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            if !problem.is_silent() {
                eprintln!("xtask: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}
