//! Propose what is to be decided about an application.

use super::{PartnerStep, refused};
use crate::{
    Caller, Desk, Result,
    entities::partnerships,
    input::input,
    partners::{
        letters::{Told, post},
        words::all_missing,
    },
    policy::PartnerAct,
    text::{Limits, lines},
};
use sea_orm::Set;
use serde_json::json;
use workflow::{
    AppId,
    partners::{Decision, Refused, State, Step as Kind, criteria},
};

input! {
    /// What a partner manager proposes; the button says which of the two.
    pub struct ProposePartnerInput for "propose_partner" OnDesk {
        hidden app: AppId;
        hidden version: i64;
        typed approve: bool = "Approve";
        typed reasons: String = "Reasons" up to 2_000;
    }
}

/// Proposes to approve or to decline, with reasons.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Forbidden`] to others than partner managers;
/// [`crate::Error::Input`] on `reasons`; [`crate::Error::Refused`] where nothing waits, or where
/// approval is proposed while something is missing; [`crate::Error::Conflict`].
pub async fn propose_partner(
    desk: &Desk,
    caller: &Caller,
    input: &ProposePartnerInput,
) -> Result<()> {
    let step = PartnerStep::begin(desk, caller, input.app, PartnerAct::Propose).await?;
    let mut row = step.open(Kind::Propose, input.version)?.row.clone();
    let mut problems = Vec::new();
    let limits = Limits {
        field: "reasons",
        label: "Reasons",
        min: 10,
        max: 2_000,
    };
    let reasons = lines(limits, &input.reasons, &mut problems);
    if !problems.is_empty() {
        return Err(crate::Error::Input { problems });
    }
    let found = criteria(&step.known.evidence, &step.step.known.settings, step.now);
    let missing = all_missing(&found);
    let decision = if input.approve {
        Decision::Approved
    } else {
        Decision::Declined
    };
    if decision == Decision::Approved && !missing.is_empty() {
        return Err(refused(Refused::Unmet { missing }));
    }
    step.change(partnerships::ActiveModel {
        proposed_by: Set(Some(caller.person.0)),
        proposed_at: Set(Some(step.now.micros())),
        recommended: Set(Some(decision.word().to_owned())),
        reasons: Set(Some(reasons.clone())),
        state: Set(State::Proposed.word().to_owned()),
        ..Default::default()
    })
    .await?;
    row.proposed_by = Some(caller.person.0);
    let told = Told::Proposed(decision);
    post(&step, &step.app, &row, &told, &missing, None).await?;
    let body = json!({ "partnership": row.id, "recommended": decision, "missing": missing });
    step.commit("partner_proposed", body, reasons).await
}
