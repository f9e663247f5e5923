//! Full-text search over cases.
//!
//! A case that was handed in has one document: its texts, and the words made of them
//! (`words`), the same on both databases. SQLite finds words by an FTS5 table, PostgreSQL by a
//! `tsvector` with a GIN index; what is asked of either is one `question`. A step marks the cases
//! whose texts it changes, and a worker writes their documents afterwards ([`write_marked`]).
//!
//! What lists are filtered by ([`Facet`]) stands beside the words of a document as words of its own.
//!
//! Who may read a case's inside finds it by what stands there; for others those words do not exist.

mod document;
mod excerpt;
mod facet;
mod question;
mod words;
mod write;

pub use document::Kind;
pub(crate) use excerpt::excerpts;
pub use excerpt::{Excerpt, Part};
pub use facet::{CATEGORY, Facet, LATE_ROUND, REGION};
pub(crate) use question::{Depth, Question};
pub use write::{changes_texts, mark_outdated, write_marked};

use crate::{
    Caller,
    policy::{CaseAct, Snapshot, Subject},
};
use std::collections::BTreeSet;
use workflow::Relation;

/// What someone on the reviewing side can be to a case without being in conflict of interest.
const OF_STAFF: [Relation; 4] = [
    Relation::Assignee,
    Relation::CommercialSeat,
    Relation::TechnicalSeat,
    Relation::CaseReviewer,
];

/// How much a reader may read of every case about whose app they are in no conflict of interest;
/// none where that is nothing. What a person may read of some cases only is not searched.
pub(crate) fn depth(policy: &Snapshot, caller: &Caller) -> Option<Depth> {
    // A rule that allows speaks of the roles alone, and none denies whatever else one is to a case.
    let nothing = Subject::new(&caller.roles, &BTreeSet::new());
    let everything = Subject::new(&caller.roles, &BTreeSet::from(OF_STAFF));
    let may = |act| policy.allows(&nothing, act) && policy.allows(&everything, act);
    match (may(CaseAct::Read), may(CaseAct::ReadInternal)) {
        (_, true) => Some(Depth::Inside),
        (true, false) => Some(Depth::Outside),
        (false, false) => None,
    }
}
