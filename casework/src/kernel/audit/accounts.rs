//! What people did with their own accounts, in words.

use crate::words::count;
use serde_json::Value;

/// The sentence of an event of an account; none where it is of something else.
pub(super) fn sentence(name: &str, body: &Value) -> Option<String> {
    let number = |key: &str| {
        let number = body.get(key).and_then(Value::as_u64).unwrap_or_default();
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let told = match name {
        "account_closed" => "closed their account",
        "letters_chosen" => "chose when letters come that they can do without",
        "own_data_taken" => "took away what the desk has of them",
        "session_ended" => "ended one of their sessions",
        "profile_changed" => "changed their name or organisation",
        "username_changed" => "chose another username",
        "email_change_asked" => "asked for another email address",
        "email_change_cancelled" => "took back the wish for another email address",
        "email_confirmed" => match body.get("address").and_then(Value::as_str) {
            Some("present") => "agreed to another email address from the present one",
            _ => "confirmed the new email address",
        },
        "email_changed" => "has another email address, which both addresses confirmed",
        "passkey_added" => return Some(format!("added the passkey “{}”", text("called"))),
        "passkey_renamed" => {
            let (before, after) = (text("before"), text("called"));
            return Some(format!("renamed the passkey “{before}” to “{after}”"));
        }
        "passkey_removed" => return Some(format!("removed the passkey “{}”", text("called"))),
        "passkey_failed" => "came with a passkey that was refused",
        "recovery_codes_made" => "had new recovery codes made",
        "second_factor_begun" => "began to set up a second factor",
        "second_factor_on" => "turned the second factor on",
        "second_factor_off" => "turned the second factor off",
        "second_factor_reset" => "reset the second factor of an account and ended its sessions",
        "code_asked" => "gave the right password and was asked for a second factor",
        "code_failed" => "gave a wrong code after the right password",
        "password_changed" => "changed their password",
        "sessions_ended" => {
            return Some(format!(
                "ended {} of theirs",
                count(number("sessions"), "other session")
            ));
        }
        _ => return None,
    };
    Some(told.to_owned())
}
