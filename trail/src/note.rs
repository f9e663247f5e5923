//! Signed notes (c2sp.org/signed-note): a text, and lines that say who signed it. The keys are
//! written as Go's `sumdb/note` writes them, so that verifiers which we did not write read them.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// What is wrong with a note or a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNote {
    #[error("it is no signed note")]
    Malformed,
    #[error("it is no key of a log")]
    Key,
    #[error("no key that is trusted has signed it")]
    Unsigned,
    #[error("the signature of {0} is forged")]
    Forged(String),
    #[error("it is no checkpoint of this log")]
    NoCheckpoint,
}

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The text.
    Ed25519 = 1,
    /// The text behind the moment at which a witness saw it (c2sp.org/tlog-cosignature).
    Cosignature = 4,
}

/// A public key with the name of whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    kind: Kind,
    key: [u8; 32],
}

impl Verifier {
    /// Reads `name+id+key`.
    ///
    /// # Errors
    /// [`BadNote::Key`] when it is none.
    pub fn parse(text: &str) -> Result<Self, BadNote> {
        let (name, rest) = text.split_once('+').ok_or(BadNote::Key)?;
        let (id, key) = rest.split_once('+').ok_or(BadNote::Key)?;
        let key = STANDARD.decode(key).map_err(|_| BadNote::Key)?;
        let (kind, key) = match key.split_first() {
            Some((1, key)) => (Kind::Ed25519, key),
            Some((4, key)) => (Kind::Cosignature, key),
            _ => return Err(BadNote::Key),
        };
        let key = Self {
            name: name.to_owned(),
            kind,
            key: key.try_into().map_err(|_| BadNote::Key)?,
        };
        (is_name(name) && hex::encode(key.id()) == id)
            .then_some(key)
            .ok_or(BadNote::Key)
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is that of a witness.
    pub fn is_witness(&self) -> bool {
        self.kind == Kind::Cosignature
    }

    fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(&self.name);
        hasher.update([b'\n', self.kind as u8]);
        hasher.update(self.key);
        let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
        [a, b, c, d]
    }

    fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.key);
        match self.kind {
            Kind::Ed25519 => key.verify(text.as_bytes(), signature).is_ok(),
            Kind::Cosignature => seen_at(signature).is_some_and(|(at, signature)| {
                let text = format!("cosignature/v1\ntime {at}\n{text}");
                key.verify(text.as_bytes(), signature).is_ok()
            }),
        }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.kind as u8], self.key.as_slice()].concat();
        let (id, key) = (hex::encode(self.id()), STANDARD.encode(key));
        write!(f, "{}+{id}+{key}", self.name)
    }
}

/// The moment in a witness's signature, in seconds since 1970, and the signature behind it.
fn seen_at(signature: &[u8]) -> Option<(u64, &[u8])> {
    let (at, signature) = signature.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*at), signature))
}

/// A name that a note can carry.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains('+')
        && !name
            .chars()
            .any(|char| char.is_whitespace() || char.is_control())
}

/// A private key with the name of whose it is.
pub struct Signer {
    name: String,
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

impl Signer {
    /// The key that grows from 32 random bytes.
    ///
    /// # Errors
    /// [`BadNote::Key`] when a note cannot carry the name.
    pub fn from_seed(name: &str, seed: [u8; 32]) -> Result<Self, BadNote> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| BadNote::Key)?;
        is_name(name)
            .then(|| Self {
                name: name.to_owned(),
                seed,
                pair,
            })
            .ok_or(BadNote::Key)
    }

    /// Reads `PRIVATE+KEY+name+id+seed`.
    ///
    /// # Errors
    /// [`BadNote::Key`] when it is none.
    pub fn parse(text: &str) -> Result<Self, BadNote> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(BadNote::Key)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(seed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadNote::Key);
        };
        let seed = STANDARD.decode(seed).map_err(|_| BadNote::Key)?;
        let Some((1, seed)) = seed.split_first() else {
            return Err(BadNote::Key);
        };
        let signer = Self::from_seed(name, seed.try_into().map_err(|_| BadNote::Key)?)?;
        (hex::encode(signer.verifier().id()) == id)
            .then_some(signer)
            .ok_or(BadNote::Key)
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its line in a file that nobody else reads.
    pub fn secret(&self) -> String {
        let seed = [&[Kind::Ed25519 as u8], self.seed.as_slice()].concat();
        let (id, seed) = (hex::encode(self.verifier().id()), STANDARD.encode(seed));
        format!("PRIVATE+KEY+{}+{id}+{seed}", self.name)
    }

    /// The public key.
    pub fn verifier(&self) -> Verifier {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        Verifier {
            name: self.name.clone(),
            kind: Kind::Ed25519,
            key,
        }
    }

    fn sign(&self, text: &str) -> Line {
        Line {
            name: self.name.clone(),
            id: self.verifier().id(),
            signature: self.pair.sign(text.as_bytes()).as_ref().to_vec(),
        }
    }
}

impl fmt::Debug for Signer {
    /// Without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.name).finish()
    }
}

/// A text with its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    id: [u8; 4],
    signature: Vec<u8>,
}

/// So many signatures a note has at most.
const MOST_LINES: usize = 64;

impl Note {
    /// Signs a text that ends with a line break.
    ///
    /// # Errors
    /// [`BadNote::Malformed`] when it does not, or holds what no note can hold.
    pub fn sign<'a>(
        text: &str,
        signers: impl IntoIterator<Item = &'a Signer>,
    ) -> Result<Self, BadNote> {
        let fits = text.ends_with('\n') && !text.chars().any(is_no_text);
        fits.then(|| Self {
            text: text.to_owned(),
            lines: signers.into_iter().map(|one| one.sign(text)).collect(),
        })
        .ok_or(BadNote::Malformed)
    }

    /// Reads a note; who signed it is another question.
    ///
    /// # Errors
    /// [`BadNote::Malformed`] when it is none.
    pub fn parse(note: &str) -> Result<Self, BadNote> {
        let bad = BadNote::Malformed;
        if note.chars().any(is_no_text) {
            return Err(bad);
        }
        let end = note.rfind("\n\n").ok_or(BadNote::Malformed)? + 1;
        let (text, rest) = note.split_at(end);
        let lines = rest.strip_prefix('\n').ok_or(BadNote::Malformed)?;
        let lines = lines.strip_suffix('\n').ok_or(bad)?;
        let lines: Vec<Line> = lines
            .split('\n')
            .map(Line::parse)
            .collect::<Option<_>>()
            .ok_or(BadNote::Malformed)?;
        if lines.len() > MOST_LINES {
            return Err(BadNote::Malformed);
        }
        Ok(Self {
            text: text.to_owned(),
            lines,
        })
    }

    /// The text, trusted or not.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Who of these signed the text; those whom nobody here knows are passed over.
    ///
    /// # Errors
    /// [`BadNote::Forged`] when a signature of one of these is not his, [`BadNote::Unsigned`] when
    /// there is none.
    pub fn signed_by<'a>(&self, known: &'a [Verifier]) -> Result<Vec<&'a Verifier>, BadNote> {
        let mut signed = Vec::new();
        for line in &self.lines {
            let whose = known
                .iter()
                .find(|key| key.name == line.name && key.id() == line.id);
            let Some(key) = whose else { continue };
            if !key.has_signed(&self.text, &line.signature) {
                return Err(BadNote::Forged(line.name.clone()));
            }
            signed.push(key);
        }
        match signed.is_empty() {
            true => Err(BadNote::Unsigned),
            false => Ok(signed),
        }
    }

    /// Whether every one of its signatures is by one of these.
    pub fn is_signed_by_these_alone(&self, known: &[Verifier]) -> bool {
        self.signed_by(known)
            .is_ok_and(|signed| signed.len() == self.lines.len())
    }

    /// Takes over signatures of the same text, each once.
    pub fn add(&mut self, other: &Self) {
        if other.text == self.text {
            for line in &other.lines {
                if !self.lines.contains(line) {
                    self.lines.push(line.clone());
                }
            }
        }
    }

    /// Takes over a line of signature that a witness sent; false where it is none.
    pub fn add_line(&mut self, line: &str) -> bool {
        let line = Line::parse(line);
        let read = line.is_some();
        self.lines.extend(line);
        read
    }

    /// When a witness saw it first, in seconds since 1970, by its own signature; none where it has
    /// not signed.
    pub fn seen_by(&self, witness: &Verifier) -> Option<u64> {
        let line = self
            .lines
            .iter()
            .find(|line| line.name == witness.name && line.id == witness.id())?;
        let is_his = witness.is_witness() && witness.has_signed(&self.text, &line.signature);
        is_his.then(|| seen_at(&line.signature).map(|(at, _)| at))?
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.lines {
            let signature = [line.id.as_slice(), &line.signature].concat();
            writeln!(f, "— {} {}", line.name, STANDARD.encode(signature))?;
        }
        Ok(())
    }
}

fn is_no_text(char: char) -> bool {
    char < ' ' && char != '\n'
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
        let signature = STANDARD.decode(signature).ok()?;
        let (id, signature) = signature.split_first_chunk::<4>()?;
        (is_name(name) && !signature.is_empty()).then(|| Self {
            name: name.to_owned(),
            id: *id,
            signature: signature.to_vec(),
        })
    }
}
