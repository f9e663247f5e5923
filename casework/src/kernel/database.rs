//! Opening the database, and the one way to begin a transaction.

use crate::Result;
use sea_orm::{
    AccessMode, ConnectOptions, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::time::Duration;

/// A connection that nobody used for so long is asked whether it still stands before it is used;
/// asking each time would double the way to the database.
const IDLE: Duration = Duration::from_secs(5);

/// Connections to one database.
///
/// On SQLite all writes go through a single connection: the pool queues writers fairly, where
/// SQLite itself would have them poll. Reads have connections of their own (WAL).
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl Database {
    /// Opens `sqlite://PATH` (made if missing) or `postgres://…`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        if url.starts_with("sqlite:") {
            let write = connect_sqlite(url, 1).await?;
            // Each is a thread with a cache of its own: more than the processors can use cost
            // memory alone.
            let useful = std::thread::available_parallelism().map_or(4, |many| many.get() + 2);
            let most = connections.min(u32::try_from(useful).unwrap_or(u32::MAX));
            let read = connect_sqlite(url, most).await?;
            Ok(Self { read, write })
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(8))
                .test_before_acquire_if_idle_for(IDLE)
                .sqlx_logging(false);
            let pool = SeaDatabase::connect(options).await?;
            Ok(Self {
                read: pool.clone(),
                write: pool,
            })
        }
    }

    /// For queries outside a transaction.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For migrations and single statements that change something.
    pub const fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Ends all connections.
    ///
    /// # Errors
    /// When one does not end in order.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }

    /// Which engine it is.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that will write. On SQLite it takes the write lock at once: a read that
    /// turns into a write would fail however long it waited.
    ///
    /// # Errors
    /// When no connection or no lock could be had in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Begins a transaction that only reads, and sees the database as it was at its first statement
    /// however long it lasts.
    ///
    /// # Errors
    /// When no connection could be had in time.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let postgres = self.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        Ok(self.read.begin_with_options(options).await?)
    }
}

impl From<DatabaseConnection> for Database {
    /// One connection for everything, for looking alone.
    fn from(connection: DatabaseConnection) -> Self {
        Self {
            read: connection.clone(),
            write: connection,
        }
    }
}

/// How long processes that open one database at once wait for each other.
const OPENING: Duration = Duration::from_secs(5);

/// Connects, and tries again while another process that opens the database holds it: turning to WAL
/// asks for the whole file, and there SQLite does not wait by itself.
async fn connect_sqlite(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let pause = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        match SeaDatabase::connect(sqlite(url, connections)).await {
            Err(error) if waited < OPENING && is_locked(&error) => {
                tokio::time::sleep(pause).await;
                waited += pause;
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// Whether another connection holds the file (`SQLITE_BUSY`).
fn is_locked(error: &DbErr) -> bool {
    error.to_string().contains("(code: 5)")
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(8))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
        });
    options
}
