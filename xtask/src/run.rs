//! Running other programs, and where things lie.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::problem::{Outcome, Problem};

/// The top of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, or `target` in the checkout.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The cargo that runs this, started in the checkout.
///
/// Without what the cargo around us has said about this package: build scripts that look at it
/// would run anew, and with them most of the dependencies, whenever somebody goes from
/// `cargo xtask test` to `cargo test` and back.
pub fn cargo() -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// A program, started in the checkout.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Runs to the end; a status other than 0 is a problem.
pub fn check(command: &mut Command) -> Outcome {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    ended(command, status.success(), &status.to_string())
}

/// Runs to the end and returns what it wrote to standard output.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error))?;
    ended(command, output.status.success(), &output.status.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end and writes every line of its standard error behind `label`,
/// so that two programs side by side can be told apart.
pub fn check_labelled(label: &str, command: &mut Command) -> Outcome {
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            eprintln!("{label} │ {line}");
        }
    }
    let status = child.wait().map_err(|error| not_started(command, &error))?;
    ended(command, status.success(), &status.to_string())
}

/// Whether a program of this name can be started.
pub fn exists(name: &str) -> bool {
    find(name).is_some()
}

/// The program of this name on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// A line that says what is being done now.
pub fn say(text: &str) {
    eprintln!("xtask: {text}");
}

fn not_started(command: &Command, error: &std::io::Error) -> Problem {
    Problem::new(format!("{} cannot be started: {error}", name(command)))
}

fn ended(command: &Command, success: bool, status: &str) -> Outcome {
    if success {
        return Ok(());
    }
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    Err(Problem::new(format!(
        "`{} {}` failed: {status}",
        name(command),
        arguments.join(" ")
    )))
}

fn name(command: &Command) -> String {
    Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned()
}
