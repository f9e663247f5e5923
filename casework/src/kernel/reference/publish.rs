//! Publishing reference data: each publication is a new version, and its audit event is written
//! with it.

use crate::{
    Result,
    audit::{Entry, Subject},
    digest::sha256,
    entities::{agreements, templates},
    rows,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use workflow::{Actor, PersonId, Timestamp};

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

    fn entry(&self, name: &'static str, sha256: &str) -> Entry {
        // Versions are counted from 1, without a gap.
        let before = self.version.checked_sub(1).filter(|version| *version > 0);
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

/// What is published in versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    Agreement,
    /// A request form or checklist.
    Template,
}

/// The newest version of a document.
pub(crate) struct Newest {
    pub version: u32,
    pub body: String,
}

impl Document {
    /// The newest version of a kind.
    pub async fn newest(
        self,
        connection: &impl ConnectionTrait,
        kind: &str,
    ) -> Result<Option<Newest>> {
        let newest: Option<(i32, String)> = match self {
            Self::Agreement => {
                use agreements::Column as C;
                agreements::Entity::find()
                    .select_only()
                    .columns([C::Version, C::Body])
                    .filter(C::Kind.eq(kind))
                    .order_by_desc(C::Version)
                    .into_tuple()
                    .one(connection)
                    .await?
            }
            Self::Template => {
                use templates::Column as C;
                templates::Entity::find()
                    .select_only()
                    .columns([C::Version, C::Body])
                    .filter(C::Kind.eq(kind))
                    .order_by_desc(C::Version)
                    .into_tuple()
                    .one(connection)
                    .await?
            }
        };
        newest
            .map(|(version, body): (i32, String)| {
                Ok(Newest {
                    version: rows::number(version, "published", kind, "version")?,
                    body,
                })
            })
            .transpose()
    }

    /// Writes a version; answers its audit entry.
    pub async fn write(
        self,
        transaction: &DatabaseTransaction,
        publication: &Publication<'_>,
    ) -> Result<Entry> {
        let (kind, version) = (publication.kind.to_owned(), publication.version());
        let (body, at) = (publication.body.to_owned(), publication.at.micros());
        let by = publication.by.map(|person| person.0);
        let sha256 = sha256(body.as_bytes());
        match self {
            Self::Agreement => {
                let row = agreements::Model {
                    title: title(&body).unwrap_or_default().to_owned(),
                    kind,
                    version,
                    body,
                    sha256: sha256.clone(),
                    published_at: at,
                    published_by: by,
                };
                agreements::Entity::insert(agreements::ActiveModel::from(row).reset_all())
                    .exec_without_returning(transaction)
                    .await?;
                Ok(publication.entry("agreement_published", &sha256))
            }
            Self::Template => {
                let row = templates::Model {
                    kind,
                    version,
                    body,
                    sha256: sha256.clone(),
                    published_at: at,
                    published_by: by,
                };
                templates::Entity::insert(templates::ActiveModel::from(row).reset_all())
                    .exec_without_returning(transaction)
                    .await?;
                Ok(publication.entry("template_published", &sha256))
            }
        }
    }
}
