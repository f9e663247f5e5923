//! Who may be told of a case.

use crate::{
    Caller, Result,
    entities::cases,
    policy::{CaseAct, Snapshot, Subject},
    relations::AppPeople,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::CaseNumber;

/// Of some cases, what says who reads their inside.
#[derive(Default)]
pub(super) struct Doors(BTreeMap<Uuid, Door>);

struct Door {
    number: CaseNumber,
    in_views: i32,
    /// Whoever is in conflict of interest about its app.
    people: AppPeople,
}

impl Doors {
    /// Of these cases as they stand now.
    pub async fn of(connection: &impl ConnectionTrait, ids: BTreeSet<Uuid>) -> Result<Self> {
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let rows: Vec<(Uuid, i32, Uuid, i32)> = cases::Entity::find()
            .select_only()
            .columns([
                cases::Column::Id,
                cases::Column::Number,
                cases::Column::AppId,
                cases::Column::InViews,
            ])
            .filter(cases::Column::Id.is_in(ids))
            .into_tuple()
            .all(connection)
            .await?;
        let apps: Vec<Uuid> = rows.iter().map(|(_, _, app, _)| *app).collect();
        let people = AppPeople::of_each(connection, &apps).await?;
        let doors = rows.into_iter().filter_map(|(id, number, app, in_views)| {
            let door = Door {
                number: CaseNumber(u32::try_from(number).ok()?),
                in_views,
                people: people.get(&app).cloned().unwrap_or_default(),
            };
            Some((id, door))
        });
        Ok(Self(doors.collect()))
    }

    /// Whether there is nothing to be told of.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of a case; none where the reader may not read its inside, and while it has not
    /// been handed in.
    pub fn open(&self, policy: &Snapshot, reader: &Caller, case: Uuid) -> Option<CaseNumber> {
        let door = self.0.get(&case)?;
        let subject = Subject::new(&reader.roles, &door.people.relations(reader.person));
        (door.in_views != 0 && policy.allows(&subject, CaseAct::ReadInternal))
            .then_some(door.number)
    }
}
