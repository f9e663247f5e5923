//! Queries per page, counted where they arrive.

use std::thread;
use std::time::Duration;

use crate::postgres::Cluster;
use crate::problem::Outcome;

/// Requests over which the count is averaged.
const REQUESTS: u32 = 20;

/// How many statements one request sends, without those of the workers,
/// which go on meanwhile and are counted first on their own. (So no letters may wait to be sent.)
pub fn per_request(cluster: &Cluster, mut request: impl FnMut() -> Outcome) -> Outcome<f64> {
    cluster.log_statements(true)?;
    let pause = Duration::from_millis(250);
    request()?;
    let quiet = counted(cluster, || {
        for _ in 0..REQUESTS {
            thread::sleep(pause);
        }
        Ok(())
    })?;
    let busy = counted(cluster, || {
        for _ in 0..REQUESTS {
            request()?;
            thread::sleep(pause);
        }
        Ok(())
    })?;
    cluster.log_statements(false)?;
    Ok(busy.saturating_sub(quiet) as f64 / f64::from(REQUESTS))
}

fn counted(cluster: &Cluster, work: impl FnOnce() -> Outcome) -> Outcome<usize> {
    let before = cluster.statements()?;
    work()?;
    Ok(cluster.statements()? - before)
}
