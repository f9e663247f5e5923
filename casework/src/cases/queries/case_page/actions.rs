//! What the reader can do about the case: policy and workflow asked together, for every step of
//! staff, so that a button and its enforcement cannot disagree.

use crate::{
    Caller, Desk, Result,
    cases::{
        reasons::Reasons,
        waiving::{OWN_FINDING, may_waive, who_could},
    },
    policy::{Subject, Verdict},
    store::Stored,
};
use std::collections::BTreeMap;
use workflow::{
    ActionKind, Case, Context, FindingId, Refusal, available,
    checklist::Severity,
    start::{UnderWay, alone},
    transition::StepSide,
};

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
    other: Option<UnderWay>,
    reasons: &Reasons<'_>,
) -> Vec<Possible> {
    let ready = |action| match action {
        ActionKind::Reopen => available(case, context, action).and_then(|()| alone(other)),
        _ => available(case, context, action),
    };
    ActionKind::ALL
        .iter()
        .copied()
        .filter(|action| action.row().side == StepSide::Staff)
        .map(|action| {
            let may = desk.policy.ask(who, action);
            let obstacle = |lies, reason| Some(Obstacle { lies, reason });
            let obstacle = match (may, ready(action)) {
                (Verdict::Allowed, Ok(())) => None,
                // Nothing that anybody does would make it possible.
                (_, Err(refusal @ Refusal::GrantUncapped)) => {
                    obstacle(Lies::WithBoth, reasons.refused(&refusal))
                }
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

/// Whether a finding can be waived by the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiver<'a> {
    Possible,
    /// By somebody else: who could.
    SecondPerson(&'a str),
    Impossible,
}

/// The findings that the reader may waive; with who could, those that a second person waives.
pub(super) async fn waivers(
    desk: &Desk,
    stored: &Stored,
    caller: &Caller,
) -> Result<BTreeMap<FindingId, Option<String>>> {
    let (policy, me) = (desk.policy.snapshot(), caller.person);
    let relations = stored.relations_of(me);
    let mut waivers = BTreeMap::new();
    // Asked once for each track: the answer is the same for all of its findings.
    let mut could = BTreeMap::new();
    let standing = stored.case.standing_findings();
    for finding in standing.filter(|one| one.severity != Severity::Blocker) {
        match may_waive(&policy, &caller.roles, &relations, me, finding) {
            Ok(()) => _ = waivers.insert(finding.id, None),
            Err(denied) if denied.0 == OWN_FINDING => {
                let read = desk.database.read();
                let said = match could.get(&finding.list) {
                    Some(said) => String::clone(said),
                    None => who_could(read, &stored.people, me, finding).await?,
                };
                could.insert(finding.list, said.clone());
                waivers.insert(finding.id, Some(said));
            }
            Err(_) => {}
        }
    }
    Ok(waivers)
}
