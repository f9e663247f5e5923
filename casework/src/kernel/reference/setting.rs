//! The settings that an admin can change: their words, their units and what they may be.

use workflow::Settings;

/// A setting that an admin can change.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub key: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub unit: &'static str,
    pub least: u32,
    pub most: u32,
    read: fn(&Settings) -> u32,
}

impl Setting {
    /// Its value in some settings.
    pub fn of(&self, settings: &Settings) -> u32 {
        (self.read)(settings)
    }
}

macro_rules! settings {
    ($($field:ident: $label:literal, $hint:literal, $unit:literal, $least:literal ..= $most:literal;)+) => {
        /// Every setting.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            key: stringify!($field),
            label: $label,
            hint: $hint,
            unit: $unit,
            least: $least,
            most: $most,
            read: |settings| u32::from(settings.$field),
        }),+];
    };
}

settings! {
    limited_cap: "Authorised users under Limited Access", "Stamped on each grant when it is approved; grants made before keep theirs.", "users", 1..=1000;
    review_days: "Our aim for a whole review", "Counts while a case is with us.", "business days", 1..=250;
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
