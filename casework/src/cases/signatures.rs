//! Electronic signatures: who signed which bytes, for which case, in what meaning, when.
//!
//! A signature is a hash over all of that together (21 CFR 11.70): moved to another case, person
//! or document it no longer fits. Who signs is asked anew before, by [`crate::accounts::prove`];
//! [`crate::commands::run`] signs for every step whose row says that
//! the record is signed.

use crate::{
    Caller, Result,
    accounts::Proof,
    audit::{canonical, records::row_of},
    commands::Work,
    digest::sha256,
    entities::signatures,
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde::Serialize;
pub use trail::signature::{given, is_one};
use uuid::Uuid;
use workflow::{ActionKind, Case, Role, SignatureId, Timestamp, state::AccessLevel};

/// What is about to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    /// What the signature means, as the signer reads it before signing.
    pub meaning: String,
    /// In what capacity the person signs.
    pub capacity: String,
    /// SHA-256 of the bytes that are signed, in lower-case hexadecimal.
    pub document_sha256: String,
}

/// What the hash is taken over, its fields in the order of their names. The challenge of a passkey is
/// this hash.
#[derive(Serialize)]
struct Payload<'a> {
    app: Uuid,
    capacity: &'a str,
    case: Uuid,
    case_version: u64,
    document_sha256: &'a str,
    id: Uuid,
    meaning: &'a str,
    method: &'static str,
    number: u32,
    signed_at: Timestamp,
    signer: Uuid,
    signer_name: &'a str,
}

/// Writes the signature of the acting person on the case of `work`, in its transaction; answers its id.
///
/// # Errors
/// [`crate::Error::SignedOut`] when it is the desk's clock that acts; [`crate::Error::Conflict`] where
/// a passkey has signed something else.
pub(crate) async fn sign(work: &Work<'_>, proof: &Proof, what: ToSign) -> Result<SignatureId> {
    let (id, at) = proof.id_and_moment(work.now);
    let given = Given {
        id: SignatureId(id),
        at,
        method: proof.method(),
    };
    let mut row = row(work.case(), work.person()?, given, what)?;
    let answer = proof.under(id, at, &row.payload)?;
    row.public_key = answer.public_key;
    row.authenticator_data = answer.authenticator_data;
    row.client_data = answer.client_data;
    row.assertion = answer.assertion;
    signatures::Entity::insert(signatures::ActiveModel::from(row).reset_all())
        .exec_without_returning(work.transaction())
        .await?;
    Ok(SignatureId(id))
}

/// Which signature, given when and how.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub id: SignatureId,
    pub at: Timestamp,
    /// As [`trail::signature::given`] has words for it.
    pub method: &'static str,
}

/// The signature of a person on a case as it stands, without the answer of a passkey.
///
/// # Errors
/// None for values of our own types.
pub fn row(case: &Case, signer: &Caller, given: Given, what: ToSign) -> Result<signatures::Model> {
    let payload = canonical(&serde_json::to_value(Payload {
        app: case.app.0,
        capacity: &what.capacity,
        case: case.id.0,
        case_version: case.version,
        document_sha256: &what.document_sha256,
        id: given.id.0,
        meaning: &what.meaning,
        method: given.method,
        number: case.number.0,
        signed_at: given.at,
        signer: signer.person.0,
        signer_name: &signer.name,
    })?)?;
    Ok(signatures::Model {
        id: given.id.0,
        person_id: signer.person.0,
        case_id: case.id.0,
        signer_name: signer.name.clone(),
        meaning: what.meaning,
        capacity: what.capacity,
        document_sha256: what.document_sha256,
        payload_sha256: sha256(payload.as_bytes()),
        payload,
        signed_at: given.at.micros(),
        method: Some(given.method.to_owned()),
        public_key: None,
        authenticator_data: None,
        client_data: None,
        assertion: None,
    })
}

/// What the signature of a step means, as it stands above the password.
pub fn meaning(action: ActionKind, level: AccessLevel) -> String {
    let what = match action {
        ActionKind::Approve => "approve",
        ActionKind::Decline => "decline",
        ActionKind::SuspendGrant => "suspend the grant of",
        ActionKind::ReinstateGrant => "reinstate the grant of",
        ActionKind::RevokeGrant => "revoke the grant of",
        ActionKind::ChangeCap => "change the cap of authorised users of",
        other => return format!("I have read the record of this case: {}.", other.label()),
    };
    let level = level.label();
    format!("I have read the record of this case and {what} {level}.")
}

/// Signs the record of the case of `work` up to the event with the hash `newest`, for a step.
///
/// # Errors
/// As [`sign`].
pub(crate) async fn sign_record(
    work: &Work<'_>,
    proof: &Proof,
    action: ActionKind,
    newest: String,
) -> Result<SignatureId> {
    let to_sign = ToSign {
        meaning: meaning(action, work.case().level),
        capacity: Role::Approver.label().to_owned(),
        document_sha256: newest,
    };
    sign(work, proof, to_sign).await
}

/// How a signature was given, in words.
pub fn how(method: Option<&String>) -> &'static str {
    given(method.map_or("", String::as_str))
}

/// Whether a stored signature is whole: its hash fits its payload, the payload is about the person,
/// case, document, meaning and moment that the row names, and a passkey that gave it has signed it.
pub fn holds(row: &signatures::Model) -> bool {
    !trail::signature::is_forged(&row_of(row))
}
