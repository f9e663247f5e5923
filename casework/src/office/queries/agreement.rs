//! Published agreements, as people read them. Agreements are public: they are read before anyone
//! has an account.

use crate::{Desk, Error, Result, entities::agreements, reference::AGREEMENT_KINDS};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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

/// One version of an agreement without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub number: u32,
    pub title: String,
    pub published_at: Timestamp,
    /// When the next one took its place; nothing for the one in force.
    pub until: Option<Timestamp>,
}

/// An agreement in force with the versions before it, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    pub kind: String,
    pub title: String,
    pub version: Version,
    pub earlier: Vec<Version>,
}

/// The most versions of one agreement that are listed.
const MOST: u64 = 200;

/// The versions of an agreement, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn versions(desk: &Desk, kind: &str) -> Result<Vec<Version>> {
    use agreements::Column as C;
    let rows: Vec<(i32, String, i64)> = agreements::Entity::find()
        .select_only()
        .columns([C::Version, C::Title, C::PublishedAt])
        .filter(C::Kind.eq(kind))
        .order_by_desc(C::Version)
        .limit(MOST)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let mut until = None;
    Ok(rows
        .into_iter()
        .map(|(number, title, at)| {
            let published_at = Timestamp::from_micros(at);
            Version {
                number: number.unsigned_abs(),
                title,
                published_at,
                until: until.replace(published_at),
            }
        })
        .collect())
}

/// Every agreement in force.
///
/// # Errors
/// When the database does not answer.
pub async fn in_force(desk: &Desk) -> Result<Vec<InForce>> {
    let mut all = Vec::new();
    for (kind, _) in AGREEMENT_KINDS {
        let mut of_kind = versions(desk, kind).await?.into_iter();
        all.extend(of_kind.next().map(|version| InForce {
            kind: kind.to_owned(),
            title: version.title.clone(),
            version,
            earlier: of_kind.collect(),
        }));
    }
    Ok(all)
}

/// Markdown as HTML that holds nothing active, whatever the Markdown held.
pub fn html(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    ammonia::clean(&html)
}
