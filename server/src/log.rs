//! The log, and what never gets into it.
//!
//! Other crates log what they handle at their finer levels: the words of an SMTP conversation with
//! the password, statements with their values, addresses with the secrets of links. So of every
//! crate but our own only what is worth a line in operation (info and above) can be logged, whatever
//! `UPGRADE_DESK_LOG` asks for.

use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, filter::FilterFn, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Crates whose debug and trace lines hold no secret, for they are ours.
const OURS: &[&str] = &[
    "app",
    "casework",
    "migrations",
    "paper",
    "reach",
    "stage",
    "trail",
    "upgrade_desk",
    "workflow",
];

const DEFAULT: &str = "warn,upgrade_desk=info,casework=info,app=info";

/// Begins to log, on standard error.
///
/// # Errors
/// When `UPGRADE_DESK_LOG` cannot be read as a filter.
pub fn init() -> Result<(), String> {
    let filter = match std::env::var("UPGRADE_DESK_LOG") {
        Ok(text) if !text.trim().is_empty() => EnvFilter::try_new(&text)
            .map_err(|error| format!("UPGRADE_DESK_LOG={text:?} is no filter: {error}"))?,
        _ => EnvFilter::new(DEFAULT),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_filter(FilterFn::new(is_harmless));
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()
        .map_err(|error| error.to_string())
}

fn is_harmless(about: &Metadata<'_>) -> bool {
    let name = about.target().split("::").next().unwrap_or_default();
    *about.level() <= Level::INFO || OURS.contains(&name)
}
