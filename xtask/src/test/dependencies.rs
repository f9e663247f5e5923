//! What the crates depend on: licences, sources, second copies and what nobody uses.

use super::counts::Counts;
use crate::problem::Outcome;
use crate::{run, tools};

/// Checks `deny.toml` and that every dependency is used.
///
/// Security advisories are checked where their database can be fetched, and it is said where it
/// cannot.
pub fn check() -> Outcome<Counts> {
    let [deny, shear] = [
        tools::packed(&tools::CARGO_DENY)?,
        tools::packed(&tools::CARGO_SHEAR)?,
    ];
    run::check(&mut run::program(shear))?;
    let mut rules = run::program(&deny);
    run::check(rules.args(["check", "bans", "licenses", "sources"]))?;
    if run::check(run::program(&deny).args(["fetch", "db"])).is_err() {
        run::say("the database of security advisories cannot be reached from here: NOT checked");
        return Ok(Counts::default());
    }
    run::check(run::program(&deny).args(["check", "advisories"]))?;
    Ok(Counts::default())
}
