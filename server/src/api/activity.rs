//! On which days users were served.

use super::{
    gateway::{Known, Named},
    problem::Problem,
};
use crate::server::Server;
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{FromRequest, Request, State, rejection::JsonRejection},
    http::StatusCode,
};
use casework::{
    Error,
    access::Subject,
    commands::{self, Served, of_line},
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use std::error::Error as _;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};
use utoipa::ToSchema;

/// How a day is written.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A report: at most 1,000 lines, of at most the last 14 days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    served: Vec<Line>,
}

/// One user on one day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// In UTC.
    #[schema(example = "2026-11-25")]
    day: String,
    #[schema(example = "9f0c-41aa")]
    subject: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counted {
    /// Lines that were not known before.
    #[schema(example = 1)]
    counted: u32,
    /// Lines that had been reported before.
    #[schema(example = 0)]
    known: u32,
    /// Lines about users who had not authorised the app on that day. They are not counted.
    #[schema(example = 0)]
    not_authorised: u32,
}

/// Says which users were served on which days; the whole report is taken or nothing of it. The same
/// report again counts nobody twice; who had not authorised the app on that day is not counted.
#[utoipa::path(
    post,
    path = "/api/v1/apps/{client_id}/activity",
    params(("client_id" = String, Path)),
    request_body = Report,
    responses(
        (status = 200, body = Counted, description = "What was taken"),
        (status = 401, body = Problem, content_type = "application/problem+json",
            description = "without a token, or with one that has ended or was never given"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "the token may not ask this"),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "no app has this `client_id`"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "nothing of it is taken; where a line is the reason, `title` begins with the \
                first such one, counted from 1: `Line 2: …`"),
    )
)]
pub async fn report(
    State(server): State<Server>,
    Known(gateway): Known,
    Named(client_id): Named<String>,
    report: Report,
) -> Result<Json<Counted>, Problem> {
    let served = report
        .served
        .iter()
        .enumerate()
        .map(|(index, line)| read(line).map_err(|why| Error::field("served", of_line(index, &why))))
        .collect::<Result<Vec<_>, Error>>()?;
    let reported = commands::report_served(&server.desk, &gateway, &client_id, &served).await?;
    Ok(Json(Counted {
        counted: reported.counted,
        known: reported.known,
        not_authorised: reported.not_authorised,
    }))
}

/// What a line says, or what is wrong with it.
fn read(line: &Line) -> Result<Served, String> {
    let day = Date::parse(&line.day, DAY).map_err(|_| "a day is written as 2026-11-25.")?;
    let subject = Subject::parse(&line.subject).map_err(|error| error.to_string())?;
    Ok(Served { day, subject })
}

impl<S: Send + Sync> FromRequest<S> for Report {
    type Rejection = Problem;

    /// Whether it is JSON at all is asked before whether it is a report, so that a body which breaks
    /// off is told from one of another shape.
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let arriving = Request::from_parts(parts.clone(), body);
        let body = Bytes::from_request(arriving, state)
            .await
            .map_err(|error| unreadable(&error.into()))?;
        let whole = Request::from_parts(parts, Body::from(body.clone()));
        let Json(IgnoredAny) = Json::from_request(whole, state)
            .await
            .map_err(|error| unreadable(&error))?;
        let Json(report) = Json::from_bytes(&body).map_err(|error| unreadable(&error))?;
        Ok(report)
    }
}

/// What is wrong with the shape of a line, where it is one: a reader of JSON says `served[1].day: …`,
/// and where in the bytes it was when it found out.
fn in_line(why: &str) -> Option<String> {
    let (index, why) = why.strip_prefix("served[")?.split_once(']')?;
    let why = why.trim_start_matches(['.', ':', ' ']);
    let why = why.rsplit_once(" at line ").map_or(why, |(why, _)| why);
    Some(of_line(index.parse().ok()?, &format!("{why}.")))
}

/// Why a body is no report, in words of ours.
fn unreadable(error: &JsonRejection) -> Problem {
    let status = match error.status() {
        StatusCode::BAD_REQUEST => StatusCode::UNPROCESSABLE_ENTITY,
        other => other,
    };
    let why = error.source().map(ToString::to_string);
    if let Some(title) = why.as_deref().and_then(in_line) {
        return Problem::new(status, "invalid", title);
    }
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    let title = match error {
        JsonRejection::MissingJsonContentType(_) => {
            "Send the report as JSON, with Content-Type: application/json.".to_owned()
        }
        JsonRejection::JsonSyntaxError(_) => format!("The body is not JSON{why}."),
        JsonRejection::JsonDataError(_) => format!("The body is JSON, but not a report{why}."),
        _ if status == StatusCode::PAYLOAD_TOO_LARGE => {
            "The body is too large: report at most 1,000 lines at once.".to_owned()
        }
        _ => "The body did not arrive whole.".to_owned(),
    };
    Problem::new(status, "invalid", title)
}
