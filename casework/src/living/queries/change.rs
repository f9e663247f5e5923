//! `/changes/{id}`: two texts of a page side by side, and what was said about them.

use crate::{
    Caller, Desk, Error, Result,
    cases::sight::{Part, Sight},
    commands::subject,
    entities::{page_changes, page_texts, watched_pages},
    living::{
        ChangeState,
        exchange::{Saying, exchanges},
        is_answered,
        pages::label,
    },
    policy::{CaseAct, Verdict},
    queries::trail,
    store::Stored,
};
use sea_orm::EntityTrait;
use uuid::Uuid;
use workflow::{
    CaseNumber, Timestamp,
    compare::{Row, side_by_side},
};

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeView {
    pub id: Uuid,
    /// For its forms.
    pub version: i64,
    pub case: CaseNumber,
    pub app: String,
    /// "Privacy policy".
    pub page: &'static str,
    pub address: String,
    pub state: ChangeState,
    /// Whether the developer has answered what was raised, and nobody has said what comes of it.
    pub is_answered: bool,
    /// How alike the texts are, in whole percent, rounded down.
    pub percent: i32,
    pub found_at: Timestamp,
    /// Whose task it is; none: any commercial reviewer's.
    pub whose: Option<String>,
    /// What was said about it: by whom, when, what.
    pub said: Vec<SaidOfChange>,
    /// The texts, with when they were read and their hashes; none once they were thrown away.
    pub texts: Option<Texts>,
    pub may_close: bool,
}

/// A step of what was said about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidOfChange {
    pub saying: Saying,
    pub at: Timestamp,
    pub by: String,
    pub text: String,
}

/// Both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub before_at: Timestamp,
    pub before_sha256: String,
    pub after_at: Timestamp,
    pub after_sha256: String,
    pub rows: Vec<Row>,
}

/// A change, for staff.
///
/// # Errors
/// [`Error::NotFound`] to strangers; [`Error::Forbidden`] to those in conflict of interest who know of
/// the case.
pub async fn change(desk: &Desk, caller: &Caller, id: Uuid) -> Result<ChangeView> {
    let read = desk.database.read();
    let row = page_changes::Entity::find_by_id(id)
        .one(read)
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::by_id(read, row.case_id)
        .await?
        .ok_or(Error::NotFound)?;
    Sight::of(&desk.policy.snapshot(), caller, &stored).require(Part::Inside)?;
    let page = watched_pages::Entity::find_by_id(row.page_id)
        .one(read)
        .await?
        .ok_or(Error::NotFound)?;
    let state = ChangeState::from_word(&row.state)
        .ok_or_else(|| Error::corrupt("page_changes", id, "state"))?;
    let before = page_texts::Entity::find_by_id(row.before_id)
        .one(read)
        .await?;
    let after = page_texts::Entity::find_by_id(row.after_id)
        .one(read)
        .await?;
    let mut exchanges = exchanges(read, row.app_id).await?;
    let said = exchanges.remove(&id).unwrap_or_default();
    let whose = row.for_id.map(|person| person.to_string());
    let people = said.iter().map(|said| said.by.as_str());
    let names = trail::names(read, people.chain(whose.as_deref())).await?;
    let name = |person: Uuid| names.get(&person).cloned();
    let who = subject(Some(caller), &stored);
    let is_answered = is_answered(&row);
    Ok(ChangeView {
        id,
        version: row.version,
        case: stored.case.number,
        app: stored.app.name,
        page: label(&page.field),
        address: page.address,
        state,
        is_answered,
        percent: row.permille / 10,
        found_at: Timestamp::from_micros(row.found_at),
        whose: row.for_id.and_then(name),
        said: said
            .into_iter()
            .map(|said| SaidOfChange {
                saying: said.saying,
                at: said.at,
                by: said.by.parse().ok().and_then(name).unwrap_or_default(),
                text: said.text,
            })
            .collect(),
        texts: texts(before, after).await?,
        may_close: (state == ChangeState::Open || is_answered)
            && desk.policy.ask(&who, CaseAct::ReviewChange) == Verdict::Allowed,
    })
}

async fn texts(
    before: Option<page_texts::Model>,
    after: Option<page_texts::Model>,
) -> Result<Option<Texts>> {
    let (Some(before), Some(after)) = (before, after) else {
        return Ok(None);
    };
    // Long texts take their time.
    let comparing = tokio::task::spawn_blocking(move || Texts {
        before_at: Timestamp::from_micros(before.read_at),
        before_sha256: before.sha256,
        after_at: Timestamp::from_micros(after.read_at),
        after_sha256: after.sha256,
        rows: side_by_side(&before.text, &after.text),
    });
    Ok(Some(comparing.await.map_err(Error::unavailable)?))
}
