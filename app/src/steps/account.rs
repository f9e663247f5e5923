//! Registration, sign-in and sign-out, passwords.

use super::apps::cookie_for;
use crate::web::{Done, Next, Step, Visit, encode, own_page, resume};
use casework::{
    Error, Result,
    accounts::{
        self, AcceptInvitationInput, BeginPasskeyCodeInput, BeginPasskeySignInInput,
        DemoSignInInput, RegisterInput, Registration, RequestResetInput, ResetPasswordInput,
        SignInCodeInput, SignInInput, SignInPasskeyInput, SignOutInput, UsedBy, VerifyEmailInput,
    },
};

/// The page that asks for the code of a second factor.
pub(crate) const CODE_PAGE: &str = "/sign-in/code";

/// The page that says where the link of a registration was sent.
pub(crate) const SENT_PAGE: &str = "/register/sent";

/// The page that asks the browser for a passkey.
const PASSKEY_PAGE: &str = "/sign-in/passkey";

/// The cookie that carries an attempt to sign in to that page; one that clears it where there is
/// none.
fn attempt_cookie(visit: &Visit, attempt: &str) -> String {
    cookie_for(visit, CODE_PAGE, attempt)
}

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(sign_in),
        Step::new(sign_in_code),
        Step::new(begin_passkey_sign_in),
        Step::new(begin_passkey_code),
        Step::new(sign_in_passkey),
        Step::new(demo_sign_in),
        Step::new(sign_out),
        Step::new(register),
        Step::new(verify_email),
        Step::new(request_reset),
        Step::new(reset_password),
        Step::new(accept_invitation),
    ]
}

/// Goes on with the new session: what was sent too late is carried out or shown.
async fn signed_in(visit: &Visit, secret: &str, next: Option<&str>) -> Result<Next> {
    let session = accounts::find_session(&visit.desk, secret, UsedBy::Person).await?;
    let visit = Visit {
        session,
        ..visit.clone()
    };
    let next = next.and_then(own_page).unwrap_or("/").to_owned();
    let next = resume(&visit, next).await;
    Ok(Next::to(next).cookie(visit.mode.session_cookie(secret)))
}

/// Signs in by username or email.
async fn sign_in(visit: Visit, input: SignInInput) -> Result<Next> {
    let password = input.password.reveal();
    let entered = accounts::sign_in(&visit.desk, &input.username, password, &visit.origin).await?;
    if entered.asks_code {
        let page = with_next(CODE_PAGE, input.next.as_deref());
        let cookie = attempt_cookie(&visit, &entered);
        return Ok(Next::to(page).cookie(cookie));
    }
    signed_in(&visit, &entered, input.next.as_deref()).await
}

/// Signs in with the code of a second factor, after the password.
async fn sign_in_code(visit: Visit, input: SignInCodeInput) -> Result<Next> {
    let (attempt, code) = (input.token.reveal(), input.code.reveal());
    let secret = accounts::sign_in_code(&visit.desk, attempt, code, &visit.origin).await?;
    let next = signed_in(&visit, &secret, input.next.as_deref()).await?;
    Ok(next.cookie(attempt_cookie(&visit, "")))
}

/// A page on the way in, which knows where to go then.
pub(crate) fn with_next(page: &str, next: Option<&str>) -> String {
    next.and_then(own_page).map_or_else(
        || page.to_owned(),
        |next| format!("{page}?next={}", encode(next)),
    )
}

/// Gives this browser a challenge for a passkey.
async fn begin_passkey_sign_in(visit: Visit, input: BeginPasskeySignInInput) -> Result<Next> {
    let (origin, browser) = (&visit.origin, &visit.browser);
    let secret = accounts::begin_passkey_sign_in(&visit.desk, origin, browser).await?;
    Ok(to_passkey(&visit, &secret, input.next.as_deref(), ""))
}

/// The same after the password.
async fn begin_passkey_code(visit: Visit, input: BeginPasskeyCodeInput) -> Result<Next> {
    let (origin, browser) = (&visit.origin, &visit.browser);
    let attempt = input.token.reveal();
    let secret = accounts::begin_passkey_code(&visit.desk, attempt, origin, browser).await?;
    Ok(to_passkey(
        &visit,
        &secret,
        input.next.as_deref(),
        AFTER_PASSWORD,
    ))
}

/// How the page of a passkey is told that a code will do too.
pub(crate) const AFTER_PASSWORD: &str = "after-password";

fn to_passkey(visit: &Visit, secret: &str, next: Option<&str>, after: &str) -> Next {
    let mut page = with_next(PASSKEY_PAGE, next);
    if !after.is_empty() {
        let join = if page.contains('?') { '&' } else { '?' };
        page = format!("{page}{join}{after}");
    }
    Next::to(page).cookie(cookie_for(visit, PASSKEY_PAGE, secret))
}

/// Signs in by a passkey.
async fn sign_in_passkey(visit: Visit, input: SignInPasskeyInput) -> Result<Next> {
    let (secret, answer) = (input.token.reveal(), input.credential.reveal());
    let (origin, browser) = (&visit.origin, &visit.browser);
    let secret = accounts::sign_in_passkey(&visit.desk, secret, answer, origin, browser).await?;
    let next = signed_in(&visit, &secret, input.next.as_deref()).await?;
    Ok(next
        .cookie(cookie_for(&visit, PASSKEY_PAGE, ""))
        .cookie(attempt_cookie(&visit, "")))
}

/// Signs one of the demo's people in; on a demo alone.
async fn demo_sign_in(visit: Visit, input: DemoSignInInput) -> Result<Next> {
    if !visit.mode.demo {
        return Err(Error::NotFound);
    }
    let secret = accounts::sign_in_for_demo(&visit.desk, &input.username, &visit.origin).await?;
    signed_in(&visit, &secret, input.next.as_deref()).await
}

/// Ends the session.
async fn sign_out(visit: Visit, _: SignOutInput) -> Result<Next> {
    if let Some(secret) = &visit.session_secret {
        accounts::sign_out(&visit.desk, secret).await?;
    }
    let cookie = visit.mode.session_cookie("");
    Ok(Next::to("/sign-in").saying(Done::SignedOut).cookie(cookie))
}

/// Registers a developer.
async fn register(visit: Visit, input: RegisterInput) -> Result<Next> {
    let registration = Registration {
        name: input.name,
        organisation: input.organisation,
        username: input.username,
        email: input.email,
        password: input.password.reveal().to_owned(),
        agreement: input.agreement_version.filter(|_| input.agreement),
    };
    let address = encode(workflow::text::line(&registration.email).as_str());
    let told = cookie_for(&visit, SENT_PAGE, &address);
    accounts::register(&visit.desk, registration, &visit.origin.address).await?;
    Ok(Next::to(SENT_PAGE).cookie(told))
}

/// Verifies an email address by the link's secret.
async fn verify_email(visit: Visit, input: VerifyEmailInput) -> Result<Next> {
    accounts::verify_email(&visit.desk, input.token.reveal(), &visit.origin).await?;
    Ok(Next::to("/sign-in").saying(Done::EmailVerified))
}

/// Asks for a link to a new password.
async fn request_reset(visit: Visit, input: RequestResetInput) -> Result<Next> {
    accounts::request_reset(&visit.desk, &input.email, &visit.origin.address).await?;
    Ok(Next::to("/forgot/sent"))
}

/// Sets a new password by a reset link.
async fn reset_password(visit: Visit, input: ResetPasswordInput) -> Result<Next> {
    let password = input.password.reveal().to_owned();
    accounts::reset_password(&visit.desk, input.token.reveal(), password, &visit.origin).await?;
    Ok(Next::to("/sign-in").saying(Done::PasswordChanged))
}

/// Sets the first password by an invitation.
async fn accept_invitation(visit: Visit, input: AcceptInvitationInput) -> Result<Next> {
    let password = input.password.reveal().to_owned();
    accounts::accept_invitation(&visit.desk, input.token.reveal(), password, &visit.origin).await?;
    Ok(Next::to("/sign-in").saying(Done::PasswordSet))
}
