//! The criteria of the source, held against what is known of an app.

use super::Criterion;
use crate::{Settings, Timestamp, living::months_later};
use time::{Date, Duration};

/// Within so many days of its public availability an app has its first active user (seed: "within 60
/// days of public availability").
pub const FIRST_USER_DAYS: i64 = 60;

/// An acceptance of the Data Licensing Agreement for an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub version: u32,
    pub at: Timestamp,
}

/// The newest version of the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    pub version: u32,
    pub at: Timestamp,
}

/// A page from which the app can be got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreLink {
    pub address: String,
    /// When it last answered.
    pub answered: Option<Timestamp>,
    /// Since when it does not answer.
    pub failing: Option<Timestamp>,
}

/// Where and since when everybody can get an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub available: Date,
    pub links: Vec<StoreLink>,
}

/// What is known of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    pub accepted: Option<Accepted>,
    pub newest: Option<Published>,
    /// Since when it has Full Access.
    pub full: Option<Timestamp>,
    /// Since when that is suspended.
    pub suspended: Option<Timestamp>,
    pub publication: Option<Publication>,
    /// When the support contact was last confirmed.
    pub contact: Option<Timestamp>,
    /// The first day with an active user from its availability on.
    pub first_user: Option<Date>,
    /// The last day with an active user.
    pub last_user: Option<Date>,
}

/// Something that speaks for a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    Accepted(Accepted),
    /// A newer version waits for acceptance until the end of that time.
    AcceptBy {
        version: u32,
        by: Timestamp,
    },
    FullSince(Timestamp),
    AvailableSince(Date),
    LinkAnswers {
        address: String,
        at: Option<Timestamp>,
    },
    /// It does not answer at present, which is not held against the app yet or not alone.
    LinkFails {
        address: String,
        since: Timestamp,
    },
    ContactConfirmed {
        at: Timestamp,
        until: Date,
    },
    FirstUser(Date),
    /// The last day of use, and until when it counts.
    LastUser {
        day: Date,
        until: Date,
    },
}

/// Something that a criterion lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    Acceptance,
    AcceptanceOverdue {
        version: u32,
        since: Timestamp,
    },
    Suspended {
        since: Timestamp,
    },
    FullAccess,
    Publication,
    /// It will be available only then.
    AvailableFrom(Date),
    /// None of the addresses answers.
    Links {
        since: Timestamp,
    },
    Contact,
    ContactOutdated {
        since: Date,
    },
    /// None so far; there is time until then.
    FirstUser {
        by: Date,
    },
    /// There was none in time.
    FirstUserInTime {
        by: Date,
    },
    UserSince {
        last: Date,
        days: u16,
    },
}

/// A criterion with what speaks for it and what it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub criterion: Criterion,
    pub proofs: Vec<Proof>,
    pub missing: Vec<Missing>,
}

impl Found {
    /// Whether it is met.
    pub fn is_met(&self) -> bool {
        self.missing.is_empty()
    }

    const fn new(criterion: Criterion) -> Self {
        Self {
            criterion,
            proofs: Vec::new(),
            missing: Vec::new(),
        }
    }
}

/// The criteria that are not met.
pub fn unmet(found: &[Found]) -> impl Iterator<Item = Criterion> {
    found
        .iter()
        .filter(|found| !found.is_met())
        .map(|found| found.criterion)
}

/// Every criterion, in order, at a date.
pub fn criteria(evidence: &Evidence, settings: &Settings, at: Timestamp) -> [Found; 3] {
    [
        agreement(evidence, settings, at),
        app(evidence, settings, at),
        users(evidence, settings, at),
    ]
}

fn agreement(evidence: &Evidence, settings: &Settings, at: Timestamp) -> Found {
    let mut found = Found::new(Criterion::Agreement);
    match evidence.accepted {
        Some(accepted) => found.proofs.push(Proof::Accepted(accepted)),
        None => found.missing.push(Missing::Acceptance),
    }
    let newer = evidence.newest.filter(|newest| {
        evidence
            .accepted
            .is_some_and(|accepted| accepted.version < newest.version)
    });
    if let Some(Published { version, at: since }) = newer {
        let by = since.plus(days(settings.reacceptance_days));
        if at > by {
            let missing = Missing::AcceptanceOverdue { version, since: by };
            found.missing.push(missing);
        } else {
            found.proofs.push(Proof::AcceptBy { version, by });
        }
    }
    if let Some(since) = evidence.suspended {
        found.missing.push(Missing::Suspended { since });
    }
    found
}

fn app(evidence: &Evidence, settings: &Settings, at: Timestamp) -> Found {
    let mut found = Found::new(Criterion::App);
    match evidence.full {
        Some(since) => found.proofs.push(Proof::FullSince(since)),
        None => found.missing.push(Missing::FullAccess),
    }
    match &evidence.publication {
        None => found.missing.push(Missing::Publication),
        Some(publication) => {
            if publication.available > at.date() {
                let missing = Missing::AvailableFrom(publication.available);
                found.missing.push(missing);
            } else {
                let proof = Proof::AvailableSince(publication.available);
                found.proofs.push(proof);
            }
            links(&mut found, &publication.links, settings, at);
        }
    }
    match evidence.contact {
        None => found.missing.push(Missing::Contact),
        Some(confirmed) => {
            let until = months_later(confirmed.date(), settings.partner_contact_months);
            if at.date() > until {
                let missing = Missing::ContactOutdated { since: until };
                found.missing.push(missing);
            } else {
                let at = confirmed;
                found.proofs.push(Proof::ContactConfirmed { at, until });
            }
        }
    }
    found
}

/// One address that answers is enough; one that has just stopped answering is given some time.
fn links(found: &mut Found, links: &[StoreLink], settings: &Settings, at: Timestamp) {
    let patience = days(settings.unreachable_days);
    let lost = |link: &StoreLink| link.failing.filter(|since| at.since(*since) >= patience);
    for link in links {
        let address = link.address.clone();
        found.proofs.push(match link.failing {
            Some(since) => Proof::LinkFails { address, since },
            None => Proof::LinkAnswers {
                address,
                at: link.answered,
            },
        });
    }
    if links.iter().all(|link| lost(link).is_some()) {
        let since = links.iter().filter_map(lost).max().unwrap_or(at);
        found.missing.push(Missing::Links { since });
    }
}

fn users(evidence: &Evidence, settings: &Settings, at: Timestamp) -> Found {
    let mut found = Found::new(Criterion::Users);
    let Some(publication) = &evidence.publication else {
        found.missing.push(Missing::Publication);
        return found;
    };
    let by = plus(publication.available, FIRST_USER_DAYS);
    match evidence.first_user.filter(|day| *day <= by) {
        Some(day) => found.proofs.push(Proof::FirstUser(day)),
        None if at.date() <= by => found.missing.push(Missing::FirstUser { by }),
        None => found.missing.push(Missing::FirstUserInTime { by }),
    }
    if let Some(day) = evidence.last_user {
        let window = settings.partner_active_days;
        let until = plus(day, i64::from(window));
        if at.date() > until {
            let missing = Missing::UserSince {
                last: day,
                days: window,
            };
            found.missing.push(missing);
        } else {
            found.proofs.push(Proof::LastUser { day, until });
        }
    }
    found
}

fn days(days: u16) -> Duration {
    Duration::days(i64::from(days))
}

fn plus(day: Date, days: i64) -> Date {
    day.checked_add(Duration::days(days)).unwrap_or(Date::MAX)
}
