//! Take a proposal back before it is decided.

use super::PartnerStep;
use crate::{
    Caller, Desk, Error, Result,
    entities::partnerships,
    input::input,
    policy::PartnerAct,
    text::{Limits, line},
};
use sea_orm::Set;
use serde_json::json;
use workflow::{
    AppId,
    partners::{State, Step as Kind},
};

input! {
    /// Which proposal is taken back, and why.
    pub struct TakeBackProposalInput for "take_back_proposal" OnDesk {
        hidden app: AppId;
        hidden version: i64;
        typed reason: String = "Reason" up to 500;
    }
}

/// Takes a proposal back, whoever of the partner managers made it: the application waits for another
/// one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] to others than partner managers; [`Error::Refused`] where
/// no proposal waits for a decision; [`Error::Conflict`] when it has changed since; [`Error::Input`]
/// on `reason`.
pub async fn take_back_proposal(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: i64,
    reason: &str,
) -> Result<()> {
    let step = PartnerStep::begin(desk, caller, app, PartnerAct::TakeBack).await?;
    let row = step.open(Kind::TakeBack, seen)?.row.clone();
    let limits = Limits {
        field: "reason",
        label: "Reason",
        min: 3,
        max: 500,
    };
    let mut problems = Vec::new();
    let reason = line(limits, reason, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    step.change(partnerships::ActiveModel {
        proposed_by: Set(None),
        proposed_at: Set(None),
        recommended: Set(None),
        reasons: Set(None),
        state: Set(State::Applied.word().to_owned()),
        ..Default::default()
    })
    .await?;
    // What was proposed stays on record, though the application has no proposal any more.
    let body = json!({
        "partnership": row.id,
        "before": {
            "by": row.proposed_by,
            "recommended": row.recommended,
            "reasons": row.reasons,
        },
        "after": null,
    });
    step.commit("partner_proposal_taken_back", body, reason)
        .await
}
