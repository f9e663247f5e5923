//! What a report says, whatever it is written on. Moments are the text in which people read them.

use time::OffsetDateTime;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// `Case UD-1042`, `Audit trail`.
    pub heading: String,
    /// App and organisation, or the filters.
    pub subtitle: String,
    /// On the head of every page.
    pub scope: String,
    pub facts: Vec<(&'static str, String)>,
    pub signatures: Vec<Signed>,
    pub events: Vec<EventLine>,
    /// How many events the whole trail has.
    pub total: u64,
    pub head: Head,
    /// `Exported 22 Nov 2026, 14:02 UTC by Cyril`.
    pub exported: String,
    pub exported_at: OffsetDateTime,
}

/// The end of the chain at the moment of the export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

/// A signature with everything that makes it one (21 CFR 11.50: name, time, meaning).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub name: String,
    pub capacity: String,
    pub meaning: String,
    /// `22 Nov 2026, 14:02:09 UTC`.
    pub at: String,
    pub document_sha256: String,
    pub signature_sha256: String,
    /// Whether the hash still fits what it is over.
    pub holds: bool,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    pub seq: i64,
    /// `22 Nov 2026, 14:02:09 UTC`; day and time stand on lines of their own.
    pub at: String,
    pub who: String,
    /// What it is about; empty in the report of one case.
    pub about: String,
    pub what: String,
    /// `Review → Decision`, where the state changed.
    pub change: String,
    pub reason: String,
    pub hash: String,
}
