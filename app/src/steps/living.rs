//! Steps on living approvals.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Result,
    commands::{
        self, AnswerChangeInput, AttestInput, Attestation, ClearChangeInput, RaiseChangeInput,
    },
};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(clear_change),
        Step::new(raise_change),
        Step::new(answer_change),
        Step::new(attest),
    ]
}

/// Closes a change of a page without concern.
async fn clear_change(visit: Visit, input: ClearChangeInput) -> Result<Next> {
    let (change, seen) = (input.change, input.version);
    commands::clear_change(&visit.desk, visit.caller()?, change, seen, &input.note).await?;
    Ok(Next::to(format!("/changes/{change}")).saying(Done::ChangeCleared))
}

/// Raises a change of a page with its developer.
async fn raise_change(visit: Visit, input: RaiseChangeInput) -> Result<Next> {
    let (change, seen) = (input.change, input.version);
    commands::raise_change(&visit.desk, visit.caller()?, change, seen, &input.note).await?;
    Ok(Next::to(format!("/changes/{change}")).saying(Done::ChangeRaised))
}

/// Answers what was asked about a change of a page.
async fn answer_change(visit: Visit, input: AnswerChangeInput) -> Result<Next> {
    let (caller, change) = (visit.caller()?, input.change);
    let app = commands::answer_change(&visit.desk, caller, change, &input.answer).await?;
    Ok(Next::to(format!("/apps/{app}#pages")).saying(Done::AnswerSent))
}

/// Gives the yearly attestation of an app.
async fn attest(visit: Visit, input: AttestInput) -> Result<Next> {
    let app = input.app;
    let given = Attestation {
        contacts: input.contacts,
        as_approved: input.as_approved,
        name: input.name,
    };
    commands::attest(&visit.desk, visit.caller()?, app, input.due, &given).await?;
    Ok(Next::to(format!("/apps/{app}")).saying(Done::Attested))
}
