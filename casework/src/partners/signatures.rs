//! What people sign about a partnership: each signature is a hash over what was signed, by whom, for
//! which app, in what meaning and when (21 CFR 11.70), as those of cases are.

use crate::{
    Caller, Result, Step,
    accounts::Proof,
    audit::canonical,
    digest::sha256,
    entities::partner_signatures::{ActiveModel, Entity, Model},
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;
use workflow::Timestamp;

/// What is about to be signed.
pub(crate) struct ToSign<'a> {
    pub app: Uuid,
    /// As the signer reads it before signing.
    pub meaning: &'a str,
    pub capacity: &'a str,
    /// Of what is signed, in lower-case hexadecimal.
    pub document_sha256: &'a str,
}

/// What the hash is taken over, its fields in the order of their names.
#[derive(Serialize)]
struct Payload<'a> {
    app: Uuid,
    capacity: &'a str,
    document_sha256: &'a str,
    meaning: &'a str,
    signed_at: Timestamp,
    signer: Uuid,
    signer_name: &'a str,
}

/// Writes the signature of the caller, who has given the password anew; answers its id.
///
/// # Errors
/// When the database does not answer; [`crate::Error::SignedOut`] for somebody else's password.
pub(crate) async fn sign(
    step: &Step<'_>,
    caller: &Caller,
    proof: &Proof,
    what: &ToSign<'_>,
) -> Result<Uuid> {
    if proof.person() != caller.person {
        return Err(crate::Error::SignedOut);
    }
    let payload = canonical(&serde_json::to_value(Payload {
        app: what.app,
        capacity: what.capacity,
        document_sha256: what.document_sha256,
        meaning: what.meaning,
        signed_at: step.now,
        signer: caller.person.0,
        signer_name: &caller.name,
    })?)?;
    let row = Model {
        id: Uuid::now_v7(),
        app_id: what.app,
        person_id: caller.person.0,
        signer_name: caller.name.clone(),
        meaning: what.meaning.to_owned(),
        capacity: what.capacity.to_owned(),
        document_sha256: what.document_sha256.to_owned(),
        payload_sha256: sha256(payload.as_bytes()),
        payload,
        signed_at: step.now.micros(),
    };
    let id = row.id;
    Entity::insert(ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    Ok(id)
}

/// Whether a stored signature is whole: its hash fits its payload, and the payload is about the
/// person, app, document, meaning and moment that the row names.
pub(crate) fn holds(row: &Model) -> bool {
    let Ok(payload) = serde_json::from_str::<Value>(&row.payload) else {
        return false;
    };
    let says = |key: &str, value: &str| payload.get(key).and_then(Value::as_str) == Some(value);
    sha256(row.payload.as_bytes()) == row.payload_sha256
        && says("app", &row.app_id.to_string())
        && says("capacity", &row.capacity)
        && says("document_sha256", &row.document_sha256)
        && says("meaning", &row.meaning)
        && says(
            "signed_at",
            &Timestamp::from_micros(row.signed_at).to_string(),
        )
        && says("signer", &row.person_id.to_string())
        && says("signer_name", &row.signer_name)
}
