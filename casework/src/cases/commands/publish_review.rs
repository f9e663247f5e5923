//! Publish review: what a reviewer has gathered becomes one step, in one transaction, with the letters
//! of one step. The rehearsal is that step, taken back; what it showed goes with the publication,
//! which is refused where anything would be different.

use super::{
    Done, Envelope, Work, Written, conflict,
    gather::{action, begin},
    permitted, write,
};
use crate::{
    Caller, Desk, Error, Result,
    cases::pending::{self, Entry, Review, Says},
    context,
    digest::sha256,
    entities::outbox,
    input::input,
    queries::trail,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;
use workflow::{
    Action, ActionKind, CaseNumber, Event, PersonId, Recorded, Refusal, Seen, Timestamp, available,
    clock::Spent,
    decide, seen_is_present,
    state::{Side, StateKind},
};

input! {
    /// What the rehearsal showed.
    pub struct PublishReviewInput for "publish_review" OnCase {
        hidden shown: String;
    }
}

/// What would come of publishing a review now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// In the order in which they were gathered.
    pub entries: Vec<Rehearsed>,
    pub letters: Vec<RehearsedLetter>,
    /// Where the case stands, and where it would stand.
    pub before: StateKind,
    pub after: StateKind,
    /// Whose clock would run; none where nobody's does.
    pub running: Option<Side>,
    pub spent: Spent,
    /// When whoever's turn it is would have to have acted.
    pub due: Option<Timestamp>,
    /// All of it but the clocks, which go on: the publication is refused where it would be another.
    pub shown: String,
}

impl Rehearsal {
    /// What can be published now.
    pub fn possible(&self) -> impl Iterator<Item = &Entry> {
        let possible = self.entries.iter().filter(|one| one.obstacle.is_none());
        possible.map(|one| &one.entry)
    }
}

/// An entry, and what is in its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rehearsed {
    pub entry: Entry,
    pub obstacle: Option<String>,
}

/// A letter as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RehearsedLetter {
    pub kind: String,
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The step up to its end.
struct Played<'a> {
    work: Work<'a>,
    review: Review,
    rehearsal: Rehearsal,
    written: Option<Written>,
}

/// What would come of publishing the caller's review of a case; none where there is none.
///
/// # Errors
/// [`Error::NotFound`] to those who do not see the inside of the case.
pub async fn rehearse_review(
    desk: &Desk,
    caller: &Caller,
    case: CaseNumber,
) -> Result<Option<Rehearsal>> {
    let envelope = Envelope { case, seen: None };
    let played = play(desk, caller, &envelope).await?;
    // Dropped, the step has not happened.
    Ok(played.map(|played| played.rehearsal))
}

/// Publishes what can be published of the caller's review; the rest stays in it.
///
/// # Errors
/// [`Error::Conflict`] where the case has changed since the rehearsal; [`Error::Input`] where the
/// review, or what would come of it, has.
pub async fn publish_review(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    input: &PublishReviewInput,
) -> Result<Done> {
    match publish(desk, caller, envelope, input).await {
        Err(Error::Before) => Ok(Done::Before),
        Err(Error::Conflict { .. }) => {
            let changes = trail::since(desk, Some(caller), envelope.case, envelope.seen).await?;
            Err(Error::Conflict { changes })
        }
        outcome => outcome,
    }
}

async fn publish(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    input: &PublishReviewInput,
) -> Result<Done> {
    let action = ActionKind::RequestClarification;
    let seen = envelope.seen.ok_or(Refusal::NotSeen { action })?;
    let Some(played) = play(desk, caller, envelope).await? else {
        return Err(Error::NotFound);
    };
    let Played {
        work,
        mut review,
        rehearsal,
        written,
    } = played;
    if rehearsal.shown != input.shown {
        return Err(match seen.version != work.case().version {
            true => conflict(),
            false => Error::field(
                "shown",
                "Your review: it is not as it was rehearsed any more; look at it again.",
            ),
        });
    }
    let Some(written) = written else {
        return Err(Error::field(
            "shown",
            "Your review: nothing of it can be published now.",
        ));
    };
    let stays: BTreeSet<Uuid> = rehearsal
        .entries
        .iter()
        .filter(|one| one.obstacle.is_some())
        .map(|one| one.entry.id)
        .collect();
    review.entries.retain(|entry| stays.contains(&entry.id));
    if review.entries.is_empty() {
        pending::forget(work.transaction(), review.case, review.person).await?;
    } else {
        pending::keep(work.transaction(), &review).await?;
    }
    work.step.commit().await?;
    let events = written.recorded.into_iter();
    Ok(Done::Now(events.map(|one| one.event).collect()))
}

async fn play<'a>(
    desk: &'a Desk,
    caller: &'a Caller,
    envelope: &Envelope,
) -> Result<Option<Played<'a>>> {
    let mut work = begin(desk, caller, envelope).await?;
    let found = pending::find(work.transaction(), work.case().id.0, caller.person).await?;
    let Some(review) = found else {
        return Ok(None);
    };
    let before = work.case().clone();
    let (entries, events) = decided(&mut work, &review, envelope.seen).await?;
    work.stored.case = before.clone();
    let written = match events.is_empty() {
        true => None,
        false => {
            let sitting = sitting(&work, &review, &entries);
            Some(write(&mut work, events, Some(&sitting)).await?)
        }
    };
    let letters = match &written {
        Some(written) => letters(&work, &written.letters).await?,
        None => Vec::new(),
    };
    let case = written.as_ref().map_or(&before, |written| &written.case);
    let row = written.as_ref().map_or(&work.stored.row, |one| &one.row);
    let due = row.due_at.map(Timestamp::from_micros);
    let shown = json!({ "entries": entries, "letters": letters, "state": case.state, "due": due });
    let rehearsal = Rehearsal {
        before: before.state.kind(),
        after: case.state.kind(),
        running: case.clock.running().map(|(side, _)| side),
        spent: case.clock.spent(work.now, &work.known.calendar),
        due,
        shown: sha256(shown.to_string().as_bytes()),
        entries,
        letters,
    };
    Ok(Some(Played {
        work,
        review,
        rehearsal,
        written,
    }))
}

/// What binds the events of one publication together, and whose words are in it besides those of who
/// publishes it.
fn sitting(work: &Work<'_>, review: &Review, entries: &[Rehearsed]) -> Value {
    let published = entries.iter().filter(|one| one.obstacle.is_none());
    let authors: BTreeSet<PersonId> = published
        .map(|one| one.entry.by)
        .filter(|by| *by != review.person)
        .collect();
    let id = Uuid::now_v7();
    match authors.is_empty() {
        true => json!({ "id": id, "at": work.now }),
        false => json!({ "id": id, "at": work.now, "words_of": authors }),
    }
}

/// What is decided on each entry, one after the other, each on the case as those before have left it;
/// the questions are asked together. Leaves the case of `work` as it is after all of them.
async fn decided(
    work: &mut Work<'_>,
    review: &Review,
    seen: Option<Seen>,
) -> Result<(Vec<Rehearsed>, Vec<Event>)> {
    let known = Arc::clone(&work.known);
    let context = context(&known, work.now, work.actor());
    let present = work.case().version;
    let mut ordered: Vec<&Entry> = review.entries.iter().collect();
    ordered.sort_by_key(|entry| entry.says.order());
    let mut obstacles = Vec::new();
    let mut events = Vec::new();
    let mut asked = Vec::new();
    let mut latest: Option<Timestamp> = None;
    for entry in ordered {
        match alone(work, entry, &context).await {
            Ok((Action::RequestClarification { questions, due }, _)) => {
                asked.extend(questions);
                latest = latest.max(Some(due));
            }
            Ok((_, followed)) => {
                apply(work, &followed);
                events.extend(followed);
            }
            Err(error) => obstacles.push((entry.id, obstacle(entry, error)?)),
        }
    }
    if let Some(due) = latest {
        let version = Seen {
            version: present,
            trail: None,
        };
        // It judges the case as a whole; a rehearsal sees it as it is.
        let kind = ActionKind::RequestClarification;
        match seen_is_present(kind, seen.or(Some(version)), version) {
            Err(Refusal::TrailChanged) => return Err(conflict()),
            other => other?,
        }
        let questions = asked;
        let action = Action::RequestClarification { questions, due };
        let followed = decide(work.case(), &context, action)?;
        apply(work, &followed);
        events.extend(followed);
    }
    let entries = review.entries.iter().map(|entry| Rehearsed {
        entry: entry.clone(),
        obstacle: obstacles
            .iter()
            .find(|(id, _)| *id == entry.id)
            .map(|(_, obstacle)| obstacle.clone()),
    });
    Ok((entries.collect(), events))
}

/// What follows from one entry.
async fn alone(
    work: &Work<'_>,
    entry: &Entry,
    context: &workflow::Context<'_>,
) -> Result<(Action, Vec<Event>)> {
    let (kind, person) = (entry.says.step(), work.person()?);
    permitted(
        work.transaction(),
        &work.policy,
        Some(person),
        &work.stored,
        kind,
    )
    .await?;
    available(work.case(), context, kind)?;
    let action = action(work, entry).await?;
    let events = decide(work.case(), context, action.clone())?;
    Ok((action, events))
}

fn apply(work: &mut Work<'_>, events: &[Event]) {
    let (at, by) = (work.now, work.actor());
    for event in events {
        let event = event.clone();
        work.stored.case.apply(&Recorded { at, by, event });
    }
}

/// Why an entry cannot be published, in words.
///
/// # Errors
/// What is wrong with the desk and not with the entry.
fn obstacle(entry: &Entry, error: Error) -> Result<String> {
    Ok(match (error, &entry.says) {
        (Error::Refused(Refusal::TrailChanged), Says::Verdict { .. }) => {
            "The submission has changed since this verdict: look at the item again, and give it anew."
                .to_owned()
        }
        (Error::Refused(refusal), _) => refusal.to_string(),
        (Error::Forbidden { reason, .. }, _) => reason,
        (Error::Input { problems }, _) => {
            let texts: Vec<String> = problems.into_iter().map(|one| one.text).collect();
            texts.join(" ")
        }
        (other, _) => return Err(other),
    })
}

/// The letters with these ids, as they lie in the outbox.
async fn letters(work: &Work<'_>, ids: &[Uuid]) -> Result<Vec<RehearsedLetter>> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(outbox::Column::Kind)
        .order_by_asc(outbox::Column::ToAddress)
        .all(work.transaction())
        .await?;
    let letters = rows.into_iter().map(|row| RehearsedLetter {
        kind: row.kind,
        to_name: row.to_name,
        to_address: row.to_address,
        subject: row.subject,
        text: row.text,
        html: row.html,
    });
    Ok(letters.collect())
}
