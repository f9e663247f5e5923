//! Steps on apps.

use crate::{
    refused::Refused,
    web::{Visit, carry_out},
};
use axum::http::{HeaderValue, header};
use casework::{
    Error, Result,
    commands::{self, AppText, Authority, Created, Once, Secret},
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

/// Adds a member to an app.
#[server(prefix = "/do", endpoint = "add_member")]
pub async fn add_member() -> Result<(), Refused> {
    carry_out("add_member", async move |visit| {
        let app: AppId = visit.parsed("app")?;
        let person = visit.entry("person");
        let authority = authority(&visit);
        commands::add_member(&visit.desk, visit.caller()?, app, person, authority).await?;
        Ok(format!("/apps/{app}/members?done=member-added"))
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
        commands::change_member(&visit.desk, visit.caller()?, app, person, authority).await?;
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
