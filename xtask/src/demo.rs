//! `cargo xtask build` and `cargo xtask demo`.

use std::process::Command;
use std::thread;

use crate::problem::{Outcome, Problem};
use crate::run;
use crate::site::{self, Site};

/// Builds the site and the server for `cargo xtask build` and `demo`.
pub fn build() -> Outcome {
    with_site(&["build", "--package", "upgrade-desk"])
}

/// Builds the site and, side by side with it, what this cargo command builds: the wasm ends in one
/// long link-time optimisation that leaves the other core idle.
pub fn with_site(cargo: &[&str]) -> Outcome {
    site::add_wasm_target()?;
    run::say("building the site and the server; the first time this takes some minutes");
    let (site, server) = thread::scope(|scope| {
        let site = scope.spawn(|| site::build("site  ", Site::Quick));
        let server = run::check_labelled("server", run::cargo().args(cargo));
        (site.join(), server)
    });
    site.map_err(|_| Problem::new("the site's build broke off"))??;
    server
}

/// Builds, then becomes `upgrade-desk demo` with the arguments given.
pub fn run(args: &[String]) -> Outcome {
    build()?;
    let mut server = Command::new(run::target().join("debug/upgrade-desk"));
    server
        .arg("demo")
        .args(args)
        .env("LEPTOS_SITE_ROOT", Site::Quick.folder());
    become_program(server)
}

/// The server takes this process's place, so that signals reach it.
#[cfg(unix)]
fn become_program(mut server: Command) -> Outcome {
    use std::os::unix::process::CommandExt;

    let error = server.exec();
    Err(Problem::new(format!(
        "the server cannot be started: {error}"
    )))
}

#[cfg(not(unix))]
fn become_program(mut server: Command) -> Outcome {
    run::check(&mut server)
}
