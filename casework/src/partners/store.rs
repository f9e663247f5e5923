//! Partnerships in the database, and the facts that their standing follows from.

use crate::{
    Error, Result,
    entities::{partner_lapses, partnerships},
    rows::number,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, SelectStatement},
};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{
    Timestamp,
    partners::{Criterion, Decision, Facts, Grace, Lapse, Standing, State, standing},
};

/// An application to be a partner, with what its standing follows from.
#[derive(Clone, Debug)]
pub(crate) struct Partnership {
    pub row: partnerships::Model,
    pub facts: Facts,
}

impl Partnership {
    /// How it stands.
    pub fn standing(&self, at: Timestamp) -> Standing {
        standing(&self.facts, at)
    }

    /// What people were last told.
    pub fn told(&self) -> State {
        State::from_word(&self.row.state).unwrap_or(State::None)
    }
}

/// The newest application for an app.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn newest(
    connection: &impl ConnectionTrait,
    app: Uuid,
) -> Result<Option<Partnership>> {
    let row = partnerships::Entity::find()
        .filter(partnerships::Column::AppId.eq(app))
        .order_by_desc(partnerships::Column::AppliedAt)
        .order_by_desc(partnerships::Column::Id)
        .one(connection)
        .await?;
    let found = with_facts(connection, row.into_iter().collect()).await?;
    Ok(found.into_iter().next())
}

/// How the partnership of an app stands; as of one that never applied where there is none.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn standing_of(
    connection: &impl ConnectionTrait,
    app: Uuid,
    at: Timestamp,
) -> Result<Standing> {
    let newest = newest(connection, app).await?;
    Ok(newest.map_or(Standing::NONE, |found| found.standing(at)))
}

/// Whether an app is a partner in good standing at this moment: active or warned. A partnership that
/// rests or has ended is none.
///
/// # Errors
/// When the database does not answer.
pub async fn in_good_standing(
    connection: &impl ConnectionTrait,
    app: Uuid,
    at: Timestamp,
) -> Result<bool> {
    Ok(standing_of(connection, app, at).await?.state.is_listed())
}

/// The ids of all apps that are partners in good standing at this moment, for a condition of a
/// query. Those that never failed a criterion, nearly all, are found by the database alone.
///
/// # Errors
/// When the database does not answer; [`Error::Corrupt`].
pub async fn partners_in_good_standing(
    connection: &impl ConnectionTrait,
    at: Timestamp,
) -> Result<SelectStatement> {
    use partnerships::Column as C;
    let approved = partnerships::Entity::find()
        .filter(C::Decision.eq(Decision::Approved.word()))
        .filter(C::DecidedAt.lte(at.micros()))
        .filter(C::State.ne(State::Ended.word()));
    let lapsed = || {
        partner_lapses::Entity::find()
            .select_only()
            .column(partner_lapses::Column::PartnershipId)
            .into_query()
    };
    let disturbed = Condition::any()
        .add(C::LeftAt.is_not_null())
        .add(C::Id.in_subquery(lapsed()));
    let disturbed = approved.clone().filter(disturbed).all(connection).await?;
    let listed = with_facts(connection, disturbed)
        .await?
        .into_iter()
        .filter(|found| found.standing(at).state.is_listed())
        .map(|found| found.row.id);
    let undisturbed = Condition::all()
        .add(C::LeftAt.is_null())
        .add(C::Id.not_in_subquery(lapsed()));
    Ok(approved
        .select_only()
        .column(C::AppId)
        .filter(Condition::any().add(undisturbed).add(C::Id.is_in(listed)))
        .into_query())
}

/// Some applications with what their standing follows from, in their order.
///
/// # Errors
/// When the database does not answer; [`Error::Corrupt`].
pub(crate) async fn with_facts(
    connection: &impl ConnectionTrait,
    rows: Vec<partnerships::Model>,
) -> Result<Vec<Partnership>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.id);
    let found = partner_lapses::Entity::find()
        .filter(partner_lapses::Column::PartnershipId.is_in(ids))
        .order_by_asc(partner_lapses::Column::FromAt)
        .all(connection)
        .await?;
    let mut lapses: BTreeMap<Uuid, Vec<Lapse>> = BTreeMap::new();
    for row in found {
        let of = lapses.entry(row.partnership_id).or_default();
        of.push(lapse(&row)?);
    }
    rows.into_iter()
        .map(|row| {
            let lapses = lapses.remove(&row.id).unwrap_or_default();
            let facts = facts(&row, lapses)?;
            Ok(Partnership { row, facts })
        })
        .collect()
}

fn facts(row: &partnerships::Model, lapses: Vec<Lapse>) -> Result<Facts> {
    let moment = |at: Option<i64>| at.map(Timestamp::from_micros);
    let decision = row
        .decision
        .as_deref()
        .map(|word| {
            Decision::from_word(word)
                .ok_or_else(|| Error::corrupt("partnerships", row.id, "decision"))
        })
        .transpose()?;
    Ok(Facts {
        applied: Some(Timestamp::from_micros(row.applied_at)),
        proposed: moment(row.proposed_at),
        decided: moment(row.decided_at).zip(decision),
        left: moment(row.left_at),
        lapses,
    })
}

fn lapse(row: &partner_lapses::Model) -> Result<Lapse> {
    let days = |days: i32, column| number(days, "partner_lapses", row.id, column);
    Ok(Lapse {
        criterion: Criterion::from_word(&row.criterion)
            .ok_or_else(|| Error::corrupt("partner_lapses", row.id, "criterion"))?,
        from: Timestamp::from_micros(row.from_at),
        until: row.until_at.map(Timestamp::from_micros),
        grace: Grace {
            rest_days: days(row.rest_days, "rest_days")?,
            end_days: days(row.end_days, "end_days")?,
        },
    })
}

/// One application, by its id.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_id(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Partnership>> {
    let row = partnerships::Entity::find_by_id(id).one(connection).await?;
    let found = with_facts(connection, row.into_iter().collect()).await?;
    Ok(found.into_iter().next())
}

/// Writes down what people are told of how a partnership stands.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn tell(
    connection: &impl ConnectionTrait,
    row: &partnerships::Model,
    state: State,
) -> Result<()> {
    use partnerships::Column as C;
    partnerships::Entity::update_many()
        .col_expr(C::State, Expr::value(state.word()))
        .col_expr(C::Version, Expr::value(row.version + 1))
        .filter(C::Id.eq(row.id))
        .exec(connection)
        .await?;
    Ok(())
}
