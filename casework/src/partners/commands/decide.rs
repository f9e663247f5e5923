//! Decide about an application: signed with the password, over the record as it was seen, by somebody
//! who did not propose.

use super::{PartnerStep, may_before, refused};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{Secrets, prove},
    entities::partnerships,
    input::input,
    partners::{
        letters::{Told, post},
        record, record_sha256,
        signatures::{ToSign, sign},
        words::all_missing,
    },
    policy::PartnerAct,
    text::{Limits, lines},
    typed,
};
use sea_orm::Set;
use serde_json::json;
use workflow::{
    AppId, Role,
    partners::{Decision, Refused, State, Step as Kind, criteria},
};

input! {
    /// What an approver writes, and signs with; the button says which of the two.
    pub struct DecidePartnerInput for "decide_partner" OnDesk {
        hidden app: AppId;
        hidden version: i64;
        /// The hash of the record that was shown.
        hidden seen: String;
        typed approve: bool = "Approve";
        typed note: String = "Reason" up to 2_000;
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

/// What the signature under a decision means, as it stands above the password.
pub const fn decision_meaning(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => {
            "I have read the record of this application and make the app a Digital Health Partner."
        }
        Decision::Declined => "I have read the record of this application and decline it.",
    }
}

/// Approves or declines; answers which.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] to who proposed, and to others than approvers;
/// [`Error::Input`] on `note` or `password`; [`Error::Refused`] where nothing waits, or where
/// something is missing that an approval needs; [`Error::Conflict`] when the record has changed
/// since.
pub async fn decide_partner(
    desk: &Desk,
    caller: &Caller,
    input: &DecidePartnerInput,
) -> Result<Decision> {
    may_before(desk, caller, input.app, PartnerAct::Decide).await?;
    let decision = if input.approve {
        Decision::Approved
    } else {
        Decision::Declined
    };
    let mut problems = Vec::new();
    let limits = Limits {
        field: "note",
        label: "Reason",
        // The developer reads why an application was declined.
        min: if input.approve { 0 } else { 10 },
        max: 2_000,
    };
    let note = lines(limits, &input.note, &mut problems);
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    let proof = prove(desk, caller, given).await;
    let (_, proof) = typed::both(typed::all_well(problems), proof)?;
    let step = PartnerStep::begin(desk, caller, input.app, PartnerAct::Decide).await?;
    let partnership = step.open(Kind::Decide, input.version)?;
    let found = criteria(&step.known.evidence, &step.step.known.settings, step.now);
    let record = record(&step.app, partnership, &step.known, &found);
    let document_sha256 = record_sha256(&record)?;
    if document_sha256 != input.seen {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    let missing = all_missing(&found);
    if decision == Decision::Approved && !missing.is_empty() {
        return Err(refused(Refused::Unmet { missing }));
    }
    let row = partnership.row.clone();
    let to_sign = ToSign {
        app: step.app.id,
        meaning: decision_meaning(decision),
        capacity: Role::Approver.label(),
        document_sha256: &document_sha256,
    };
    let signature = sign(&step, caller, &proof, &to_sign).await?;
    let (name, state, told) = match decision {
        Decision::Approved => ("partner_approved", State::Active, Told::Approved),
        Decision::Declined => {
            let reason = note.clone();
            (
                "partner_declined",
                State::Declined,
                Told::Declined { reason },
            )
        }
    };
    step.change(partnerships::ActiveModel {
        decided_by: Set(Some(caller.person.0)),
        decided_at: Set(Some(step.now.micros())),
        decision: Set(Some(decision.word().to_owned())),
        note: Set(Some(note.clone())),
        signature_id: Set(Some(signature)),
        state: Set(state.word().to_owned()),
        ..Default::default()
    })
    .await?;
    post(&step, &step.app, &row, &told, &[], None).await?;
    let body = json!({ "partnership": row.id, "signature": signature, "signed": record });
    step.commit(name, body, note).await?;
    Ok(decision)
}
