//! One request, and what becomes of it.

use super::{ActionKind, Category, Clock, RequestNumber, State, To, of};
use crate::{Calendar, PersonId, Timestamp, clock::Spent, state::Side};
use serde::{Deserialize, Serialize};
use time::Duration;

/// The longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 150;

/// For how long what was solved or closed can be reopened.
pub const REOPENS_WITHIN: Duration = Duration::days(14);

/// The best that a request can be rated.
pub const MOST_STARS: u8 = 5;

/// What the rules look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub number: RequestNumber,
    /// Who asked.
    pub opener: PersonId,
    pub category: Category,
    pub state: State,
    /// Since when the running clock runs; nothing where none does.
    pub since: Option<Timestamp>,
    /// What the clocks showed when the running one began.
    pub spent: Spent,
    /// By when we answer, while it is our turn.
    pub due: Option<Timestamp>,
    /// When it was solved, or closed without having been.
    pub ended: Option<Timestamp>,
    /// Who of ours answers for it.
    pub assignee: Option<PersonId>,
    pub stars: Option<u8>,
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    Answer,
    Reopen,
    Close,
    Rate(u8),
    Reply,
    Note,
    Solve,
    Assign(PersonId),
    Release,
    Link,
    /// Into this one.
    Merge(&'a Request),
    Move,
    Expire,
}

impl Action<'_> {
    /// Its row in the table.
    pub const fn kind(self) -> ActionKind {
        match self {
            Self::Answer => ActionKind::Answer,
            Self::Reopen => ActionKind::Reopen,
            Self::Close => ActionKind::Close,
            Self::Rate(_) => ActionKind::Rate,
            Self::Reply => ActionKind::Reply,
            Self::Note => ActionKind::Note,
            Self::Solve => ActionKind::Solve,
            Self::Assign(_) => ActionKind::Assign,
            Self::Release => ActionKind::Release,
            Self::Link => ActionKind::Link,
            Self::Merge(_) => ActionKind::Merge,
            Self::Move => ActionKind::Move,
            Self::Expire => ActionKind::Expire,
        }
    }
}

/// Why it does not happen, in the words of the person who tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Refused {
    #[error("{} is not possible while the request is {}.", action.label(), state.label().to_lowercase())]
    NotInThisState { action: ActionKind, state: State },
    #[error("A request can be reopened within 14 days. Open a new one, and name {number} in it.")]
    TooLate { number: RequestNumber },
    #[error("It can still be reopened, so it stays solved.")]
    TooEarly,
    #[error("You have rated this request already.")]
    RatedBefore,
    #[error("Choose from 1 to 5.")]
    NoSuchStars,
    #[error("Nobody has taken this request.")]
    NotTaken,
    #[error("A request cannot be merged into itself.")]
    IntoItself,
    #[error("{into} was asked by somebody else, who is not to read this one. Answer both.")]
    OfAnother { into: RequestNumber },
    #[error("An article is made of a request that is solved.")]
    NotSolved,
    #[error("Somebody has decided about this article already.")]
    DecidedBefore,
    #[error("{into} is over. Merge into a request that is open.")]
    IntoEnded { into: RequestNumber },
}

/// Until when a request that is over can be reopened; nothing for one that cannot.
pub fn may_reopen_until(request: &Request) -> Option<Timestamp> {
    match (request.state, request.ended) {
        (State::Solved | State::Closed, Some(ended)) => Some(ended.plus(REOPENS_WITHIN)),
        _ => None,
    }
}

impl Request {
    /// A new one: it waits for us from now on.
    pub fn open(
        number: RequestNumber,
        opener: PersonId,
        category: Category,
        now: Timestamp,
        calendar: &Calendar,
    ) -> Self {
        Self {
            number,
            opener,
            category,
            state: State::Open,
            since: Some(now),
            spent: Spent::default(),
            due: Some(calendar.due(now, category.days())),
            ended: None,
            assignee: None,
            stars: None,
        }
    }

    /// Business time on each side up to `now`.
    pub fn spent(&self, now: Timestamp, calendar: &Calendar) -> Spent {
        let mut spent = self.spent;
        if let Some(since) = self.since {
            let running = calendar.elapsed(since, now);
            match self.state.side() {
                Side::Us => spent.us += running,
                Side::Developer => spent.developer += running,
                Side::Nobody => {}
            }
        }
        spent
    }

    fn pass(&mut self, to: State, clock: Clock, now: Timestamp, calendar: &Calendar) {
        let was = self.state.side();
        let is = match clock {
            Clock::RunsOn => was,
            Clock::Us => Side::Us,
            Clock::Developer => Side::Developer,
            Clock::Stops => Side::Nobody,
        };
        if is != was {
            self.spent = self.spent(now, calendar);
            self.since = (is != Side::Nobody).then_some(now);
            self.due = (is == Side::Us).then(|| calendar.due(now, self.category.days()));
        }
        self.state = to;
        self.ended = match to {
            // What closes later was over when it was solved.
            State::Closed => self.ended.or(Some(now)),
            State::Solved | State::Merged | State::Moved => Some(now),
            State::Open | State::WaitingForDeveloper | State::WaitingForUs => None,
        };
    }
}

/// What the request is after the action.
///
/// # Errors
/// The first rule that stands against it.
pub fn decide(
    request: &Request,
    action: Action<'_>,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Request, Refused> {
    let kind = action.kind();
    let row = of(kind);
    if !row.from.contains(&request.state) {
        return Err(Refused::NotInThisState {
            action: kind,
            state: request.state,
        });
    }
    let mut next = request.clone();
    let in_time = may_reopen_until(request).is_some_and(|until| now <= until);
    match action {
        Action::Reopen if !in_time => {
            return Err(Refused::TooLate {
                number: request.number,
            });
        }
        Action::Expire if in_time => return Err(Refused::TooEarly),
        Action::Rate(_) if request.stars.is_some() => return Err(Refused::RatedBefore),
        Action::Rate(stars) if !(1..=MOST_STARS).contains(&stars) => {
            return Err(Refused::NoSuchStars);
        }
        Action::Rate(stars) => next.stars = Some(stars),
        Action::Assign(person) => next.assignee = Some(person),
        Action::Release if request.assignee.is_none() => return Err(Refused::NotTaken),
        Action::Release => next.assignee = None,
        Action::Merge(into) if into.number == request.number => return Err(Refused::IntoItself),
        Action::Merge(into) if into.opener != request.opener => {
            return Err(Refused::OfAnother { into: into.number });
        }
        Action::Merge(into) if !into.state.is_open() => {
            return Err(Refused::IntoEnded { into: into.number });
        }
        _ => {}
    }
    if let To::State(state) = row.to {
        next.pass(state, row.clock, now, calendar);
    }
    Ok(next)
}

/// What a request is after another was merged into it: where that waited for us, so does this one.
pub fn take_in(
    request: &Request,
    merged: &Request,
    now: Timestamp,
    calendar: &Calendar,
) -> Request {
    let mut next = request.clone();
    if merged.state.side() == Side::Us && request.state.side() == Side::Developer {
        next.pass(State::WaitingForUs, Clock::Us, now, calendar);
    }
    next
}

/// Whether an action that needs nothing more than the request itself is possible now.
pub fn available(request: &Request, kind: ActionKind, now: Timestamp) -> bool {
    let in_time = may_reopen_until(request).is_some_and(|until| now <= until);
    of(kind).from.contains(&request.state)
        && match kind {
            ActionKind::Reopen => in_time,
            ActionKind::Expire => !in_time,
            ActionKind::Rate => request.stars.is_none(),
            ActionKind::Release => request.assignee.is_some(),
            _ => true,
        }
}
