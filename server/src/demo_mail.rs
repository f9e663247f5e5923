//! The HTML of a captured mail, shut into a document of its own.

use crate::{problem::refusal, server::Server};
use app::web::Visit;
use axum::{
    Extension, Router,
    extract::Path,
    http::{HeaderName, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use casework::{Error, queries};
use uuid::Uuid;

/// A mail may style itself and do nothing else; its links lead out of the frame.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
                      sandbox allow-top-navigation-by-user-activation";

/// The route of the frame on the page of a mail.
pub fn routes() -> Router<Server> {
    Router::new().route("/demo/mail/{id}/html", get(html))
}

async fn html(Path(id): Path<Uuid>, Extension(visit): Extension<Visit>) -> Response {
    if !visit.mode.demo {
        return refusal(&Error::NotFound);
    }
    match queries::demo_mail(&visit.desk, id).await {
        Ok(mail) => {
            let headers: [(HeaderName, &str); 2] = [
                (header::CONTENT_SECURITY_POLICY, POLICY),
                (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
            ];
            let html = mail.html.replace("<a ", "<a target=\"_top\" ");
            (headers, Html(html)).into_response()
        }
        Err(error) => refusal(&error),
    }
}
