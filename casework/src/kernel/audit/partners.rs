//! What happened to partnerships, in words.

use super::{records::Record, sentence::moment_in};
use crate::words::count;
use serde_json::Value;
use uuid::Uuid;
use workflow::partners::Criterion;

/// The rows that an event of a partnership touches; none where it is of something else. It names
/// each by a field of its body.
pub(super) fn touched(name: &str, body: &Value) -> Option<Vec<Record>> {
    if !name.starts_with("partner_") && name != "agreement_reaccepted" {
        return None;
    }
    let id = |key: &str| body.get(key)?.as_str()?.parse::<Uuid>().ok();
    let named = [
        id("partnership").map(Record::Partnership),
        id("published").map(Record::PartnerPublication),
        id("reacceptance").map(Record::Reacceptance),
        id("signature").map(Record::PartnerSignature),
    ];
    Some(named.into_iter().flatten().collect())
}

/// The sentence of an event of a partnership; none where it is of something else.
pub(super) fn sentence(name: &str, body: &Value) -> Option<String> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let told = match name {
        "partner_app_published" => format!(
            "said that everybody has been able to get the app since {}, at {}",
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
        "partner_proposal_taken_back" => "took the proposal back".to_owned(),
        "partner_approved" => "made the app a Digital Health Partner".to_owned(),
        "partner_declined" => "declined the application to be a partner".to_owned(),
        "partner_facts_noted" => facts(body),
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

fn facts(body: &Value) -> String {
    let criteria = |key: &str| {
        let words = body.get(key).and_then(Value::as_array);
        let labels = words
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|word| match Criterion::from_word(word) {
                Some(criterion) => format!("“{}”", criterion.label()),
                None => format!("“{word}”"),
            });
        labels.collect::<Vec<_>>().join(" and ")
    };
    let (begun, ended) = (criteria("not_met"), criteria("met_again"));
    let told = [
        (!begun.is_empty()).then(|| format!("{begun} is not met any more")),
        (!ended.is_empty()).then(|| format!("{ended} is met again")),
        body.get("first_user")
            .and_then(Value::as_str)
            .map(|day| format!("the app had its first active user on {day}")),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    format!("noted of the partner: {}", told.join("; "))
}
