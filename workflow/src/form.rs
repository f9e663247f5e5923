//! The request form: a versioned template (data), answers, and what is wrong with them.

use crate::{
    mailbox::{LocalParts, Mailbox},
    refusal::day_in_words,
    state::AccessLevel,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::{Date, format_description::well_known::Iso8601};
use url::{Host, Url};

/// Field key → what was typed, as typed. Several choices are joined by `,` in the order of the
/// template.
pub type Answers = BTreeMap<String, String>;

/// One version of the request form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub version: u32,
    pub sections: Vec<Section>,
}

/// One step of the form: one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub key: String,
    pub title: String,
    /// What this step is for and what a good answer has.
    #[serde(default)]
    pub guidance: String,
    pub fields: Vec<Field>,
}

/// One question of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub key: String,
    pub label: String,
    #[serde(default)]
    pub hint: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub optional: bool,
    /// Asked for Full Access alone.
    #[serde(default)]
    pub full_only: bool,
    /// A file put into the field of this key answers as well as text does.
    #[serde(default)]
    pub or_attachment: Option<String>,
    /// Where a good answer is described: a heading of an open page, `/guides/limited-access#users`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guide: String,
}

/// What can be typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line, at most `max` characters.
    Text {
        max: usize,
    },
    /// Several lines, `min` to `max` characters.
    LongText {
        min: usize,
        max: usize,
    },
    /// A web address with https.
    Url,
    Email,
    /// A day; `ahead`: one that is not over when the form is handed in.
    Date {
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ahead: bool,
    },
    /// A whole number.
    Number {
        min: u64,
        max: u64,
    },
    /// One of these.
    Choice {
        options: Vec<Choice>,
    },
    /// Any of these.
    Choices {
        options: Vec<Choice>,
    },
    /// Must be ticked; the answer is `yes`.
    Confirm,
    /// Files.
    Files {
        accept: FileKind,
    },
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub key: String,
    pub label: String,
}

/// Which files a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Pdf,
    /// Images, video or PDF.
    Media,
}

/// What is wrong with one answer, to the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub field: String,
    pub text: String,
}

impl Form {
    /// The sections of a level, each with the fields asked there.
    pub fn sections(&self, level: AccessLevel) -> impl Iterator<Item = Section> {
        self.sections.iter().filter_map(move |section| {
            let mut section = section.clone();
            section
                .fields
                .retain(|field| !field.full_only || level == AccessLevel::Full);
            (!section.fields.is_empty()).then_some(section)
        })
    }

    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.sections
            .iter()
            .flat_map(|section| &section.fields)
            .find(|field| field.key == key)
    }

    /// The days among `answers` for `level` that are to be ahead and are over on the day `today`.
    pub fn days_over(&self, level: AccessLevel, answers: &Answers, today: Date) -> Vec<Problem> {
        self.sections(level)
            .flat_map(|section| section.fields)
            .filter(|field| matches!(field.kind, FieldKind::Date { ahead: true }))
            .filter_map(|field| {
                let day = Date::parse(answers.get(&field.key)?.trim(), &Iso8601::DATE).ok()?;
                (day < today).then(|| Problem {
                    text: format!(
                        "{}: this day is over; write one that is still to come.",
                        field.label
                    ),
                    field: field.key,
                })
            })
            .collect()
    }

    /// Everything wrong with `answers` for `level`, in the order of the form; `files` are the keys
    /// of the fields that hold a file.
    pub fn problems(
        &self,
        level: AccessLevel,
        answers: &Answers,
        files: &BTreeSet<String>,
    ) -> Vec<Problem> {
        self.sections(level)
            .flat_map(|section| section.fields)
            .filter_map(|field| {
                let answer = answers.get(&field.key).map_or("", |text| text.trim());
                field.problem(answer, files).map(|text| Problem {
                    field: field.key,
                    text,
                })
            })
            .collect()
    }
}

impl Field {
    /// An answer in the words that the developer saw when giving it.
    pub fn in_words(&self, answer: &str) -> String {
        let answer = answer.trim();
        match &self.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => {
                let chosen = answer.split(',').filter(|key| !key.is_empty());
                let word = |key| {
                    let option = options.iter().find(|option| option.key == key);
                    option.map_or(key, |option| option.label.as_str())
                };
                chosen.map(word).collect::<Vec<_>>().join(", ")
            }
            FieldKind::Confirm if answer == "yes" => "Confirmed".to_owned(),
            FieldKind::Date { .. } => match Date::parse(answer, &Iso8601::DATE) {
                Ok(day) => day_in_words(day),
                Err(_) => answer.to_owned(),
            },
            _ => answer.to_owned(),
        }
    }

    /// What is wrong with this trimmed answer.
    pub fn problem(&self, answer: &str, files: &BTreeSet<String>) -> Option<String> {
        let label = &self.label;
        if let FieldKind::Files { .. } = self.kind {
            return (!self.optional && !files.contains(&self.key))
                .then(|| format!("{label}: attach a file."));
        }
        let by_file = self
            .or_attachment
            .as_ref()
            .is_some_and(|key| files.contains(key));
        if answer.is_empty() {
            return match (&self.kind, self.optional || by_file) {
                (_, true) => None,
                (FieldKind::Confirm, _) => Some(format!("{label}: tick the box to confirm.")),
                (FieldKind::Choice { .. }, _) => Some(format!("{label}: choose one.")),
                (FieldKind::Choices { .. }, _) => Some(format!("{label}: choose at least one.")),
                _ if self.or_attachment.is_some() => {
                    Some(format!("{label}: write an answer, or attach a PDF."))
                }
                _ => Some(format!("{label}: write an answer.")),
            };
        }
        let count = answer.chars().count();
        let fault = match &self.kind {
            FieldKind::Text { max } if count > *max => {
                format!("shorten it to {max} characters; it has {count}.")
            }
            FieldKind::Text { .. } if answer.chars().any(char::is_control) => {
                "remove the line breaks.".to_owned()
            }
            FieldKind::LongText { min, .. } if count < *min && !by_file => {
                format!("say more: at least {min} characters; it has {count}.")
            }
            FieldKind::LongText { max, .. } if count > *max => {
                format!("shorten it to {max} characters; it has {count}.")
            }
            FieldKind::Url => web_address_fault(answer)?.to_owned(),
            // Written to by hand, from any mail program: hence no letters outside ASCII.
            FieldKind::Email => Mailbox::parse(answer, LocalParts::Ascii).err()?.to_owned(),
            FieldKind::Date { .. } if Date::parse(answer, &Iso8601::DATE).is_err() => {
                "write a date such as 2027-03-31.".to_owned()
            }
            FieldKind::Number { min, max }
                if !answer
                    .parse::<u64>()
                    .is_ok_and(|number| (*min..=*max).contains(&number)) =>
            {
                format!("write a whole number from {min} to {max}.")
            }
            FieldKind::Choice { options } if !options.iter().any(|o| o.key == answer) => {
                "choose one of the list.".to_owned()
            }
            FieldKind::Choices { options }
                if !answer
                    .split(',')
                    .all(|part| options.iter().any(|o| o.key == part)) =>
            {
                "choose from the list.".to_owned()
            }
            FieldKind::Confirm if answer != "yes" => "tick the box to confirm.".to_owned(),
            _ => return None,
        };
        Some(format!("{label}: {fault}"))
    }
}

/// What keeps a text from being a public web address, as the end of a sentence to the person; none
/// where it is one by its looks. Whether it may be visited is the link checker's business.
pub fn web_address_fault(text: &str) -> Option<&'static str> {
    const WHOLE: &str = "write a whole address that begins with https://.";
    const INNER: &str = "this name is known inside a network alone; the address must be public.";
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some(WHOLE);
    }
    let Ok(url) = Url::parse(text) else {
        return Some(WHOLE);
    };
    if url.scheme() != "https" {
        return Some(WHOLE);
    }
    let host = match url.host() {
        Some(Host::Domain(name)) => name,
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
            return Some("write the name of the site, not its number.");
        }
        None => return Some(WHOLE),
    };
    if !host.trim_end_matches('.').contains('.') {
        return Some(INNER);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("leave out the name or password before the @.");
    }
    None
}

/// The same of a place where people are answered: a page, or an address for mail.
pub fn contact_fault(text: &str) -> Option<&'static str> {
    if text.contains('@') && !text.contains("://") {
        return Mailbox::parse(text, LocalParts::Ascii).err();
    }
    if text.contains("://") {
        return web_address_fault(text);
    }
    Some("write an address for mail such as help@example.com, or a page that begins with https://.")
}

#[cfg(test)]
mod tests {
    use super::{contact_fault, web_address_fault};

    #[test]
    fn people_are_answered_at_a_public_page_or_at_an_address_for_mail() {
        for good in [
            "help@example.org",
            "https://example.org/help",
            "https://example.org/@help",
        ] {
            assert_eq!(contact_fault(good), None, "{good}");
        }
        for bad in [
            "",
            "bogus",
            "example.org/help",
            "help@",
            "help@localhost",
            "help@127.0.0.1",
            "call us @ any time",
            "mailto:help@example.org",
            "http://example.org",
            "https://127.0.0.1/",
            "https://localhost/help",
            "https://help@example.org/",
        ] {
            assert!(contact_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_web_address_is_a_whole_public_one() {
        for good in [
            "https://example.org",
            "https://example.org/a?b=c#d",
            "https://zürich.example/ä",
        ] {
            assert_eq!(web_address_fault(good), None, "{good}");
        }
        for bad in [
            "",
            "example.org",
            "http://example.org",
            "https://",
            "https://localhost",
            "https:// example.org",
            "https://exa mple.org",
            "https://example.org\n",
            "https://example.org/a b",
            "https://example.org/a\tb",
            "https://example.org/\u{1}",
            "javascript:alert(1)//https://a.example",
            "//example.org",
            "https://user:secret@example.org",
            "https://user@example.org",
            "https://127.0.0.1/policy",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::1]/",
        ] {
            assert!(web_address_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_whole_address_inside_a_network_is_told_so() {
        for inner in ["https://localhost", "https://localhost./", "https://shop/x"] {
            let fault = web_address_fault(inner).unwrap_or_default();
            assert!(fault.contains("inside a network"), "{inner}: {fault}");
        }
    }
}
