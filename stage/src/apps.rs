//! The demo's organisations and apps, and what they write into the request form.

use casework::Result;
use serde::Deserialize;
use time::Duration;
use workflow::{Timestamp, form::Answers};

/// Who offers apps.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Organisation {
    pub key: String,
    /// Empty for someone who works alone.
    pub name: String,
    pub host: String,
    pub legal_name: String,
    pub address: String,
    /// The username of who owns its apps and signs.
    pub owner: String,
    /// Usernames of further members of its apps.
    pub members: Vec<String>,
    pub business_model: String,
    pub regulatory: String,
    pub regions: String,
}

/// An app, with the answers that are its own.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Sketch {
    pub key: String,
    pub organisation: String,
    /// Whom the organisation made it for, where that is somebody else.
    #[serde(default)]
    pub company: String,
    pub name: String,
    pub description: String,
    pub users: String,
    pub need: String,
    #[serde(rename = "use")]
    pub data_use: String,
    pub display: String,
    pub users_expected: String,
}

/// All organisations.
pub(super) fn organisations() -> Result<Vec<Organisation>> {
    Ok(serde_json::from_str(include_str!("organisations.json"))?)
}

/// All apps.
pub(super) fn sketches() -> Result<Vec<Sketch>> {
    Ok(serde_json::from_str(include_str!("apps.json"))?)
}

impl Sketch {
    /// The whole form, filled in by someone called `signer`.
    pub fn answers(&self, of: &Organisation, signer: &str, today: Timestamp) -> Answers {
        let host = &of.host;
        let launch = today.plus(Duration::days(98)).date();
        let kinds = if self.key == "research" || self.key == "cohort" {
            "research"
        } else if of.name.is_empty() {
            "individual"
        } else {
            "individual,commercial"
        };
        let pairs = [
            ("description", self.description.clone()),
            ("target_users", self.users.clone()),
            ("cgm_need", self.need.clone()),
            ("data_use", self.data_use.clone()),
            ("data_display", self.display.clone()),
            ("use_kind", kinds.to_owned()),
            ("branding", "The sensor is named in words as the source of the readings. No logo is used, and nothing says or looks as if its maker endorsed us.".to_owned()),
            ("privacy_policy", format!("https://{host}/privacy")),
            ("terms_of_service", format!("https://{host}/terms")),
            ("legal_name", of.legal_name.clone()),
            ("legal_address", of.address.clone()),
            ("signing_authority", format!("{signer}, entitled to sign alone")),
            ("business_model", of.business_model.clone()),
            ("contact_name", signer.to_owned()),
            ("contact_email", format!("{}@{host}", of.owner)),
            ("support_email", format!("support@{host}")),
            ("security_email", format!("security@{host}")),
            ("regions", of.regions.clone()),
            ("launch_date", launch.to_string()),
            ("expected_users", self.users_expected.clone()),
            ("regulatory_position", of.regulatory.clone()),
            ("architecture", "A phone app, an API server and a worker that fetches readings. The server alone talks to the data API; the phone never sees the client secret. Both run in two zones of one region.".to_owned()),
            ("token_storage", "Refresh tokens are encrypted with a key from the key service and are replaced in the transaction that uses them.".to_owned()),
            ("subprocessors", "One hosting company in the EU; one mail service that sees addresses but no readings. Both are named in the privacy policy.".to_owned()),
            ("retention", "As long as the person keeps the account, and at most as stated under the use of the data. Deletion takes effect within a day and in backups within 30.".to_owned()),
            ("call_volume", format!("About {} calls an hour at the busiest time.", 40 + self.name.len() * 9)),
            ("test_account", "User7 of the sandbox; the recording shows every screen with it.".to_owned()),
            ("store_links", format!("https://{host}/get")),
            ("changes_since_limited", "Readings are now fetched by the worker instead of on opening the app; the screens are the same but for the line that says how old the data are.".to_owned()),
        ];
        pairs
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, text)| (key.to_owned(), text))
            .collect()
    }
}
