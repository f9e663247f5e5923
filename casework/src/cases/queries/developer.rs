//! What the developers' queries share.

use crate::{
    Caller, Desk, Error, Result,
    cases::sight::{self, Part},
    commands::app_subject,
    entities::apps,
    policy::{AppAct, Subject, Verdict},
    reference::Known,
    relations::AppPeople,
    store::Stored,
};
use sea_orm::EntityTrait;
use workflow::{
    ActionKind, AppId, Case, CaseNumber, Timestamp,
    case::GrantStatus,
    state::{State, StateKind},
};

/// What is asked of the developer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedOfDeveloper {
    pub action: ActionKind,
    /// How many questions or findings wait.
    pub count: usize,
    /// By when; none where there is no date.
    pub due: Option<Timestamp>,
    /// After which day the application lapses where nothing is done; none where it does not.
    pub lapses: Option<Timestamp>,
}

/// What a case asks of its developer now; nothing while it is our turn or all is over.
pub fn asked(case: &Case, known: &Known) -> Option<AskedOfDeveloper> {
    let (action, count) = match case.state {
        State::Draft => (ActionKind::Submit, 0),
        State::Clarification { .. } => (
            ActionKind::AnswerClarification,
            case.open_questions().count(),
        ),
        State::Corrections { .. } => (
            ActionKind::Resubmit,
            case.findings.iter().filter(|f| f.is_open()).count(),
        ),
        State::Agreement { .. } => (ActionKind::AcceptDla, 0),
        State::Approved => return correction_asked(case),
        _ => return None,
    };
    let due = case.state.developer_due();
    Some(AskedOfDeveloper {
        action,
        count,
        due,
        lapses: due.map(|due| known.calendar.due(due, known.settings.grace_days)),
    })
}

/// What an approval left to be corrected by a date and was not reported yet.
fn correction_asked(case: &Case) -> Option<AskedOfDeveloper> {
    let revoked = case
        .grant
        .as_ref()
        .is_none_or(|grant| grant.status == GrantStatus::Revoked);
    let dates: Vec<Timestamp> = case
        .dated_findings()
        .filter(|(finding, _)| !revoked && !finding.is_reported())
        .map(|(_, due)| due)
        .collect();
    Some(AskedOfDeveloper {
        action: ActionKind::ReportCorrection,
        count: dates.len(),
        due: Some(dates.into_iter().min()?),
        lapses: None,
    })
}

/// As asked of this reader: a member who may not sign for the organisation is not asked to.
pub fn asked_of(
    desk: &Desk,
    who: &Subject,
    asked: Option<AskedOfDeveloper>,
) -> Option<AskedOfDeveloper> {
    asked.filter(|asked| {
        asked.action != ActionKind::AcceptDla
            || desk.policy.ask(who, asked.action) == Verdict::Allowed
    })
}

/// A case that the caller may read.
///
/// # Errors
/// [`Error::NotFound`] to everybody else.
pub(crate) async fn readable(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<Stored> {
    let (stored, _) =
        sight::read(desk, desk.database.read(), caller, number, Part::Outside).await?;
    Ok(stored)
}

/// An app that the caller may read, with its members.
///
/// # Errors
/// [`Error::NotFound`] to everybody else.
pub(crate) async fn readable_app(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
) -> Result<(apps::Model, AppPeople)> {
    let connection = desk.database.read();
    let row = apps::Entity::find_by_id(app.0)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let people = AppPeople::of(connection, app.0).await?;
    let subject = app_subject(caller, &people);
    if desk.policy.ask(&subject, AppAct::Read) == Verdict::Allowed {
        Ok((row, people))
    } else {
        Err(Error::NotFound)
    }
}

/// Whether an application is still on its way.
pub(crate) fn is_open(state: &str) -> bool {
    StateKind::from_word(state).is_some_and(StateKind::is_open)
}
