//! The record of one case as the sections of a report: what was handed in, asked, found, checked,
//! attached, signed and decided.

mod handed_in;
mod review;

use crate::{
    Desk, Result,
    audit::{Names, Reader, body::bodies, body::event_in, body::event_state, sentence},
    cases::sight::{Part, Sight},
    entities::{attachments, audit_events, signatures, submissions},
    queries::{Lives, MOVES, case_page::is_decision, in_stages, trail},
    reference::Known,
    rows,
    signatures::{holds, how},
    store::{Snapshot, Stored},
    words::{count, day, moment, moment_to_the_second},
};
use paper::{Bar, Block, Entry, Said, Section};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::sync::Arc;
use time::Duration;
use workflow::{Case, Event, PersonId, StateKind, Timestamp, state::Seat};

/// The sections of a case's record. Without sight of its inside it has nothing that staff work with.
pub(super) async fn sections(desk: &Desk, stored: &Stored, sight: &Sight) -> Result<Vec<Section>> {
    let record = Record::of(desk, stored).await?;
    let mut sections = vec![
        record.facts(desk.now()),
        record.submission(),
        record.questions(),
    ];
    if sight.has(Part::Inside) {
        sections.push(record.findings());
        sections.push(record.checklists());
    }
    sections.push(record.attachments(sight.has(Part::Draft)));
    sections.push(record.signatures());
    sections.push(record.decision());
    Ok(sections)
}

/// What the sections are made of.
struct Record<'a> {
    stored: &'a Stored,
    known: Arc<Known>,
    /// Oldest first, as everything here.
    revisions: Vec<(submissions::Model, Snapshot)>,
    files: Vec<attachments::Model>,
    signed: Vec<signatures::Model>,
    events: Vec<(audit_events::Model, Value)>,
    lives: Lives,
    names: Names,
}

impl<'a> Record<'a> {
    async fn of(desk: &Desk, stored: &'a Stored) -> Result<Self> {
        let id = stored.row.id;
        let read = desk.database.read();
        let revisions = submissions::Entity::find()
            .filter(submissions::Column::CaseId.eq(id))
            .order_by_asc(submissions::Column::Revision)
            .all(read)
            .await?;
        let revisions = revisions.into_iter().map(|row| {
            let snapshot = rows::json(&row.body, "submissions of case", id, "body")?;
            Ok((row, snapshot))
        });
        let events = audit_events::Entity::find()
            .filter(audit_events::Column::CaseId.eq(id))
            .order_by_asc(audit_events::Column::Seq)
            .all(read)
            .await?;
        let bodies = bodies(desk, &events);
        Ok(Self {
            stored,
            known: desk.reference.known(),
            revisions: revisions.collect::<Result<_>>()?,
            // Those taken away again too.
            files: attachments::Entity::find()
                .filter(attachments::Column::CaseId.eq(id))
                .order_by_asc(attachments::Column::AddedAt)
                .order_by_asc(attachments::Column::Id)
                .all(read)
                .await?,
            signed: signatures::Entity::find()
                .filter(signatures::Column::CaseId.eq(id))
                .order_by_asc(signatures::Column::SignedAt)
                .all(read)
                .await?,
            lives: Lives::read(&events),
            names: trail::names_of(desk, &events, &bodies).await?,
            events: events.into_iter().zip(bodies).collect(),
        })
    }

    const fn case(&self) -> &'a Case {
        &self.stored.case
    }

    /// A person by name: everyone here did something to the case, or was named by who did.
    fn who(&self, person: PersonId) -> String {
        trail::who(&self.names, &person.0.to_string())
    }

    /// `Rosa, 4 Dec 2026, 14:02 UTC`.
    fn by(&self, person: PersonId, at: Timestamp) -> String {
        format!("{}, {}", self.who(person), moment(at))
    }

    /// An event as a sentence with who did it.
    fn sentence(&self, row: &audit_events::Model, body: &Value) -> String {
        let said = sentence(&row.name, body, &self.names, Reader::Staff).unwrap_or_default();
        format!("{} {said}", trail::who(&self.names, &row.actor))
    }

    fn facts(&self, now: Timestamp) -> Section {
        let case = self.case();
        let mut facts = vec![
            fact("Case", case.number.to_string()),
            fact("App", self.stored.app.name.clone()),
            fact("Organisation", self.stored.app.organisation.clone()),
            fact("Asks for", case.level.label()),
            fact("State", case.standing_word()),
            fact("Round", case.round.to_string()),
        ];
        facts.extend(case.clock.started().map(|at| fact("Submitted", day(at))));
        for seat in Seat::ALL {
            let holder = case.seats.get(seat);
            facts.extend(holder.map(|who| fact(seat.label(), self.who(*who))));
        }
        if let Some(grant) = &case.grant {
            let cap = grant.cap.map_or_else(String::new, |cap| {
                format!(", at most {}", count(cap, "authorised user"))
            });
            facts.push(fact("Granted", format!("{}{cap}", day(grant.approved.at))));
        }
        let mut blocks = vec![Block::Facts(facts)];
        let bars = self.stages(now);
        if !bars.is_empty() {
            blocks.push(Block::Heading("Business time in each stage".to_owned()));
            blocks.push(Block::Bars(bars));
        }
        section("Case", blocks)
    }

    /// How long the case was in each stage, every return to it counted in.
    fn stages(&self, now: Timestamp) -> Vec<Bar> {
        let moves = self.events.iter().filter_map(|(row, _)| {
            let moves = MOVES.contains(&row.name.as_str());
            let state = moves.then(|| event_state(&row.body)).flatten()?;
            Some((state, Timestamp::from_micros(row.at)))
        });
        let now = (self.case().state.kind(), now);
        let spent = in_stages(&self.known.calendar, moves.chain([now]));
        let of = |stage: &StateKind| {
            let time = *spent.get(stage)?;
            Some(Bar {
                label: stage.label().to_owned(),
                said: took(time),
                length: u64::try_from(time.whole_minutes()).unwrap_or(0),
            })
        };
        StateKind::ALL.iter().filter_map(of).collect()
    }

    fn signatures(&self) -> Section {
        let entries = self.signed.iter().map(|row| {
            let who = match row.capacity.as_str() {
                "" => row.signer_name.clone(),
                capacity => format!("{}, {capacity}", row.signer_name),
            };
            let at = moment_to_the_second(Timestamp::from_micros(row.signed_at));
            let given = how(row.method.as_ref());
            let holds = if holds(row) {
                "SHA-256 of the signature (checked at this export: it fits document, case, signer, \
                 meaning and time)"
            } else {
                "SHA-256 of the signature (checked at this export: IT DOES NOT FIT what it was given \
                 for)"
            };
            // Name, time and meaning together, with the hashes that bind them (21 CFR 11.50, 11.70).
            entry(
                who,
                vec![
                    Said::Text(format!("{} · {at}, {given}", row.meaning)),
                    hash("SHA-256 of the document signed", &row.document_sha256),
                    hash(holds, &row.payload_sha256),
                ],
            )
        });
        section("Signatures", entries.collect())
    }

    fn decision(&self) -> Section {
        let decided = self.events.iter().filter(|(row, _)| is_decision(&row.name));
        let entries = decided.map(|(row, body)| {
            let event = event_in(&row.name, body);
            let mut lines = vec![Said::Note(moment_to_the_second(Timestamp::from_micros(
                row.at,
            )))];
            let reason = event.as_ref().and_then(Event::reason);
            lines.extend(written(reason.unwrap_or_default()));
            let named = event.as_ref().and_then(Event::signature);
            let signature = self
                .signed
                .iter()
                .find(|row| named.is_some_and(|id| id.0 == row.id));
            lines.extend(signature.map(|row| hash("Signed: SHA-256", &row.payload_sha256)));
            entry(self.sentence(row, body), lines)
        });
        section("Decision", entries.collect())
    }
}

fn section(heading: &str, blocks: Vec<Block>) -> Section {
    Section {
        heading: heading.to_owned(),
        blocks,
    }
}

const fn entry(title: String, lines: Vec<Said>) -> Block {
    Block::Entry(Entry { title, lines })
}

fn fact(name: impl Into<String>, text: impl Into<String>) -> (String, String) {
    (name.into(), text.into())
}

fn hash(of: &str, digits: &str) -> Said {
    Said::Hash(of.to_owned(), digits.to_owned())
}

/// What somebody wrote, if it is anything.
fn written(text: &str) -> Option<Said> {
    (!text.is_empty()).then(|| Said::Text(text.to_owned()))
}

/// Business time in words.
fn took(time: Duration) -> String {
    let (days, hours) = (time.whole_days(), time.whole_hours() % 24);
    match (days, hours) {
        (0, 0) => "less than an hour".to_owned(),
        (0, hours) => format!("{hours} h"),
        (days, 0) => count(days, "business day"),
        (days, hours) => format!("{}, {hours} h", count(days, "business day")),
    }
}
