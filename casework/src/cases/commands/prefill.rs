//! With what an application begins: what was handed in before, or what is known of the account.

use crate::{
    Caller, Result, accounts,
    cases::store::{Snapshot, submission},
    entities::{apps, attachments, cases},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;
use workflow::{
    form::{Answers, Form},
    state::{AccessLevel, StateKind},
};

/// How an application ends without an approval.
const ENDED: [StateKind; 3] = [StateKind::Declined, StateKind::Withdrawn, StateKind::Lapsed];

/// The last attempt of an app at this level that ended without an approval; none after one that
/// was approved.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn last_attempt(
    connection: &impl ConnectionTrait,
    app: Uuid,
    level: AccessLevel,
    before: Option<i32>,
) -> Result<Option<cases::Model>> {
    let mut query = cases::Entity::find()
        .filter(cases::Column::AppId.eq(app))
        .filter(cases::Column::Level.eq(level.word()));
    if let Some(number) = before {
        query = query.filter(cases::Column::Number.lt(number));
    }
    let last = query
        .order_by_desc(cases::Column::Number)
        .one(connection)
        .await?;
    Ok(last.filter(|case| ENDED.iter().any(|state| state.word() == case.state)))
}

/// What was handed in before: with the last attempt at this level, or for Limited Access where Full
/// Access is applied for.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn earlier(
    connection: &impl ConnectionTrait,
    app: Uuid,
    level: AccessLevel,
) -> Result<Option<(Snapshot, Vec<attachments::Model>)>> {
    if let Some(last) = last_attempt(connection, app, level, None).await?
        && let Some(found) = handed_in(connection, last.id).await?
    {
        return Ok(Some(found));
    }
    if level != AccessLevel::Full {
        return Ok(None);
    }
    let case: Option<Uuid> = cases::Entity::find()
        .select_only()
        .column(cases::Column::Id)
        .filter(cases::Column::AppId.eq(app))
        .filter(cases::Column::Level.eq(AccessLevel::Limited.word()))
        .filter(cases::Column::State.eq(StateKind::Approved.word()))
        .order_by_desc(cases::Column::Number)
        .into_tuple()
        .one(connection)
        .await?;
    match case {
        Some(case) => handed_in(connection, case).await,
        None => Ok(None),
    }
}

async fn handed_in(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<Option<(Snapshot, Vec<attachments::Model>)>> {
    let Some((_, snapshot)) = submission::latest(connection, case).await? else {
        return Ok(None);
    };
    let files = submission::files(connection, case).await?;
    Ok(Some((snapshot, files)))
}

/// What the form asks and the account says already, for a first application.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn from_account(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    app: &apps::Model,
    form: &Form,
) -> Result<Answers> {
    let person = accounts::find(connection, caller.person).await?;
    let organisation = if app.organisation.is_empty() {
        person.organisation
    } else {
        app.organisation.clone()
    };
    let known = [
        ("description", app.description.clone()),
        ("legal_name", organisation),
        ("contact_name", person.name),
        ("contact_email", person.email),
    ];
    let asks = |key: &str| {
        let mut fields = form.sections.iter().flat_map(|section| &section.fields);
        fields.any(|field| field.key == key)
    };
    Ok(known
        .into_iter()
        .filter(|(key, text)| !text.is_empty() && asks(key))
        .map(|(key, text)| (key.to_owned(), text))
        .collect())
}
