//! How many tests passed, failed and were skipped, read from the test programs' own words.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::problem::{Outcome, Problem};

/// Tests by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that passed.
    pub passed: u64,
    /// Those that failed, and steps that could not be carried out.
    pub failed: u64,
    /// Those that did not run.
    pub skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

/// Runs `cargo test` and adds up its summaries. A failure that no summary
/// shows (it does not compile, a test program crashed) counts as one.
pub fn cargo(command: &mut Command) -> Outcome<Counts> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Problem::new(format!("cargo cannot be started: {error}")))?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            eprintln!("{line}");
            if let Some(summary) = line.strip_prefix("test result: ") {
                counts += summary_of(summary);
            }
        }
    }
    let status = child
        .wait()
        .map_err(|error| Problem::new(format!("cargo test: {error}")))?;
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    if counts.passed + counts.failed == 0 {
        return Err(Problem::new("cargo test ran no test"));
    }
    Ok(counts)
}

/// `ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn summary_of(summary: &str) -> Counts {
    let number_before = |word: &str| {
        summary
            .split([';', '.'])
            .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
            .unwrap_or_default()
    };
    Counts {
        passed: number_before("passed"),
        failed: number_before("failed"),
        skipped: number_before("ignored"),
    }
}

/// Runs Playwright and reads the results that it writes to `results`.
pub fn playwright(command: &mut Command, results: &Path) -> Outcome<Counts> {
    // What an earlier run left must not be taken for this one's.
    if results.exists() {
        std::fs::remove_file(results).map_err(|error| Problem::at(results, error))?;
    }
    let status = command
        .status()
        .map_err(|error| Problem::new(format!("Playwright cannot be started: {error}")))?;
    let text = std::fs::read_to_string(results)
        .map_err(|error| Problem::new(format!("Playwright left no results ({status}): {error}")))?;
    let mut counts = stats_of(&text)?;
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    if counts.passed + counts.failed == 0 {
        return Err(Problem::new("Playwright ran no test"));
    }
    Ok(counts)
}

fn stats_of(results: &str) -> Outcome<Counts> {
    let results: serde_json::Value = serde_json::from_str(results)
        .map_err(|error| Problem::new(format!("Playwright's results cannot be read: {error}")))?;
    let number = |name: &str| results["stats"][name].as_u64().unwrap_or_default();
    Ok(Counts {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky"),
        skipped: number("skipped"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_summary_is_read() {
        let line =
            "FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            summary_of(line),
            Counts {
                passed: 12,
                failed: 3,
                skipped: 1
            }
        );
    }

    #[test]
    fn playwrights_results_are_read_and_a_flaky_test_is_a_failure() {
        let counts = stats_of(r#"{"stats":{"expected":4,"unexpected":1,"flaky":1,"skipped":0}}"#);
        assert_eq!(
            counts.ok(),
            Some(Counts {
                passed: 4,
                failed: 2,
                skipped: 0
            })
        );
    }

    #[test]
    fn the_last_line_names_skipped_tests_only_when_there_are_any() {
        assert_eq!(
            Counts {
                passed: 2,
                failed: 0,
                skipped: 0
            }
            .to_string(),
            "2 passed, 0 failed"
        );
        assert_eq!(
            Counts {
                passed: 2,
                failed: 0,
                skipped: 1
            }
            .to_string(),
            "2 passed, 0 failed, 1 skipped"
        );
    }
}
