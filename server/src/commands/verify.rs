//! Verifying the trail from the command line: by someone who may only read, and who wants to know
//! that nothing was changed by looking.

use super::Outcome;
use crate::config::check_database;
use casework::{
    log::{Place, Trouble},
    read_only,
    verification::{self, Report},
    words::count,
};
use object_store::{ObjectStore, local::LocalFileSystem};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use trail::note::Verifier;

/// Something was altered, left out or added.
const BROKEN: u8 = 1;

/// Nothing can be said.
const COULD_NOT_LOOK: u8 = 2;

/// So many faults are named beside the first.
const MOST_OTHERS: usize = 50;

/// Where the rest of the records lies.
pub struct Places<'a> {
    pub data: Option<&'a Path>,
    /// Folders of the log.
    pub log: &'a [PathBuf],
    /// A file of public keys.
    pub keys: Option<&'a Path>,
}

/// Verifies the trail of a database and the files in `data`, holds it against the log, and says what
/// came of it.
pub async fn verify(database: &str, places: &Places<'_>) -> ExitCode {
    match look(database, places).await {
        Ok(report) => {
            tell(&report, places.keys.is_some());
            match report.fault {
                None => ExitCode::SUCCESS,
                Some(_) => ExitCode::from(BROKEN),
            }
        }
        Err(error) => {
            eprintln!("The trail could not be verified: {error}");
            ExitCode::from(COULD_NOT_LOOK)
        }
    }
}

async fn look(database: &str, places: &Places<'_>) -> Outcome<Report> {
    check_database("--database", database)?;
    let files = files(database, places.data)?;
    let logs = logs(database, places)?;
    let keys = keys(&logs, places.keys).await?;
    let reading = read_only::open(database).await?;
    let report =
        verification::verify_against(&reading.database, files.as_deref(), &logs, &keys).await?;
    reading.close().await?;
    Ok(report)
}

/// The folders of the log: named, or that below `data`, or beside the database, once there is a
/// checkpoint, which is laid down behind the keys that open it.
fn logs(database: &str, places: &Places<'_>) -> Outcome<Vec<Place>> {
    let beside = read_only::file_of(database).and_then(|file| Some(file.parent()?.to_owned()));
    let published = places.data.map(Path::to_owned).or(beside);
    let published = published.map(|data| data.join("audit").join("log"));
    let folders = match places.log {
        [] => published
            .into_iter()
            .filter(|folder| folder.join("checkpoint").is_file())
            .collect(),
        named => named.to_vec(),
    };
    let place = |folder: PathBuf| -> Outcome<Place> {
        if !folder.is_dir() {
            return Err(format!("there is no folder {}", folder.display()).into());
        }
        let name = folder.display().to_string();
        let store = LocalFileSystem::new_with_prefix(folder)?;
        Ok(Place::new(name, Arc::new(store)))
    };
    folders.into_iter().map(place).collect()
}

/// The public keys: from a file, or those that lie with the log.
async fn keys(logs: &[Place], file: Option<&Path>) -> Outcome<Vec<Verifier>> {
    if let Some(file) = file {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let keys: Result<Vec<Verifier>, _> = lines.map(Verifier::parse).collect();
        return keys
            .map_err(|_| format!("{} holds something else than keys", file.display()).into());
    }
    let mut keys = Vec::new();
    for place in logs {
        keys.extend(place.keys().await.map_err(|trouble| match trouble {
            Trouble::Fault(fault) => fault.to_string(),
            Trouble::Error(error) => error.to_string(),
        })?);
    }
    Ok(keys)
}

/// Where the files are: named, or beside the database where there is such a folder.
fn files(database: &str, data: Option<&Path>) -> Outcome<Option<Box<dyn ObjectStore>>> {
    let folder = match data {
        Some(data) => {
            let folder = data.join("files");
            if !folder.is_dir() {
                return Err(format!("there is no folder {}", folder.display()).into());
            }
            Some(folder)
        }
        None => read_only::file_of(database)
            .and_then(|file| Some(file.parent()?.join("files")))
            .filter(|folder: &PathBuf| folder.is_dir()),
    };
    match folder {
        Some(folder) => Ok(Some(Box::new(LocalFileSystem::new_with_prefix(folder)?))),
        None => Ok(None),
    }
}

fn tell(report: &Report, has_keys: bool) {
    match &report.fault {
        Some(fault) => {
            println!("BROKEN ({}): {fault}", fault.class());
            if report.faults > 1 {
                println!(
                    "{} in all; this is the first",
                    count(report.faults, "fault")
                );
            }
            let others = report.found.iter().filter(|other| *other != fault);
            for other in others.take(MOST_OTHERS) {
                println!("also ({}): {other}", other.class());
            }
            let events = count(report.events, "event");
            println!("{events} of the chain, sound");
        }
        None => println!(
            "{}, unbroken; as they say: {}, {} and {}; head {}",
            count(report.events, "event"),
            count(report.cases, "case"),
            count(report.records, "record"),
            count(report.files, "file"),
            report.head
        ),
    }
    match (report.checkpoints, has_keys) {
        (0, _) => println!(
            "there is no log to hold them against: name its folder with --log, or nobody can tell \
             whether all of this was written anew"
        ),
        (many, true) => println!("held against {}", count(many, "checkpoint")),
        (many, false) => println!(
            "held against {}, by keys that lie with them: name others with --keys",
            count(many, "checkpoint")
        ),
    }
    if report.unhashed > 0 {
        println!(
            "made before events carried the hashes of records, and compared with what their events say \
             in words: {}",
            count(report.unhashed, "record")
        );
    }
    if report.unread > 0 {
        println!(
            "not read: {}; name their folder with --data",
            count(report.unread, "file")
        );
    }
}
