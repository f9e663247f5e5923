//! Throwing away what the gallery does not need any more: old drafts, and the images that neither a
//! draft nor any version names.

use super::{BATCH, files::delete};
use crate::{
    Desk, Error, Result,
    entities::{apps, gallery_drafts, gallery_entries, gallery_images, gallery_versions},
    gallery::keys_of,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;
use workflow::gallery::State;

/// Drafts on which nobody has written since this moment, but for those that wait for review.
pub(super) fn unsent(moment: i64) -> Expr {
    let waiting = Query::select()
        .column("id")
        .from("gallery_entries")
        .and_where(Expr::col("state").eq(State::InReview.word()))
        .to_owned();
    Expr::col("changed_at")
        .lt(moment)
        .and(Expr::col("entry_id").not_in_subquery(waiting))
}

/// Throws away the images that were added before this moment and that nothing names; answers how
/// many.
pub(super) async fn unused_images(desk: &Desk, before: i64) -> Result<u64> {
    use gallery_images::Column as C;
    let mut gone = 0;
    let mut last = String::new();
    loop {
        let page = gallery_images::Entity::find()
            .filter(C::AddedAt.lt(before))
            .filter(C::Hash.gt(last.as_str()))
            .order_by_asc(C::Hash)
            .limit(BATCH)
            .all(desk.database.read())
            .await?;
        let Some(end) = page.last() else {
            return Ok(gone);
        };
        last.clone_from(&end.hash);
        for row in page {
            if named(desk.database.read(), &row).await? || !forget(desk, &row).await? {
                continue;
            }
            for key in keys_of(&row)? {
                delete(desk, &key).await?;
            }
            gone += 1;
        }
    }
}

/// Whether the draft of its entry or any version names an image.
async fn named(connection: &impl ConnectionTrait, row: &gallery_images::Model) -> Result<bool> {
    let draft = gallery_drafts::Entity::find_by_id(row.entry_id)
        .filter(gallery_drafts::Column::Body.contains(row.hash.as_str()))
        .one(connection)
        .await?;
    if draft.is_some() {
        return Ok(true);
    }
    let version = gallery_versions::Entity::find()
        .filter(gallery_versions::Column::EntryId.eq(row.entry_id))
        .filter(gallery_versions::Column::Body.contains(row.hash.as_str()))
        .one(connection)
        .await?;
    Ok(version.is_some())
}

/// Takes the record of an image away, unless something names it by now. The app is locked meanwhile,
/// as by every step on its entry.
async fn forget(desk: &Desk, row: &gallery_images::Model) -> Result<bool> {
    let transaction = desk.database.begin().await?;
    let app: Option<Uuid> = gallery_entries::Entity::find_by_id(row.entry_id)
        .select_only()
        .column(gallery_entries::Column::AppId)
        .into_tuple()
        .one(&transaction)
        .await?;
    let app = app.ok_or_else(|| Error::corrupt("gallery_images", &row.hash, "entry_id"))?;
    apps::Entity::find_by_id(app)
        .lock_exclusive()
        .one(&transaction)
        .await?;
    if named(&transaction, row).await? {
        return Ok(false);
    }
    gallery_images::Entity::delete_by_id(row.hash.as_str())
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}
