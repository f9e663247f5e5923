//! Opening the database, and the one way to begin a transaction.

use crate::Result;
use sea_orm::{
    AccessMode, ConnectOptions, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
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
            let write = SeaDatabase::connect(sqlite(url, 1)).await?;
            // Each is a thread with a cache of its own: more than the processors can use cost
            // memory alone.
            let useful = std::thread::available_parallelism().map_or(4, |many| many.get() + 2);
            let most = connections.min(u32::try_from(useful).unwrap_or(u32::MAX));
            let read = SeaDatabase::connect(sqlite(url, most)).await?;
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
    pub async fn close(self) -> Result<(), sea_orm::DbErr> {
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
