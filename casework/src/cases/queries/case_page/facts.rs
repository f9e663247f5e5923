//! What lies around a case: its app, what was handed in, its files, its people.

use crate::{
    Caller, Desk, Result,
    cases::commands::new_since,
    entities::{
        apps, attachments, audit_events, case_tags, case_views, people, snoozes, submissions, tags,
    },
    live::{STILL_LOOKING, STILL_WRITING},
    queries::queue::Snooze,
    reference::Known,
    rows,
    store::{FrozenFile, Snapshot, Stored},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    AppId, PersonId, Timestamp,
    form::{Answers, Section},
    gallery::Image,
    ids::AttachmentId,
    state::AccessLevel,
};

/// The app that the case is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppFacts {
    pub id: AppId,
    pub logo: Option<Image>,
    pub name: String,
    pub organisation: String,
    pub website: String,
    pub description: String,
    pub client_id: String,
    /// What it has now.
    pub level: AccessLevel,
    pub cap: Option<u32>,
    pub suspended: bool,
}

impl AppFacts {
    pub(super) fn of(app: &apps::Model) -> Result<Self> {
        Ok(Self {
            id: AppId(app.id),
            logo: app.logo()?,
            name: app.name.clone(),
            organisation: app.organisation.clone(),
            website: app.website.clone(),
            description: app.description.clone(),
            client_id: app.client_id.clone(),
            level: app.access_level()?,
            cap: app.users_cap()?,
            suspended: app.suspended,
        })
    }
}

/// What was handed in, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub revision: u32,
    pub sha256: String,
    pub at: Timestamp,
    /// The sections asked at this level.
    pub sections: Vec<Section>,
    pub answers: Answers,
    /// The files that are part of it.
    pub files: Vec<Attached>,
}

/// A file that belongs to the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    pub id: AttachmentId,
    /// The key of the form's field.
    pub field: String,
    pub name: String,
    pub mime: String,
    pub size: u64,
    pub sha256: String,
    /// When it was attached.
    pub at: Timestamp,
    /// With which round it was handed in; none where it has not been yet.
    pub round: Option<u16>,
}

impl Attached {
    /// As the revision of this moment has it, where there is no row of it.
    fn of_revision(file: FrozenFile, at: Timestamp) -> Self {
        Self {
            id: file.id,
            field: file.field,
            name: file.name,
            mime: file.mime,
            size: u64::try_from(file.size).unwrap_or_default(),
            sha256: file.sha256,
            at,
            round: None,
        }
    }
}

/// Someone else who has the case open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looking {
    pub name: String,
    /// Whether they type into a form of it.
    pub writes: bool,
}

/// The newest revision, with those of the case's `files` that are part of it.
pub(in crate::cases::queries) async fn sent(
    desk: &Desk,
    stored: &Stored,
    known: &Known,
    files: &[Attached],
) -> Result<Option<Sent>> {
    let row = submissions::Entity::find()
        .filter(submissions::Column::CaseId.eq(stored.row.id))
        .order_by_desc(submissions::Column::Revision)
        .one(desk.database.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let snapshot: Snapshot = rows::json(&row.body, "submissions of case", row.case_id, "body")?;
    let form = known.forms.get(&stored.case.form_version);
    let at = Timestamp::from_micros(row.made_at);
    let files = snapshot.attachments.into_iter().map(|frozen| {
        let attached = files.iter().find(|file| file.id == frozen.id).cloned();
        attached.unwrap_or_else(|| Attached::of_revision(frozen, at))
    });
    Ok(Some(Sent {
        revision: rows::number(row.revision, "submissions of case", row.case_id, "revision")?,
        sha256: row.sha256,
        at,
        sections: form
            .map(|form| form.sections(stored.case.level).collect())
            .unwrap_or_default(),
        answers: snapshot.answers,
        files: files.collect(),
    }))
}

/// The files that have not been taken away, in the order in which they came.
pub(in crate::cases::queries) async fn attachments(
    desk: &Desk,
    stored: &Stored,
) -> Result<Vec<Attached>> {
    let rows = attachments::Entity::find()
        .filter(attachments::Column::CaseId.eq(stored.row.id))
        .filter(attachments::Column::RemovedAt.is_null())
        .order_by_asc(attachments::Column::AddedAt)
        .order_by_asc(attachments::Column::Id)
        .all(desk.database.read())
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let rounds = Rounds::of(desk, stored).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Attached {
                round: rounds.with(row.added_at),
                id: AttachmentId(row.id),
                size: row.bytes()?,
                field: row.field,
                name: row.name,
                mime: row.mime,
                sha256: row.sha256,
                at: Timestamp::from_micros(row.added_at),
            })
        })
        .collect()
}

/// When a case's developers handed something in, and which of these began a round. In microseconds.
struct Rounds {
    revisions: Vec<i64>,
    began: Vec<i64>,
}

impl Rounds {
    async fn of(desk: &Desk, stored: &Stored) -> Result<Self> {
        let revisions: Vec<i64> = submissions::Entity::find()
            .select_only()
            .column(submissions::Column::MadeAt)
            .filter(submissions::Column::CaseId.eq(stored.row.id))
            .order_by_asc(submissions::Column::Revision)
            .into_tuple()
            .all(desk.database.read())
            .await?;
        let began = if stored.case.round > 1 {
            audit_events::Entity::find()
                .select_only()
                .column(audit_events::Column::At)
                .filter(audit_events::Column::CaseId.eq(stored.row.id))
                .filter(audit_events::Column::Name.is_in(["resubmitted", "reopened"]))
                .into_tuple()
                .all(desk.database.read())
                .await?
        } else {
            Vec::new()
        };
        Ok(Self { revisions, began })
    }

    /// With which round a file was handed in that was attached at this moment: with the first
    /// revision after it.
    fn with(&self, added: i64) -> Option<u16> {
        let sent = self.revisions.iter().find(|at| **at >= added)?;
        let before = self.began.iter().filter(|at| *at <= sent).count();
        u16::try_from(before + 1).ok()
    }
}

#[derive(FromQueryResult)]
struct Name {
    id: Uuid,
    name: String,
    seen_at: Option<i64>,
    writing_at: Option<i64>,
    before_at: Option<i64>,
}

/// People on the page of a case.
pub(super) struct People {
    pub names: BTreeMap<Uuid, String>,
    /// Who else looks at the case now.
    pub looking: Vec<Looking>,
    /// Since when what others did is new to the reader.
    pub new_since: Option<Timestamp>,
}

/// The names of `wanted` and the reader, and who else looks at the case now.
pub(super) async fn people(
    desk: &Desk,
    stored: &Stored,
    caller: &Caller,
    wanted: &BTreeSet<Uuid>,
    now: Timestamp,
) -> Result<People> {
    let alive = now.plus(-STILL_LOOKING).micros();
    let writing = now.plus(-STILL_WRITING).micros();
    let looking = || {
        case_views::Entity::find()
            .select_only()
            .column(case_views::Column::PersonId)
            .filter(case_views::Column::CaseId.eq(stored.row.id))
            .filter(case_views::Column::SeenAt.gt(alive))
            .into_query()
    };
    let case_id = stored.row.id;
    let view = people::Entity::belongs_to(case_views::Entity)
        .from(people::Column::Id)
        .to(case_views::Column::PersonId)
        .on_condition(move |_, views| {
            Condition::all().add(Expr::col((views, case_views::Column::CaseId)).eq(case_id))
        });
    let rows = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::Name])
        .columns([
            case_views::Column::SeenAt,
            case_views::Column::WritingAt,
            case_views::Column::BeforeAt,
        ])
        .join(JoinType::LeftJoin, view.into())
        .filter(
            Condition::any()
                .add(people::Column::Id.is_in(wanted.iter().copied().chain([caller.person.0])))
                .add(people::Column::Id.in_subquery(looking())),
        )
        .into_model::<Name>()
        .all(desk.database.read())
        .await?;
    let mut others = Vec::new();
    let mut names = BTreeMap::new();
    let mut since = None;
    for row in rows {
        if let Some(at) = row.seen_at
            && PersonId(row.id) == caller.person
        {
            since = new_since(at, row.before_at, now);
        }
        if let Some(at) = row.seen_at
            && at > alive
            && PersonId(row.id) != caller.person
        {
            others.push(Looking {
                name: row.name.clone(),
                writes: row.writing_at.is_some_and(|at| at > writing),
            });
        }
        names.insert(row.id, row.name);
    }
    Ok(People {
        names,
        looking: others,
        new_since: since,
    })
}

/// A tag of the desk's list, as it stands to one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagOn {
    pub id: Uuid,
    pub name: String,
    /// Whether it is on the case; else it can be put on it.
    pub is_on: bool,
}

/// The tags of a case and those that can be put on it, by name.
pub(super) async fn tags(desk: &Desk, stored: &Stored) -> Result<Vec<TagOn>> {
    let case_id = stored.row.id;
    let on_case = tags::Entity::belongs_to(case_tags::Entity)
        .from(tags::Column::Id)
        .to(case_tags::Column::TagId)
        .on_condition(move |_, on_case| {
            Condition::all().add(Expr::col((on_case, case_tags::Column::CaseId)).eq(case_id))
        });
    let rows: Vec<(Uuid, String, bool, Option<Uuid>)> = tags::Entity::find()
        .select_only()
        .columns([tags::Column::Id, tags::Column::Name, tags::Column::Retired])
        .column(case_tags::Column::CaseId)
        .join(JoinType::LeftJoin, on_case.into())
        .order_by_asc(tags::Column::NameKey)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let known = rows
        .into_iter()
        .filter(|(.., retired, on_case)| !retired || on_case.is_some());
    let known = known.map(|(id, name, _, on_case)| TagOn {
        id,
        name,
        is_on: on_case.is_some(),
    });
    Ok(known.collect())
}

/// The reader's snooze of a case.
pub(super) async fn snooze(
    desk: &Desk,
    stored: &Stored,
    caller: &Caller,
    now: Timestamp,
) -> Result<Option<Snooze>> {
    let row = snoozes::Entity::find_by_id((caller.person.0, stored.row.id))
        .one(desk.database.read())
        .await?;
    Ok(row
        .filter(|row| row.until_at > now.micros())
        .map(|row| Snooze {
            until: Timestamp::from_micros(row.until_at),
            reason: row.reason,
        }))
}
