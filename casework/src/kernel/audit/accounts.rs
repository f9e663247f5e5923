//! What people did with their own accounts, in words.

use crate::words::{count, date as date_words};
use serde_json::Value;
use time::{Date, format_description::well_known::Iso8601};

/// The sentence of an event of an account; none where it is of something else. `who` is the name
/// of the person whom it is about, where it names one.
pub(super) fn sentence(name: &str, body: &Value, who: &str) -> Option<String> {
    let number = |key: &str| {
        let number = body.get(key).and_then(Value::as_u64).unwrap_or_default();
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let days = || {
        let date = |key| {
            let date = Date::parse(text(key), &Iso8601::DATE);
            date.map_or_else(|_| text(key).to_owned(), date_words)
        };
        match (date("first"), date("last")) {
            (first, last) if first == last => format!("on {first}"),
            (first, last) => format!("from {first} to {last}"),
        }
    };
    let told = match name {
        "absence_planned" => {
            let keeps = match body.get("keeps").and_then(Value::as_bool) {
                Some(true) => "; what they hold stays with them",
                _ => "",
            };
            return Some(format!("noted that {who} is away {}{keeps}", days()));
        }
        "absence_taken_back" => {
            return Some(format!("took back that {who} is away {}", days()));
        }
        "conflict_declared" => {
            return Some(format!(
                "declared that {who} is in conflict of interest with {}",
                text("organisation")
            ));
        }
        "conflict_withdrawn" => {
            return Some(format!(
                "said that {who} is no longer in conflict of interest with {}",
                text("organisation")
            ));
        }
        "capacity_set" => {
            return Some(match body.get("after").and_then(Value::as_u64) {
                Some(most) => format!("set that {who} holds at most {}", count(most, "open case")),
                None => format!("set that {who} holds as many open cases as the setting says"),
            });
        }
        "cases_moved" => {
            let cases = |key| body.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            let (moved, left) = (count(cases("moved"), "case"), cases("left"));
            return Some(match left {
                0 => format!("moved {moved} of {who} to somebody else"),
                left => format!("moved {moved} of {who} to somebody else; {left} stayed"),
            });
        }
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
