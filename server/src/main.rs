//! The binary `upgrade-desk`: its command line.

mod site;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "upgrade-desk",
    version,
    about = "Applications for Limited and Full Access, from registration to approval"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a desk with demo people, apps and cases.
    Demo {
        /// The address to listen on.
        #[arg(long, default_value = "127.0.0.1:3000")]
        addr: SocketAddr,
        /// The folder of the database and the attachments.
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Demo { addr, data: _ } = Cli::parse().command;
    match serve(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("upgrade-desk: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(addr: SocketAddr) -> Result<(), Box<dyn std::error::Error>> {
    use app::shell::{App, shell};
    use leptos_axum::{LeptosRoutes, generate_route_list};

    let site = site::Site::open()?;
    let options = site.leptos_options(addr);
    let routes = generate_route_list(App);
    let router = axum::Router::new()
        .leptos_routes(&options, routes, {
            let options = options.clone();
            move || shell(options.clone())
        })
        .with_state(options)
        .merge(site::routes(site));
    let listener = tokio::net::TcpListener::bind(addr).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
