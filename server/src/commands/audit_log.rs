//! Opening the audit log of a desk: its keys and the places that it lies in.

use super::{Outcome, storage};
use crate::config::AuditConfig;
use casework::log::{KeyFile, Keys, Log, Witness};
use std::path::Path;
use trail::note::Verifier;
use url::Url;

/// The log of a configuration; its key is made where there is neither a key nor a log.
///
/// # Errors
/// When a key cannot be read or made, or is missing though it has signed something.
pub fn open(audit: &AuditConfig, data: &Path, base_url: &Url) -> Outcome<Log> {
    let (key, folder) = (audit.key(data), audit.log(data));
    let begun = std::iter::once(&folder)
        .chain(&audit.second)
        .find(|folder| folder.join("checkpoint").exists());
    if let Some(begun) = begun.filter(|_| !key.exists()) {
        return Err(format!(
            "there is no key at {}, and the log in {} was signed with one: bring it back from its \
             safe (docs/operating.md says what to do if it is lost)",
            key.display(),
            begun.display()
        )
        .into());
    }
    KeyFile::open(&key, &name(base_url)).map_err(|error| format!("{}: {error}", key.display()))?;
    let second = audit.second.as_deref().map(storage).transpose()?;
    let mut log = Log::new(Keys::File(key), storage(&folder)?, second);
    for witness in &audit.witness {
        let key = Verifier::parse(&witness.key).ok();
        let key = key.filter(Verifier::is_witness);
        let mut url = witness.url.clone();
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        log.witnesses.push(Witness {
            key: key.ok_or_else(|| format!("{} is no public key of a witness", witness.key))?,
            url,
        });
    }
    Ok(log)
}

/// The name of the log: the address of the desk without its scheme.
fn name(base_url: &Url) -> String {
    let host = base_url.host_str().unwrap_or("desk");
    match base_url.port() {
        Some(port) => format!("{host}:{port}/audit"),
        None => format!("{host}/audit"),
    }
}
