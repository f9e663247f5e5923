//! What can be wrong with a trail, and with what it binds.

use serde::{Deserialize, Serialize};

/// What is wrong, and where first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    #[error("event {seq} is missing")]
    Missing { seq: i64 },
    #[error("event {seq} does not follow the event before it")]
    Unchained { seq: i64 },
    #[error("event {seq} has been altered")]
    Altered { seq: i64 },
    #[error("the trail ends at event {seq}, the recorded end is event {recorded}")]
    Truncated { seq: i64, recorded: i64 },
    #[error("event {seq} stands behind the recorded end, event {recorded}")]
    Beyond { seq: i64, recorded: i64 },
    #[error("the last hash is not the recorded one (event {seq})")]
    Head { seq: i64 },
    /// The chain is whole in itself, and its event is not the one that was anchored.
    #[error(
        "event {seq} is not the one that was anchored: the trail was written anew from there on"
    )]
    Forked { seq: i64 },
    /// As [`Fault::Forked`], where the anchors tell no more than between which events.
    #[error("one of the events {seq} to {size} is not the one that was anchored")]
    ForkedWithin { seq: i64, size: i64 },
    /// The chain is whole in itself, and ends before what was anchored.
    #[error(
        "event {seq} is missing: {anchored} events were anchored, so this is an older state or its end was cut off"
    )]
    RolledBack { seq: i64, anchored: i64 },
    /// A checkpoint that no key of the log has signed.
    #[error("{file} is not to be trusted: {why}")]
    Checkpoint { file: String, why: String },
    /// A file of the published log or of a bundle that does not hold what it should.
    #[error("{file} has been altered, or cut off")]
    Damaged { file: String },
    /// A file that belongs to nothing.
    #[error("{file} belongs to nothing: no event names it")]
    ForeignFile { file: String },
    /// What keeps the trail append-only in the database itself is not there.
    #[error("the guard {guard} is missing in the database")]
    Guard { guard: String },
    /// A row or file beside the trail is not what the trail says.
    #[error("event {seq}: {record} {wrong}")]
    Record {
        /// The event that says what it should be.
        seq: i64,
        /// `signature 0193…`, `submission UD-1042 revision 2`.
        record: String,
        wrong: Wrong,
    },
    /// A row beside the trail that no event made.
    #[error("{record} is in the database, and no event of the trail made it")]
    Forged { record: String },
    /// A row that cannot be read so far as to know which event made it.
    #[error("{record} cannot be read ({column})")]
    Unreadable { record: String, column: String },
}

impl Fault {
    /// The sequence number of the first event that is concerned; none for what no event is known
    /// to have made.
    pub const fn seq(&self) -> Option<i64> {
        match self {
            Self::Missing { seq }
            | Self::Unchained { seq }
            | Self::Altered { seq }
            | Self::Truncated { seq, .. }
            | Self::Beyond { seq, .. }
            | Self::Head { seq }
            | Self::Forked { seq }
            | Self::ForkedWithin { seq, .. }
            | Self::RolledBack { seq, .. }
            | Self::Record { seq, .. } => Some(*seq),
            Self::Forged { .. }
            | Self::Unreadable { .. }
            | Self::Checkpoint { .. }
            | Self::Damaged { .. }
            | Self::ForeignFile { .. }
            | Self::Guard { .. } => None,
        }
    }

    /// What kind of thing was done, in one or two words.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Unchained { .. } | Self::Altered { .. } | Self::Head { .. } => "altered",
            Self::Truncated { .. } => "truncated",
            Self::Beyond { .. } | Self::Forked { .. } | Self::ForkedWithin { .. } => "forked",
            Self::RolledBack { .. } => "rolled back",
            Self::Checkpoint { .. } => "forged signature",
            Self::Damaged { .. } | Self::Unreadable { .. } => "altered",
            Self::ForeignFile { .. } => "foreign file",
            Self::Forged { .. } => "foreign record",
            Self::Guard { .. } => "guard missing",
            Self::Record { wrong, .. } => match wrong {
                Wrong::Missing | Wrong::NoBytes => "missing",
                Wrong::ForgedSignature | Wrong::OtherDocument => "forged signature",
                _ => "altered",
            },
        }
    }
}

/// How a row or file differs from what the trail says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    #[error("has been altered since")]
    Altered,
    #[error("has been altered since ({part})")]
    Part { part: String },
    #[error("is missing")]
    Missing,
    #[error("is a forged signature: its parts do not belong together")]
    ForgedSignature,
    #[error("is a signature under something that is not in this record")]
    OtherDocument,
    #[error("has a file whose bytes have been altered")]
    Bytes,
    #[error("has a file that is missing")]
    NoBytes,
    #[error("does not follow from its events ({part})")]
    NotFromHistory { part: String },
    #[error("has a file that cannot be read")]
    UnreadableFile,
    #[error("cannot be read")]
    Unreadable,
    /// A column that does not hold what its kind of column holds.
    #[error("cannot be read ({column})")]
    Column { column: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_names_its_event_and_says_what_is_wrong() {
        let record = |wrong| Fault::Record {
            seq: 9,
            record: "grant 7".to_owned(),
            wrong,
        };
        let part = || "cap".to_owned();
        for (fault, seq, text) in [
            (Fault::Missing { seq: 3 }, Some(3), "event 3 is missing"),
            (
                Fault::Unchained { seq: 4 },
                Some(4),
                "event 4 does not follow the event before it",
            ),
            (
                Fault::Altered { seq: 5 },
                Some(5),
                "event 5 has been altered",
            ),
            (
                Fault::Truncated {
                    seq: 6,
                    recorded: 8,
                },
                Some(6),
                "the trail ends at event 6, the recorded end is event 8",
            ),
            (
                Fault::Beyond {
                    seq: 8,
                    recorded: 6,
                },
                Some(8),
                "event 8 stands behind the recorded end, event 6",
            ),
            (
                Fault::Head { seq: 7 },
                Some(7),
                "the last hash is not the recorded one (event 7)",
            ),
            (
                record(Wrong::Altered),
                Some(9),
                "event 9: grant 7 has been altered since",
            ),
            (
                record(Wrong::Part { part: part() }),
                Some(9),
                "event 9: grant 7 has been altered since (cap)",
            ),
            (
                record(Wrong::Missing),
                Some(9),
                "event 9: grant 7 is missing",
            ),
            (
                record(Wrong::Bytes),
                Some(9),
                "event 9: grant 7 has a file whose bytes have been altered",
            ),
            (
                record(Wrong::NoBytes),
                Some(9),
                "event 9: grant 7 has a file that is missing",
            ),
            (
                record(Wrong::NotFromHistory { part: part() }),
                Some(9),
                "event 9: grant 7 does not follow from its events (cap)",
            ),
            (
                record(Wrong::Unreadable),
                Some(9),
                "event 9: grant 7 cannot be read",
            ),
            (
                record(Wrong::UnreadableFile),
                Some(9),
                "event 9: grant 7 has a file that cannot be read",
            ),
            (
                record(Wrong::Column { column: part() }),
                Some(9),
                "event 9: grant 7 cannot be read (cap)",
            ),
            (
                Fault::Unreadable {
                    record: "grants/7".to_owned(),
                    column: part(),
                },
                None,
                "grants/7 cannot be read (cap)",
            ),
            (
                Fault::Forged {
                    record: "grant 7".to_owned(),
                },
                None,
                "grant 7 is in the database, and no event of the trail made it",
            ),
        ] {
            assert_eq!(fault.seq(), seq, "{fault}");
            assert_eq!(fault.to_string(), text);
        }
    }
}
