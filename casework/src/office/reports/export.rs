//! Handing out copies. Each is itself an event of the trail: who took what part of it, when.

use super::{csv, note, record};
use crate::{
    Caller, Desk, Error, Result,
    audit::{self, BUILD, Names, Reader, Subject, body::bodies, sentence},
    cases::sight::{self, Sight},
    commands::subject,
    entities::{audit_events, partner_signatures, signatures},
    log::{Proofs, publish},
    policy::{CaseAct, DeskAct},
    queries::{
        audit::{Subjects, TrailFilter, Wanted, change, events, may, wanted},
        trail,
    },
    store::Stored,
    words::{count, moment, moment_to_the_second},
};
use ::trail::note::Note;
use futures_util::stream::{self, BoxStream, StreamExt};
use paper::{Checkpoint, EventLine, Head, Html, Paper, Report, Writer};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::spawn_blocking;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp};

/// On what a copy is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Pdf(Paper),
}

impl Format {
    const fn word(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Pdf(_) => "PDF",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Pdf(_) => "pdf",
        }
    }
}

/// A copy on its way out.
pub struct Export {
    /// What to call the file.
    pub file_name: String,
    pub content_type: &'static str,
    /// The bytes, in pieces.
    pub body: BoxStream<'static, Result<Vec<u8>>>,
}

/// Rows fetched at a time.
const BATCH: u64 = 1_000;

/// The part of the trail that fits a filter.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::Forbidden`] to those who may not export the trail,
/// [`Error::Input`] when the filter cannot be understood.
pub async fn export_trail(
    desk: &Desk,
    caller: &Caller,
    filter: &TrailFilter,
    format: Format,
) -> Result<Export> {
    may(desk, caller, DeskAct::ExportAudit)?;
    let (wanted, problems) = wanted(desk, caller, filter).await?;
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let part = Part::of(desk, wanted).await?;
    note(
        desk,
        caller,
        Subject::Desk,
        "trail_exported",
        json!({ "format": format.word(), "filter": filter, "events": part.count, "head": part.head.seq }),
    )
    .await?;
    let file_name = format!("audit-trail-{}.{}", desk.now().date(), format.extension());
    let mut report = part.report(desk, caller);
    report.heading = "Audit trail".to_owned();
    report.subtitle = filter.in_words();
    report.scope.clone_from(&report.subtitle);
    report.facts.insert(0, ("Holds", filter.in_words()));
    part.write(desk, file_name, format, report, About::Shown)
        .await
}

/// The whole record of one case.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of the case, [`Error::Forbidden`] to those who may
/// not export it.
pub async fn export_case(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    format: Format,
) -> Result<Export> {
    let database = desk.database.read();
    let (stored, sight) = sight::read(desk, database, caller, number, sight::Part::Outside).await?;
    desk.policy
        .require(&subject(Some(caller), &stored), CaseAct::Export)?;
    let part = Part::of(desk, of_case(&stored)).await?;
    let about = Subject::Case {
        id: stored.case.id.0,
        version: stored.case.version,
    };
    note(
        desk,
        caller,
        about,
        "case_exported",
        json!({ "format": format.word(), "events": part.count, "head": part.head.seq }),
    )
    .await?;
    let report = part.report_of_case(desk, caller, &stored, &sight).await?;
    let file_name = format!("{number}.{}", format.extension());
    part.write(desk, file_name, format, report, About::Known)
        .await
}

/// The record of one case for people, each copy with its name: a PDF, and a page of HTML in a folder
/// beside which `files` lie by their SHA-256. Its events end with those that `proofs` prove.
pub(super) async fn readable(
    desk: &Desk,
    caller: &Caller,
    stored: &Stored,
    sight: &Sight,
    proofs: &Proofs,
    files: BTreeSet<String>,
) -> Result<[(String, Vec<u8>); 2]> {
    let last = i64::try_from(proofs.size()).unwrap_or(i64::MAX);
    let until = audit_events::Column::Seq.lte(last);
    let part = Part::of(desk, of_case(stored).add(until)).await?;
    let mut report = part.report_of_case(desk, caller, stored, sight).await?;
    report.checkpoint = Some(printed(proofs.size(), proofs.checkpoint()));
    let on_paper = report.clone();
    let begin = move || Writer::new(on_paper, Paper::A4);
    let pdf = part.fill(desk, About::Known, begin).await?;
    let pdf = spawn_blocking(move || pdf.finish());
    let begin = move || Html::new(report, files);
    let html = part.fill(desk, About::Known, begin).await?;
    let pdf = pdf.await.map_err(Error::unavailable)?;
    Ok([
        (
            format!("{}.pdf", stored.case.number),
            pdf.map_err(Error::unavailable)?,
        ),
        ("index.html".to_owned(), html.finish().into_bytes()),
    ])
}

fn of_case(stored: &Stored) -> Wanted {
    Condition::all().add(audit_events::Column::CaseId.eq(stored.case.id.0))
}

/// What takes events as they are read.
trait Takes: Send + 'static {
    fn take(&mut self, events: &[EventLine]);
}

impl Takes for Writer {
    fn take(&mut self, events: &[EventLine]) {
        self.events(events);
    }
}

impl Takes for Html {
    fn take(&mut self, events: &[EventLine]) {
        self.events(events);
    }
}

/// Whether each event says what it is about, or the whole report is about one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Shown,
    Known,
}

/// A part of the trail up to where it ended when it was asked for.
struct Part {
    wanted: Wanted,
    head: Head,
    /// How many events are in it …
    count: u64,
    /// … of how many.
    total: u64,
}

impl Part {
    async fn of(desk: &Desk, wanted: Wanted) -> Result<Self> {
        let database = desk.database.read();
        let head = audit::head(database).await?;
        let head = head.map_or_else(Head::default, |end| Head {
            seq: end.seq,
            hash: end.hash,
        });
        let wanted = wanted.add(audit_events::Column::Seq.lte(head.seq));
        let count = events(&wanted).count(database).await?;
        Ok(Self {
            wanted,
            count,
            // The sequence has no gaps.
            total: u64::try_from(head.seq).unwrap_or(0),
            head,
        })
    }

    async fn report_of_case(
        &self,
        desk: &Desk,
        caller: &Caller,
        stored: &Stored,
        sight: &Sight,
    ) -> Result<Report> {
        let number = stored.case.number;
        let mut report = self.report(desk, caller);
        report.heading = format!("Case {number}");
        report.subtitle = format!("{}, {}", stored.app.name, stored.app.organisation);
        report.scope = format!("{number} · {}", stored.app.name);
        let holds = "The whole record of the case".to_owned();
        report.facts.insert(0, ("Holds", holds));
        report.sections = record::sections(desk, stored, sight).await?;
        Ok(report)
    }

    fn report(&self, desk: &Desk, caller: &Caller) -> Report {
        let now = desk.now();
        Report {
            heading: String::new(),
            subtitle: String::new(),
            scope: String::new(),
            facts: vec![
                (
                    "Events",
                    format!("{} of {} in the trail", self.count, self.total),
                ),
                (
                    "Exported",
                    format!("{}, by {}", moment_to_the_second(now), caller.name),
                ),
                (
                    "Policy and build",
                    format!("policy {}, build {BUILD}", desk.policy.version()),
                ),
            ],
            checkpoint: None,
            sections: Vec::new(),
            events: self.count,
            total: self.total,
            head: self.head.clone(),
            exported: format!("Exported {} by {}", moment(now), caller.name),
            exported_at: now.into(),
        }
    }

    async fn write(
        self,
        desk: &Desk,
        file_name: String,
        format: Format,
        mut report: Report,
        about: About,
    ) -> Result<Export> {
        match format {
            Format::Csv => Ok(Export {
                file_name,
                content_type: "text/csv; charset=utf-8",
                body: self.stream(desk.clone(), report.exported_at.into()),
            }),
            Format::Pdf(size) => {
                report.checkpoint = checkpoint(desk).await;
                let begin = move || Writer::new(report, size);
                let writer = self.fill(desk, about, begin).await?;
                let bytes = spawn_blocking(move || writer.finish())
                    .await
                    .map_err(Error::unavailable)?
                    .map_err(Error::unavailable)?;
                Ok(Export {
                    file_name,
                    content_type: "application/pdf",
                    body: stream::iter([Ok(bytes)]).boxed(),
                })
            }
        }
    }

    /// Gives every event to what `begin` makes; it is written while the next ones are read.
    async fn fill<W: Takes>(
        &self,
        desk: &Desk,
        about: About,
        begin: impl FnOnce() -> W + Send + 'static,
    ) -> Result<W> {
        let mut writing = spawn_blocking(begin);
        let mut after = 0;
        loop {
            let batch = self.batch(desk, after).await?;
            let Some(last) = batch.last() else { break };
            after = last.seq;
            let lines = lines(desk, &batch, about).await?;
            let mut writer = writing.await.map_err(Error::unavailable)?;
            writing = spawn_blocking(move || {
                writer.take(&lines);
                writer
            });
        }
        writing.await.map_err(Error::unavailable)
    }

    /// The next rows after `after`, in order.
    async fn batch(&self, desk: &Desk, after: i64) -> Result<Vec<audit_events::Model>> {
        Ok(events(&self.wanted)
            .filter(audit_events::Column::Seq.gt(after))
            .order_by_asc(audit_events::Column::Seq)
            .limit(BATCH)
            .all(desk.database.read())
            .await?)
    }

    /// The CSV, a batch of rows at a time: nothing else of it is ever in memory.
    fn stream(self, desk: Desk, at: Timestamp) -> BoxStream<'static, Result<Vec<u8>>> {
        enum At {
            Head,
            After(i64),
            End,
        }
        stream::try_unfold(
            (self, desk, At::Head),
            move |(part, desk, position)| async move {
                let (piece, next) = match position {
                    At::Head => (csv::head_line()?, At::After(0)),
                    At::After(seq) => {
                        let batch = part.batch(&desk, seq).await?;
                        match batch.last().map(|event| event.seq) {
                            Some(last) => {
                                let bodies = bodies(&desk, &batch);
                                let names = trail::names_of(&desk, &batch, &bodies).await?;
                                let signatures = signatures_of(&desk, &batch).await?;
                                let lines = csv::event_lines(batch, &bodies, &names, &signatures)?;
                                (lines, At::After(last))
                            }
                            None => (
                                csv::chain_head_line(&part.head, at, part.count, part.total)?,
                                At::End,
                            ),
                        }
                    }
                    At::End => return Ok(None),
                };
                Ok(Some((piece, (part, desk, next))))
            },
        )
        .boxed()
    }
}

/// The log as it stands with this copy. None where it cannot be published, or the trail is not what
/// was published: what there is to read can still be copied, and readiness tells of it.
async fn checkpoint(desk: &Desk) -> Option<Checkpoint> {
    let (note, checkpoint) = publish(desk).await.ok()??;
    Some(printed(checkpoint.size, &note))
}

/// A checkpoint over so many events, as people read it.
fn printed(size: u64, note: &Note) -> Checkpoint {
    Checkpoint {
        about: format!(
            "Signed note over the first {} of the trail (C2SP tlog-checkpoint). The program audit-verify, \
             or any program that reads the format, verifies it with the desk's public key.",
            count(size, "event")
        ),
        note: note.to_string(),
    }
}

/// The signatures that events name, of cases and of partnerships.
async fn signatures_of(
    desk: &Desk,
    events: &[audit_events::Model],
) -> Result<BTreeMap<Uuid, csv::Signature>> {
    let ids = audit::signatures_in(events);
    let of_cases = audit::by_key(signatures::Entity::find(), signatures::Column::Id, &ids);
    let of_partners = audit::by_key(
        partner_signatures::Entity::find(),
        partner_signatures::Column::Id,
        &ids,
    );
    let of_cases = of_cases.into_iter().map(Select::into_model);
    let of_partners = of_partners.into_iter().map(Select::into_model);
    let mut found = BTreeMap::new();
    for query in of_cases.chain(of_partners) {
        let rows: Vec<csv::Signature> = query.all(desk.database.read()).await?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// An event as a copy says it; one that cannot be read is named by its number.
pub(super) fn in_words(seq: i64, name: &str, body: &Value, names: &Names) -> String {
    if body.is_null() {
        return format!("Event {seq} cannot be read");
    }
    sentence(name, body, names, Reader::Staff).unwrap_or_default()
}

async fn lines(
    desk: &Desk,
    events: &[audit_events::Model],
    about: About,
) -> Result<Vec<EventLine>> {
    let bodies = bodies(desk, events);
    let names = trail::names_of(desk, events, &bodies).await?;
    let subjects = match about {
        About::Shown => Subjects::of(desk, events).await?,
        About::Known => Subjects::default(),
    };
    Ok(events
        .iter()
        .zip(&bodies)
        .map(|(event, body)| EventLine {
            seq: event.seq,
            at: moment_to_the_second(Timestamp::from_micros(event.at)),
            who: trail::who(&names, &event.actor),
            about: match about {
                About::Shown => subjects.about(event),
                About::Known => String::new(),
            },
            what: in_words(event.seq, &event.name, body, &names),
            change: change(body),
            reason: event.reason.clone(),
            hash: event.hash.clone(),
        })
        .collect())
}
