//! What a field can be: how it is read from what was sent, and written into a page.

use crate::access::{GatewayScope, queries::DataEnvironment};
use std::{collections::BTreeSet, fmt};
use uuid::Uuid;
use workflow::{
    AppId, AttachmentId, CaseNumber, FindingId, PersonId, QuestionId, Role, Timestamp,
    checklist::{ListKind, Severity},
    event::DeclineReason,
    gallery::{Language, Platform, Region},
    state::{AccessLevel, Seat, Track},
    support::{Category, Environment, RequestNumber},
};

/// A value of a field.
pub trait Value: Sized {
    /// From everything sent under the field's name; nothing where that is no such value.
    fn read(values: &[&str]) -> Option<Self>;

    /// As a page carries it.
    fn write(&self) -> String;

    /// What is to be typed: the end of a sentence.
    const RULE: &'static str = "choose one of the list.";
}

impl Value for String {
    /// Of several values (ticked boxes) those that are not empty, joined by `,`.
    fn read(values: &[&str]) -> Option<Self> {
        Some(match values {
            [] => Self::new(),
            [one] => (*one).to_owned(),
            many => many
                .iter()
                .copied()
                .filter(|value| !value.is_empty())
                .collect::<Vec<_>>()
                .join(","),
        })
    }

    fn write(&self) -> String {
        self.clone()
    }
}

impl Value for Timestamp {
    /// In microseconds.
    fn read(values: &[&str]) -> Option<Self> {
        chosen(values)?.parse().ok().map(Self::from_micros)
    }

    fn write(&self) -> String {
        self.micros().to_string()
    }
}

impl Value for bool {
    fn read(values: &[&str]) -> Option<Self> {
        Some(values.contains(&"yes"))
    }

    fn write(&self) -> String {
        if *self {
            "yes".to_owned()
        } else {
            String::new()
        }
    }
}

/// The value that counts of those sent: radios send an empty one before the chosen.
fn chosen<'a>(values: &[&'a str]) -> Option<&'a str> {
    values.iter().copied().rfind(|value| !value.is_empty())
}

impl<T: Value> Value for Option<T> {
    const RULE: &'static str = T::RULE;

    fn read(values: &[&str]) -> Option<Self> {
        match chosen(values) {
            None => Some(None),
            Some(value) => T::read(&[value]).map(Some),
        }
    }

    fn write(&self) -> String {
        self.as_ref().map(T::write).unwrap_or_default()
    }
}

impl<T: Value + Ord> Value for BTreeSet<T> {
    fn read(values: &[&str]) -> Option<Self> {
        values
            .iter()
            .copied()
            .filter(|value| !value.is_empty())
            .map(|value| T::read(&[value]))
            .collect()
    }

    fn write(&self) -> String {
        let words: Vec<String> = self.iter().map(T::write).collect();
        words.join(",")
    }
}

macro_rules! parsed {
    ($($type:ty),+) => {$(
        impl Value for $type {
            fn read(values: &[&str]) -> Option<Self> {
                chosen(values)?.parse().ok()
            }

            fn write(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl Value for $type {
            const RULE: &'static str = "write a whole number.";

            fn read(values: &[&str]) -> Option<Self> {
                chosen(values)?.trim().parse().ok()
            }

            fn write(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

numbers!(u32, u64, i64);

parsed!(
    Uuid,
    AppId,
    AttachmentId,
    CaseNumber,
    FindingId,
    PersonId,
    QuestionId,
    RequestNumber
);

macro_rules! words {
    ($($type:ty),+) => {$(
        impl Value for $type {
            fn read(values: &[&str]) -> Option<Self> {
                Self::from_word(chosen(values)?)
            }

            fn write(&self) -> String {
                self.word().to_owned()
            }
        }
    )+};
}

words!(
    AccessLevel,
    Category,
    DataEnvironment,
    DeclineReason,
    Environment,
    GatewayScope,
    Language,
    ListKind,
    Platform,
    Region,
    Role,
    Seat,
    Severity,
    Track
);

/// A password, token or code as it was typed: not shown in logs, not written back.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText")
    }
}
