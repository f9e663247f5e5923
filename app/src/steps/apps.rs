//! Steps on apps.

use crate::{
    refused::Refused,
    web::{Visit, carry_out},
};
use axum::http::{HeaderValue, header};
use casework::{
    Error, Result,
    commands::{self, Answer, AppText, Authority, Created, Once, Secret},
};
use leptos::{prelude::*, server};
use leptos_axum::ResponseOptions;
use workflow::{AppId, state::AccessLevel};

/// The cookie that carries a new secret to the one page that shows it. The desk itself keeps the
/// hash alone.
pub const SECRET_COOKIE: &str = "ud-secret";

/// The page that shows a new secret.
pub fn secret_page(app: AppId) -> String {
    format!("/apps/{app}/secret")
}

/// Sets the cookie of a new secret; clears it where there is none.
pub fn set_secret_cookie(visit: &Visit, app: AppId, secret: Option<&Secret>) -> Result<()> {
    let value = secret.map_or("", Secret::reveal);
    let age = if secret.is_some() { 300 } else { 0 };
    let secure = if visit.mode.secure { "; Secure" } else { "" };
    let cookie = format!(
        "{SECRET_COOKIE}={value}; Path={}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}",
        secret_page(app)
    );
    let cookie = HeaderValue::from_str(&cookie).map_err(Error::unavailable)?;
    if let Some(options) = use_context::<ResponseOptions>() {
        options.append_header(header::SET_COOKIE, cookie);
    }
    Ok(())
}

fn once(visit: &Visit) -> Option<Once> {
    Once::parse(visit.entry("once"))
}

fn app_text(visit: &Visit) -> AppText {
    let text = |name| visit.entry(name).to_owned();
    AppText {
        name: text("name"),
        organisation: text("organisation"),
        description: text("description"),
        website: text("website"),
    }
}

fn authority(visit: &Visit) -> Authority {
    Authority {
        owner: visit.entry("owner") == "yes",
        may_sign: visit.entry("may_sign") == "yes",
    }
}

/// Creates an app and shows its secret.
#[server(prefix = "/do", endpoint = "create_app")]
pub async fn create_app() -> Result<(), Refused> {
    carry_out("create_app", async move |visit| {
        let caller = visit.caller()?;
        let once = once(&visit);
        let created =
            commands::create_app(&visit.desk, caller, &app_text(&visit), once.as_ref()).await?;
        Ok(match created {
            Created::Now { app, secret } => {
                set_secret_cookie(&visit, app, Some(&secret))?;
                format!("{}?done=app-created", secret_page(app))
            }
            Created::Before => "/apps?done=app-created".to_owned(),
        })
    })
    .await
}

/// Edits an app.
#[server(prefix = "/do", endpoint = "edit_app")]
pub async fn edit_app() -> Result<(), Refused> {
    carry_out("edit_app", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let seen = visit.entry("version").parse().unwrap_or(0);
        commands::edit_app(&visit.desk, visit.caller()?, app, &app_text(&visit), seen).await?;
        Ok(format!("/apps/{app}?done=app-saved"))
    })
    .await
}

/// Invites someone to become a member of an app.
#[server(prefix = "/do", endpoint = "invite_member")]
pub async fn invite_member() -> Result<(), Refused> {
    carry_out("invite_member", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let person = visit.entry("person");
        let authority = authority(&visit);
        commands::invite_member(&visit.desk, visit.caller()?, app, person, authority).await?;
        Ok(format!("/apps/{app}/members?done=invitation-noted"))
    })
    .await
}

/// Withdraws an invitation.
#[server(prefix = "/do", endpoint = "withdraw_invitation")]
pub async fn withdraw_invitation() -> Result<(), Refused> {
    carry_out("withdraw_invitation", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let invitation = visit.parsed("invitation")?;
        commands::withdraw_invitation(&visit.desk, visit.caller()?, app, invitation).await?;
        Ok(format!("/apps/{app}/members?done=invitation-withdrawn"))
    })
    .await
}

/// Accepts an invitation to become a member of an app.
#[server(prefix = "/do", endpoint = "accept_membership")]
pub async fn accept_membership() -> Result<(), Refused> {
    carry_out("accept_membership", async move |visit| {
        let invitation = visit.parsed("invitation")?;
        let caller = visit.caller()?;
        let app =
            commands::answer_invitation(&visit.desk, caller, invitation, Answer::Accept).await?;
        Ok(format!("/apps/{app}?done=invitation-accepted"))
    })
    .await
}

/// Declines an invitation to become a member of an app.
#[server(prefix = "/do", endpoint = "decline_membership")]
pub async fn decline_membership() -> Result<(), Refused> {
    carry_out("decline_membership", async move |visit| {
        let invitation = visit.parsed("invitation")?;
        let caller = visit.caller()?;
        commands::answer_invitation(&visit.desk, caller, invitation, Answer::Decline).await?;
        Ok("/apps?done=invitation-declined".to_owned())
    })
    .await
}

/// Ends the own membership of an app.
#[server(prefix = "/do", endpoint = "leave_app")]
pub async fn leave_app() -> Result<(), Refused> {
    carry_out("leave_app", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        commands::leave_app(&visit.desk, visit.caller()?, app).await?;
        Ok("/apps?done=app-left".to_owned())
    })
    .await
}

/// Changes what a member may do.
#[server(prefix = "/do", endpoint = "change_member")]
pub async fn change_member() -> Result<(), Refused> {
    carry_out("change_member", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let person = visit.parsed("member")?;
        let authority = authority(&visit);
        let seen = visit.entry("version").parse().unwrap_or(0);
        commands::change_member(&visit.desk, visit.caller()?, app, person, authority, seen).await?;
        Ok(format!("/apps/{app}/members?done=member-changed"))
    })
    .await
}

/// Removes a member from an app.
#[server(prefix = "/do", endpoint = "remove_member")]
pub async fn remove_member() -> Result<(), Refused> {
    carry_out("remove_member", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let person = visit.parsed("member")?;
        commands::remove_member(&visit.desk, visit.caller()?, app, person).await?;
        Ok(format!("/apps/{app}/members?done=member-removed"))
    })
    .await
}

/// Replaces the client secret and shows the new one.
#[server(prefix = "/do", endpoint = "replace_secret")]
pub async fn replace_secret() -> Result<(), Refused> {
    carry_out("replace_secret", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let once = once(&visit);
        let secret =
            commands::replace_secret(&visit.desk, visit.caller()?, app, once.as_ref()).await?;
        if let Some(secret) = &secret {
            set_secret_cookie(&visit, app, Some(secret))?;
        }
        Ok(format!("{}?done=secret-replaced", secret_page(app)))
    })
    .await
}

/// Starts an application.
#[server(prefix = "/do", endpoint = "start")]
pub async fn start() -> Result<(), Refused> {
    carry_out("start", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let level = AccessLevel::from_word(visit.entry("level")).ok_or(Error::NotFound)?;
        let once = once(&visit);
        let number =
            commands::start(&visit.desk, visit.caller()?, app, level, once.as_ref()).await?;
        Ok(format!("/applications/{number}/form"))
    })
    .await
}
