//! What the crates depend on: licences, sources, second copies and what nobody uses.

use std::path::PathBuf;

use super::counts::Counts;
use crate::problem::Outcome;
use crate::run;

/// Checks `deny.toml` and that every dependency is used.
///
/// Security advisories are checked where their database can be fetched, and it is said where it
/// cannot.
pub fn check() -> Outcome<Counts> {
    let [deny, machete] = [tool("cargo-deny")?, tool("cargo-machete")?];
    run::check(&mut run::program(machete))?;
    let mut rules = run::program(&deny);
    run::check(rules.args(["check", "bans", "licenses", "sources"]))?;
    if run::check(run::program(&deny).args(["fetch", "db"])).is_err() {
        run::say("the database of security advisories cannot be reached from here: NOT checked");
        return Ok(Counts::default());
    }
    run::check(run::program(&deny).args(["check", "advisories"]))?;
    Ok(Counts::default())
}

/// Where a tool is: on the PATH, or in the target folder, where it is installed once and kept.
fn tool(name: &str) -> Outcome<PathBuf> {
    let root = run::target().join("tools");
    let ours = root.join("bin").join(name);
    if let Some(found) = run::find(name) {
        return Ok(found);
    }
    if !ours.is_file() {
        run::say(&format!("installing {name}"));
        // Unoptimised: it runs for a second, and is built for minutes otherwise.
        let mut install = run::cargo();
        install.args(["install", "--locked", "--debug", "--root"]);
        run::check(install.arg(&root).arg(name))?;
    }
    Ok(ours)
}
