//! Verification: the chain from its first event to its recorded end, every case against its own
//! history, every row that events made against the hashes they carry, and every file against its
//! row. All of it is read in one snapshot, a part at a time: memory does not grow with the trail.

mod case_check;
mod desk_check;

use crate::{
    Error, Result,
    audit::{by_key, head},
    database::Database,
    entities::{
        agreements, attachments, audit_events, cases, discarded_files, grants, holidays, settings,
        signatures, submissions,
    },
    reference::{Known, calendar, dated},
};
use case_check::{Checked, Held, check};
use desk_check::DeskTold;
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use trail::{Event, Fault, Head, Walk, Wrong};
use uuid::Uuid;
use workflow::Timestamp;

/// Cases looked at together.
const CASES_AT_ONCE: u64 = 100;

/// For so long an instance may go on with settings that another one has changed: it looks for new
/// ones every two seconds.
const SETTINGS_LAG: time::Duration = time::Duration::minutes(5);

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events are sound, up to the first fault of the chain.
    pub events: i64,
    /// The hash of the last of them.
    pub head: String,
    /// Cases compared with what their events give.
    pub cases: u64,
    /// Rows compared with what events say of them …
    pub records: u64,
    /// … of these, rows whose events are from before events carried the hashes of rows: only what
    /// such an event says in words was compared.
    pub unhashed: u64,
    /// Files read and compared; none where no store was given.
    pub files: u64,
    /// Files that were not read, because no store was given.
    pub unread: u64,
    /// The first fault, if there is one.
    pub fault: Option<Fault>,
    /// How many there are; after a fault of the chain nothing else is looked at.
    pub faults: u64,
}

impl Report {
    fn note(&mut self, fault: Fault) {
        self.faults += 1;
        // What no event made has no number; it stands behind everything that has one.
        let order = |fault: &Fault| fault.seq().unwrap_or(i64::MAX);
        let earlier = |before: &Fault| order(&fault) < order(before);
        if self.fault.as_ref().is_none_or(earlier) {
            self.fault = Some(fault);
        }
    }
}

/// Verifies everything. Without a `store` the bytes of files are not looked at.
///
/// # Errors
/// When database or store do not answer; whatever was altered is a [`Report`] with a fault.
pub async fn verify(database: &Database, store: Option<&dyn ObjectStore>) -> Result<Report> {
    let snapshot = database.snapshot().await?;
    let mut told = DeskTold::default();
    let mut report = walk(&snapshot, |event| told.listen(event)).await?;
    if report.fault.is_some() {
        return Ok(report);
    }
    desk_check::check(&snapshot, &told, &mut |checked| take(&mut report, checked)).await?;
    let reference = Reference::read(&snapshot).await?;
    let mut after = None;
    loop {
        let ids = next_cases(&snapshot, after).await?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        for held in held(&snapshot, ids).await?.into_values() {
            report.cases += 1;
            let checked = check(&held, |at| reference.at(at), &reference.agreements)?;
            let files = take(&mut report, checked);
            for (seq, file) in files {
                let id = file.id.to_string();
                let handed_in = held.submissions.iter().any(|one| one.body.contains(&id));
                // Removed from a draft, never handed in, and thrown away by the sweeper.
                if file.removed_at.is_some()
                    && !handed_in
                    && discarded_files::Entity::find_by_id(file.storage_key.as_str())
                        .one(&snapshot)
                        .await?
                        .is_some()
                {
                    continue;
                }
                match store {
                    Some(store) => read(store, seq, &file, &mut report).await?,
                    None => report.unread += 1,
                }
            }
        }
    }
    strangers(&snapshot, &mut report).await?;
    Ok(report)
}

/// Walks the chain alone: neither cases nor rows are looked at.
///
/// # Errors
/// When the database does not answer; a broken chain is a [`Report`] with a fault.
pub async fn verify_chain(database: &Database) -> Result<Report> {
    let snapshot = database.snapshot().await?;
    walk(&snapshot, |_| Ok(())).await
}

async fn walk(
    snapshot: &DatabaseTransaction,
    mut each: impl FnMut(&Event) -> Result<()>,
) -> Result<Report> {
    let recorded = head(snapshot).await?.unwrap_or_else(Head::genesis);
    let mut walk = Walk::new(recorded);
    let mut events = audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .stream(snapshot)
        .await?;
    while let Some(row) = events.try_next().await? {
        let event = row.into();
        if !walk.take(&event)? {
            break;
        }
        each(&event)?;
    }
    let walked = walk.finish();
    Ok(Report {
        events: walked.events,
        head: walked.head,
        faults: u64::from(walked.fault.is_some()),
        fault: walked.fault,
        ..Report::default()
    })
}

/// Takes over what a check found; answers the files to be read.
fn take(report: &mut Report, checked: Checked) -> Vec<(i64, attachments::Model)> {
    report.records += checked.records;
    report.unhashed += checked.unhashed;
    for fault in checked.faults {
        report.note(fault);
    }
    checked.files
}

/// The settings, holidays and agreements that cases were worked under.
struct Reference {
    settings: Vec<settings::Model>,
    calendar: workflow::Calendar,
    agreements: BTreeSet<String>,
}

impl Reference {
    async fn read(snapshot: &DatabaseTransaction) -> Result<Self> {
        let texts: Vec<String> = agreements::Entity::find()
            .select_only()
            .column(agreements::Column::Body)
            .into_tuple()
            .all(snapshot)
            .await?;
        Ok(Self {
            settings: settings::Entity::find()
                .order_by_asc(settings::Column::FromAt)
                .all(snapshot)
                .await?,
            // What is wrong with them is found as an altered row.
            calendar: calendar(
                &holidays::Entity::find().all(snapshot).await?,
                &mut Vec::new(),
            ),
            agreements: texts.iter().map(trail::sha256).collect(),
        })
    }

    /// What held at a moment, and what an instance may still have had in mind then.
    fn at(&self, at: Timestamp) -> Vec<Known> {
        let mut moments = vec![at];
        let changed = self.settings.iter().map(|row| row.from_at);
        let lately = at.plus(-SETTINGS_LAG).micros()..=at.micros();
        moments.extend(
            changed
                .filter(|from| lately.contains(from))
                .map(|from| Timestamp::from_micros(from - 1)),
        );
        let in_force = |at: Timestamp| {
            let rows = self.settings.iter();
            let rows = rows.filter(|row| row.from_at <= at.micros()).cloned();
            Some(Known {
                // A value that cannot be read is found as an altered row of its own.
                settings: dated(rows.collect(), &mut Vec::new()).ok()?,
                calendar: self.calendar.clone(),
                ..Known::default()
            })
        };
        moments.into_iter().filter_map(in_force).collect()
    }
}

/// The next cases that have events, in the order of their ids.
async fn next_cases(snapshot: &DatabaseTransaction, after: Option<Uuid>) -> Result<Vec<Uuid>> {
    use audit_events::Column as C;
    let mut query = audit_events::Entity::find()
        .select_only()
        .column(C::CaseId)
        .distinct()
        .filter(C::CaseId.is_not_null())
        .order_by(C::CaseId, Order::Asc)
        .limit(CASES_AT_ONCE);
    if let Some(after) = after {
        query = query.filter(C::CaseId.gt(after));
    }
    Ok(query.into_tuple().all(snapshot).await?)
}

async fn held(snapshot: &DatabaseTransaction, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, Held>> {
    let ids = BTreeSet::from_iter(ids);
    let mut found: BTreeMap<Uuid, Held> = ids.iter().map(|id| (*id, Held::default())).collect();
    let mut put = |id: Uuid, add: &mut dyn FnMut(&mut Held)| {
        if let Some(held) = found.get_mut(&id) {
            add(held);
        }
    };
    for query in by_key(
        audit_events::Entity::find(),
        audit_events::Column::CaseId,
        &ids,
    ) {
        let query = query
            .order_by_asc(audit_events::Column::CaseId)
            .order_by_asc(audit_events::Column::Seq);
        for row in query.all(snapshot).await? {
            let Some(id) = row.case_id else { continue };
            let mut event = Some(Event::from(row));
            put(id, &mut |held| held.events.extend(event.take()));
        }
    }
    for query in by_key(cases::Entity::find(), cases::Column::Id, &ids) {
        for row in query.all(snapshot).await? {
            let (id, mut row) = (row.id, Some(row));
            put(id, &mut |held| held.row = row.take());
        }
    }
    for query in by_key(
        submissions::Entity::find(),
        submissions::Column::CaseId,
        &ids,
    ) {
        for row in query.all(snapshot).await? {
            let (id, mut row) = (row.case_id, Some(row));
            put(id, &mut |held| held.submissions.extend(row.take()));
        }
    }
    for query in by_key(
        attachments::Entity::find(),
        attachments::Column::CaseId,
        &ids,
    ) {
        for row in query.all(snapshot).await? {
            let (id, mut row) = (row.case_id, Some(row));
            put(id, &mut |held| held.attachments.extend(row.take()));
        }
    }
    for query in by_key(signatures::Entity::find(), signatures::Column::CaseId, &ids) {
        for row in query.all(snapshot).await? {
            let (id, mut row) = (row.case_id, Some(row));
            put(id, &mut |held| held.signatures.extend(row.take()));
        }
    }
    for query in by_key(grants::Entity::find(), grants::Column::CaseId, &ids) {
        for row in query.all(snapshot).await? {
            let (id, mut row) = (row.case_id, Some(row));
            put(id, &mut |held| held.grants.extend(row.take()));
        }
    }
    Ok(found)
}

/// Reads a file, a piece at a time.
async fn read(
    store: &dyn ObjectStore,
    seq: i64,
    file: &attachments::Model,
    report: &mut Report,
) -> Result<()> {
    report.files += 1;
    let mut wrong = |wrong| {
        report.note(Fault::Record {
            seq,
            record: format!("attachment {}", file.id),
            wrong,
        });
    };
    let found = match store.get(&Path::from(file.storage_key.as_str())).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => {
            wrong(Wrong::NoBytes);
            return Ok(());
        }
        Err(error) => return Err(Error::unavailable(error)),
    };
    let mut pieces = found.into_stream();
    let mut hasher = Sha256::new();
    let mut size: u64 = 0;
    while let Some(piece) = pieces.try_next().await.map_err(Error::unavailable)? {
        size += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        hasher.update(&piece);
    }
    if hex::encode(hasher.finalize()) != file.sha256 || i64::try_from(size) != Ok(file.size) {
        wrong(Wrong::Bytes);
    }
    Ok(())
}

/// Rows of cases that no event knows.
async fn strangers(snapshot: &DatabaseTransaction, report: &mut Report) -> Result<()> {
    strangers_in::<cases::Entity>(snapshot, cases::Column::Id, "case", report).await?;
    let column = submissions::Column::CaseId;
    strangers_in::<submissions::Entity>(snapshot, column, "submission", report).await?;
    let column = attachments::Column::CaseId;
    strangers_in::<attachments::Entity>(snapshot, column, "attachment", report).await?;
    let column = signatures::Column::CaseId;
    strangers_in::<signatures::Entity>(snapshot, column, "signature", report).await?;
    let column = grants::Column::CaseId;
    strangers_in::<grants::Entity>(snapshot, column, "grant", report).await
}

async fn strangers_in<E: EntityTrait>(
    snapshot: &impl ConnectionTrait,
    case: E::Column,
    what: &str,
    report: &mut Report,
) -> Result<()> {
    let events = Query::select()
        .expr(Expr::val(1))
        .from(audit_events::Entity)
        .and_where(
            Expr::col((audit_events::Entity, audit_events::Column::CaseId))
                .equals((E::default(), case)),
        )
        .to_owned();
    let ids: Vec<Uuid> = E::find()
        .select_only()
        .column(case)
        .filter(Expr::exists(events).not())
        .limit(1_000)
        .into_tuple()
        .all(snapshot)
        .await?;
    for id in ids {
        report.note(Fault::Forged {
            record: format!("a {what} of case {id}"),
        });
    }
    Ok(())
}
