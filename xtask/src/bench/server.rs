//! The process that is measured.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::http::Client;
use crate::problem::{Outcome, Problem};
use crate::run;

/// Ticks of the processor clock in a second, as Linux reports them.
const TICKS: f64 = 100.0;

/// A running `upgrade-desk serve`; it ends when this is dropped.
pub struct Server {
    process: Child,
    /// From its start to the first whole page.
    pub first_page: Duration,
}

impl Server {
    /// Starts the distribution and waits for the first page.
    pub fn start(command: &mut Command, port: u16, log: &Path) -> Outcome<Self> {
        let log_file = fs::File::create(log).map_err(|error| Problem::at(log, error))?;
        let client = Client::new(port);
        let start = Instant::now();
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log_file)
            .spawn()
            .map_err(|error| Problem::new(format!("the server cannot be started: {error}")))?;
        while start.elapsed() < Duration::from_secs(60) {
            if client
                .get("/sign-in")
                .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(Self {
                    process,
                    first_page: start.elapsed(),
                });
            }
            if let Ok(Some(status)) = process.try_wait() {
                let words = fs::read_to_string(log).unwrap_or_default();
                return Err(Problem::new(format!(
                    "the server ended at once ({status}):\n{words}"
                )));
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = process.kill();
        Err(Problem::new(format!(
            "no page within a minute; see {}",
            log.display()
        )))
    }

    /// The processor's time that the process has had so far.
    pub fn processor_time(&self) -> Outcome<Duration> {
        let path = format!("/proc/{}/stat", self.process.id());
        let stat =
            fs::read_to_string(&path).map_err(|error| Problem::at(Path::new(&path), error))?;
        // The name in brackets may hold blanks; the 12th and 13th field after it are user and system time.
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|field| field.parse::<f64>().ok())
                .unwrap_or_default()
        };
        Ok(Duration::from_secs_f64((ticks(11) + ticks(12)) / TICKS))
    }

    /// Memory in use now, in bytes.
    pub fn memory(&self) -> Outcome<u64> {
        self.status("VmRSS:")
    }

    /// The most memory that was ever in use, in bytes.
    pub fn peak_memory(&self) -> Outcome<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Outcome<u64> {
        let path = format!("/proc/{}/status", self.process.id());
        let status =
            fs::read_to_string(&path).map_err(|error| Problem::at(Path::new(&path), error))?;
        status
            .lines()
            .find_map(|line| {
                line.strip_prefix(name)?
                    .trim()
                    .strip_suffix("kB")?
                    .trim()
                    .parse::<u64>()
                    .ok()
            })
            .map(|kibibytes| kibibytes * 1024)
            .ok_or_else(|| Problem::new(format!("{path} has no {name}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let asked =
            run::check(run::program("kill").args(["-TERM", &self.process.id().to_string()]));
        let deadline = Instant::now() + Duration::from_secs(10);
        while asked.is_ok() && Instant::now() < deadline {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
