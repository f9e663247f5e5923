//! Canned texts: the page on which they are kept, and the one that is put into an answer.

use crate::{
    Caller, Desk, Error, Result,
    entities::{apps, canned_texts, people},
    policy::{DeskAct, Subject},
    rows,
    support::{
        canned::{Filling, newest},
        store::{Stored, reads_inside},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{Timestamp, support::RequestNumber};

/// One version of a canned text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannedText {
    pub id: Uuid,
    pub version: u32,
    pub title: String,
    pub body: String,
    pub retired: bool,
    pub published: Timestamp,
    pub published_by: String,
}

/// Whether somebody keeps canned texts.
pub(super) fn keeps(desk: &Desk, caller: &Caller) -> bool {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy
        .snapshot()
        .allows(&subject, DeskAct::ManageCannedTexts)
}

fn require(desk: &Desk, caller: &Caller) -> Result<()> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.require(&subject, DeskAct::ManageCannedTexts)
}

/// Every text in its newest version, by title.
///
/// # Errors
/// [`Error::Forbidden`] to those who do not keep them.
pub async fn canned_texts(desk: &Desk, caller: &Caller) -> Result<Vec<CannedText>> {
    require(desk, caller)?;
    read(desk, newest(desk.database.read()).await?).await
}

/// The versions of one text, the newest first.
///
/// # Errors
/// [`Error::Forbidden`] to those who do not keep them; [`Error::NotFound`].
pub async fn canned_text(desk: &Desk, caller: &Caller, id: Uuid) -> Result<Vec<CannedText>> {
    require(desk, caller)?;
    let rows = canned_texts::Entity::find()
        .filter(canned_texts::Column::Id.eq(id))
        .order_by_desc(canned_texts::Column::Version)
        .all(desk.database.read())
        .await?;
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    read(desk, rows).await
}

async fn read(desk: &Desk, rows: Vec<canned_texts::Model>) -> Result<Vec<CannedText>> {
    let names: BTreeMap<Uuid, String> = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .filter(people::Column::Id.is_in(rows.iter().map(|row| row.published_by)))
        .into_tuple::<(Uuid, String)>()
        .all(desk.database.read())
        .await?
        .into_iter()
        .collect();
    rows.into_iter()
        .map(|row| {
            Ok(CannedText {
                version: rows::number(row.version, "canned_texts", row.id, "version")?,
                published_by: names.get(&row.published_by).cloned().unwrap_or_default(),
                published: Timestamp::from_micros(row.published_at),
                id: row.id,
                title: row.title,
                body: row.body,
                retired: row.retired,
            })
        })
        .collect()
}

/// What can be put into an answer: id and title.
pub(super) async fn offered(desk: &Desk) -> Result<Vec<(Uuid, String)>> {
    let rows = newest(desk.database.read()).await?;
    let offered = rows.into_iter().filter(|row| !row.retired);
    Ok(offered.map(|row| (row.id, row.title)).collect())
}

/// A canned text with its places filled for one request.
///
/// # Errors
/// [`Error::NotFound`] to those who do not answer it, and for a text that is not offered.
pub async fn canned_text_for(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    id: Uuid,
) -> Result<String> {
    let database = desk.database.read();
    let stored = Stored::load(database, number, false).await?;
    let policy = desk.policy.snapshot();
    if !reads_inside(&policy, &stored, caller.person, &caller.roles) {
        return Err(Error::NotFound);
    }
    let texts = newest(database).await?;
    let text = texts
        .into_iter()
        .find(|row| row.id == id && !row.retired)
        .ok_or(Error::NotFound)?;
    let developer = people::Entity::find_by_id(stored.row.opener_id)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let app = match stored.row.app_id {
        Some(app) => apps::Entity::find_by_id(app).one(database).await?,
        None => None,
    };
    let filling = Filling {
        developer: developer.name,
        app: app.map(|app| app.name),
        number: number.to_string(),
    };
    Ok(filling.fill(&text.body))
}
