//! Marking what one was told as read. It changes nothing but that and leaves no trail; another
//! person's entries are none.

use crate::{Caller, Desk, Error, Result, entities::inbox_entries, input::input};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;
use workflow::Timestamp;

input! {
    /// One entry.
    pub struct MarkReadInput for "mark_read" OnDesk repeats {
        hidden entry: Uuid;
    }
}

input! {
    /// Everything up to the newest that the page knew of.
    pub struct MarkAllReadInput for "mark_all_read" OnDesk repeats {
        hidden until: Timestamp;
    }
}

/// Marks one of the caller's entries as read; one that is read already stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for what is no entry of the caller's.
pub async fn mark_read(desk: &Desk, caller: &Caller, entry: Uuid) -> Result<()> {
    own(desk, caller, entry).await?;
    mark(desk, caller, inbox_entries::Column::Id.eq(entry)).await
}

/// Marks as read what the caller was told up to this moment.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_all_read(desk: &Desk, caller: &Caller, until: Timestamp) -> Result<()> {
    mark(
        desk,
        caller,
        inbox_entries::Column::ToldAt.lte(until.micros()),
    )
    .await
}

/// The page that one of the caller's entries leads to, which is opened with it: it is read now.
/// That it could not be marked keeps nobody from the page.
///
/// # Errors
/// [`Error::NotFound`] for what is no entry of the caller's, or leads nowhere.
pub async fn open_entry(desk: &Desk, caller: &Caller, entry: Uuid) -> Result<String> {
    let row = own(desk, caller, entry).await?;
    if row.place.is_empty() {
        return Err(Error::NotFound);
    }
    if row.read_at.is_none()
        && let Err(error) = mark(desk, caller, inbox_entries::Column::Id.eq(entry)).await
    {
        tracing::warn!(%error, "an entry of an inbox could not be marked as read");
    }
    Ok(row.place)
}

async fn own(desk: &Desk, caller: &Caller, entry: Uuid) -> Result<inbox_entries::Model> {
    inbox_entries::Entity::find_by_id(entry)
        .filter(inbox_entries::Column::PersonId.eq(caller.person.0))
        .one(desk.database.read())
        .await?
        .ok_or(Error::NotFound)
}

async fn mark(desk: &Desk, caller: &Caller, which: SimpleExpr) -> Result<()> {
    inbox_entries::Entity::update_many()
        .filter(inbox_entries::Column::PersonId.eq(caller.person.0))
        .filter(inbox_entries::Column::ReadAt.is_null())
        .filter(which)
        .col_expr(
            inbox_entries::Column::ReadAt,
            Expr::value(desk.now().micros()),
        )
        .exec(desk.database.write())
        .await?;
    Ok(())
}
