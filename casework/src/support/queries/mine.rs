//! `/support`: the caller's own requests, and what a new one may be about.

use crate::{
    Caller, Desk, Part, Result,
    entities::{
        app_members, apps,
        support_requests::{self, Column as C},
    },
    policy::{Subject, SupportAct},
    support::store::request,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::BTreeSet;
use workflow::{
    AppId, Timestamp,
    support::{Category, RequestNumber, State},
};

/// What is the caller's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// Those that wait for the caller first, then the newest.
    pub requests: Vec<MyRequest>,
    pub may_open: bool,
    /// Whether the caller answers requests.
    pub may_work: bool,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyRequest {
    pub number: RequestNumber,
    pub subject: String,
    pub category: Category,
    pub state: State,
    /// By when we answer.
    pub due: Option<Timestamp>,
    pub changed: Timestamp,
}

/// An app that a request may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnApp {
    pub id: AppId,
    pub name: String,
}

/// The most that are shown.
const MOST: u64 = 200;

/// The caller's own requests.
///
/// # Errors
/// When the database does not answer.
pub async fn my_requests(desk: &Desk, caller: &Caller) -> Result<Mine> {
    let policy = desk.policy.snapshot();
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let rows = support_requests::Entity::find()
        .filter(C::OpenerId.eq(caller.person.0))
        .order_by_desc(C::Number)
        .limit(MOST)
        .all(desk.database.read())
        .await?;
    let now = desk.now();
    let mut requests: Vec<MyRequest> = rows
        .into_iter()
        .filter_map(|row| {
            let what = format!("SR-{}", row.number);
            let read = request(&row).map(|request| MyRequest {
                number: request.number,
                subject: row.subject.clone(),
                category: request.category,
                state: request.state,
                due: request.due,
                changed: Timestamp::from_micros(row.changed_at),
            });
            desk.conditions.readable(Part::Requests, what, read, now)
        })
        .collect();
    requests.sort_by_key(|one| {
        let turn = match one.state {
            State::WaitingForDeveloper => 0,
            state if state.is_open() => 1,
            _ => 2,
        };
        (turn, std::cmp::Reverse(one.number))
    });
    Ok(Mine {
        requests,
        may_open: policy.allows(&subject, SupportAct::Open),
        may_work: policy.allows(&subject, SupportAct::ReadQueue),
    })
}

/// The apps of which the caller is a member at present, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn own_apps(desk: &Desk, caller: &Caller) -> Result<Vec<OwnApp>> {
    let own = app_members::Entity::find()
        .select_only()
        .column(app_members::Column::AppId)
        .filter(app_members::Column::PersonId.eq(caller.person.0))
        .filter(app_members::Column::LeftAt.is_null())
        .into_query();
    let rows = apps::Entity::find()
        .filter(apps::Column::Id.in_subquery(own))
        .order_by_asc(apps::Column::NameKey)
        .all(desk.database.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| OwnApp {
            id: AppId(row.id),
            name: row.name,
        })
        .collect())
}
