//! A gateway says whom an app was served data of, and on which day.

use crate::{
    By, Desk, Error, Result, Step,
    access::{Gateway, GatewayScope, Subject, app_of, day_of},
    entities::{
        authorisations, ended_authorisations as ended, served_subjects, user_counts, user_days,
    },
    partners,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use std::collections::{BTreeMap, BTreeSet};
use time::Date;
use uuid::Uuid;
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
    /// Lines about users who had not authorised the app on that day. They are not counted.
    pub not_authorised: u32,
}

/// What is wrong with a line of a report, which people count from 1.
pub fn of_line(index: usize, why: &str) -> String {
    format!("Line {}: {why}", index + 1)
}

/// Counts each user who had authorised the app once for each day, however often it is reported: the
/// whole report or nothing.
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
    let authorised_on = AuthorisedOn::read(&step, app, served).await?;
    let mut days: BTreeMap<i32, i32> = BTreeMap::new();
    let mut counted = 0;
    let mut not_authorised = 0;
    for (index, line) in served.iter().enumerate() {
        let day = day_of(Timestamp::start_of(line.day));
        if day > today || day < today - DAYS_BACK {
            let why = format!("the day lies ahead, or more than {DAYS_BACK} days back.");
            return Err(Error::field("served", of_line(index, &why)));
        }
        let subject = line.subject.key(desk, app);
        if !authorised_on.has(&subject, day) {
            not_authorised += 1;
            continue;
        }
        let added = served_subjects::Entity::insert(served_subjects::ActiveModel {
            app_id: Set(app),
            day: Set(day),
            subject: Set(subject),
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
        known: all.saturating_sub(counted + not_authorised),
        not_authorised,
    })
}

/// From which day to which somebody had authorised an app; without an end as long as they still do.
struct AuthorisedOn(Vec<(String, i32, Option<i32>)>);

impl AuthorisedOn {
    /// Reads it for the users of a report.
    async fn read(step: &Step<'_>, app: Uuid, served: &[Served]) -> Result<Self> {
        let subjects: BTreeSet<String> = served
            .iter()
            .map(|line| line.subject.key(step.desk, app))
            .collect();
        let since = |at| day_of(Timestamp::from_micros(at));
        let now = authorisations::Entity::find()
            .filter(authorisations::Column::AppId.eq(app))
            .filter(authorisations::Column::Subject.is_in(&subjects))
            .all(step.transaction())
            .await?
            .into_iter()
            .map(|row| (row.subject, since(row.since_at), None));
        let ended = ended::Entity::find()
            .filter(ended::Column::AppId.eq(app))
            .filter(ended::Column::Subject.is_in(&subjects))
            .all(step.transaction())
            .await?
            .into_iter()
            .map(|row| (row.subject, since(row.since_at), Some(row.day)));
        let mut all: Vec<_> = now.chain(ended).collect();
        all.sort();
        Ok(Self(all))
    }

    fn has(&self, subject: &str, day: i32) -> bool {
        let first = self.0.partition_point(|(of, ..)| of.as_str() < subject);
        let mut of_subject = self
            .0
            .iter()
            .skip(first)
            .take_while(|(of, ..)| of == subject);
        of_subject.any(|(_, from, to)| *from <= day && to.is_none_or(|to| day <= to))
    }
}
