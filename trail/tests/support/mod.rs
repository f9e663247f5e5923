//! A log as a desk has it: events in a chain, the tree over them, a key.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Map, Value, json};
use trail::{
    Draft, Event, Hash, Head,
    bundle::{EventLine, LINES, Scope, Writer},
    canonical,
    checkpoint::Checkpoint,
    note::{Note, Signer, Verifier},
    receipt::{Proof, Receipt, Row},
    record::{Bound, write},
    sha256,
    tile::Tiles,
    tree::{Tree, inclusion},
};
use uuid::Uuid;

pub const ORIGIN: &str = "desk.example.org/audit";

pub struct Log {
    pub events: Vec<Event>,
    pub rows: Vec<Row>,
    pub files: Vec<Vec<u8>>,
    pub tree: Tree,
    pub tiles: Tiles,
    pub signer: Signer,
    /// Rows that its bundles say they do not have, by name.
    pub withheld: Vec<String>,
}

pub fn leaf(event: &Event) -> Hash {
    Hash::from_hex(&event.hash).unwrap()
}

fn row(record: String, columns: &Value) -> Row {
    Row {
        record,
        row: columns.as_object().cloned().unwrap_or_else(Map::new),
    }
}

impl Log {
    /// Of so many events; every seventh makes a signature, every fifth an attachment with its file.
    pub fn of(size: u64) -> Self {
        let mut log = Self {
            events: Vec::new(),
            rows: Vec::new(),
            files: Vec::new(),
            tree: Tree::default(),
            tiles: Tiles::default(),
            signer: Signer::from_seed(ORIGIN, [7; 32]).unwrap(),
            withheld: Vec::new(),
        };
        let mut head = Head::genesis();
        for nth in 1..=size {
            let id = Uuid::from_u128(u128::from(nth));
            let mut made = Vec::new();
            if nth % 7 == 0 {
                // The record up to some event is signed.
                let document = log.events[usize::try_from(nth / 2).unwrap()].hash.clone();
                let signed = json!({
                    "document_sha256": document, "meaning": "I approve.", "signer": id,
                });
                let payload = canonical(&signed).unwrap();
                let columns = json!({
                    "id": id, "meaning": "I approve.", "person_id": id,
                    "document_sha256": document,
                    "payload_sha256": sha256(&payload), "payload": payload,
                });
                made.push(row(format!("signatures/{id}"), &columns));
            }
            if nth % 5 == 0 {
                let file = format!("the file of event {nth}").into_bytes();
                let columns = json!({ "id": id, "sha256": sha256(&file), "size": file.len() });
                made.push(row(format!("attachments/{id}"), &columns));
                log.files.push(file);
            }
            let mut body = json!({ "event": { "nth": nth, "text": "ä “quoted” \n" } });
            let bound: Vec<Bound> = made
                .iter()
                .map(|row| Bound {
                    record: row.record.clone(),
                    sha256: row.sha256().unwrap(),
                })
                .collect();
            write(&mut body, &bound);
            log.rows.extend(made);
            let draft = Draft {
                id,
                at: 1_795_600_000_123_456 + i64::try_from(nth).unwrap(),
                actor: "clock".to_owned(),
                subject: "case".to_owned(),
                subject_id: id.to_string(),
                case_id: Some(Uuid::from_u128(u128::from(nth % 3))),
                case_version: Some(1),
                name: "approved".to_owned(),
                body: canonical(&body).unwrap(),
                reason: "Fits.".to_owned(),
                policy_version: 1,
                build: "0.1.0".to_owned(),
            };
            let event = head.link(draft).unwrap();
            log.tiles.push(nth - 1, leaf(&event));
            log.tree.push(leaf(&event));
            log.events.push(event);
        }
        log
    }

    pub fn keys(&self) -> Vec<Verifier> {
        vec![self.signer.verifier()]
    }

    pub fn checkpoint(&self) -> Note {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: self.tree.size(),
            root: self.tree.root(),
        };
        checkpoint.sign([&self.signer]).unwrap()
    }

    fn proof(&self, index: u64) -> Vec<Hash> {
        inclusion(&mut self.tiles.clone(), index, self.tree.size()).unwrap()
    }

    pub fn receipt(&self, seq: u64) -> Receipt {
        let event = self.events[usize::try_from(seq - 1).unwrap()].clone();
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let bound = trail::record::read(&body);
        let rows = self.rows.iter();
        let rows = rows.filter(|row| bound.iter().any(|one| one.record == row.record));
        Receipt {
            rows: rows.cloned().collect(),
            keys: self.keys(),
            proof: Proof {
                index: seq - 1,
                hashes: self.proof(seq - 1),
                checkpoint: self.checkpoint(),
            },
            event,
        }
    }

    /// A bundle of the events that `takes` takes, with the rows and files that they bind.
    pub fn bundle(&self, takes: impl Fn(&Event) -> bool) -> Vec<u8> {
        let whole = self.events.iter().all(&takes);
        let events: Vec<&Event> = self.events.iter().filter(|event| takes(event)).collect();
        let scope = Scope {
            holds: "a test".to_owned(),
            events: u64::try_from(events.len()).unwrap(),
            of: self.tree.size(),
            rows: true,
            exported_at: "2026-11-27T12:00:00Z".to_owned(),
            exported_by: "Chen Wei".to_owned(),
            withheld: self.withheld.clone(),
            unbound: Vec::new(),
        };
        let mut writer = Writer::default();
        let keys = format!("{}\n", self.signer.verifier());
        let mut bytes = writer.begin(&self.checkpoint(), &keys, &scope);
        let lines: Vec<EventLine> = events
            .iter()
            .map(|event| EventLine {
                hash: event.hash.clone(),
                leaf: String::from_utf8(event.leaf().unwrap()).unwrap(),
                proof: match whole {
                    true => Vec::new(),
                    false => {
                        let proof = self.proof(u64::try_from(event.seq - 1).unwrap());
                        proof.into_iter().map(Hash::to_base64).collect()
                    }
                },
            })
            .collect();
        for (nth, lines) in lines.chunks(LINES).enumerate() {
            let nth = u64::try_from(nth + 1).unwrap();
            bytes.extend(writer.events(nth, lines).unwrap());
        }
        let named = |row: &&Row| events.iter().any(|event| event.body.contains(&row.record));
        let rows: Vec<Row> = self.rows.iter().filter(named).cloned().collect();
        bytes.extend(writer.rows(1, &rows).unwrap());
        for file in &self.files {
            if rows.iter().any(|row| row.text("sha256") == sha256(file)) {
                bytes.extend(writer.bytes(file));
            }
        }
        bytes.extend(writer.readable("index.html", b"<!DOCTYPE html>\n<title>A test</title>\n"));
        bytes.extend(writer.finish([&self.signer]).unwrap());
        bytes
    }
}
