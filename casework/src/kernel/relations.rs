//! What a person is to an app, by the record: the one place that says so. Whoever was ever on the
//! developer's side of an app is in conflict of interest about it for good; present membership
//! gives rights, and its end takes away those alone.

use crate::{Result, entities::app_members};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::{OnConflict, SelectStatement},
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{PersonId, Relation, Timestamp};

/// Everyone whom the record ties to an app on the developer's side: its members, those who were
/// members, and those who did a developer's step on one of its cases. Their rows are never deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppPeople(Vec<app_members::Model>);

impl AppPeople {
    /// Of one app.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(connection: &impl ConnectionTrait, app: Uuid) -> Result<Self> {
        let rows = app_members::Entity::find()
            .filter(app_members::Column::AppId.eq(app))
            .all(connection)
            .await?;
        Ok(Self(rows))
    }

    /// Of rows that were read together with others'.
    pub(crate) const fn from_rows(rows: Vec<app_members::Model>) -> Self {
        Self(rows)
    }

    /// The members at present.
    pub fn members(&self) -> impl Iterator<Item = &app_members::Model> {
        self.0.iter().filter(|row| row.left_at.is_none())
    }

    /// A person's present membership.
    pub fn member(&self, person: PersonId) -> Option<&app_members::Model> {
        self.members().find(|row| row.person_id == person.0)
    }

    /// The row of a person who is or was tied to the app.
    pub(crate) fn row(&self, person: PersonId) -> Option<&app_members::Model> {
        self.0.iter().find(|row| row.person_id == person.0)
    }

    /// Whether a person was ever on the developer's side: takes no step of staff here any more.
    pub fn is_conflicted(&self, person: PersonId) -> bool {
        self.row(person).is_some()
    }

    /// All that a person is to the app.
    pub fn relations(&self, person: PersonId) -> BTreeSet<Relation> {
        let mut relations = BTreeSet::new();
        if self.is_conflicted(person) {
            relations.insert(Relation::Conflicted);
        }
        if let Some(member) = self.member(person) {
            relations.insert(Relation::AppMember);
            if member.owner {
                relations.insert(Relation::AppOwner);
            }
            if member.may_sign {
                relations.insert(Relation::AppSignatory);
            }
        }
        relations
    }
}

/// The ids of the apps about which a person is in conflict of interest, for a condition of a query.
pub(crate) fn conflicted_apps(person: PersonId) -> SelectStatement {
    app_members::Entity::find()
        .select_only()
        .column(app_members::Column::AppId)
        .filter(app_members::Column::PersonId.eq(person.0))
        .into_query()
}

/// Writes down that someone who never was a member of an app did a developer's step on one of its
/// cases: whoever wrote, sent in, uploaded or signed is in conflict of interest from then on. The
/// policy that a desk begins with lets members alone do so.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn tie(
    connection: &impl ConnectionTrait,
    app: Uuid,
    person: PersonId,
    now: Timestamp,
) -> Result<()> {
    app_members::Entity::insert(app_members::ActiveModel {
        app_id: Set(app),
        person_id: Set(person.0),
        owner: Set(false),
        may_sign: Set(false),
        added_at: Set(now.micros()),
        left_at: Set(Some(now.micros())),
        version: Set(1),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(connection)
    .await?;
    Ok(())
}
