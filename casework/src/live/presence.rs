//! Who has which case open, and who types into a form of it.

use crate::{
    Desk, Result,
    entities::{case_views, people},
};
use case_views::Column as C;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use time::Duration;
use uuid::Uuid;
use workflow::{CaseNumber, PersonId};

/// How long after the last sign of life somebody still counts as having a case open.
pub(crate) const STILL_LOOKING: Duration = Duration::seconds(60);

/// How long after the last sign of it somebody still counts as writing. A page that is typed into
/// gives one every 15 s.
pub(crate) const STILL_WRITING: Duration = Duration::seconds(30);

/// Who else has a case open, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Here {
    /// As `UD-1042`.
    pub case: String,
    /// Those who read it.
    pub viewing: Vec<String>,
    /// Those who type into a form of it.
    pub writing: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Present {
    person: Uuid,
    name: String,
    writes: bool,
}

/// Of each case that is open anywhere, who has it open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Presence(BTreeMap<Uuid, Vec<Present>>);

impl Presence {
    /// As it is now; one query.
    pub async fn now(desk: &Desk) -> Result<Self> {
        let now = desk.now();
        let writing = now.plus(-STILL_WRITING).micros();
        let rows: Vec<(Uuid, Uuid, Option<i64>, String)> = case_views::Entity::find()
            .select_only()
            .columns([C::CaseId, C::PersonId, C::WritingAt])
            .column(people::Column::Name)
            .join(
                JoinType::InnerJoin,
                case_views::Entity::belongs_to(people::Entity)
                    .from(C::PersonId)
                    .to(people::Column::Id)
                    .into(),
            )
            .filter(C::SeenAt.gt(now.plus(-STILL_LOOKING).micros()))
            .order_by_asc(people::Column::Name)
            .into_tuple()
            .all(desk.database.read())
            .await?;
        let mut presence = Self::default();
        for (case, person, writing_at, name) in rows {
            presence.0.entry(case).or_default().push(Present {
                person,
                name,
                writes: writing_at.is_some_and(|at| at > writing),
            });
        }
        Ok(presence)
    }

    /// The cases that somebody has open.
    pub fn cases(&self) -> impl Iterator<Item = Uuid> {
        self.0.keys().copied()
    }

    /// The cases of which something is otherwise than it was.
    pub fn changed_since(&self, before: &Self) -> BTreeSet<Uuid> {
        let both = self.cases().chain(before.cases());
        both.filter(|case| self.0.get(case) != before.0.get(case))
            .collect()
    }

    /// Who has a case open besides a person.
    pub fn told(&self, case: Uuid, number: CaseNumber, reader: PersonId) -> Here {
        let others = self.0.get(&case).into_iter().flatten();
        let (writing, viewing): (Vec<_>, Vec<_>) = others
            .filter(|present| present.person != reader.0)
            .partition(|present| present.writes);
        let names = |of: Vec<&Present>| of.into_iter().map(|one| one.name.clone()).collect();
        Here {
            case: number.to_string(),
            viewing: names(viewing),
            writing: names(writing),
        }
    }
}
