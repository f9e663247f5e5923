//! Steps of admins: people, published texts, settings, mail.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Result,
    commands::{
        self, ConfirmRolesInput, DisablePersonInput, EnablePersonInput, Given, Invitation,
        InvitePersonInput, PublishAgreementInput, PublishTemplateInput, RefuseRolesInput,
        ResetSecondFactorInput, RetryMailInput, RoleChange, SetRolesInput, SetSettingInput,
    },
};
use workflow::PersonId;

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(invite_person),
        Step::new(set_roles),
        Step::new(disable_person),
        Step::new(enable_person),
        Step::new(reset_second_factor),
        Step::new(confirm_roles),
        Step::new(refuse_roles),
        Step::new(publish_agreement),
        Step::new(publish_template),
        Step::new(retry_mail),
        Step::new(set_setting),
    ]
}

fn page_of(person: PersonId, done: Done) -> Next {
    Next::to(format!("/admin/people/{person}")).saying(done)
}

/// The person's page, with what has happened there.
fn after(person: PersonId, given: Given, done: Done) -> Next {
    match given {
        Given::Now => page_of(person, done),
        Given::Waits => page_of(person, Done::WaitsForASecondAdmin),
    }
}

/// Invites a person.
async fn invite_person(visit: Visit, input: InvitePersonInput) -> Result<Next> {
    let invitation = Invitation {
        name: input.name,
        username: input.username,
        email: input.email,
        organisation: input.organisation,
        roles: input.roles,
        combination: input.combination,
    };
    let invited = commands::invite_person(&visit.desk, visit.caller()?, invitation).await?;
    Ok(after(invited.person, invited.given, Done::PersonInvited))
}

/// Gives a person exactly the roles ticked.
async fn set_roles(visit: Visit, input: SetRolesInput) -> Result<Next> {
    let (person, seen) = (input.person, input.seen);
    let change = RoleChange {
        roles: input.roles,
        reason: input.reason,
        combination: input.combination,
    };
    let given = commands::set_roles(&visit.desk, visit.caller()?, person, &change, seen).await?;
    Ok(after(person, given, Done::RolesChanged))
}

/// Disables an account and ends its sessions.
async fn disable_person(visit: Visit, input: DisablePersonInput) -> Result<Next> {
    let (person, seen) = (input.person, input.seen);
    commands::disable_person(&visit.desk, visit.caller()?, person, seen, &input.reason).await?;
    Ok(page_of(person, Done::AccountDisabled))
}

/// Turns off the second factor of somebody who has lost it.
async fn reset_second_factor(visit: Visit, input: ResetSecondFactorInput) -> Result<Next> {
    let (person, seen) = (input.person, input.seen);
    let caller = visit.caller()?;
    commands::reset_second_factor(&visit.desk, caller, person, seen, &input.reason).await?;
    Ok(page_of(person, Done::SecondFactorReset))
}

/// Lets a disabled person sign in again.
async fn enable_person(visit: Visit, input: EnablePersonInput) -> Result<Next> {
    let (person, seen) = (input.person, input.seen);
    let (caller, reason) = (visit.caller()?, &input.reason);
    let given = commands::enable_person(&visit.desk, caller, person, seen, reason).await?;
    Ok(after(person, given, Done::AccountEnabled))
}

/// Confirms what another admin asked for.
async fn confirm_roles(visit: Visit, input: ConfirmRolesInput) -> Result<Next> {
    let person = commands::confirm_roles(&visit.desk, visit.caller()?, input.request).await?;
    Ok(page_of(person, Done::RequestConfirmed))
}

/// Refuses what another admin asked for, or takes back what one asked for oneself.
async fn refuse_roles(visit: Visit, input: RefuseRolesInput) -> Result<Next> {
    let (caller, reason) = (visit.caller()?, &input.reason);
    let person = commands::refuse_roles(&visit.desk, caller, input.request, reason).await?;
    Ok(page_of(person, Done::RequestRefused))
}

/// Publishes the next version of an agreement.
async fn publish_agreement(visit: Visit, input: PublishAgreementInput) -> Result<Next> {
    let (kind, body) = (&input.kind, &input.body);
    let caller = visit.caller()?;
    let version = commands::publish_agreement(&visit.desk, caller, kind, body, input.seen).await?;
    Ok(Next::to(format!("/admin/agreements/{kind}/{version}")).saying(Done::AgreementPublished))
}

/// Publishes the next version of a form or checklist.
async fn publish_template(visit: Visit, input: PublishTemplateInput) -> Result<Next> {
    let (kind, body) = (&input.kind, &input.body);
    let caller = visit.caller()?;
    let version = commands::publish_template(&visit.desk, caller, kind, body, input.seen).await?;
    Ok(Next::to(format!("/admin/checklists/{kind}/{version}")).saying(Done::TemplatePublished))
}

/// Has a letter that was given up sent again.
async fn retry_mail(visit: Visit, input: RetryMailInput) -> Result<Next> {
    commands::retry_mail(&visit.desk, visit.caller()?, input.letter).await?;
    Ok(Next::to("/admin/mail?state=dead").saying(Done::LetterGoesOutAgain))
}

/// Changes a setting.
async fn set_setting(visit: Visit, input: SetSettingInput) -> Result<Next> {
    let (key, value) = (&input.key, &input.value);
    let (from, reason, seen) = (&input.from, &input.reason, &input.seen);
    let caller = visit.caller()?;
    commands::set_setting(&visit.desk, caller, key, value, from, reason, seen).await?;
    Ok(Next::to("/admin/settings").saying(Done::SettingChanged))
}
