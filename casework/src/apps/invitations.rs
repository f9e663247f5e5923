//! Invitations to become a member of an app: for whom they are, how long they hold, and who cannot
//! accept one.

use crate::{
    Caller, Error, Result,
    entities::{app_invitations, cases, people},
    rows,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
};
use workflow::{AppId, Case, CaseNumber, PersonId, Timestamp, state::Side};

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

/// The open case of an app that a person works on, or did review work on: while it is open the app
/// cannot take that person away from it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn works_for_us(
    connection: &impl ConnectionTrait,
    app: AppId,
    person: PersonId,
) -> Result<Option<CaseNumber>> {
    let open = open_cases(app).all(connection).await?;
    works_on(&open, person)
}

/// As [`works_for_us`], of cases that have been read.
pub(crate) fn works_on(open: &[cases::Model], person: PersonId) -> Result<Option<CaseNumber>> {
    for row in open {
        let case: Case = rows::json(&row.document, "cases", row.number, "document")?;
        let seated = case.seats.values().any(|holder| *holder == person);
        if seated || case.reviewers.contains(&person) {
            return Ok(Some(case.number));
        }
    }
    Ok(None)
}

/// The cases of an app that are on their way.
pub(crate) fn open_cases(app: AppId) -> Select<cases::Entity> {
    cases::Entity::find()
        .filter(cases::Column::AppId.eq(app.0))
        .filter(cases::Column::Side.ne(Side::Nobody.word()))
        .order_by_asc(cases::Column::Number)
}

/// What is said to someone who cannot accept because of work on this case.
pub(crate) fn working_on(case: CaseNumber) -> String {
    format!(
        "You work on {case} of this app, or reviewed it. You can accept once that application has \
         ended; until then it needs you."
    )
}
