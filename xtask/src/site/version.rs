//! The name of a site: the hash of its files.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::problem::{Outcome, Problem};

/// 16 hex digits that change when any file or file name below the folder does.
pub fn of(folder: &Path) -> Outcome<String> {
    let mut hash = Sha256::new();
    for path in super::files(folder)? {
        let bytes = fs::read(&path).map_err(|error| Problem::at(&path, error))?;
        let name = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(&bytes);
    }
    let mut digits = hex::encode(hash.finalize());
    digits.truncate(16);
    Ok(digits)
}

/// The version of the site that is laid out now.
pub fn recorded(site: &Path) -> Option<String> {
    let text = fs::read_to_string(site.join("version.txt")).ok()?;
    Some(text.trim().to_owned())
}
