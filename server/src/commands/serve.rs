//! Serving, in production and as a demo.

use super::{Outcome, audit_log, storage};
use crate::{
    body::Patience,
    config::{AuditConfig, Config},
    listen::{self, Manners},
    problem,
    router::router,
    server::Server,
    signals,
    site::Site,
    workers::{self, LogKeeping, Workers},
};
use app::web::Mode;
use casework::{
    Desk, Parts, SecondAdmin, SystemClock,
    database::Database,
    dispatch::{Pace, Worker},
    gallery::Keeper,
    live,
    living::{self, Reader},
    log::Log,
    mail::{MailConfig, Transport, TransportConfig},
    sweep::{self, Retention},
};
use secrecy::ExposeSecret;
use std::{process::ExitCode, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};
use url::Url;

/// How often entries of the gallery and their links are looked at.
const LOOK_AT_ENTRIES: Duration = Duration::from_secs(60);

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
        secret: config.secret.expose_secret().to_owned(),
        second_admin: if config.second_admin {
            SecondAdmin::Needed
        } else {
            SecondAdmin::NotNeeded
        },
        second_factor_for_staff: config.second_factor_for_staff,
        log: audit_log::open(&config.audit, &config.data, &config.base_url)?,
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
    let manners = Manners {
        most: config.max_connections,
        proxies: config.trusted_proxies.into(),
        drain: Duration::from_secs(config.shutdown_seconds),
        ..Manners::default()
    };
    let audit = config.audit;
    run(
        desk,
        listener,
        mode,
        manners,
        &mail,
        config.retention,
        &audit,
    )
    .await
}

/// Fills an empty desk with demo data and serves it until told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn demo(desk: Desk, listener: TcpListener) -> Outcome<ExitCode> {
    stage::fill(&desk).await?;
    let keep = Retention::default();
    // The demo's past is older than some of its rows may get: what a page lists stays.
    sweep::sweep(&desk, &keep).await?;
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
    run(
        desk,
        listener,
        mode,
        Manners::default(),
        &mail,
        keep,
        &AuditConfig::default(),
    )
    .await
}

async fn run(
    desk: Desk,
    listener: TcpListener,
    mode: Mode,
    manners: Manners,
    mail: &MailConfig,
    keep: Retention,
    audit: &AuditConfig,
) -> Outcome<ExitCode> {
    let site = Site::open()?;
    // Before anybody is served: nothing is written on a trail that is not whole.
    workers::look_at_log(&desk).await;
    let (stop, stopping) = watch::channel(false);
    let server = Server {
        base_url: desk.base_url.clone(),
        leptos: site.leptos_options(listener.local_addr()?),
        desk: desk.clone(),
        mode,
        trusted_proxies: Arc::clone(&manners.proxies),
        // Each holds a connection; the others are for pages and steps.
        most_streams: manners.most / 2,
        stopping: stopping.clone(),
    };
    let letters = Arc::new(Worker::new(
        desk.clone(),
        Transport::new(mail)?,
        Pace::default(),
    ));
    let mut workers = Workers::new(desk.clone(), stopping.clone());
    workers.start("letters", move |mut stop| {
        let letters = Arc::clone(&letters);
        async move {
            letters
                .run(async move { workers::told(&mut stop).await })
                .await;
        }
    });
    let pages = Arc::new(Reader::new(desk.clone(), living::Pace::default()));
    workers.start("pages", move |mut stop| {
        let pages = Arc::clone(&pages);
        async move {
            pages
                .run(async move { workers::told(&mut stop).await })
                .await;
        }
    });
    let entries = Arc::new(Keeper::new(desk.clone(), LOOK_AT_ENTRIES));
    workers.start("gallery", move |mut stop| {
        let entries = Arc::clone(&entries);
        async move {
            entries
                .run(async move { workers::told(&mut stop).await })
                .await;
        }
    });
    let live = desk.clone();
    workers.start("live", move |mut stop| {
        let live = live::Reader::new(live.clone());
        live.run(async move { workers::told(&mut stop).await })
    });
    let search = desk.clone();
    workers.start("search", move |stop| {
        workers::write_search(search.clone(), stop)
    });
    let bulk = desk.clone();
    workers.start("bulk", move |stop| {
        workers::work_in_bulk(bulk.clone(), stop)
    });
    let log = desk.clone();
    let mailbox = match &audit.mailbox {
        Some(to) => Some((to.clone(), Transport::new(mail)?)),
        None => None,
    };
    let keeping = Arc::new(LogKeeping {
        every: Duration::from_secs(audit.every_minutes * 60),
        mailbox,
    });
    workers.start("log", move |stop| {
        workers::keep_log(log.clone(), Arc::clone(&keeping), stop)
    });
    let house = desk.clone();
    workers.start("house", move |stop| {
        workers::keep_house(house.clone(), keep.clone(), stop)
    });
    let partners = desk.clone();
    workers.start("dates", move |stop| {
        workers::watch_dates(desk.clone(), stop)
    });
    workers.start("partners", move |stop| {
        workers::watch_partners(partners.clone(), stop)
    });

    let app = router(server.clone(), site, Patience::default());
    // After the routes: listing them starts what pages are rendered with.
    let unreadable = problem::unreadable(&server).await;
    let (hurry, mut hurried) = watch::channel(false);
    tokio::spawn(async move {
        signals::told_to_stop().await;
        tracing::info!("told to stop: no new requests; a second signal stops at once");
        // Nobody listening any more is fine.
        let _ = stop.send(true);
        signals::told_to_stop().await;
        let _ = hurry.send(true);
    });
    let drain = manners.drain;
    let mut in_haste = hurried.clone();
    let broken_off = listen::serve(listener, app, unreadable, manners, stopping, async move {
        workers::told(&mut in_haste).await;
    })
    .await;
    if broken_off > 0 {
        tracing::warn!(broken_off, "requests did not end in time");
    }
    tokio::select! {
        left = workers.ended(drain) => if left > 0 {
            tracing::warn!(left, "workers did not stop in time");
        },
        () = workers::told(&mut hurried) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// A desk that is filled and not served.
///
/// # Errors
/// When the database does not answer.
pub async fn to_fill(database: Database) -> Outcome<Desk> {
    let parts = Parts {
        database,
        clock: Arc::new(SystemClock),
        links: Arc::new(reach::PretendWeb),
        storage: Arc::new(object_store::memory::InMemory::new()),
        base_url: Url::parse("http://127.0.0.1:3000")?,
        secret: crate::config::DEMO_SECRET.to_owned(),
        second_admin: SecondAdmin::NotNeeded,
        second_factor_for_staff: false,
        log: Log::passing()?,
    };
    Ok(Desk::open(parts).await?)
}
