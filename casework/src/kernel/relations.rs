//! What a person is to an app, by the record: the one place that says so. Whoever was ever on the
//! developer's side of an app is in conflict of interest about it for good, and who has declared one
//! with its organisation until that is withdrawn; present membership gives rights, and its end takes
//! away those alone.

use crate::{
    Result,
    entities::{
        app_members, apps, cases,
        declared_conflicts::{self, Column as D},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    QueryTrait, Set, StatementBuilder,
    sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement, UnionType},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{PersonId, Relation, Timestamp};

/// Everyone whom the record ties to an app: on the developer's side its members, those who were
/// members, and those who did a developer's step on one of its cases, whose rows are never deleted;
/// on ours those who have declared a conflict of interest with its organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppPeople {
    of_app: Vec<app_members::Model>,
    declared: BTreeSet<Uuid>,
}

/// The version of a row that stands for a declared conflict; members' begin with 1.
const DECLARED: i64 = 0;

impl AppPeople {
    /// Of one app.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(connection: &impl ConnectionTrait, app: Uuid) -> Result<Self> {
        let mut found = Self::of_each(connection, &[app]).await?;
        Ok(found.remove(&app).unwrap_or_default())
    }

    /// Of each of these apps, in one statement; of whom nobody is tied to is not in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn of_each(
        connection: &impl ConnectionTrait,
        apps: &[Uuid],
    ) -> Result<BTreeMap<Uuid, Self>> {
        let mut query = app_members::Entity::find()
            .filter(app_members::Column::AppId.is_in(apps.iter().copied()))
            .into_query();
        query.union(UnionType::All, declared_as_rows(apps));
        let statement = StatementBuilder::build(&query, &connection.get_database_backend());
        let rows = app_members::Model::find_by_statement(statement)
            .all(connection)
            .await?;
        let mut found: BTreeMap<Uuid, Self> = BTreeMap::new();
        for row in rows {
            let people = found.entry(row.app_id).or_default();
            if row.version == DECLARED {
                people.declared.insert(row.person_id);
            } else {
                people.of_app.push(row);
            }
        }
        Ok(found)
    }

    /// Of members that were read together with others', for their own side: what ours declared is
    /// not in it.
    pub(crate) const fn from_members(rows: Vec<app_members::Model>) -> Self {
        Self {
            of_app: rows,
            declared: BTreeSet::new(),
        }
    }

    /// The members at present.
    pub fn members(&self) -> impl Iterator<Item = &app_members::Model> {
        self.of_app.iter().filter(|row| row.left_at.is_none())
    }

    /// A person's present membership.
    pub fn member(&self, person: PersonId) -> Option<&app_members::Model> {
        self.members().find(|row| row.person_id == person.0)
    }

    /// The row of a person who is or was on the developer's side of the app.
    pub(crate) fn row(&self, person: PersonId) -> Option<&app_members::Model> {
        self.of_app.iter().find(|row| row.person_id == person.0)
    }

    /// Whether a person was ever on the developer's side, or has declared a conflict with the
    /// organisation: takes no step of staff here.
    pub fn is_conflicted(&self, person: PersonId) -> bool {
        self.row(person).is_some() || self.declared.contains(&person.0)
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
    let mut apps = app_members::Entity::find()
        .select_only()
        .column(app_members::Column::AppId)
        .filter(app_members::Column::PersonId.eq(person.0))
        .into_query();
    let mut declared = of_declared();
    declared
        .column((apps::Entity, apps::Column::Id))
        .and_where(Expr::col((declared_conflicts::Entity, D::PersonId)).eq(person.0));
    apps.union(UnionType::Distinct, declared);
    apps
}

/// Apps and the conflicts that are declared with their organisations and not withdrawn.
fn of_declared() -> SelectStatement {
    let mut query = Query::select();
    query
        .from(apps::Entity)
        .inner_join(
            declared_conflicts::Entity,
            Expr::col((declared_conflicts::Entity, D::OrganisationKey))
                .equals((apps::Entity, apps::Column::OrganisationKey)),
        )
        .and_where(Expr::col((declared_conflicts::Entity, D::WithdrawnAt)).is_null());
    query
}

/// Whoever holds this seat of a case of an app with whose organisation they have declared a conflict:
/// the person, and the organisation as it was declared and folded.
pub(crate) fn seats_in_conflict(seat: cases::Column, of: Option<PersonId>) -> SelectStatement {
    let mut query = of_declared();
    query
        .distinct()
        .columns([
            (declared_conflicts::Entity, D::PersonId),
            (declared_conflicts::Entity, D::Organisation),
            (declared_conflicts::Entity, D::OrganisationKey),
        ])
        .inner_join(
            cases::Entity,
            Expr::col((cases::Entity, cases::Column::AppId))
                .equals((apps::Entity, apps::Column::Id)),
        )
        .and_where(
            Expr::col((cases::Entity, seat)).equals((declared_conflicts::Entity, D::PersonId)),
        );
    if let Some(person) = of {
        let theirs = Expr::col((declared_conflicts::Entity, D::PersonId)).eq(person.0);
        query.and_where(theirs);
    }
    query
}

/// Whoever has declared a conflict with the organisation of one of these apps, in the columns of a
/// member who has left.
fn declared_as_rows(of: &[Uuid]) -> SelectStatement {
    let mut query = of_declared();
    query
        .column((apps::Entity, apps::Column::Id))
        .column((declared_conflicts::Entity, D::PersonId))
        .expr(Expr::cust("FALSE"))
        .expr(Expr::cust("FALSE"))
        .column((declared_conflicts::Entity, D::DeclaredAt))
        .column((declared_conflicts::Entity, D::DeclaredAt))
        .expr(Expr::cust("0"))
        .and_where(Expr::col((apps::Entity, apps::Column::Id)).is_in(of.iter().copied()));
    query
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

#[cfg(test)]
mod tests {
    use super::*;

    const fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    const OWNER: PersonId = person(1);
    const SIGNATORY: PersonId = person(2);
    const MEMBER: PersonId = person(3);
    const LEFT: PersonId = person(4);
    const STRANGER: PersonId = person(5);

    fn people() -> AppPeople {
        let row = |person: PersonId, owner, may_sign, left_at| app_members::Model {
            app_id: Uuid::nil(),
            person_id: person.0,
            owner,
            may_sign,
            added_at: 1,
            left_at,
            version: 1,
        };
        AppPeople::from_members(vec![
            row(OWNER, true, false, None),
            row(SIGNATORY, false, true, None),
            row(MEMBER, false, false, None),
            row(LEFT, true, true, Some(2)),
        ])
    }

    #[test]
    fn who_left_an_app_keeps_the_conflict_and_nothing_else() {
        let people = people();
        assert_eq!(
            people.relations(LEFT),
            BTreeSet::from([Relation::Conflicted])
        );
        assert!(people.is_conflicted(LEFT));
        assert_eq!(people.member(LEFT), None);
        assert!(people.row(LEFT).is_some_and(|row| row.person_id == LEFT.0));
    }

    #[test]
    fn a_member_is_what_the_own_row_says() {
        let people = people();
        let of = |more: &[Relation]| {
            let every = [Relation::AppMember, Relation::Conflicted];
            every.into_iter().chain(more.iter().copied()).collect()
        };
        for (who, relations) in [
            (OWNER, of(&[Relation::AppOwner])),
            (SIGNATORY, of(&[Relation::AppSignatory])),
            (MEMBER, of(&[])),
        ] {
            assert_eq!(people.relations(who), relations);
            assert!(people.member(who).is_some_and(|row| row.person_id == who.0));
        }
        let members: Vec<Uuid> = people.members().map(|row| row.person_id).collect();
        assert_eq!(members, [OWNER.0, SIGNATORY.0, MEMBER.0]);
    }

    #[test]
    fn a_stranger_is_nothing_to_an_app() {
        let people = people();
        assert_eq!(people.relations(STRANGER), BTreeSet::new());
        assert!(!people.is_conflicted(STRANGER));
        assert_eq!(
            (people.member(STRANGER), people.row(STRANGER)),
            (None, None)
        );
    }
}
