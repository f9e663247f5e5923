//! Publishing reference data: each publication is a new version, and its audit event is written
//! with it.

use crate::{
    Result,
    audit::{Entry, Subject},
    entities::{agreements, templates},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Set,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use workflow::{Actor, PersonId, Timestamp};

/// SHA-256 of a document's bytes, in lower-case hexadecimal.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A text about to be published.
pub(crate) struct Publication<'a> {
    pub kind: &'a str,
    pub version: u32,
    pub body: &'a str,
    /// None for what the desk itself brings along.
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

impl Publication<'_> {
    fn version(&self) -> i32 {
        i32::try_from(self.version).unwrap_or(i32::MAX)
    }

    fn entry(&self, name: &'static str, before: Option<i32>, sha256: &str) -> Entry {
        Entry {
            actor: self.by.map(Actor::Person),
            subject: Subject::Desk,
            name,
            body: json!({
                "kind": self.kind,
                "before": before.map(|version| json!({ "version": version })),
                "after": { "version": self.version, "sha256": sha256 },
            }),
            reason: String::new(),
        }
    }
}

/// The title of an agreement: the text of its first heading.
pub fn title(body: &str) -> Option<&str> {
    body.lines()
        .find_map(|line| line.strip_prefix("# "))
        .map(str::trim)
        .filter(|title| !title.is_empty())
}

/// Writes a version of an agreement; answers its audit entry.
pub(crate) async fn agreement(
    transaction: &DatabaseTransaction,
    publication: &Publication<'_>,
) -> Result<Entry> {
    let before = newest_agreement(transaction, publication.kind).await?;
    let sha256 = sha256(publication.body);
    agreements::Entity::insert(agreements::ActiveModel {
        kind: Set(publication.kind.to_owned()),
        version: Set(publication.version()),
        title: Set(title(publication.body).unwrap_or_default().to_owned()),
        body: Set(publication.body.to_owned()),
        sha256: Set(sha256.clone()),
        published_at: Set(publication.at.micros()),
        published_by: Set(publication.by.map(|person| person.0)),
    })
    .exec_without_returning(transaction)
    .await?;
    Ok(publication.entry(
        "agreement_published",
        before.map(|row| row.version),
        &sha256,
    ))
}

/// Writes a version of a request form or checklist; answers its audit entry.
pub(crate) async fn template(
    transaction: &DatabaseTransaction,
    publication: &Publication<'_>,
) -> Result<Entry> {
    let before = newest_template(transaction, publication.kind).await?;
    let sha256 = sha256(publication.body);
    templates::Entity::insert(templates::ActiveModel {
        kind: Set(publication.kind.to_owned()),
        version: Set(publication.version()),
        body: Set(publication.body.to_owned()),
        sha256: Set(sha256.clone()),
        published_at: Set(publication.at.micros()),
        published_by: Set(publication.by.map(|person| person.0)),
    })
    .exec_without_returning(transaction)
    .await?;
    Ok(publication.entry("template_published", before.map(|row| row.version), &sha256))
}

/// The newest version of a kind of agreement.
pub(crate) async fn newest_agreement(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<Option<agreements::Model>> {
    Ok(agreements::Entity::find()
        .filter(agreements::Column::Kind.eq(kind))
        .order_by_desc(agreements::Column::Version)
        .one(connection)
        .await?)
}

/// The newest version of a kind of template.
pub(crate) async fn newest_template(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<Option<templates::Model>> {
    Ok(templates::Entity::find()
        .filter(templates::Column::Kind.eq(kind))
        .order_by_desc(templates::Column::Version)
        .one(connection)
        .await?)
}
