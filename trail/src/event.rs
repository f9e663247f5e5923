//! Events and the end of their chain.

use crate::{json::Unwritable, tree::Hash};
use serde::{Deserialize, Serialize, Serializer};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

/// The hash before the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event that has no place in the chain yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub id: Uuid,
    /// Microseconds since 1970 in UTC.
    pub at: i64,
    /// The id of a person, or a word for who is none.
    pub actor: String,
    /// The kind of thing that it is about.
    pub subject: String,
    pub subject_id: String,
    pub case_id: Option<Uuid>,
    /// The version of the case after the event.
    pub case_version: Option<i64>,
    /// In the past tense, e.g. `clarification_requested`.
    pub name: String,
    /// Canonical JSON: what happened, with before and after.
    pub body: String,
    pub reason: String,
    pub policy_version: i32,
    /// The version of the program that wrote it.
    pub build: String,
}

/// An event of the trail, every field of which is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// 1 for the first, one more for each that follows.
    pub seq: i64,
    pub id: Uuid,
    /// Microseconds since 1970 in UTC.
    pub at: i64,
    pub actor: String,
    pub subject: String,
    pub subject_id: String,
    pub case_id: Option<Uuid>,
    pub case_version: Option<i64>,
    pub name: String,
    pub body: String,
    pub reason: String,
    pub policy_version: i32,
    pub build: String,
    /// The hash of the event before; [`GENESIS`] for the first.
    pub prev_hash: String,
    /// SHA-256 in lower-case hexadecimal; see [`Event::leaf_hash`].
    pub hash: String,
}

/// What the hash is taken over: every field of the event but the hash itself. The fields stand in
/// the order of their names, which makes its JSON canonical.
#[derive(Serialize)]
struct Leaf<'a> {
    actor: &'a str,
    at: Moment,
    body: &'a str,
    build: &'a str,
    case_id: Option<Uuid>,
    case_version: Option<i64>,
    id: Uuid,
    name: &'a str,
    policy_version: i32,
    prev_hash: &'a str,
    reason: &'a str,
    seq: i64,
    subject: &'a str,
    subject_id: &'a str,
}

/// Microseconds since 1970 in UTC, written as RFC 3339 with six decimals; what lies outside the
/// years 0 to 9999, for which RFC 3339 has no text, is written as the number.
struct Moment(i64);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000);
        match moment {
            Ok(at) if (0..=9_999).contains(&at.year()) => serializer.collect_str(&format_args!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
                at.year(),
                u8::from(at.month()),
                at.day(),
                at.hour(),
                at.minute(),
                at.second(),
                at.microsecond()
            )),
            _ => serializer.serialize_i64(self.0),
        }
    }
}

impl Event {
    /// The text that is hashed: canonical JSON of every field but the hash, the moment as RFC 3339.
    ///
    /// # Errors
    /// None: every field has its JSON.
    pub fn leaf(&self) -> Result<Vec<u8>, Unwritable> {
        Ok(serde_json::to_vec(&Leaf {
            actor: &self.actor,
            at: Moment(self.at),
            body: &self.body,
            build: &self.build,
            case_id: self.case_id,
            case_version: self.case_version,
            id: self.id,
            name: &self.name,
            policy_version: self.policy_version,
            prev_hash: &self.prev_hash,
            reason: &self.reason,
            seq: self.seq,
            subject: &self.subject,
            subject_id: &self.subject_id,
        })?)
    }

    /// SHA-256 over `0x00` and [`Event::leaf`] (the leaf hash of RFC 6962), in lower-case
    /// hexadecimal.
    ///
    /// # Errors
    /// As [`Event::leaf`].
    pub fn leaf_hash(&self) -> Result<String, Unwritable> {
        Ok(Hash::of_leaf(&self.leaf()?).to_string())
    }
}

/// A leaf as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadLeaf {
    actor: String,
    at: serde_json::Value,
    body: String,
    build: String,
    case_id: Option<Uuid>,
    case_version: Option<i64>,
    id: Uuid,
    name: String,
    policy_version: i32,
    prev_hash: String,
    reason: String,
    seq: i64,
    subject: String,
    subject_id: String,
}

impl Event {
    /// The event of which this is the text that was hashed, with the hash of just this text; none
    /// where it is not written as [`Event::leaf`] writes it.
    pub fn from_leaf(text: &str) -> Option<Self> {
        let leaf: ReadLeaf = serde_json::from_str(text).ok()?;
        let at = match &leaf.at {
            serde_json::Value::String(at) => {
                let at = OffsetDateTime::parse(at, &Rfc3339).ok()?;
                i64::try_from(at.unix_timestamp_nanos() / 1_000).ok()?
            }
            at => at.as_i64()?,
        };
        let mut event = Self {
            seq: leaf.seq,
            id: leaf.id,
            at,
            actor: leaf.actor,
            subject: leaf.subject,
            subject_id: leaf.subject_id,
            case_id: leaf.case_id,
            case_version: leaf.case_version,
            name: leaf.name,
            body: leaf.body,
            reason: leaf.reason,
            policy_version: leaf.policy_version,
            build: leaf.build,
            prev_hash: leaf.prev_hash,
            hash: String::new(),
        };
        event.hash = event.leaf_hash().ok()?;
        (event.leaf().ok()? == text.as_bytes()).then_some(event)
    }
}

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the last event; 0 before the first.
    pub seq: i64,
    /// The hash of the last event.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self::genesis()
    }
}

impl Head {
    /// Before the first event.
    pub fn genesis() -> Self {
        Self {
            seq: 0,
            hash: GENESIS.to_owned(),
        }
    }

    /// Gives an event its place at the end of the chain, which then ends with it.
    ///
    /// # Errors
    /// As [`Event::leaf`]; then the end stays where it was.
    pub fn link(&mut self, draft: Draft) -> Result<Event, Unwritable> {
        let mut event = Event {
            seq: self.seq + 1,
            id: draft.id,
            at: draft.at,
            actor: draft.actor,
            subject: draft.subject,
            subject_id: draft.subject_id,
            case_id: draft.case_id,
            case_version: draft.case_version,
            name: draft.name,
            body: draft.body,
            reason: draft.reason,
            policy_version: draft.policy_version,
            build: draft.build,
            prev_hash: self.hash.clone(),
            hash: String::new(),
        };
        event.hash = event.leaf_hash()?;
        self.seq = event.seq;
        self.hash.clone_from(&event.hash);
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            id: Uuid::from_u128(7),
            at: 1_795_600_000_123_456,
            actor: "clock".to_owned(),
            subject: "case".to_owned(),
            subject_id: Uuid::from_u128(8).to_string(),
            case_id: Some(Uuid::from_u128(8)),
            case_version: Some(3),
            name: "reminded".to_owned(),
            body: r#"{"a":"ä"}"#.to_owned(),
            reason: "due".to_owned(),
            policy_version: 2,
            build: "0.1.0".to_owned(),
        }
    }

    #[test]
    fn the_hash_is_over_canonical_json_of_every_field() {
        let event = Head::genesis().link(draft()).unwrap();
        let text = concat!(
            r#"{"actor":"clock","at":"2026-11-25T09:46:40.123456Z","body":"{\"a\":\"ä\"}","#,
            r#""build":"0.1.0","case_id":"00000000-0000-0000-0000-000000000008","case_version":3,"#,
            r#""id":"00000000-0000-0000-0000-000000000007","name":"reminded","policy_version":2,"#,
            r#""prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","#,
            r#""reason":"due","seq":1,"subject":"case","#,
            r#""subject_id":"00000000-0000-0000-0000-000000000008"}"#,
        );
        assert_eq!(String::from_utf8(event.leaf().unwrap()).unwrap(), text);
        let value = serde_json::from_str(text).unwrap();
        assert_eq!(crate::canonical(&value).unwrap(), text);
        let mut leaf = vec![0];
        leaf.extend(text.as_bytes());
        assert_eq!(event.hash, crate::sha256(leaf));
    }

    #[test]
    fn the_hash_of_this_event_never_changes() {
        // Written down once: trails that exist must verify with every later version.
        let event = Head::genesis().link(draft()).unwrap();
        assert_eq!(
            event.hash,
            "da448c6eca84cb7d2cda22d72f0998e424dd93014f74af96c4b1dfb3de87f467"
        );
    }

    #[test]
    fn each_event_follows_the_one_before() {
        let mut head = Head::default();
        assert_eq!((head.seq, head.hash.as_str()), (0, GENESIS));
        let first = head.link(draft()).unwrap();
        let second = head.link(draft()).unwrap();
        assert_eq!((first.seq, first.prev_hash.as_str()), (1, GENESIS));
        assert_eq!((second.seq, &second.prev_hash), (2, &first.hash));
        assert_eq!((head.seq, head.hash), (2, second.hash));
    }

    #[test]
    fn moments_outside_of_rfc_3339_stay_apart() {
        let text = |at| serde_json::to_string(&Moment(at)).unwrap();
        assert_eq!(text(0), r#""1970-01-01T00:00:00.000000Z""#);
        assert_eq!(
            text(253_402_300_799_999_999),
            r#""9999-12-31T23:59:59.999999Z""#
        );
        assert_eq!(text(253_402_300_800_000_000), "253402300800000000");
        assert_eq!(
            text(-62_167_219_200_000_000),
            r#""0000-01-01T00:00:00.000000Z""#
        );
        assert_eq!(text(-62_167_219_200_000_001), "-62167219200000001");
        assert_eq!(text(i64::MAX), i64::MAX.to_string());
    }
}
