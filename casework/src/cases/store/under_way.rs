//! The one application of an app that is on its way.

use crate::{Error, Result, entities::cases};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;
use workflow::{
    CaseNumber,
    start::UnderWay,
    state::{Side, StateKind},
};

/// The application of this app that is on its way; none where all have ended.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn under_way(
    connection: &impl ConnectionTrait,
    app: Uuid,
) -> Result<Option<UnderWay>> {
    let found: Option<(i32, String)> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Number, cases::Column::State])
        .filter(cases::Column::AppId.eq(app))
        .filter(cases::Column::Side.ne(Side::Nobody.word()))
        .into_tuple()
        .one(connection)
        .await?;
    found
        .map(|(number, state)| {
            let number =
                u32::try_from(number).map_err(|_| Error::corrupt("cases", number, "number"))?;
            Ok(UnderWay {
                number: CaseNumber(number),
                draft: state == StateKind::Draft.word(),
            })
        })
        .transpose()
}
