//! What happened to partnerships, in words.

use super::sentence::moment_in;
use crate::words::count;
use serde_json::Value;

/// The sentence of an event of a partnership; none where it is of something else.
pub(super) fn sentence(name: &str, body: &Value) -> Option<String> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let told = match name {
        "partner_app_published" => format!(
            "said that everybody can get the app since {}, at {}",
            text("available"),
            count(
                body.get("links")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len),
                "store page"
            )
        ),
        "partner_contact_confirmed" => "confirmed the support contact of the app".to_owned(),
        "partner_applied" => "applied for the app to be a Digital Health Partner".to_owned(),
        "partner_withdrawn" => "took the application to be a partner back".to_owned(),
        "partner_left" => "ended the partnership of the app".to_owned(),
        "partner_proposed" => match text("recommended") {
            "approved" => "proposed to make the app a Digital Health Partner".to_owned(),
            _ => "proposed to decline the application to be a partner".to_owned(),
        },
        "partner_approved" => "made the app a Digital Health Partner".to_owned(),
        "partner_declined" => "declined the application to be a partner".to_owned(),
        "partner_warned" => format!(
            "warned the partner: a criterion is not met; it rests from {} on",
            moment_in(body, "/next")
        ),
        "partner_rests" => format!(
            "let the partnership rest; it ends on {}",
            moment_in(body, "/next")
        ),
        "partner_ended" => "ended the partnership: a criterion was not met in time".to_owned(),
        "partner_restored" => "restored the partnership: every criterion is met again".to_owned(),
        "agreement_reaccepted" => format!(
            "accepted version {} of the agreement for the app",
            body.get("version")
                .and_then(Value::as_u64)
                .unwrap_or_default()
        ),
        _ => return None,
    };
    Some(told)
}
