//! Whether a letter still applies when its turn comes: its reader and its matter are looked at
//! again, for hours may have passed since it was written.

use crate::{
    Desk, Result,
    apps::invitations::State,
    cases::letters::{at_work, holders},
    commands::RequestState,
    entities::{app_invitations, outbox, people, role_requests, support_requests, tokens},
    gallery, living, partners,
    policy::{self, Act, CaseAct, Verdict},
    post::{LetterKind, Must, held},
    relations::AppPeople,
    roles_from_words,
    store::Stored,
    support,
    text::email_key,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use workflow::{ActionKind, PersonId, Relation, Role, StateKind, Timestamp, checklist::Finding};

/// What the letter is held against.
struct Present {
    person: Option<people::Model>,
    case: Option<Stored>,
    /// Of the app that the letter is about, if it is about one.
    app: Option<AppPeople>,
    link_works: bool,
    invited: bool,
    asked: bool,
    /// The support request that the letter is about, if it is about one.
    request: Option<support::Stored>,
    /// Of what the letter says of an entry in the gallery, whether it is still so.
    entry: bool,
    /// Of what the letter says of a living approval, whether it is still so.
    approval: bool,
    /// Whether somebody does the work on the case that is to be done.
    worked_on: bool,
    /// How the partnership stands that the letter is about, if it is about one.
    partner: Option<workflow::partners::State>,
}

/// Why a letter is not sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never is: the end of "Not sent, because".
    Gone(&'static str),
    /// Its reader's account is disabled, and may be enabled until this moment.
    Held { until: Timestamp },
}

/// What keeps a letter of this kind from being sent now; none where it is to be sent.
///
/// # Errors
/// When the database does not answer, or the case cannot be read.
pub(super) async fn fault(
    desk: &Desk,
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    kind: LetterKind,
) -> Result<Option<Fault>> {
    let must = kind.must();
    let needs = |wanted: &[Must]| must.iter().any(|one| wanted.contains(one));
    let now = desk.now();
    let person = person(connection, row).await?;
    let case = match row.case_id {
        Some(case) => Stored::by_id(connection, case).await?,
        None => None,
    };
    let present = Present {
        app: match (&case, row.about_id) {
            (Some(stored), _) => Some(stored.people.clone()),
            (None, Some(app)) if needs(&[Must::Member, Must::NoMember]) => {
                Some(AppPeople::of(connection, app).await?)
            }
            (None, _) => None,
        },
        link_works: link_works(connection, row, person.as_ref(), now).await?,
        invited: needs(&[Must::Invited])
            && invited(connection, row.about_id, person.as_ref(), now).await?,
        asked: needs(&[Must::Asked]) && asked(connection, row.about_id, now).await?,
        approval: living::stands(connection, row.about_id, must, &desk.reference.known(), now)
            .await?,
        entry: match (row.about_id, still(must)) {
            (Some(app), Some(still)) => gallery::stands(connection, app, still, now).await?,
            _ => false,
        },
        partner: match row.about_id {
            Some(partnership) if must.iter().any(|one| matches!(one, Must::PartnerIn(_))) => {
                partners::partnership_of_id(connection, partnership)
                    .await?
                    .map(|found| found.standing(now).state)
            }
            _ => None,
        },
        worked_on: match &case {
            Some(stored) if needs(&[Must::DoesWork]) => {
                !at_work(connection, &stored.row, now.date())
                    .await?
                    .is_empty()
            }
            _ => false,
        },
        request: match row.about_id {
            Some(request) if must.iter().any(|one| one.is_of_a_request()) => {
                self::request(connection, request).await?
            }
            _ => None,
        },
        person,
        case,
    };
    let broken: Vec<Must> = must
        .iter()
        .copied()
        .filter(|one| !holds(desk, row, &present, *one))
        .collect();
    let Some(first) = broken.first() else {
        return Ok(None);
    };
    let fault = match &present.person {
        None => Fault::Gone("there is no account of its reader"),
        Some(reader) if broken == [Must::Account] => disabled(desk, row, kind, reader),
        Some(_) => Fault::Gone(first.reason()),
    };
    Ok(Some(fault))
}

/// What becomes of a letter that would go out if its reader's account were not disabled. What anybody
/// can cause is held for nobody: its reader asked for it to use it at once.
fn disabled(desk: &Desk, row: &outbox::Model, kind: LetterKind, reader: &people::Model) -> Fault {
    if reader.closed_at.is_some() {
        return Fault::Gone("its reader's account is closed");
    }
    let until = held::until(desk, Timestamp::from_micros(row.created_at));
    if kind.is_unsolicited() || row.person_id.is_none() {
        Fault::Gone(Must::Account.reason())
    } else if desk.now() < until {
        Fault::Held { until }
    } else {
        Fault::Gone("its reader's account stayed disabled")
    }
}

/// What a letter says of an entry in the gallery, if it does.
fn still(must: &[Must]) -> Option<gallery::Still> {
    must.iter().find_map(|one| match one {
        Must::Entry(still) => Some(*still),
        _ => None,
    })
}

/// The reader; by the address where the letter was written before it was noted whose it is.
async fn person(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
) -> Result<Option<people::Model>> {
    let query = match row.person_id {
        Some(person) => people::Entity::find_by_id(person),
        None => {
            people::Entity::find().filter(people::Column::EmailKey.eq(email_key(&row.to_address)))
        }
    };
    Ok(query.one(connection).await?)
}

async fn request(
    connection: &impl ConnectionTrait,
    request: Uuid,
) -> Result<Option<support::Stored>> {
    let row = support_requests::Entity::find_by_id(request)
        .one(connection)
        .await?;
    match row {
        Some(row) => support::Stored::of(connection, row).await.map(Some),
        None => Ok(None),
    }
}

/// Of a letter that was written before it was noted about which invitation it is, any one of its
/// reader's counts.
async fn invited(
    connection: &impl ConnectionTrait,
    invitation: Option<Uuid>,
    person: Option<&people::Model>,
    now: Timestamp,
) -> Result<bool> {
    let Some(person) = person else {
        return Ok(false);
    };
    let mut waiting = app_invitations::Entity::find()
        .filter(app_invitations::Column::PersonId.eq(person.id))
        .filter(app_invitations::Column::State.eq(State::Waiting.word()))
        .filter(app_invitations::Column::ExpiresAt.gt(now.micros()));
    if let Some(invitation) = invitation {
        waiting = waiting.filter(app_invitations::Column::Id.eq(invitation));
    }
    Ok(waiting.one(connection).await?.is_some())
}

/// A letter that was written before it was noted about which request it is, is taken to be about
/// one that waits.
async fn asked(
    connection: &impl ConnectionTrait,
    request: Option<Uuid>,
    now: Timestamp,
) -> Result<bool> {
    let Some(request) = request else {
        return Ok(true);
    };
    let waiting = role_requests::Entity::find_by_id(request)
        .filter(role_requests::Column::State.eq(RequestState::Waiting.word()))
        .filter(role_requests::Column::EndsAt.gt(now.micros()))
        .one(connection)
        .await?;
    Ok(waiting.is_some())
}

/// Letters written before links were noted are taken to have one that works.
async fn link_works(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    person: Option<&people::Model>,
    now: Timestamp,
) -> Result<bool> {
    let Some(hash) = &row.link_hash else {
        return Ok(true);
    };
    let token = tokens::Entity::find_by_id(hash.as_str())
        .filter(tokens::Column::UsedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(now.micros()))
        .one(connection)
        .await?;
    // What happened to the account since has ended what was handed out before.
    Ok(token
        .zip(person)
        .is_some_and(|(token, person)| token.access_epoch == person.access_epoch))
}

fn holds(desk: &Desk, row: &outbox::Model, present: &Present, must: Must) -> bool {
    let Some(person) = &present.person else {
        return false;
    };
    let roles = roles_from_words(&person.roles);
    let id = PersonId(person.id);
    let stored = present.case.as_ref();
    // Of a letter that was written before it was noted about which app it is, nothing is known.
    let member = |unknown: bool| match &present.app {
        Some(app) => app.member(id).is_some(),
        None => unknown,
    };
    let may = |act: Act| {
        stored.is_some_and(|stored| {
            let subject = policy::Subject::new(&roles, &stored.relations_of(id));
            desk.policy.ask(&subject, act) == Verdict::Allowed
        })
    };
    let of_request =
        |so: &dyn Fn(&support::Stored) -> bool| present.request.as_ref().is_some_and(so);
    let seated = || stored.is_some_and(|stored| stored.case.seats.values().any(|one| *one == id));
    let dated = |so: &dyn Fn(&Finding) -> bool| {
        stored.is_some_and(|stored| {
            let case = &stored.case;
            case.state.kind() == StateKind::Approved
                && case.dated_findings().any(|(finding, _)| so(finding))
        })
    };
    match must {
        Must::Closed => person.closed_at.is_some(),
        Must::Account => person.disabled_at.is_none(),
        Must::Address => email_key(&person.email) == email_key(&row.to_address),
        Must::Link => present.link_works,
        Must::Role(role) => roles.contains(&role),
        Must::Invited => present.invited,
        Must::Asked => present.asked,
        Must::Member => member(true),
        Must::NoMember => !member(false),
        // Where nobody may sign, the owners were written to.
        Must::Signatory => {
            stored.is_some_and(|stored| stored.relations_of(id).contains(&Relation::AppOwner))
        }
        Must::ReadsInside => may(CaseAct::ReadInternal.into()),
        Must::Decides => may(ActionKind::Approve.into()),
        Must::Vacant => stored.is_some_and(is_vacant),
        Must::Seat => seated(),
        Must::DoesWork if present.worked_on => {
            stored.is_some_and(|stored| holders(&stored.row).contains(&person.id))
        }
        Must::DoesWork => roles.contains(&Role::Lead),
        Must::Open => stored.is_some_and(|stored| stored.case.state.kind().is_open()),
        Must::Over => stored.is_some_and(|stored| !stored.case.state.kind().is_open()),
        Must::SameTurn => stored.is_some_and(|stored| {
            stored.case.state.kind().is_open()
                && stored
                    .case
                    .clock
                    .running()
                    .is_some_and(|(_, since)| since.micros() <= row.created_at)
        }),
        Must::State(state) => stored.is_some_and(|stored| stored.case.state.kind() == state),
        Must::ChangeOpen | Must::Unreachable | Must::Unattested => present.approval,
        Must::Entry(_) => present.entry,
        Must::PartnerIn(states) => present.partner.is_some_and(|state| states.contains(&state)),
        Must::RequestIn(states) => of_request(&|stored| states.contains(&stored.request.state)),
        Must::ReadsRequest => {
            of_request(&|stored| support::reads_inside(&desk.policy.snapshot(), stored, id, &roles))
        }
        Must::RequestUntaken => of_request(&|stored| stored.request.assignee.is_none()),
        Must::HoldsRequest => of_request(&|stored| stored.request.assignee == Some(id)),
        Must::Reported => dated(&|finding| finding.is_reported()),
        Must::Uncorrected => dated(&|finding| !finding.is_reported()),
        Must::NotAccepted => stored.is_some_and(|stored| stored.case.acceptance.is_none()),
        Must::Grant(status) => stored.is_some_and(|stored| {
            let grant = stored.case.grant.as_ref();
            grant.is_some_and(|grant| grant.status == status)
        }),
    }
}

/// Whether there is work on the case for a seat that nobody holds.
fn is_vacant(stored: &Stored) -> bool {
    let row = &stored.row;
    stored.case.state.kind().is_open()
        && (row.assignee_id.is_none()
            || (row.commercial_open && row.commercial_id.is_none())
            || (row.technical_open && row.technical_id.is_none()))
}
