//! Rights that wait for a second admin: who decides, watches or makes others is not made by one
//! admin alone.

use super::person_step::PersonStep;
use crate::{
    Caller, Desk, Error, Result, SecondAdmin,
    accounts::needs_a_second_admin,
    entities::{people, role_requests},
    people::{AccountLetter, post_to_person},
    roles_from_words, words_from_roles,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::Role;

/// What became of a wish to give somebody rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The person has them.
    Now,
    /// A second admin has to confirm it first.
    Waits,
}

/// What a second admin is asked to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A new account, whose invitation goes out once it is confirmed.
    Invitation,
    /// Other roles.
    Roles,
    /// A disabled account that holds such roles works again.
    Enabling,
}

impl RequestKind {
    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Roles => "roles",
            Self::Enabling => "enabling",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Invitation, Self::Roles, Self::Enabling]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    Waiting,
    Confirmed,
    Refused,
    /// Taken back by who asked.
    Withdrawn,
    /// The account was changed meanwhile, or something else was asked for it.
    Overtaken,
}

impl RequestState {
    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Overtaken => "overtaken",
        }
    }
}

/// A request that nobody decides ends after this long.
const LIFETIME: Duration = Duration::days(14);

/// What is asked for.
pub(super) struct Wish<'a> {
    pub kind: RequestKind,
    /// What the person can do before; nothing where the account is disabled or new.
    pub before: &'a BTreeSet<Role>,
    pub after: &'a BTreeSet<Role>,
    pub reason: &'a str,
    pub combination: &'a str,
}

impl Wish<'_> {
    /// Whether it waits for a second admin on this desk.
    pub fn waits(&self, desk: &Desk) -> bool {
        desk.second_admin == SecondAdmin::Needed && needs_a_second_admin(self.before, self.after)
    }

    /// Notes the request in place of any other about this person, and tells the other admins.
    ///
    /// # Errors
    /// [`Error::Input`] on `roles` when there is nobody to confirm it.
    pub async fn ask(&self, desk: &Desk, caller: &Caller, step: &PersonStep<'_>) -> Result<()> {
        let person = &step.person;
        let others: Vec<people::Model> = admins(step.transaction())
            .await?
            .into_iter()
            .filter(|admin| admin.id != caller.person.0 && admin.id != person.id)
            .collect();
        if others.is_empty() {
            return Err(Error::field(
                "roles",
                "Roles: Approver, Compliance and Admin need a second admin, and there is none. \
                 Have one made with `upgrade-desk create-admin`.",
            ));
        }
        overtake(step.transaction(), person.id).await?;
        let now = desk.now();
        let request = Uuid::now_v7();
        role_requests::Entity::insert(role_requests::ActiveModel {
            id: Set(request),
            person_id: Set(person.id),
            person_version: Set(person.version),
            kind: Set(self.kind.word().to_owned()),
            roles: Set(words_from_roles(self.after)),
            reason: Set(workflow::text::line(self.reason)),
            combination: Set(self.combination.to_owned()),
            asked_by: Set(caller.person.0),
            asked_at: Set(now.micros()),
            ends_at: Set(now.plus(LIFETIME).micros()),
            state: Set(RequestState::Waiting.word().to_owned()),
            decided_by: Set(None),
            decided_at: Set(None),
        })
        .exec_without_returning(step.transaction())
        .await?;
        for admin in others {
            let letter = AccountLetter::SecondAdmin {
                request,
                by: caller.name.clone(),
                person: person.id,
                name: person.name.clone(),
                roles: self.after.iter().copied().collect(),
                ends: now.plus(LIFETIME),
            };
            post_to_person(step.transaction(), desk, &admin, letter).await?;
        }
        step.step.has_letters();
        Ok(())
    }
}

/// Everyone who is an admin now.
pub(crate) async fn admins(connection: &impl ConnectionTrait) -> Result<Vec<people::Model>> {
    let found = people::Entity::find()
        .filter(people::Column::Roles.contains(Role::Admin.word()))
        .filter(people::Column::DisabledAt.is_null())
        .all(connection)
        .await?;
    Ok(found
        .into_iter()
        .filter(|person| roles_from_words(&person.roles).contains(&Role::Admin))
        .collect())
}

/// Ends the request that waits about a person, if there is one.
pub(super) async fn overtake(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    role_requests::Entity::update_many()
        .col_expr(
            role_requests::Column::State,
            Expr::value(RequestState::Overtaken.word()),
        )
        .filter(role_requests::Column::PersonId.eq(person))
        .filter(role_requests::Column::State.eq(RequestState::Waiting.word()))
        .exec(connection)
        .await?;
    Ok(())
}
