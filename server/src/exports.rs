//! Copies of the trail: CSV and PDF. Each is recorded in the trail, so it begins by a POST: a link, a
//! prefetch or another site's page makes none.

use crate::{problem::refusal, server::Server};
use app::web::{Visit, come_back};
use axum::{
    Extension, Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use casework::{
    Error, Result,
    queries::audit::TrailFilter,
    reports::{Export, Format, Paper, export_case, export_trail},
};

/// The routes of exports.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/audit/export.csv", post(trail_csv))
        .route("/audit/export.pdf", post(trail_pdf))
        .route("/cases/{number}/report.csv", post(case_csv))
        .route("/cases/{number}/report.pdf", post(case_pdf))
}

async fn trail_csv(Extension(visit): Extension<Visit>) -> Response {
    answer(&visit, trail(&visit, Format::Csv).await).await
}

async fn trail_pdf(Extension(visit): Extension<Visit>) -> Response {
    answer(&visit, trail(&visit, Format::Pdf(paper(&visit))).await).await
}

async fn case_csv(Path(number): Path<String>, Extension(visit): Extension<Visit>) -> Response {
    answer(&visit, case(&visit, &number, Format::Csv).await).await
}

async fn case_pdf(Path(number): Path<String>, Extension(visit): Extension<Visit>) -> Response {
    let format = Format::Pdf(paper(&visit));
    answer(&visit, case(&visit, &number, format).await).await
}

fn paper(visit: &Visit) -> Paper {
    match visit.entry("paper") {
        "letter" => Paper::Letter,
        _ => Paper::A4,
    }
}

async fn trail(visit: &Visit, format: Format) -> Result<Export> {
    let part = |name| visit.entry(name).trim().to_owned();
    let filter = TrailFilter {
        who: part("who"),
        what: part("what"),
        case: part("case"),
        from: part("from"),
        to: part("to"),
    };
    export_trail(&visit.desk, visit.caller()?, &filter, format).await
}

async fn case(visit: &Visit, number: &str, format: Format) -> Result<Export> {
    let number = number.parse().map_err(|_| Error::NotFound)?;
    export_case(&visit.desk, visit.caller()?, number, format).await
}

/// The file, to be saved; a refusal is told on the page that asked, where it can be.
async fn answer(visit: &Visit, export: Result<Export>) -> Response {
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
            Redirect::to(&come_back(visit, "export", &error).await).into_response()
        }
        Err(error) => refusal(&error),
    }
}
