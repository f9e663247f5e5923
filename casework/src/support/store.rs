//! A request as its row, and the row of a request; what a person is to one.

use crate::{
    Caller, Error, Result,
    entities::support_requests::{self, Column as C, Entity, Model},
    policy::{self, SupportAct},
    relations::AppPeople,
    rows::number,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use std::collections::BTreeSet;
use time::Duration;
use workflow::{
    PersonId, Relation, Role, Timestamp,
    clock::Spent,
    support::{Category, Environment, Request, RequestNumber, State},
};

/// A request with its row, and the people of the app that it is about.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub row: Model,
    pub request: Request,
    pub people: AppPeople,
}

impl Stored {
    /// Loads one; locked until the transaction ends where `lock` says so.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Corrupt`].
    pub async fn load(
        connection: &impl ConnectionTrait,
        asked: RequestNumber,
        lock: bool,
    ) -> Result<Self> {
        let asked = i32::try_from(asked.0).map_err(|_| Error::NotFound)?;
        let mut query = Entity::find().filter(C::Number.eq(asked));
        if lock {
            query = query.lock_exclusive();
        }
        let row = query.one(connection).await?.ok_or(Error::NotFound)?;
        Self::of(connection, row).await
    }

    /// Of a row that was read.
    ///
    /// # Errors
    /// [`Error::Corrupt`]; when the database does not answer.
    pub async fn of(connection: &impl ConnectionTrait, row: Model) -> Result<Self> {
        let people = match row.app_id {
            Some(app) => AppPeople::of(connection, app).await?,
            None => AppPeople::default(),
        };
        let request = request(&row)?;
        Ok(Self {
            row,
            request,
            people,
        })
    }

    /// All that somebody is to the request.
    pub fn subject(&self, person: PersonId, roles: &BTreeSet<Role>) -> policy::Subject {
        let mut relations = self.people.relations(person);
        if self.request.opener == person {
            relations.insert(Relation::Requester);
        }
        policy::Subject::new(roles, &relations)
    }

    /// The same of a caller.
    pub fn subject_of(&self, caller: &Caller) -> policy::Subject {
        self.subject(caller.person, &caller.roles)
    }
}

/// Whether somebody may read what only our side reads of a request.
pub(crate) fn reads_inside(
    policy: &policy::Snapshot,
    stored: &Stored,
    person: PersonId,
    roles: &BTreeSet<Role>,
) -> bool {
    policy.allows(&stored.subject(person, roles), SupportAct::ReadInternal)
}

/// What the rules look at of a row.
///
/// # Errors
/// [`Error::Corrupt`] with the column that cannot be read.
pub(super) fn request(row: &Model) -> Result<Request> {
    let broken = |column| Error::corrupt("support_requests", row.number, column);
    let spent = Spent {
        us: Duration::microseconds(row.us_spent),
        developer: Duration::microseconds(row.developer_spent),
    };
    let stars = row.stars.map(u8::try_from).transpose();
    Ok(Request {
        number: RequestNumber(number(
            row.number,
            "support_requests",
            row.number,
            "number",
        )?),
        opener: PersonId(row.opener_id),
        category: Category::from_word(&row.category).ok_or_else(|| broken("category"))?,
        state: State::from_word(&row.state).ok_or_else(|| broken("state"))?,
        since: row.since_at.map(Timestamp::from_micros),
        spent,
        due: row.due_at.map(Timestamp::from_micros),
        ended: row.ended_at.map(Timestamp::from_micros),
        assignee: row.assignee_id.map(PersonId),
        stars: stars.map_err(|_| broken("stars"))?,
    })
}

/// The environment of a row.
///
/// # Errors
/// [`Error::Corrupt`].
pub(super) fn environment(row: &Model) -> Result<Environment> {
    Environment::from_word(&row.environment)
        .ok_or_else(|| Error::corrupt("support_requests", row.number, "environment"))
}

/// Business time as it is stored.
fn micros(spent: Duration) -> i64 {
    i64::try_from(spent.whole_microseconds()).unwrap_or(i64::MAX)
}

/// The row with what the rules made of it, as its next version.
pub(super) fn project(row: &Model, next: &Request, now: Timestamp) -> Model {
    Model {
        state: next.state.word().to_owned(),
        side: next.state.side().word().to_owned(),
        assignee_id: next.assignee.map(|person| person.0),
        due_at: next.due.map(Timestamp::micros),
        since_at: next.since.map(Timestamp::micros),
        us_spent: micros(next.spent.us),
        developer_spent: micros(next.spent.developer),
        ended_at: next.ended.map(Timestamp::micros),
        stars: next.stars.map(i32::from),
        changed_at: now.micros(),
        version: row.version + 1,
        ..row.clone()
    }
}

/// Writes a row as it is now.
///
/// # Errors
/// [`Error::Conflict`] where somebody else was faster; when the database does not answer.
pub(super) async fn write(transaction: &DatabaseTransaction, row: &Model) -> Result<()> {
    let model = support_requests::ActiveModel::from(row.clone());
    let written = Entity::update_many()
        .set(sea_orm::ActiveModelTrait::reset_all(model))
        .filter(C::Id.eq(row.id))
        .filter(C::Version.eq(row.version - 1))
        .exec(transaction)
        .await?;
    if written.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict {
            changes: Vec::new(),
        })
    }
}
