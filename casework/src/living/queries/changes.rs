//! `/changes`: the changes of pages that somebody has to look at.

use crate::{
    Caller, Desk, Error, Result,
    entities::{apps, cases, page_changes, watched_pages},
    living::{ChangeState, is_answered, pages::label, waits_for_us},
    paging::shown,
    policy::DeskAct,
    queries::{audit::may, trail},
    relations::conflicted_apps,
    rows,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp};

/// Lines of one page.
pub const CHANGES_AT_ONCE: u64 = 50;

/// A change in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    pub id: Uuid,
    pub case: CaseNumber,
    pub app: String,
    /// "Privacy policy".
    pub page: &'static str,
    pub address: String,
    pub state: ChangeState,
    /// Whether the developer has answered what was raised.
    pub is_answered: bool,
    /// Whose task it is; none: any commercial reviewer's.
    pub whose: Option<String>,
    /// It is the reader's.
    pub mine: bool,
    pub found_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

/// The page: what is open, oldest first; or what was closed, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    pub lines: Vec<ChangeLine>,
    /// Whether these are the closed ones.
    pub closed: bool,
    pub page: u64,
    pub total: u64,
}

/// Page `page`, from 1, of the changes that a member of staff may read: none of an app on whose side
/// the reader is or was.
///
/// # Errors
/// [`Error::NotFound`] to those who are not of staff; [`Error::Forbidden`].
pub async fn changes(desk: &Desk, caller: &Caller, closed: bool, page: u64) -> Result<Changes> {
    may(desk, caller, DeskAct::ReadQueue)?;
    let read = desk.database.read();
    let total = list(caller, closed).count(read).await?;
    let page = shown(page, total, CHANGES_AT_ONCE);
    let found = list(caller, closed)
        .offset((page - 1) * CHANGES_AT_ONCE)
        .limit(CHANGES_AT_ONCE)
        .all(read)
        .await?;
    let around = Around::of(desk, &found).await?;
    let lines = found
        .iter()
        .map(|row| around.line(caller, row))
        .collect::<Result<_>>()?;
    Ok(Changes {
        lines,
        closed,
        page,
        total,
    })
}

fn list(caller: &Caller, closed: bool) -> Select<page_changes::Entity> {
    use page_changes::Column as C;
    let query = page_changes::Entity::find()
        .filter(C::AppId.not_in_subquery(conflicted_apps(caller.person)));
    if closed {
        query
            .filter(waits_for_us().not())
            .order_by_desc(C::ClosedAt)
            .order_by_desc(C::Id)
    } else {
        query
            .filter(waits_for_us())
            .order_by_asc(C::FoundAt)
            .order_by_asc(C::Id)
    }
}

/// What the lines name.
struct Around {
    pages: BTreeMap<Uuid, watched_pages::Model>,
    numbers: BTreeMap<Uuid, i32>,
    apps: BTreeMap<Uuid, String>,
    people: BTreeMap<Uuid, String>,
}

impl Around {
    async fn of(desk: &Desk, found: &[page_changes::Model]) -> Result<Self> {
        let read = desk.database.read();
        let pages = watched_pages::Entity::find()
            .filter(watched_pages::Column::Id.is_in(found.iter().map(|row| row.page_id)))
            .all(read)
            .await?;
        let numbers: Vec<(Uuid, i32)> = cases::Entity::find()
            .select_only()
            .columns([cases::Column::Id, cases::Column::Number])
            .filter(cases::Column::Id.is_in(found.iter().map(|row| row.case_id)))
            .into_tuple()
            .all(read)
            .await?;
        let apps: Vec<(Uuid, String)> = apps::Entity::find()
            .select_only()
            .columns([apps::Column::Id, apps::Column::Name])
            .filter(apps::Column::Id.is_in(found.iter().map(|row| row.app_id)))
            .into_tuple()
            .all(read)
            .await?;
        let whose: Vec<String> = found
            .iter()
            .filter_map(|row| row.for_id)
            .map(|person| person.to_string())
            .collect();
        Ok(Self {
            pages: pages.into_iter().map(|row| (row.id, row)).collect(),
            numbers: numbers.into_iter().collect(),
            apps: apps.into_iter().collect(),
            people: trail::names(read, whose.iter().map(String::as_str)).await?,
        })
    }

    fn line(&self, caller: &Caller, row: &page_changes::Model) -> Result<ChangeLine> {
        let corrupt = |column| Error::corrupt("page_changes", row.id, column);
        let page = self
            .pages
            .get(&row.page_id)
            .ok_or_else(|| corrupt("page_id"))?;
        let number = *self
            .numbers
            .get(&row.case_id)
            .ok_or_else(|| corrupt("case_id"))?;
        Ok(ChangeLine {
            id: row.id,
            case: CaseNumber(rows::number(number, "cases", row.case_id, "number")?),
            app: self.apps.get(&row.app_id).cloned().unwrap_or_default(),
            page: label(&page.field),
            address: page.address.clone(),
            state: ChangeState::from_word(&row.state).ok_or_else(|| corrupt("state"))?,
            is_answered: is_answered(row),
            whose: row
                .for_id
                .and_then(|person| self.people.get(&person).cloned()),
            mine: row.for_id == Some(caller.person.0),
            found_at: Timestamp::from_micros(row.found_at),
            closed_at: row.closed_at.map(Timestamp::from_micros),
        })
    }
}
