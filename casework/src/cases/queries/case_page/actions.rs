//! What the reader can do about the case: policy and workflow asked together, for every step of
//! staff, so that a button and its enforcement cannot disagree.

use crate::{
    Desk,
    cases::reasons::Reasons,
    policy::{Subject, Verdict},
};
use workflow::{ActionKind, Case, Context, available, transition::StepSide};

/// A step, and what stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    pub action: ActionKind,
    pub obstacle: Option<Obstacle>,
}

/// Why a step cannot be taken by the reader now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    pub lies: Lies,
    /// In the words of the reader: which rule, and what would have to be so.
    pub reason: String,
}

/// Where an obstacle lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// The case could take the step, this person may not.
    WithYou,
    /// This person may, the case is not ready for it.
    WithCase,
    /// Neither.
    WithBoth,
}

/// Every step of staff with what stands in its way.
pub(super) fn of(
    desk: &Desk,
    who: &Subject,
    case: &Case,
    context: &Context<'_>,
    reasons: &Reasons<'_>,
) -> Vec<Possible> {
    ActionKind::ALL
        .iter()
        .copied()
        .filter(|action| action.row().side == StepSide::Staff)
        .map(|action| {
            let may = desk.policy.ask(who, action);
            let obstacle = |lies, reason| Some(Obstacle { lies, reason });
            let obstacle = match (may, available(case, context, action)) {
                (Verdict::Allowed, Ok(())) => None,
                (Verdict::Allowed, Err(refusal)) => {
                    obstacle(Lies::WithCase, reasons.refused(&refusal))
                }
                (Verdict::Denied(rule), Ok(())) => {
                    obstacle(Lies::WithYou, reasons.denied(action, &rule))
                }
                (Verdict::Denied(_), Err(refusal)) => {
                    obstacle(Lies::WithBoth, reasons.refused(&refusal))
                }
            };
            Possible { action, obstacle }
        })
        .collect()
}
