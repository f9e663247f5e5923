//! The load: wrk, and what it measured.

use std::path::Path;
use std::time::Duration;

use crate::problem::{Outcome, Problem};
use crate::run;

/// What one run of the load came to.
#[derive(Debug)]
pub struct Load {
    /// Requests that were answered.
    pub requests: u64,
    /// Answers a second.
    pub per_second: f64,
    /// Half of the answers took at most this.
    pub p50: Duration,
    /// 95 of 100 took at most this.
    pub p95: Duration,
    /// 99 of 100 took at most this.
    pub p99: Duration,
    /// Answers that were not what was asked for, and requests without one.
    pub errors: u64,
}

/// What to ask for, and how hard.
pub struct Plan<'a> {
    /// The server's port.
    pub port: u16,
    /// The page; the script may ask for others.
    pub path: &'a str,
    /// The cookie of a session.
    pub cookie: &'a str,
    /// Whether connections are kept, as programs do; else each request has a new one.
    pub keep_alive: bool,
    /// The wrk script, in `xtask/bench`.
    pub script: &'a str,
    /// What the script needs to know.
    pub arguments: Vec<String>,
    /// Connections at a time.
    pub connections: u32,
    /// Threads of wrk, at most one for each connection.
    pub threads: u32,
    /// How long.
    pub seconds: u32,
}

impl Plan<'_> {
    /// Puts the load on the server.
    pub fn run(&self) -> Outcome<Load> {
        let script = run::root().join("xtask/bench").join(self.script);
        let connection = if self.keep_alive {
            "keep-alive"
        } else {
            "close"
        };
        let output = run::output(
            run::program("wrk")
                .arg(format!("--connections={}", self.connections))
                .arg(format!("--threads={}", self.threads))
                .arg(format!("--duration={}s", self.seconds))
                .args(["--timeout=10s", "--header=Accept: text/html"])
                .arg(format!("--header=Connection: {connection}"))
                .arg(format!("--header=Cookie: {}", self.cookie))
                .arg("--script")
                .arg(&script)
                .arg(format!("http://127.0.0.1:{}{}", self.port, self.path))
                .arg("--")
                .args(&self.arguments),
        )?;
        parse(&output, &script)
    }
}

/// Reads the line that the scripts write at the end (`xtask/bench/report.lua`).
fn parse(output: &str, script: &Path) -> Outcome<Load> {
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT "));
    let result: serde_json::Value = line
        .and_then(|line| serde_json::from_str(line).ok())
        .ok_or_else(|| Problem::at(script, format!("wrk gave no result:\n{output}")))?;
    let number = |name: &str| result[name].as_u64().unwrap_or_default();
    let requests = number("requests");
    let seconds = Duration::from_micros(number("duration_us")).as_secs_f64();
    Ok(Load {
        requests,
        per_second: if seconds > 0.0 {
            requests as f64 / seconds
        } else {
            0.0
        },
        p50: Duration::from_micros(number("p50_us")),
        p95: Duration::from_micros(number("p95_us")),
        p99: Duration::from_micros(number("p99_us")),
        errors: number("errors"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_line_is_read() {
        let output = "Running\nRESULT {\"requests\":200,\"duration_us\":2000000,\"p50_us\":900,\"p95_us\":1900,\"p99_us\":2900,\"errors\":1}\n";
        let load = parse(output, Path::new("get.lua")).unwrap();
        assert_eq!((load.requests, load.errors), (200, 1));
        assert!((load.per_second - 100.0).abs() < f64::EPSILON);
        assert_eq!(load.p95, Duration::from_micros(1900));
    }
}
