//! How many use an app, day by day: counts for its developers and for staff, never who.

use crate::{
    Desk, Result,
    access::{MICROS_PER_DAY, day_of, whole},
    entities::{user_counts, user_days},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Date;
use uuid::Uuid;
use workflow::Timestamp;

/// How many days the chart shows.
pub const DAYS: i32 = 30;

/// The counts of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsersOfApp {
    pub authorised: u32,
    /// The last days, oldest first, each one there.
    pub days: Vec<DayOfUsers>,
}

/// One day, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfUsers {
    pub date: Date,
    /// At its end, or now.
    pub authorised: u32,
    /// Different users whose data were served.
    pub served: u32,
}

/// The counts of an app; whether the reader may read it is asked by whoever calls.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn users_of_app(desk: &Desk, app: Uuid) -> Result<UsersOfApp> {
    let database = desk.database.read();
    let authorised = user_counts::Entity::find_by_id(app)
        .one(database)
        .await?
        .map_or(0, |row| whole(row.authorised));
    let today = day_of(desk.now());
    let first = today - DAYS + 1;
    let known = user_days::Entity::find()
        .filter(user_days::Column::AppId.eq(app))
        .filter(user_days::Column::Day.gte(first))
        .order_by_asc(user_days::Column::Day)
        .all(database)
        .await?;
    // A day on which nothing changed has the count of the day before.
    let mut last = user_days::Entity::find()
        .filter(user_days::Column::AppId.eq(app))
        .filter(user_days::Column::Day.lt(first))
        .order_by_desc(user_days::Column::Day)
        .one(database)
        .await?
        .map_or(0, |row| whole(row.authorised));
    let days = (first..=today)
        .map(|day| {
            let row = known.iter().find(|row| row.day == day);
            last = row.map_or(last, |row| whole(row.authorised));
            DayOfUsers {
                date: Timestamp::from_micros(i64::from(day) * MICROS_PER_DAY).date(),
                authorised: last,
                served: row.map_or(0, |row| whole(row.served)),
            }
        })
        .collect();
    Ok(UsersOfApp { authorised, days })
}
