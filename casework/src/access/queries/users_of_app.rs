//! How many use an app, day by day: counts for its developers and for staff, never who.

use crate::{
    Caller, Desk, Result,
    access::{MICROS_PER_DAY, day_of, whole},
    cases::sight::{self, Part},
    entities::{apps, user_counts, user_days},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Date;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp, state::AccessLevel};

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

/// What staff see of the users of an app that has production access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsersSeen {
    pub level: AccessLevel,
    /// At most this many; none: no such cap.
    pub cap: Option<u32>,
    pub users: UsersOfApp,
}

/// The counts of an app that has production access, for those who read about it; none of another.
pub(crate) async fn users_seen(desk: &Desk, app: &apps::Model) -> Result<Option<UsersSeen>> {
    let level = app.access_level()?;
    if level == AccessLevel::Sandbox {
        return Ok(None);
    }
    Ok(Some(UsersSeen {
        level,
        cap: app.users_cap()?,
        users: users_of_app(desk, app.id).await?,
    }))
}

/// The counts of the app that a case is about, for staff who read the case.
///
/// # Errors
/// As the page of the case.
pub async fn users_of_case(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
) -> Result<Option<UsersSeen>> {
    let read = desk.database.read();
    let (stored, _) = sight::read(desk, read, caller, number, Part::Inside).await?;
    users_seen(desk, &stored.app).await
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
