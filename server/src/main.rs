//! The binary `upgrade-desk`: its command line.

mod address;
mod answers;
mod api;
mod body;
mod commands;
mod config;
mod demo_mail;
mod document;
mod download;
mod exports;
mod files;
mod gallery;
mod health;
mod listen;
mod live;
mod log;
mod problem;
mod request;
mod router;
mod security;
mod server;
mod signals;
mod signed_copy;
mod site;
mod sitemap;
mod trace;
mod verify;
mod workers;

use clap::Parser;
use std::process::ExitCode;

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
    if let Err(error) = log::init() {
        eprintln!("upgrade-desk: {error}");
        return ExitCode::FAILURE;
    }
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
            eprintln!("upgrade-desk: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

/// An error with what caused it, each said once.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text} ({said})");
        }
        next = cause.source();
    }
    text
}
