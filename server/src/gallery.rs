//! The images of the gallery.

use crate::{problem::refusal, server::Server};
use app::web::Visit;
use axum::{
    Extension, Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use casework::gallery::queries::gallery_image;

/// What anybody may keep for a year: an image never changes under its name.
const FOR_EVERYBODY: &str = "public, max-age=31536000, immutable";
/// What is not public yet is looked up each time.
const FOR_ONE: &str = "no-store";

/// The route of images.
pub fn routes() -> Router<Server> {
    Router::new().route("/gallery/images/{name}", get(image))
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
            let headers = [
                (header::CONTENT_TYPE, image.mime),
                (header::CACHE_CONTROL, keep),
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; sandbox",
                ),
            ];
            (headers, image.bytes).into_response()
        }
        Err(error) => refusal(&error),
    }
}
