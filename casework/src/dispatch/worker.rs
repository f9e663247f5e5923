//! The worker that sends what lies in the outbox.
//!
//! A letter is leased before it is sent, so that several instances never send the same one at the
//! same time; the lease is kept alive while it is being sent, and whoever has lost it hands nothing
//! over. Right before the message is handed over that is written down: if no answer comes, or the
//! worker dies, the letter may have been taken in. Then it is sent once more, under the same
//! Message-ID, and after that with pauses of hours, which no client of SMTP can spare itself.

use super::{
    applies::{self, Fault},
    digest, dropped,
};
use crate::{
    Desk, Part, Result, audit,
    entities::{captured_mails, outbox as rows},
    post::{
        Failure, LetterKind, Sent, Transport, held, opened,
        outbox::{self, HandedOver, Leased, Outcome, Taken},
    },
    words::count,
};
use futures_util::{
    FutureExt, StreamExt,
    future::{Either, join_all, select},
    stream::FuturesUnordered,
};
use rand::RngExt;
use sea_orm::{DbErr, EntityTrait, Set, sea_query::OnConflict};
use std::{
    any::Any, future::ready, panic::AssertUnwindSafe, pin::pin, sync::atomic::Ordering,
    time::Duration,
};
use tokio::time::MissedTickBehavior;
use workflow::Timestamp;

/// How patient the worker is.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often it looks without being told to: letters of other instances, and those to be tried
    /// again.
    pub poll: Duration,
    /// Before the second attempt where the server could not be reached; doubled for each one after
    /// it …
    pub first_retry: Duration,
    /// … up to this. Short enough that everything is out five minutes after a server has come back.
    pub longest_retry: Duration,
    /// The same for a letter that the server has refused for now: it, not we, knows when.
    pub first_refused: Duration,
    pub longest_refused: Duration,
    /// After the message was handed over without an answer, for the first time, the second, …;
    /// after the last the letter is given up.
    pub unanswered: [Duration; 4],
    /// How long a letter is tried before it is given up.
    pub give_up_after: Duration,
    /// How long a lease holds that nobody keeps alive, besides the time for handing over.
    pub lease: Duration,
    /// How many letters are sent at once.
    pub together: usize,
}

impl Default for Pace {
    fn default() -> Self {
        const HOUR: u64 = 3_600;
        Self {
            poll: Duration::from_secs(5),
            first_retry: Duration::from_secs(15),
            longest_retry: Duration::from_secs(240),
            first_refused: Duration::from_secs(60),
            longest_refused: Duration::from_secs(HOUR),
            unanswered: [
                Duration::from_secs(240),
                Duration::from_secs(HOUR),
                Duration::from_secs(4 * HOUR),
                Duration::from_secs(16 * HOUR),
            ],
            give_up_after: Duration::from_secs(48 * HOUR),
            lease: Duration::from_secs(120),
            together: 8,
        }
    }
}

/// See the module.
pub struct Worker {
    desk: Desk,
    transport: Transport,
    pace: Pace,
}

impl Worker {
    /// A worker for this desk.
    pub const fn new(desk: Desk, transport: Transport, pace: Pace) -> Self {
        Self {
            desk,
            transport,
            pace,
        }
    }

    /// Sends until `stop`; what is being sent then is still finished. A letter that takes long does
    /// not keep the others.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut sending = FuturesUnordered::new();
        let mut meeting = pin!(self.transport.meet().fuse());
        let mut met = false;
        let (mut look, mut more) = (true, false);
        // However often there is something to send, nobody's digest falls due more often than that.
        let mut digests = tokio::time::interval(self.pace.poll);
        digests.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // Registered before the look, so that a letter posted during it is not slept over.
            let told = self.desk.mail.notified();
            if look {
                let free = self.pace.together.saturating_sub(sending.len());
                let are_due = digests.tick().now_or_never().is_some();
                let mut leasing = pin!(async {
                    if are_due {
                        self.make_digests().await;
                    }
                    self.lease(free).await
                });
                // What is being sent goes on meanwhile: on SQLite it may hold what the lease waits
                // for.
                let leased = loop {
                    tokio::select! {
                        leased = &mut leasing => break leased,
                        Some(()) = sending.next(), if !sending.is_empty() => {}
                    }
                };
                let taken = match leased {
                    Ok(taken) => taken,
                    Err(error) => {
                        tracing::warn!(%error, "the outbox cannot be read");
                        Vec::new()
                    }
                };
                // As many as there was room for: others may wait.
                more = taken.len() == free;
                sending.extend(taken.into_iter().map(|taken| self.one(taken)));
            }
            look = tokio::select! {
                biased;
                () = &mut stop => break,
                () = &mut meeting, if !met => {
                    met = true;
                    self.learn();
                    false
                }
                Some(()) = sending.next(), if !sending.is_empty() => more,
                // All of them were sent while it was looked.
                () = ready(()), if more && sending.is_empty() => true,
                () = told => true,
                () = tokio::time::sleep(self.pace.poll) => true,
            };
        }
        while sending.next().await.is_some() {}
    }

    /// Leases what is due, sends it and writes down what came of it; answers how many letters were
    /// taken up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn round(&self) -> Result<usize> {
        self.make_digests().await;
        let letters = self.lease(self.pace.together).await?;
        let taken = letters.len();
        join_all(letters.into_iter().map(|taken| self.one(taken))).await;
        Ok(taken)
    }

    async fn make_digests(&self) {
        if let Err(error) = digest::make_due(&self.desk).await {
            tracing::warn!(%error, "it could not be seen whose digest is due");
        }
    }

    /// Leases what can be sent.
    async fn lease(&self, most: usize) -> Result<Vec<Taken>> {
        if most == 0 {
            return Ok(Vec::new());
        }
        let now = self.desk.now();
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        outbox::lease(&self.desk.database, now, later(now, self.pace.lease), most).await
    }

    /// Tells the desk what the mail server was found to take.
    fn learn(&self) {
        self.desk
            .mail_takes_utf8
            .store(self.transport.takes_utf8(), Ordering::Relaxed);
    }

    /// Sends one letter, whatever happens on the way: what panics gives up that letter alone.
    async fn one(&self, (leased, letter): Taken) {
        let sent = AssertUnwindSafe(self.attempt(&leased, letter));
        let sent = sent.catch_unwind().await;
        let outcome = match sent {
            Ok(outcome) => outcome,
            Err(panic) => {
                let error = format!("The letter could not be made: {}", words_of(&*panic));
                self.give_up_broken(&leased, error).await
            }
        };
        if let Err(error) = outcome {
            tracing::warn!(letter = %leased.id, %error, "mail: what came of it could not be written down");
        }
    }

    async fn attempt(
        &self,
        leased: &Leased,
        letter: std::result::Result<rows::Model, DbErr>,
    ) -> Result<()> {
        let row = match letter {
            Ok(row) => row,
            Err(error) => {
                let error = format!("The letter cannot be read: {error}");
                return self.give_up_broken(leased, error).await;
            }
        };
        let Some(kind) = LetterKind::from_word(&row.kind) else {
            // Perhaps a newer version of the desk wrote it, and sends it.
            let error = "this version of the desk does not know its kind".to_owned();
            return self.put_off(leased, &row, None, error).await;
        };
        match applies::fault(&self.desk, self.desk.database.read(), &row, kind).await {
            Ok(None) => {}
            Ok(Some(Fault::Gone(why))) => return self.drop_letter(leased, &row, kind, why).await,
            Ok(Some(Fault::Held { until })) => {
                tracing::info!(letter = %row.id, "mail: held");
                return held::hold(&self.desk, leased, &row, kind, until).await;
            }
            Err(error) => {
                let error = format!("whether it still applies cannot be told: {error}");
                return self.put_off(leased, &row, Some(kind), error).await;
            }
        }
        let times = usize::try_from(row.handed_over).unwrap_or(0);
        if times > self.pace.unanswered.len() {
            let error = "the worker ended before the mail server's answer".to_owned();
            return self.unanswered(leased, &row, kind, times, error).await;
        }
        let Some(row) = opened(&self.desk, row) else {
            let error = "the letter was sealed under another secret of the desk".to_owned();
            return self
                .settle(leased, Some(kind), Outcome::Dead { error })
                .await;
        };
        self.send(leased, &row, kind).await
    }

    async fn send(&self, leased: &Leased, row: &rows::Model, kind: LetterKind) -> Result<()> {
        let sending = pin!(self.transport.send(row, self.fence(leased, row)));
        let keeping = pin!(self.keep_alive(leased));
        let sent = match select(sending, keeping).await {
            Either::Left((sent, _)) => sent,
            Either::Right(((), _)) => Err(Failure::Lost),
        };
        self.learn();
        match sent {
            Ok(Sent::Captured(raw)) => self.capture(leased, row, kind, raw).await,
            Ok(Sent::BySmtp) => self.settle(leased, Some(kind), Outcome::Sent).await,
            Err(failure) => self.failed(leased, row, kind, failure).await,
        }
    }

    async fn failed(
        &self,
        leased: &Leased,
        row: &rows::Model,
        kind: LetterKind,
        failure: Failure,
    ) -> Result<()> {
        let pace = &self.pace;
        let (first, longest, error) = match failure {
            Failure::Lost => {
                tracing::warn!(letter = %row.id, "mail: the lease was lost; not handed over");
                return Ok(());
            }
            Failure::Never(error) => {
                tracing::warn!(letter = %row.id, error, "mail: given up");
                return self
                    .settle(leased, Some(kind), Outcome::Dead { error })
                    .await;
            }
            Failure::Unanswered(error) => {
                let times = usize::try_from(row.handed_over).unwrap_or(0) + 1;
                return self.unanswered(leased, row, kind, times, error).await;
            }
            Failure::Unreachable(error) => (pace.first_retry, pace.longest_retry, error),
            Failure::Slow => (
                pace.first_retry,
                pace.longest_retry,
                "the mail server did not answer in time".to_owned(),
            ),
            Failure::Later(error) => (pace.first_refused, pace.longest_refused, error),
        };
        let wait = growing(first, longest, row.attempts);
        let handed_over = HandedOver::No {
            before: row.handed_over,
        };
        self.later(leased, row, Some(kind), wait, error, handed_over)
            .await
    }

    /// The message was handed over `times` times without an answer.
    async fn unanswered(
        &self,
        leased: &Leased,
        row: &rows::Model,
        kind: LetterKind,
        times: usize,
        error: String,
    ) -> Result<()> {
        match self.pace.unanswered.get(times.saturating_sub(1)) {
            Some(wait) => {
                let wait = jittered(*wait);
                self.later(leased, row, Some(kind), wait, error, HandedOver::Perhaps)
                    .await
            }
            None => {
                let error = format!(
                    "{error}; handed over {}, so copies may have arrived",
                    count(times, "time")
                );
                self.settle(leased, Some(kind), Outcome::Dead { error })
                    .await
            }
        }
    }

    /// To be looked at again in a while, for a reason that has nothing to do with the mail server.
    async fn put_off(
        &self,
        leased: &Leased,
        row: &rows::Model,
        kind: Option<LetterKind>,
        error: String,
    ) -> Result<()> {
        let wait = growing(
            self.pace.first_refused,
            self.pace.longest_refused,
            row.attempts,
        );
        let handed_over = HandedOver::No {
            before: row.handed_over,
        };
        self.later(leased, row, kind, wait, error, handed_over)
            .await
    }

    async fn later(
        &self,
        leased: &Leased,
        row: &rows::Model,
        kind: Option<LetterKind>,
        wait: Duration,
        error: String,
        handed_over: HandedOver,
    ) -> Result<()> {
        let now = self.desk.now();
        let since = Timestamp::from_micros(row.tried_since_at.unwrap_or(row.created_at));
        let outcome = if now >= later(since, self.pace.give_up_after) {
            tracing::warn!(letter = %row.id, error, "mail: given up");
            Outcome::Dead { error }
        } else {
            tracing::info!(letter = %row.id, error, "mail: to be tried again");
            Outcome::Later {
                at: later(now, wait),
                error,
                handed_over,
            }
        };
        self.settle(leased, kind, outcome).await
    }

    /// Written down right before the message is handed over; no, where the lease is lost or that
    /// cannot be written.
    async fn fence(&self, leased: &Leased, row: &rows::Model) -> bool {
        let now = self.desk.now();
        let until = later(now, self.transport.handing_over() + self.pace.lease);
        // Should this worker die over it: once more as soon as the lease has run out, after that
        // with the pause of an answer that did not come.
        let before = usize::try_from(row.handed_over).unwrap_or(0);
        let wait = match before {
            0 => Duration::ZERO,
            before => self
                .pace
                .unanswered
                .get(before)
                .copied()
                .unwrap_or_default(),
        };
        let again = later(now, wait);
        match outbox::hand_over(self.desk.database.write(), leased, until, again).await {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(letter = %leased.id, %error, "mail: not handed over");
                false
            }
        }
    }

    /// Keeps the lease alive; ends when it is lost.
    async fn keep_alive(&self, leased: &Leased) {
        loop {
            tokio::time::sleep(self.pace.lease / 3).await;
            let until = later(self.desk.now(), self.pace.lease);
            match outbox::renew(self.desk.database.write(), leased, until).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(letter = %leased.id, %error, "mail: lease"),
            }
        }
    }

    async fn settle(
        &self,
        leased: &Leased,
        kind: Option<LetterKind>,
        outcome: Outcome,
    ) -> Result<()> {
        let now = self.desk.now();
        outbox::settle(self.desk.database.write(), leased, kind, now, outcome).await?;
        Ok(())
    }

    /// A letter that is itself the trouble: given up, and told to whoever watches the desk.
    async fn give_up_broken(&self, leased: &Leased, error: String) -> Result<()> {
        let what = format!("letter {}", leased.id);
        let text = "given up because of what lies in the outbox; the cause is on the page Mail";
        let now = self.desk.now();
        self.desk.conditions.set(Part::Mail, &what, text, now);
        self.settle(leased, None, Outcome::Dead { error }).await
    }

    /// Drops a letter that no longer applies, and says so in the trail.
    async fn drop_letter(
        &self,
        leased: &Leased,
        row: &rows::Model,
        kind: LetterKind,
        why: &'static str,
    ) -> Result<()> {
        self.desk.writes()?;
        let now = self.desk.now();
        let transaction = self.desk.database.begin().await?;
        let outcome = Outcome::Dropped { why };
        if !outbox::settle(&transaction, leased, Some(kind), now, outcome).await? {
            return Ok(());
        }
        let entry = dropped(row, why);
        audit::append(&transaction, now, self.desk.policy.version(), vec![entry]).await?;
        transaction.commit().await?;
        tracing::info!(letter = %row.id, why, "mail: dropped");
        Ok(())
    }

    /// Keeps the mail and notes that it was sent, both or neither.
    async fn capture(
        &self,
        leased: &Leased,
        row: &rows::Model,
        kind: LetterKind,
        raw: String,
    ) -> Result<()> {
        let now = self.desk.now();
        let transaction = self.desk.database.begin().await?;
        captured_mails::Entity::insert(captured_mails::ActiveModel {
            id: Set(row.id),
            message_id: Set(row.message_id.clone()),
            to_address: Set(row.to_address.clone()),
            subject: Set(row.subject.clone()),
            raw: Set(raw),
            received_at: Set(now.micros()),
        })
        .on_conflict(
            OnConflict::column(captured_mails::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&transaction)
        .await?;
        outbox::settle(&transaction, leased, Some(kind), now, Outcome::Sent).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// How long to wait after `before` failed attempts and one more: doubling.
fn growing(first: Duration, longest: Duration, before: i32) -> Duration {
    let doublings = u32::try_from(before).unwrap_or(0).min(20);
    jittered(
        first
            .saturating_mul(2u32.saturating_pow(doublings))
            .min(longest),
    )
}

/// Up to a fifth more or less, so that letters that failed together do not all come back together.
fn jittered(plain: Duration) -> Duration {
    plain.mul_f64(rand::rng().random_range(0.8..1.2))
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.plus(time::Duration::try_from(wait).unwrap_or(time::Duration::HOUR))
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason was given".to_owned())
}
