//! Verifying a bundle from its bytes alone.

use super::{
    CHECKPOINT, EventLine, KEYS, MANIFEST, READABLE, SCOPE, SIGNED, Scope, manifest, signed_text,
    tar,
};
use crate::{
    Event, Fault, GENESIS, Hash, Wrong,
    checkpoint::Checkpoint,
    note::{Note, Verifier},
    receipt::Row,
    record, signature,
    tree::{Tree, is_included},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
};

/// So many bytes a part other than a file has at most.
const MOST: u64 = 1 << 28;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub scope: Option<Scope>,
    pub checkpoint: Option<Checkpoint>,
    /// Who signed the checkpoint.
    pub signed_by: Vec<Verifier>,
    /// Whether the keys came from elsewhere than the bundle.
    pub trusted: bool,
    pub events: u64,
    pub rows: u64,
    pub files: u64,
    /// Copies for people: what proves itself are events, rows and files.
    pub readable: u64,
    /// Whatever is wrong, those with the number of an event first, in their order.
    pub faults: Vec<Fault>,
}

/// Recomputes everything: each event's hash, its place in the tree, the signature over the tree's
/// root, each row and each file, and the list of them all. Without `trusted` keys those in the
/// bundle are taken, and what it proves is worth as much as they are.
///
/// # Errors
/// When the bytes cannot be read; what is wrong in them is a [`Report`] with faults.
pub fn verify(mut from: impl Read, trusted: Option<&[Verifier]>) -> io::Result<Report> {
    let mut looking = Looking {
        report: Report {
            trusted: trusted.is_some(),
            ..Report::default()
        },
        keys: trusted.map(<[_]>::to_vec).unwrap_or_default(),
        ..Looking::default()
    };
    let mut last = "the first file".to_owned();
    loop {
        match tar::next(&mut from) {
            Ok(tar::Next::End) => break,
            Ok(tar::Next::File(path, size)) => {
                looking.file(&mut from, &path, size)?;
                if tar::rest(&mut from, size).is_err() {
                    looking.damaged(&path);
                    break;
                }
                last = path;
            }
            Err(error) if is_damage(&error) => {
                looking.damaged(&format!("what follows {last}"));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(looking.finish())
}

fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

/// A row that an event binds, and the event.
type Bound = BTreeMap<String, (i64, String)>;

#[derive(Default)]
struct Looking {
    report: Report,
    keys: Vec<Verifier>,
    /// The hash of each file so far.
    files: BTreeMap<String, String>,
    checkpoint: Option<Note>,
    tree: Tree,
    seq: i64,
    hash: String,
    bound: Bound,
    rows: BTreeSet<String>,
    /// The files that rows name, and the event of each.
    named: BTreeMap<String, (i64, String)>,
    found: BTreeSet<String>,
    /// What can have been signed, by hash: events and agreements in the bundle.
    documents: BTreeSet<String>,
    signed_documents: Vec<(i64, String, String)>,
    manifest: Option<String>,
    signed: bool,
}

impl Looking {
    fn damaged(&mut self, file: &str) {
        self.fault(Fault::Damaged {
            file: file.to_owned(),
        });
    }

    fn fault(&mut self, fault: Fault) {
        self.report.faults.push(fault);
    }

    fn file(&mut self, from: &mut impl Read, path: &str, size: u64) -> io::Result<()> {
        if self.signed || self.files.contains_key(path) {
            self.fault(Fault::ForeignFile {
                file: path.to_owned(),
            });
        }
        let mut part = from.take(size);
        let (sha256, content) = match path.strip_prefix("files/") {
            Some(name) => {
                let sha256 = hashed(&mut part)?;
                self.bytes(path, name, &sha256);
                (sha256, Vec::new())
            }
            None if path.starts_with(READABLE) => {
                self.report.readable += 1;
                (hashed(&mut part)?, Vec::new())
            }
            None if size > MOST => {
                self.damaged(path);
                (hashed(&mut part)?, Vec::new())
            }
            None => {
                let mut content = Vec::new();
                part.read_to_end(&mut content)?;
                (crate::sha256(&content), content)
            }
        };
        if part.limit() > 0 {
            self.damaged(path);
        }
        let text = String::from_utf8(content).unwrap_or_default();
        match path {
            CHECKPOINT => self.checkpoint = Note::parse(&text).ok(),
            KEYS => self.keys(&text),
            SCOPE => self.scope(&text),
            MANIFEST => self.manifest(text),
            SIGNED => self.signed(&text),
            path if path.starts_with("events/") => self.events(path, &text),
            path if path.starts_with("records/") => self.records(path, &text),
            path if path.starts_with("files/") || path.starts_with(READABLE) => {}
            path => self.fault(Fault::ForeignFile {
                file: path.to_owned(),
            }),
        }
        self.files.insert(path.to_owned(), sha256);
        Ok(())
    }

    fn keys(&mut self, text: &str) {
        if !self.report.trusted {
            self.keys = text
                .lines()
                .filter_map(|line| Verifier::parse(line).ok())
                .collect();
        }
        let opened = self.checkpoint.as_ref().map(|note| {
            let signed = note.signed_by(&self.keys)?;
            let signed = signed.into_iter().cloned().collect::<Vec<_>>();
            Ok((Checkpoint::open(note, &self.keys)?, signed))
        });
        match opened {
            Some(Ok((checkpoint, signed))) => {
                self.report.checkpoint = Some(checkpoint);
                self.report.signed_by = signed;
            }
            Some(Err(why)) => {
                let why: crate::note::BadNote = why;
                self.fault(Fault::Checkpoint {
                    file: CHECKPOINT.to_owned(),
                    why: why.to_string(),
                });
            }
            None => self.damaged(CHECKPOINT),
        }
    }

    fn scope(&mut self, text: &str) {
        match serde_json::from_str(text) {
            Ok(scope) => self.report.scope = Some(scope),
            Err(_) => self.damaged(SCOPE),
        }
    }

    fn lines<T: DeserializeOwned>(&mut self, path: &str, text: &str) -> Vec<T> {
        let read: Result<Vec<T>, _> = text.lines().map(serde_json::from_str).collect();
        read.unwrap_or_else(|_| {
            self.damaged(path);
            Vec::new()
        })
    }

    fn events(&mut self, path: &str, text: &str) {
        // Line by line, so that an altered one takes nothing from those before it.
        for line in text.lines() {
            match serde_json::from_str(line) {
                Ok(line) => self.event(&line),
                Err(_) => {
                    self.fault(Fault::Altered { seq: self.seq + 1 });
                    self.damaged(path);
                    return;
                }
            }
        }
    }

    fn event(&mut self, line: &EventLine) {
        let next = self.seq + 1;
        let leaf = Hash::of_leaf(line.leaf.as_bytes());
        let event = Event::from_leaf(&line.leaf);
        let Some(event) = event.filter(|event| event.hash == line.hash) else {
            // Of which number it is, nobody knows any more.
            self.fault(Fault::Altered { seq: next });
            self.seq = next;
            self.hash.clone_from(&line.hash);
            self.tree.push(leaf);
            return;
        };
        let whole = self.is_whole();
        let seq = event.seq;
        if whole && seq != next || seq < next {
            self.fault(Fault::Missing { seq: next });
        } else if seq == next && self.seq > 0 && event.prev_hash != self.hash
            || seq == 1 && event.prev_hash != GENESIS
        {
            self.fault(Fault::Unchained { seq });
        }
        if whole {
            self.tree.push(leaf);
        } else if let Some(checkpoint) = &self.report.checkpoint {
            let proof = line.proof.iter().map(|hash| Hash::from_base64(hash));
            let proof: Option<Vec<Hash>> = proof.collect();
            let index = u64::try_from(seq - 1).unwrap_or(u64::MAX);
            let (size, root) = (checkpoint.size, checkpoint.root);
            let fits = proof.is_some_and(|proof| is_included(leaf, index, size, &proof, root));
            if !fits {
                self.fault(Fault::Forked { seq });
            }
        }
        if self.has_rows() {
            self.documents.insert(event.hash.clone());
        }
        self.report.events += 1;
        self.seq = seq;
        self.hash.clone_from(&event.hash);
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        for one in record::read(&body) {
            self.bound.insert(one.record, (seq, one.sha256));
        }
    }

    /// Whether every event up to the checkpoint is to be there.
    fn is_whole(&self) -> bool {
        let scope = self.report.scope.as_ref();
        scope.is_some_and(|scope| scope.events == scope.of)
    }

    fn has_rows(&self) -> bool {
        self.report.scope.as_ref().is_some_and(|scope| scope.rows)
    }

    fn records(&mut self, path: &str, text: &str) {
        for row in self.lines::<Row>(path, text) {
            self.report.rows += 1;
            let record = row.record.clone();
            let Some((seq, said)) = self.bound.get(&record).cloned() else {
                self.fault(Fault::Forged { record });
                continue;
            };
            if !self.rows.insert(record.clone()) {
                self.fault(Fault::Forged { record });
                continue;
            }
            if row.sha256().ok().as_deref() != Some(said.as_str()) {
                let wrong = Wrong::Altered;
                self.fault(Fault::Record { seq, record, wrong });
                continue;
            }
            if signature::is_forged(&row) {
                let wrong = Wrong::ForgedSignature;
                self.fault(Fault::Record { seq, record, wrong });
                continue;
            }
            if row.is_altered_text() {
                let part = "sha256".to_owned();
                let wrong = Wrong::Part { part };
                self.fault(Fault::Record { seq, record, wrong });
                continue;
            }
            match row.table() {
                // What is signed is an agreement, or the record of the case up to an event.
                "agreements" => _ = self.documents.insert(row.text("sha256").to_owned()),
                "signatures" => {
                    let document = row.text("document_sha256").to_owned();
                    self.signed_documents.push((seq, record.clone(), document));
                }
                _ => {}
            }
            if row.table() == "attachments" {
                self.named
                    .insert(row.text("sha256").to_owned(), (seq, record));
            }
        }
    }

    fn bytes(&mut self, path: &str, name: &str, sha256: &str) {
        self.report.files += 1;
        match self.named.get(name).cloned() {
            None => self.fault(Fault::ForeignFile {
                file: path.to_owned(),
            }),
            Some((seq, record)) if name != sha256 => self.fault(Fault::Record {
                seq,
                record,
                wrong: Wrong::Bytes,
            }),
            Some(_) => {
                self.found.insert(name.to_owned());
            }
        }
    }

    fn manifest(&mut self, text: String) {
        if manifest(&self.files) != text {
            self.damaged(MANIFEST);
        }
        self.manifest = Some(text);
    }

    fn signed(&mut self, text: &str) {
        self.signed = true;
        let manifest = self.manifest.as_deref().unwrap_or_default();
        let note = Note::parse(text).ok();
        let fits = note.is_some_and(|note| {
            note.text() == signed_text(manifest) && note.is_signed_by_these_alone(&self.keys)
        });
        if !fits {
            self.fault(Fault::Checkpoint {
                file: SIGNED.to_owned(),
                why: "the list of what the bundle holds is not signed by the log".to_owned(),
            });
        }
    }

    fn finish(mut self) -> Report {
        if !self.signed {
            self.damaged(SIGNED);
        }
        let scope = self.report.scope.clone();
        let Some((scope, checkpoint)) = scope.zip(self.report.checkpoint.clone()) else {
            self.damaged(SCOPE);
            return self.sorted();
        };
        if scope.of != checkpoint.size || scope.events != self.report.events {
            let (seq, recorded) = (self.seq, i64::try_from(checkpoint.size).unwrap_or(i64::MAX));
            self.fault(Fault::Truncated { seq, recorded });
        } else if self.is_whole() && self.tree.root() != checkpoint.root {
            self.fault(Fault::ForkedWithin {
                seq: 1,
                size: self.seq,
            });
        }
        let bound = std::mem::take(&mut self.bound);
        for (record, (seq, _)) in bound {
            if scope.rows && !self.rows.contains(&record) && !scope.withheld.contains(&record) {
                let wrong = Wrong::Missing;
                self.fault(Fault::Record { seq, record, wrong });
            }
        }
        for (seq, record, document) in std::mem::take(&mut self.signed_documents) {
            let known = self.documents.contains(&document) || scope.unbound.contains(&document);
            if scope.rows && !known {
                let wrong = Wrong::OtherDocument;
                self.fault(Fault::Record { seq, record, wrong });
            }
        }
        let named = std::mem::take(&mut self.named);
        for (sha256, (seq, record)) in named {
            if !self.found.contains(&sha256) {
                let wrong = Wrong::NoBytes;
                self.fault(Fault::Record { seq, record, wrong });
            }
        }
        self.sorted()
    }

    fn sorted(mut self) -> Report {
        self.report
            .faults
            .sort_by_key(|fault| fault.seq().unwrap_or(i64::MAX));
        self.report
    }
}

fn hashed(from: &mut impl Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let many = from.read(&mut buffer)?;
        match buffer.get(..many) {
            Some(bytes) if many > 0 => hasher.update(bytes),
            _ => return Ok(hex::encode(hasher.finalize())),
        }
    }
}
