//! The support requests that have to do with a case, for its page.

use crate::{
    Error, Result,
    entities::{support_links, support_requests},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;
use workflow::support::{RequestNumber, State};

/// So many are named; the queue of support has all.
pub const ABOUT_CASE: usize = 10;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutCase {
    pub number: RequestNumber,
    pub subject: String,
    pub state: State,
}

/// The newest [`ABOUT_CASE`] requests that name the case, by their developer or by a link of ours.
///
/// # Errors
/// [`Error::Corrupt`]; when the database does not answer.
pub(crate) async fn about_case(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<Vec<AboutCase>> {
    use support_requests::Column as C;
    let linked = support_links::Entity::find()
        .select_only()
        .column(support_links::Column::RequestId)
        .filter(support_links::Column::CaseId.eq(case))
        .into_query();
    let rows: Vec<(i32, String, String)> = support_requests::Entity::find()
        .select_only()
        .columns([C::Number, C::Subject, C::State])
        .filter(
            Condition::any()
                .add(C::CaseId.eq(case))
                .add(C::Id.in_subquery(linked)),
        )
        .order_by_desc(C::Number)
        .limit(ABOUT_CASE as u64)
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(number, subject, state)| {
            let broken = || Error::corrupt("support_requests", number, "state");
            Ok(AboutCase {
                number: RequestNumber(number.unsigned_abs()),
                subject,
                state: State::from_word(&state).ok_or_else(broken)?,
            })
        })
        .collect()
}
