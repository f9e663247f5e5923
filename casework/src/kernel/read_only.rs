//! Opening a database to look at it and nothing else: no file is made, no byte is written, and no
//! right to write is needed.

use crate::{Error, Result, database::Database};
use sea_orm::{ConnectOptions, ConnectionTrait, Database as SeaDatabase};
use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// Why a database cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum CannotLook {
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    #[error("{} cannot be read: {cause}", .file.display())]
    Unreadable {
        file: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{} was written to while it was looked at; look again", .0.display())]
    Disturbed(PathBuf),
    #[error("a database is named by sqlite://PATH or postgres://…, not by {0}")]
    Address(String),
    #[error("the database does not answer as one of ours: {0}")]
    Database(#[from] sea_orm::DbErr),
}

/// A database open for looking.
pub struct Reading {
    pub database: Database,
    /// The file and what it was, where it is read without regard to writers.
    undisturbed: Option<(PathBuf, Stand)>,
    /// A copy that is read in its place.
    _copy: Option<Copy>,
}

/// Size and time of the last change.
type Stand = (u64, SystemTime);

/// The path of a SQLite database; none for other databases.
pub fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    Some(PathBuf::from(path))
}

/// Opens `sqlite://PATH` or `postgres://…` for looking.
///
/// # Errors
/// When there is no such database, or it cannot be read.
pub async fn open(url: &str) -> Result<Reading, CannotLook> {
    if let Some(file) = file_of(url) {
        return sqlite(file).await;
    }
    if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
        // A password in it is nobody's business.
        let scheme = url.split("//").next().unwrap_or_default();
        return Err(CannotLook::Address(scheme.to_owned()));
    }
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(8))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|options| {
            options.options([("default_transaction_read_only", "on")])
        });
    Ok(Reading {
        database: Database::from(SeaDatabase::connect(options).await?),
        undisturbed: None,
        _copy: None,
    })
}

impl Reading {
    /// Says whether what was read can be relied on.
    ///
    /// # Errors
    /// When someone wrote to the database meanwhile, in a way that reading cannot have seen rightly.
    pub async fn close(self) -> Result<(), CannotLook> {
        self.database.close().await?;
        match self.undisturbed {
            Some((file, before)) if stand(&file)? != before || log_of(&file).is_some() => {
                Err(CannotLook::Disturbed(file))
            }
            _ => Ok(()),
        }
    }
}

/// Three ways to read a SQLite database without writing, by what lies beside it:
///
/// - no log (`-wal`): the file alone, as something that nobody changes – verified afterwards;
/// - log and index (`-shm`), as where a desk is running: with the index read but not written;
/// - a log without its index (a copy of both files): a copy of both in a folder of our own, for
///   SQLite would have to write an index beside them.
async fn sqlite(file: PathBuf) -> Result<Reading, CannotLook> {
    if !file.is_file() {
        return Err(CannotLook::Missing(file));
    }
    std::fs::File::open(&file).map_err(|cause| unreadable(&file, cause))?;
    if log_of(&file).is_none() {
        let before = stand(&file)?;
        return Ok(Reading {
            database: connect(&file, "immutable=1").await?,
            undisturbed: Some((file, before)),
            _copy: None,
        });
    }
    if beside(&file, "-shm").is_file()
        && let Ok(database) = connect(&file, "readonly_shm=1").await
    {
        return Ok(Reading {
            database,
            undisturbed: None,
            _copy: None,
        });
    }
    let copy = Copy::of(&file).map_err(|cause| unreadable(&file, cause))?;
    Ok(Reading {
        database: connect(&copy.file(), "").await?,
        undisturbed: None,
        _copy: Some(copy),
    })
}

async fn connect(file: &Path, parameter: &str) -> Result<Database, CannotLook> {
    let name = format!("file:{}?mode=ro&{parameter}", escaped(file));
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(8))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .filename(&name)
                .in_memory(false)
                .shared_cache(false)
                .create_if_missing(false)
                .read_only(true)
                .busy_timeout(Duration::from_secs(5))
        });
    let connection = SeaDatabase::connect(options).await?;
    // Whether it can really be read is seen at the first look.
    connection
        .execute_unprepared("SELECT COUNT(*) FROM sqlite_master")
        .await?;
    Ok(Database::from(connection))
}

/// The path as part of a `file:` address.
fn escaped(file: &Path) -> String {
    let text = file.to_string_lossy();
    text.replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The log of what is not in the file yet, if there is any.
fn log_of(file: &Path) -> Option<PathBuf> {
    let log = beside(file, "-wal");
    let filled = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    filled.then_some(log)
}

fn stand(file: &Path) -> Result<Stand, CannotLook> {
    let looked = std::fs::metadata(file).and_then(|file| Ok((file.len(), file.modified()?)));
    looked.map_err(|cause| unreadable(file, cause))
}

fn unreadable(file: &Path, cause: io::Error) -> CannotLook {
    CannotLook::Unreadable {
        file: file.to_owned(),
        cause,
    }
}

/// A copy of a database with its log, in a folder that is removed afterwards.
struct Copy(PathBuf);

impl Copy {
    fn of(file: &Path) -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("upgrade-desk-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder)?;
        let copy = Self(folder);
        std::fs::copy(file, copy.file())?;
        std::fs::copy(beside(file, "-wal"), beside(&copy.file(), "-wal"))?;
        Ok(copy)
    }

    fn file(&self) -> PathBuf {
        self.0.join("desk.sqlite")
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a copy could not be removed");
        }
    }
}

impl From<CannotLook> for Error {
    fn from(error: CannotLook) -> Self {
        Self::unavailable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_database_is_read_from_its_address() {
        let path = |url| file_of(url).map(|path| path.display().to_string());
        assert_eq!(
            path("sqlite:///srv/desk.sqlite").unwrap(),
            "/srv/desk.sqlite"
        );
        assert_eq!(
            path("sqlite://data/desk.sqlite?mode=rwc").unwrap(),
            "data/desk.sqlite"
        );
        assert_eq!(path("sqlite:desk.sqlite").unwrap(), "desk.sqlite");
        assert_eq!(path("postgres://desk@db/desk"), None);
    }

    #[test]
    fn a_path_stays_one_path_in_an_address() {
        assert_eq!(
            escaped(Path::new("/a b/50%?#.sqlite")),
            "/a b/50%25%3f%23.sqlite"
        );
    }
}
