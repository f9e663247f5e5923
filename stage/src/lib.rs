//! The demo's people, apps and cases: made by the same steps that people take, with a clock that
//! runs through the past weeks, so that queue ages, clocks and trail are as they would be.

mod apps;
pub mod bulk;
mod clock;
mod files;
mod gallery;
mod partners;
mod people;
mod queue;
mod script;
mod stage;
mod stories;
mod support;
mod users;
mod web;
mod workload;

use casework::{
    Desk, Error, Result, accounts,
    database::Database,
    dispatch::{Pace, Worker},
    entities::{audit_events, people as rows},
    mail::{MailConfig, Transport, TransportConfig},
    reference,
};
use script::{Planned, When};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use stage::Stage;
use std::cmp::Reverse;
use time::Duration;
use workflow::{Calendar, Timestamp};

/// The password of every demo person.
pub const PASSWORD: &str = "correct horse battery";

/// Whose accounts a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Nobody,
    /// Accounts with the published password: a demo, or what was seeded for a bench.
    Demo,
    /// People.
    People,
}

/// Whose accounts these are. A demo is told by its accounts, so that one made by an older version is
/// told as well: it hashes the published password once, and two people never share a salted hash.
///
/// # Errors
/// When the database does not answer.
pub async fn holds(database: &Database) -> Result<Holds> {
    if rows::Entity::find().count(database.read()).await? == 0 {
        return Ok(Holds::Nobody);
    }
    let shared = rows::Entity::find()
        .select_only()
        .column(rows::Column::PasswordHash)
        .filter(rows::Column::PasswordHash.is_not_null())
        .group_by(rows::Column::PasswordHash)
        .having(sea_orm::sea_query::ExprTrait::gt(
            rows::Column::Id.count(),
            1,
        ));
    let of_the_demo = rows::Entity::find()
        .select_only()
        .column(rows::Column::PasswordHash)
        .filter(rows::Column::PasswordHash.is_not_null())
        .filter(rows::Column::Username.is_in(people::usernames()));
    let mut hashes: Vec<String> = shared.into_tuple().all(database.read()).await?;
    hashes.extend(
        of_the_demo
            .into_tuple::<String>()
            .all(database.read())
            .await?,
    );
    hashes.sort();
    hashes.dedup();
    for hash in hashes {
        if accounts::password_matches(PASSWORD, hash).await? {
            return Ok(Holds::Demo);
        }
    }
    Ok(Holds::People)
}

/// Business days that the demo's past reaches back.
const PAST: u16 = 64;

/// Publishes the built-in reference data; on a new database at the moment at which the demo's past
/// begins, so that the trail is in the order of time.
///
/// # Errors
/// When the database does not answer.
pub async fn publish_built_in(database: &Database, now: Timestamp) -> Result<()> {
    let recorded = audit_events::Entity::find().count(database.read()).await?;
    let at = if recorded == 0 { beginning(now) } else { now };
    reference::publish_built_in(database, at).await
}

/// Fills an empty desk; one that has people stays as it is.
///
/// # Errors
/// When the database does not answer.
pub async fn fill(desk: &Desk) -> Result<()> {
    if holds(&desk.database).await? != Holds::Nobody {
        return Ok(());
    }
    let now = desk.now();
    let mut stage = Stage::set(desk, beginning(now).plus(Duration::hours(1))).await?;
    people::add_all(&stage.desk).await?;
    stage.meet_people().await?;
    stage.choose_letters().await?;
    stage.create_apps().await?;
    attest_every_quarter(&stage).await?;
    partners::fall_sooner(&stage).await?;
    support::keep_texts(&stage).await?;
    let token = users::let_gateway_in(&stage.desk, stage.person("dana")?).await?;
    let post = Worker::new(
        stage.desk.clone(),
        Transport::new(&MailConfig {
            from: SENDER.to_owned(),
            transport: TransportConfig::Capture,
        })
        .map_err(Error::unavailable)?,
        Pace::default(),
    );
    let calendar = desk.reference.known().calendar.clone();
    let mut planned: Vec<(Timestamp, Planned)> = stories::all()
        .steps
        .into_iter()
        .map(|one| (moment(one.when, now, &calendar), one))
        .collect();
    planned.sort_by_key(|(at, _)| *at);
    let mut morning = Timestamp::start_of(stage.desk.now().date()).plus(MORNING);
    for (at, one) in planned {
        while morning <= at {
            stage.clock.move_to(morning);
            users::live_a_day(&stage.desk, &token, now).await?;
            stage.end_day(&post).await?;
            morning = morning.plus(Duration::DAY);
        }
        stage.clock.move_to(at);
        if let Err(error) = stage.play(one.app, &one.step).await {
            tracing::error!(app = one.app, step = ?one.step, %error, "the demo's story");
            return Err(error);
        }
    }
    workload::plan(&stage).await?;
    stage.end_day(&post).await?;
    queue::fill(&stage).await?;
    stage.read_inboxes().await?;
    desk.refresh().await
}

/// The demo's past is short: its apps attest every quarter, so that one is asked to.
async fn attest_every_quarter(stage: &Stage) -> Result<()> {
    let admin = stage.person("dana")?;
    let key = "attestation_months";
    let settings = casework::queries::admin_settings::admin_settings(&stage.desk, admin).await?;
    let seen = settings
        .into_iter()
        .find(|view| view.setting.key == key)
        .ok_or(Error::NotFound)?
        .seen;
    let reason = "Every quarter in the first year";
    casework::commands::set_setting(&stage.desk, admin, key, "3", "", reason, &seen).await
}

/// Who the demo's mail comes from.
pub const SENDER: &str = "Upgrade Desk <desk@upgrade-desk.example>";

/// When the desk looks at its dates, in the stories.
const MORNING: Duration = Duration::hours(6);

/// When the demo's past begins.
fn beginning(now: Timestamp) -> Timestamp {
    Calendar::default().before(now, PAST + 6)
}

fn moment(when: When, now: Timestamp, calendar: &Calendar) -> Timestamp {
    match when {
        When::DaysAgo(Reverse(days), minute) => calendar
            .before(now, days)
            .plus(Duration::minutes(i64::from(minute))),
        When::MinutesAgo(Reverse(minutes)) => now.plus(-Duration::minutes(i64::from(minutes))),
    }
}
