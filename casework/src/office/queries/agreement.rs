//! Published agreements, as people read them. Agreements are public: they are read before anyone
//! has an account.

use crate::{Desk, Error, Result, entities::agreements};
use sea_orm::EntityTrait;
use workflow::Timestamp;

/// One version of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// `developer` or `dla`.
    pub kind: String,
    pub version: u32,
    pub title: String,
    /// The document itself, Markdown; its bytes are what signatures are bound to.
    pub body: String,
    /// The document as sanitised HTML.
    pub html: String,
    /// SHA-256 of `body`, in lower-case hexadecimal.
    pub sha256: String,
    pub published_at: Timestamp,
}

/// The version in force.
///
/// # Errors
/// [`Error::NotFound`] where none is published.
pub async fn current(desk: &Desk, kind: &str) -> Result<Agreement> {
    let known = desk.reference.known();
    let version = known.agreements.get(kind).ok_or(Error::NotFound)?;
    version_of(desk, kind, *version).await
}

/// One version.
///
/// # Errors
/// [`Error::NotFound`] where there is no such version.
pub async fn version_of(desk: &Desk, kind: &str, version: u32) -> Result<Agreement> {
    let number = i32::try_from(version).map_err(|_| Error::NotFound)?;
    let row = agreements::Entity::find_by_id((kind.to_owned(), number))
        .one(desk.database.read())
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Agreement {
        html: html(&row.body),
        kind: row.kind,
        version,
        title: row.title,
        body: row.body,
        sha256: row.sha256,
        published_at: Timestamp::from_micros(row.published_at),
    })
}

/// Markdown as HTML that holds nothing active, whatever the Markdown held.
pub fn html(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    ammonia::clean(&html)
}
