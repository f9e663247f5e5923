//! An export bundle: events with what proves them, the rows and files that they bind, and a signed
//! list of it all, in one tar file that any program opens. Every byte of it is bound: there is one
//! way to write each part, and whatever differs from it is found.
//!
//! ```text
//! checkpoint            the signed state of the log
//! keys.txt              the public keys of the log
//! scope.json            what was asked for, by whom, when, and how much of the trail it is
//! events/000001.jsonl   events: the hash, the text that was hashed, the proof of its place
//! records/000001.jsonl  rows that events bind
//! files/<sha256>        files that rows name
//! readable/…            the same for people: unchanged since the desk wrote it, and no more is shown
//! manifest.sha256       the hash of each of these (`sha256sum -c manifest.sha256`)
//! manifest.note         the hash of the manifest, signed
//! ```

mod tar;
mod verify;

pub use verify::{Report, verify};

use crate::{
    note::{BadNote, Note, Signer},
    sha256,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The path of the checkpoint.
const CHECKPOINT: &str = "checkpoint";
/// The path of the public keys.
const KEYS: &str = "keys.txt";
/// The path of the scope.
const SCOPE: &str = "scope.json";
/// The path of the list of hashes.
const MANIFEST: &str = "manifest.sha256";
/// The path of its signature.
const SIGNED: &str = "manifest.note";
/// Where copies lie that people read.
const READABLE: &str = "readable/";
/// Events or rows of one file.
pub const LINES: usize = 1_000;

/// What was asked for, and how much of the trail it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// In words: `case UD-1042`, `the whole trail`.
    pub holds: String,
    /// How many events the bundle has …
    pub events: u64,
    /// … of how many.
    pub of: u64,
    /// Whether every row that these events bind is in it, with its files.
    pub rows: bool,
    pub exported_at: String,
    pub exported_by: String,
    /// Rows that events bind and that are not in it, by name, with their files: never handed in, so
    /// they are their developer's alone.
    pub withheld: Vec<String>,
    /// Documents that were signed and are not in it, by SHA-256: from before events bound texts.
    pub unbound: Vec<String>,
}

/// A line of `events/…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine {
    /// In hexadecimal.
    pub hash: String,
    /// The text that was hashed.
    pub leaf: String,
    /// The proof of its place, in base64; left out where the bundle has every event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<String>,
}

/// What the signature of a manifest is over.
fn signed_text(manifest: &str) -> String {
    format!("upgrade-desk bundle, version 1\n{}\n", sha256(manifest))
}

/// The manifest, as `sha256sum` writes it.
fn manifest(files: &BTreeMap<String, String>) -> String {
    files
        .iter()
        .map(|(path, sha256)| format!("{sha256}  {path}\n"))
        .collect()
}

/// Writes a bundle, a part at a time: nothing of it is kept but the list of hashes.
#[derive(Debug, Default)]
pub struct Writer {
    files: BTreeMap<String, String>,
}

impl Writer {
    /// Begins with what says how to read the rest.
    pub fn begin(&mut self, checkpoint: &Note, keys: &str, scope: &Scope) -> Vec<u8> {
        let scope = serde_json::to_string_pretty(scope).unwrap_or_default();
        let mut bytes = self.file(CHECKPOINT, checkpoint.to_string().as_bytes());
        bytes.extend(self.file(KEYS, keys.as_bytes()));
        bytes.extend(self.file(SCOPE, scope.as_bytes()));
        bytes
    }

    /// The `nth` file of events, [`LINES`] in each but the last.
    ///
    /// # Errors
    /// None for lines of our own.
    pub fn events(&mut self, nth: u64, lines: &[EventLine]) -> serde_json::Result<Vec<u8>> {
        let text = lines_of(lines)?;
        Ok(self.file(&format!("events/{nth:06}.jsonl"), text.as_bytes()))
    }

    /// The `nth` file of rows.
    ///
    /// # Errors
    /// None for lines of our own.
    pub fn rows(&mut self, nth: u64, lines: &[crate::receipt::Row]) -> serde_json::Result<Vec<u8>> {
        let text = lines_of(lines)?;
        Ok(self.file(&format!("records/{nth:06}.jsonl"), text.as_bytes()))
    }

    /// A file that a row names; each once.
    pub fn bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        let path = format!("files/{}", sha256(bytes));
        match self.files.contains_key(&path) {
            true => Vec::new(),
            false => self.file(&path, bytes),
        }
    }

    /// A copy for people to read, by a name of the desk's.
    pub fn readable(&mut self, name: &str, bytes: &[u8]) -> Vec<u8> {
        self.file(&format!("{READABLE}{name}"), bytes)
    }

    /// Ends with the list of hashes and its signature.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn finish<'a>(
        mut self,
        signers: impl IntoIterator<Item = &'a Signer>,
    ) -> Result<Vec<u8>, BadNote> {
        let manifest = manifest(&self.files);
        let signed = Note::sign(&signed_text(&manifest), signers)?;
        let mut bytes = self.file(MANIFEST, manifest.as_bytes());
        bytes.extend(self.file(SIGNED, signed.to_string().as_bytes()));
        bytes.extend(tar::END);
        Ok(bytes)
    }

    fn file(&mut self, path: &str, content: &[u8]) -> Vec<u8> {
        self.files.insert(path.to_owned(), sha256(content));
        tar::entry(path, content)
    }
}

fn lines_of<T: Serialize>(lines: &[T]) -> serde_json::Result<String> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
    }
    Ok(text)
}
