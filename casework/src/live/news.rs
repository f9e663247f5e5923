//! What happened to cases, from the trail.

use super::doors::Doors;
use crate::{
    Caller, Desk, Result,
    audit::{Names, Reader, body, people_in, sentence},
    entities::{audit_events, people},
    policy::Snapshot,
};
use audit_events::Column as C;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{PersonId, Timestamp};

/// One thing that happened to a case, for one reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct News {
    /// Its place in the trail.
    pub seq: i64,
    /// As `UD-1042`.
    pub case: String,
    /// What happened, as the trail calls it.
    pub event: String,
    /// The name of who did it; that of the desk where its clock did.
    pub who: String,
    /// As a sentence without its subject: "requested clarification".
    pub what: String,
    pub at: Timestamp,
    /// Whether the reader did it.
    pub own: bool,
}

/// What happened in a part of the trail, in the words of staff.
#[derive(Default)]
pub(super) struct Happened(Vec<Line>);

struct Line {
    seq: i64,
    at: i64,
    case: Uuid,
    actor: Option<Uuid>,
    name: String,
    who: String,
    what: String,
}

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    at: i64,
    actor: String,
    case_id: Option<Uuid>,
    name: String,
    body: String,
}

impl Happened {
    /// Behind one event of the trail and up to another.
    pub async fn between(desk: &Desk, after: i64, last: i64) -> Result<Self> {
        if last <= after {
            return Ok(Self::default());
        }
        let rows = audit_events::Entity::find()
            .select_only()
            .columns([C::Seq, C::At, C::Actor, C::CaseId, C::Name, C::Body])
            .filter(C::Seq.gt(after))
            .filter(C::Seq.lte(last))
            .filter(C::CaseId.is_not_null())
            // As on the page of a case: what is being written is the developer's own business.
            .filter(C::Name.ne("draft_edited"))
            .order_by_asc(C::Seq)
            .into_model::<Row>()
            .all(desk.database.read())
            .await?;
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let body = body::read(desk, row.seq, true, &row.name, &row.body);
                (row.actor.parse::<Uuid>().ok(), body, row)
            })
            .collect();
        let named: BTreeSet<Uuid> = rows
            .iter()
            .flat_map(|(actor, body, row)| people_in(&row.name, body).into_iter().chain(*actor))
            .collect();
        let names: Names = people::Entity::find()
            .select_only()
            .columns([people::Column::Id, people::Column::Name])
            .filter(people::Column::Id.is_in(named))
            .into_tuple::<(Uuid, String)>()
            .all(desk.database.read())
            .await?
            .into_iter()
            .collect();
        let line = |(actor, body, row): (Option<Uuid>, _, Row)| {
            Some(Line {
                seq: row.seq,
                at: row.at,
                case: row.case_id?,
                who: match actor {
                    Some(person) => names.get(&person).cloned()?,
                    None => "The desk".to_owned(),
                },
                what: sentence(&row.name, &body, &names, Reader::Staff)?,
                actor,
                name: row.name,
            })
        };
        Ok(Self(rows.into_iter().filter_map(line).collect()))
    }

    /// The cases that something happened to.
    pub fn cases(&self) -> impl Iterator<Item = Uuid> {
        self.0.iter().map(|line| line.case)
    }

    /// What of it a person is told who knows everything up to one event of the trail.
    pub fn told(
        &self,
        after: i64,
        doors: &Doors,
        policy: &Snapshot,
        reader: &Caller,
    ) -> impl Iterator<Item = News> {
        let unknown = self.0.iter().filter(move |line| line.seq > after);
        unknown.filter_map(move |line| {
            Some(News {
                seq: line.seq,
                case: doors.open(policy, reader, line.case)?.to_string(),
                event: line.name.clone(),
                who: line.who.clone(),
                what: line.what.clone(),
                at: Timestamp::from_micros(line.at),
                own: line.actor.map(PersonId) == Some(reader.person),
            })
        })
    }
}
