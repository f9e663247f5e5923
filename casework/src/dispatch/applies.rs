//! Whether a letter still applies when its turn comes: its reader and its matter are looked at
//! again, for hours may have passed since it was written.

use crate::{
    Desk, Result,
    entities::{app_invitations, cases, outbox, people, tokens},
    policy::{self, CaseAct, Verdict},
    post::{LetterKind, Must},
    roles_from_words,
    store::{Intent, Stored},
    text::email_key,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use workflow::{CaseNumber, PersonId, Relation, Role, Timestamp};

/// What the letter is held against.
struct Present {
    person: Option<people::Model>,
    case: Option<Stored>,
    link_works: bool,
    invited: bool,
}

/// What no longer holds of what a letter of this kind needs; none where all of it does.
///
/// # Errors
/// When the database does not answer, or the case cannot be read.
pub(super) async fn fault(
    desk: &Desk,
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    kind: LetterKind,
) -> Result<Option<Must>> {
    let present = Present {
        person: person(connection, row).await?,
        case: case(connection, row).await?,
        link_works: false,
        invited: false,
    };
    let present = Present {
        invited: invited(connection, present.person.as_ref(), desk.now()).await?,
        link_works: link_works(connection, row, present.person.as_ref(), desk.now()).await?,
        ..present
    };
    let fault = kind
        .must()
        .iter()
        .copied()
        .find(|must| !holds(desk, row, &present, *must));
    Ok(fault)
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

async fn case(connection: &impl ConnectionTrait, row: &outbox::Model) -> Result<Option<Stored>> {
    let Some(id) = row.case_id else {
        return Ok(None);
    };
    let Some(case) = cases::Entity::find_by_id(id).one(connection).await? else {
        return Ok(None);
    };
    let Ok(number) = u32::try_from(case.number) else {
        return Ok(None);
    };
    let stored = Stored::load(connection, CaseNumber(number), Intent::Read).await?;
    Ok(Some(stored))
}

async fn invited(
    connection: &impl ConnectionTrait,
    person: Option<&people::Model>,
    now: Timestamp,
) -> Result<bool> {
    let Some(person) = person else {
        return Ok(false);
    };
    let waiting = app_invitations::Entity::find()
        .filter(app_invitations::Column::PersonId.eq(person.id))
        .filter(app_invitations::Column::State.eq("waiting"))
        .filter(app_invitations::Column::ExpiresAt.gt(now.micros()))
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
    let related = |wanted: &[Relation]| {
        stored.is_some_and(|stored| {
            let relations = stored.relations_of(id);
            wanted.iter().all(|one| relations.contains(one))
        })
    };
    let seated = || stored.is_some_and(|stored| stored.case.seats.values().any(|one| *one == id));
    match must {
        Must::Account => person.disabled_at.is_none(),
        Must::Address => email_key(&person.email) == email_key(&row.to_address),
        Must::Link => present.link_works,
        Must::Role(role) => roles.contains(&role),
        Must::Invited => present.invited,
        Must::Member => related(&[Relation::AppMember]),
        // Where nobody may sign, the owners were written to.
        Must::Signatory => related(&[Relation::AppOwner]),
        Must::ReadsInside => stored.is_some_and(|stored| {
            let subject = policy::Subject::new(&roles, &stored.relations_of(id));
            desk.policy.ask(&subject, CaseAct::ReadInternal) == Verdict::Allowed
        }),
        Must::Seat => seated(),
        Must::SeatOrLead => seated() || roles.contains(&Role::Lead),
        Must::Open => stored.is_some_and(|stored| stored.case.state.kind().is_open()),
        Must::SameTurn => stored.is_some_and(|stored| {
            stored.case.state.kind().is_open()
                && stored
                    .case
                    .clock
                    .running()
                    .is_some_and(|(_, since)| since.micros() <= row.created_at)
        }),
        Must::State(state) => stored.is_some_and(|stored| stored.case.state.kind() == state),
        Must::NotAccepted => stored.is_some_and(|stored| stored.case.acceptance.is_none()),
        Must::Grant(status) => stored.is_some_and(|stored| {
            let grant = stored.case.grant.as_ref();
            grant.is_some_and(|grant| grant.status == status)
        }),
    }
}
