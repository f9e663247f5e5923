//! The settings of the desk: what holds, what will, and what did.

use super::audit::may;
use crate::queries::trail;
use crate::{
    Caller, Desk, Result, digest,
    entities::settings,
    policy::DeskAct,
    reference::{SETTINGS, Setting},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::Value;
use workflow::Timestamp;

/// A setting with its values.
#[derive(Clone, Debug)]
pub struct SettingView {
    pub setting: Setting,
    pub value: Value,
    /// What the form says was looked at: `seen` of its values.
    pub seen: String,
    /// Other values by the day from which they hold, newest first.
    pub history: Vec<DatedValue>,
}

/// A value from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedValue {
    pub from: Timestamp,
    /// To people, without its unit.
    pub value: String,
    pub by: String,
    /// Not in force yet.
    pub upcoming: bool,
}

/// What stands for the values that somebody looked at: any change of them changes it.
pub(crate) fn seen<'a>(values: impl Iterator<Item = &'a settings::Model>) -> String {
    let mut lines: Vec<String> = values
        .map(|row| format!("{} {}", row.from_at, row.value))
        .collect();
    lines.sort();
    digest::sha256(lines.join("\n").as_bytes())
}

/// All settings.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not manage them.
pub async fn admin_settings(desk: &Desk, caller: &Caller) -> Result<Vec<SettingView>> {
    may(desk, caller, DeskAct::ManageSettings)?;
    let rows = settings::Entity::find()
        .order_by_desc(settings::Column::FromAt)
        .all(desk.database.read())
        .await?;
    let setters: Vec<String> = rows
        .iter()
        .filter_map(|row| row.set_by)
        .map(|person| person.to_string())
        .collect();
    let names = trail::names(desk.database.read(), setters.iter().map(String::as_str)).await?;
    let now = desk.now();
    let known = desk.reference.known();
    Ok(SETTINGS
        .iter()
        .map(|setting| SettingView {
            setting: *setting,
            value: setting.of(&known.settings),
            seen: seen(rows.iter().filter(|row| row.key == setting.key)),
            history: rows
                .iter()
                .filter(|row| row.key == setting.key)
                .map(|row| {
                    let from = Timestamp::from_micros(row.from_at);
                    DatedValue {
                        from,
                        value: serde_json::from_str(&row.value)
                            .map_or_else(|_| row.value.clone(), |value| setting.said(&value)),
                        by: row
                            .set_by
                            .and_then(|person| names.get(&person).cloned())
                            .unwrap_or_else(|| "Upgrade Desk".to_owned()),
                        upcoming: from > now,
                    }
                })
                .collect(),
        })
        .collect())
}
