//! The pages that listen.

use super::Told;
use crate::{
    Caller, Desk, Error, Result, accounts,
    policy::{DeskAct, Subject},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Notify, mpsc};
use workflow::PersonId;

/// How many streams of one person there are at once: a browser has one, whatever its windows.
pub const MOST_OF_ONE: usize = 8;

/// So much waits for a reader who takes nothing; then the stream ends, and a new one begins where
/// it ended.
const WAITING: usize = 256;

/// The streams of one instance.
#[derive(Default)]
pub(crate) struct Live {
    streams: Mutex<Streams>,
    /// Told when something is new here.
    pub(super) told: Notify,
}

#[derive(Default)]
struct Streams {
    made: u64,
    open: BTreeMap<u64, Open>,
}

/// A stream as the reader of the instance knows it.
#[derive(Clone)]
pub(super) struct Open {
    pub reader: Caller,
    /// What we keep of the secret of its session.
    pub session: String,
    /// Up to where in the trail it knows everything; none until it was looked where the trail ends.
    pub after: Option<i64>,
    /// Whether it has been told who has what open.
    pub knows_presence: bool,
    to: mpsc::Sender<Told>,
}

impl Open {
    /// False where its reader is gone, or takes nothing.
    pub fn tell(&self, told: Told) -> bool {
        self.to.try_send(told).is_ok()
    }
}

impl Live {
    /// Something is new: it is looked at once.
    pub fn tell(&self) {
        self.told.notify_one();
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody listens.
    pub(super) fn is_heard(&self) -> bool {
        !self.streams().open.is_empty()
    }

    /// Every stream as it is now.
    pub(super) fn open(&self) -> Vec<(u64, Open)> {
        let streams = self.streams();
        let open = streams.open.iter();
        open.map(|(id, open)| (*id, open.clone())).collect()
    }

    /// What a stream knows by now.
    pub(super) fn knows(&self, id: u64, after: i64) {
        if let Some(open) = self.streams().open.get_mut(&id) {
            open.after = Some(after);
            open.knows_presence = true;
        }
    }

    /// Ends a stream.
    pub(super) fn end(&self, id: u64) {
        self.streams().open.remove(&id);
    }
}

/// Who wants to listen.
#[derive(Clone, Copy, Debug)]
pub struct Listener<'a> {
    pub caller: &'a Caller,
    /// For whom the page was drawn that listens.
    pub drawn_for: Option<PersonId>,
    /// The secret of the session.
    pub session: &'a str,
    /// The newest event of the trail that the page knows of; none where it begins now.
    pub after: Option<i64>,
}

/// What one page is told, until its session ends; dropped, it ends.
pub struct Stream {
    desk: Desk,
    id: u64,
    told: mpsc::Receiver<Told>,
}

impl Stream {
    /// The next thing, once there is one; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        self.told.recv().await
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.desk.live.end(self.id);
    }
}

/// Begins to listen, where there are fewer than `most` streams on this instance.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue; [`Error::Forbidden`] where the page was
/// drawn for somebody else; [`Error::Throttled`] with too many streams of the person,
/// [`Error::Unavailable`] with too many of all.
pub fn listen(desk: &Desk, listener: Listener<'_>, most: usize) -> Result<Stream> {
    let caller = listener.caller;
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    if desk.policy.require(&subject, DeskAct::ReadQueue).is_err() {
        return Err(Error::NotFound);
    }
    if listener.drawn_for != Some(caller.person) {
        return Err(Error::forbidden(crate::OTHER_PERSON));
    }
    let mut streams = desk.live.streams();
    let own = |open: &&Open| open.reader.person == caller.person;
    if streams.open.values().filter(own).count() >= MOST_OF_ONE {
        return Err(Error::Throttled { minutes: 1 });
    }
    if streams.open.len() >= most {
        return Err(Error::unavailable("too many pages listen"));
    }
    let (to, told) = mpsc::channel(WAITING);
    streams.made += 1;
    let id = streams.made;
    streams.open.insert(
        id,
        Open {
            reader: caller.clone(),
            session: accounts::session_code(desk, listener.session),
            after: listener.after,
            knows_presence: false,
            to,
        },
    );
    drop(streams);
    desk.live.tell();
    Ok(Stream {
        desk: desk.apart(),
        id,
        told,
    })
}
