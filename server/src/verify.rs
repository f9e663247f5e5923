//! Receipts: given out to those whom they concern, and taken back from anybody, to be verified.

use crate::{problem::refusal, security::page_context, server::Server};
use app::{shell::shell, web::Visit};
use axum::{
    Extension, Router,
    body::Body,
    extract::{DefaultBodyLimit, Multipart, Path, Request, State},
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use casework::{Error, log::receipt};
use leptos::nonce::Nonce;
use std::sync::Arc;

/// No receipt is longer.
const MOST: usize = 1 << 20;

/// The routes.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/verify", post(verify))
        .layer(DefaultBodyLimit::max(MOST))
        .route("/applications/{case}/receipts/{seq}", get(give))
}

/// A receipt, to be saved.
async fn give(
    Path((case, seq)): Path<(String, String)>,
    Extension(visit): Extension<Visit>,
) -> Response {
    let given = async {
        let number = case.parse().map_err(|_| Error::NotFound)?;
        let seq = seq.strip_suffix(".json").ok_or(Error::NotFound)?;
        let seq = seq.parse().map_err(|_| Error::NotFound)?;
        receipt(&visit.desk, visit.caller()?, number, seq).await
    };
    match given.await {
        Ok((name, text)) => (
            [
                (header::CONTENT_TYPE, "application/json".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ],
            text,
        )
            .into_response(),
        Err(error) => refusal(&error),
    }
}

/// The page `/verify` with what came of the receipt in the form. Nothing of it is kept.
async fn verify(
    State(server): State<Server>,
    Extension(visit): Extension<Visit>,
    nonce: Option<Extension<Nonce>>,
    mut form: Multipart,
) -> Response {
    let mut receipt = None;
    loop {
        match form.next_field().await {
            Ok(Some(field)) if field.name() == Some("receipt") => match field.bytes().await {
                Ok(bytes) => receipt = Some(String::from_utf8_lossy(&bytes).into_owned()),
                Err(error) => return error.status().into_response(),
            },
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => return error.status().into_response(),
        }
    }
    let Some(receipt) = receipt else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static("/verify");
    request.extensions_mut().insert(Visit {
        receipt: Some(Arc::from(receipt)),
        ..visit
    });
    if let Some(Extension(nonce)) = nonce {
        request.extensions_mut().insert(nonce);
    }
    let options = server.leptos.clone();
    let render =
        leptos_axum::render_app_async_with_context(page_context, move || shell(options.clone()));
    crate::document::tidied(render(request).await).await
}
