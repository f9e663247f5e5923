//! The bodies of events, as pages and copies read them. One that cannot be read takes nothing else
//! away: it is told in its place, and readiness tells of it.

use crate::{
    Desk, Error, Part, Result,
    entities::audit_events,
    reference::{Known, SETTINGS},
};
use serde_json::Value;
use workflow::{Event, FilesOf, StateKind, checklist::ListKind};

/// What is recorded about a case without changing it.
const BESIDE: [&str; 8] = [
    "case_exported",
    "case_tagged",
    "case_untagged",
    "case_snoozed",
    "case_woken",
    "stuck_asked",
    "stuck_answered",
    "developer_reminded",
];

/// The event of a case in the body of an event of the trail; none where it is of something else, or
/// of a kind or shape that this version does not know.
pub(crate) fn event_in(name: &str, body: &Value) -> Option<Event> {
    let event: Event = serde_json::from_value(body.get("event")?.clone()).ok()?;
    (event.name() == name).then_some(event)
}

/// In which stage a case stood after an event, by the text of its body.
pub(crate) fn event_state(text: &str) -> Option<StateKind> {
    let body: Value = serde_json::from_str(text).ok()?;
    StateKind::from_word(body.pointer("/after/state")?.as_str()?)
}

/// The body of an event by its text; none where it is not what an event of this name says.
pub(crate) fn body(of_case: bool, name: &str, text: &str) -> Option<Value> {
    let body: Value = serde_json::from_str(text).ok()?;
    let whole = match (of_case, body.get("event")) {
        (false, None) => body.is_object(),
        (true, None) => body.is_object() && BESIDE.contains(&name),
        (_, Some(_)) => event_in(name, &body).is_some(),
    };
    whole.then_some(body)
}

/// As [`body`]; what cannot be read is noted as a condition of the desk, and nothing (`null`) is
/// answered, which [`super::sentence`] tells as what it is.
pub(crate) fn read(desk: &Desk, seq: i64, of_case: bool, name: &str, text: &str) -> Value {
    let body: Result<Value> =
        body(of_case, name, text).ok_or_else(|| Error::corrupt("audit_events", seq, "body"));
    let what = format_args!("event {seq}");
    let body = desk
        .conditions
        .readable(Part::Trail, what, body, desk.now());
    let mut body = body.unwrap_or_default();
    title(&desk.reference.known(), name, &mut body);
    body
}

/// Puts the titles of questions, items and settings in the place of their keys: people read those.
/// What has no title any more keeps its key.
fn title(known: &Known, name: &str, body: &mut Value) {
    let question = |key: &str| {
        let mut forms = known.forms.values().rev();
        let label = forms.find_map(|form| Some(form.field(key)?.label.clone()));
        label.or_else(|| FilesOf::read(key).label().map(str::to_owned))
    };
    let item = |list: &Value, key: &str| {
        let kind: ListKind = serde_json::from_value(list.clone()).ok()?;
        let mut lists = known.lists.range((kind, 0)..=(kind, u32::MAX)).rev();
        lists.find_map(|(_, list)| Some(list.item(key)?.label.clone()))
    };
    let put = |place: Option<&mut Value>, title: &dyn Fn(&str) -> Option<String>| {
        if let Some(place) = place
            && let Some(title) = place.as_str().and_then(title)
        {
            *place = Value::String(title);
        }
    };
    let within = match name {
        "item_checked" => "/event",
        "finding_recorded" => "/event/finding",
        "attachment_added" => return put(body.pointer_mut("/event/field"), &question),
        "draft_edited" => {
            let fields = body.pointer_mut("/event/fields");
            for field in fields.and_then(Value::as_array_mut).into_iter().flatten() {
                put(Some(field), &question);
            }
            return;
        }
        "setting_set" => {
            let key = body.pointer("/key").and_then(Value::as_str);
            let Some(setting) = SETTINGS.iter().find(|setting| Some(setting.key) == key) else {
                return;
            };
            put(body.pointer_mut("/after"), &|value| {
                Some(setting.said(&Value::from(value)))
            });
            return put(body.pointer_mut("/key"), &|_| {
                Some(setting.label.to_owned())
            });
        }
        _ => return,
    };
    let list = body.pointer(&format!("{within}/list")).cloned();
    let list = list.unwrap_or_default();
    put(body.pointer_mut(&format!("{within}/item")), &|key| {
        item(&list, key)
    });
}

/// The bodies of some events.
pub(crate) fn bodies(desk: &Desk, events: &[audit_events::Model]) -> Vec<Value> {
    events
        .iter()
        .map(|event| {
            let of_case = event.case_id.is_some();
            read(desk, event.seq, of_case, &event.name, &event.body)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_where_it_is_what_its_event_says() {
        let withdrawn = r#"{"event":{"event":"withdrawn","reason":""}}"#;
        for (of_case, name, text, readable) in [
            (true, "withdrawn", withdrawn, true),
            (true, "approved", withdrawn, false),
            (
                true,
                "withdrawn",
                r#"{"event":{"event":"withdrawn"}}"#,
                false,
            ),
            (
                true,
                "moon_landed",
                r#"{"event":{"event":"moon_landed"}}"#,
                false,
            ),
            (true, "withdrawn", "{}", false),
            (true, "case_exported", r#"{"format":"CSV"}"#, true),
            (false, "signed_in", r#"{"address":"::1"}"#, true),
            (false, "moon_landed", "{}", true),
            (false, "signed_in", "[]", false),
            (false, "signed_in", "null", false),
            (false, "signed_in", "{", false),
        ] {
            assert_eq!(
                body(of_case, name, text).is_some(),
                readable,
                "{name} {text}"
            );
        }
    }
}
