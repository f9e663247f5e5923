//! What of a living approval stands on the pages of its app and of its case.

use crate::{
    Caller, Desk, Result,
    cases::{
        queries::developer::readable_app,
        sight::{self, Part},
    },
    commands::app_subject,
    entities::{page_changes, watched_apps, watched_pages},
    living::{ChangeState, pages::label},
    policy::{AppAct, Verdict},
    queries::trail,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{
    AppId, CaseNumber, Timestamp,
    living::{Stage, stage},
};

/// How an approval stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// By when the next attestation is to be given.
    pub due: Timestamp,
    pub stage: Stage,
    /// Whether the reader can give it now.
    pub may_attest: bool,
    pub pages: Vec<WatchedPage>,
    /// On the page of the app, what was raised with its developer, newest first.
    pub raised: Vec<Raised>,
    /// On the page of the case, the changes that somebody has to look at, with the page.
    pub open: Vec<(Uuid, &'static str)>,
}

/// A page that is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedPage {
    pub label: &'static str,
    pub address: String,
    pub read_at: Option<Timestamp>,
    /// Since when it cannot be read, and why.
    pub failing: Option<(Timestamp, String)>,
}

/// What was asked about a changed page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    pub id: Uuid,
    pub page: &'static str,
    pub at: Timestamp,
    pub note: String,
    /// Who of the app's side answered, when, and what.
    pub answer: Option<(String, Timestamp, String)>,
}

/// How many questions about changed pages an app's page shows.
const SHOWN: u64 = 5;

/// The approval of an app, for its members; none where it has none.
///
/// # Errors
/// [`crate::Error::NotFound`] to everybody else.
pub async fn approval_of_app(desk: &Desk, caller: &Caller, app: AppId) -> Result<Option<Approval>> {
    let (_, people) = readable_app(desk, caller, app).await?;
    let Some(mut approval) = approval(desk, watched_apps::Column::AppId.eq(app.0)).await? else {
        return Ok(None);
    };
    let allowed = desk
        .policy
        .ask(&app_subject(caller, &people), AppAct::Attest);
    approval.may_attest = allowed == Verdict::Allowed && approval.stage.is_open();
    let raised = page_changes::Entity::find()
        .filter(page_changes::Column::AppId.eq(app.0))
        .filter(page_changes::Column::State.eq(ChangeState::Raised.word()))
        .order_by_desc(page_changes::Column::ClosedAt)
        .limit(SHOWN)
        .all(desk.database.read())
        .await?;
    let labels = labels(desk, app.0).await?;
    let people: Vec<String> = raised
        .iter()
        .filter_map(|row| row.answered_by)
        .map(|person| person.to_string())
        .collect();
    let names = trail::names(desk.database.read(), people.iter().map(String::as_str)).await?;
    approval.raised = raised
        .into_iter()
        .map(|row| Raised {
            id: row.id,
            page: labels.get(&row.page_id).copied().unwrap_or("Page"),
            at: Timestamp::from_micros(row.closed_at.unwrap_or(row.found_at)),
            note: row.note,
            answer: row.answer.zip(row.answered_at).map(|(text, at)| {
                let by = row
                    .answered_by
                    .and_then(|person| names.get(&person).cloned());
                (by.unwrap_or_default(), Timestamp::from_micros(at), text)
            }),
        })
        .collect();
    Ok(Some(approval))
}

/// The approval that a case gave, for staff; none where it gave none, or another case stands for the
/// app by now.
///
/// # Errors
/// As the page of the case.
pub async fn approval_of_case(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
) -> Result<Option<Approval>> {
    let read = desk.database.read();
    let (stored, _) = sight::read(desk, read, caller, number, Part::Inside).await?;
    let case = stored.row.id;
    let open = page_changes::Entity::find()
        .filter(page_changes::Column::CaseId.eq(case))
        .filter(page_changes::Column::State.eq(ChangeState::Open.word()))
        .order_by_asc(page_changes::Column::FoundAt)
        .all(read)
        .await?;
    let Some(mut approval) = approval(desk, watched_apps::Column::CaseId.eq(case)).await? else {
        return Ok(None);
    };
    let labels = labels(desk, stored.app.id).await?;
    approval.open = open
        .into_iter()
        .map(|row| (row.id, labels.get(&row.page_id).copied().unwrap_or("Page")))
        .collect();
    Ok(Some(approval))
}

async fn approval(desk: &Desk, of: sea_orm::sea_query::SimpleExpr) -> Result<Option<Approval>> {
    let read = desk.database.read();
    let watched = watched_apps::Entity::find()
        .filter(of)
        .filter(watched_apps::Column::EndedAt.is_null())
        .one(read)
        .await?;
    let Some(watched) = watched else {
        return Ok(None);
    };
    let pages = watched_pages::Entity::find()
        .filter(watched_pages::Column::AppId.eq(watched.app_id))
        .filter(watched_pages::Column::NextAt.is_not_null())
        .order_by_asc(watched_pages::Column::Id)
        .all(read)
        .await?;
    let due = Timestamp::from_micros(watched.due_at);
    Ok(Some(Approval {
        due,
        stage: stage(due, desk.now(), &desk.reference.known().settings),
        may_attest: false,
        pages: pages
            .into_iter()
            .map(|row| WatchedPage {
                label: label(&row.field),
                address: row.address,
                read_at: row.read_at.map(Timestamp::from_micros),
                failing: row
                    .failing_since_at
                    .map(|since| (Timestamp::from_micros(since), row.failure)),
            })
            .collect(),
        raised: Vec::new(),
        open: Vec::new(),
    }))
}

/// The names of all pages that an app ever had.
async fn labels(desk: &Desk, app: Uuid) -> Result<BTreeMap<Uuid, &'static str>> {
    let pages = watched_pages::Entity::find()
        .filter(watched_pages::Column::AppId.eq(app))
        .all(desk.database.read())
        .await?;
    Ok(pages
        .into_iter()
        .map(|row| (row.id, label(&row.field)))
        .collect())
}
