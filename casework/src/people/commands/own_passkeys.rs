//! Add passkeys to the own account, name them, remove them.

use super::{
    own_second_factor::{new_recovery_codes, tell},
    own_step::OwnStep,
};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{self, verify_password},
    apps::commands::Secret,
    entities::passkeys as rows,
    input::input,
    limits::{self, PASSKEY},
    people::{
        FactorNews,
        passkeys::{self, Kind, LONGEST_ANSWER, LONGEST_NAME, MOST, New},
        people, second_factor,
    },
    text::{Limits, line},
    typed,
};
use sea_orm::{EntityTrait, Set};
use serde_json::json;
use uuid::Uuid;

input! {
    /// How the passkey will be called, and the password.
    pub struct BeginPasskeyInput for "begin_passkey" OnDesk repeats {
        typed name: String = "Name" up to LONGEST_NAME;
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
    }
}

input! {
    /// What the browser answers to which challenge.
    pub struct AddPasskeyInput for "add_passkey" OnDesk {
        secret token = "Challenge";
        secret credential = "Passkey" up to LONGEST_ANSWER;
    }
}

input! {
    /// Which passkey, and how it is called from now on.
    pub struct RenamePasskeyInput for "rename_passkey" OnDesk {
        hidden passkey: Uuid;
        typed name: String = "Name" up to LONGEST_NAME;
    }
}

input! {
    /// Which passkey, and the password.
    pub struct RemovePasskeyInput for "remove_passkey" OnDesk {
        hidden passkey: Uuid;
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
    }
}

/// A name as it is kept.
fn named(typed: &str) -> Result<String> {
    let limits = Limits {
        field: "name",
        label: "Name",
        min: 1,
        max: LONGEST_NAME,
    };
    let mut problems = Vec::new();
    let name = line(limits, typed, &mut problems);
    if problems.is_empty() {
        Ok(name)
    } else {
        Err(Error::Input { problems })
    }
}

/// Gives this browser a challenge for a new passkey; answers the secret that names it.
///
/// # Errors
/// [`Error::Input`] on `name` and `password`, and where this desk has no passkeys;
/// [`Error::Throttled`].
pub async fn begin_passkey(
    desk: &Desk,
    caller: &Caller,
    name: &str,
    password: &str,
    browser: &str,
) -> Result<String> {
    let (name, _) = typed::both(named(name), verify_password(desk, caller, password).await)?;
    limits::take(desk, &PASSKEY, &caller.person.to_string()).await?;
    let database = desk.database.read();
    let person = people::find(database, caller.person).await?;
    let have = passkeys::of_person(database, person.id).await?;
    room_for_one(have.len())?;
    let (options, state) = passkeys::options_to_make(desk, &person, &have)?;
    let new = New {
        kind: Kind::Add,
        person: Some(person.id),
        browser,
        attempt: None,
        name,
        options,
    };
    passkeys::begin(desk, new, &state).await
}

fn room_for_one(have: usize) -> Result<()> {
    if have < MOST {
        Ok(())
    } else {
        let text = format!("You have {MOST} passkeys; remove one before you add another.");
        Err(Error::field("name", text))
    }
}

/// What a browser hands to its authenticator for a new passkey of the caller's, and how that will be
/// called; none where the challenge waits no more.
///
/// # Errors
/// When the database does not answer.
pub async fn passkey_to_make(
    desk: &Desk,
    caller: &Caller,
    secret: &str,
    browser: &str,
) -> Result<Option<(String, String)>> {
    match passkeys::look(desk, secret, &[Kind::Add], browser).await {
        Ok(found) if found.person_id == Some(caller.person.0) => {
            Ok(Some((found.options, found.name)))
        }
        Ok(_) | Err(Error::Input { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Adds the passkey that the browser made. Where it is the first second factor, answers the secret
/// that the recovery codes follow from.
///
/// # Errors
/// [`Error::Input`] on `credential`; [`Error::Before`].
pub async fn add_passkey(
    desk: &Desk,
    caller: &Caller,
    secret: &str,
    answer: &str,
    browser: &str,
) -> Result<Option<Secret>> {
    // Of a double click the second one comes when the challenge has been answered.
    if desk.led_before(Some(caller.person)).await?.is_some() {
        return Err(Error::Before);
    }
    let challenge = passkeys::take(desk, secret, &[Kind::Add], browser).await?;
    let made = if challenge.person_id == Some(caller.person.0) {
        passkeys::made(desk, &challenge.state, answer)?
    } else {
        None
    };
    let Some(made) = made else {
        return Err(Error::field(
            "credential",
            "This passkey could not be added: it does not fit what was asked for. Begin again.",
        ));
    };
    let step = OwnStep::begin(desk, caller).await?;
    let (person, now) = (&step.person, step.step.now);
    let have = passkeys::of_person(step.transaction(), person.id).await?;
    room_for_one(have.len())?;
    let credential_id: &[u8] = made.0.cred_id.as_ref();
    let known = passkeys::of_credential(step.transaction(), &hex::encode(credential_id)).await?;
    if known.is_some() {
        return Err(Error::field(
            "credential",
            "This passkey is added already; choose another device or password manager.",
        ));
    }
    let row = passkeys::keep(step.transaction(), person.id, &challenge.name, made, now).await?;
    let codes = if person.second_factor_at.is_none() {
        second_factor::since(step.transaction(), person.id, Some(now)).await?;
        Some(new_recovery_codes(&step).await?)
    } else {
        None
    };
    let name = row.name.clone();
    tell(&step, FactorNews::PasskeyAdded { name }).await?;
    step.commit("passkey_added", passkeys::in_the_trail(&row))
        .await?;
    Ok(codes)
}

/// Gives a passkey another name.
///
/// # Errors
/// [`Error::NotFound`] for what is no passkey of the caller's; [`Error::Input`] on `name`.
pub async fn rename_passkey(desk: &Desk, caller: &Caller, id: Uuid, name: &str) -> Result<()> {
    let name = named(name)?;
    let step = OwnStep::begin(desk, caller).await?;
    let row = own(&step, id).await?;
    if row.name == name {
        return Ok(());
    }
    rows::Entity::update(rows::ActiveModel {
        id: Set(row.id),
        name: Set(name.clone()),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let body = json!({ "passkey": row.id, "before": row.name, "called": name });
    let before = row.name;
    tell(&step, FactorNews::PasskeyRenamed { before, name }).await?;
    step.commit("passkey_renamed", body).await
}

/// Removes a passkey: it lets nobody in any more. Where nothing else is asked for after the password,
/// recovery codes go too.
///
/// # Errors
/// [`Error::NotFound`] for what is no passkey of the caller's; [`Error::Input`] on `password`;
/// [`Error::Throttled`].
pub async fn remove_passkey(desk: &Desk, caller: &Caller, id: Uuid, password: &str) -> Result<()> {
    verify_password(desk, caller, password).await?;
    let step = OwnStep::begin(desk, caller).await?;
    let row = own(&step, id).await?;
    rows::Entity::delete_by_id(row.id)
        .exec(step.transaction())
        .await?;
    let was_last = second_factor::settle(step.transaction(), step.person.id).await?;
    let body = passkeys::in_the_trail(&row);
    let name = row.name;
    tell(&step, FactorNews::PasskeyRemoved { name, was_last }).await?;
    step.commit("passkey_removed", body).await
}

/// The passkey with this id, if it is the caller's.
async fn own(step: &OwnStep<'_>, id: Uuid) -> Result<rows::Model> {
    rows::Entity::find_by_id(id)
        .one(step.transaction())
        .await?
        .filter(|row| row.person_id == step.person.id)
        .ok_or(Error::NotFound)
}
