//! Steps on partnerships.

use crate::{
    pages::partners::partner_path,
    web::{Done, Next, Step, Visit},
};
use casework::{
    Result,
    partners::commands::{
        self, ApplyPartnerInput, ConfirmContactInput, DecidePartnerInput, LeavePartnersInput,
        ProposePartnerInput, PublishAppInput, ReacceptInput, TakeBackProposalInput,
    },
};
use workflow::{AppId, partners::Decision};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(publish_app),
        Step::new(confirm_contact),
        Step::new(apply_partner),
        Step::new(leave_partners),
        Step::new(propose_partner),
        Step::new(take_back_proposal),
        Step::new(decide_partner).signed(),
        Step::new(reaccept_agreement).signed(),
    ]
}

fn back_to(app: AppId, done: Done) -> Next {
    Next::to(partner_path(app)).saying(done)
}

/// Says since when and where an app can be got.
async fn publish_app(visit: Visit, input: PublishAppInput) -> Result<Next> {
    commands::publish_app(&visit.desk, visit.caller()?, &input).await?;
    Ok(back_to(input.app, Done::AppPublished))
}

/// Confirms the support contact.
async fn confirm_contact(visit: Visit, input: ConfirmContactInput) -> Result<Next> {
    let (app, seen) = (input.app, input.version);
    commands::confirm_contact(&visit.desk, visit.caller()?, app, seen, input.right).await?;
    Ok(back_to(app, Done::ContactConfirmed))
}

/// Applies to be a partner.
async fn apply_partner(visit: Visit, input: ApplyPartnerInput) -> Result<Next> {
    let app = input.app;
    commands::apply_partner(&visit.desk, visit.caller()?, app, &input.statement).await?;
    Ok(back_to(app, Done::PartnerApplied))
}

/// Takes an application back, or ends a partnership.
async fn leave_partners(visit: Visit, input: LeavePartnersInput) -> Result<Next> {
    let (app, seen, sure) = (input.app, input.version, input.sure);
    let held = commands::leave_partners(&visit.desk, visit.caller()?, app, seen, sure).await?;
    Ok(back_to(
        app,
        if held {
            Done::PartnerLeft
        } else {
            Done::PartnerWithdrawn
        },
    ))
}

/// Proposes what is to be decided.
async fn propose_partner(visit: Visit, input: ProposePartnerInput) -> Result<Next> {
    commands::propose_partner(&visit.desk, visit.caller()?, &input).await?;
    Ok(back_to(input.app, Done::PartnerProposed))
}

/// Takes a proposal back.
async fn take_back_proposal(visit: Visit, input: TakeBackProposalInput) -> Result<Next> {
    let (app, seen, reason) = (input.app, input.version, input.reason.as_str());
    commands::take_back_proposal(&visit.desk, visit.caller()?, app, seen, reason).await?;
    Ok(back_to(app, Done::ProposalTakenBack))
}

/// Decides about an application.
async fn decide_partner(visit: Visit, input: DecidePartnerInput) -> Result<Next> {
    let decision = commands::decide_partner(&visit.desk, visit.caller()?, &input).await?;
    Ok(back_to(
        input.app,
        match decision {
            Decision::Approved => Done::PartnerApproved,
            Decision::Declined => Done::PartnerDeclined,
        },
    ))
}

/// Accepts a newer version of the agreement.
async fn reaccept_agreement(visit: Visit, input: ReacceptInput) -> Result<Next> {
    commands::reaccept(&visit.desk, visit.caller()?, &input).await?;
    Ok(back_to(input.app, Done::AgreementAccepted))
}
