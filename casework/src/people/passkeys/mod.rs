//! Passkeys (WebAuthn): a key that a person's device or password manager holds, bound to this desk's
//! name, which it uses only after it has made sure who holds it. One alone is both factors.

mod ceremony;
mod cose;
mod relying_party;

pub(crate) use ceremony::TO_ANSWER;
pub(super) use ceremony::{Kind, New, begin, look, take};
pub(super) use relying_party::relying_party;
pub use relying_party::why_no_passkeys;

use super::{AccountLetter, FactorNews, post_to_person};
use crate::{Desk, Error, Result, Step, digest, entities::passkeys};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
    sea_query::Expr,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    Credential, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use workflow::Timestamp;

/// The longest name that a person gives a passkey, in characters.
pub(crate) const LONGEST_NAME: usize = 60;
/// The longest answer of a browser, in characters.
pub(crate) const LONGEST_ANSWER: usize = 20_000;
/// So many passkeys a person has at most.
pub(super) const MOST: usize = 20;

/// What is said of an answer that fits nothing.
const REFUSED: &str =
    "This passkey lets nobody in here. Choose another one, or sign in with your password.";

/// What came of looking at an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// It fits; what is kept of the credential from now on.
    Fits { credential: String },
    /// The signature is right, but the counter has stood there before: somebody has a copy.
    Copied,
    /// Why not, for the trail.
    No(&'static str),
}

/// The passkeys of a person, the oldest first.
pub(super) async fn of_person(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Vec<passkeys::Model>> {
    Ok(passkeys::Entity::find()
        .filter(passkeys::Column::PersonId.eq(person))
        .order_by_asc(passkeys::Column::MadeAt)
        .order_by_asc(passkeys::Column::Id)
        .all(connection)
        .await?)
}

/// How many passkeys a person has.
pub(super) async fn count(connection: &impl ConnectionTrait, person: Uuid) -> Result<usize> {
    let count = passkeys::Entity::find()
        .filter(passkeys::Column::PersonId.eq(person))
        .count(connection)
        .await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The passkey with this credential.
pub(super) async fn of_credential(
    connection: &impl ConnectionTrait,
    credential_id: &str,
) -> Result<Option<passkeys::Model>> {
    Ok(passkeys::Entity::find()
        .filter(passkeys::Column::CredentialId.eq(credential_id))
        .one(connection)
        .await?)
}

/// Forgets every passkey of a person.
pub(super) async fn forget(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    passkeys::Entity::delete_many()
        .filter(passkeys::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    Ok(())
}

/// What the library keeps of a passkey.
fn kept(row: &passkeys::Model) -> Result<Credential> {
    serde_json::from_str::<Passkey>(&row.credential)
        .map(Credential::from)
        .map_err(|_| Error::corrupt("passkeys", row.id, "credential"))
}

/// Whether several devices of its owner hold the same key.
pub(super) fn is_synced(row: &passkeys::Model) -> Result<bool> {
    Ok(kept(row)?.backup_eligible)
}

/// Which passkeys these are, as a browser is told: in the library's own words.
fn named(desk: &Desk, rows: &[passkeys::Model]) -> Result<Value> {
    if rows.is_empty() {
        return Ok(json!([]));
    }
    let known = rows
        .iter()
        .map(|row| Ok(Passkey::from(kept(row)?)))
        .collect::<Result<Vec<_>>>()?;
    let (options, _) = relying_party(desk)?
        .start_passkey_authentication(&known)
        .map_err(Error::unavailable)?;
    let mut options = public_key_of(serde_json::to_value(options)?);
    Ok(options["allowCredentials"].take())
}

/// What a browser is handed to make a passkey, and what its answer is held against.
pub(super) fn options_to_make(
    desk: &Desk,
    person: &crate::entities::people::Model,
    have: &[passkeys::Model],
) -> Result<(Value, PasskeyRegistration)> {
    let known = have
        .iter()
        .map(|row| Ok(kept(row)?.cred_id))
        .collect::<Result<Vec<_>>>()?;
    let (options, state) = relying_party(desk)?
        .start_passkey_registration(person.id, &person.username, &person.name, Some(known))
        .map_err(Error::unavailable)?;
    let mut options = public_key_of(serde_json::to_value(options)?);
    // It is to say by itself who signs in; the library leaves that to the authenticator.
    if let Some(chosen) = options.get_mut("authenticatorSelection") {
        chosen["residentKey"] = json!("required");
        chosen["requireResidentKey"] = json!(true);
    }
    Ok((options, state))
}

/// What a browser is handed to use a passkey: any, or one of `only`.
pub(super) fn options_to_use(
    desk: &Desk,
    only: &[passkeys::Model],
) -> Result<(Value, DiscoverableAuthentication)> {
    let (options, state) = relying_party(desk)?
        .start_discoverable_authentication()
        .map_err(Error::unavailable)?;
    let mut options = public_key_of(serde_json::to_value(options)?);
    options["allowCredentials"] = named(desk, only)?;
    Ok((options, state))
}

fn public_key_of(mut options: Value) -> Value {
    options
        .get_mut("publicKey")
        .map(Value::take)
        .unwrap_or_default()
}

/// The answer of a browser, if it is one.
pub(super) fn read<T: DeserializeOwned>(answer: &str) -> Result<T> {
    serde_json::from_str(answer).map_err(|_| Error::Malformed)
}

/// The credential that an answer names.
pub(super) fn credential_of(answer: &PublicKeyCredential) -> String {
    hex::encode(answer.get_credential_id())
}

/// Whether an answer says that it is of this person (WebAuthn, 7.2, step 6). Where it was `known`
/// before who is to answer, one that says nothing does not say otherwise.
pub(super) fn is_of(answer: &PublicKeyCredential, person: Uuid, known: bool) -> bool {
    answer
        .get_user_unique_id()
        .map_or(known, |handle| handle == person.as_bytes())
}

/// Holds an answer against the challenge and the passkey.
///
/// Of a synced passkey several devices count each for itself, so its counter says nothing and is
/// not looked at.
pub(super) fn hold(
    desk: &Desk,
    state: &str,
    row: &passkeys::Model,
    answer: &PublicKeyCredential,
) -> Result<Held> {
    let state: DiscoverableAuthentication = serde_json::from_str(state)?;
    let mut known = kept(row)?;
    if known.backup_eligible {
        known.counter = 0;
    }
    let held = relying_party(desk)?.finish_discoverable_authentication_v2(answer, state, &known);
    Ok(match held {
        Ok(result) => {
            let mut passkey = Passkey::from(known);
            passkey.update_credential(&result);
            Held::Fits {
                credential: serde_json::to_string(&passkey)?,
            }
        }
        Err(WebauthnError::CredentialPossibleCompromise) => Held::Copied,
        Err(WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash) => {
            Held::No("another site's")
        }
        Err(WebauthnError::UserNotVerified | WebauthnError::UserNotPresent) => {
            Held::No("holder not verified")
        }
        Err(WebauthnError::MismatchedChallenge) => Held::No("another challenge"),
        Err(error) => {
            tracing::info!(%error, "a passkey was refused");
            Held::No("does not fit")
        }
    })
}

/// What the counter of an answer says, whose signature has been found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Nothing against it; what is kept of the credential from now on.
    On { credential: String },
    /// It has stood there before: somebody has a copy.
    Copied,
}

/// Holds the counter of an answer against the one before; that of a synced passkey is not looked at.
pub(super) fn counted(row: &passkeys::Model, counter: u32) -> Result<Counted> {
    let mut known = kept(row)?;
    let counts = !known.backup_eligible && (counter > 0 || known.counter > 0);
    if counts && counter <= known.counter {
        return Ok(Counted::Copied);
    }
    known.counter = counter;
    Ok(Counted::On {
        credential: serde_json::to_string(&Passkey::from(known))?,
    })
}

/// Whoever has the copy has the key: its owner is to know.
pub(super) async fn tell_of_copy(step: &Step<'_>, row: &passkeys::Model) -> Result<()> {
    let person = super::people::lock(step.transaction(), row.person_id).await?;
    let name = row.name.clone();
    let letter = AccountLetter::SecondFactor(FactorNews::PasskeyCopied { name });
    post_to_person(step.transaction(), step.desk, &person, letter).await?;
    step.has_letters();
    Ok(())
}

/// A passkey that was just made, as it will be kept; none where the answer does not fit.
pub(super) fn made(desk: &Desk, state: &str, answer: &str) -> Result<Option<(Credential, String)>> {
    let state: PasskeyRegistration = serde_json::from_str(state)?;
    let answer: RegisterPublicKeyCredential = read(answer)?;
    match relying_party(desk)?.finish_passkey_registration(&answer, &state) {
        Ok(passkey) => {
            let text = serde_json::to_string(&passkey)?;
            Ok(Some((passkey.into(), text)))
        }
        Err(error) => {
            tracing::info!(%error, "a new passkey was refused");
            Ok(None)
        }
    }
}

/// Keeps a new passkey; answers its row.
pub(super) async fn keep(
    connection: &impl ConnectionTrait,
    person: Uuid,
    name: &str,
    (credential, text): (Credential, String),
    now: Timestamp,
) -> Result<passkeys::Model> {
    let credential_id: &[u8] = credential.cred_id.as_ref();
    let row = passkeys::Model {
        id: Uuid::now_v7(),
        person_id: person,
        credential_id: hex::encode(credential_id),
        public_key: hex::encode(cose::encoded(&credential.cred)?),
        credential: text,
        name: name.to_owned(),
        made_at: now.micros(),
        used_at: None,
    };
    passkeys::Entity::insert(passkeys::ActiveModel {
        id: Set(row.id),
        person_id: Set(row.person_id),
        credential_id: Set(row.credential_id.clone()),
        public_key: Set(row.public_key.clone()),
        credential: Set(row.credential.clone()),
        name: Set(row.name.clone()),
        made_at: Set(row.made_at),
        used_at: Set(None),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(row)
}

/// Notes that a passkey was used, and what is kept of it from now on.
pub(super) async fn note_use(
    connection: &impl ConnectionTrait,
    row: &passkeys::Model,
    credential: String,
    now: Timestamp,
) -> Result<()> {
    passkeys::Entity::update_many()
        .col_expr(passkeys::Column::Credential, Expr::value(credential))
        .col_expr(passkeys::Column::UsedAt, Expr::value(now.micros()))
        .filter(passkeys::Column::Id.eq(row.id))
        .exec(connection)
        .await?;
    Ok(())
}

/// What the trail says of a passkey: a signature that it makes later can be held against the key of
/// then.
pub(super) fn in_the_trail(row: &passkeys::Model) -> Value {
    json!({
        "passkey": row.id,
        "called": row.name,
        "credential_sha256": digest::sha256(row.credential_id.as_bytes()),
        "public_key_sha256": digest::sha256(row.public_key.as_bytes()),
    })
}

/// What is said where an answer is refused.
pub(super) fn refused() -> Error {
    Error::field("credential", REFUSED)
}
