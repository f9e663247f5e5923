//! A desk on a database of its own.

use async_trait::async_trait;
use casework::{
    Clock, Desk, Parts, SecondAdmin,
    database::Database,
    log::Log,
    policy::{self, BUILT_IN},
};
use futures_util::TryStreamExt;
use migrations::MigratorTrait;
use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory};
use reach::{Asked, LinkChecker, LocalWeb, Read};
use sea_orm::{ConnectionTrait, Database as SeaDatabase};
use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;
use time::{Duration, macros::datetime};
use tokio::sync::OnceCell;
use workflow::Timestamp;

/// On which database a test runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A clock that stands until it is moved, but for a microsecond with each reading; it begins on a Monday morning.
#[derive(Clone, Debug)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    /// Stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.micros())))
    }

    /// Moves on by `by`.
    pub fn pass(&self, by: Duration) {
        let by = i64::try_from(by.whole_microseconds()).unwrap();
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    /// Moves to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        // No two readings are alike: what belongs to one moment must ask once.
        Timestamp::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// Finds every address well, but for those that a test has given a fault; reads pages where a server
/// stands in for the web.
#[derive(Clone, Default)]
pub struct PretendLinks(
    Arc<Mutex<BTreeMap<String, String>>>,
    Arc<Mutex<Option<Arc<LocalWeb>>>>,
);

impl PretendLinks {
    /// From now on `address` has this fault.
    pub fn break_link(&self, address: &str, fault: &str) {
        let mut faults = self.0.lock().unwrap();
        faults.insert(address.to_owned(), fault.to_owned());
    }

    /// From now on `address` is found well again.
    pub fn repair(&self, address: &str) {
        self.0.lock().unwrap().remove(address);
    }

    /// From now on pages are read from this web.
    pub fn read_from(&self, web: LocalWeb) {
        *self.1.lock().unwrap() = Some(Arc::new(web));
    }
}

#[async_trait]
impl LinkChecker for PretendLinks {
    async fn problem(&self, address: &str) -> Option<String> {
        self.0.lock().unwrap().get(address).cloned()
    }

    async fn read(&self, address: &str, asked: &Asked) -> Read {
        let web = self.1.lock().unwrap().clone();
        match web {
            Some(web) => web.read(address, asked).await,
            None => Read::NoWeb,
        }
    }
}

/// A desk with its surroundings in the hands of the test.
pub struct Rig {
    pub desk: Desk,
    pub clock: HandClock,
    pub links: PretendLinks,
    /// The address of the database, for a second desk on it.
    pub url: String,
    _home: Home,
}

/// What is taken away when the test is over.
enum Home {
    Folder { _folder: TempDir },
    PostgresDatabase { admin: String, name: String },
}

impl Deref for Rig {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        &self.desk
    }
}

/// When stories begin: a Monday morning.
pub const BEGINNING: time::OffsetDateTime = datetime!(2026-03-02 09:00 UTC);

impl Rig {
    /// A migrated desk with the policy and with short templates.
    pub async fn open(engine: Engine) -> Self {
        static MADE: Once<Original> = Once::new();
        let made = async || {
            let (url, home, database) = migrated(engine).await;
            let clock = HandClock::at(BEGINNING.into());
            policy::publish(&database, BUILT_IN, clock.now())
                .await
                .unwrap();
            super::story::publish_templates(&database, clock.now()).await;
            Self::on(database, clock, url, home)
                .await
                .into_original()
                .await
        };
        MADE.of(engine, made).await.copy().await
    }

    /// A migrated desk with the reference data that it brings along, and nobody on it; the demo's
    /// past can be played on it.
    pub async fn as_delivered(engine: Engine) -> Self {
        static MADE: Once<Original> = Once::new();
        let made = async || {
            let (url, home, database) = migrated(engine).await;
            let clock = HandClock::at(datetime!(2026-11-18 15:00 UTC).into());
            stage::publish_built_in(&database, clock.now())
                .await
                .unwrap();
            Self::on(database, clock, url, home)
                .await
                .into_original()
                .await
        };
        MADE.of(engine, made).await.copy().await
    }

    /// The demo's desk, its past played.
    pub async fn of_the_demo(engine: Engine) -> Self {
        static MADE: Once<Original> = Once::new();
        let made = async || {
            let rig = Self::as_delivered(engine).await;
            stage::fill(&rig.desk).await.unwrap();
            rig.into_original().await
        };
        MADE.of(engine, made).await.copy().await
    }

    async fn on(database: Database, clock: HandClock, url: String, home: Home) -> Self {
        let links = PretendLinks::default();
        let desk = open_desk(database, &clock, &links).await;
        Self {
            desk,
            clock,
            links,
            url,
            _home: home,
        }
    }

    /// A desk on a database that another process has made.
    pub async fn desk_on(url: &str) -> Desk {
        let database = Database::open(url, 8).await.unwrap();
        let clock = HandClock::at(BEGINNING.into());
        clock.pass(Duration::days(100));
        open_desk(database, &clock, &PretendLinks::default()).await
    }

    /// A second desk on the same database, as another instance or a process started anew.
    pub async fn another_desk(&self) -> Desk {
        let database = Database::open(&self.url, 4).await.unwrap();
        open_desk(database, &self.clock, &self.links).await
    }

    /// As [`Rig::another_desk`], with another rule about second admins.
    pub async fn another_desk_with(&self, second_admin: SecondAdmin) -> Desk {
        self.another_desk_of(|parts| Parts {
            second_admin,
            ..parts
        })
        .await
    }

    /// As [`Rig::another_desk`], configured otherwise.
    pub async fn another_desk_of(&self, change: impl FnOnce(Parts) -> Parts) -> Desk {
        let database = Database::open(&self.url, 4).await.unwrap();
        let parts = change(parts(database, &self.clock, &self.links));
        Desk::open(parts).await.unwrap()
    }

    /// Runs SQL past everything, as someone with the database in hand.
    pub async fn sql(&self, statement: &str) -> Result<(), sea_orm::DbErr> {
        self.desk
            .database
            .write()
            .execute_unprepared(statement)
            .await
            .map(|_| ())
    }

    /// The address of the same database for an account with the rights to serve and no others
    /// (PostgreSQL). The account is as passing as the cluster of the tests.
    pub async fn with_few_rights(&self) -> String {
        let name = format!("few_{}", uuid::Uuid::now_v7().simple());
        self.sql(&format!("CREATE ROLE {name} LOGIN PASSWORD 'few'"))
            .await
            .unwrap();
        migrations::rights::grant(self.desk.database.write(), &name)
            .await
            .unwrap();
        let mut url: url::Url = self.url.parse().unwrap();
        url.set_username(&name).unwrap();
        url.set_password(Some("few")).unwrap();
        url.into()
    }

    /// The same, with another desk on its database.
    pub fn with(self, desk: Desk) -> Self {
        Self { desk, ..self }
    }

    /// Whether this rig stands on PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        matches!(self._home, Home::PostgresDatabase { .. })
    }
}

/// What is made once for each engine in a run of the tests.
pub struct Once<T>([OnceCell<T>; 2]);

impl<T> Once<T> {
    pub const fn new() -> Self {
        Self([OnceCell::const_new(), OnceCell::const_new()])
    }

    /// What was made for this engine, by the first who asks.
    pub async fn of<F: Future<Output = T>>(&self, engine: Engine, make: impl FnOnce() -> F) -> &T {
        self.0[usize::from(engine == Engine::Postgres)]
            .get_or_init(make)
            .await
    }
}

/// The records and files of a desk, to be copied: a test gets its own in no time.
pub struct Original {
    records: Records,
    storage: Arc<dyn ObjectStore>,
    now: Timestamp,
}

enum Records {
    /// The bytes of the one file.
    Sqlite(Vec<u8>),
    /// A database that is left behind with its cluster: originals live as long as the process.
    Postgres { name: String, _home: Home },
}

impl Rig {
    /// Ends the desk; what it has recorded can be copied.
    pub async fn into_original(self) -> Original {
        let now = self.desk.now();
        let storage = Arc::clone(&self.desk.storage);
        self.desk.database.clone().close().await.unwrap();
        let database = match &self._home {
            Home::Folder { .. } => None,
            Home::PostgresDatabase { name, .. } => Some(name.clone()),
        };
        let records = match database {
            None => {
                let file = self.url.trim_start_matches("sqlite://");
                Records::Sqlite(std::fs::read(file).unwrap())
            }
            Some(name) => Records::Postgres {
                name,
                _home: self._home,
            },
        };
        Original {
            records,
            storage,
            now,
        }
    }
}

impl Original {
    /// A desk on a copy.
    pub async fn copy(&self) -> Rig {
        let (url, home) = match &self.records {
            Records::Sqlite(bytes) => {
                let folder = TempDir::new().unwrap();
                let file = folder.path().join("desk.sqlite");
                std::fs::write(&file, bytes).unwrap();
                let url = format!("sqlite://{}", file.display());
                (url, Home::Folder { _folder: folder })
            }
            Records::Postgres { name, .. } => postgres(&format!("TEMPLATE {name}")).await,
        };
        let storage = InMemory::new();
        let files: Vec<_> = self.storage.list(None).try_collect().await.unwrap();
        for file in files {
            let found = self.storage.get(&file.location).await.unwrap();
            let bytes = found.bytes().await.unwrap();
            storage.put(&file.location, bytes.into()).await.unwrap();
        }
        let (clock, links) = (HandClock::at(self.now), PretendLinks::default());
        let database = Database::open(&url, 8).await.unwrap();
        let parts = Parts {
            storage: Arc::new(storage),
            ..parts(database, &clock, &links)
        };
        Rig {
            desk: Desk::open(parts).await.unwrap(),
            clock,
            links,
            url,
            _home: home,
        }
    }
}

async fn migrated(engine: Engine) -> (String, Home, Database) {
    let (url, home) = match engine {
        Engine::Sqlite => {
            let folder = TempDir::new().unwrap();
            let file = folder.path().join("desk.sqlite");
            let url = format!("sqlite://{}", file.display());
            (url, Home::Folder { _folder: folder })
        }
        Engine::Postgres => postgres("").await,
    };
    let database = Database::open(&url, 8).await.unwrap();
    migrations::Migrator::up(database.write(), None)
        .await
        .unwrap();
    (url, home, database)
}

async fn open_desk(database: Database, clock: &HandClock, links: &PretendLinks) -> Desk {
    Desk::open(parts(database, clock, links)).await.unwrap()
}

fn parts(database: Database, clock: &HandClock, links: &PretendLinks) -> Parts {
    Parts {
        database,
        clock: Arc::new(clock.clone()),
        links: Arc::new(links.clone()),
        storage: Arc::new(InMemory::new()),
        base_url: "http://127.0.0.1:3000/".parse().unwrap(),
        secret: "known to the tests alone, 32 letters".to_owned(),
        second_admin: SecondAdmin::Needed,
        second_factor_for_staff: false,
        log: Log::passing().unwrap(),
    }
}

/// A database of its own, made `of` another one or of nothing.
async fn postgres(of: &str) -> (String, Home) {
    let admin = std::env::var("TEST_POSTGRES_URL").expect(
        "set TEST_POSTGRES_URL to a PostgreSQL whose user may create databases \
         (`cargo xtask test` starts one and sets it)",
    );
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    let connection = SeaDatabase::connect(&admin).await.unwrap();
    connection
        .execute_unprepared(&format!("CREATE DATABASE {name} {of}"))
        .await
        .unwrap();
    connection.close().await.unwrap();
    let mut url: url::Url = admin.parse().unwrap();
    url.set_path(&name);
    (url.into(), Home::PostgresDatabase { admin, name })
}

impl Drop for Home {
    fn drop(&mut self) {
        let Self::PostgresDatabase { admin, name } = self else {
            return;
        };
        let (admin, name) = (admin.clone(), name.clone());
        // A thread of its own: a runtime cannot be entered from within another one.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let connection = SeaDatabase::connect(&admin).await?;
                connection
                    .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await
            })
        });
        // A database left behind harms nothing: the cluster is thrown away.
        drop(dropping.join());
    }
}
