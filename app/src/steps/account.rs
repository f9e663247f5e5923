//! Registration, sign-in and sign-out, passwords.

use crate::{
    refused::Refused,
    web::{carry_out, is_local_path},
};
use axum::http::{HeaderValue, header};
use casework::{
    Error, Result,
    accounts::{self, Registration},
};
use leptos::{prelude::*, server};
use leptos_axum::ResponseOptions;

/// Sets or, with an empty secret, clears the session cookie.
fn set_session_cookie(visit: &crate::web::Visit, secret: &str) -> Result<()> {
    let cookie = visit.mode.session_cookie(secret);
    let value = HeaderValue::from_str(&cookie).map_err(Error::unavailable)?;
    if let Some(options) = use_context::<ResponseOptions>() {
        options.append_header(header::SET_COOKIE, value);
    }
    Ok(())
}

fn after_sign_in(next: &str) -> String {
    if is_local_path(next) {
        next.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Signs in by username or email.
#[server(prefix = "/do", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] username: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), Refused> {
    carry_out("sign_in", async move |visit| {
        let secret = accounts::sign_in(&visit.desk, &username, &password, &visit.origin).await?;
        set_session_cookie(&visit, &secret)?;
        Ok(after_sign_in(&next))
    })
    .await
}

/// Signs one of the demo's people in; on a demo alone.
#[server(prefix = "/do", endpoint = "demo_sign_in")]
pub async fn demo_sign_in(
    #[server(default)] username: String,
    #[server(default)] next: String,
) -> Result<(), Refused> {
    carry_out("demo_sign_in", async move |visit| {
        if !visit.mode.demo {
            return Err(Error::NotFound);
        }
        let secret = accounts::sign_in_for_demo(&visit.desk, &username, &visit.origin).await?;
        set_session_cookie(&visit, &secret)?;
        Ok(after_sign_in(&next))
    })
    .await
}

/// Ends the session.
#[server(prefix = "/do", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), Refused> {
    carry_out("sign_out", async move |visit| {
        if let Some(secret) = &visit.session_secret {
            accounts::sign_out(&visit.desk, secret).await?;
        }
        set_session_cookie(&visit, "")?;
        Ok("/sign-in?done=signed-out".to_owned())
    })
    .await
}

/// Registers a developer.
#[server(prefix = "/do", endpoint = "register")]
pub async fn register(
    #[server(default)] name: String,
    #[server(default)] organisation: String,
    #[server(default)] username: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] agreement: String,
    #[server(default)] agreement_version: String,
) -> Result<(), Refused> {
    carry_out("register", async move |visit| {
        let registration = Registration {
            name,
            organisation,
            username,
            email,
            password,
            agreement: (agreement == "yes")
                .then(|| agreement_version.parse().ok())
                .flatten(),
        };
        accounts::register(&visit.desk, registration, &visit.origin.address).await?;
        Ok("/register/sent".to_owned())
    })
    .await
}

/// Verifies an email address by the link's secret.
#[server(prefix = "/do", endpoint = "verify_email")]
pub async fn verify_email(#[server(default)] token: String) -> Result<(), Refused> {
    carry_out("verify_email", async move |visit| {
        accounts::verify_email(&visit.desk, &token, &visit.origin).await?;
        Ok("/sign-in?done=email-verified".to_owned())
    })
    .await
}

/// Asks for a link to a new password.
#[server(prefix = "/do", endpoint = "request_reset")]
pub async fn request_reset(#[server(default)] email: String) -> Result<(), Refused> {
    carry_out("request_reset", async move |visit| {
        accounts::request_reset(&visit.desk, &email, &visit.origin.address).await?;
        Ok("/forgot/sent".to_owned())
    })
    .await
}

/// Sets a new password by a reset link.
#[server(prefix = "/do", endpoint = "reset_password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), Refused> {
    carry_out("reset_password", async move |visit| {
        accounts::reset_password(&visit.desk, &token, password, &visit.origin).await?;
        Ok("/sign-in?done=password-changed".to_owned())
    })
    .await
}

/// Sets the first password by an invitation.
#[server(prefix = "/do", endpoint = "accept_invitation")]
pub async fn accept_invitation(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), Refused> {
    carry_out("accept_invitation", async move |visit| {
        accounts::accept_invitation(&visit.desk, &token, password, &visit.origin).await?;
        Ok("/sign-in?done=password-set".to_owned())
    })
    .await
}
