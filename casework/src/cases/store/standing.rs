//! The views of the queue that a case is in whoever looks and whenever: a bit each in
//! `cases.in_views`, so that a partial index can hold each view in its order.

use sea_orm::sea_query::Expr;
use workflow::state::{Side, StateKind};

/// A view that follows from the case alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i32)]
pub enum Standing {
    NeedsReviewer = 1,
    CommercialToTake = 2,
    TechnicalToTake = 4,
    AnswersArrived = 8,
    Decisions = 16,
    WithDeveloper = 32,
    AllOpen = 64,
    Ended = 128,
    Appeals = 256,
    FindingsDated = 512,
}

impl Standing {
    /// Every one.
    pub const ALL: [Self; 10] = [
        Self::NeedsReviewer,
        Self::CommercialToTake,
        Self::TechnicalToTake,
        Self::AnswersArrived,
        Self::Decisions,
        Self::WithDeveloper,
        Self::AllOpen,
        Self::Ended,
        Self::Appeals,
        Self::FindingsDated,
    ];

    /// Its bit in `cases.in_views`.
    pub const fn bit(self) -> i32 {
        self as i32
    }

    /// Whether a case whose column is `in_views` is in it.
    pub const fn holds(self, in_views: i32) -> bool {
        in_views & self.bit() != 0
    }

    /// The wide one that holds all of its cases.
    pub(crate) const fn half(self) -> Self {
        match self {
            Self::Ended | Self::Appeals | Self::FindingsDated => Self::Ended,
            Self::NeedsReviewer
            | Self::CommercialToTake
            | Self::TechnicalToTake
            | Self::AnswersArrived
            | Self::Decisions
            | Self::WithDeveloper
            | Self::AllOpen => Self::AllOpen,
        }
    }

    /// Cases in it, word for word as its partial indexes say it, so that the database walks one of
    /// them. (A literal: SQLite uses no partial index for a bound value.)
    pub(crate) fn walked(self) -> Expr {
        Expr::cust(format!("(cases.in_views & {}) <> 0", self.bit()))
    }

    /// Cases in it, in words that no index has: a condition on rows that are found otherwise.
    pub(crate) fn held(self) -> Expr {
        Expr::cust(format!("(cases.in_views & {0}) = {0}", self.bit()))
    }
}

/// States in which a case without an assignee waits for one.
const WAITS_FOR_ASSIGNEE: [StateKind; 5] = [
    StateKind::Submitted,
    StateKind::Completeness,
    StateKind::Review,
    StateKind::Clarification,
    StateKind::Corrections,
];

/// What the views of a case follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub state: StateKind,
    pub was_submitted: bool,
    pub has_assignee: bool,
    /// Tracks that are worked and that nobody has taken.
    pub commercial_free: bool,
    pub technical_free: bool,
    pub has_news: bool,
    pub decline_proposed: bool,
    pub appeal_waits: bool,
    pub findings_dated: bool,
}

/// The bits of the views that a case is in; none before it is handed in.
pub(super) fn in_views(facts: Facts) -> i32 {
    if !facts.was_submitted {
        return 0;
    }
    let side = facts.state.side();
    let is_in = |standing| match standing {
        Standing::NeedsReviewer => !facts.has_assignee && WAITS_FOR_ASSIGNEE.contains(&facts.state),
        Standing::CommercialToTake => facts.commercial_free,
        Standing::TechnicalToTake => facts.technical_free,
        Standing::AnswersArrived => side == Side::Us && facts.has_news,
        Standing::Decisions => facts.state == StateKind::Decision || facts.decline_proposed,
        Standing::WithDeveloper => side == Side::Developer,
        Standing::AllOpen => side != Side::Nobody,
        Standing::Ended => side == Side::Nobody,
        Standing::Appeals => facts.appeal_waits,
        Standing::FindingsDated => facts.findings_dated,
    };
    Standing::ALL
        .into_iter()
        .filter(|standing| is_in(*standing))
        .fold(0, |bits, standing| bits | standing.bit())
}
