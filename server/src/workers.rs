//! What the server does besides answering requests.

use casework::{Desk, cases, commands, kept};
use std::time::Duration;
use tokio::{sync::watch, time};

/// Takes over what other instances publish, and throws away what is no longer needed, until told
/// to stop.
pub async fn keep_house(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut refresh = time::interval(Duration::from_secs(2));
    let mut sweep = time::interval(Duration::from_secs(3_600));
    loop {
        tokio::select! {
            _ = refresh.tick() => {
                if let Err(error) = desk.refresh().await {
                    tracing::warn!(%error, "the reference data could not be read again");
                }
            }
            _ = sweep.tick() => {
                if let Err(error) = kept::sweep(&desk).await {
                    tracing::warn!(%error, "old forms could not be thrown away");
                }
            }
            _ = stop.changed() => return,
        }
    }
}

/// Reminds and lapses what is due, and writes to staff about their own dates, until told to stop.
pub async fn watch_dates(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut look = time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            _ = look.tick() => {
                if let Err(error) = commands::tick(&desk).await {
                    tracing::warn!(%error, "dates could not be looked at");
                }
                if let Err(error) = cases::letters::post_due_dates(&desk).await {
                    tracing::warn!(%error, "due dates could not be written about");
                }
            }
            _ = stop.changed() => return,
        }
    }
}
