//! Who of ours is away, on which days. Days are those of the calendar, in UTC.

use crate::{Error, Result, entities::absences};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;
use time::{Date, Duration, format_description::well_known::Iso8601};
use uuid::Uuid;
use workflow::{PersonId, Timestamp};

/// Days on which somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub id: Uuid,
    pub person: PersonId,
    pub first: Date,
    /// The last one too.
    pub last: Date,
    /// Whether the person keeps what they hold meanwhile.
    pub keeps: bool,
    /// What the next holders are to know; empty for nothing.
    pub note: String,
    pub entered_by: PersonId,
}

impl Absence {
    fn read(row: absences::Model) -> Result<Self> {
        let day = |column, text: &str| {
            Date::parse(text, &Iso8601::DATE)
                .map_err(|_| Error::corrupt("absences", row.id, column))
        };
        Ok(Self {
            first: day("first_day", &row.first_day)?,
            last: day("last_day", &row.last_day)?,
            id: row.id,
            person: PersonId(row.person_id),
            keeps: row.keeps,
            note: row.note,
            entered_by: PersonId(row.entered_by),
        })
    }

    /// Whether it has begun on this day.
    pub fn has_begun(&self, today: Date) -> bool {
        self.first <= today
    }

    /// The end of its last day.
    pub fn until(&self) -> Timestamp {
        end_of(self.last)
    }
}

/// The last moment of a day.
pub(crate) fn end_of(day: Date) -> Timestamp {
    Timestamp::start_of(day).plus(Duration::DAY - Duration::MICROSECOND)
}

/// Absences that are not over on this day and were not taken back, the earliest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn to_come(
    connection: &impl ConnectionTrait,
    of: Condition,
    today: Date,
) -> Result<Vec<Absence>> {
    use absences::Column as C;
    absences::Entity::find()
        .filter(C::TakenBackAt.is_null())
        .filter(C::LastDay.gte(today.to_string()))
        .filter(of)
        .order_by_asc(C::FirstDay)
        .all(connection)
        .await?
        .into_iter()
        .map(Absence::read)
        .collect()
}

/// Those of one person.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
    today: Date,
) -> Result<Vec<Absence>> {
    let of = Condition::all().add(absences::Column::PersonId.eq(person.0));
    to_come(connection, of, today).await
}

/// Everybody who is away on this day.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn away(
    connection: &impl ConnectionTrait,
    today: Date,
) -> Result<BTreeMap<Uuid, Absence>> {
    let begun = Condition::all().add(absences::Column::FirstDay.lte(today.to_string()));
    let absences = to_come(connection, begun, today).await?;
    Ok(absences
        .into_iter()
        .map(|absence| (absence.person.0, absence))
        .collect())
}

/// Everybody who is away on this day and does not keep what they hold.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn gone(
    connection: &impl ConnectionTrait,
    today: Date,
) -> Result<BTreeMap<Uuid, Absence>> {
    let mut away = away(connection, today).await?;
    away.retain(|_, absence| !absence.keeps);
    Ok(away)
}

/// Until when somebody is away; none for who is there.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn away_until(
    connection: &impl ConnectionTrait,
    person: PersonId,
    today: Date,
) -> Result<Option<Timestamp>> {
    let absences = of_person(connection, person, today).await?;
    let now = absences.iter().find(|absence| absence.has_begun(today));
    Ok(now.map(Absence::until))
}
