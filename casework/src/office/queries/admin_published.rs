//! Published agreements, forms and checklists in all their versions.

use super::audit::may;
use crate::queries::trail;
use crate::{
    Caller, Desk, Error, Result,
    entities::{agreements, templates},
    policy::DeskAct,
    reference::{AGREEMENT_KINDS, REQUEST_FORM},
    rows,
};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use uuid::Uuid;
use workflow::{
    Timestamp,
    checklist::{Checklist, ListKind},
    form::Form,
};

/// All versions of one kind of document, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub kind: String,
    pub label: String,
    pub versions: Vec<Version>,
    /// Whether the one who looks may publish the next.
    pub may_publish: bool,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub number: u32,
    pub title: String,
    pub sha256: String,
    pub published_at: Timestamp,
    pub published_by: String,
}

/// A template as it is read by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    Form(Form),
    List(Checklist),
}

/// One version of a template, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateView {
    pub kind: String,
    pub label: String,
    pub version: Version,
    /// The version in force; the next one is made from it.
    pub newest: u32,
    pub template: Template,
    /// As published, for the text field from which the next version is made.
    pub body: String,
    pub may_publish: bool,
}

/// What people call a kind of template.
pub fn template_label(kind: &str) -> String {
    if kind == REQUEST_FORM {
        return "Request form".to_owned();
    }
    ListKind::from_word(kind).map_or_else(
        || crate::words::spaced(kind),
        |list| format!("{} checklist", list.label()),
    )
}

fn may_read(desk: &Desk, caller: &Caller, read: DeskAct, manage: DeskAct) -> Result<bool> {
    if may(desk, caller, manage).is_ok() {
        return Ok(true);
    }
    may(desk, caller, read)?;
    Ok(false)
}

/// Every agreement with its versions.
///
/// # Errors
/// [`Error::Forbidden`] to those who may neither read nor manage agreements.
pub async fn admin_agreements(desk: &Desk, caller: &Caller) -> Result<Vec<Published>> {
    let may_publish = may_read(
        desk,
        caller,
        DeskAct::ReadAgreements,
        DeskAct::ManageAgreements,
    )?;
    let rows: Vec<(String, i32, String, String, i64, Option<Uuid>)> = agreements::Entity::find()
        .select_only()
        .columns([
            agreements::Column::Kind,
            agreements::Column::Version,
            agreements::Column::Title,
            agreements::Column::Sha256,
            agreements::Column::PublishedAt,
            agreements::Column::PublishedBy,
        ])
        .order_by_desc(agreements::Column::Version)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let by = publishers(desk, rows.iter().map(|row| row.5)).await?;
    Ok(AGREEMENT_KINDS
        .iter()
        .map(|(kind, label)| Published {
            kind: (*kind).to_owned(),
            label: (*label).to_owned(),
            versions: rows
                .iter()
                .filter(|row| row.0 == *kind)
                .map(|(_, version, title, sha256, at, person)| Version {
                    number: u32::try_from(*version).unwrap_or(0),
                    title: title.clone(),
                    sha256: sha256.clone(),
                    published_at: Timestamp::from_micros(*at),
                    published_by: by(*person),
                })
                .collect(),
            may_publish,
        })
        .collect())
}

/// Every form and checklist with its versions.
///
/// # Errors
/// [`Error::Forbidden`] to those who may neither read nor manage templates.
pub async fn admin_checklists(desk: &Desk, caller: &Caller) -> Result<Vec<Published>> {
    let may_publish = may_read(
        desk,
        caller,
        DeskAct::ReadTemplates,
        DeskAct::ManageTemplates,
    )?;
    let rows: Vec<(String, i32, String, i64, Option<Uuid>)> = templates::Entity::find()
        .select_only()
        .columns([
            templates::Column::Kind,
            templates::Column::Version,
            templates::Column::Sha256,
            templates::Column::PublishedAt,
            templates::Column::PublishedBy,
        ])
        .order_by_desc(templates::Column::Version)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let by = publishers(desk, rows.iter().map(|row| row.4)).await?;
    let lists = ListKind::ALL.iter().map(|list| list.word());
    Ok(std::iter::once(REQUEST_FORM)
        .chain(lists)
        .map(|kind| Published {
            kind: kind.to_owned(),
            label: template_label(kind),
            versions: rows
                .iter()
                .filter(|row| row.0 == kind)
                .map(|(_, version, sha256, at, person)| Version {
                    number: u32::try_from(*version).unwrap_or(0),
                    title: template_label(kind),
                    sha256: sha256.clone(),
                    published_at: Timestamp::from_micros(*at),
                    published_by: by(*person),
                })
                .collect(),
            may_publish,
        })
        .collect())
}

/// One version of a form or checklist.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] where there is no such version.
pub async fn admin_template(
    desk: &Desk,
    caller: &Caller,
    kind: &str,
    version: u32,
) -> Result<TemplateView> {
    let may_publish = may_read(
        desk,
        caller,
        DeskAct::ReadTemplates,
        DeskAct::ManageTemplates,
    )?;
    let number = i32::try_from(version).map_err(|_| Error::NotFound)?;
    let row = templates::Entity::find_by_id((kind.to_owned(), number))
        .one(desk.database.read())
        .await?
        .ok_or(Error::NotFound)?;
    let by = publishers(desk, std::iter::once(row.published_by)).await?;
    let known = desk.reference.known();
    let newest = match ListKind::from_word(kind) {
        Some(list) => known
            .lists
            .keys()
            .filter(|(of, _)| *of == list)
            .map(|(_, version)| *version)
            .max(),
        None => known.forms.keys().copied().max(),
    };
    Ok(TemplateView {
        label: template_label(kind),
        version: Version {
            number: version,
            title: template_label(kind),
            sha256: row.sha256,
            published_at: Timestamp::from_micros(row.published_at),
            published_by: by(row.published_by),
        },
        newest: newest.unwrap_or(version).max(version),
        template: if kind == REQUEST_FORM {
            Template::Form(rows::json(&row.body, "templates", &row.kind, "body")?)
        } else {
            Template::List(rows::json(&row.body, "templates", &row.kind, "body")?)
        },
        kind: row.kind,
        body: row.body,
        may_publish,
    })
}

async fn publishers(
    desk: &Desk,
    people: impl Iterator<Item = Option<Uuid>>,
) -> Result<impl Fn(Option<Uuid>) -> String> {
    let people: Vec<String> = people.flatten().map(|id| id.to_string()).collect();
    let names = trail::names(desk.database.read(), people.iter().map(String::as_str)).await?;
    Ok(move |person: Option<Uuid>| {
        person
            .and_then(|id| names.get(&id).cloned())
            .unwrap_or_else(|| "Upgrade Desk".to_owned())
    })
}
