//! What a report says, whatever it is written on. Moments are the text in which people read them.

use time::OffsetDateTime;

/// A report, but for its events: they are handed over as they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// `Case UD-1042`, `Audit trail`.
    pub heading: String,
    /// App and organisation, or the filters.
    pub subtitle: String,
    /// On the head of every page.
    pub scope: String,
    /// On the cover.
    pub facts: Vec<(&'static str, String)>,
    /// Where the log stood, in a form that proves itself.
    pub checkpoint: Option<Checkpoint>,
    /// Before the events, in order.
    pub sections: Vec<Section>,
    /// How many events the report has …
    pub events: u64,
    /// … of how many in the whole trail.
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

/// A signed note over the log: printed as it is, and as a QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub note: String,
    /// Who cosigned it, and how to check it.
    pub about: String,
}

/// A part of a report under a heading of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    /// Without any, the section says that there is nothing.
    pub blocks: Vec<Block>,
}

/// What a section consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading within the section.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Names and what they stand for, a line each.
    Facts(Vec<(String, String)>),
    Entry(Entry),
    /// How long each took, as bars.
    Bars(Vec<Bar>),
}

/// One thing with what there is to say of it: a question, a finding, a file, a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    pub lines: Vec<Said>,
}

/// A line of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Who did what, when.
    Note(String),
    /// What was written.
    Text(String),
    /// What the hash is of, and its hexadecimal digits.
    Hash(String, String),
}

/// A bar of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    /// As people read it.
    pub said: String,
    /// How long the bar is, against the others.
    pub length: u64,
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
