//! The command line.

mod audit_log;
mod serve;
mod verify;

use crate::config::{AuditConfig, Config, DEMO_SECRET, check_database, sqlite_path};
use casework::{
    Desk, Parts, SecondAdmin, SystemClock, accounts, database::Database, log::KeyFile, reference,
    words::count,
};
use clap::{Parser, Subcommand};
use migrations::{Migrator, MigratorTrait, rights};
use object_store::{ObjectStore, local::LocalFileSystem};
use secrecy::ExposeSecret;
use stage::bulk::Filling;
use std::{
    error::Error,
    net::{AddrParseError, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr,
    sync::Arc,
    time::Duration,
};
use url::Url;

/// What a command may fail with.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Applications for Limited and Full Access, from registration to approval.
#[derive(Parser)]
#[command(name = "upgrade-desk", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a desk with demo people, apps and cases, on this machine alone.
    Demo {
        /// The address to listen on; with `localhost:PORT` under that name, which passkeys need.
        #[arg(long, default_value = "127.0.0.1:3000")]
        addr: DemoAddress,
        /// The folder of the database and the files.
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
    },
    /// Serve the desk.
    Serve {
        /// The configuration (TOML); the environment goes over it.
        #[arg(long, env = "UPGRADE_DESK_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Bring the schema and the built-in reference data up to date; run by the owner of the tables.
    Migrate {
        #[arg(long, env = "UPGRADE_DESK_DATABASE", hide_env_values = true)]
        database: String,
        /// The PostgreSQL account that serves: it is given the rights to serve, and no others.
        #[arg(long)]
        runtime_role: Option<String>,
    },
    /// Make one of the first administrators; prints the link under which the password is chosen.
    CreateAdmin {
        #[arg(long, env = "UPGRADE_DESK_CONFIG")]
        config: Option<PathBuf>,
        #[arg(long)]
        name: String,
        #[arg(long)]
        username: String,
        #[arg(long)]
        email: String,
        /// Why; needed once the desk has two admins.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Work on the audit trail.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Fill an empty database with many cases, for benchmarks.
    #[command(hide = true)]
    Seed {
        #[arg(long, env = "UPGRADE_DESK_DATABASE", hide_env_values = true)]
        database: String,
        #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
        cases: u32,
        /// For how many users apps are approved; as the settings say unless given.
        #[arg(long)]
        cap: Option<u32>,
        /// Of a hundred cases so many have ended, besides every tenth of the others.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=100))]
        ended: u32,
        /// So many reviewers more, each signed in; their sessions' secrets are printed.
        #[arg(long, default_value_t = 0)]
        readers: u32,
        /// The secret of the desk that will serve it, for these sessions.
        #[arg(long, default_value = DEMO_SECRET, hide_default_value = true)]
        secret: String,
        /// Let a gateway in, and print its token and then the client id of each approved app.
        #[arg(long)]
        gateway: bool,
        /// The password of its people; a desk with the demo's is not served.
        #[arg(long, default_value = stage::PASSWORD)]
        password: String,
    },
    /// Give approved apps of a database that was filled so public entries in the gallery, for
    /// benchmarks; prints the address of one.
    #[command(hide = true)]
    SeedGallery {
        #[arg(long, env = "UPGRADE_DESK_DATABASE", hide_env_values = true)]
        database: String,
        #[arg(long)]
        entries: u32,
    },
}

/// Where the demo listens, and by which name it is called.
#[derive(Clone, Copy, Debug)]
struct DemoAddress {
    socket: SocketAddr,
    /// Called `localhost` in place of its number.
    by_name: bool,
}

impl FromStr for DemoAddress {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let port = text.strip_prefix("localhost:");
        let socket = match port {
            Some(port) => format!("127.0.0.1:{port}").parse(),
            None => text.parse(),
        }?;
        Ok(Self {
            socket,
            by_name: port.is_some(),
        })
    }
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Verify the whole trail, and the rows and files that it binds; changes nothing. Ends with 0 if
    /// all is whole, with 1 if anything was altered, left out or added, with 2 if it could not look.
    Verify {
        #[arg(long, env = "UPGRADE_DESK_DATABASE", hide_env_values = true)]
        database: String,
        /// The folder of the uploaded files, `data` in the configuration; on SQLite the folder of
        /// the database where nothing else is said.
        #[arg(long, env = "UPGRADE_DESK_DATA")]
        data: Option<PathBuf>,
        /// A folder that the log lies in, published or copied; can be given more than once. The
        /// published one below `data` where nothing else is said.
        #[arg(long)]
        log: Vec<PathBuf>,
        /// The public keys of the log, one on each line, from a place that whoever may have altered
        /// the log does not reach; those that lie with the log where nothing else is said.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    /// Begin to sign checkpoints with a new key; the present one goes on signing beside it until
    /// the next one, or until `retire-key`. A running desk takes it over by itself.
    RotateKey {
        #[arg(long, env = "UPGRADE_DESK_CONFIG")]
        config: Option<PathBuf>,
    },
    /// End every key but the newest: they open what they signed, and sign no more.
    RetireKey {
        #[arg(long, env = "UPGRADE_DESK_CONFIG")]
        config: Option<PathBuf>,
    },
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// What stands in the way, in words.
    pub async fn run(self) -> Outcome<ExitCode> {
        match self.command {
            Command::Demo { addr, data } => demo(addr, &data).await,
            Command::Serve { config } => {
                let config = Config::read(config.as_deref())?;
                let url = config.database.expose_secret();
                let database = open_known(url, config.connections).await?;
                if stage::holds(&database).await? == stage::Holds::Demo {
                    return Err(
                        "this database was made by the demo: its people have a password that everybody can read. Make a new one with `upgrade-desk migrate`"
                            .into(),
                    );
                }
                serve::production(config, database).await
            }
            Command::Migrate {
                database,
                runtime_role,
            } => {
                check_database("--database", &database)?;
                let database = Database::open(&database, 1).await?;
                migrate(&database).await?;
                if let Some(role) = runtime_role {
                    rights::grant(database.write(), &role).await?;
                }
                database.close().await?;
                println!("The schema is up to date.");
                Ok(ExitCode::SUCCESS)
            }
            Command::CreateAdmin {
                config,
                name,
                username,
                email,
                reason,
            } => {
                let config = Config::read(config.as_deref())?;
                let database = open_known(config.database.expose_secret(), 1).await?;
                let desk = serve::desk(&config, database.clone()).await?;
                let secret =
                    accounts::create_admin(&desk, &name, &username, &email, reason.as_deref())
                        .await?;
                database.close().await?;
                let mut link = config.base_url.join("/invitation")?;
                link.query_pairs_mut().append_pair("token", &secret);
                println!("Choose a password within seven days at\n{link}");
                Ok(ExitCode::SUCCESS)
            }
            Command::Audit { command } => audit(command).await,
            Command::Seed {
                database,
                cases,
                ended,
                cap,
                readers,
                secret,
                gateway,
                password,
            } => {
                check_database("--database", &database)?;
                let database = Database::open(&database, 4).await?;
                migrate(&database).await?;
                let desk = serve::to_fill(database.clone()).await?;
                let filling = Filling {
                    cases,
                    ended,
                    cap,
                    password: &password,
                    readers,
                    secret: &secret,
                };
                stage::bulk::seed(&desk, &filling).await?;
                println!("{}", count(cases, "case"));
                for index in 0..readers {
                    println!("{}", stage::bulk::readers::token(index));
                }
                if gateway {
                    let let_in = stage::bulk::let_gateway_in(&desk).await?;
                    println!("{}\n{}", let_in.token.reveal(), let_in.apps.join("\n"));
                }
                database.close().await?;
                Ok(ExitCode::SUCCESS)
            }
            Command::SeedGallery { database, entries } => {
                let database = open_known(&database, 2).await?;
                let desk = serve::to_fill(database.clone()).await?;
                println!("{}", stage::bulk::gallery::show(&desk, entries).await?);
                database.close().await?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// What is done to the file of keys.
type Change = fn(&Path) -> std::io::Result<KeyFile>;

async fn audit(command: AuditCommand) -> Outcome<ExitCode> {
    let (config, change) = match command {
        AuditCommand::Verify {
            database,
            data,
            log,
            keys,
        } => {
            let places = verify::Places {
                data: data.as_deref(),
                log: &log,
                keys: keys.as_deref(),
            };
            return Ok(verify::verify(&database, &places).await);
        }
        AuditCommand::RotateKey { config } => (config, KeyFile::rotate as Change),
        AuditCommand::RetireKey { config } => (config, KeyFile::retire as Change),
    };
    let config = Config::read(config.as_deref())?;
    let keys = change(&config.audit.key(&config.data))?;
    println!("The public keys of the log, the newest first:");
    for key in keys.verifiers() {
        println!("{key}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses the file of an SQLite database that does not exist: only `migrate` makes one, so that a
/// mistyped path is no new, empty desk.
fn is_there(url: &str) -> Outcome<()> {
    match sqlite_path(url) {
        Some(path) if !Path::new(&path).is_file() => Err(format!(
            "there is no database at {path}: check the path, or run `upgrade-desk migrate` to make one"
        )
        .into()),
        _ => Ok(()),
    }
}

/// Opens a database whose schema this program knows, no older and no newer.
async fn open_known(url: &str, connections: u32) -> Outcome<Database> {
    is_there(url)?;
    let database = Database::open(url, connections).await?;
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    let applied = migrations::applied(database.read()).await?;
    if applied.is_empty() {
        return Err(
            "the database has no schema yet: run `upgrade-desk migrate` first (on \
                    PostgreSQL with `--runtime-role` and the name of the account that serves)"
                .into(),
        );
    }
    if applied.iter().any(|step| !known.contains(step)) {
        return Err("the database was made by a newer version of this program".into());
    }
    if applied.len() < known.len() {
        return Err("the schema is not up to date: run `upgrade-desk migrate` first".into());
    }
    Ok(database)
}

/// How often somebody who migrates tries while somebody else does, and the pause between.
const TURNS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(200);

/// Brings the schema up to date. Each migration is one transaction; of several who migrate at once
/// (instances that start together) all but one fail at each, and go on behind it.
async fn migrate(database: &Database) -> Outcome<()> {
    let mut taken = None;
    let mut turn = 1;
    while let Err(error) = Migrator::up(database.write(), None).await {
        // However the engine words it: whoever failed because somebody else took the step finds
        // it taken. Who fails where nothing has moved, and waits for nobody, fails indeed.
        let now = Some(migrations::applied(database.read()).await?.len());
        if turn == TURNS || (now == taken && !is_held(&error)) {
            return Err(error.into());
        }
        tracing::debug!(%error, turn, "somebody else is migrating");
        if now == taken {
            tokio::time::sleep(PAUSE).await;
        }
        taken = now;
        turn += 1;
    }
    reference::publish_built_in(database, casework::Clock::now(&SystemClock)).await?;
    Ok(())
}

/// Whether a migration failed because somebody else holds what it wanted to write.
fn is_held(error: &sea_orm::DbErr) -> bool {
    let text = error.to_string();
    ["locked", "busy", "deadlock"]
        .iter()
        .any(|sign| text.contains(sign))
}

fn storage(folder: &Path) -> Outcome<Arc<dyn ObjectStore>> {
    std::fs::create_dir_all(folder)?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?))
}

async fn demo(address: DemoAddress, data: &Path) -> Outcome<ExitCode> {
    let addr = address.socket;
    if !addr.ip().is_loopback() {
        return Err(format!(
            "the demo lets everybody in, so it serves this machine alone: choose 127.0.0.1, not {}",
            addr.ip()
        )
        .into());
    }
    std::fs::create_dir_all(data)?;
    let file = data.join("desk.sqlite");
    let known = file.exists();
    let database = Database::open(&format!("sqlite://{}", file.display()), 8).await?;
    // Before anything is changed; a new file has no tables yet to look into.
    if known && matches!(stage::holds(&database).await, Ok(stage::Holds::People)) {
        return Err(format!(
            "{} is no demo: it holds accounts of people. Choose another folder with --data",
            file.display()
        )
        .into());
    }
    Migrator::up(database.write(), None).await?;
    stage::publish_built_in(&database, casework::Clock::now(&SystemClock)).await?;
    let listener = tokio::net::TcpListener::bind(addr).await?;
    let mut base_url = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    if address.by_name {
        base_url.set_host(Some("localhost"))?;
    }
    let log = audit_log::open(&AuditConfig::default(), data, &base_url)?;
    let desk = Desk::open(Parts {
        database,
        clock: Arc::new(SystemClock),
        links: Arc::new(reach::PretendWeb),
        storage: storage(&data.join("files"))?,
        log,
        base_url,
        secret: DEMO_SECRET.to_owned(),
        second_admin: SecondAdmin::NotNeeded,
        second_factor_for_staff: false,
    })
    .await?;
    serve::demo(desk, listener).await
}
