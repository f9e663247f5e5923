//! Published reference data: forms, checklists, settings, holidays. Versions never change, so all
//! of them are kept at hand.

mod built_in;
pub(crate) mod check;
pub(crate) mod publish;
mod setting;

pub use built_in::publish_built_in;
pub use publish::title;
pub use setting::{SETTINGS, Setting, Takes};

use crate::{
    Conditions, Part, Result,
    database::Database,
    entities::{agreements, holidays, settings, templates},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};
use time::{Date, format_description::well_known::Iso8601};
use workflow::{
    Calendar, Settings, Timestamp,
    checklist::{Checklist, ListKind},
    event::Versions,
    form::Form,
};

/// The kind of the request form in `templates`.
pub const REQUEST_FORM: &str = "request_form";

/// The kind of the Data Licensing Agreement in `agreements`.
pub const DLA: &str = "dla";

/// The kind of the Registered Developer Agreement in `agreements`.
pub const DEVELOPER_AGREEMENT: &str = "developer";

/// Every kind of agreement, with its usual title.
pub const AGREEMENT_KINDS: [(&str, &str); 2] = [
    (DLA, "Data Licensing Agreement"),
    (DEVELOPER_AGREEMENT, "Registered Developer Agreement"),
];

/// What is in force, and every version that a case may still use.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub forms: BTreeMap<u32, Form>,
    pub lists: BTreeMap<(ListKind, u32), Checklist>,
    pub settings: Settings,
    pub calendar: Calendar,
    /// The newest version of each kind of agreement.
    pub agreements: BTreeMap<String, u32>,
}

impl Known {
    /// What the field with this key of the newest request form that has one is called.
    pub fn title_of(&self, key: &str) -> Option<String> {
        let mut forms = self.forms.values().rev();
        forms.find_map(|form| Some(form.field(key)?.label.clone()))
    }

    /// What the item with this key is called in the newest version of the list that has it.
    pub fn title_of_item(&self, list: ListKind, key: &str) -> Option<String> {
        let mut lists = self.lists.range((list, 0)..=(list, u32::MAX)).rev();
        lists.find_map(|(_, list)| Some(list.item(key)?.label.clone()))
    }

    /// The versions a case begins with now.
    pub fn versions(&self) -> Versions {
        let newest = |kind| {
            self.lists
                .keys()
                .filter(|(list, _)| *list == kind)
                .map(|(_, version)| *version)
                .max()
                .unwrap_or(0)
        };
        Versions {
            form: self.forms.keys().copied().max().unwrap_or(0),
            completeness: newest(ListKind::Completeness),
            commercial: newest(ListKind::Commercial),
            technical: newest(ListKind::Technical),
        }
    }
}

/// The reference data in force, replaced whole when someone publishes.
pub struct Reference(RwLock<Arc<Known>>);

impl Reference {
    pub(crate) async fn load(
        database: &Database,
        conditions: &Conditions,
        now: Timestamp,
    ) -> Result<Self> {
        let known = read(database, conditions, now).await?;
        Ok(Self(RwLock::new(Arc::new(known))))
    }

    pub(crate) async fn refresh(
        &self,
        database: &Database,
        conditions: &Conditions,
        now: Timestamp,
    ) -> Result<()> {
        let known = Arc::new(read(database, conditions, now).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// What is in force now.
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What cannot be read is reported and passed over: the others stay in force.
async fn read(database: &Database, conditions: &Conditions, now: Timestamp) -> Result<Known> {
    let mut known = Known::default();
    let mut wrong = Vec::new();
    for row in templates::Entity::find().all(database.read()).await? {
        if row.kind == REQUEST_FORM {
            if let Some(form) = template::<Form>(&row, &mut wrong) {
                known.forms.insert(form.version, form);
            }
        } else if let Some(list) = template::<Checklist>(&row, &mut wrong) {
            known.lists.insert((list.kind, list.version), list);
        }
    }
    let rows = settings::Entity::find()
        .filter(settings::Column::FromAt.lte(now.micros()))
        .order_by_asc(settings::Column::FromAt)
        .all(database.read())
        .await?;
    known.settings = dated(rows, &mut wrong)?;
    let days = holidays::Entity::find().all(database.read()).await?;
    known.calendar = calendar(&days, &mut wrong);
    let newest: Vec<(String, i32)> = agreements::Entity::find()
        .select_only()
        .column(agreements::Column::Kind)
        .column_as(agreements::Column::Version.max(), "version")
        .group_by(agreements::Column::Kind)
        .into_tuple()
        .all(database.read())
        .await?;
    known.agreements = newest
        .into_iter()
        .filter_map(|(kind, version)| match u32::try_from(version) {
            Ok(version) => Some((kind, version)),
            Err(_) => {
                wrong.push((format!("agreement {kind}"), format!("version {version}")));
                None
            }
        })
        .collect();
    conditions.found(Part::Reference, &wrong, now);
    Ok(known)
}

/// What is wrong: the row, and how.
pub(crate) type Wrong = Vec<(String, String)>;

fn template<T: DeserializeOwned>(row: &templates::Model, wrong: &mut Wrong) -> Option<T> {
    match serde_json::from_str(&row.body) {
        Ok(template) => Some(template),
        Err(error) => {
            let what = format!("template {} {}", row.kind, row.version);
            wrong.push((what, format!("cannot be read: {:?}", error.classify())));
            None
        }
    }
}

/// The calendar with these holidays.
pub(crate) fn calendar(days: &[holidays::Model], wrong: &mut Wrong) -> Calendar {
    Calendar::new(days.iter().filter_map(|row| {
        let day = Date::parse(&row.day, &Iso8601::DATE).ok();
        if day.is_none() {
            wrong.push((format!("holiday {}", row.name), "is no date".to_owned()));
        }
        day
    }))
}

/// The settings in force from rows in the order in which they came into force: a later row of a
/// key replaces an earlier one, and a key that no row names keeps its default. A row that does not
/// fit is passed over: the one before it stays in force.
pub(crate) fn dated(rows: Vec<settings::Model>, wrong: &mut Wrong) -> Result<Settings> {
    let mut settings = Settings::default();
    for row in rows {
        let mut value = serde_json::to_value(&settings)?;
        let taken = serde_json::from_str(&row.value)
            .ok()
            .and_then(|new: Value| {
                value.as_object_mut()?.insert(row.key.clone(), new);
                serde_json::from_value(value).ok()
            });
        match taken {
            Some(taken) => settings = taken,
            None => wrong.push((format!("setting {}", row.key), "does not fit".to_owned())),
        }
    }
    Ok(settings)
}
