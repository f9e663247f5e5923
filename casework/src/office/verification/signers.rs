//! Whose passkeys those are that signed, by what the trail says of them.

use serde_json::Value;
use std::collections::BTreeMap;
use trail::{Event, sha256};
use uuid::Uuid;

/// From which event on, and up to which one, a key was its person's.
type Span = (i64, Option<i64>);

/// The keys that people added and removed.
#[derive(Default)]
pub(in crate::office) struct Signers(BTreeMap<(String, String), Vec<Span>>);

impl Signers {
    /// Takes in an event of no case.
    pub(super) fn listen(&mut self, event: &Event, body: &Value) {
        let key = || body.get("public_key_sha256").and_then(Value::as_str);
        match event.name.as_str() {
            "passkey_added" => {
                let key = (
                    event.subject_id.clone(),
                    key().unwrap_or_default().to_owned(),
                );
                self.0.entry(key).or_default().push((event.seq, None));
            }
            "passkey_removed" => {
                let key = (
                    event.subject_id.clone(),
                    key().unwrap_or_default().to_owned(),
                );
                let spans = self.0.entry(key).or_default();
                end(spans, event.seq);
            }
            "second_factor_reset" => {
                let of_person = self
                    .0
                    .iter_mut()
                    .filter(|(key, _)| key.0 == event.subject_id);
                of_person.for_each(|(_, spans)| end(spans, event.seq));
            }
            _ => {}
        }
    }

    /// Whether a key, as rows have it, was this person's when the event of this number was written.
    pub(super) fn has(&self, person: Uuid, public_key: &str, seq: i64) -> bool {
        let spans = self.0.get(&(person.to_string(), sha256(public_key)));
        spans.is_some_and(|spans| {
            let holds = |(from, until): &Span| *from < seq && until.is_none_or(|until| seq < until);
            spans.iter().any(holds)
        })
    }
}

fn end(spans: &mut [Span], seq: i64) {
    for (_, until) in spans {
        until.get_or_insert(seq);
    }
}
