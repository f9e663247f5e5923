//! What is known of an app that its criteria are held against.

use crate::{
    Result,
    access::{MICROS_PER_DAY, day_of},
    entities::{
        agreements, apps, attestations, grants, partner_links, partner_publications, reacceptances,
        user_days,
    },
    reference::DLA,
    rows::number,
    store::Stored,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use time::Date;
use uuid::Uuid;
use workflow::{
    Timestamp,
    case::GrantStatus,
    partners::{Accepted, Evidence, Publication, Published, StoreLink},
    state::AccessLevel,
};

/// What is known of an app, with the rows that people change.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub evidence: Evidence,
    pub publication: Option<partner_publications::Model>,
    pub links: Vec<partner_links::Model>,
    /// The case by which the app has Full Access.
    pub case: Option<Uuid>,
}

/// Reads what is known of an app.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn known(connection: &impl ConnectionTrait, app: &apps::Model) -> Result<Known> {
    let full = standing(app.id)
        .filter(grants::Column::Level.eq(AccessLevel::Full.word()))
        .one(connection)
        .await?;
    let case = full.as_ref().map(|grant| grant.case_id);
    // The agreement of an app with Limited Access was accepted with that.
    let latest = standing(app.id).all(connection).await?;
    let accepted_with = case.or_else(|| latest.last().map(|grant| grant.case_id));
    let publication = partner_publications::Entity::find_by_id(app.id)
        .one(connection)
        .await?;
    let links = partner_links::Entity::find()
        .filter(partner_links::Column::AppId.eq(app.id))
        .order_by_asc(partner_links::Column::Address)
        .all(connection)
        .await?;
    let from = publication.as_ref().map(|row| row.available_day);
    let seen_first = publication.as_ref().and_then(|row| row.first_user_day);
    let first = match (from, seen_first) {
        (_, Some(day)) => Some(day),
        (Some(from), None) => first_day(connection, app.id, from).await?,
        (None, None) => None,
    };
    let evidence = Evidence {
        accepted: accepted(connection, app.id, accepted_with).await?,
        newest: newest(connection).await?,
        full: full.map(|grant| Timestamp::from_micros(grant.starts_at)),
        suspended: suspended(connection, app).await?,
        publication: publication.as_ref().map(|row| Publication {
            available: date_of(row.available_day),
            links: links.iter().map(store_link).collect(),
        }),
        contact: contact(connection, app.id, publication.as_ref()).await?,
        first_user: first.map(date_of),
        last_user: last_day(connection, app.id).await?.map(date_of),
    };
    Ok(Known {
        evidence,
        publication,
        links,
        case,
    })
}

/// The grants of an app that were not revoked, oldest first.
fn standing(app: Uuid) -> Select<grants::Entity> {
    grants::Entity::find()
        .filter(grants::Column::AppId.eq(app))
        .filter(grants::Column::Status.ne(GrantStatus::Revoked.word()))
        .order_by_asc(grants::Column::StartsAt)
}

async fn suspended(
    connection: &impl ConnectionTrait,
    app: &apps::Model,
) -> Result<Option<Timestamp>> {
    if !app.suspended {
        return Ok(None);
    }
    let grant = standing(app.id)
        .filter(grants::Column::Status.eq(GrantStatus::Suspended.word()))
        .order_by_asc(grants::Column::ChangedAt)
        .one(connection)
        .await?;
    let since = grant.map_or(app.created_at, |grant| grant.changed_at);
    Ok(Some(Timestamp::from_micros(since)))
}

/// The newest version that was accepted for the app: with its application, or afterwards.
async fn accepted(
    connection: &impl ConnectionTrait,
    app: Uuid,
    case: Option<Uuid>,
) -> Result<Option<Accepted>> {
    let again = reacceptances::Entity::find()
        .filter(reacceptances::Column::AppId.eq(app))
        .order_by_desc(reacceptances::Column::Version)
        .one(connection)
        .await?;
    if let Some(row) = again {
        return Ok(Some(Accepted {
            version: number(row.version, "reacceptances", row.id, "version")?,
            at: Timestamp::from_micros(row.accepted_at),
        }));
    }
    let Some(case) = case else { return Ok(None) };
    let Some(stored) = Stored::by_id(connection, case).await? else {
        return Ok(None);
    };
    Ok(stored.case.acceptance.map(|accepted| Accepted {
        version: accepted.acceptance.version,
        at: accepted.stamp.at,
    }))
}

/// The newest version of the agreement.
pub(crate) async fn newest(connection: &impl ConnectionTrait) -> Result<Option<Published>> {
    let newest = agreements::Entity::find()
        .filter(agreements::Column::Kind.eq(DLA))
        .order_by_desc(agreements::Column::Version)
        .one(connection)
        .await?;
    newest
        .map(|row| {
            Ok(Published {
                version: number(row.version, "agreements", DLA, "version")?,
                at: Timestamp::from_micros(row.published_at),
            })
        })
        .transpose()
}

/// When the support contact was last said to be right: here, or in the attestation of the approval.
async fn contact(
    connection: &impl ConnectionTrait,
    app: Uuid,
    publication: Option<&partner_publications::Model>,
) -> Result<Option<Timestamp>> {
    let Some(publication) = publication else {
        return Ok(None);
    };
    let attested = attestations::Entity::find()
        .filter(attestations::Column::AppId.eq(app))
        .order_by_desc(attestations::Column::GivenAt)
        .one(connection)
        .await?
        .map_or(0, |row| row.given_at);
    let last = publication.confirmed_at.max(attested);
    Ok(Some(Timestamp::from_micros(last)))
}

/// The days on which an app was served data of somebody.
fn used(app: Uuid) -> Select<user_days::Entity> {
    user_days::Entity::find()
        .filter(user_days::Column::AppId.eq(app))
        .filter(user_days::Column::Served.gt(0))
        .select_only()
        .column(user_days::Column::Day)
}

async fn first_day(connection: &impl ConnectionTrait, app: Uuid, from: i32) -> Result<Option<i32>> {
    Ok(used(app)
        .filter(user_days::Column::Day.gte(from))
        .order_by_asc(user_days::Column::Day)
        .into_tuple()
        .one(connection)
        .await?)
}

async fn last_day(connection: &impl ConnectionTrait, app: Uuid) -> Result<Option<i32>> {
    Ok(used(app)
        .order_by_desc(user_days::Column::Day)
        .into_tuple()
        .one(connection)
        .await?)
}

fn store_link(row: &partner_links::Model) -> StoreLink {
    StoreLink {
        address: row.address.clone(),
        answered: row.answered_at.map(Timestamp::from_micros),
        failing: row.failing_since_at.map(Timestamp::from_micros),
    }
}

/// The date of a day as the database keeps it.
pub(crate) fn date_of(day: i32) -> Date {
    Timestamp::from_micros(i64::from(day) * MICROS_PER_DAY).date()
}

/// The reverse of [`date_of`].
pub(crate) fn day_number(date: Date) -> i32 {
    day_of(Timestamp::start_of(date))
}
