//! Electronic signatures: who signed which bytes, for which case, in what meaning, when.
//!
//! A signature is a hash over all of that together (21 CFR 11.70): moved to another case, person
//! or document it no longer fits. The password is asked for anew before, by
//! [`crate::accounts::verify_password`]; [`crate::commands::run`] signs for every step whose row says that
//! the record is signed.

use crate::{
    Caller, Result, audit::canonical, commands::Work, digest::sha256, entities::signatures,
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde::Serialize;
use uuid::Uuid;
use workflow::{ActionKind, Case, Role, SignatureId, Timestamp, state::AccessLevel};

/// What is about to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    pub id: SignatureId,
    /// What the signature means, as the signer reads it before signing.
    pub meaning: String,
    /// In what capacity the person signs.
    pub capacity: String,
    /// SHA-256 of the bytes that are signed, in lower-case hexadecimal.
    pub document_sha256: String,
}

/// What the hash is taken over, its fields in the order of their names.
#[derive(Serialize)]
struct Payload<'a> {
    app: Uuid,
    capacity: &'a str,
    case: Uuid,
    case_version: u64,
    document_sha256: &'a str,
    meaning: &'a str,
    number: u32,
    signed_at: Timestamp,
    signer: Uuid,
    signer_name: &'a str,
}

/// Writes the signature of the acting person on the case of `work`, in its transaction.
///
/// # Errors
/// [`crate::Error::SignedOut`] when it is the desk's clock that acts.
pub(crate) async fn sign(work: &Work<'_>, what: ToSign) -> Result<()> {
    let row = row(work.case(), work.person()?, work.now, what)?;
    signatures::Entity::insert(signatures::ActiveModel::from(row).reset_all())
        .exec_without_returning(work.transaction())
        .await?;
    Ok(())
}

/// The signature of a person on a case as it stands.
///
/// # Errors
/// None for values of our own types.
pub fn row(
    case: &Case,
    signer: &Caller,
    now: Timestamp,
    what: ToSign,
) -> Result<signatures::Model> {
    let payload = canonical(&serde_json::to_value(Payload {
        app: case.app.0,
        capacity: &what.capacity,
        case: case.id.0,
        case_version: case.version,
        document_sha256: &what.document_sha256,
        meaning: &what.meaning,
        number: case.number.0,
        signed_at: now,
        signer: signer.person.0,
        signer_name: &signer.name,
    })?)?;
    Ok(signatures::Model {
        id: what.id.0,
        person_id: signer.person.0,
        case_id: case.id.0,
        signer_name: signer.name.clone(),
        meaning: what.meaning,
        capacity: what.capacity,
        document_sha256: what.document_sha256,
        payload_sha256: sha256(payload.as_bytes()),
        payload,
        signed_at: now.micros(),
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
    action: ActionKind,
    newest: String,
) -> Result<SignatureId> {
    let id = SignatureId(Uuid::now_v7());
    let to_sign = ToSign {
        id,
        meaning: meaning(action, work.case().level),
        capacity: Role::Approver.label().to_owned(),
        document_sha256: newest,
    };
    sign(work, to_sign).await?;
    Ok(id)
}

/// Whether a stored signature is whole: its hash fits its payload, and the payload is about the
/// person, case, document, meaning and moment that the row names.
pub fn holds(row: &signatures::Model) -> bool {
    let Ok(payload) = serde_json::from_str::<serde_json::Value>(&row.payload) else {
        return false;
    };
    let says = |key: &str, value: &str| payload.get(key).and_then(|v| v.as_str()) == Some(value);
    sha256(row.payload.as_bytes()) == row.payload_sha256
        && says("capacity", &row.capacity)
        && says("case", &row.case_id.to_string())
        && says("document_sha256", &row.document_sha256)
        && says("meaning", &row.meaning)
        && says(
            "signed_at",
            &Timestamp::from_micros(row.signed_at).to_string(),
        )
        && says("signer", &row.person_id.to_string())
        && says("signer_name", &row.signer_name)
}
