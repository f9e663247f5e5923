//! Steps on one's own account.

use super::apps::{cookie_for, secret_cookie};
use crate::web::{Done, Next, Step, Visit, carry_on};
use casework::{
    Error, Result,
    accounts::{Secrets, SignWithPasskeyInput, answered},
    commands::{
        self, AddPasskeyInput, BeginPasskeyInput, BeginSecondFactorInput, CancelEmailChangeInput,
        ChangeEmailInput, ChangePasswordInput, ChangeProfileInput, ChangeUsernameInput,
        ChooseLettersInput, CloseAccountInput, ConfirmEmailInput, ConfirmSecondFactorInput,
        EmailConfirmed, EndOtherSessionsInput, EndSecondFactorInput, EndSessionInput,
        RemovePasskeyInput, RenamePasskeyInput, RenewRecoveryCodesInput, Secret, SetKeysInput,
    },
};

/// The page that shows new recovery codes.
pub const CODES_PAGE: &str = "/account/second-factor/codes";

const FACTOR_PAGE: &str = "/account/second-factor";

/// Where the own passkeys are.
pub const PASSKEYS_PAGE: &str = "/account/passkeys";

/// The page that asks the browser to make a passkey.
pub const NEW_PASSKEY_PAGE: &str = "/account/passkeys/new";

/// The page that asks the browser's passkey to sign.
pub const SIGN_PAGE: &str = "/account/sign";

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(change_profile),
        Step::new(change_username),
        Step::new(change_password),
        Step::new(end_session),
        Step::new(end_other_sessions),
        Step::new(choose_letters),
        Step::new(set_keys),
        Step::new(close_account).signed(),
        Step::new(change_email).signed(),
        Step::new(cancel_email_change),
        Step::new(confirm_email),
        Step::new(begin_second_factor),
        Step::new(confirm_second_factor),
        Step::new(end_second_factor),
        Step::new(renew_recovery_codes),
        Step::new(begin_passkey),
        Step::new(add_passkey),
        Step::new(rename_passkey),
        Step::new(remove_passkey),
        Step::new(sign_with_passkey),
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
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    commands::change_email(&visit.desk, visit.caller()?, &input.email, given).await?;
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
        // Whoever is signed in here may be somebody else.
        EmailConfirmed::Changed => Ok(Next::to("/account/email/changed")),
    }
}

/// Shows a secret for an authenticator app.
async fn begin_second_factor(visit: Visit, input: BeginSecondFactorInput) -> Result<Next> {
    let password = input.password.reveal();
    commands::begin_second_factor(&visit.desk, visit.caller()?, password).await?;
    Ok(Next::to(FACTOR_PAGE))
}

/// Turns the app on and shows the recovery codes.
async fn confirm_second_factor(visit: Visit, input: ConfirmSecondFactorInput) -> Result<Next> {
    let caller = visit.caller()?;
    let code = input.code.reveal();
    let made = commands::confirm_second_factor(&visit.desk, caller, code).await;
    to_codes(&visit, made, Done::SecondFactorOn)
}

/// To the page that shows new recovery codes, also of the second of two clicks.
fn to_codes(visit: &Visit, made: Result<Secret>, done: Done) -> Result<Next> {
    let secret = match made {
        Err(Error::Before) => {
            commands::recovery_secret_made_before(&visit.desk).ok_or(Error::Before)?
        }
        made => made?,
    };
    let cookie = secret_cookie(visit, CODES_PAGE, Some(&secret));
    Ok(Next::to(CODES_PAGE).saying(done).cookie(cookie))
}

/// Makes recovery codes anew and shows them.
async fn renew_recovery_codes(visit: Visit, input: RenewRecoveryCodesInput) -> Result<Next> {
    let (caller, password) = (visit.caller()?, input.password.reveal());
    let made = commands::renew_recovery_codes(&visit.desk, caller, password).await;
    to_codes(&visit, made, Done::RecoveryCodesMade)
}

/// Gives this browser a challenge for a new passkey.
async fn begin_passkey(visit: Visit, input: BeginPasskeyInput) -> Result<Next> {
    let (name, password) = (&input.name, input.password.reveal());
    let (caller, browser) = (visit.caller()?, &visit.browser);
    let secret = commands::begin_passkey(&visit.desk, caller, name, password, browser).await?;
    Ok(Next::to(NEW_PASSKEY_PAGE).cookie(cookie_for(&visit, NEW_PASSKEY_PAGE, &secret)))
}

/// Adds the passkey that the browser made; shows the recovery codes where it is the first second
/// factor.
async fn add_passkey(visit: Visit, input: AddPasskeyInput) -> Result<Next> {
    let (secret, answer) = (input.token.reveal(), input.credential.reveal());
    let (caller, browser) = (visit.caller()?, &visit.browser);
    let added = commands::add_passkey(&visit.desk, caller, secret, answer, browser).await?;
    let spent = cookie_for(&visit, NEW_PASSKEY_PAGE, "");
    let next = match added {
        Some(codes) => to_codes(&visit, Ok(codes), Done::PasskeyAdded)?,
        None => Next::to(PASSKEYS_PAGE).saying(Done::PasskeyAdded),
    };
    Ok(next.cookie(spent))
}

/// Gives a passkey another name.
async fn rename_passkey(visit: Visit, input: RenamePasskeyInput) -> Result<Next> {
    let (caller, id) = (visit.caller()?, input.passkey);
    commands::rename_passkey(&visit.desk, caller, id, &input.name).await?;
    Ok(Next::to(PASSKEYS_PAGE).saying(Done::PasskeyRenamed))
}

/// Removes a passkey.
async fn remove_passkey(visit: Visit, input: RemovePasskeyInput) -> Result<Next> {
    let (caller, id) = (visit.caller()?, input.passkey);
    commands::remove_passkey(&visit.desk, caller, id, input.password.reveal()).await?;
    Ok(Next::to(PASSKEYS_PAGE).saying(Done::PasskeyRemoved))
}

/// Carries out the form that a passkey has signed.
async fn sign_with_passkey(visit: Visit, input: SignWithPasskeyInput) -> Result<Next> {
    let (secret, answer) = (input.token.reveal(), input.credential.reveal());
    let (caller, browser) = (visit.caller()?, &visit.browser);
    let (form, desk) = answered(&visit.desk, caller, secret, answer, browser).await?;
    let spent = cookie_for(&visit, SIGN_PAGE, "");
    let signed = Visit { desk, ..visit };
    Ok(carry_on(signed, form).await?.cookie(spent))
}

/// Turns the app off.
async fn end_second_factor(visit: Visit, input: EndSecondFactorInput) -> Result<Next> {
    let (password, code) = (input.password.reveal(), input.code.reveal());
    commands::end_second_factor(&visit.desk, visit.caller()?, password, code).await?;
    Ok(Next::to(FACTOR_PAGE).saying(Done::SecondFactorOff))
}

/// Switches the keys that are pressed alone on or off.
async fn set_keys(visit: Visit, input: SetKeysInput) -> Result<Next> {
    commands::set_keys(&visit.desk, visit.caller()?, &input).await?;
    to_account(Done::KeysSet)
}

/// Chooses when letters come.
async fn choose_letters(visit: Visit, input: ChooseLettersInput) -> Result<Next> {
    commands::choose_letters(&visit.desk, visit.caller()?, &input.chosen()?).await?;
    to_account(Done::LettersChosen)
}

/// Closes the account; nobody is signed in afterwards.
async fn close_account(visit: Visit, input: CloseAccountInput) -> Result<Next> {
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    commands::close_account(&visit.desk, visit.caller()?, given).await?;
    let cookie = visit.mode.session_cookie("");
    Ok(Next::to("/sign-in")
        .saying(Done::AccountClosed)
        .cookie(cookie))
}
