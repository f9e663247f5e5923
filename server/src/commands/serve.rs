//! Serving, in production and as a demo.

use super::{Outcome, storage};
use crate::{
    config::Config,
    router::{Server, router},
    site::Site,
    workers,
};
use app::web::Mode;
use casework::{
    Desk, Parts, SecondAdmin, SystemClock,
    database::Database,
    mail::{MailConfig, Pace, Transport, TransportConfig, Worker},
};
use std::{
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, signal, sync::watch};
use url::Url;

/// The desk of a configuration.
///
/// # Errors
/// When its parts cannot be opened.
pub async fn desk(config: &Config, database: Database) -> Outcome<Desk> {
    Ok(Desk::open(Parts {
        database,
        clock: Arc::new(SystemClock),
        links: Arc::new(reach::PublicWeb::new()?),
        storage: storage(&config.data.join("files"))?,
        base_url: config.base_url.clone(),
        secret: config.secret.clone(),
        second_admin: if config.second_admin {
            SecondAdmin::Needed
        } else {
            SecondAdmin::NotNeeded
        },
    })
    .await?)
}

/// Serves in production until told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn production(config: Config, database: Database) -> Outcome<ExitCode> {
    let Some(mail) = config.mail.clone() else {
        return Err(crate::config::ConfigError::NoMail.into());
    };
    let desk = desk(&config, database).await?;
    let mode = Mode {
        demo: false,
        secure: config.base_url.scheme() == "https",
    };
    let listener = TcpListener::bind(config.address).await?;
    tracing::info!(address = %listener.local_addr()?, base_url = %config.base_url, "serving");
    run(desk, listener, mode, config.trusted_proxies.into(), &mail).await
}

/// Fills an empty desk with demo data and serves it until told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn demo(desk: Desk, listener: TcpListener) -> Outcome<ExitCode> {
    stage::fill(&desk).await?;
    let url = desk.base_url.clone();
    println!("Upgrade Desk is at {url}");
    println!(
        "Sign in with one click, or with any demo username and the password: {}",
        stage::PASSWORD
    );
    println!("Mail as it would arrive: {}", url.join("demo/mail")?);
    let mode = Mode {
        demo: true,
        secure: false,
    };
    let mail = MailConfig {
        from: "Upgrade Desk <desk@upgrade-desk.example>".to_owned(),
        transport: TransportConfig::Capture,
    };
    run(desk, listener, mode, Arc::new([]), &mail).await
}

async fn run(
    desk: Desk,
    listener: TcpListener,
    mode: Mode,
    trusted_proxies: Arc<[IpAddr]>,
    mail: &MailConfig,
) -> Outcome<ExitCode> {
    let site = Site::open()?;
    let server = Server {
        base_url: desk.base_url.clone(),
        leptos: site.leptos_options(listener.local_addr()?),
        desk: desk.clone(),
        mode,
        trusted_proxies,
    };
    let (stop, stopped) = watch::channel(false);
    let letters = Worker::new(desk.clone(), Transport::new(mail)?, Pace::default());
    let mut told = stopped.clone();
    let workers = [
        tokio::spawn(async move {
            letters
                .run(async move {
                    // An error means that the sender is gone: stop as well.
                    let _ = told.changed().await;
                })
                .await;
        }),
        tokio::spawn(workers::keep_house(desk.clone(), stopped.clone())),
        tokio::spawn(workers::watch_dates(desk, stopped)),
    ];
    axum::serve(
        listener,
        router(server, site).into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(told_to_stop())
    .await?;
    // Nobody listening any more is fine.
    let _ = stop.send(true);
    for worker in workers {
        if tokio::time::timeout(Duration::from_secs(20), worker)
            .await
            .is_err()
        {
            tracing::warn!("a worker did not stop in time");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Waits for Ctrl-C or SIGTERM.
async fn told_to_stop() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Fills an empty database with many cases.
///
/// # Errors
/// When the database does not answer, or is not empty.
pub async fn seed(database: Database, cases: u32) -> Outcome<()> {
    let desk = Desk::open(Parts {
        database,
        clock: Arc::new(SystemClock),
        links: Arc::new(reach::PretendWeb),
        storage: Arc::new(object_store::memory::InMemory::new()),
        base_url: Url::parse("http://127.0.0.1:3000")?,
        secret: crate::config::DEMO_SECRET.to_owned(),
        second_admin: SecondAdmin::NotNeeded,
    })
    .await?;
    Ok(stage::bulk::seed(&desk, cases).await?)
}
