//! The worker that sends what lies in the outbox.
//!
//! A letter is leased before it is sent, so that several instances never send the same one at the
//! same time. Who dies with a lease leaves it to run out; the next worker then sends the letter
//! under the same Message-ID. Only between the end of DATA and the server's 250 can that make two
//! copies, which no client of SMTP can rule out.

use super::{
    outbox::{self, Outcome},
    transport::{Sent, Transport, TransportError},
};
use crate::{
    Desk, Result,
    entities::{captured_mails, outbox as rows},
};
use futures_util::future::join_all;
use rand::RngExt;
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};
use std::{pin::pin, time::Duration};
use workflow::Timestamp;

/// How patient the worker is.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often it looks without being told to: letters of other instances, and those to be tried
    /// again.
    pub poll: Duration,
    /// Before the second attempt; doubled for each one after it …
    pub first_retry: Duration,
    /// … up to this. Short enough that everything is out five minutes after a server has come back.
    pub longest_retry: Duration,
    /// After so many attempts a letter is given up.
    pub attempts: i32,
    /// How long a lease outlives the longest possible attempt.
    pub lease_margin: Duration,
    /// How many letters are sent at once.
    pub together: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(5),
            first_retry: Duration::from_secs(15),
            longest_retry: Duration::from_secs(240),
            // At four minutes each: two days and some hours.
            attempts: 800,
            lease_margin: Duration::from_secs(60),
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

    /// Sends until `stop`; what is being sent then is still finished.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            // Registered before the look, so that a letter posted during it is not slept over.
            let told = self.desk.mail.notified();
            match self.round().await {
                Ok(0) => {}
                Ok(_) => {
                    // Probably more lies there; but a stop is heard between two rounds.
                    tokio::select! {
                        biased;
                        () = &mut stop => return,
                        () = std::future::ready(()) => continue,
                    }
                }
                Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
            }
            tokio::select! {
                () = &mut stop => return,
                () = told => {}
                () = tokio::time::sleep(self.pace.poll) => {}
            }
        }
    }

    /// Leases what is due, sends it and writes down what came of it; answers how many letters were
    /// taken up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn round(&self) -> Result<usize> {
        let now = self.desk.now();
        let lease = self.transport.longest() + self.pace.lease_margin;
        let letters = outbox::lease(
            &self.desk.database,
            now,
            later(now, lease),
            self.pace.together,
        )
        .await?;
        let outcomes = join_all(letters.iter().map(|row| self.one(row))).await;
        for outcome in outcomes {
            outcome?;
        }
        Ok(letters.len())
    }

    async fn one(&self, row: &rows::Model) -> Result<()> {
        let sent = self.transport.send(row).await;
        let now = self.desk.now();
        let outcome = match sent {
            Ok(Sent::Captured(raw)) => return self.capture(row, raw, now).await,
            Ok(Sent::BySmtp) => Outcome::Sent,
            Err(TransportError::Transient(error)) if row.attempts + 1 < self.pace.attempts => {
                tracing::info!(letter = %row.id, error, "mail: to be tried again");
                Outcome::Later {
                    at: later(now, self.wait(row.attempts)),
                    error,
                }
            }
            Err(error) => {
                tracing::warn!(letter = %row.id, %error, "mail: given up");
                Outcome::Dead {
                    error: error.to_string(),
                }
            }
        };
        outbox::settle(self.desk.database.write(), row, now, outcome).await
    }

    /// Keeps the mail and notes that it was sent, both or neither.
    async fn capture(&self, row: &rows::Model, raw: String, now: Timestamp) -> Result<()> {
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
        outbox::settle(&transaction, row, now, Outcome::Sent).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// How long to wait after `before` failed attempts and one more: doubling, with up to a fifth
    /// more or less so that letters that failed together do not all come back together.
    fn wait(&self, before: i32) -> Duration {
        let doublings = u32::try_from(before).unwrap_or(0).min(20);
        let plain = self
            .pace
            .first_retry
            .saturating_mul(2u32.saturating_pow(doublings))
            .min(self.pace.longest_retry);
        plain.mul_f64(rand::rng().random_range(0.8..1.2))
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.plus(time::Duration::try_from(wait).unwrap_or(time::Duration::HOUR))
}
