//! A gateway says whom an app was served data of, and on which day.

use crate::{
    By, Desk, Error, Result, Step,
    access::{Gateway, GatewayScope, Subject, app_of, day_of},
    entities::{served_subjects, user_counts, user_days},
    partners,
};
use sea_orm::{
    EntityTrait, ExprTrait, Set,
    sea_query::{Expr, OnConflict},
};
use std::collections::BTreeMap;
use time::Date;
use workflow::Timestamp;

/// The most lines of one report.
pub const MOST_SERVED: usize = 1_000;

/// How far back a report may reach, in days before today: later ones could count somebody twice.
pub const DAYS_BACK: i32 = 14;

/// One user on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// In UTC.
    pub day: Date,
    pub subject: Subject,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Lines that were not known before.
    pub counted: u32,
    /// Lines that had been reported before.
    pub known: u32,
}

/// Counts each user once for each day, however often it is reported: the whole report or nothing.
///
/// # Errors
/// [`Error::Input`] with the first line whose day lies ahead or too far back, or where there are too
/// many; [`Error::NotFound`] where there is no such app; [`Error::Forbidden`].
pub async fn report_served(
    desk: &Desk,
    gateway: &Gateway,
    client_id: &str,
    served: &[Served],
) -> Result<Reported> {
    gateway.require(GatewayScope::Report)?;
    if served.len() > MOST_SERVED {
        let text = format!("A report has at most {MOST_SERVED} lines.");
        return Err(Error::field("served", &text));
    }
    let app = app_of(desk.database.read(), client_id).await?.id;
    let step = Step::begin(desk, By::Clock).await?;
    let today = day_of(step.now);
    let mut days: BTreeMap<i32, i32> = BTreeMap::new();
    let mut counted = 0;
    for (index, line) in served.iter().enumerate() {
        let day = day_of(Timestamp::start_of(line.day));
        if day > today || day < today - DAYS_BACK {
            let text = format!(
                "Line {}: the day lies ahead, or more than {DAYS_BACK} days back.",
                index + 1
            );
            return Err(Error::field("served", &text));
        }
        let added = served_subjects::Entity::insert(served_subjects::ActiveModel {
            app_id: Set(app),
            day: Set(day),
            subject: Set(line.subject.key(desk, app)),
        })
        .on_conflict(
            OnConflict::columns([
                served_subjects::Column::AppId,
                served_subjects::Column::Day,
                served_subjects::Column::Subject,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
        let added = i32::try_from(added).unwrap_or(0);
        *days.entry(day).or_default() += added;
        counted += added;
    }
    let authorised = user_counts::Entity::find_by_id(app)
        .one(step.transaction())
        .await?
        .map_or(0, |row| row.authorised);
    for (day, added) in days.into_iter().filter(|(_, added)| *added > 0) {
        let more = Expr::col((user_days::Entity, user_days::Column::Served)).add(added);
        user_days::Entity::insert(user_days::ActiveModel {
            app_id: Set(app),
            day: Set(day),
            authorised: Set(authorised),
            served: Set(added),
        })
        .on_conflict(
            OnConflict::columns([user_days::Column::AppId, user_days::Column::Day])
                .value(user_days::Column::Served, more)
                .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
    }
    step.commit().await?;
    if counted > 0 {
        partners::look_at(desk, app).await;
    }
    let counted = u32::try_from(counted).unwrap_or(0);
    let all = u32::try_from(served.len()).unwrap_or(u32::MAX);
    Ok(Reported {
        counted,
        known: all.saturating_sub(counted),
    })
}
