//! What of a living approval stands on the pages of its app and of its case.

use crate::{
    Caller, Desk, Result,
    cases::{
        queries::developer::readable_app,
        sight::{self, Part},
    },
    commands::app_subject,
    entities::{page_changes, watched_apps, watched_pages},
    living::{
        ChangeState,
        exchange::{Saying, exchanges},
        pages::label,
    },
    policy::{AppAct, Verdict},
    queries::trail,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
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
    /// On the page of the app, what was raised with its developer.
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

/// What was asked about a changed page, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    pub id: Uuid,
    pub page: &'static str,
    pub said: Vec<ToDeveloper>,
    /// Whether the developer is to answer.
    pub is_asked: bool,
}

/// A step of the exchange, as the developer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToDeveloper {
    Asked(Timestamp, String),
    /// Who of the app's side, when, and what.
    Answered(String, Timestamp, String),
    /// We see no concern; why is a note of ours.
    Settled(Timestamp),
}

/// Of how many changed pages an app's page shows what was asked, those that wait for an answer first.
const SHOWN: usize = 20;

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
    approval.raised = raised(desk, app.0).await?;
    Ok(Some(approval))
}

/// What was asked of an app's developer about its pages, what is to be answered first, then the newest.
async fn raised(desk: &Desk, app: Uuid) -> Result<Vec<Raised>> {
    let read = desk.database.read();
    let mut exchanges = exchanges(read, app).await?;
    exchanges.retain(|_, said| said.iter().any(|one| one.saying == Saying::Asked));
    let people = exchanges.values().flatten().map(|said| said.by.as_str());
    let names = trail::names(read, people).await?;
    let changes = page_changes::Entity::find()
        .filter(page_changes::Column::Id.is_in(exchanges.keys().copied()))
        .order_by_desc(page_changes::Column::ClosedAt)
        .all(read)
        .await?;
    let labels = labels(desk, app).await?;
    let mut raised: Vec<Raised> = changes
        .iter()
        .map(|row| Raised {
            id: row.id,
            page: labels.get(&row.page_id).copied().unwrap_or("Page"),
            said: exchanges
                .remove(&row.id)
                .into_iter()
                .flatten()
                .map(|said| match said.saying {
                    Saying::Asked => ToDeveloper::Asked(said.at, said.text),
                    Saying::Cleared => ToDeveloper::Settled(said.at),
                    Saying::Answered => {
                        let by = said.by.parse().ok().and_then(|by| names.get(&by).cloned());
                        ToDeveloper::Answered(by.unwrap_or_default(), said.at, said.text)
                    }
                })
                .collect(),
            is_asked: row.state == ChangeState::Raised.word() && row.answered_at.is_none(),
        })
        .collect();
    raised.sort_by_key(|raised| !raised.is_asked);
    raised.truncate(SHOWN);
    Ok(raised)
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
