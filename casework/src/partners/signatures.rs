//! What people sign about a partnership: each signature is a hash over what was signed, by whom, for
//! which app, in what meaning and when (21 CFR 11.70), as those of cases are.

use crate::{
    Caller, Result, Step,
    accounts::Proof,
    audit::{canonical, records::row_of},
    digest::sha256,
    entities::partner_signatures::{ActiveModel, Entity, Model},
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde::Serialize;
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
    id: Uuid,
    meaning: &'a str,
    method: &'static str,
    signed_at: Timestamp,
    signer: Uuid,
    signer_name: &'a str,
}

/// Writes the signature of the caller, who has shown anew who that is; answers its id.
///
/// # Errors
/// When the database does not answer; [`crate::Error::SignedOut`] for somebody else's proof;
/// [`crate::Error::Conflict`] where a passkey has signed something else.
pub(crate) async fn sign(
    step: &Step<'_>,
    caller: &Caller,
    proof: &Proof,
    what: &ToSign<'_>,
) -> Result<Uuid> {
    if proof.person() != caller.person {
        return Err(crate::Error::SignedOut);
    }
    let (id, signed_at) = proof.id_and_moment(step.now);
    let payload = canonical(&serde_json::to_value(Payload {
        app: what.app,
        capacity: what.capacity,
        document_sha256: what.document_sha256,
        id,
        meaning: what.meaning,
        method: proof.method(),
        signed_at,
        signer: caller.person.0,
        signer_name: &caller.name,
    })?)?;
    let answer = proof.under(id, signed_at, &payload)?;
    let row = Model {
        id,
        app_id: what.app,
        person_id: caller.person.0,
        signer_name: caller.name.clone(),
        meaning: what.meaning.to_owned(),
        capacity: what.capacity.to_owned(),
        document_sha256: what.document_sha256.to_owned(),
        payload_sha256: sha256(payload.as_bytes()),
        payload,
        signed_at: signed_at.micros(),
        method: Some(proof.method().to_owned()),
        public_key: answer.public_key,
        authenticator_data: answer.authenticator_data,
        client_data: answer.client_data,
        assertion: answer.assertion,
    };
    Entity::insert(ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    Ok(id)
}

/// Whether a stored signature is whole; see [`crate::signatures::holds`].
pub(crate) fn holds(row: &Model) -> bool {
    !trail::signature::is_forged(&row_of(row))
}
