//! One step: everything that changes the desk begins here and ends here.

use crate::{
    Caller, Desk, Error, QueueCounts, Result, SearchMarks, Taking,
    audit::{self, Entry, Subject},
    policy::Snapshot,
    reference::Known,
};
use sea_orm::DatabaseTransaction;
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use workflow::{Actor, Timestamp};

/// Who takes a step.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Person(&'a Caller),
    /// The desk's own clock, and its command line.
    Clock,
    /// Somebody who is not signed in.
    Nobody,
}

impl By<'_> {
    /// As the trail names them; none for [`By::Nobody`].
    pub const fn actor(self) -> Option<Actor> {
        match self {
            Self::Person(caller) => Some(Actor::Person(caller.person)),
            Self::Clock => Some(Actor::Clock),
            Self::Nobody => None,
        }
    }

    /// The person, if it is one.
    pub const fn caller(&self) -> Option<&Caller> {
        match self {
            Self::Person(caller) => Some(caller),
            Self::Clock | Self::Nobody => None,
        }
    }
}

/// A step in progress: one transaction, one moment, one state of policy and reference data. What
/// it writes, its events and its letters become real together in [`Step::commit`], or not at all:
/// a step that is dropped has not happened.
pub struct Step<'a> {
    pub desk: &'a Desk,
    pub by: By<'a>,
    pub now: Timestamp,
    pub known: Arc<Known>,
    transaction: DatabaseTransaction,
    /// What is asked in this step, and recorded with it.
    pub policy: Snapshot,
    entries: Vec<Entry>,
    /// What the queue counts, as far as the step changes it.
    pub(crate) counts: QueueCounts,
    /// What search finds by other words after the step.
    pub(crate) search: SearchMarks,
    letters: AtomicBool,
    publishes: bool,
    /// Taken though the desk is sealed.
    enters: bool,
}

impl<'a> Step<'a> {
    /// Begins a step now. Where the desk carries out a form, its key is claimed first, and where it
    /// carries out a bulk run, the case of the run.
    ///
    /// # Errors
    /// [`crate::Error::Before`] and [`crate::Error::SentOtherwise`], see [`crate::Sending`]; when the
    /// database does not answer in time.
    pub async fn begin(desk: &'a Desk, by: By<'a>) -> Result<Self> {
        desk.writes()?;
        Self::open(desk, by).await
    }

    /// Begins a step of somebody who signs in. It is taken though the desk is sealed, for else nobody
    /// could read; what happened then stands in the server's log in place of the trail.
    ///
    /// # Errors
    /// As [`Step::begin`].
    pub(crate) async fn entering(desk: &'a Desk) -> Result<Self> {
        let step = Self::open(desk, By::Nobody).await?;
        Ok(Self {
            enters: true,
            ..step
        })
    }

    async fn open(desk: &'a Desk, by: By<'a>) -> Result<Self> {
        // In this order: whoever waited for the database judges by what holds after the wait.
        let transaction = desk.database.begin().await?;
        if let Some(sending) = desk.sending() {
            sending.claim(&transaction, by.caller(), desk.now()).await?;
        }
        if let Taking::OfRun(case) = desk.takes() {
            case.claim(&transaction).await?;
        }
        Ok(Self {
            desk,
            by,
            now: desk.now(),
            known: desk.reference.known(),
            transaction,
            policy: desk.policy.snapshot(),
            entries: Vec::new(),
            counts: QueueCounts::default(),
            search: SearchMarks::default(),
            letters: AtomicBool::new(false),
            publishes: false,
            enters: false,
        })
    }

    /// Where the step reads and writes.
    pub const fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Notes an event of whoever takes the step; it is written when the step is committed.
    pub fn append(&mut self, subject: Subject, name: &'static str, body: Value, reason: String) {
        self.append_entry(Entry {
            actor: self.by.actor(),
            subject,
            name,
            body,
            reason,
        });
    }

    /// Notes an event with its own actor: of the clock for somebody, of a person who is not signed
    /// in yet.
    pub fn append_entry(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Says that the step has put letters into the outbox.
    pub(crate) fn has_letters(&self) {
        self.letters.store(true, Ordering::Relaxed);
    }

    /// Says that the step changes reference data, settings or policy, which this instance then
    /// reads again.
    pub const fn publishes(&mut self) {
        self.publishes = true;
    }

    /// Ends the step: its events are chained to the trail, everything is committed, and only then
    /// does what follows from it begin. Each step commits once, and nothing is written after that.
    ///
    /// # Errors
    /// When the database does not answer; then nothing of the step has happened. [`Error::Preview`]
    /// where it was only tried, and could have been taken.
    pub async fn commit(mut self) -> Result<()> {
        if self.desk.takes() == Taking::Tried {
            return Err(Error::Preview);
        }
        // While it was taken something may have been found.
        if self.desk.seal.is_set() {
            if !self.enters {
                return Err(Error::Sealed);
            }
            for entry in self.entries.drain(..) {
                let Entry { name, subject, .. } = entry;
                tracing::warn!(name, ?subject, "not in the trail, which is sealed");
            }
        }
        // Before the end of the trail, where steps wait for each other.
        let is_searched = !self.search.is_empty();
        self.search.write(&self.transaction, self.now).await?;
        let is_told = !self.entries.is_empty();
        if is_told {
            audit::append(
                &self.transaction,
                self.now,
                self.policy.version(),
                self.entries,
            )
            .await?;
        }
        self.counts.write(&self.transaction).await?;
        self.transaction.commit().await?;
        if let Some(sending) = self.desk.sending() {
            sending.is_spent();
        }
        // The one place after a commit. What is told here is looked up in the database by those
        // who are told; a process that dies before this line loses nothing.
        if self.letters.load(Ordering::Relaxed) {
            self.desk.mail.notify_one();
        }
        if is_searched {
            self.desk.search.notify_one();
        }
        if is_told {
            self.desk.live.tell();
        }
        if self.publishes
            && let Err(error) = self.desk.refresh().await
        {
            // It is done; this instance takes it over with the others.
            tracing::warn!(%error, "what was published is taken over later");
        }
        Ok(())
    }
}
