//! People and their roles, for admins.

use crate::queries::{audit::may, trail};
use crate::{
    Caller, Desk, Error, Part, Result,
    accounts::find,
    audit::{Reader, TrailEntry},
    commands::{RequestKind, RequestState},
    entities::{audit_events, people, role_requests, sessions},
    paging,
    policy::DeskAct,
    post::held,
    roles_from_words,
    text::{contains, email_contains},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;
use workflow::{PersonId, Role, Timestamp};

/// People on one page.
pub const PAGE: u64 = 100;

/// Which people, as typed into the query string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// A part of name, username, email or organisation.
    pub text: String,
    pub role: Option<Role>,
    /// From 1.
    pub page: u64,
}

/// The list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    pub filter: PeopleFilter,
    pub count: u64,
    pub rows: Vec<PersonRow>,
    /// What waits for a second admin, oldest first.
    pub requests: Vec<RequestView>,
}

/// Rights that wait for a second admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestView {
    pub id: Uuid,
    pub kind: RequestKind,
    pub person: PersonId,
    pub name: String,
    /// All roles that the person would have.
    pub roles: Vec<Role>,
    pub reason: String,
    /// Why one person is to hold roles that are better held by two.
    pub combination: String,
    pub asked_by: String,
    pub asked: Timestamp,
    pub ends: Timestamp,
    pub you: YouAndTheRequest,
}

/// What the one who looks has to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YouAndTheRequest {
    /// May confirm or refuse it.
    Decide,
    /// Asked for it, and may take it back.
    Asked,
    /// It is about the one who looks.
    AreConcerned,
}

/// One person in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    pub id: PersonId,
    pub name: String,
    pub username: String,
    pub email: String,
    pub organisation: String,
    pub roles: Vec<Role>,
    pub status: PersonStatus,
    pub since: Timestamp,
}

/// Whether someone can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonStatus {
    Active,
    /// Has not chosen a password or confirmed the address yet.
    Invited,
    Disabled,
    /// Its owner closed it, for good.
    Closed,
}

impl PersonStatus {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Invited => "Not confirmed yet",
            Self::Disabled => "Disabled",
            Self::Closed => "Closed by its owner",
        }
    }

    const fn of(row: &people::Model) -> Self {
        if row.closed_at.is_some() {
            Self::Closed
        } else if row.disabled_at.is_some() {
            Self::Disabled
        } else if row.email_verified_at.is_none() {
            Self::Invited
        } else {
            Self::Active
        }
    }
}

/// One person, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonView {
    pub person: PersonRow,
    /// For the guard against changes by others.
    pub version: u64,
    /// How many browsers are signed in.
    pub sessions: u64,
    /// How many letters are held for the person until the account is enabled.
    pub held_letters: u64,
    pub agreement_version: Option<i32>,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    /// What waits for a second admin.
    pub request: Option<RequestView>,
    /// The last things that were done to this account.
    pub trail: Vec<TrailEntry>,
    /// Whether this is the one who looks.
    pub is_you: bool,
}

/// The people who fit a filter, by name.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not manage people.
pub async fn admin_people(
    desk: &Desk,
    caller: &Caller,
    mut filter: PeopleFilter,
) -> Result<People> {
    may(desk, caller, DeskAct::ManagePeople)?;
    let mut wanted = Condition::all();
    let text = filter.text.trim();
    if !text.is_empty() {
        let found = |column: people::Column| contains(Expr::col(column), text);
        wanted = wanted.add(
            Condition::any()
                .add(found(people::Column::NameKey))
                .add(found(people::Column::UsernameKey))
                .add(email_contains(
                    Expr::col(people::Column::EmailKey),
                    Expr::col(people::Column::Email),
                    text,
                ))
                .add(found(people::Column::OrganisationKey)),
        );
    }
    if let Some(role) = filter.role {
        // `reviewer` is also a part of `commercial_reviewer`: the words are compared whole.
        wanted = wanted.add(
            Condition::any()
                .add(people::Column::Roles.eq(role.word()))
                .add(people::Column::Roles.starts_with(format!("{},", role.word())))
                .add(people::Column::Roles.ends_with(format!(",{}", role.word())))
                .add(people::Column::Roles.contains(format!(",{},", role.word()))),
        );
    }
    let query = people::Entity::find().filter(wanted);
    let count = query.clone().count(desk.database.read()).await?;
    filter.page = paging::shown(filter.page, count, PAGE);
    let rows = query
        .order_by_asc(people::Column::NameKey)
        .order_by_asc(people::Column::Id)
        .offset(filter.page.saturating_sub(1).saturating_mul(PAGE))
        .limit(PAGE)
        .all(desk.database.read())
        .await?;
    Ok(People {
        filter,
        count,
        rows: rows.iter().map(row).collect(),
        requests: requests(desk, caller, None).await?,
    })
}

/// One person.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not manage people; [`crate::Error::NotFound`].
pub async fn admin_person(desk: &Desk, caller: &Caller, person: PersonId) -> Result<PersonView> {
    may(desk, caller, DeskAct::ManagePeople)?;
    let database = desk.database.read();
    let found = find(database, person).await?;
    let sessions = sessions::Entity::find()
        .filter(sessions::Column::PersonId.eq(person.0))
        .filter(sessions::Column::ExpiresAt.gt(desk.now().micros()))
        .count(database)
        .await?;
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Subject.eq("person"))
        .filter(audit_events::Column::SubjectId.eq(person.to_string()))
        .order_by_desc(audit_events::Column::Seq)
        .limit(20)
        .all(database)
        .await?;
    Ok(PersonView {
        person: row(&found),
        version: u64::try_from(found.version).unwrap_or(0),
        sessions,
        held_letters: held::count(database, person.0).await?,
        second_factor: found.second_factor_at.is_some(),
        agreement_version: found.agreement_version,
        request: requests(desk, caller, Some(person)).await?.pop(),
        trail: trail::entries(desk, &events, Reader::Staff).await?,
        is_you: caller.person == person,
    })
}

/// The requests that wait, of one person or of all.
async fn requests(
    desk: &Desk,
    caller: &Caller,
    person: Option<PersonId>,
) -> Result<Vec<RequestView>> {
    let mut wanted = Condition::all()
        .add(role_requests::Column::State.eq(RequestState::Waiting.word()))
        .add(role_requests::Column::EndsAt.gt(desk.now().micros()));
    if let Some(person) = person {
        wanted = wanted.add(role_requests::Column::PersonId.eq(person.0));
    }
    let rows = role_requests::Entity::find()
        .filter(wanted)
        .order_by_asc(role_requests::Column::AskedAt)
        .limit(PAGE)
        .all(desk.database.read())
        .await?;
    let ids: Vec<String> = rows
        .iter()
        .flat_map(|row| [row.person_id, row.asked_by])
        .map(|id| id.to_string())
        .collect();
    let names = trail::names(desk.database.read(), ids.iter().map(String::as_str)).await?;
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let kind = RequestKind::from_word(&row.kind)
                .ok_or_else(|| Error::corrupt("role_requests", row.id, "kind"));
            let kind = desk
                .conditions
                .readable(Part::People, row.id, kind, desk.now())?;
            Some(RequestView {
                id: row.id,
                kind,
                person: PersonId(row.person_id),
                name: name(row.person_id),
                roles: roles_from_words(&row.roles).into_iter().collect(),
                asked_by: name(row.asked_by),
                asked: Timestamp::from_micros(row.asked_at),
                ends: Timestamp::from_micros(row.ends_at),
                you: if row.asked_by == caller.person.0 {
                    YouAndTheRequest::Asked
                } else if row.person_id == caller.person.0 {
                    YouAndTheRequest::AreConcerned
                } else {
                    YouAndTheRequest::Decide
                },
                reason: row.reason,
                combination: row.combination,
            })
        })
        .collect())
}

fn row(person: &people::Model) -> PersonRow {
    PersonRow {
        id: PersonId(person.id),
        name: person.name.clone(),
        username: person.username.clone(),
        email: person.email.clone(),
        organisation: person.organisation.clone(),
        roles: roles_from_words(&person.roles).into_iter().collect(),
        status: PersonStatus::of(person),
        since: Timestamp::from_micros(person.created_at),
    }
}
