//! The copy of an accepted agreement, to be saved.

use crate::{problem::refusal, server::Server};
use app::web::Visit;
use axum::{
    Extension, Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use casework::{
    Error,
    queries::{self, Shape},
};
use workflow::CaseNumber;

/// The routes of signed copies.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/applications/{case}/agreement/copy", get(signed))
        .route("/applications/{case}/agreement/original", get(original))
}

/// The agreement with its signature, to be read.
async fn signed(case: Path<String>, visit: Extension<Visit>) -> Response {
    send(&case, &visit, Shape::Signed).await
}

/// The very bytes whose hash was signed.
async fn original(case: Path<String>, visit: Extension<Visit>) -> Response {
    send(&case, &visit, Shape::Original).await
}

async fn send(case: &str, visit: &Visit, shape: Shape) -> Response {
    let copy = async {
        let number: CaseNumber = case.parse().map_err(|_| Error::NotFound)?;
        queries::signed_copy(&visit.desk, visit.caller()?, number, shape).await
    };
    match copy.await {
        Ok(copy) => (
            [
                (header::CONTENT_TYPE, copy.mime.to_owned()),
                (header::CONTENT_DISPOSITION, copy.disposition),
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
                ),
            ],
            copy.bytes,
        )
            .into_response(),
        Err(error) => refusal(&error),
    }
}
