//! The keys of the log. They lie in a file that only the desk reads, one on each line: the first
//! signs, a second private one signs as well while verifiers learn the first, and the public ones
//! below are of keys that signed before.

use super::{Looked, Trouble};
use crate::{Error, Result};
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use trail::note::{Signer, Verifier};

/// Where keys come from.
#[derive(Clone, Debug)]
pub enum Keys {
    /// From a file, which is read each time: it may change while a desk runs.
    File(PathBuf),
    Given(Arc<Vec<Signer>>),
}

impl Keys {
    /// The keys as they are now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self) -> Result<KeyFile> {
        match self {
            Self::File(path) => KeyFile::read(path).map_err(Error::unavailable),
            Self::Given(signers) => Ok(KeyFile {
                former: signers.iter().map(Signer::verifier).collect(),
                signers: Vec::new(),
                given: Some(Arc::clone(signers)),
            }),
        }
    }

    /// The public keys.
    pub(super) fn verifiers(&self) -> Looked<Vec<Verifier>> {
        Ok(self.read().map_err(Trouble::Error)?.verifiers())
    }
}

/// The file of keys.
#[derive(Debug, Default)]
pub struct KeyFile {
    signers: Vec<Signer>,
    former: Vec<Verifier>,
    given: Option<Arc<Vec<Signer>>>,
}

/// What stands above the keys.
const HEAD: &str =
    "# Keys of the audit log. Nobody but the desk reads this file; a copy of it belongs in a safe.
# The first signs, a second one signs as well, public ones signed before (docs/operating.md).
";

/// Private keys that sign at the same time.
const AT_ONCE: usize = 2;

impl KeyFile {
    /// Reads the file; made with a new key where there is none.
    ///
    /// # Errors
    /// When it cannot be read or made, holds something else than keys, or may be read by others.
    pub fn open(path: &Path, name: &str) -> io::Result<Self> {
        if path.exists() {
            return Self::read(path);
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let keys = Self {
            signers: vec![new_key(name)?],
            ..Self::default()
        };
        keys.create(path)?;
        Ok(keys)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// As [`KeyFile::open`].
    pub fn read(path: &Path) -> io::Result<Self> {
        is_private(path)?;
        let text = fs::read_to_string(path)?;
        let mut keys = Self::default();
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.starts_with("PRIVATE+KEY+") {
                true => keys.signers.push(Signer::parse(line).map_err(bad)?),
                false => keys.former.push(Verifier::parse(line).map_err(bad)?),
            }
        }
        match keys.signers.is_empty() {
            true => Err(bad("it holds no private key")),
            false => Ok(keys),
        }
    }

    /// Begins to sign with a new key of the same name. The present one goes on signing beside it;
    /// the one that did so until now ends.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn rotate(path: &Path) -> io::Result<Self> {
        let mut keys = Self::read(path)?;
        let name = keys.name().to_owned();
        keys.signers.insert(0, new_key(&name)?);
        keys.end_all_but(AT_ONCE);
        keys.replace(path)?;
        Ok(keys)
    }

    /// Ends all keys but the first: they open what they signed, and sign no more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn retire(path: &Path) -> io::Result<Self> {
        let mut keys = Self::read(path)?;
        keys.end_all_but(1);
        keys.replace(path)?;
        Ok(keys)
    }

    fn end_all_but(&mut self, many: usize) {
        let ended = self.signers.split_off(many.min(self.signers.len()));
        let ended = ended.iter().map(Signer::verifier);
        self.former.splice(0..0, ended);
    }

    /// The keys that sign, the first first.
    pub fn signers(&self) -> &[Signer] {
        match &self.given {
            Some(given) => given,
            None => &self.signers,
        }
    }

    /// The name of the log.
    pub fn name(&self) -> &str {
        // There is one at least: whoever reads the file sees to it.
        self.signers().first().map_or("", Signer::name)
    }

    /// The public keys, of those that sign and of those that did.
    pub fn verifiers(&self) -> Vec<Verifier> {
        let signing = self.signers.iter().map(Signer::verifier);
        signing.chain(self.former.iter().cloned()).collect()
    }

    fn text(&self) -> String {
        let private = self.signers.iter().map(Signer::secret);
        let public = self.former.iter().map(ToString::to_string);
        let lines: Vec<String> = private.chain(public).collect();
        format!("{HEAD}{}\n", lines.join("\n"))
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(self.text().as_bytes())?;
        file.sync_all()
    }

    /// In one move: a key that is lost signs nothing more.
    fn replace(&self, path: &Path) -> io::Result<()> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        self.create(&beside)?;
        fs::rename(&beside, path)
    }
}

/// Refuses a file that others may read.
#[cfg(unix)]
fn is_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(bad(format!(
            "{} may be read by others: chmod 600 it",
            path.display()
        ))),
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> io::Result<()> {
    Ok(())
}

fn bad(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn new_key(name: &str) -> io::Result<Signer> {
    let seed = seed().map_err(io::Error::other)?;
    Signer::from_seed(name, seed).map_err(bad)
}

/// Random bytes for a key.
pub(super) fn seed() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    let filled = SystemRandom::new().fill(&mut seed);
    filled.map_err(|_| Error::unavailable("the machine gives no random numbers"))?;
    Ok(seed)
}
