//! Set up an authenticator app and turn it off, make recovery codes anew; an admin resets somebody
//! else's second factor.

use super::{own_step::OwnStep, person_step::PersonStep};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{self, verify_password},
    apps::commands::Secret,
    entities::{people, second_factors},
    input::input,
    limits::{self, CODE_ACCOUNT},
    people::{AccountLetter, FactorNews, post_to_person, second_factor},
    typed,
};
use sea_orm::{EntityTrait, Set};
use serde_json::json;
use workflow::PersonId;

input! {
    /// The password, before a secret is shown.
    pub struct BeginSecondFactorInput for "begin_second_factor" OnDesk {
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
    }
}

input! {
    /// The first code of the app.
    pub struct ConfirmSecondFactorInput for "confirm_second_factor" OnDesk {
        secret code = "Code" up to 40;
    }
}

input! {
    /// Password and code.
    pub struct EndSecondFactorInput for "end_second_factor" OnDesk {
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
        secret code = "Code" up to 40;
    }
}

input! {
    /// Whose second factor is reset, and why.
    pub struct ResetSecondFactorInput for "reset_second_factor" OnDesk {
        hidden person: PersonId;
        /// The version of the person's record that was looked at.
        hidden seen: u64;
        typed reason: String = "Reason" up to 500;
    }
}

input! {
    /// The password, before recovery codes are made anew.
    pub struct RenewRecoveryCodesInput for "renew_recovery_codes" OnDesk {
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
    }
}

/// For what the secret behind recovery codes is derived of its form.
const RECOVERY: &str = "recovery codes";

/// What is said of a wrong code.
pub(in crate::people) fn wrong_code() -> Error {
    Error::field(
        "code",
        "Code: this one does not fit, or was used before. Wait for the next one and type that.",
    )
}

/// Whether a code was typed where the account asks for one, so that it is said together with what else
/// is missing.
///
/// # Errors
/// [`Error::Input`] on `code`.
pub(super) fn code_typed(person: &people::Model, code: &str) -> Result<()> {
    match person.second_factor_at.is_some() && code.trim().is_empty() {
        true => Err(Error::field("code", "Code: type it.")),
        false => Ok(()),
    }
}

/// Makes a secret for an authenticator app; it counts once a first code has been given.
///
/// # Errors
/// [`Error::Input`] on `password`; [`Error::Throttled`].
pub async fn begin_second_factor(desk: &Desk, caller: &Caller, password: &str) -> Result<()> {
    verify_password(desk, caller, password).await?;
    let step = OwnStep::begin(desk, caller).await?;
    let person = step.person.id;
    if second_factor::app_since(step.transaction(), person)
        .await?
        .is_some()
    {
        return Err(Error::field(
            "password",
            "You have an authenticator app already; turn it off before you set up another one.",
        ));
    }
    second_factor::begin(step.transaction(), desk, person, step.step.now).await?;
    step.commit("second_factor_begun", json!({})).await
}

/// Turns the app on; answers the secret that the recovery codes follow from, which take the place of
/// those before.
///
/// # Errors
/// [`Error::Input`] on `code`; [`Error::Throttled`].
pub async fn confirm_second_factor(desk: &Desk, caller: &Caller, code: &str) -> Result<Secret> {
    let who = caller.person.to_string();
    limits::take(desk, &CODE_ACCOUNT, &who).await?;
    let step = OwnStep::begin(desk, caller).await?;
    let (person, now) = (&step.person, step.step.now);
    let row = second_factor::of_person(step.transaction(), person.id).await?;
    let Some(row) = row.filter(|row| second_factor::waits(row, now)) else {
        return Err(Error::field(
            "code",
            "Code: too much time has passed since this was begun; begin anew.",
        ));
    };
    if !second_factor::take_app_code(step.transaction(), desk, &row, code, now).await? {
        return Err(wrong_code());
    }
    second_factors::Entity::update(second_factors::ActiveModel {
        person_id: Set(person.id),
        confirmed_at: Set(Some(now.micros())),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    if person.second_factor_at.is_none() {
        second_factor::since(step.transaction(), person.id, Some(now)).await?;
    }
    let secret = new_recovery_codes(&step).await?;
    limits::forget(step.transaction(), desk, &CODE_ACCOUNT, &who).await?;
    tell(&step, FactorNews::On).await?;
    step.commit("second_factor_on", json!({})).await?;
    Ok(secret)
}

/// The secret that the form being carried out made when it was sent before, so that a double click
/// does not lose the recovery codes.
pub fn recovery_secret_made_before(desk: &Desk) -> Option<Secret> {
    let sending = desk.sending()?;
    Some(Secret::made_by(desk, sending, RECOVERY))
}

/// Makes ten new recovery codes in the own step, in place of those before; answers the secret that
/// they follow from.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn new_recovery_codes(step: &OwnStep<'_>) -> Result<Secret> {
    let desk = step.step.desk;
    let secret = Secret::generate(desk, RECOVERY);
    let codes = second_factor::recovery_codes(secret.reveal());
    second_factor::keep_recovery_codes(step.transaction(), desk, step.person.id, &codes).await?;
    Ok(secret)
}

/// Makes recovery codes anew; answers the secret that they follow from.
///
/// # Errors
/// [`Error::Input`] on `password`, also where there is no second factor; [`Error::Throttled`].
pub async fn renew_recovery_codes(desk: &Desk, caller: &Caller, password: &str) -> Result<Secret> {
    verify_password(desk, caller, password).await?;
    let step = OwnStep::begin(desk, caller).await?;
    if step.person.second_factor_at.is_none() {
        return Err(Error::field(
            "password",
            "Recovery codes belong to a second factor; set one up first.",
        ));
    }
    let secret = new_recovery_codes(&step).await?;
    tell(&step, FactorNews::CodesMade).await?;
    step.commit("recovery_codes_made", json!({})).await?;
    Ok(secret)
}

/// Turns the app off, with the password and a code. Passkeys stay; where there are none, no second
/// factor is asked for any more.
///
/// # Errors
/// [`Error::Input`] on `password` and `code`; [`Error::Throttled`].
pub async fn end_second_factor(
    desk: &Desk,
    caller: &Caller,
    password: &str,
    code: &str,
) -> Result<()> {
    let who = caller.person.to_string();
    limits::take(desk, &CODE_ACCOUNT, &who).await?;
    let own = accounts::find(desk.database.read(), caller.person).await?;
    typed::both(
        verify_password(desk, caller, password).await,
        code_typed(&own, code),
    )?;
    let step = OwnStep::begin(desk, caller).await?;
    let (person, now) = (&step.person, step.step.now);
    let taken = second_factor::take_code(step.transaction(), desk, person, code, now).await?;
    if taken.is_none() {
        return Err(wrong_code());
    }
    if second_factor::app_since(step.transaction(), person.id)
        .await?
        .is_none()
    {
        return Err(Error::field("code", "You have no authenticator app."));
    }
    second_factor::forget_app(step.transaction(), person.id).await?;
    let was_last = second_factor::settle(step.transaction(), person.id).await?;
    limits::forget(step.transaction(), desk, &CODE_ACCOUNT, &who).await?;
    let news = if was_last {
        FactorNews::Off
    } else {
        FactorNews::AppOff
    };
    tell(&step, news).await?;
    step.commit("second_factor_off", json!({})).await
}

/// Takes away somebody else's second factor, who has lost it: app, passkeys and recovery codes; and
/// ends their sessions.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`], [`Error::Input`].
pub async fn reset_second_factor(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    seen: u64,
    reason: &str,
) -> Result<()> {
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    if caller.person == person {
        return Err(Error::field(
            "reason",
            "You change your own second factor on the page of your account; another admin can reset it.",
        ));
    }
    if step.person.second_factor_at.is_none() {
        return Err(Error::field("reason", "This account has no second factor."));
    }
    second_factor::forget(step.transaction(), person.0).await?;
    step.write(people::ActiveModel {
        second_factor_at: Set(None),
        ..Default::default()
    })
    .await?;
    let letter = AccountLetter::SecondFactor(FactorNews::Reset);
    post_to_person(step.transaction(), desk, &step.person, letter).await?;
    step.step.has_letters();
    step.commit("second_factor_reset", json!({}), reason).await
}

/// Writes to the person what happened.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn tell(step: &OwnStep<'_>, news: FactorNews) -> Result<()> {
    let letter = AccountLetter::SecondFactor(news);
    post_to_person(step.transaction(), step.step.desk, &step.person, letter).await?;
    step.step.has_letters();
    Ok(())
}
