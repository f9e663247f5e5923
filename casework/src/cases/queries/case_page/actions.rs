//! What the reader can do about the case: policy and workflow asked together, for every step of
//! staff, so that a button and its enforcement cannot disagree.

use crate::{
    Desk,
    policy::{Subject, Verdict},
    rule_text,
};
use workflow::{ActionKind, Case, Context, Refusal, available, transition::StepSide};

/// A step, and what stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    pub action: ActionKind,
    pub obstacle: Option<Obstacle>,
}

/// Why a step cannot be taken by the reader now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The case could take it, this person may not; the rule.
    NotYou(String),
    /// This person may, the case is not ready for it.
    NotNow(Refusal),
    /// Neither.
    Neither(Refusal),
}

impl Obstacle {
    /// The reason in the words of the reader.
    pub fn text(&self) -> String {
        match self {
            Self::NotYou(rule) => rule_text(rule).to_owned(),
            Self::NotNow(refusal) | Self::Neither(refusal) => refusal.to_string(),
        }
    }
}

/// Every step of staff with what stands in its way.
pub(super) fn of(desk: &Desk, who: &Subject, case: &Case, context: &Context<'_>) -> Vec<Possible> {
    ActionKind::ALL
        .iter()
        .copied()
        .filter(|action| action.row().side == StepSide::Staff)
        .map(|action| {
            let may = desk.policy.ask(who, "case", action.word());
            let obstacle = match (may, available(case, context, action)) {
                (Verdict::Allowed, Ok(())) => None,
                (Verdict::Allowed, Err(refusal)) => Some(Obstacle::NotNow(refusal)),
                (Verdict::Denied(rule), Ok(())) => Some(Obstacle::NotYou(rule)),
                (Verdict::Denied(_), Err(refusal)) => Some(Obstacle::Neither(refusal)),
            };
            Possible { action, obstacle }
        })
        .collect()
}
