//! Open a request.

use super::{Files, LONGEST_MESSAGE, message, request_files::attach};
use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    audit::Subject,
    entities::{
        cases, support_messages,
        support_requests::{self, Column as C},
    },
    input::input,
    limits::{self, REQUESTS},
    policy::{self, SupportAct},
    relations::AppPeople,
    support::{letters, store::Stored},
    take,
    text::{Limits, line},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    AppId, CaseNumber,
    state::Side,
    support::{Category, Environment, LONGEST_SUBJECT, Request, RequestNumber},
    text::plain,
};

/// So many requests one person opens within a day.
pub const REQUESTS_A_DAY: i32 = REQUESTS.most;

input! {
    /// What a developer asks.
    pub struct OpenRequestInput for "open_request" OnDesk {
        typed subject: String = "Subject" up to LONGEST_SUBJECT;
        typed category: Option<Category> = "What it is about";
        typed app: Option<AppId> = "App";
        typed case: String = "Application" up to 20;
        typed environment: Option<Environment> = "Where it happens";
        typed text: String = "Your question" up to LONGEST_MESSAGE;
        typed files: String = "Files" up to 0;
    }
}

/// The number before the first.
const BEFORE_FIRST: i32 = 1_000;

/// Opens a request with the files that were sent with it; answers its number.
///
/// # Errors
/// [`Error::Forbidden`] to those who are no developers; [`Error::Input`]; [`Error::Throttled`].
pub async fn open_request(
    desk: &Desk,
    caller: &Caller,
    input: &OpenRequestInput,
    files: &Files,
) -> Result<RequestNumber> {
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.snapshot().require(&subject, SupportAct::Open)?;
    let mut problems = Vec::new();
    let limits = Limits {
        field: "subject",
        label: "Subject",
        min: 5,
        max: LONGEST_SUBJECT,
    };
    let title = line(limits, &input.subject, &mut problems);
    let mut also = |result: Result<()>| match result {
        Err(Error::Input { problems: more }) => {
            problems.extend(more);
            Ok(())
        }
        other => other,
    };
    also(chosen(
        input.category.as_ref(),
        "category",
        "What it is about",
    ))?;
    also(chosen(
        input.environment.as_ref(),
        "environment",
        "Where it happens",
    ))?;
    also(message("Your question", &input.text).map(|_| ()))?;
    let reading = desk.database.read();
    let case = own_case(reading, caller, &input.case).await;
    let of_case = case.as_ref().ok().and_then(Option::as_ref);
    let app = own_app(reading, caller, input.app, of_case).await;
    also(case.map(|_| ()))?;
    also(app.map(|_| ()))?;
    let (Some(category), Some(environment), true) =
        (input.category, input.environment, problems.is_empty())
    else {
        return Err(Error::Input { problems });
    };
    let text = message("Your question", &input.text)?;

    let mut step = Step::begin(desk, By::Person(caller)).await?;
    step.policy.require(&subject, SupportAct::Open)?;
    limits::take_on(
        step.transaction(),
        desk,
        &REQUESTS,
        &caller.person.to_string(),
    )
    .await?;
    let case = own_case(step.transaction(), caller, &input.case).await?;
    let app = own_app(step.transaction(), caller, input.app, case.as_ref()).await?;
    take(step.transaction(), Lock::RequestNumber).await?;
    let number = next_number(step.transaction()).await?;
    let request = Request::open(
        number,
        caller.person,
        category,
        step.now,
        &step.known.calendar,
    );
    let now = step.now.micros();
    let row = support_requests::Model {
        id: Uuid::now_v7(),
        number: i32::try_from(number.0).map_err(Error::unavailable)?,
        opener_id: caller.person.0,
        app_id: app,
        case_id: case.map(|case| case.id),
        category: category.word().to_owned(),
        environment: environment.word().to_owned(),
        subject_key: plain(&title),
        subject: title,
        state: request.state.word().to_owned(),
        side: request.state.side().word().to_owned(),
        assignee_id: None,
        due_at: request.due.map(workflow::Timestamp::micros),
        since_at: Some(now),
        us_spent: 0,
        developer_spent: 0,
        ended_at: None,
        stars: None,
        rating: None,
        merged_into: None,
        moved_to: None,
        opened_at: now,
        changed_at: now,
        version: 1,
    };
    support_requests::Entity::insert(support_requests::ActiveModel::from(row.clone()).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    let message = Uuid::now_v7();
    support_messages::Entity::insert(support_messages::ActiveModel {
        id: Set(message),
        request_id: Set(row.id),
        author_id: Set(caller.person.0),
        text_key: Set(plain(&text)),
        text: Set(text),
        written_at: Set(now),
        side: Set(Side::Developer.word().to_owned()),
    })
    .exec_without_returning(step.transaction())
    .await?;
    let stored = Stored::of(step.transaction(), row).await?;
    letters::received(&step, &stored).await?;
    letters::arrived(&step, &stored).await?;
    let body = json!({
        "number": number.0,
        "state": stored.row.state,
        "category": category.word(),
        "environment": environment.word(),
        "app": app,
    });
    step.append(
        Subject::Request(stored.row.id),
        "request_opened",
        body,
        String::new(),
    );
    let side = Side::Developer;
    attach(&mut step, &stored.row, caller, side, files, Some(message)).await?;
    step.commit().await?;
    Ok(number)
}

fn chosen<T>(value: Option<&T>, field: &str, label: &str) -> Result<()> {
    match value {
        Some(_) => Ok(()),
        None => Err(Error::field(
            field,
            format!("{label}: choose one of the list."),
        )),
    }
}

/// The application that the developer named, if it is one of theirs.
async fn own_case(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    typed: &str,
) -> Result<Option<cases::Model>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let none = || {
        Error::field(
            "case",
            "Application: write the number of one of yours, such as UD-1042, or leave it empty.",
        )
    };
    let number: CaseNumber = typed.parse().map_err(|_| none())?;
    let number = i32::try_from(number.0).map_err(|_| none())?;
    let case = cases::Entity::find()
        .filter(cases::Column::Number.eq(number))
        .one(connection)
        .await?
        .ok_or_else(none)?;
    let people = AppPeople::of(connection, case.app_id).await?;
    if people.member(caller.person).is_none() {
        return Err(none());
    }
    Ok(Some(case))
}

/// The app that it is about: the one chosen, or that of the application.
async fn own_app(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    chosen: Option<AppId>,
    case: Option<&cases::Model>,
) -> Result<Option<Uuid>> {
    let wrong = |text: &str| Error::field("app", format!("App: {text}"));
    match (chosen, case) {
        (None, case) => Ok(case.map(|case| case.app_id)),
        (Some(app), Some(case)) if app.0 != case.app_id => {
            Err(wrong("the application is of another app; choose that one."))
        }
        (Some(app), _) => {
            let people = AppPeople::of(connection, app.0).await?;
            match people.member(caller.person) {
                Some(_) => Ok(Some(app.0)),
                None => Err(wrong("choose one of yours.")),
            }
        }
    }
}

/// The number after the last one.
async fn next_number(connection: &impl ConnectionTrait) -> Result<RequestNumber> {
    let last: Option<i32> = support_requests::Entity::find()
        .select_only()
        .column(C::Number)
        .order_by_desc(C::Number)
        .into_tuple()
        .one(connection)
        .await?;
    let next = last.unwrap_or(BEFORE_FIRST).max(BEFORE_FIRST) + 1;
    u32::try_from(next)
        .map(RequestNumber)
        .map_err(Error::unavailable)
}
