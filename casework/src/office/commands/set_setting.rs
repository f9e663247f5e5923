//! Change a setting. Values are dated: what held before stays on record, and a change can be made
//! ahead of its day.

use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    audit::Subject,
    entities::settings,
    input::input,
    policy::DeskAct,
    queries::{admin_settings, audit::may},
    reference::SETTINGS,
    rows, take,
    words::day,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set, sea_query::OnConflict};
use serde_json::{Value, json};
use time::{Date, format_description::well_known::Iso8601};
use workflow::{Settings, Timestamp, form::Problem};

input! {
    /// A setting's next value.
    pub struct SetSettingInput for "set_setting" OnDesk {
        hidden key: String;
        /// Stands for the values that the person looked at.
        hidden seen: String;
        typed value: String = "Value" up to 20;
        typed from: String = "From" up to 40;
        typed reason: String = "Reason" up to 500;
    }
}

/// Sets a value from a day on (`2026-12-01`), or at once where the day is left empty; `seen` stands
/// for the values that the person looked at.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for a setting that there is not; [`Error::Input`] on
/// `value` and `from`; [`Error::Conflict`] when the setting has got another value meanwhile.
pub async fn set_setting(
    desk: &Desk,
    caller: &Caller,
    key: &str,
    value: &str,
    from: &str,
    reason: &str,
    seen: &str,
) -> Result<()> {
    may(desk, caller, DeskAct::ManageSettings)?;
    let setting = SETTINGS
        .iter()
        .find(|setting| setting.key == key)
        .ok_or(Error::NotFound)?;
    let now = desk.now();
    let mut problems = Vec::new();
    let mut wrong = |field: &str, text: String| {
        problems.push(Problem {
            field: field.to_owned(),
            text,
        });
    };
    let value = setting.parse(value);
    if value.is_none() {
        wrong("value", format!("Value: {}", setting.rule()));
    }
    let from = from.trim();
    let from_at = if from.is_empty() {
        Some(now)
    } else {
        Date::parse(from, &Iso8601::DATE)
            .ok()
            .map(Timestamp::start_of)
            .filter(|at| *at > now)
    };
    if from_at.is_none() {
        wrong(
            "from",
            "From: write a day after today such as 2027-01-01, or leave it empty for now."
                .to_owned(),
        );
    }
    let reason = workflow::text::line(reason);
    if reason.chars().count() < 3 || reason.chars().count() > 500 {
        wrong(
            "reason",
            "Reason: say why, in 3 to 500 characters.".to_owned(),
        );
    }
    let (Some(value), Some(from_at), true) = (value, from_at, problems.is_empty()) else {
        return Err(Error::Input { problems });
    };
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    take(step.transaction(), Lock::Publish).await?;
    let values = settings::Entity::find()
        .filter(settings::Column::Key.eq(key))
        .order_by_asc(settings::Column::FromAt)
        .all(step.transaction())
        .await?;
    if admin_settings::seen(values.iter()) != seen {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    // As the database has it now: another instance may have changed it since this one last read.
    let before: Value = match values.iter().rfind(|row| row.from_at <= step.now.micros()) {
        Some(row) => rows::json(&row.value, "settings", key, "value")?,
        None => setting.of(&Settings::default()),
    };
    settings::Entity::insert(settings::ActiveModel {
        key: Set(key.to_owned()),
        from_at: Set(from_at.micros()),
        value: Set(value.to_string()),
        set_by: Set(Some(caller.person.0)),
    })
    .on_conflict(
        OnConflict::columns([settings::Column::Key, settings::Column::FromAt])
            .update_columns([settings::Column::Value, settings::Column::SetBy])
            .to_owned(),
    )
    .exec_without_returning(step.transaction())
    .await?;
    step.append(
        Subject::Desk,
        "setting_set",
        json!({
            "key": key,
            "before": before,
            "after": value,
            "from": day(from_at),
            "from_at": from_at,
        }),
        reason,
    );
    step.publishes();
    step.commit().await
}
