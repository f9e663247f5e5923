//! Where the tests put what they throw away.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::{Outcome, Problem};

/// A folder in memory where the machine has plenty of it, so that no database of a test waits for a
/// disk; else among the system's temporary files. It goes with this value.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty one.
    pub fn new() -> Outcome<Self> {
        const IN_MEMORY: &str = "/dev/shm";
        let place = match Path::new(IN_MEMORY).is_dir() && available_kilobytes() >= 8_000_000 {
            true => PathBuf::from(IN_MEMORY),
            false => std::env::temp_dir(),
        };
        let folder = place.join(format!("upgrade-desk-tests-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| Problem::at(&folder, error))?;
        Ok(Self(folder))
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be taken away stays; it harms no later run.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Memory that programs may still take; none where the system does not say.
fn available_kilobytes() -> u64 {
    let known = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    known
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))
        .and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok())
        .unwrap_or_default()
}
