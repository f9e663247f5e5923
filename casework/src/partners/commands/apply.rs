//! Apply to be a Digital Health Partner.

use super::{PartnerStep, refused};
use crate::{
    Caller, Desk, Error, Result,
    entities::partnerships,
    input::input,
    limits::{self, PARTNER_APPLICATIONS},
    partners::{
        letters::{Told, post},
        words::all_missing,
    },
    policy::PartnerAct,
    text::{Limits, lines},
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::json;
use uuid::Uuid;
use workflow::{
    AppId, Refusal,
    partners::{Refused, State, Step as Kind, allowed, criteria},
};

input! {
    /// What an owner writes to apply.
    pub struct ApplyPartnerInput for "apply_partner" OnDesk {
        hidden app: AppId;
        typed statement: String = "How you support the users of the app" up to 2_000;
    }
}

/// Applies for an app that meets every criterion.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`]; [`Error::Input`]; [`Error::Refused`] with
/// what is missing, or where it has applied before.
pub async fn apply_partner(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    statement: &str,
) -> Result<()> {
    let step = PartnerStep::begin(desk, caller, app, PartnerAct::Apply).await?;
    allowed(Kind::Apply, step.standing().state).map_err(Refusal::Partner)?;
    let Some(case) = step.known.case else {
        return Err(refused(Refused::NoFullAccess));
    };
    let found = criteria(&step.known.evidence, &step.step.known.settings, step.now);
    let missing = all_missing(&found);
    if !missing.is_empty() {
        return Err(refused(Refused::Unmet { missing }));
    }
    let mut problems = Vec::new();
    let limits = Limits {
        field: "statement",
        label: "How you support the users of the app",
        min: 10,
        max: 2_000,
    };
    let statement = lines(limits, statement, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let app_id = step.app.id.to_string();
    limits::take_on(step.transaction(), desk, &PARTNER_APPLICATIONS, &app_id).await?;
    let row = partnerships::Model {
        id: Uuid::now_v7(),
        app_id: step.app.id,
        case_id: case,
        applied_by: caller.person.0,
        applied_at: step.now.micros(),
        statement,
        proposed_by: None,
        proposed_at: None,
        recommended: None,
        reasons: None,
        decided_by: None,
        decided_at: None,
        decision: None,
        note: None,
        signature_id: None,
        left_at: None,
        state: State::Applied.word().to_owned(),
        version: 1,
    };
    partnerships::Entity::insert(partnerships::ActiveModel::from(row.clone()).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    post(&step, &step.app, &row, &Told::Applied, &[], None).await?;
    let body = json!({ "partnership": row.id });
    step.commit("partner_applied", body, String::new()).await
}
