//! Invitations to become a member of an app: for whom they are, how long they hold, and who cannot
//! accept one.

use crate::{
    Caller, Error, Result,
    entities::{app_invitations, cases, people},
    rows,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Set,
};
use workflow::{AppId, Case, CaseNumber, PersonId, Timestamp, case::GrantStatus, state::Side};

/// The most members an app has, those invited among them.
pub const MOST_MEMBERS: usize = 50;

/// What became of an invitation. That its time is over is no state: it follows from the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Accepted,
    Declined,
    Withdrawn,
}

impl State {
    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The invitations of an app that can still be accepted, oldest first.
pub(crate) async fn waiting(
    connection: &impl ConnectionTrait,
    app: AppId,
    now: Timestamp,
) -> Result<Vec<app_invitations::Model>> {
    Ok(app_invitations::Entity::find()
        .filter(app_invitations::Column::AppId.eq(app.0))
        .filter(app_invitations::Column::State.eq(State::Waiting.word()))
        .filter(app_invitations::Column::ExpiresAt.gt(now.micros()))
        .order_by_asc(app_invitations::Column::Id)
        .all(connection)
        .await?)
}

/// An invitation to this name or address whose time is over makes room for the next one: only one
/// of them waits. That none waits which can still be accepted has been asked before.
pub(crate) async fn expire(connection: &impl ConnectionTrait, app: AppId, key: &str) -> Result<()> {
    app_invitations::Entity::update_many()
        .set(app_invitations::ActiveModel {
            state: Set(State::Withdrawn.word().to_owned()),
            ..Default::default()
        })
        .filter(app_invitations::Column::AppId.eq(app.0))
        .filter(app_invitations::Column::AddressKey.eq(key))
        .filter(app_invitations::Column::State.eq(State::Waiting.word()))
        .exec(connection)
        .await?;
    Ok(())
}

/// The unanswered invitations of one person: those made to the account, and those made to its
/// confirmed address before there was an account.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn addressed_to(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Select<app_invitations::Entity>> {
    let me = people::Entity::find_by_id(caller.person.0)
        .one(connection)
        .await?
        .ok_or(Error::SignedOut)?;
    let mut mine = Condition::any().add(app_invitations::Column::PersonId.eq(me.id));
    if me.email_verified_at.is_some() {
        mine = mine.add(
            Condition::all()
                .add(app_invitations::Column::PersonId.is_null())
                .add(app_invitations::Column::AddressKey.eq(me.email_key)),
        );
    }
    Ok(app_invitations::Entity::find()
        .filter(mine)
        .filter(app_invitations::Column::State.eq(State::Waiting.word())))
}

/// What keeps somebody from becoming a member of an app for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// An open case that they work on, or did review work on: the app cannot take them away from it.
    WorksOn(CaseNumber),
    /// As staff they reviewed or approved a case whose grant holds: who let an app in is not asked
    /// in by it.
    LetIn(CaseNumber),
}

impl Obstacle {
    /// What is said to them.
    pub fn words(self) -> String {
        match self {
            Self::WorksOn(case) => format!(
                "You work on {case} of this app, or reviewed it. You can accept once that \
                 application has ended; until then it needs you."
            ),
            Self::LetIn(case) => format!(
                "You reviewed or approved {case} of this app, and its access holds. Staff of this \
                 desk who did so cannot join the app."
            ),
        }
    }
}

/// What keeps a person from becoming a member of an app, if something does. `staff`: whether they
/// hold a role here.
///
/// # Errors
/// When the database does not answer, or a case cannot be read.
pub(crate) async fn obstacle(
    connection: &impl ConnectionTrait,
    app: AppId,
    person: PersonId,
    staff: bool,
) -> Result<Option<Obstacle>> {
    let cases = cases_of(app).all(connection).await?;
    obstacle_in(&cases, person, staff)
}

/// As [`obstacle`], of the app's cases that have been read.
pub(crate) fn obstacle_in(
    cases: &[cases::Model],
    person: PersonId,
    staff: bool,
) -> Result<Option<Obstacle>> {
    for row in cases {
        let case: Case = rows::json(&row.document, "cases", row.number, "document")?;
        let reviewed = case.reviewers.contains(&person);
        if case.state.kind().is_open() {
            if reviewed || case.seats.values().any(|holder| *holder == person) {
                return Ok(Some(Obstacle::WorksOn(case.number)));
            }
        } else if staff
            && let Some(grant) = &case.grant
            && grant.status != GrantStatus::Revoked
            && (reviewed || grant.approved.by == person)
        {
            return Ok(Some(Obstacle::LetIn(case.number)));
        }
    }
    Ok(None)
}

/// All cases of an app, in the order in which steps lock them.
pub(crate) fn cases_of(app: AppId) -> Select<cases::Entity> {
    cases::Entity::find()
        .filter(cases::Column::AppId.eq(app.0))
        .order_by_asc(cases::Column::Number)
}

/// The cases of an app that are on their way.
pub(crate) fn open_cases(app: AppId) -> Select<cases::Entity> {
    cases_of(app).filter(cases::Column::Side.ne(Side::Nobody.word()))
}
