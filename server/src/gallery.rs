//! The images of the gallery, and the logos of apps.

use crate::{problem::refusal, server::Server};
use app::web::Visit;
use axum::{
    Extension, Router,
    body::Bytes,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use casework::{Error, apps::logo::app_logo, gallery::queries::gallery_image};

/// What anybody may keep for a year: an image never changes under its name.
const FOR_EVERYBODY: &str = "public, max-age=31536000, immutable";
/// What this browser's owner alone may see; another logo has another name.
const FOR_READERS: &str = "private, max-age=3600";
/// What is not public yet is looked up each time.
const FOR_ONE: &str = "no-store";

/// The route of images.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/gallery/images/{name}", get(image))
        .route("/apps/{id}/logo/{name}", get(logo))
}

/// Sends the logo of an app to those who may see it.
async fn logo(
    Path((id, name)): Path<(String, String)>,
    Extension(visit): Extension<Visit>,
) -> Response {
    let answer = async {
        let app = id.parse().map_err(|_| Error::NotFound)?;
        app_logo(&visit.desk, visit.caller()?, app, &name).await
    };
    match answer.await {
        Ok(logo) => sent(logo.mime, FOR_READERS, logo.bytes),
        Err(error) => refusal(&error),
    }
}

/// Sends an image. Nothing in it is carried out, whatever a browser takes it for.
async fn image(Path(name): Path<String>, Extension(visit): Extension<Visit>) -> Response {
    match gallery_image(&visit.desk, visit.caller().ok(), &name).await {
        Ok(image) => {
            let keep = if image.is_public {
                FOR_EVERYBODY
            } else {
                FOR_ONE
            };
            sent(image.mime, keep, image.bytes)
        }
        Err(error) => refusal(&error),
    }
}

fn sent(mime: &'static str, keep: &'static str, bytes: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, keep),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    (headers, bytes).into_response()
}
