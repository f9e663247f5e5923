//! People as rows.

use super::token::{self, Purpose};
use crate::{
    By, Desk, Error, Lock, Result, Step,
    audit::{Entry, Subject},
    entities::{former_usernames, held_usernames, people, sessions, tokens},
    take, words_from_roles,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter,
    QuerySelect, Set, sea_query::Expr,
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    Actor, PersonId, Role,
    form::Problem,
    mailbox::{LocalParts, Mailbox},
    text,
};

use crate::text::Limits;
pub(crate) use crate::text::{email_key, key};

/// A person about to exist.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    pub name: String,
    pub username: String,
    pub email: String,
    pub organisation: String,
    pub roles: BTreeSet<Role>,
    pub password_hash: Option<String>,
    pub verified: bool,
    pub agreement_version: Option<i32>,
}

/// The person of this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(connection: &impl ConnectionTrait, person: PersonId) -> Result<people::Model> {
    people::Entity::find_by_id(person.0)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// What is wrong with name, username and email, on the fields of these names.
pub(crate) fn problems(
    name: &str,
    username: &str,
    email: &str,
    locals: LocalParts,
) -> Vec<Problem> {
    let mut problems: Vec<Problem> = name_problem(name).into_iter().collect();
    problems.extend(username_problem(username));
    if let Err(fault) = Mailbox::parse(&text::line(email), locals) {
        problems.push(wrong("email", &format!("Email: {fault}")));
    }
    problems
}

fn wrong(field: &str, text: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

/// What is wrong with a name, on the field `name`.
pub(super) fn name_problem(name: &str) -> Option<Problem> {
    let name = text::line(name);
    if name.is_empty() {
        Some(wrong("name", "Name: write your name."))
    } else if name.chars().count() > 100 {
        Some(wrong("name", "Name: use at most 100 characters."))
    } else {
        None
    }
}

/// What is wrong with a username, on the field `username`.
pub(crate) fn username_problem(username: &str) -> Option<Problem> {
    let username = text::line(username);
    let fits = (3..=40).contains(&username.len())
        && username
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    (!fits).then(|| {
        wrong(
            "username",
            "Username: use 3 to 40 letters, digits, dots, dashes or underscores.",
        )
    })
}

/// Refuses a username that is taken, was somebody's before, or was given at a registration that made
/// no account.
///
/// # Errors
/// [`Error::Input`] on the field `username`.
pub(super) async fn free_username(connection: &impl ConnectionTrait, username: &str) -> Result<()> {
    free_username_for(connection, username, None).await
}

/// As [`free_username`]; this person may take back what was theirs before.
///
/// # Errors
/// [`Error::Input`] on the field `username`.
pub(super) async fn free_username_for(
    connection: &impl ConnectionTrait,
    username: &str,
    person: Option<Uuid>,
) -> Result<()> {
    let key = key(username);
    let taken = people::Entity::find()
        .filter(people::Column::UsernameKey.eq(key.as_str()))
        .one(connection)
        .await?
        .is_some();
    let held = held_usernames::Entity::find_by_id(key.as_str())
        .one(connection)
        .await?
        .is_some();
    let left = former_usernames::Entity::find_by_id(key)
        .one(connection)
        .await?
        .is_some_and(|row| Some(row.person_id) != person);
    if taken || held || left {
        return Err(Error::field(
            "username",
            "Username: this one is taken; choose another.",
        ));
    }
    Ok(())
}

/// Adds a person.
///
/// # Errors
/// [`Error::Input`] when username or email belong to someone already. Names are never given
/// again, not even those of disabled people (21 CFR 11.100).
pub async fn add(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    new: NewPerson,
) -> Result<people::Model> {
    let now = desk.now().micros();
    free_username(connection, &new.username).await?;
    let row = people::Model {
        id: Uuid::now_v7(),
        username: text::line(&new.username),
        username_key: key(&new.username),
        name_key: text::fold(&new.name),
        name: text::line(&new.name),
        email: text::line(&new.email),
        email_key: email_key(&new.email),
        email_verified_at: new.verified.then_some(now),
        password_hash: new.password_hash,
        organisation_key: text::fold(&new.organisation),
        organisation: text::line(&new.organisation),
        roles: words_from_roles(&new.roles),
        agreement_version: new.agreement_version,
        agreement_accepted_at: new.agreement_version.map(|_| now),
        disabled_at: None,
        created_at: now,
        version: 1,
        access_epoch: 0,
        second_factor_at: None,
        closed_at: None,
        letters_off: None,
        letters_daily: None,
        capacity: None,
        keys_off: false,
    };
    people::Entity::insert(people::ActiveModel {
        id: Set(row.id),
        username: Set(row.username.clone()),
        username_key: Set(row.username_key.clone()),
        name: Set(row.name.clone()),
        name_key: Set(row.name_key.clone()),
        email: Set(row.email.clone()),
        email_key: Set(row.email_key.clone()),
        email_verified_at: Set(row.email_verified_at),
        password_hash: Set(row.password_hash.clone()),
        organisation: Set(row.organisation.clone()),
        organisation_key: Set(row.organisation_key.clone()),
        roles: Set(row.roles.clone()),
        agreement_version: Set(row.agreement_version),
        agreement_accepted_at: Set(row.agreement_accepted_at),
        disabled_at: Set(None),
        created_at: Set(now),
        version: Set(1),
        access_epoch: Set(0),
        second_factor_at: Set(None),
        closed_at: Set(None),
        letters_off: Set(None),
        letters_daily: Set(None),
        capacity: Set(None),
        keys_off: Set(false),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(row)
}

/// So many admins are made on the command line without further ado: with two of them the desk can
/// make the others itself.
const FIRST_ADMINS: usize = 2;

/// The reason that is given on the command line: as long as one on the pages.
const REASON: Limits = Limits {
    field: "reason",
    label: "Reason",
    min: 0,
    max: 500,
};

/// Makes an administrator on the command line: an account without password, and the secret of the
/// link under which the password is chosen. After the first two it takes a reason: admins invite
/// others from the pages, where a second one confirms it.
///
/// # Errors
/// [`Error::Input`] when name or address cannot be used, or a reason is missing.
pub async fn create_admin(
    desk: &Desk,
    name: &str,
    username: &str,
    email: &str,
    reason: Option<&str>,
) -> Result<String> {
    let mut problems = problems(name, username, email, desk.local_parts());
    let known = super::commands::admins(desk.database.read()).await?.len();
    let reason = crate::text::line(REASON, reason.unwrap_or_default(), &mut problems);
    if known >= FIRST_ADMINS && reason.is_empty() {
        problems.push(Problem {
            field: "reason".to_owned(),
            text: format!(
                "Reason: this desk has {known} admins, who can invite others from the pages; \
                 give a reason to make one here."
            ),
        });
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let mut step = Step::begin(desk, By::Clock).await?;
    take(step.transaction(), Lock::Identity).await?;
    let roles = BTreeSet::from([Role::Admin]);
    let person = add(
        step.transaction(),
        desk,
        NewPerson {
            name: name.to_owned(),
            username: username.to_owned(),
            email: email.to_owned(),
            roles: roles.clone(),
            ..Default::default()
        },
    )
    .await?;
    let secret = token::issue(step.transaction(), &person, Purpose::Invitation, desk.now()).await?;
    let entry = Entry {
        actor: None,
        subject: Subject::Person(person.id),
        name: "person_invited",
        body: json!({ "before": null, "after": { "roles": roles } }),
        reason: if reason.is_empty() {
            "made on the command line".to_owned()
        } else {
            format!("made on the command line: {reason}")
        },
    };
    step.append_entry(entry);
    step.commit().await?;
    Ok(secret)
}

/// An audit entry about a person.
pub fn entry(
    actor: Option<PersonId>,
    person: Uuid,
    name: &'static str,
    body: serde_json::Value,
) -> Entry {
    Entry {
        actor: actor.map(Actor::Person),
        subject: Subject::Person(person),
        name,
        body,
        reason: String::new(),
    }
}

/// Locks a person until the transaction ends. On SQLite a transaction that writes excludes all
/// others already.
pub(crate) async fn lock(transaction: &DatabaseTransaction, person: Uuid) -> Result<people::Model> {
    people::Entity::find_by_id(person)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(Error::NotFound)
}

/// Sets a new password by its hash, and ends all that was handed out before.
pub(super) async fn set_password(
    transaction: &DatabaseTransaction,
    person: &people::Model,
    hash: String,
    verified_at: i64,
) -> Result<()> {
    people::Entity::update(people::ActiveModel {
        id: Set(person.id),
        password_hash: Set(Some(hash)),
        // Whoever holds the link holds the mailbox.
        email_verified_at: Set(Some(verified_at)),
        ..Default::default()
    })
    .exec(transaction)
    .await?;
    end_access(transaction, person.id).await
}

/// Keeps a better hash of the same password, unless it was changed meanwhile.
pub(super) async fn rehash(
    connection: &impl ConnectionTrait,
    person: &people::Model,
    hash: String,
) -> Result<()> {
    people::Entity::update_many()
        .col_expr(people::Column::PasswordHash, Expr::value(hash))
        .filter(people::Column::Id.eq(person.id))
        .filter(people::Column::PasswordHash.eq(person.password_hash.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends every session and every link that a person was given so far: what carries an older
/// `access_epoch` than the person works nowhere, even if it is being written at this moment.
pub(crate) async fn end_access(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    people::Entity::update_many()
        .col_expr(
            people::Column::AccessEpoch,
            Expr::col(people::Column::AccessEpoch).add(1),
        )
        .filter(people::Column::Id.eq(person))
        .exec(connection)
        .await?;
    sessions::Entity::delete_many()
        .filter(sessions::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    tokens::Entity::delete_many()
        .filter(tokens::Column::PersonId.eq(person))
        .filter(tokens::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}
