//! The settings that an admin can change: their words, their units and what they may be.

use serde_json::Value;
use workflow::{
    Settings,
    settings::{NECESSARY, OPTIONAL},
};

/// A setting that an admin can change.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub key: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub takes: Takes,
    read: fn(&Settings) -> Value,
}

/// What a setting may be.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    Number {
        unit: &'static str,
        least: u32,
        most: u32,
    },
    /// One of these words; each with what people read.
    Choice(&'static [(&'static str, &'static str)]),
}

impl Setting {
    /// Its value in some settings.
    pub fn of(&self, settings: &Settings) -> Value {
        (self.read)(settings)
    }

    /// A value as it was typed or chosen; none where it may not be that.
    pub fn parse(&self, typed: &str) -> Option<Value> {
        let typed = typed.trim();
        match self.takes {
            Takes::Number { least, most, .. } => {
                let number = typed.parse::<u32>().ok();
                number
                    .filter(|number| (least..=most).contains(number))
                    .map(Value::from)
            }
            Takes::Choice(words) => {
                let found = words.iter().find(|(word, _)| *word == typed);
                found.map(|(word, _)| Value::from(*word))
            }
        }
    }

    /// What is to be typed: the end of a sentence.
    pub fn rule(&self) -> String {
        match self.takes {
            Takes::Number { least, most, .. } => {
                format!("write a whole number from {least} to {most}.")
            }
            Takes::Choice(_) => "choose one of the list.".to_owned(),
        }
    }

    /// A value to people, without its unit.
    pub fn said(&self, value: &Value) -> String {
        let Some(word) = value.as_str() else {
            return value.to_string();
        };
        let label = match self.takes {
            Takes::Choice(words) => words.iter().find(|(known, _)| *known == word),
            Takes::Number { .. } => None,
        };
        label.map_or(word, |(_, label)| label).to_owned()
    }

    /// The same with its unit, where it has one: `1 day`, `20 users`.
    pub fn measured(&self, value: &Value) -> String {
        let said = self.said(value);
        match self.takes {
            Takes::Number { unit, .. } if said == "1" => {
                format!("1 {}", unit.strip_suffix('s').unwrap_or(unit))
            }
            Takes::Number { unit, .. } => format!("{said} {unit}"),
            Takes::Choice(_) => said,
        }
    }
}

/// The views with which a queue can begin.
const VIEWS: Takes = Takes::Choice(&[
    ("my_turn", "My turn"),
    ("needs_reviewer", "Needs a reviewer"),
    ("commercial_to_take", "Commercial to take"),
    ("technical_to_take", "Technical to take"),
    ("answers_arrived", "Answers arrived"),
    ("decisions", "Decisions waiting"),
    ("appeals", "Appeals"),
    ("findings_dated", "Findings with a date"),
    ("overdue", "Overdue"),
    ("with_developer", "With the developer"),
    ("all_open", "All open"),
    ("ended", "Ended"),
]);

/// What is said of each setting of a view.
const VIEW: &str = "Whoever has chosen a view to begin with begins with that one. Of several roles the one counts that stands first among these settings.";

/// Whether everybody has to have something.
const NEED: Takes = Takes::Choice(&[(OPTIONAL, "Optional"), (NECESSARY, "Necessary")]);

macro_rules! settings {
    (
        numbers { $($field:ident: $label:literal, $hint:literal, $unit:literal, $least:literal ..= $most:literal;)+ }
        needs { $($need:ident: $need_label:literal, $need_hint:literal;)+ }
        views { $($view:ident: $view_label:literal;)+ }
    ) => {
        /// Every setting.
        pub const SETTINGS: &[Setting] = &[
            $(Setting {
                key: stringify!($field),
                label: $label,
                hint: $hint,
                takes: Takes::Number {
                    unit: $unit,
                    least: $least,
                    most: $most,
                },
                read: |settings| Value::from(settings.$field),
            },)+
            $(Setting {
                key: stringify!($need),
                label: $need_label,
                hint: $need_hint,
                takes: NEED,
                read: |settings| Value::from(settings.$need.as_str()),
            },)+
            $(Setting {
                key: stringify!($view),
                label: $view_label,
                hint: VIEW,
                takes: VIEWS,
                read: |settings| Value::from(settings.$view.as_str()),
            },)+
        ];
    };
}

settings! {
    numbers {
        limited_cap: "Authorised users under Limited Access", "Stamped on each grant when it is approved; grants made before keep theirs, until an approver changes one on its case.", "users", 1..=1000;
        review_days: "Our aim for a whole review", "Counts while a case is with us.", "business days", 1..=250;
        quiet_days: "Quiet time before a developer may ask", "Whether an application is stuck, while it is our turn; once our date has passed they may ask at once.", "business days", 1..=250;
        open_cases: "Open cases of one reviewer", "“Get next” gives nothing beyond it; leads set another number for single people on the page “Workload”.", "cases", 1..=1000;
        absence_keeps_days: "Absence over which cases are kept", "Whoever is away for longer gives theirs back.", "business days", 0..=20;
        clarification_days: "Time to answer questions", "From the request for clarification.", "business days", 1..=250;
        corrections_days: "Time to correct findings", "From the request for corrections.", "business days", 1..=250;
        agreement_days: "Time to accept the agreement", "From the moment the last review passes.", "business days", 1..=250;
        grace_days: "Grace before a case lapses", "After a developer's date has passed.", "business days", 0..=250;
        remind_before_days: "Reminder before a developer's date", "Another one goes out once it has passed.", "business days", 1..=60;
        remind_again_days: "Reminder by one of us", "Possible again after so long; the desk's own reminders count too.", "business days", 1..=60;
        invitation_days: "Time to accept an invitation to an app", "Afterwards an owner of the app can invite again.", "days", 1..=90;
        reading_days: "Pages of approved apps are read again", "Privacy policy, terms and store pages; the next day where one could not be read.", "days", 1..=90;
        reading_similarity: "Change of a page that needs a look", "A page less alike than this to the text last looked at becomes a task; at 100 every other word does.", "percent alike", 50..=100;
        unreachable_days: "Warning about a page that cannot be read", "Its developer is written to after so long.", "days", 1..=180;
        attestation_months: "Attestation of contacts and use", "From the approval, and from each attestation to the next.", "months", 1..=60;
        attestation_remind_days: "Attestation asked for before its date", "From then on it can be given.", "days", 1..=90;
        attestation_grace_days: "Grace after an attestation's date", "Afterwards leads and approvers are told that it is missing.", "days", 0..=180;
        reacceptance_days: "Time to accept a newer agreement", "For partners, from its publication.", "days", 1..=365;
        partner_contact_months: "Support contact of a partner", "A confirmation of it holds for so long.", "months", 1..=60;
        partner_active_days: "Active user of a partner's app", "At least one within so many days, at any time.", "days", 7..=365;
        partner_rest_days: "Warned partner comes to rest", "From the warning that a criterion is not met; warnings written before keep their dates.", "days", 1..=365;
        partner_end_days: "Resting partnership ends", "From the day on which it came to rest.", "days", 1..=365;
        digest_hour: "Daily digests go out", "To those who chose some letters once a day; on a day without any, none.", "o'clock (UTC)", 0..=23;
        held_letter_days: "Letters to a disabled account are held", "They go out if the account is enabled in that time; afterwards they are not sent.", "days", 1..=365;
        appeal_days: "Time for an appeal", "After a case was declined or has lapsed.", "days", 1..=365;
    }
    needs {
        staff_second_factor: "Second factor of our own people", "Whoever works here and has none sets an authenticator app or a passkey up before they see or do anything else. Where the desk's configuration asks for one, it is necessary whatever is chosen here.";
    }
    views {
        view_reviewer: "The queue of reviewers begins with";
        view_commercial_reviewer: "The queue of commercial reviewers begins with";
        view_technical_reviewer: "The queue of technical reviewers begins with";
        view_approver: "The queue of approvers begins with";
        view_lead: "The queue of leads begins with";
        view_compliance: "The queue of compliance begins with";
    }
}
