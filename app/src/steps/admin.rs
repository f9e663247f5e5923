//! Steps of admins: people, published texts, settings, mail.

use crate::{
    refused::Refused,
    web::{Visit, carry_out},
};
use casework::{
    Error, Result as Outcome,
    commands::{self, Given, Invitation, RoleChange},
};
use leptos::server;
use std::collections::BTreeSet;
use workflow::{PersonId, Role};

fn roles(visit: &Visit) -> BTreeSet<Role> {
    visit.entries("roles").filter_map(Role::from_word).collect()
}

fn person(visit: &Visit) -> Outcome<(PersonId, u64)> {
    Ok((visit.parsed("person")?, visit.parsed("seen")?))
}

/// Invites a person.
#[server(prefix = "/do", endpoint = "invite_person")]
pub async fn invite_person() -> Result<(), Refused> {
    carry_out("invite_person", async move |visit| {
        let invitation = Invitation {
            name: visit.entry("name").to_owned(),
            username: visit.entry("username").to_owned(),
            email: visit.entry("email").to_owned(),
            organisation: visit.entry("organisation").to_owned(),
            roles: roles(&visit),
            combination: visit.entry("combination").to_owned(),
        };
        let invited = commands::invite_person(&visit.desk, visit.caller()?, invitation).await?;
        Ok(after(invited.person, invited.given, "person-invited"))
    })
    .await
}

/// Gives a person exactly the roles ticked.
#[server(prefix = "/do", endpoint = "set_roles")]
pub async fn set_roles() -> Result<(), Refused> {
    carry_out("set_roles", async move |visit| {
        let (person, seen) = person(&visit)?;
        let caller = visit.caller()?;
        let change = RoleChange {
            roles: roles(&visit),
            reason: visit.entry("reason").to_owned(),
            combination: visit.entry("combination").to_owned(),
        };
        let given = commands::set_roles(&visit.desk, caller, person, &change, seen).await?;
        Ok(after(person, given, "roles-changed"))
    })
    .await
}

/// Disables an account and ends its sessions.
#[server(prefix = "/do", endpoint = "disable_person")]
pub async fn disable_person() -> Result<(), Refused> {
    carry_out("disable_person", async move |visit| {
        let (person, seen) = person(&visit)?;
        let reason = visit.entry("reason");
        commands::disable_person(&visit.desk, visit.caller()?, person, seen, reason).await?;
        Ok(format!("/admin/people/{person}?done=account-disabled"))
    })
    .await
}

/// Lets a disabled person sign in again.
#[server(prefix = "/do", endpoint = "enable_person")]
pub async fn enable_person() -> Result<(), Refused> {
    carry_out("enable_person", async move |visit| {
        let (person, seen) = person(&visit)?;
        let reason = visit.entry("reason");
        let caller = visit.caller()?;
        let given = commands::enable_person(&visit.desk, caller, person, seen, reason).await?;
        Ok(after(person, given, "account-enabled"))
    })
    .await
}

/// Confirms what another admin asked for.
#[server(prefix = "/do", endpoint = "confirm_roles")]
pub async fn confirm_roles() -> Result<(), Refused> {
    carry_out("confirm_roles", async move |visit| {
        let request = visit.parsed("request")?;
        let person = commands::confirm_roles(&visit.desk, visit.caller()?, request).await?;
        Ok(format!("/admin/people/{person}?done=request-confirmed"))
    })
    .await
}

/// Refuses what another admin asked for, or takes back what one asked for oneself.
#[server(prefix = "/do", endpoint = "refuse_roles")]
pub async fn refuse_roles() -> Result<(), Refused> {
    carry_out("refuse_roles", async move |visit| {
        let request = visit.parsed("request")?;
        let reason = visit.entry("reason");
        let person = commands::refuse_roles(&visit.desk, visit.caller()?, request, reason).await?;
        Ok(format!("/admin/people/{person}?done=request-refused"))
    })
    .await
}

/// The person's page, with what has happened there.
fn after(person: PersonId, given: Given, done: &str) -> String {
    let done = match given {
        Given::Now => done,
        Given::Waits => "waits-for-a-second-admin",
    };
    format!("/admin/people/{person}?done={done}")
}

/// Publishes the next version of an agreement.
#[server(prefix = "/do", endpoint = "publish_agreement")]
pub async fn publish_agreement() -> Result<(), Refused> {
    carry_out("publish_agreement", async move |visit| {
        let kind = visit.entry("kind");
        let seen = visit.parsed("seen")?;
        let caller = visit.caller()?;
        let body = visit.entry("body");
        let version = commands::publish_agreement(&visit.desk, caller, kind, body, seen).await?;
        Ok(format!(
            "/admin/agreements/{kind}/{version}?done=agreement-published"
        ))
    })
    .await
}

/// Publishes the next version of a form or checklist.
#[server(prefix = "/do", endpoint = "publish_template")]
pub async fn publish_template() -> Result<(), Refused> {
    carry_out("publish_template", async move |visit| {
        let kind = visit.entry("kind");
        let seen = visit.parsed("seen")?;
        let caller = visit.caller()?;
        let body = visit.entry("body");
        let version = commands::publish_template(&visit.desk, caller, kind, body, seen).await?;
        Ok(format!(
            "/admin/checklists/{kind}/{version}?done=template-published"
        ))
    })
    .await
}

/// Has a letter that was given up sent again.
#[server(prefix = "/do", endpoint = "retry_mail")]
pub async fn retry_mail() -> Result<(), Refused> {
    carry_out("retry_mail", async move |visit| {
        let letter = visit.entry("letter").parse().map_err(|_| Error::NotFound)?;
        commands::retry_mail(&visit.desk, visit.caller()?, letter).await?;
        Ok("/admin/mail?state=dead&done=letter-goes-out-again".to_owned())
    })
    .await
}

/// Changes a setting.
#[server(prefix = "/do", endpoint = "set_setting")]
pub async fn set_setting() -> Result<(), Refused> {
    carry_out("set_setting", async move |visit| {
        let entry = |name| visit.entry(name);
        commands::set_setting(
            &visit.desk,
            visit.caller()?,
            entry("key"),
            entry("value"),
            entry("from"),
            entry("reason"),
            entry("seen"),
        )
        .await?;
        Ok("/admin/settings?done=setting-changed".to_owned())
    })
    .await
}
