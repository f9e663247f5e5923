//! Where a case stands.

use crate::{PersonId, Role, Timestamp, checklist::ListKind, relation::words};
use serde::{Deserialize, Serialize};

/// Where a case stands, with what only that state knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The developer is filling in the request form.
    Draft,
    /// Handed in, and nobody has taken it yet.
    Submitted,
    /// The assignee checks that the submission is complete.
    Completeness,
    /// The tracks are worked, in parallel.
    Review,
    /// Paused until the developer answers; then it goes on where it was.
    Clarification { back_to: Resume, due: Timestamp },
    /// Paused until the developer has corrected the findings.
    Corrections { due: Timestamp },
    /// All tracks passed; the Data Licensing Agreement is not accepted yet.
    Agreement { due: Timestamp },
    /// Both conditions hold; an approver decides.
    Decision,
    /// Access was granted.
    Approved,
    /// Refused with a reason.
    Declined { at: Timestamp },
    /// Taken back by the developer.
    Withdrawn,
    /// The developer's time ran out.
    Lapsed { at: Timestamp, missed: Missed },
}

/// Where a clarification goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resume {
    Completeness,
    Review,
}

/// What the developer let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    Clarification,
    Corrections,
    Agreement,
}

words! {
    /// The name of a state, without its data.
    StateKind {
        Draft = "draft",
        Submitted = "submitted",
        Completeness = "completeness",
        Review = "review",
        Clarification = "clarification",
        Corrections = "corrections",
        Agreement = "agreement",
        Decision = "decision",
        Approved = "approved",
        Declined = "declined",
        Withdrawn = "withdrawn",
        Lapsed = "lapsed",
    }
}

impl StateKind {
    /// The word staff use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Submitted => "Submitted",
            Self::Completeness => "Completeness",
            Self::Review => "Review",
            Self::Clarification => "Clarification",
            Self::Corrections => "Corrections",
            Self::Agreement => "Agreement",
            Self::Decision => "Decision",
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::Withdrawn => "Withdrawn",
            Self::Lapsed => "Lapsed",
        }
    }

    /// Whose turn it is.
    pub const fn side(self) -> Side {
        match self {
            Self::Submitted | Self::Completeness | Self::Review | Self::Decision => Side::Us,
            Self::Draft | Self::Clarification | Self::Corrections | Self::Agreement => {
                Side::Developer
            }
            Self::Approved | Self::Declined | Self::Withdrawn | Self::Lapsed => Side::Nobody,
        }
    }

    /// Neither ended nor approved: someone still has something to do.
    pub const fn is_open(self) -> bool {
        !matches!(self.side(), Side::Nobody)
    }
}

words! {
    /// Whose turn it is.
    Side {
        Us = "us",
        Developer = "developer",
        Nobody = "nobody",
    }
}

impl State {
    /// Its name.
    pub const fn kind(&self) -> StateKind {
        match self {
            Self::Draft => StateKind::Draft,
            Self::Submitted => StateKind::Submitted,
            Self::Completeness => StateKind::Completeness,
            Self::Review => StateKind::Review,
            Self::Clarification { .. } => StateKind::Clarification,
            Self::Corrections { .. } => StateKind::Corrections,
            Self::Agreement { .. } => StateKind::Agreement,
            Self::Decision => StateKind::Decision,
            Self::Approved => StateKind::Approved,
            Self::Declined { .. } => StateKind::Declined,
            Self::Withdrawn => StateKind::Withdrawn,
            Self::Lapsed { .. } => StateKind::Lapsed,
        }
    }

    /// By when the developer must act, where that is the rule.
    pub const fn developer_due(&self) -> Option<Timestamp> {
        match self {
            Self::Clarification { due, .. }
            | Self::Corrections { due }
            | Self::Agreement { due } => Some(*due),
            Self::Draft
            | Self::Submitted
            | Self::Completeness
            | Self::Review
            | Self::Decision
            | Self::Approved
            | Self::Declined { .. }
            | Self::Withdrawn
            | Self::Lapsed { .. } => None,
        }
    }

    /// What the developer misses by letting the date pass, where there is one.
    pub const fn missed(&self) -> Option<Missed> {
        match self {
            Self::Clarification { .. } => Some(Missed::Clarification),
            Self::Corrections { .. } => Some(Missed::Corrections),
            Self::Agreement { .. } => Some(Missed::Agreement),
            Self::Draft
            | Self::Submitted
            | Self::Completeness
            | Self::Review
            | Self::Decision
            | Self::Approved
            | Self::Declined { .. }
            | Self::Withdrawn
            | Self::Lapsed { .. } => None,
        }
    }
}

words! {
    /// One strand of the review.
    Track {
        Commercial = "commercial",
        Technical = "technical",
    }
}

impl Track {
    /// Whose findings those of a list are: what is incomplete is the commercial reviewer's.
    pub const fn of_findings(list: ListKind) -> Self {
        match list {
            ListKind::Completeness | ListKind::Commercial => Self::Commercial,
            ListKind::Technical => Self::Technical,
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Commercial => "Commercial review",
            Self::Technical => "Technical review",
        }
    }
}

words! {
    /// How far an app reaches.
    AccessLevel {
        Sandbox = "sandbox",
        Limited = "limited",
        Full = "full",
    }
}

impl AccessLevel {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sandbox => "Sandbox",
            Self::Limited => "Limited Access",
            Self::Full => "Full Access",
        }
    }

    /// The tracks an application for this level is reviewed on (design: Limited commercial, Full
    /// commercial and technical).
    pub const fn tracks(self) -> &'static [Track] {
        match self {
            Self::Sandbox => &[],
            Self::Limited => &[Track::Commercial],
            Self::Full => &[Track::Commercial, Track::Technical],
        }
    }
}

words! {
    /// A responsibility on a case that one person at a time holds.
    Seat {
        /// The case as a whole.
        Case = "case",
        Commercial = "commercial",
        Technical = "technical",
    }
}

impl Seat {
    /// The seat of a track.
    pub const fn of(track: Track) -> Self {
        match track {
            Track::Commercial => Self::Commercial,
            Track::Technical => Self::Technical,
        }
    }

    /// The track of a seat, if it is one's.
    pub const fn track(self) -> Option<Track> {
        match self {
            Self::Case => None,
            Self::Commercial => Some(Track::Commercial),
            Self::Technical => Some(Track::Technical),
        }
    }

    /// The competence that it asks for.
    pub const fn role(self) -> Role {
        match self {
            Self::Case => Role::Reviewer,
            Self::Commercial => Role::CommercialReviewer,
            Self::Technical => Role::TechnicalReviewer,
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Case => "Assignee",
            Self::Commercial => "Commercial reviewer",
            Self::Technical => "Technical reviewer",
        }
    }
}

/// Who did something and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub by: PersonId,
    pub at: Timestamp,
}
