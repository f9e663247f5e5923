//! Take an application back, or end a partnership, as the developer.

use super::PartnerStep;
use crate::{
    Caller, Desk, Result,
    entities::partnerships,
    input::input,
    partners::letters::{Told, post},
    policy::PartnerAct,
};
use sea_orm::Set;
use serde_json::json;
use workflow::{
    AppId,
    partners::{State, Step as Kind},
};

input! {
    /// Which application or partnership ends.
    pub struct LeavePartnersInput for "leave_partners" OnDesk {
        hidden app: AppId;
        hidden version: i64;
    }
}

/// Ends it; answers whether it was a partnership, and no mere application.
///
/// # Errors
/// [`crate::Error::NotFound`] to strangers, [`crate::Error::Forbidden`]; [`crate::Error::Refused`]
/// where there is nothing to end; [`crate::Error::Conflict`] when it has changed since.
pub async fn leave_partners(desk: &Desk, caller: &Caller, app: AppId, seen: i64) -> Result<bool> {
    let step = PartnerStep::begin(desk, caller, app, PartnerAct::Leave).await?;
    let row = step.open(Kind::Leave, seen)?.row.clone();
    let held = step.standing().state.is_held();
    let (name, state) = if held {
        ("partner_left", State::Ended)
    } else {
        ("partner_withdrawn", State::None)
    };
    step.change(partnerships::ActiveModel {
        left_at: Set(Some(step.now.micros())),
        state: Set(state.word().to_owned()),
        ..Default::default()
    })
    .await?;
    if held {
        post(&step, &step.app, &row, &Told::Ended, &[], None).await?;
    }
    let body = json!({ "partnership": row.id });
    step.commit(name, body, String::new()).await?;
    Ok(held)
}
