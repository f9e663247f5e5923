//! What was typed into a form that was refused is kept until it is sent again: with and without
//! scripts. Only what the step's input names as typed is kept; secrets never are.

use crate::{
    Desk, Error, Result,
    audit::TrailEntry,
    entities::kept_forms,
    input::{KeptField, input, is_as_drawn, plain},
    limits::network,
    rows,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Set, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;
use workflow::{PersonId, Timestamp, form::Problem};

/// How much is kept for one owner, or for one address where nobody was signed in; the oldest goes
/// first.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    pub forms: usize,
    /// In bytes.
    pub bytes: i64,
    /// The largest single form, in bytes; of a larger one the refusal alone is kept.
    pub largest: i64,
}

/// For a person.
pub const OF_A_PERSON: Quota = Quota {
    forms: 30,
    bytes: 4 << 20,
    largest: 2 << 20,
};

/// For a browser in which nobody was signed in: the longest text of any form, typed before its
/// session ended, has its place.
pub const OF_A_BROWSER: Quota = Quota {
    forms: 10,
    bytes: 2 << 20,
    largest: 1 << 20,
};

/// What is said where a form is too large to be kept.
const NOT_KEPT: &str = "What you typed is too long to be kept here: go back in your browser, where it still is, and copy it before you close the page.";

/// For all browsers of one network in which nobody had signed in (an IPv6 network is a /64).
pub const OF_AN_ADDRESS: Quota = Quota {
    forms: 60,
    bytes: 8 << 20,
    largest: 1 << 20,
};

/// Whose form it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Of the person who was signed in.
    Person(PersonId),
    /// Of the person for whom its page was drawn, whose session had ended: shown to that person, in
    /// that browser.
    Awaited { person: PersonId, browser: String },
    /// Of a browser in which nobody had signed in.
    Browser(String),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => person.fmt(f),
            Self::Awaited { person, browser } => write!(f, "{person}@{browser}"),
            Self::Browser(browser) => write!(f, "@{browser}"),
        }
    }
}

impl Owner {
    const fn quota(&self) -> Quota {
        match self {
            Self::Person(_) => OF_A_PERSON,
            Self::Awaited { .. } | Self::Browser(_) => OF_A_BROWSER,
        }
    }
}

/// A form to be kept.
#[derive(Clone, Debug)]
pub struct ToKeep<'a> {
    pub owner: &'a Owner,
    /// Where it was sent from.
    pub address: &'a str,
    pub step: &'a str,
    /// The id of the form on its page.
    pub form: &'a str,
    /// See [`crate::input::to_keep`].
    pub fields: Vec<KeptField>,
    /// See [`crate::input::to_carry`].
    pub carried: Vec<(String, String)>,
    /// What its fields held when its page was drawn, as [`crate::input::drawn`] writes it; empty
    /// where the form does not say it.
    pub drawn: &'a str,
    /// The places in which files were chosen that the desk has not taken.
    pub chosen: Vec<String>,
    /// The page that shows it again.
    pub page: &'a str,
}

/// A refused form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: Uuid,
    /// The step it was sent to.
    pub step: String,
    /// The id of the form on its page.
    pub form: String,
    /// What was typed, in the order of the form.
    pub fields: Vec<KeptField>,
    /// What the page carried, of a step that is carried out later.
    pub carried: Vec<(String, String)>,
    /// See [`ToKeep::drawn`].
    pub drawn: String,
    /// See [`ToKeep::chosen`].
    pub chosen: Vec<String>,
    /// Why it was refused, as one text.
    pub message: String,
    /// What is wrong with single fields.
    pub problems: Vec<Problem>,
    /// What someone else changed meanwhile.
    pub changes: Vec<TrailEntry>,
    /// The HTTP status of the refusal.
    pub status: u16,
}

#[derive(Default, Serialize, Deserialize)]
struct Entries {
    fields: Vec<KeptField>,
    carried: Vec<(String, String)>,
    #[serde(default)]
    drawn: String,
    #[serde(default)]
    chosen: Vec<String>,
    #[serde(default)]
    page: String,
}

#[derive(Serialize, Deserialize)]
struct Refused {
    message: String,
    problems: Vec<Problem>,
    changes: Vec<TrailEntry>,
}

/// Keeps what was typed, for its owner alone; answers under which id.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(desk: &Desk, form: ToKeep<'_>, error: &Error) -> Result<Uuid> {
    let mut refused = Refused {
        message: error.to_string(),
        problems: error.problems().to_vec(),
        changes: match error {
            Error::Conflict { changes } => changes.clone(),
            _ => Vec::new(),
        },
    };
    let quota = form.owner.quota();
    let mut entries = serde_json::to_string(&Entries {
        fields: form.fields,
        carried: form.carried,
        drawn: form.drawn.to_owned(),
        chosen: form.chosen,
        page: form.page.to_owned(),
    })?;
    if bytes(&entries) > quota.largest {
        entries = serde_json::to_string(&Entries::default())?;
        let said_elsewhere = matches!(error, Error::Conflict { .. } | Error::SignedOut);
        if refused.problems.is_empty() && !said_elsewhere {
            refused.message.push(' ');
            refused.message.push_str(NOT_KEPT);
        } else {
            // Beside what is wrong with single fields the message is not shown.
            refused.problems.push(Problem {
                field: String::new(),
                text: NOT_KEPT.to_owned(),
            });
        }
    }
    let refused = serde_json::to_string(&refused)?;
    let size = bytes(&entries).saturating_add(bytes(&refused));
    let address = match form.owner {
        // No stranger of the same network pushes out what waits for a person.
        Owner::Person(_) | Owner::Awaited { .. } => String::new(),
        Owner::Browser(_) => network(form.address),
    };
    let owner = form.owner.to_string();
    let id = Uuid::now_v7();
    let transaction = desk.database.begin().await?;
    kept_forms::Entity::insert(kept_forms::ActiveModel {
        id: Set(id),
        owner: Set(owner.clone()),
        form: Set(form.form.chars().take(200).collect()),
        step: Set(form.step.to_owned()),
        address: Set(address.clone()),
        entries: Set(entries),
        problems: Set(refused),
        size: Set(size),
        status: Set(i32::from(error.status())),
        created_at: Set(desk.now().micros()),
        page: Set(path_of(form.page).to_owned()),
    })
    .exec_without_returning(&transaction)
    .await?;
    keep_within(&transaction, kept_forms::Column::Owner, &owner, quota).await?;
    if !address.is_empty() {
        keep_within(
            &transaction,
            kept_forms::Column::Address,
            &address,
            OF_AN_ADDRESS,
        )
        .await?;
    }
    transaction.commit().await?;
    Ok(id)
}

/// An address without what is asked of its page.
fn path_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

fn bytes(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

#[derive(FromQueryResult)]
struct Measured {
    id: Uuid,
    size: i64,
}

/// Throws away the oldest until the rest keeps to the quota.
async fn keep_within(
    connection: &impl ConnectionTrait,
    column: kept_forms::Column,
    value: &str,
    quota: Quota,
) -> Result<()> {
    let rows = kept_forms::Entity::find()
        .select_only()
        .columns([kept_forms::Column::Id, kept_forms::Column::Size])
        .filter(column.eq(value))
        .order_by_desc(kept_forms::Column::CreatedAt)
        .order_by_desc(kept_forms::Column::Id)
        .into_model::<Measured>()
        .all(connection)
        .await?;
    let mut total = 0_i64;
    let over: Vec<Uuid> = rows
        .into_iter()
        .enumerate()
        .filter_map(|(index, row)| {
            total = total.saturating_add(row.size);
            (index >= quota.forms || total > quota.bytes).then_some(row.id)
        })
        .collect();
    if !over.is_empty() {
        kept_forms::Entity::delete_many()
            .filter(kept_forms::Column::Id.is_in(over))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// The kept form of this id, if it belongs to one of these owners.
///
/// # Errors
/// When the database does not answer.
pub async fn find(desk: &Desk, owners: &[Owner], id: Uuid) -> Result<Option<Kept>> {
    let owners: Vec<String> = owners.iter().map(Owner::to_string).collect();
    let row = kept_forms::Entity::find_by_id(id)
        .filter(kept_forms::Column::Owner.is_in(owners))
        .one(desk.database.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let refused: Refused = rows::json(&row.problems, "kept_forms", id, "problems")?;
    let entries: Entries = rows::json(&row.entries, "kept_forms", id, "entries")?;
    Ok(Some(Kept {
        id,
        step: row.step,
        form: row.form,
        fields: entries.fields,
        carried: entries.carried,
        drawn: entries.drawn,
        chosen: entries.chosen,
        message: refused.message,
        problems: refused.problems,
        changes: refused.changes,
        status: u16::try_from(row.status).unwrap_or(400),
    }))
}

/// The page and the id of the newest form that waits for this person in this browser; all that
/// waits there is the person's from now on.
///
/// # Errors
/// When the database does not answer.
pub async fn take_over(
    desk: &Desk,
    person: PersonId,
    browser: &str,
) -> Result<Option<(String, Uuid)>> {
    let browser = browser.to_owned();
    let awaited = Owner::Awaited { person, browser }.to_string();
    let newest = kept_forms::Entity::find()
        .filter(kept_forms::Column::Owner.eq(awaited.as_str()))
        .order_by_desc(kept_forms::Column::CreatedAt)
        .order_by_desc(kept_forms::Column::Id)
        .one(desk.database.read())
        .await?;
    let Some(newest) = newest else {
        return Ok(None);
    };
    kept_forms::Entity::update_many()
        .col_expr(
            kept_forms::Column::Owner,
            Expr::value(Owner::Person(person).to_string()),
        )
        .filter(kept_forms::Column::Owner.eq(awaited))
        .exec(desk.database.write())
        .await?;
    let entries: Entries = rows::json(&newest.entries, "kept_forms", newest.id, "entries")?;
    Ok((!entries.page.is_empty()).then_some((entries.page, newest.id)))
}

/// A refused form that its owner has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub id: Uuid,
    /// The page that shows it again.
    pub page: String,
    /// When it was sent.
    pub at: Timestamp,
}

/// The newest refused form of a person that waits at a page, or at one below it, with something that
/// was typed in it.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting_at(desk: &Desk, person: PersonId, path: &str) -> Result<Option<Waiting>> {
    use kept_forms::Column as C;
    // `/apps` is not above the pages of one app.
    let mut at_page = Condition::any().add(C::Page.eq(path));
    if path.matches('/').count() > 1 {
        at_page = at_page.add(C::Page.starts_with(format!("{path}/")));
    }
    let rows = kept_forms::Entity::find()
        .filter(C::Owner.eq(Owner::Person(person).to_string()))
        .filter(C::Status.ne(i32::from(Error::Preview.status())))
        .filter(at_page)
        .order_by_desc(C::CreatedAt)
        .order_by_desc(C::Id)
        .all(desk.database.read())
        .await?;
    for row in rows {
        let entries: Entries = rows::json(&row.entries, "kept_forms", row.id, "entries")?;
        let mut fields = entries.fields.iter();
        if fields.any(|field| is_typed(field, &entries.drawn)) {
            return Ok(Some(Waiting {
                id: row.id,
                page: row.page,
                at: Timestamp::from_micros(row.created_at),
            }));
        }
    }
    Ok(None)
}

/// Whether somebody typed or chose what the field holds.
fn is_typed(field: &KeptField, drawn: &str) -> bool {
    let text = plain(&field.values.join(","));
    !text.is_empty() && !is_as_drawn(drawn, &field.name, &text)
}

input! {
    /// Throws away what was typed into a form that was refused.
    pub struct ForgetKeptInput for "forget_kept" OnDesk repeats {
        hidden typed: Uuid;
    }
}

/// Throws away what was kept of the form `form` as the page `page` has it: it has been taken, from
/// whichever drawing of the page. Where the form was only saved, what was to be saved: of that `step`.
///
/// # Errors
/// When the database does not answer.
pub async fn taken(
    desk: &Desk,
    owners: &[Owner],
    form: &str,
    page: &str,
    step: Option<&str>,
) -> Result<()> {
    use kept_forms::Column as C;
    let owners: Vec<String> = owners.iter().map(Owner::to_string).collect();
    kept_forms::Entity::delete_many()
        .filter(C::Owner.is_in(owners))
        .filter(C::Form.eq(form))
        .filter(C::Page.eq(path_of(page)))
        .filter(Condition::all().add_option(step.map(|step| C::Step.eq(step))))
        .exec(desk.database.write())
        .await?;
    Ok(())
}

/// Throws away a form that has been sent again.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(desk: &Desk, owners: &[Owner], id: Uuid) -> Result<()> {
    let owners: Vec<String> = owners.iter().map(Owner::to_string).collect();
    kept_forms::Entity::delete_by_id(id)
        .filter(kept_forms::Column::Owner.is_in(owners))
        .exec(desk.database.write())
        .await?;
    Ok(())
}
