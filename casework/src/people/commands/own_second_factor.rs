//! Set up the own second factor and turn it off; an admin resets somebody else's.

use super::{own_step::OwnStep, person_step::PersonStep};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{self, verify_password},
    apps::commands::Secret,
    entities::{people, second_factors},
    input::input,
    limits::{self, CODE_ACCOUNT},
    people::{AccountLetter, FactorNews, post_to_person, second_factor},
};
use sea_orm::{ConnectionTrait, EntityTrait, Set};
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

/// For what the secret behind recovery codes is derived of its form.
const RECOVERY: &str = "recovery codes";

fn wrong_code() -> Error {
    Error::field(
        "code",
        "Code: this one does not fit, or was used before. Wait for the next one and type that.",
    )
}

/// Makes a secret for an authenticator app; it counts once a first code has been given.
///
/// # Errors
/// [`Error::Input`] on `password`; [`Error::Throttled`].
pub async fn begin_second_factor(desk: &Desk, caller: &Caller, password: &str) -> Result<()> {
    verify_password(desk, caller, password).await?;
    let step = OwnStep::begin(desk, caller).await?;
    if step.person.second_factor_at.is_some() {
        return Err(Error::field(
            "password",
            "You have a second factor already; turn it off before you set up another one.",
        ));
    }
    second_factor::begin(step.transaction(), desk, step.person.id, step.step.now).await?;
    step.commit("second_factor_begun", json!({})).await
}

/// Turns the second factor on; answers the secret that the recovery codes follow from.
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
    write(step.transaction(), person, Some(now.micros())).await?;
    let secret = Secret::generate(desk, RECOVERY);
    let codes = second_factor::recovery_codes(secret.reveal());
    second_factor::keep_recovery_codes(step.transaction(), desk, person.id, &codes).await?;
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

/// Turns the second factor off, with the password and a code.
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
    verify_password(desk, caller, password).await?;
    let step = OwnStep::begin(desk, caller).await?;
    let (person, now) = (&step.person, step.step.now);
    let taken = second_factor::take_code(step.transaction(), desk, person, code, now).await?;
    if taken.is_none() {
        return Err(wrong_code());
    }
    second_factor::forget(step.transaction(), person.id).await?;
    write(step.transaction(), person, None).await?;
    limits::forget(step.transaction(), desk, &CODE_ACCOUNT, &who).await?;
    tell(&step, FactorNews::Off).await?;
    step.commit("second_factor_off", json!({})).await
}

/// Turns somebody else's second factor off, who has lost it, and ends their sessions.
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
            "Your own second factor is turned off on the page of your account, or by another admin.",
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

async fn write(
    connection: &impl ConnectionTrait,
    person: &people::Model,
    since: Option<i64>,
) -> Result<()> {
    people::Entity::update(people::ActiveModel {
        id: Set(person.id),
        second_factor_at: Set(since),
        ..Default::default()
    })
    .exec(connection)
    .await?;
    Ok(())
}

async fn tell(step: &OwnStep<'_>, news: FactorNews) -> Result<()> {
    let letter = AccountLetter::SecondFactor(news);
    post_to_person(step.transaction(), step.step.desk, &step.person, letter).await?;
    step.step.has_letters();
    Ok(())
}
