//! `cargo xtask dist`: the whole desk in one file, and the verifier beside it.

use std::fs;
use std::path::Path;

use crate::problem::{Outcome, Problem};
use crate::site::{self, Site};
use crate::{run, tools};

/// Builds `target/dist/upgrade-desk`, which runs from an empty folder, and `audit-verify`.
pub fn run() -> Outcome {
    site::add_wasm_target()?;
    tools::need(&[tools::NODE, tools::NPM])?;
    tools::npm_packages(tools::XTASK_PACKAGES)?;
    run::say("building the site");
    site::build("site", Site::Distribution)?;
    run::say("building the server with optimisation; the first time this takes many minutes");
    run::check(
        Site::Distribution
            .compiles(run::cargo().args([
                "build",
                "--release",
                "--package",
                "upgrade-desk",
                "--features",
                "embed-site",
            ]))
            .env("UPGRADE_DESK_SITE", Site::Distribution.folder()),
    )?;
    // By itself, so that it has none of what the server brings.
    run::check(run::cargo().args(["build", "--release", "--package", "audit-verify"]))?;
    let folder = run::target().join("dist");
    fs::create_dir_all(&folder).map_err(|error| Problem::at(&folder, error))?;
    for program in ["upgrade-desk", "audit-verify"] {
        lay_down(program, &folder)?;
    }
    Ok(())
}

/// Puts a program that was built into the folder.
fn lay_down(program: &str, folder: &Path) -> Outcome {
    let built = run::target().join("release").join(program);
    let binary = folder.join(program);
    // A binary that is being run cannot be overwritten, but it can be replaced.
    let fresh = folder.join(format!("{program}.new"));
    fs::copy(&built, &fresh).map_err(|error| Problem::at(&built, error))?;
    fs::rename(&fresh, &binary).map_err(|error| Problem::at(&binary, error))?;
    let size = fs::metadata(&binary)
        .map_err(|error| Problem::at(&binary, error))?
        .len();
    run::say(&format!(
        "{} ({} MB)",
        binary.display(),
        size.div_ceil(1_000_000)
    ));
    Ok(())
}
