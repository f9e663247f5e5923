//! Steps on one's own account.

use super::apps::secret_cookie;
use crate::web::{Done, Next, Step, Visit};
use casework::{
    Error, Result,
    commands::{
        self, BeginSecondFactorInput, CancelEmailChangeInput, ChangeEmailInput,
        ChangePasswordInput, ChangeProfileInput, ChangeUsernameInput, ChooseLettersInput,
        CloseAccountInput, ConfirmEmailInput, ConfirmSecondFactorInput, EmailConfirmed,
        EndOtherSessionsInput, EndSecondFactorInput, EndSessionInput,
    },
};

/// The page that shows recovery codes once.
pub const CODES_PAGE: &str = "/account/second-factor/codes";

const FACTOR_PAGE: &str = "/account/second-factor";

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(change_profile),
        Step::new(change_username),
        Step::new(change_password),
        Step::new(end_session),
        Step::new(end_other_sessions),
        Step::new(choose_letters),
        Step::new(close_account),
        Step::new(change_email),
        Step::new(cancel_email_change),
        Step::new(confirm_email),
        Step::new(begin_second_factor),
        Step::new(confirm_second_factor),
        Step::new(end_second_factor),
    ]
}

fn to_account(done: Done) -> Result<Next> {
    Ok(Next::to("/account").saying(done))
}

/// Changes name and organisation.
async fn change_profile(visit: Visit, input: ChangeProfileInput) -> Result<Next> {
    let (name, organisation) = (&input.name, &input.organisation);
    commands::change_profile(&visit.desk, visit.caller()?, name, organisation).await?;
    to_account(Done::ProfileChanged)
}

/// Changes the username.
async fn change_username(visit: Visit, input: ChangeUsernameInput) -> Result<Next> {
    let password = input.password.reveal();
    commands::change_username(&visit.desk, visit.caller()?, &input.username, password).await?;
    to_account(Done::UsernameChanged)
}

/// Changes the password.
async fn change_password(visit: Visit, input: ChangePasswordInput) -> Result<Next> {
    let (present, new) = (input.password.reveal(), input.new_password.reveal());
    let own = visit.session_secret.as_deref();
    commands::change_password(&visit.desk, visit.caller()?, present, new, own).await?;
    to_account(Done::OwnPasswordChanged)
}

/// Ends one session.
async fn end_session(visit: Visit, input: EndSessionInput) -> Result<Next> {
    commands::end_session(&visit.desk, visit.caller()?, &input.session).await?;
    to_account(Done::SessionEnded)
}

/// Ends all sessions but this one.
async fn end_other_sessions(visit: Visit, _: EndOtherSessionsInput) -> Result<Next> {
    let own = visit.session_secret.as_deref();
    commands::end_other_sessions(&visit.desk, visit.caller()?, own).await?;
    to_account(Done::OtherSessionsEnded)
}

/// Asks both addresses to confirm the new one.
async fn change_email(visit: Visit, input: ChangeEmailInput) -> Result<Next> {
    let (password, address) = (input.password.reveal(), &visit.origin.address);
    let caller = visit.caller()?;
    commands::change_email(&visit.desk, caller, &input.email, password, address).await?;
    Ok(Next::to("/account/email").saying(Done::LinksSent))
}

/// Keeps the present address.
async fn cancel_email_change(visit: Visit, _: CancelEmailChangeInput) -> Result<Next> {
    commands::cancel_email_change(&visit.desk, visit.caller()?).await?;
    Ok(Next::to("/account/email").saying(Done::EmailKept))
}

/// Confirms a new address by a link.
async fn confirm_email(visit: Visit, input: ConfirmEmailInput) -> Result<Next> {
    let token = input.token.reveal();
    match commands::confirm_email(&visit.desk, token, &visit.origin).await? {
        EmailConfirmed::Half => Ok(Next::to("/account/email/confirmed")),
        EmailConfirmed::Changed => to_account(Done::EmailChanged),
    }
}

/// Shows a secret for an authenticator app.
async fn begin_second_factor(visit: Visit, input: BeginSecondFactorInput) -> Result<Next> {
    let password = input.password.reveal();
    commands::begin_second_factor(&visit.desk, visit.caller()?, password).await?;
    Ok(Next::to(FACTOR_PAGE))
}

/// Turns the second factor on and shows the recovery codes; also to the second of two clicks, whose
/// answer alone a browser shows.
async fn confirm_second_factor(visit: Visit, input: ConfirmSecondFactorInput) -> Result<Next> {
    let caller = visit.caller()?;
    let code = input.code.reveal();
    let secret = match commands::confirm_second_factor(&visit.desk, caller, code).await {
        Ok(secret) => secret,
        Err(Error::Before) => {
            commands::recovery_secret_made_before(&visit.desk).ok_or(Error::Before)?
        }
        Err(error) => return Err(error),
    };
    let cookie = secret_cookie(&visit, CODES_PAGE, Some(&secret));
    Ok(Next::to(CODES_PAGE)
        .saying(Done::SecondFactorOn)
        .cookie(cookie))
}

/// Turns the second factor off.
async fn end_second_factor(visit: Visit, input: EndSecondFactorInput) -> Result<Next> {
    let (password, code) = (input.password.reveal(), input.code.reveal());
    commands::end_second_factor(&visit.desk, visit.caller()?, password, code).await?;
    Ok(Next::to(FACTOR_PAGE).saying(Done::SecondFactorOff))
}

/// Chooses which letters come.
async fn choose_letters(visit: Visit, input: ChooseLettersInput) -> Result<Next> {
    commands::choose_letters(&visit.desk, visit.caller()?, &input.topics).await?;
    to_account(Done::LettersChosen)
}

/// Closes the account; nobody is signed in afterwards.
async fn close_account(visit: Visit, input: CloseAccountInput) -> Result<Next> {
    let password = input.password.reveal();
    commands::close_account(&visit.desk, visit.caller()?, password).await?;
    let cookie = visit.mode.session_cookie("");
    Ok(Next::to("/sign-in")
        .saying(Done::AccountClosed)
        .cookie(cookie))
}
