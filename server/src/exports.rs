//! Copies of the trail: CSV and PDF. Each is recorded in the trail, so it begins by a POST: a link, a
//! prefetch or another site's page makes none.

use crate::{problem::refusal, server::Server};
use app::web::{Next, Visit, tell};
use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::post,
};
use casework::{
    Error, Result,
    accounts::own_data::own_data,
    input::Sent,
    queries::audit::TrailFilter,
    reports::{Export, Format, Paper, bundle_of_case, bundle_of_trail, export_case, export_trail},
    text::clean,
};

/// The routes of exports.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/audit/export.csv", post(trail_csv))
        .route("/audit/export.pdf", post(trail_pdf))
        .route("/audit/export.tar", post(trail_bundle))
        .route("/cases/{number}/report.csv", post(case_csv))
        .route("/cases/{number}/report.pdf", post(case_pdf))
        .route("/cases/{number}/report.tar", post(case_bundle))
        .route("/account/data.zip", post(own))
}

async fn trail_csv(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let sent = read(&body);
    answer(&visit, &sent, trail(&visit, &sent, Format::Csv).await).await
}

async fn trail_pdf(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let sent = read(&body);
    let format = Format::Pdf(paper(&sent));
    answer(&visit, &sent, trail(&visit, &sent, format).await).await
}

async fn trail_bundle(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let sent = read(&body);
    let export = match visit.caller() {
        Ok(caller) => bundle_of_trail(&visit.desk, caller, &filter(&sent)).await,
        Err(error) => Err(error),
    };
    answer(&visit, &sent, export).await
}

async fn case_bundle(
    Path(number): Path<String>,
    Extension(visit): Extension<Visit>,
    body: Bytes,
) -> Response {
    let sent = read(&body);
    let export = async {
        let number = number.parse().map_err(|_| Error::NotFound)?;
        bundle_of_case(&visit.desk, visit.caller()?, number).await
    };
    let export = export.await;
    answer(&visit, &sent, export).await
}

async fn case_csv(
    Path(number): Path<String>,
    Extension(visit): Extension<Visit>,
    body: Bytes,
) -> Response {
    let sent = read(&body);
    answer(&visit, &sent, case(&visit, &number, Format::Csv).await).await
}

async fn case_pdf(
    Path(number): Path<String>,
    Extension(visit): Extension<Visit>,
    body: Bytes,
) -> Response {
    let sent = read(&body);
    let format = Format::Pdf(paper(&sent));
    answer(&visit, &sent, case(&visit, &number, format).await).await
}

async fn own(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let sent = read(&body);
    let export = match visit.caller() {
        Ok(caller) => own_data(&visit.desk, caller).await,
        Err(error) => Err(error),
    };
    answer(&visit, &sent, export).await
}

/// What the button of a copy says; nothing where it cannot be read.
fn read(body: &Bytes) -> Sent {
    Sent::from_form(body).unwrap_or_default()
}

fn paper(sent: &Sent) -> Paper {
    match sent.first("paper") {
        "letter" => Paper::Letter,
        _ => Paper::A4,
    }
}

/// Which part of the trail is asked for.
fn filter(sent: &Sent) -> TrailFilter {
    let part = |name| clean(sent.first(name)).trim().to_owned();
    TrailFilter {
        who: part("who"),
        what: part("what"),
        case: part("case"),
        from: part("from"),
        to: part("to"),
    }
}

async fn trail(visit: &Visit, sent: &Sent, format: Format) -> Result<Export> {
    export_trail(&visit.desk, visit.caller()?, &filter(sent), format).await
}

async fn case(visit: &Visit, number: &str, format: Format) -> Result<Export> {
    let number = number.parse().map_err(|_| Error::NotFound)?;
    export_case(&visit.desk, visit.caller()?, number, format).await
}

/// The file, to be saved; a refusal is told on the page that asked, where it can be.
async fn answer(visit: &Visit, sent: &Sent, export: Result<Export>) -> Response {
    match export {
        Ok(export) => {
            let mut headers = HeaderMap::new();
            let disposition = format!("attachment; filename=\"{}\"", export.file_name);
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(export.content_type),
            );
            if let Ok(value) = HeaderValue::from_str(&disposition) {
                headers.insert(header::CONTENT_DISPOSITION, value);
            }
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            (headers, Body::from_stream(export.body)).into_response()
        }
        Err(error) if visit.wants_page && !matches!(error, Error::NotFound) => {
            Next::to(tell(visit, "export", sent, &error).await).into_response()
        }
        Err(error) => refusal(&error),
    }
}
