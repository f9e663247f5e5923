//! Published reference data: forms, checklists, settings, holidays. Versions never change, so all
//! of them are kept at hand.

mod built_in;
pub(crate) mod check;
pub(crate) mod publish;

pub use built_in::publish_built_in;
pub use publish::title;

use crate::{
    Result,
    database::Database,
    entities::{agreements, holidays, settings, templates},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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
    pub(crate) async fn load(database: &Database, now: Timestamp) -> Result<Self> {
        Ok(Self(RwLock::new(Arc::new(read(database, now).await?))))
    }

    pub(crate) async fn refresh(&self, database: &Database, now: Timestamp) -> Result<()> {
        let known = Arc::new(read(database, now).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// What is in force now.
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn read(database: &Database, now: Timestamp) -> Result<Known> {
    let mut known = Known::default();
    for row in templates::Entity::find().all(database.read()).await? {
        if row.kind == REQUEST_FORM {
            let form: Form = serde_json::from_str(&row.body)?;
            known.forms.insert(form.version, form);
        } else {
            let list: Checklist = serde_json::from_str(&row.body)?;
            known.lists.insert((list.kind, list.version), list);
        }
    }
    let rows = settings::Entity::find()
        .filter(settings::Column::FromAt.lte(now.micros()))
        .order_by_asc(settings::Column::FromAt)
        .all(database.read())
        .await?;
    known.settings = dated(rows)?;
    let days = holidays::Entity::find().all(database.read()).await?;
    known.calendar = calendar(&days);
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
        .filter_map(|(kind, version)| Some((kind, u32::try_from(version).ok()?)))
        .collect();
    Ok(known)
}

/// The calendar with these holidays.
pub(crate) fn calendar(days: &[holidays::Model]) -> Calendar {
    Calendar::new(
        days.iter()
            .filter_map(|row| Date::parse(&row.day, &Iso8601::DATE).ok()),
    )
}

/// The settings in force from rows in the order in which they came into force: a later row of a
/// key replaces an earlier one, and a key that no row names keeps its default.
pub(crate) fn dated(rows: Vec<settings::Model>) -> Result<Settings> {
    let mut value = serde_json::to_value(Settings::default())?;
    if let Some(map) = value.as_object_mut() {
        for row in rows {
            map.insert(row.key, serde_json::from_str(&row.value)?);
        }
    }
    Ok(serde_json::from_value(value)?)
}
