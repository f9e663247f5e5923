//! What a new desk begins with: request form, checklists, agreements, holidays and policy, from the
//! files in `casework/reference` and `policy`.

use super::{
    DEVELOPER_AGREEMENT, DLA, REQUEST_FORM,
    publish::{Document, Publication},
};
use crate::{
    Lock, Result,
    audit::{self, Entry, Subject},
    database::Database,
    entities::holidays,
    policy, take,
};
use sea_orm::{DatabaseTransaction, EntityTrait, PaginatorTrait, Set};
use serde::Deserialize;
use serde_json::json;
use workflow::{Timestamp, checklist::ListKind};

const TEMPLATES: [(&str, &str); 4] = [
    (
        REQUEST_FORM,
        include_str!("../../../reference/request_form.v1.json"),
    ),
    (
        ListKind::Completeness.word(),
        include_str!("../../../reference/completeness.v1.json"),
    ),
    (
        ListKind::Commercial.word(),
        include_str!("../../../reference/commercial.v1.json"),
    ),
    (
        ListKind::Technical.word(),
        include_str!("../../../reference/technical.v1.json"),
    ),
];

const AGREEMENTS: [(&str, &str); 2] = [
    (
        DLA,
        include_str!("../../../reference/data_licensing_agreement.v1.md"),
    ),
    (
        DEVELOPER_AGREEMENT,
        include_str!("../../../reference/registered_developer_agreement.v1.md"),
    ),
];

const HOLIDAYS: &str = include_str!("../../../reference/holidays.json");

#[derive(Deserialize)]
struct Holiday {
    day: String,
    name: String,
}

/// Publishes what the desk brings along, where there is nothing of that kind yet. Run again it
/// changes nothing, except that a changed built-in policy becomes a new version.
///
/// # Errors
/// When the database does not answer.
pub async fn publish_built_in(database: &Database, now: Timestamp) -> Result<()> {
    let policy_version = policy::publish(database, policy::BUILT_IN, now).await?;
    let transaction = database.begin().await?;
    take(&transaction, Lock::Publish).await?;
    let mut entries = Vec::new();
    for (kind, body) in TEMPLATES {
        if Document::Template
            .newest(&transaction, kind)
            .await?
            .is_none()
        {
            entries.push(
                Document::Template
                    .write(&transaction, &first(kind, body, now))
                    .await?,
            );
        }
    }
    for (kind, body) in AGREEMENTS {
        if Document::Agreement
            .newest(&transaction, kind)
            .await?
            .is_none()
        {
            entries.push(
                Document::Agreement
                    .write(&transaction, &first(kind, body, now))
                    .await?,
            );
        }
    }
    entries.extend(set_holidays(&transaction).await?);
    if !entries.is_empty() {
        audit::append(&transaction, now, policy_version, entries).await?;
    }
    transaction.commit().await?;
    Ok(())
}

const fn first<'a>(kind: &'a str, body: &'a str, at: Timestamp) -> Publication<'a> {
    Publication {
        kind,
        version: 1,
        body,
        by: None,
        at,
    }
}

async fn set_holidays(transaction: &DatabaseTransaction) -> Result<Option<Entry>> {
    if holidays::Entity::find().count(transaction).await? > 0 {
        return Ok(None);
    }
    let days: Vec<Holiday> = serde_json::from_str(HOLIDAYS)?;
    let names: Vec<String> = days.iter().map(|holiday| holiday.day.clone()).collect();
    holidays::Entity::insert_many(days.into_iter().map(|holiday| holidays::ActiveModel {
        day: Set(holiday.day),
        name: Set(holiday.name),
    }))
    .exec_without_returning(transaction)
    .await?;
    Ok(Some(entry(
        "holidays_set",
        json!({ "before": null, "after": names }),
    )))
}

fn entry(name: &'static str, body: serde_json::Value) -> Entry {
    Entry {
        actor: None,
        subject: Subject::Desk,
        name,
        body,
        reason: "brought along by the desk".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::check;
    use time::{Date, format_description::well_known::Iso8601};
    use workflow::{checklist::Checklist, form::Form};

    #[test]
    fn what_the_desk_brings_along_is_sound() {
        for (kind, body) in TEMPLATES {
            if kind == REQUEST_FORM {
                let form: Form = serde_json::from_str(body).unwrap();
                assert_eq!(check::form_problems(&form), Vec::<String>::new());
            } else {
                let list: Checklist = serde_json::from_str(body).unwrap();
                assert_eq!(list.kind.word(), kind);
                assert_eq!(check::list_problems(&list), Vec::<String>::new());
            }
        }
        for (_, body) in AGREEMENTS {
            assert!(crate::reference::title(body).is_some());
        }
    }

    #[test]
    fn every_holiday_is_a_business_day_otherwise() {
        let days: Vec<Holiday> = serde_json::from_str(HOLIDAYS).unwrap();
        for holiday in days {
            let day = Date::parse(&holiday.day, &Iso8601::DATE).unwrap();
            assert!(
                workflow::Calendar::default().is_business_day(day),
                "{day} is a weekend"
            );
        }
    }
}
