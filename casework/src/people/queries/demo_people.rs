//! Whom the demo's sign-in page offers: its people by what they do, with what waits for each.

use crate::{
    Caller, Desk, Result,
    apps::queries::my_apps,
    cases::queries::{AskedOfDeveloper, queue},
    entities::{audit_events, outbox, people, role_requests},
    mail::MailState,
    partners::queries::{PartnerFilter, partners},
    roles_from_words,
    support::queries::{RequestFilter, RequestView, requests_queue},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use workflow::{CaseNumber, PersonId, Role, partners::State};

/// What people do at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    Developing,
    Reviewing,
    Deciding,
    Checking,
    Supporting,
    Partnering,
    Running,
}

impl Work {
    /// Every kind, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::Developing,
        Self::Reviewing,
        Self::Deciding,
        Self::Checking,
        Self::Supporting,
        Self::Partnering,
        Self::Running,
    ];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Developing => "Developers, who apply for access",
            Self::Reviewing => "Reviewers, who look at applications",
            Self::Deciding => "Lead and approvers, who assign and decide",
            Self::Checking => "Compliance, who check the record",
            Self::Supporting => "Support, who answer developers",
            Self::Partnering => "Partner manager",
            Self::Running => "Admin, who runs the desk",
        }
    }

    fn of(roles: &std::collections::BTreeSet<Role>) -> Self {
        let has = |role| roles.contains(&role);
        if has(Role::Lead) || has(Role::Approver) {
            Self::Deciding
        } else if has(Role::Reviewer)
            || has(Role::CommercialReviewer)
            || has(Role::TechnicalReviewer)
        {
            Self::Reviewing
        } else if has(Role::Compliance) {
            Self::Checking
        } else if has(Role::Support) {
            Self::Supporting
        } else if has(Role::PartnerManager) {
            Self::Partnering
        } else if has(Role::Admin) {
            Self::Running
        } else {
            Self::Developing
        }
    }
}

/// What waits for a person now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For a developer: the most urgent thing asked, and how many other applications ask something.
    Asked {
        app: String,
        case: CaseNumber,
        asked: AskedOfDeveloper,
        others: usize,
    },
    /// For a developer whose applications ask for nothing: how many apps, and how many things are
    /// asked beside applications.
    Apps { count: usize, asked: usize },
    /// For a reviewer: cases whose next step is theirs, and cases that wait for somebody.
    Cases { mine: u64, to_take: u64 },
    /// For a lead: cases without a reviewer, and cases that are late.
    Unassigned { cases: u64, overdue: u64 },
    /// For an approver: decisions.
    Decisions(u64),
    /// For compliance: how much is on record.
    Record(u64),
    /// For support: requests whose next step is theirs, and those that nobody has taken.
    Requests { mine: u64, to_take: u64 },
    /// For a partner manager: applications to look at.
    Partners(u64),
    /// For an admin: what a second admin must confirm, and letters that did not go out.
    Desk { confirmations: u64, letters: u64 },
}

/// A person to be with one click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    pub username: String,
    pub name: String,
    pub organisation: String,
    pub roles: Vec<Role>,
    pub work: Work,
    pub waiting: Waiting,
}

impl DemoPerson {
    /// How much waits for this person alone: who has most to show is proposed to visitors.
    pub fn busy(&self) -> u64 {
        match &self.waiting {
            Waiting::Asked { others, .. } => 1 + u64::try_from(*others).unwrap_or(0),
            Waiting::Cases { mine, .. } | Waiting::Requests { mine, .. } => *mine,
            Waiting::Unassigned { cases, .. } => *cases,
            Waiting::Decisions(count) | Waiting::Record(count) | Waiting::Partners(count) => *count,
            Waiting::Desk {
                confirmations,
                letters,
            } => confirmations + letters,
            Waiting::Apps { asked, .. } => *asked as u64,
        }
    }
}

/// So many people are offered.
const MOST: u64 = 24;

/// The first people of the desk, by what they do. For the demo alone: the caller checks that it is
/// one.
///
/// # Errors
/// When the database does not answer.
pub async fn demo_people(desk: &Desk) -> Result<Vec<DemoPerson>> {
    let rows = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::EmailVerifiedAt.is_not_null())
        .order_by_asc(people::Column::CreatedAt)
        .order_by_asc(people::Column::Id)
        .limit(MOST)
        .all(desk.database.read())
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let caller = Caller {
            person: PersonId(row.id),
            name: row.name,
            username: row.username,
            roles: roles_from_words(&row.roles),
        };
        let work = Work::of(&caller.roles);
        found.push(DemoPerson {
            waiting: waiting(desk, &caller, work).await?,
            roles: caller.roles.iter().copied().collect(),
            username: caller.username,
            name: caller.name,
            organisation: row.organisation,
            work,
        });
    }
    found.sort_by_key(|person| person.work);
    Ok(found)
}

async fn waiting(desk: &Desk, caller: &Caller, work: Work) -> Result<Waiting> {
    let database = desk.database.read();
    Ok(match work {
        Work::Developing => asked(desk, caller).await?,
        Work::Reviewing => {
            let count = views(desk, caller).await?;
            Waiting::Cases {
                mine: count(queue::View::MyTurn),
                to_take: to_take(caller, count),
            }
        }
        Work::Deciding if caller.roles.contains(&Role::Approver) => {
            Waiting::Decisions(views(desk, caller).await?(queue::View::Decisions))
        }
        Work::Deciding => {
            let count = views(desk, caller).await?;
            Waiting::Unassigned {
                cases: count(queue::View::NeedsReviewer),
                overdue: count(queue::View::Overdue),
            }
        }
        Work::Checking => Waiting::Record(audit_events::Entity::find().count(database).await?),
        Work::Supporting => {
            let filter = RequestFilter::view(RequestView::MyTurn);
            let found = requests_queue(desk, caller, filter).await?;
            let count = |wanted| {
                let found = found.counts.iter().find(|(view, _)| *view == wanted);
                found.map_or(0, |(_, count)| *count)
            };
            Waiting::Requests {
                mine: count(RequestView::MyTurn),
                to_take: count(RequestView::ToTake),
            }
        }
        Work::Partnering => {
            let state = Some(State::Applied);
            let filter = PartnerFilter { state, page: 1 };
            Waiting::Partners(partners(desk, caller, filter).await?.total)
        }
        Work::Running => Waiting::Desk {
            confirmations: role_requests::Entity::find()
                .filter(role_requests::Column::State.eq("waiting"))
                .filter(role_requests::Column::EndsAt.gt(desk.now().micros()))
                .count(database)
                .await?,
            letters: outbox::Entity::find()
                .filter(outbox::Column::State.eq(MailState::Dead.word()))
                .count(database)
                .await?,
        },
    })
}

async fn asked(desk: &Desk, caller: &Caller) -> Result<Waiting> {
    let apps = my_apps(desk, caller).await?.apps;
    let count = apps.len();
    // The most urgent one is on top of the list.
    let beside: usize = apps.iter().map(|app| app.also_asked.len()).sum();
    let mut asking = apps.into_iter().filter_map(|app| {
        let brief = app.application?;
        Some((app.name, brief.number, brief.asked?))
    });
    Ok(match asking.next() {
        Some((app, case, asked)) => Waiting::Asked {
            app,
            case,
            asked,
            others: asking.count() + beside,
        },
        None => Waiting::Apps {
            count,
            asked: beside,
        },
    })
}

/// How many cases each view has for this reader.
async fn views(desk: &Desk, caller: &Caller) -> Result<impl Fn(queue::View) -> u64> {
    let filter = queue::Filter::view(queue::View::AllOpen);
    let counts = queue::queue(desk, caller, filter).await?.counts;
    Ok(move |wanted| {
        let found = counts.iter().find(|(view, _)| *view == wanted);
        found.map_or(0, |(_, count)| count.number)
    })
}

/// Cases that this reviewer could take on one of their seats.
fn to_take(caller: &Caller, count: impl Fn(queue::View) -> u64) -> u64 {
    [
        (Role::Reviewer, queue::View::NeedsReviewer),
        (Role::CommercialReviewer, queue::View::CommercialToTake),
        (Role::TechnicalReviewer, queue::View::TechnicalToTake),
    ]
    .into_iter()
    .filter(|(role, _)| caller.roles.contains(role))
    .map(|(_, view)| count(view))
    .sum()
}
