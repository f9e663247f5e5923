//! Answers to a subject that is being typed, as a part of the page `/support/new`.

use crate::{document, problem::refusal, server::Server};
use app::{pages::support::answers_to, web::Visit};
use axum::{
    Extension, Router,
    http::header,
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::get,
};

/// The route of what is found.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/support/answers", get(found))
        .layer(map_response(document::tidied))
}

/// The same list that the page itself would show.
async fn found(Extension(visit): Extension<Visit>) -> Response {
    match answers_to(&visit).await {
        Ok(html) => ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => refusal(&error),
    }
}
