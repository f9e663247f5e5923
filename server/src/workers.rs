//! What the server does besides answering requests, and who sees to it that it goes on.

use casework::{
    Desk, Part,
    cases::{self, bulk, search},
    commands, living, log,
    mail::Transport,
    partners,
    sweep::{self, Retention},
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet, time};

/// How long a worker has to go on before its last end is forgiven.
const STEADY: Duration = Duration::from_secs(10);
/// Before the first new start; doubled for each one after it …
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// … up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The workers of this process. One that panics or ends by itself is told of in the log and by
/// `/health/ready`, and is started again after a pause.
pub struct Workers {
    desk: Desk,
    stop: watch::Receiver<bool>,
    all: JoinSet<()>,
}

impl Workers {
    /// No workers yet; they end once `stop` says true.
    pub fn new(desk: Desk, stop: watch::Receiver<bool>) -> Self {
        Self {
            desk,
            stop,
            all: JoinSet::new(),
        }
    }

    /// Starts a worker, and starts it again whenever it ends before it should.
    pub fn start<F>(
        &mut self,
        name: &'static str,
        work: impl Fn(watch::Receiver<bool>) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let (desk, mut stop) = (self.desk.clone(), self.stop.clone());
        self.all.spawn(async move {
            let mut pause = FIRST_PAUSE;
            loop {
                let begun = time::Instant::now();
                let working = fails(name, work(stop.clone()));
                let why = {
                    let mut working = std::pin::pin!(AssertUnwindSafe(working).catch_unwind());
                    let steady = time::sleep(STEADY);
                    let first = tokio::select! {
                        outcome = &mut working => Some(outcome),
                        () = steady => None,
                    };
                    let outcome = match first {
                        Some(outcome) => outcome,
                        None => {
                            desk.conditions.clear(Part::Worker, name);
                            working.await
                        }
                    };
                    match outcome {
                        Ok(()) => "ended",
                        Err(_) => "panicked",
                    }
                };
                if *stop.borrow() {
                    return;
                }
                desk.conditions.set(
                    Part::Worker,
                    name,
                    &format!("{why}; started again after a pause"),
                    desk.now(),
                );
                if begun.elapsed() > STEADY {
                    pause = FIRST_PAUSE;
                }
                tokio::select! {
                    () = time::sleep(pause) => {}
                    () = told(&mut stop) => return,
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        });
    }

    /// Waits until all have ended, but no longer than `most`; answers how many have not.
    pub async fn ended(&mut self, most: Duration) -> usize {
        let ended = async { while self.all.join_next().await.is_some() {} };
        // Too late or not: what counts is how many are left.
        let _ = time::timeout(most, ended).await;
        self.all.len()
    }
}

/// Waits until `stop` says true, or until nobody can say so any more.
pub async fn told(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The worker; in a debug build it panics at its start as long as the file that
/// `UPGRADE_DESK_FAIL_<NAME>` names exists, so that a test can watch what happens then.
async fn fails(name: &str, work: impl Future<Output = ()>) {
    #[cfg(debug_assertions)]
    if let Some(file) = std::env::var_os(format!("UPGRADE_DESK_FAIL_{}", name.to_uppercase())) {
        assert!(!std::path::Path::new(&file).exists(), "told to fail");
    }
    #[cfg(not(debug_assertions))]
    let _ = name;
    work.await;
}

/// Takes over what other instances publish, and throws away what is no longer needed, until told
/// to stop.
pub async fn keep_house(desk: Desk, keep: Retention, mut stop: watch::Receiver<bool>) {
    let mut refresh = time::interval(Duration::from_secs(2));
    let mut sweeping = time::interval(Duration::from_secs(3_600));
    loop {
        tokio::select! {
            _ = refresh.tick() => {
                if let Err(error) = desk.refresh().await {
                    tracing::warn!(%error, "the reference data could not be read again");
                }
            }
            _ = sweeping.tick() => {
                if let Err(error) = sweep::sweep(&desk, &keep).await {
                    tracing::warn!(%error, "not everything that is old could be thrown away");
                }
            }
            () = told(&mut stop) => return,
        }
    }
}

/// The chain is walked from its first event once in so many looks at the log.
const LOOKS_FOR_CHAIN: u32 = 96;

/// Looks whether the trail is what it was, as far as that is seen at once.
pub async fn look_at_log(desk: &Desk) {
    tell_of_log(desk, log::look(desk, false).await);
}

/// How the log is looked after.
pub struct LogKeeping {
    /// How often a checkpoint is made.
    pub every: Duration,
    /// Where the newest is mailed to, and by what.
    pub mailbox: Option<(String, Transport)>,
}

/// Looks at the trail, publishes what has been appended to it and signs a checkpoint, until told to
/// stop.
pub async fn keep_log(desk: Desk, keeping: Arc<LogKeeping>, mut stop: watch::Receiver<bool>) {
    let every = keeping.every;
    let mut look = time::interval(every);
    look.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    let mut looks = 0;
    loop {
        tokio::select! {
            _ = look.tick() => {
                let chain = looks % LOOKS_FOR_CHAIN == 0;
                looks += 1;
                tell_of_log(&desk, log::tick(&desk, chain).await);
                if let Some((to, transport)) = &keeping.mailbox
                    && let Err(error) = log::mail_checkpoint(&desk, to, transport).await
                {
                    tracing::warn!(%error, "the checkpoint could not be mailed");
                }
            }
            () = told(&mut stop) => return,
        }
    }
}

fn tell_of_log(desk: &Desk, outcome: casework::Result<()>) {
    match outcome {
        Ok(()) => desk.conditions.clear(Part::Log, "log"),
        Err(error) => {
            tracing::warn!(%error, "the log could not be looked at or published");
            desk.conditions
                .set(Part::Log, "log", &error.to_string(), desk.now());
        }
    }
}

/// For so long marks are gathered before their documents are written together: each writing waits for
/// the steps, and they for it.
const GATHERED_FOR: Duration = Duration::from_millis(200);

/// Writes what cases are found by, as steps mark them here and on other instances, until told to
/// stop.
pub async fn write_search(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut look = time::interval(Duration::from_secs(1));
    look.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    if let Err(error) = search::mark_outdated(&desk).await {
        tracing::warn!(%error, "it could not be seen how search documents were made");
    }
    loop {
        let gather = tokio::select! {
            () = desk.search.notified() => GATHERED_FOR,
            _ = look.tick() => Duration::ZERO,
            () = told(&mut stop) => return,
        };
        time::sleep(gather).await;
        loop {
            let begun = time::Instant::now();
            match search::write_marked(&desk).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "search documents could not be written");
                    break;
                }
            }
            // Steps come first: where there are any, most of the time is theirs.
            let pause = tokio::select! {
                biased;
                () = desk.search.notified() => (begun.elapsed() * 4).max(GATHERED_FOR),
                () = std::future::ready(()) => Duration::ZERO,
            };
            tokio::select! {
                () = time::sleep(pause) => {}
                () = told(&mut stop) => return,
            }
        }
    }
}

/// Gives back what nobody can take up, reminds and lapses what is due,
/// writes to staff about their own dates, and asks for attestations, until told to stop.
pub async fn watch_dates(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut look = time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            () = desk.staff_changed.notified() => give_back(&desk).await,
            _ = look.tick() => {
                give_back(&desk).await;
                if let Err(error) = commands::tick(&desk).await {
                    tracing::warn!(%error, "dates could not be looked at");
                }
                if let Err(error) = cases::letters::post_due_dates(&desk).await {
                    tracing::warn!(%error, "due dates could not be written about");
                }
                if let Err(error) = living::ask_for_attestations(&desk).await {
                    tracing::warn!(%error, "attestations could not be asked for");
                }
            }
            () = told(&mut stop) => return,
        }
    }
}

/// Goes on with what is done for many cases at once, here and on other instances, until told to stop.
pub async fn work_in_bulk(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut look = time::interval(Duration::from_secs(2));
    look.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = desk.bulk.notified() => {}
            _ = look.tick() => {}
            () = told(&mut stop) => return,
        }
        let working = async {
            loop {
                match bulk::go_on(&desk).await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::warn!(%error, "a bulk run could not go on");
                        break;
                    }
                }
            }
        };
        tokio::select! {
            () = working => {}
            () = told(&mut stop) => return,
        }
    }
}

/// Visits store pages again and looks whether partners meet their criteria, until told to stop.
pub async fn watch_partners(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut look = time::interval(Duration::from_secs(15));
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = told(&mut stop) => return,
        }
        let looking = async {
            if let Err(error) = partners::check_links(&desk).await {
                tracing::warn!(%error, "store pages could not be visited");
            }
            if let Err(error) = partners::watch_partners(&desk).await {
                tracing::warn!(%error, "partners could not be looked at");
            }
        };
        tokio::select! {
            () = looking => {}
            () = told(&mut stop) => return,
        }
    }
}

/// Gives back what nobody can take up any more.
async fn give_back(desk: &Desk) {
    if let Err(error) = casework::support::commands::look_after_requests(desk).await {
        tracing::warn!(%error, "support requests could not be looked after");
    }
    if let Err(error) = commands::give_back(desk).await {
        tracing::warn!(%error, "what people hold could not be looked at");
    }
}
