//! The binary `upgrade-desk`: its command line.

mod commands;
mod config;
mod demo_mail;
mod exports;
mod files;
mod health;
mod request;
mod router;
mod security;
mod signed_copy;
mod site;
mod workers;

use clap::Parser;
use std::{io::IsTerminal, process::ExitCode};

/// Pages are thousands of small pieces of text: the system's allocator took a third of their time
/// (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Two crates bring rustls; one provider serves both, chosen before either asks.
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        eprintln!("upgrade-desk: the TLS provider was chosen twice");
        return ExitCode::FAILURE;
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("UPGRADE_DESK_LOG")
                .unwrap_or_else(|_| "warn,upgrade_desk=info,casework=info,app=info".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(commands::Cli::parse().run()),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("upgrade-desk: {error}");
            ExitCode::FAILURE
        }
    }
}
