//! What the fields of a form held when its page was drawn: told by the form itself, so that what
//! nobody touched is not taken for what somebody typed.

use crate::digest::sha256;

/// What fields hold, in a form that can be compared and not be read: `key:hash` for each.
pub fn drawn<'a>(answers: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let parts: Vec<String> = answers
        .into_iter()
        .map(|(key, text)| format!("{key}:{}", short_hash(text)))
        .collect();
    parts.join(" ")
}

/// The same of the controls of one form, by name; what holds nothing is not named. Empty for a form
/// without any.
pub fn held(controls: &[(String, String)]) -> String {
    let named = controls.iter().filter(|(_, text)| !text.is_empty());
    let text = drawn(named.map(|(name, text)| (name.as_str(), text.as_str())));
    match controls {
        [] => text,
        _ if text.is_empty() => "nothing".to_owned(),
        _ => text,
    }
}

/// Whether a field holds what it held when its page was drawn.
pub fn is_as_drawn(drawn: &str, key: &str, text: &str) -> bool {
    let fields = drawn.split(' ').filter_map(|one| one.split_once(':'));
    // Of several buttons of one name each may have been pressed.
    let held: Vec<&str> = fields
        .filter(|(name, _)| *name == key)
        .map(|(_, held)| held)
        .collect();
    match held.as_slice() {
        // What held nothing need not be named.
        [] => !drawn.is_empty() && text.is_empty(),
        held => held.contains(&short_hash(text).as_str()),
    }
}

fn short_hash(text: &str) -> String {
    sha256(text.as_bytes()).chars().take(16).collect()
}

/// A text without what browsers do to its ends.
pub fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
