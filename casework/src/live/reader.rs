//! The one of an instance who looks for what is new.

use super::{Told, doors::Doors, news::Happened, presence::Presence, streams::Open};
use crate::{Desk, Result, accounts, audit};
use std::{collections::BTreeSet, pin::pin};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, sleep};
use uuid::Uuid;

/// How often it looks for what other instances did, as long as anybody listens.
const LOOK: Duration = Duration::from_millis(300);

/// The shortest pause between two looks, however much happens here.
const PAUSE: Duration = Duration::from_millis(50);

/// The pause after the database did not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often it looks whether sessions have ended while nothing happens.
const SESSIONS: Duration = Duration::from_secs(2);

/// A page that knows less of the trail than this many events is told so in place of each of them.
const MOST_BEHIND: i64 = 500;

/// See [`super`].
pub struct Reader {
    desk: Desk,
    before: Presence,
    sessions_at: Option<Instant>,
}

impl Reader {
    /// For this desk.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            before: Presence::default(),
            sessions_at: None,
        }
    }

    /// Tells whoever listens, until `stop`.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let desk = self.desk.clone();
        let mut stop = pin!(stop);
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_silent = false;
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = desk.live.told.notified() => {}
                _ = look.tick(), if desk.live.is_heard() => {}
            }
            let pause = match self.look().await {
                Ok(()) => {
                    is_silent = false;
                    PAUSE
                }
                Err(error) => {
                    if !is_silent {
                        tracing::warn!(%error, "open pages cannot be told what happens");
                    }
                    is_silent = true;
                    PATIENCE
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Looks once, and tells each stream what is new to it.
    async fn look(&mut self) -> Result<()> {
        let desk = self.desk.clone();
        let streams = desk.live.open();
        if streams.is_empty() {
            return Ok(());
        }
        let head = audit::head(desk.database.read()).await?;
        let head = head.map_or(0, |head| head.seq);
        let knows = |open: &Open| open.after.unwrap_or(head).min(head);
        let oldest = streams.iter().map(|(_, open)| knows(open)).min();
        let from = oldest.unwrap_or(head).max(head - MOST_BEHIND);
        let happened = Happened::between(&desk, from, head).await?;
        let presence = Presence::now(&desk).await?;
        let changed = presence.changed_since(&self.before);
        let mut cases: BTreeSet<Uuid> = happened.cases().chain(changed.iter().copied()).collect();
        if streams.iter().any(|(_, open)| !open.knows_presence) {
            cases.extend(presence.cases());
        }
        let doors = Doors::of(desk.database.read(), cases).await?;
        // After everything else was read: nobody is told what happened after their session ended.
        let is_due = self.sessions_at.is_none_or(|at| at.elapsed() >= SESSIONS);
        if is_due || !doors.is_empty() || from < head {
            let sessions = streams.iter().map(|(_, open)| open.session.clone());
            let kept = accounts::sessions_still_open(&desk, &sessions.collect()).await?;
            let ended = streams
                .iter()
                .filter(|(_, open)| !kept.contains(&open.session));
            for (id, _) in ended {
                desk.live.end(*id);
            }
            self.sessions_at = Some(Instant::now());
        }
        let policy = desk.policy.snapshot();
        for (id, open) in desk.live.open() {
            // One that came meanwhile is told next time.
            if !streams.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let after = knows(&open);
            let mut told: Vec<Told> = Vec::new();
            if after < from {
                told.push(Told::Much { seq: head });
            } else {
                let news = happened.told(after, &doors, &policy, &open.reader);
                told.extend(news.map(Told::Case));
            }
            let seen = match open.knows_presence {
                true => changed.clone(),
                false => presence.cases().collect(),
            };
            let here = seen.into_iter().filter_map(|case| {
                let number = doors.open(&policy, &open.reader, case)?;
                Some(Told::Here(presence.told(case, number, open.reader.person)))
            });
            told.extend(here);
            if told.into_iter().all(|told| open.tell(told)) {
                desk.live.knows(id, head);
            } else {
                desk.live.end(id);
            }
        }
        self.before = presence;
        Ok(())
    }
}
