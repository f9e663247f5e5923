//! What lists are filtered by, besides what a case's row says: found with the words of a case, so that
//! any number of them together cost no more than a search does.

use crate::store::Snapshot;
use uuid::Uuid;
use workflow::{Case, checklist::ListKind};

/// The question of the request form that says of what kind an app's use is.
pub const CATEGORY: &str = "use_kind";

/// The question of the request form that says where an app's users live.
pub const REGION: &str = "regions";

/// Rounds from this one on are one facet.
pub const LATE_ROUND: u16 = 3;

/// Something that a case has or has not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The round in which it is; [`LATE_ROUND`] of all from there on.
    Round(u16),
    /// A kind of use, as it was handed in last.
    Category(String),
    /// A region, as it was handed in last.
    Region(String),
    Tag(Uuid),
    /// An item of a checklist that a finding was recorded on, whatever became of it.
    Finding(ListKind, String),
}

impl Facet {
    /// Those of a case.
    pub(super) fn of(case: &Case, sent: Option<&Snapshot>, tags: &[Uuid]) -> Vec<Self> {
        let chosen = |question: &str| {
            let answer = sent.and_then(|sent| sent.answers.get(question));
            let keys = answer.map_or("", String::as_str).split(',');
            keys.filter(|key| !key.is_empty()).map(str::to_owned)
        };
        let mut all = vec![Self::Round(case.round.min(LATE_ROUND))];
        all.extend(chosen(CATEGORY).map(Self::Category));
        all.extend(chosen(REGION).map(Self::Region));
        all.extend(tags.iter().copied().map(Self::Tag));
        let findings = case.findings.iter();
        all.extend(findings.map(|finding| Self::Finding(finding.list, finding.item.clone())));
        all
    }
}
