//! Accept a newer version of the Data Licensing Agreement for an app that had accepted an older one.

use super::{PartnerStep, may_before, refused};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{Secrets, prove},
    entities::reacceptances,
    input::input,
    office::queries::agreement,
    partners::signatures::{ToSign, sign},
    policy::PartnerAct,
    reference::DLA,
    text::{Limits, line},
    typed,
};
use sea_orm::{EntityTrait, Set};
use serde_json::json;
use uuid::Uuid;
use workflow::{AppId, Refusal, form::Problem, partners::Refused};

input! {
    /// What the signing owner fills in.
    pub struct ReacceptInput for "reaccept_agreement" OnDesk {
        hidden app: AppId;
        /// The version that was shown.
        hidden agreement: u32;
        typed capacity: String = "Your capacity" up to 120;
        typed consent: bool = "I have read the agreement above and accept it.";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

/// What the signature means, as it stands above the password.
pub const REACCEPTANCE: &str = "I have read this version of the Data Licensing Agreement and accept it for the organisation, which I am entitled to bind.";

/// Accepts the version in force.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`]; [`Error::Input`]; [`Error::Refused`] where
/// it is another version, where it has been accepted, or without Full Access.
pub async fn reaccept(desk: &Desk, caller: &Caller, input: &ReacceptInput) -> Result<()> {
    may_before(desk, caller, input.app, PartnerAct::Reaccept).await?;
    let mut problems = Vec::new();
    let limits = Limits {
        field: "capacity",
        label: "Your capacity",
        min: 2,
        max: 120,
    };
    let capacity = line(limits, &input.capacity, &mut problems);
    if !input.consent {
        problems.push(Problem {
            field: "consent".to_owned(),
            text: "Tick the box to accept the agreement.".to_owned(),
        });
    }
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    let proof = prove(desk, caller, given).await;
    let (_, proof) = typed::both(typed::all_well(problems), proof)?;
    let current = agreement::current(desk, DLA).await?;
    let step = PartnerStep::begin(desk, caller, input.app, PartnerAct::Reaccept).await?;
    if step.known.evidence.full.is_none() {
        return Err(refused(Refused::NoFullAccess));
    }
    let newest = step
        .known
        .evidence
        .newest
        .map_or(0, |newest| newest.version);
    if input.agreement != newest || current.version != newest {
        return Err(Refusal::AgreementOutdated { current: newest }.into());
    }
    let accepted = step.known.evidence.accepted;
    if accepted.is_some_and(|accepted| accepted.version >= newest) {
        return Err(refused(Refused::AcceptedBefore));
    }
    let to_sign = ToSign {
        app: step.app.id,
        meaning: REACCEPTANCE,
        capacity: &capacity,
        document_sha256: &current.sha256,
    };
    let signature = sign(&step, caller, &proof, &to_sign).await?;
    let id = Uuid::now_v7();
    reacceptances::Entity::insert(reacceptances::ActiveModel {
        id: Set(id),
        app_id: Set(step.app.id),
        version: Set(i32::try_from(newest).map_err(Error::unavailable)?),
        signature_id: Set(signature),
        accepted_at: Set(step.now.micros()),
    })
    .exec_without_returning(step.transaction())
    .await?;
    let body = json!({
        "reacceptance": id,
        "signature": signature,
        "version": newest,
        "sha256": current.sha256,
    });
    step.commit("agreement_reaccepted", body, String::new())
        .await
}
