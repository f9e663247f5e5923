//! What is handed in: the draft while it is typed, and the frozen, hashed revisions after that.

use crate::{
    Error, Result,
    audit::canonical,
    digest::sha256,
    entities::{attachments, drafts, submissions},
    rows,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    AttachmentId,
    event::Submission,
    form::Answers,
    relied::{EVERY_FILE, Places, place_of},
    state::AccessLevel,
};

/// The typed answers of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftBody {
    pub answers: Answers,
    /// Which browser tab saved each section last.
    #[serde(default)]
    pub sections: BTreeMap<String, Mark>,
    /// Which browser tab saved each field last; not known of fields that were saved before this was
    /// noted.
    #[serde(default)]
    pub marks: BTreeMap<String, Mark>,
}

/// The last saving of one section or field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The version of the draft that this saving made.
    pub version: i64,
    /// The page from which it came.
    pub tab: String,
    /// Counts the automatic savings of that page, which may arrive out of order.
    pub order: u64,
}

/// A draft with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub row: drafts::Model,
    pub body: DraftBody,
}

/// The draft of a case; none before anything was saved.
pub(crate) async fn draft(connection: &impl ConnectionTrait, case: Uuid) -> Result<Option<Draft>> {
    let Some(row) = drafts::Entity::find_by_id(case).one(connection).await? else {
        return Ok(None);
    };
    let body = rows::json(&row.answers, "drafts", case, "answers")?;
    Ok(Some(Draft { row, body }))
}

/// A file as part of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenFile {
    pub id: AttachmentId,
    pub field: String,
    pub name: String,
    pub mime: String,
    /// In bytes.
    pub size: i64,
    pub sha256: String,
}

/// Everything that is handed in, as it is hashed and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub form_version: u32,
    pub level: AccessLevel,
    pub answers: Answers,
    pub attachments: Vec<FrozenFile>,
}

impl Snapshot {
    /// The keys of the fields that hold a file.
    pub fn files(&self) -> BTreeSet<String> {
        self.attachments
            .iter()
            .map(|file| file.field.clone())
            .collect()
    }

    /// The answer to a question as it was typed; none where nothing was.
    pub fn answer(&self, key: &str) -> Option<&str> {
        let answer = self.answers.get(key).map(String::as_str);
        answer.filter(|text| !text.trim().is_empty())
    }

    /// What stands where in it, by hash: of each place its answer and, by their content, its files.
    /// `place_of` says to which place a file belongs by the word that is kept with it.
    ///
    /// # Errors
    /// None for texts.
    pub fn places(&self, place_of: impl Fn(&str) -> Option<String>) -> Result<Places> {
        let mut files: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for file in &self.attachments {
            let place = place_of(&file.field);
            for place in place.into_iter().chain([EVERY_FILE.to_owned()]) {
                files.entry(place).or_default().insert(&file.sha256);
            }
        }
        let answered = self.answers.keys().filter(|key| self.answer(key).is_some());
        let places: BTreeSet<&String> = answered.chain(files.keys()).collect();
        places
            .into_iter()
            .map(|place| {
                let stands = json!({ "answer": self.answer(place), "files": files.get(place) });
                Ok((place.clone(), sha256(canonical(&stands)?.as_bytes())))
            })
            .collect()
    }
}

/// The files of a case as they are now, oldest first.
pub(crate) async fn files(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<Vec<attachments::Model>> {
    Ok(attachments::Entity::find()
        .filter(attachments::Column::CaseId.eq(case))
        .filter(attachments::Column::RemovedAt.is_null())
        .order_by_asc(attachments::Column::AddedAt)
        .order_by_asc(attachments::Column::Id)
        .all(connection)
        .await?)
}

/// Files as part of a revision.
pub(crate) fn frozen(files: &[attachments::Model]) -> Vec<FrozenFile> {
    files
        .iter()
        .map(|row| FrozenFile {
            id: AttachmentId(row.id),
            field: row.field.clone(),
            name: row.name.clone(),
            mime: row.mime.clone(),
            size: row.size,
            sha256: row.sha256.clone(),
        })
        .collect()
}

/// The files that are part of any revision that was handed in.
pub(crate) async fn handed_in(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<BTreeSet<AttachmentId>> {
    let bodies: Vec<String> = submissions::Entity::find()
        .select_only()
        .column(submissions::Column::Body)
        .filter(submissions::Column::CaseId.eq(case))
        .into_tuple()
        .all(connection)
        .await?;
    let mut files = BTreeSet::new();
    for body in bodies {
        let snapshot: Snapshot = rows::json(&body, "submissions of case", case, "body")?;
        files.extend(snapshot.attachments.iter().map(|one| one.id));
    }
    Ok(files)
}

/// The newest revision of a case.
pub(crate) async fn latest(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<Option<(submissions::Model, Snapshot)>> {
    let row = submissions::Entity::find()
        .filter(submissions::Column::CaseId.eq(case))
        .order_by_desc(submissions::Column::Revision)
        .one(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let snapshot = rows::json(&row.body, "submissions of case", row.case_id, "body")?;
    Ok(Some((row, snapshot)))
}

/// One revision of a case as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frozen {
    pub row: submissions::Model,
    pub revision: u32,
    pub snapshot: Snapshot,
}

impl Frozen {
    fn read(row: submissions::Model) -> Result<Self> {
        Ok(Self {
            snapshot: rows::json(&row.body, "submissions of case", row.case_id, "body")?,
            revision: rows::number(row.revision, "submissions of case", row.case_id, "revision")?,
            row,
        })
    }
}

/// All revisions of a case, oldest first.
pub(crate) async fn all(connection: &impl ConnectionTrait, case: Uuid) -> Result<Vec<Frozen>> {
    let rows = submissions::Entity::find()
        .filter(submissions::Column::CaseId.eq(case))
        .order_by_asc(submissions::Column::Revision)
        .all(connection)
        .await?;
    rows.into_iter().map(Frozen::read).collect()
}

/// Freezes a revision: the row and the hash over its canonical JSON.
pub(crate) async fn freeze(
    work: &crate::commands::Work<'_>,
    snapshot: &Snapshot,
) -> Result<Submission> {
    let person = work.person()?.person;
    let case = work.case();
    let revision = case.submission.as_ref().map_or(0, |last| last.revision) + 1;
    let body = canonical(&serde_json::to_value(snapshot)?)?;
    let sha256 = sha256(body.as_bytes());
    let row = submissions::Model {
        case_id: case.id.0,
        revision: i32::try_from(revision).map_err(Error::unavailable)?,
        body,
        sha256: sha256.clone(),
        made_at: work.now.micros(),
        made_by: person.0,
    };
    submissions::Entity::insert(submissions::ActiveModel::from(row).reset_all())
        .exec_without_returning(work.transaction())
        .await?;
    Ok(Submission {
        revision,
        sha256,
        places: snapshot.places(|key| place_of(case, key))?,
    })
}

/// A new revision of what was handed in before, if `amended` answers or files added since make it
/// a different one.
pub(crate) async fn revise(
    work: &crate::commands::Work<'_>,
    amended: &Answers,
) -> Result<Option<Submission>> {
    let case = work.case().id.0;
    let Some((_, before)) = latest(work.transaction(), case).await? else {
        return Ok(None);
    };
    let mut snapshot = before.clone();
    snapshot.answers.extend(
        amended
            .iter()
            .map(|(key, text)| (key.clone(), text.clone())),
    );
    snapshot.attachments = frozen(&files(work.transaction(), case).await?);
    if snapshot == before {
        return Ok(None);
    }
    freeze(work, &snapshot).await.map(Some)
}
