//! The forms of a page with all their controls, as somebody without scripts meets them.

use super::browser::Answer;
use std::collections::{BTreeMap, BTreeSet};

/// What a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Hidden,
    /// Anything that is typed: one line or several, dates and numbers too.
    Text,
    Password,
    Select,
    Radio,
    Checkbox,
    File,
}

/// A control, or all radios or boxes of one name.
#[derive(Clone, Debug)]
pub struct Control {
    pub kind: Kind,
    pub name: String,
    /// The id of the control, of its group where it is one of several.
    pub id: String,
    /// What would be sent as it stands.
    pub values: Vec<String>,
    /// What can be chosen.
    pub options: Vec<String>,
    pub is_invalid: bool,
    pub described_by: String,
    /// The form is refused without it.
    pub is_required: bool,
}

impl Control {
    /// Whether a person fills it in.
    pub fn is_typed(&self) -> bool {
        !matches!(self.kind, Kind::Hidden | Kind::File)
    }
}

/// A form that is sent by POST.
#[derive(Clone, Debug, Default)]
pub struct FullForm {
    pub id: String,
    pub action: String,
    pub controls: Vec<Control>,
    /// Name and value of the first button that has them.
    pub button: Option<(String, String)>,
}

impl FullForm {
    pub fn control(&self, name: &str) -> Option<&Control> {
        self.controls
            .iter()
            .find(|control| control.name == name && control.kind != Kind::Hidden)
    }

    pub fn hidden(&self, name: &str) -> Option<&str> {
        self.controls
            .iter()
            .find(|control| control.name == name && control.kind == Kind::Hidden)
            .and_then(|control| control.values.first())
            .map(String::as_str)
    }
}

/// One tag and the text behind it, up to the next.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
    text: &'a str,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> String {
        let found = self.attributes.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(key, _)| *key == name)
    }
}

/// Text as a reader sees it.
pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.find("-->").map_or("", |end| &after[end + 3..]);
            continue;
        }
        let end = tag_end(rest);
        let (inside, after) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
        let name_end = inside
            .find(|c: char| c.is_whitespace() || c == '/')
            .filter(|at| *at > 0)
            .unwrap_or(inside.len());
        let name_end = if inside.starts_with('/') {
            inside.len()
        } else {
            name_end
        };
        tags.push(Tag {
            name: &inside[..name_end],
            attributes: attributes(&inside[name_end..]),
            text: after.split('<').next().unwrap_or_default(),
        });
        rest = after;
    }
    tags
}

fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn attributes(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == '/');
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        if let Some(value) = rest.strip_prefix("=\"") {
            let end = value.find('"').unwrap_or(value.len());
            found.push((name, unescape(&value[..end])));
            rest = value.get(end + 1..).unwrap_or_default();
        } else {
            found.push((name, String::new()));
        }
        rest = rest.trim_start();
    }
    found
}

/// Every id of a page.
pub fn ids(html: &str) -> BTreeSet<String> {
    tags(html)
        .iter()
        .filter(|tag| tag.has("id"))
        .map(|tag| tag.get("id"))
        .collect()
}

/// Where the links of the error summary lead, without `#`; none where there is no summary.
pub fn summary_links(html: &str) -> Vec<String> {
    let Some((_, rest)) = html.split_once("class=\"error-summary\"") else {
        return Vec::new();
    };
    let summary = rest.split("</ul>").next().unwrap_or_default();
    tags(&format!("<div{summary}"))
        .iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.get("href").strip_prefix('#').map(str::to_owned))
        .collect()
}

/// What the error summary says, line by line; none where there is no summary.
pub fn summary_lines(html: &str) -> Vec<(String, String)> {
    let Some((_, rest)) = html.split_once("class=\"error-summary\"") else {
        return Vec::new();
    };
    let summary = rest.split("</ul>").next().unwrap_or_default();
    let mut lines: Vec<(String, String)> = Vec::new();
    for tag in tags(&format!("<div{summary}")) {
        match (tag.name, lines.last_mut()) {
            ("li", _) => lines.push((String::new(), unescape(tag.text))),
            ("a", Some(line)) => {
                let to = tag.get("href");
                *line = (to.trim_start_matches('#').to_owned(), unescape(tag.text));
            }
            _ => {}
        }
    }
    lines
}

/// What stands at each control or group of controls, by its id.
pub fn labels(html: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let mut group = String::new();
    let mut ticked = String::new();
    for tag in tags(html) {
        let text = || unescape(tag.text).trim().to_owned();
        match tag.name {
            "label" if tag.has("for") => drop(labels.insert(tag.get("for"), text())),
            "fieldset" => group = tag.get("id"),
            "legend" => drop(labels.insert(group.clone(), text())),
            "input" if tag.get("type") == "checkbox" => ticked = tag.get("id"),
            "span" if !ticked.is_empty() => {
                labels.insert(std::mem::take(&mut ticked), text());
            }
            _ => {}
        }
    }
    labels
}

/// Where all links of a page lead.
pub fn links(html: &str) -> BTreeSet<String> {
    tags(html)
        .iter()
        .filter(|tag| tag.name == "a")
        .map(|tag| tag.get("href"))
        .collect()
}

/// The texts in boxes to copy.
pub fn texts_to_copy(html: &str) -> Vec<String> {
    tags(html)
        .iter()
        .filter(|tag| tag.name == "textarea" && tag.has("readonly"))
        .map(|tag| unescape(tag.text))
        .collect()
}

/// The forms of a page that are sent by POST.
pub fn full_forms(html: &str) -> Vec<FullForm> {
    let mut forms: Vec<FullForm> = Vec::new();
    let mut open = false;
    let mut group = (String::new(), String::new());
    for tag in tags(html) {
        match tag.name {
            "form" if tag.get("method") == "post" => {
                open = true;
                forms.push(FullForm {
                    id: tag.get("id"),
                    action: tag.get("action"),
                    ..FullForm::default()
                });
            }
            "/form" => open = false,
            _ if !open => {}
            _ => {
                if let Some(form) = forms.last_mut() {
                    take(form, &tag, &mut group);
                }
            }
        }
    }
    forms
}

/// `group` is the id of the group around the tag, and what describes it.
fn take(form: &mut FullForm, tag: &Tag<'_>, group: &mut (String, String)) {
    let name = tag.get("name");
    let invalid = tag.get("aria-invalid") == "true";
    let control = |kind, values: Vec<String>| Control {
        kind,
        name: name.clone(),
        id: tag.get("id"),
        values,
        options: Vec::new(),
        is_invalid: invalid,
        described_by: tag.get("aria-describedby"),
        is_required: tag.get("aria-required") == "true",
    };
    match tag.name {
        "fieldset" => *group = (tag.get("id"), tag.get("aria-describedby")),
        "/fieldset" => *group = (String::new(), String::new()),
        "textarea" => {
            let text = tag.text.strip_prefix('\n').unwrap_or(tag.text);
            form.controls
                .push(control(Kind::Text, vec![unescape(text)]));
        }
        "select" => form.controls.push(control(Kind::Select, Vec::new())),
        "option" => {
            if let Some(select) = form.controls.last_mut() {
                if tag.has("selected") || select.options.is_empty() {
                    select.values = vec![tag.get("value")];
                }
                select.options.push(tag.get("value"));
            }
        }
        "button" if tag.has("name") && form.button.is_none() => {
            form.button = Some((name, tag.get("value")));
        }
        "input" => {
            let value = tag.get("value");
            match tag.get("type").as_str() {
                "hidden" => form.controls.push(control(Kind::Hidden, vec![value])),
                "password" => form.controls.push(control(Kind::Password, vec![value])),
                // A code is a secret as well, though it is shown while it is typed.
                _ if tag.get("autocomplete") == "one-time-code" => {
                    form.controls.push(control(Kind::Password, vec![value]));
                }
                "file" => form.controls.push(control(Kind::File, Vec::new())),
                kind @ ("radio" | "checkbox") => {
                    let kind = if kind == "radio" {
                        Kind::Radio
                    } else {
                        Kind::Checkbox
                    };
                    let mut one = control(kind, Vec::new());
                    if one.id.is_empty() {
                        (one.id, one.described_by) = group.clone();
                    }
                    let known = form
                        .controls
                        .iter()
                        .position(|known| known.name == one.name && known.kind == kind);
                    let at = known.unwrap_or(form.controls.len());
                    if known.is_none() {
                        form.controls.push(one);
                    }
                    let found = &mut form.controls[at];
                    found.options.push(value.clone());
                    found.is_invalid |= invalid;
                    if tag.has("checked") {
                        found.values.push(value);
                    }
                }
                _ => form.controls.push(control(Kind::Text, vec![value])),
            }
        }
        _ => {}
    }
}

/// The form of a page that is sent to `action`.
pub fn form_on(page: &Answer, action: &str) -> FullForm {
    full_forms(&page.body)
        .into_iter()
        .find(|form| form.action == action)
        .unwrap_or_else(|| panic!("no {action} on {}", page.body))
}
