//! What was sent: names and values, from a form or a JSON body.

use crate::{Error, Result};
use percent_encoding::percent_decode;
use serde_json::Value as Json;
use workflow::limits::FORM_FIELDS;

/// The key that lets a form be carried out once.
pub const ONCE: &str = "once";
/// The id of the form on its page.
pub const FORM: &str = "form";
/// The page to come back to.
pub const BACK: &str = "back";
/// The case that the form is about.
pub const CASE: &str = "case";
/// The version of it that the person saw.
pub const SEEN: &str = "seen";
/// The person for whom the page was drawn.
pub const DRAWN_FOR: &str = "for";
/// The kept form that this one was drawn from.
pub const KEPT: &str = "kept";

/// A place in which files were chosen that the desk has not taken: a browser does not keep them. Noted
/// by the desk as it reads a form.
pub const CHOSEN: &str = "chosen";

/// What the fields of the form held when its page was drawn, as [`crate::input::drawn`] writes it; a
/// field that it does not name held nothing.
pub const DRAWN: &str = "drawn";

/// What every form carries besides its input; no input has a text of such a name.
pub const PLUMBING: [&str; 9] = [ONCE, FORM, BACK, CASE, SEEN, DRAWN_FOR, KEPT, CHOSEN, DRAWN];

/// Names that the page of a request form uses itself: no field of a template has them as its key.
pub const TAKEN: [&str; 14] = [
    ONCE, FORM, BACK, CASE, SEEN, DRAWN_FOR, KEPT, CHOSEN, DRAWN, "section", "draft", "tab",
    "order", "go",
];

/// Names and values in the order in which they were sent; a name may come several times.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sent(Vec<(String, String)>);

impl std::fmt::Debug for Sent {
    /// Names alone: a value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl From<Vec<(String, String)>> for Sent {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl Sent {
    /// A URL-encoded body.
    ///
    /// # Errors
    /// [`Error::Malformed`] for what is no UTF-8.
    pub fn from_form(body: &[u8]) -> Result<Self> {
        let text = |part: &[u8]| {
            let spaced: Vec<u8> = part
                .iter()
                .map(|byte| if *byte == b'+' { b' ' } else { *byte })
                .collect();
            percent_decode(&spaced)
                .decode_utf8()
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| Error::Malformed)
        };
        let pairs = || {
            let pairs = body.split(|byte| *byte == b'&');
            pairs.filter(|pair| !pair.is_empty())
        };
        if pairs().nth(FORM_FIELDS).is_some() {
            return Err(Error::Malformed);
        }
        pairs()
            .map(|pair| {
                let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                    Some(at) => (pair.get(..at), pair.get(at + 1..)),
                    None => (Some(pair), None),
                };
                Ok((
                    text(name.unwrap_or_default())?,
                    text(value.unwrap_or_default())?,
                ))
            })
            .collect::<Result<Vec<_>>>()
            .map(Self)
    }

    /// A JSON object with the names of the form; a list is a name that comes several times, `true`
    /// a ticked box.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else, and for more than [`FORM_FIELDS`] fields.
    pub fn from_json(body: &[u8]) -> Result<Self> {
        let Ok(Json::Object(object)) = serde_json::from_slice(body) else {
            return Err(Error::Malformed);
        };
        let mut pairs = Vec::new();
        for (name, value) in object {
            let values = match value {
                Json::Array(values) => values,
                one => vec![one],
            };
            for value in values {
                let text = match value {
                    Json::String(text) => text,
                    Json::Number(number) => number.to_string(),
                    Json::Bool(true) => "yes".to_owned(),
                    Json::Bool(false) | Json::Null => continue,
                    Json::Array(_) | Json::Object(_) => return Err(Error::Malformed),
                };
                pairs.push((name.clone(), text));
                if pairs.len() > FORM_FIELDS {
                    return Err(Error::Malformed);
                }
            }
        }
        Ok(Self(pairs))
    }

    /// All of it, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Everything sent under a name, in order.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The first value under a name; empty where there is none.
    pub fn first(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// Every name, once, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let pairs = &self.0;
        pairs
            .iter()
            .enumerate()
            .filter_map(move |(index, (name, _))| {
                let before = pairs.get(..index).unwrap_or_default();
                (!before.iter().any(|(known, _)| known == name)).then_some(name.as_str())
            })
    }
}
