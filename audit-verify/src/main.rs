//! `audit-verify FILE`: whether a receipt or an export bundle of a desk is whole. It has neither a
//! database nor a network, and recomputes everything from the bytes of the file.

mod tell;

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use trail::{bundle, note::Verifier, receipt::Receipt};

const USAGE: &str = "\
Usage: audit-verify FILE [--key KEY]... [--keys KEYFILE]

Verifies a receipt (.json) or an export bundle (.tar) of an Upgrade Desk.

  --key KEY       a public key of the log, as its desk shows it on /verify: name+id+key
  --keys KEYFILE  a file with one such key on each line

Without a key, those in the file itself are taken: then it shows that the file is whole in itself,
and the keys it names are to be compared with the log's by other means.

Ends with 0 if all is whole, with 1 if anything was altered, left out or forged, with 2 if nothing can
be said.";

/// Something was altered, left out or forged.
const BROKEN: u8 = 1;
/// Nothing can be said.
const COULD_NOT_LOOK: u8 = 2;
/// A receipt is no larger.
const MOST_OF_RECEIPT: u64 = 16 << 20;

/// What was asked for.
struct Asked {
    file: PathBuf,
    keys: Vec<Verifier>,
}

fn main() -> ExitCode {
    let outcome = match asked(std::env::args().skip(1)) {
        Ok(Some(asked)) => look(&asked),
        Ok(None) => {
            tell::say!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(text) => Err(text),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(BROKEN),
        Err(text) => {
            eprintln!("audit-verify: {text}");
            ExitCode::from(COULD_NOT_LOOK)
        }
    }
}

/// Reads the command line; none where help was asked for.
fn asked(arguments: impl Iterator<Item = String>) -> Result<Option<Asked>, String> {
    let (mut file, mut keys) = (None, Vec::new());
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--key" => keys.push(key(&value()?)?),
            "--keys" => {
                let path = value()?;
                let text = std::fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
                let lines = text.lines().filter(|line| !line.trim().is_empty());
                keys.extend(lines.map(key).collect::<Result<Vec<_>, _>>()?);
            }
            _ if argument.starts_with("--") => return Err(format!("{argument} is unknown")),
            _ if file.is_some() => return Err("name one file".to_owned()),
            _ => file = Some(PathBuf::from(&argument)),
        }
    }
    let file = file.ok_or_else(|| format!("name a file\n\n{USAGE}"))?;
    Ok(Some(Asked { file, keys }))
}

fn key(text: &str) -> Result<Verifier, String> {
    Verifier::parse(text.trim()).map_err(|_| format!("{text} is no public key of a log"))
}

fn look(asked: &Asked) -> Result<bool, String> {
    let says = |error: io::Error| format!("{}: {error}", asked.file.display());
    let mut file = File::open(&asked.file).map_err(says)?;
    let trusted = (!asked.keys.is_empty()).then_some(asked.keys.as_slice());
    if is_text(&mut file).map_err(says)? {
        return receipt(&asked.file, file, trusted);
    }
    let report = bundle::verify(BufReader::new(file), trusted).map_err(says)?;
    tell::bundle(&report);
    Ok(report.faults.is_empty())
}

/// Whether a file begins as a receipt does.
fn is_text(file: &mut File) -> io::Result<bool> {
    let mut first = [0];
    let read = file.read(&mut first)?;
    file.rewind()?;
    Ok(read == 1 && first == *b"{")
}

fn receipt(path: &Path, file: File, trusted: Option<&[Verifier]>) -> Result<bool, String> {
    let mut bytes = Vec::new();
    file.take(MOST_OF_RECEIPT)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let read = String::from_utf8(bytes).map_err(|_| trail::receipt::Flaw::Malformed);
    let receipt = read.and_then(|text| Receipt::parse(&text));
    let proven = receipt.and_then(|receipt| Ok((receipt.verify(trusted)?, receipt)));
    match proven {
        Ok((proven, receipt)) => {
            tell::receipt(&receipt, &proven);
            Ok(true)
        }
        Err(flaw) => {
            tell::say!("BROKEN: {flaw}");
            Ok(false)
        }
    }
}
