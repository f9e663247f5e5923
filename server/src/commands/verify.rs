//! Verifying the trail from the command line: by someone who may only read, and who wants to know
//! that nothing was changed by looking.

use super::Outcome;
use crate::config::check_database;
use casework::{
    read_only,
    verification::{self, Report},
};
use object_store::{ObjectStore, local::LocalFileSystem};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Something was altered, left out or added.
const BROKEN: u8 = 1;

/// Nothing can be said.
const COULD_NOT_LOOK: u8 = 2;

/// So many faults are named beside the first.
const MOST_OTHERS: usize = 50;

/// Verifies the trail of a database and the files in `data`, and says what came of it.
pub async fn verify(database: &str, data: Option<&Path>) -> ExitCode {
    match look(database, data).await {
        Ok(report) => {
            tell(&report);
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

async fn look(database: &str, data: Option<&Path>) -> Outcome<Report> {
    check_database("--database", database)?;
    let files = files(database, data)?;
    let reading = read_only::open(database).await?;
    let report = verification::verify(&reading.database, files.as_deref()).await?;
    reading.close().await?;
    Ok(report)
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

fn tell(report: &Report) {
    match &report.fault {
        Some(fault) => {
            println!("BROKEN: {fault}");
            if report.faults > 1 {
                println!("{} faults in all; this is the first", report.faults);
            }
            let others = report.found.iter().filter(|other| *other != fault);
            for other in others.take(MOST_OTHERS) {
                println!("also: {other}");
            }
            println!("{} events of the chain are sound", report.events);
        }
        None => println!(
            "{} events, unbroken; {} cases follow from them, {} records and {} files are as they \
             say; head {}",
            report.events, report.cases, report.records, report.files, report.head
        ),
    }
    if report.unhashed > 0 {
        println!(
            "{} records were made before events carried the hashes of records: they were compared \
             with what their events say in words",
            report.unhashed
        );
    }
    if report.unread > 0 {
        println!(
            "{} files were not read: name their folder with --data",
            report.unread
        );
    }
}
