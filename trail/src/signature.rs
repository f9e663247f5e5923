//! Electronic signatures, as rows beside the trail: the text that was signed (`payload`) is canonical
//! JSON of the document's hash, signer, meaning, time and what it is about (21 CFR 11.50, 11.70). Moved
//! to another record it fits no more; given with a passkey, the signer's own key says so.

use crate::{passkey::Assertion, receipt::Row, sha256};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The tables of signatures.
const TABLES: [&str; 2] = ["signatures", "partner_signatures"];
/// What of the text stands in which column.
const PARTS: [(&str, &str); 8] = [
    ("app", "app_id"),
    ("capacity", "capacity"),
    ("case", "case_id"),
    ("document_sha256", "document_sha256"),
    ("id", "id"),
    ("meaning", "meaning"),
    ("signer", "person_id"),
    ("signer_name", "signer_name"),
];
/// The columns of what a passkey answered.
const ANSWER: [&str; 4] = [
    "public_key",
    "authenticator_data",
    "client_data",
    "assertion",
];
/// How a signature says in its text that a passkey gave it.
const BY_PASSKEY: &str = "passkey";

/// Whether a row is a signature.
pub fn is_one(row: &Row) -> bool {
    TABLES.contains(&row.table())
}

/// How it was given, in words.
pub fn given(method: &str) -> &'static str {
    match method {
        BY_PASSKEY => "by passkey",
        "password_and_code" => "by password and code",
        _ => "by password",
    }
}

/// Whether a row is a signature whose parts do not belong together: its hash is not of what was
/// signed, what was signed says something else than the row, or the passkey that it names has not
/// signed it.
pub fn is_forged(row: &Row) -> bool {
    is_one(row) && !holds(row)
}

fn holds(row: &Row) -> bool {
    let payload = row.text("payload");
    let Ok(signed) = serde_json::from_str::<Value>(payload) else {
        return false;
    };
    let said = |part: &str| signed.get(part).and_then(Value::as_str);
    // A signature on a case names the app, and has no column for it; older ones do not say their id.
    let of_case = row.table() == "signatures";
    let same = PARTS.iter().all(|(part, column)| {
        let said = said(part).filter(|_| !(of_case && *part == "app"));
        said.is_none_or(|said| said == row.text(column))
    });
    let at = said("signed_at");
    let method = said("method");
    sha256(payload) == row.text("payload_sha256")
        && same
        && at.is_none_or(|at| moment(at).is_some_and(|at| row.row.get("signed_at") == Some(&at)))
        && method.unwrap_or_default() == row.text("method")
        && match method {
            Some(BY_PASSKEY) => assertion(row).is_some_and(|one| one.verify(payload).is_ok()),
            _ => ANSWER.iter().all(|column| row.text(column).is_empty()),
        }
}

/// The answer of the passkey, if the row holds one.
fn assertion(row: &Row) -> Option<Assertion> {
    let bytes = |column: &str| {
        let text = row.text(column);
        let bytes = hex::decode(text).ok()?;
        (!bytes.is_empty() && hex::encode(&bytes) == text).then_some(bytes)
    };
    Some(Assertion {
        public_key: bytes("public_key")?,
        authenticator_data: bytes("authenticator_data")?,
        client_data: row.text("client_data").as_bytes().to_vec(),
        signature: bytes("assertion")?,
    })
}

/// Microseconds since 1970, as a row has them.
fn moment(text: &str) -> Option<Value> {
    let nanos = OffsetDateTime::parse(text, &Rfc3339)
        .ok()?
        .unix_timestamp_nanos();
    let micros = i64::try_from(nanos / 1_000).ok()?;
    Some(Value::from(micros))
}
