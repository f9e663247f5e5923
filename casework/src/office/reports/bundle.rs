//! Bundles: a part of the trail with everything that proves it, to be verified without this desk by
//! `audit-verify`. What has not been published yet is published first, so that the newest checkpoint
//! covers it.

use super::{
    export::{Export, readable},
    note,
};
use crate::{
    Caller, Desk, Error, Result,
    audit::{
        Subject,
        records::{Hashed, columns},
    },
    cases::sight,
    commands::subject,
    entities::{agreements, attachments, audit_events, grants, signatures, submissions},
    log::{Proofs, Trouble, publish},
    policy::{CaseAct, DeskAct},
    queries::audit::{TrailFilter, Wanted, events, may, wanted},
    reference::DLA,
    store::submission,
    words::moment_to_the_second,
};
use futures_util::{StreamExt, stream};
use object_store::{ObjectStoreExt, path::Path};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    mem,
};
use trail::{
    Event,
    bundle::{EventLine, LINES, Scope, Writer},
    receipt::Row,
    record,
};
use uuid::Uuid;
use workflow::{AttachmentId, CaseNumber};

/// The part of the trail that fits a filter; of the rows beside it only the hashes.
///
/// # Errors
/// As [`super::export_trail`]; [`Error::Sealed`] when the trail is not what was published.
pub async fn bundle_of_trail(desk: &Desk, caller: &Caller, filter: &TrailFilter) -> Result<Export> {
    may(desk, caller, DeskAct::ExportAudit)?;
    let (wanted, problems) = wanted(desk, caller, filter).await?;
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let part = Part::of(desk, wanted).await?;
    let body = json!({
        "format": "bundle",
        "filter": filter,
        "events": part.count,
        "head": part.proofs.size(),
    });
    note(desk, caller, Subject::Desk, "trail_exported", body).await?;
    let file_name = format!("audit-trail-{}.tar", desk.now().date());
    let scope = part.scope(desk, caller, filter.in_words());
    part.write(desk, file_name, scope, Beside::default())
}

/// The evidence pack of one case: its events, the rows and files that they bind, what proves all of it,
/// and the same for people as a PDF and as a page that opens without a network.
///
/// # Errors
/// As [`super::export_case`]; [`Error::Sealed`] when the trail is not what was published.
pub async fn bundle_of_case(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<Export> {
    let database = desk.database.read();
    let (stored, sight) = sight::read(desk, database, caller, number, sight::Part::Outside).await?;
    desk.policy
        .require(&subject(Some(caller), &stored), CaseAct::Export)?;
    let id = stored.case.id.0;
    let accepted = stored.case.acceptance.as_ref();
    let version = accepted.map(|accepted| accepted.acceptance.version);
    let published = match version {
        Some(version) => published(desk, version).await?,
        None => None,
    };
    let wanted = Condition::any()
        .add(audit_events::Column::CaseId.eq(id))
        .add_option(published.map(|seq| audit_events::Column::Seq.eq(seq)));
    let part = Part::of(desk, Condition::all().add(wanted)).await?;
    let mut beside = Beside::of(desk, &part, id).await?;
    if let Some(version) = version.filter(|_| published.is_some()) {
        beside.add_agreement(desk, version).await?;
    }
    let held = mem::take(&mut beside.held);
    let copies = readable(desk, caller, &stored, &sight, &part.proofs, held).await?;
    beside.readable = copies.into();
    let about = Subject::Case {
        id,
        version: stored.case.version,
    };
    let body = json!({
        "format": "bundle",
        "events": part.count,
        "head": part.proofs.size(),
    });
    note(desk, caller, about, "case_exported", body).await?;
    let mut scope = part.scope(desk, caller, format!("Case {number}, {}", stored.app.name));
    scope.rows = true;
    scope.withheld = mem::take(&mut beside.withheld);
    if published.is_none() {
        let document = accepted.map(|accepted| accepted.acceptance.document_sha256.clone());
        scope.unbound.extend(document);
    }
    part.write(desk, format!("{number}-evidence.tar"), scope, beside)
}

/// The event that published a version of what is signed for an app: its text is what was accepted.
async fn published(desk: &Desk, version: u32) -> Result<Option<i64>> {
    let all = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq("agreement_published"))
        .all(desk.database.read())
        .await?;
    let is = |event: &audit_events::Model| {
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        let bound = record::read(&body);
        bound.iter().any(|one| one.record == agreement(version))
    };
    Ok(all.iter().find(|event| is(event)).map(|event| event.seq))
}

fn agreement(version: u32) -> String {
    format!("agreements/{DLA}/{version}")
}

/// A part of the trail up to the newest checkpoint.
struct Part {
    wanted: Wanted,
    proofs: Proofs,
    count: u64,
}

impl Part {
    async fn of(desk: &Desk, wanted: Wanted) -> Result<Self> {
        let newest = publish(desk).await.map_err(Trouble::into_error)?;
        let (note, checkpoint) = newest.ok_or(Error::NotFound)?;
        let proofs = Proofs::of(desk, note, checkpoint)?;
        let last = i64::try_from(proofs.size()).unwrap_or(i64::MAX);
        let wanted = wanted.add(audit_events::Column::Seq.lte(last));
        Ok(Self {
            count: events(&wanted).count(desk.database.read()).await?,
            wanted,
            proofs,
        })
    }

    fn scope(&self, desk: &Desk, caller: &Caller, holds: String) -> Scope {
        Scope {
            holds,
            events: self.count,
            of: self.proofs.size(),
            rows: false,
            exported_at: moment_to_the_second(desk.now()),
            exported_by: caller.name.clone(),
            withheld: Vec::new(),
            unbound: Vec::new(),
        }
    }

    /// The next events after `after`.
    async fn batch(&self, desk: &Desk, after: i64) -> Result<Vec<Event>> {
        let rows = events(&self.wanted)
            .filter(audit_events::Column::Seq.gt(after))
            .order_by_asc(audit_events::Column::Seq)
            .limit(u64::try_from(LINES).unwrap_or(u64::MAX))
            .all(desk.database.read())
            .await?;
        Ok(rows.into_iter().map(Event::from).collect())
    }

    /// Lines of events, with the proofs of their places where not every event is there.
    async fn lines(&self, batch: &[Event]) -> Result<Vec<EventLine>> {
        let mut proofs = VecDeque::new();
        if self.count < self.proofs.size() {
            let places: Vec<u64> = batch
                .iter()
                .map(|event| u64::try_from(event.seq - 1).unwrap_or(u64::MAX))
                .collect();
            proofs = self.proofs.places(&places).await?.into();
        }
        batch
            .iter()
            .map(|event| {
                let proof = proofs.pop_front().unwrap_or_default();
                Ok(EventLine {
                    hash: event.hash.clone(),
                    leaf: String::from_utf8(event.leaf()?).map_err(Error::unavailable)?,
                    proof: proof.into_iter().map(trail::Hash::to_base64).collect(),
                })
            })
            .collect()
    }

    fn write(self, desk: &Desk, file_name: String, scope: Scope, beside: Beside) -> Result<Export> {
        let mut writer = Writer::default();
        let begun = writer.begin(self.proofs.checkpoint(), &self.proofs.keys(), &scope);
        let writing = Writing {
            part: self,
            desk: desk.clone(),
            writer,
            at: At::Events { after: 0, nth: 1 },
            rows: beside.rows,
            files: beside.files.into(),
            readable: beside.readable,
        };
        let rest = stream::try_unfold(Some(writing), |writing: Option<Writing>| async move {
            match writing {
                Some(writing) => writing.next().await.map(Some),
                None => Ok(None),
            }
        });
        Ok(Export {
            file_name,
            content_type: "application/x-tar",
            body: stream::iter([Ok(begun)]).chain(rest).boxed(),
        })
    }
}

/// What lies beside the events of a case.
#[derive(Default)]
struct Beside {
    rows: Vec<Row>,
    /// Where the files lie that rows name.
    files: Vec<String>,
    /// The same files by hash.
    held: BTreeSet<String>,
    /// Rows of files that were never handed in, by name.
    withheld: Vec<String>,
    /// Copies for people, with their names.
    readable: VecDeque<(String, Vec<u8>)>,
}

impl Beside {
    /// Every row that the events of a case bind, but for files that were never handed in: these are
    /// their developer's. What came after the checkpoint is of the next one.
    async fn of(desk: &Desk, part: &Part, case: Uuid) -> Result<Self> {
        let mut bound = BTreeMap::new();
        let mut after = 0;
        loop {
            let batch = part.batch(desk, after).await?;
            let Some(last) = batch.last() else { break };
            after = last.seq;
            for event in &batch {
                let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
                let records = record::read(&body).into_iter();
                bound.extend(records.map(|one| (one.record, one.sha256)));
            }
        }
        let database = desk.database.read();
        let files = attachments::Entity::find()
            .filter(attachments::Column::CaseId.eq(case))
            .all(database)
            .await?;
        let handed_in = submission::handed_in(database, case).await?;
        let (files, withheld): (Vec<_>, Vec<_>) = files
            .into_iter()
            .filter(|file| bound.contains_key(&file.record().to_string()))
            .partition(|file| handed_in.contains(&AttachmentId(file.id)));
        let mut rows: Vec<Row> = files.iter().map(row).collect();
        rows.extend(rows_of::<submissions::Entity>(desk, submissions::Column::CaseId, case).await?);
        rows.extend(rows_of::<signatures::Entity>(desk, signatures::Column::CaseId, case).await?);
        rows.extend(rows_of::<grants::Entity>(desk, grants::Column::CaseId, case).await?);
        rows.retain(|row| bound.contains_key(&row.record));
        let mut beside = Self {
            rows,
            withheld: withheld
                .iter()
                .map(|file| file.record().to_string())
                .collect(),
            ..Self::default()
        };
        for file in files {
            match desk
                .storage
                .head(&Path::from(file.storage_key.as_str()))
                .await
            {
                Ok(_) => {
                    beside.files.push(file.storage_key);
                    beside.held.insert(file.sha256);
                }
                // The pack is without it, and whoever verifies it is told that it is missing.
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(Error::unavailable(error)),
            }
        }
        Ok(beside)
    }
}

impl Beside {
    /// The text that was accepted.
    async fn add_agreement(&mut self, desk: &Desk, version: u32) -> Result<()> {
        let number = i32::try_from(version).map_err(|_| Error::NotFound)?;
        let text = agreements::Entity::find_by_id((DLA.to_owned(), number))
            .one(desk.database.read())
            .await?;
        self.rows.extend(text.iter().map(row));
        Ok(())
    }
}

fn row<M: Hashed>(row: &M) -> Row {
    Row {
        record: row.record().to_string(),
        row: columns(row),
    }
}

async fn rows_of<E: EntityTrait>(desk: &Desk, of: E::Column, case: Uuid) -> Result<Vec<Row>>
where
    E::Model: Hashed,
{
    let rows = E::find().filter(of.eq(case)).all(desk.database.read());
    Ok(rows.await?.iter().map(row).collect())
}

enum At {
    Events { after: i64, nth: u64 },
    Rows { nth: u64 },
    Files,
}

/// A bundle on its way out: of events, rows and files a piece is in memory at a time.
struct Writing {
    part: Part,
    desk: Desk,
    writer: Writer,
    at: At,
    rows: Vec<Row>,
    files: VecDeque<String>,
    readable: VecDeque<(String, Vec<u8>)>,
}

impl Writing {
    /// The next piece, and what is left; nothing behind the last.
    async fn next(mut self) -> Result<(Vec<u8>, Option<Self>)> {
        match self.at {
            At::Events { after, nth } => {
                let batch = self.part.batch(&self.desk, after).await?;
                let Some(last) = batch.last().map(|event| event.seq) else {
                    self.at = At::Rows { nth: 1 };
                    return Ok((Vec::new(), Some(self)));
                };
                let lines = self.part.lines(&batch).await?;
                let piece = self.writer.events(nth, &lines)?;
                let nth = nth + 1;
                self.at = At::Events { after: last, nth };
                Ok((piece, Some(self)))
            }
            At::Rows { nth } => {
                let many = self.rows.len().min(LINES);
                let rows: Vec<Row> = self.rows.drain(..many).collect();
                self.at = At::Rows { nth: nth + 1 };
                if rows.is_empty() {
                    self.at = At::Files;
                    return Ok((Vec::new(), Some(self)));
                }
                Ok((self.writer.rows(nth, &rows)?, Some(self)))
            }
            At::Files => {
                let Some(key) = self.files.pop_front() else {
                    if let Some((name, bytes)) = self.readable.pop_front() {
                        return Ok((self.writer.readable(&name, &bytes), Some(self)));
                    }
                    let keys = self.part.proofs.signing()?;
                    let end = self.writer.finish(keys.signers());
                    return Ok((end.map_err(Error::unavailable)?, None));
                };
                let found = self.desk.storage.get(&Path::from(key)).await;
                let bytes = found.map_err(Error::unavailable)?.bytes().await;
                let bytes = bytes.map_err(Error::unavailable)?;
                Ok((self.writer.bytes(&bytes), Some(self)))
            }
        }
    }
}
