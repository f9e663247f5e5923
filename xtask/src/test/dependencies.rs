//! What the crates depend on: licences, sources, second copies and what nobody uses.

use super::counts::Counts;
use crate::problem::Outcome;
use crate::run;

/// Cargo's subcommands that are needed, as crates.
const TOOLS: [&str; 2] = ["cargo-deny", "cargo-machete"];

/// Checks `deny.toml` and that every dependency is used; installs the tools where they are missing.
///
/// Security advisories are checked where their database can be fetched, and it is said where it
/// cannot.
pub fn check() -> Outcome<Counts> {
    for tool in TOOLS {
        if !run::exists(tool) {
            run::say(&format!("installing {tool}"));
            // Unoptimised: it runs for a second, and is built for minutes otherwise.
            run::check(run::cargo().args(["install", "--locked", "--debug", tool]))?;
        }
    }
    run::check(&mut run::program("cargo-machete"))?;
    run::check(run::program("cargo-deny").args(["check", "bans", "licenses", "sources"]))?;
    if run::check(run::program("cargo-deny").args(["fetch", "db"])).is_err() {
        run::say("the database of security advisories cannot be reached from here: NOT checked");
        return Ok(Counts::default());
    }
    run::check(run::program("cargo-deny").args(["check", "advisories"]))?;
    Ok(Counts::default())
}
