//! The store pages of apps are visited again: each week, the next day where one does not answer. What
//! is fetched is fetched outside of any transaction; whoever takes a page up first moves its date, so
//! that no two instances visit it at once.

use super::watch::look_at;
use crate::{Desk, Result, entities::partner_links};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use time::Duration;
use workflow::living::next_look;

/// So many pages are visited in one look.
const MOST: usize = 50;

/// If whoever took a page up dies, it is visited again after this.
const LEASE: Duration = Duration::hours(1);

/// Visits the store pages that are due; answers how many.
///
/// # Errors
/// When the database does not answer.
pub async fn check_links(desk: &Desk) -> Result<usize> {
    let mut visited = 0;
    while visited < MOST {
        let Some(link) = take(desk).await? else { break };
        visit(desk, &link).await?;
        visited += 1;
    }
    Ok(visited)
}

/// Takes up the page that has waited longest.
async fn take(desk: &Desk) -> Result<Option<partner_links::Model>> {
    use partner_links::Column as C;
    loop {
        let now = desk.now();
        let due = partner_links::Entity::find()
            .filter(C::NextAt.lte(now.micros()))
            .order_by_asc(C::NextAt)
            .order_by_asc(C::Id)
            .one(desk.database.read())
            .await?;
        let Some(mut link) = due else { return Ok(None) };
        let until = now.plus(LEASE).micros();
        let taken = partner_links::Entity::update_many()
            .col_expr(C::NextAt, Expr::value(until))
            .filter(C::Id.eq(link.id))
            .filter(C::NextAt.eq(link.next_at))
            .exec(desk.database.write())
            .await?;
        if taken.rows_affected == 1 {
            link.next_at = until;
            return Ok(Some(link));
        }
    }
}

async fn visit(desk: &Desk, link: &partner_links::Model) -> Result<()> {
    use partner_links::Column as C;
    let problem = desk.links.problem(&link.address).await;
    let now = desk.now();
    let settings = &desk.reference.known().settings;
    let next = next_look(now, problem.is_some(), settings).micros();
    let update = partner_links::Entity::update_many()
        .col_expr(C::NextAt, Expr::value(next))
        .filter(C::Id.eq(link.id))
        .filter(C::NextAt.eq(link.next_at));
    let update = match problem {
        None => update
            .col_expr(C::AnsweredAt, Expr::value(Some(now.micros())))
            .col_expr(C::FailingSinceAt, Expr::value(None::<i64>))
            .col_expr(C::Failure, Expr::value("")),
        Some(why) => update
            .col_expr(
                C::FailingSinceAt,
                Expr::value(Some(link.failing_since_at.unwrap_or(now.micros()))),
            )
            .col_expr(C::Failure, Expr::value(why)),
    };
    update.exec(desk.database.write()).await?;
    look_at(desk, link.app_id).await;
    Ok(())
}
