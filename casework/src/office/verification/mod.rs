//! Verification: the chain from its first event to its recorded end, every case against its own
//! history, every row that events made against the hashes they carry, and every file against its
//! row. All rows are read in one snapshot, a part at a time; the files after it, so that nothing of
//! the database is held while they are read. What cannot be read is a fault like any other, and the
//! rest is looked at all the same.

mod case_check;
mod desk_check;
mod files;
mod held;
mod images;
mod pages;
mod rows;
mod signers;
mod strangers;

use crate::{
    Result,
    database::Database,
    entities::{agreements, audit_events, audit_heads, holidays, settings},
    log::{Against, Place},
    reference::{Known, calendar, dated},
};
use case_check::{Checked, check};
use desk_check::DeskTold;
use files::{File, is_discarded};
use futures_util::TryStreamExt;
use held::next_cases;
use images::Picture;
use object_store::ObjectStore;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder, QueryTrait, StreamTrait,
};
use std::collections::BTreeSet;
use trail::{Event, Fault, Hash, Head, Walk, Wrong, note::Verifier};
use workflow::Timestamp;

/// So many faults are told one by one; the others are counted.
pub const MOST_TOLD: usize = 1_000;

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
    /// Checkpoints that the events were held against.
    pub checkpoints: usize,
    /// The first fault, if there is one.
    pub fault: Option<Fault>,
    /// How many there are; of the chain the first alone, and every event of it that cannot be read.
    pub faults: u64,
    /// The faults in the order in which they were found, [`MOST_TOLD`] at most.
    pub found: Vec<Fault>,
}

impl Report {
    fn note(&mut self, fault: Fault) {
        self.faults += 1;
        // What no event made has no number; it stands behind everything that has one.
        let order = |fault: &Fault| fault.seq().unwrap_or(i64::MAX);
        let earlier = |before: &Fault| order(&fault) < order(before);
        if self.fault.as_ref().is_none_or(earlier) {
            self.fault = Some(fault.clone());
        }
        if self.found.len() < MOST_TOLD {
            self.found.push(fault);
        }
    }
}

/// Verifies everything. Without a `store` the bytes of files are not looked at.
///
/// # Errors
/// When the database does not answer; whatever was altered or cannot be read is a [`Report`] with a
/// fault.
pub async fn verify(database: &Database, store: Option<&dyn ObjectStore>) -> Result<Report> {
    verify_against(database, store, &[], &[]).await
}

/// As [`verify`], and holds every event against the log as it lies in these places, by whatever of
/// these keys it was signed with; whether the database has the guards of the trail, too.
///
/// # Errors
/// As [`verify`]; when a place does not answer.
pub async fn verify_against(
    database: &Database,
    store: Option<&dyn ObjectStore>,
    places: &[Place],
    keys: &[Verifier],
) -> Result<Report> {
    let mut held = Vec::new();
    for place in places {
        held.push(Against::place(place, keys).await?);
    }
    let (mut report, files, pictures) = rows_of(database, &mut held).await?;
    report.checkpoints = held.iter().map(Against::checkpoints).sum();
    for fault in held.into_iter().flat_map(Against::finish) {
        report.note(fault);
    }
    let Some(store) = store else {
        report.unread = u64::try_from(files.len() + pictures.len()).unwrap_or(u64::MAX);
        return Ok(report);
    };
    for file in files {
        report.files += 1;
        if let Some(fault) = files::check(database, store, &file).await? {
            report.note(fault);
        }
    }
    for picture in pictures {
        report.files += 1;
        if let Some(fault) = images::check(store, &picture).await {
            report.note(fault);
        }
    }
    Ok(report)
}

/// Verifies all rows in one snapshot; answers the files and the images to be read after it.
async fn rows_of(
    database: &Database,
    held: &mut [Against],
) -> Result<(Report, Vec<File>, Vec<Picture>)> {
    let snapshot = database.snapshot().await?;
    let mut told = DeskTold::default();
    let mut report = walk(&snapshot, held, |event| told.listen(event)).await?;
    let pictures = images::pictures(&snapshot, &told).await?;
    let (checked, signers) = desk_check::check(&snapshot, told).await?;
    take(&mut report, checked);
    let reference = Reference::read(&snapshot).await?;
    let mut files = Vec::new();
    let mut after = None;
    loop {
        let ids = next_cases(&snapshot, after).await?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        for case in held::held(&snapshot, ids).await?.into_values() {
            report.cases += 1;
            let mut checked = check(
                &case,
                |at| reference.at(at),
                &reference.agreements,
                &signers,
            )?;
            for file in std::mem::take(&mut checked.files) {
                if !file.may_go || !is_discarded(&snapshot, &file).await? {
                    files.push(file);
                }
            }
            take(&mut report, checked);
        }
    }
    for fault in strangers::find(&snapshot).await? {
        report.note(fault);
    }
    snapshot.commit().await?;
    Ok((report, files, pictures))
}

/// Walks the chain alone: neither cases nor rows are looked at.
///
/// # Errors
/// When the database does not answer; a broken chain is a [`Report`] with a fault.
pub async fn verify_chain(database: &Database) -> Result<Report> {
    let snapshot = database.snapshot().await?;
    walk(&snapshot, &mut [], |_| ()).await
}

/// Walks the chain, and holds each event against the log in some places; hands over every event that can be read, also behind a fault.
async fn walk(
    snapshot: &DatabaseTransaction,
    held: &mut [Against],
    mut each: impl FnMut(&Event),
) -> Result<Report> {
    let mut faults = Vec::new();
    let ends = rows::all(snapshot, audit_heads::Entity::find()).await?;
    let recorded = ends.read.into_iter().next().map(Head::from);
    let lost = !ends.broken.is_empty();
    for broken in ends.broken {
        faults.push(Fault::Unreadable {
            record: broken.key,
            column: broken.column,
        });
    }
    let mut walk = Walk::new(match recorded {
        Some(recorded) => recorded,
        // Behind an end that cannot be read everything may stand.
        None if lost => Head {
            seq: i64::MAX,
            hash: String::new(),
        },
        None => Head::genesis(),
    });
    let query = audit_events::Entity::find().order_by_asc(audit_events::Column::Seq);
    let query = query.build(ConnectionTrait::get_database_backend(snapshot));
    let mut events = snapshot.stream_raw(query).await?;
    while let Some(row) = events.try_next().await? {
        match rows::one::<audit_events::Entity>(&row) {
            Ok(row) => {
                let event = row.into();
                walk.take(&event)?;
                if !held.is_empty() {
                    let leaf = Hash::of_leaf(&event.leaf()?);
                    for one in held.iter_mut() {
                        one.take(event.seq, leaf).await?;
                    }
                }
                each(&event);
            }
            Err(broken) => {
                let fault = unread(broken);
                if walk.is_sound() {
                    walk.fail(fault);
                } else {
                    faults.push(fault);
                }
            }
        }
    }
    let walked = walk.finish();
    let mut report = Report {
        events: walked.events,
        head: walked.head,
        ..Report::default()
    };
    let chain = walked.fault;
    for fault in chain.into_iter().chain(faults) {
        if !(lost && matches!(fault, Fault::Truncated { .. })) {
            report.note(fault);
        }
    }
    Ok(report)
}

/// An event whose row cannot be read.
fn unread(broken: rows::Broken) -> Fault {
    let seq = broken
        .key
        .rsplit('/')
        .next()
        .and_then(|seq| seq.parse().ok());
    match seq {
        Some(seq) => Fault::Record {
            seq,
            record: "its row".to_owned(),
            wrong: Wrong::Column {
                column: broken.column,
            },
        },
        None => Fault::Unreadable {
            record: broken.key,
            column: broken.column,
        },
    }
}

/// Takes over what a check found.
fn take(report: &mut Report, checked: Checked) {
    report.records += checked.records;
    report.unhashed += checked.unhashed;
    for fault in checked.faults {
        report.note(fault);
    }
}

/// The settings, holidays and agreements that cases were worked under.
struct Reference {
    settings: Vec<settings::Model>,
    calendar: workflow::Calendar,
    agreements: BTreeSet<String>,
}

impl Reference {
    /// A row that cannot be read is found among what the desk published.
    async fn read(snapshot: &DatabaseTransaction) -> Result<Self> {
        let texts = rows::all(snapshot, agreements::Entity::find()).await?;
        let by_time = settings::Entity::find().order_by_asc(settings::Column::FromAt);
        let days = rows::all(snapshot, holidays::Entity::find()).await?;
        Ok(Self {
            settings: rows::all(snapshot, by_time).await?.read,
            // What is wrong with them is found as an altered row.
            calendar: calendar(&days.read, &mut Vec::new()),
            agreements: texts
                .read
                .iter()
                .map(|row| trail::sha256(&row.body))
                .collect(),
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
