//! Take an application back, or end a partnership, as the developer.

use super::PartnerStep;
use crate::{
    Caller, Desk, Error, Result,
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
        typed sure: bool = "End the partnership. Its gallery entry is hidden at once.";
    }
}

/// Ends it; answers whether it was a partnership, and no mere application. A partnership ends only for
/// who is `sure`.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`]; [`Error::Refused`] where there is nothing to
/// end; [`Error::Conflict`] when it has changed since; [`Error::Input`] on `sure`.
pub async fn leave_partners(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: i64,
    sure: bool,
) -> Result<bool> {
    let step = PartnerStep::begin(desk, caller, app, PartnerAct::Leave).await?;
    let row = step.open(Kind::Leave, seen)?.row.clone();
    let held = step.standing().state.is_held();
    if held && !sure {
        return Err(Error::field(
            "sure",
            "Tick that the partnership is to end: it cannot be taken back.",
        ));
    }
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
