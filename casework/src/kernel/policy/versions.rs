//! The policy's versions in the database. A version is immutable: a change of the policy is a new
//! version, published whole.

use crate::{
    Error, Lock, Result,
    audit::{self, Entry, Subject},
    database::Database,
    entities::{policy_rules, policy_versions},
    take,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use workflow::Timestamp;

/// The number of the newest version; 0 where there is none.
pub(super) async fn newest(connection: &impl ConnectionTrait) -> Result<i32> {
    let version: Option<i32> = policy_versions::Entity::find()
        .select_only()
        .column(policy_versions::Column::Version)
        .order_by_desc(policy_versions::Column::Version)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(version.unwrap_or(0))
}

/// The text of a version, as casbin's own adapter reads it; empty where it has no rules.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn text(connection: &impl ConnectionTrait, version: i32) -> Result<String> {
    let rows = policy_rules::Entity::find()
        .filter(policy_rules::Column::Version.eq(version))
        .order_by_asc(policy_rules::Column::Position)
        .all(connection)
        .await?;
    let lines: Vec<String> = rows
        .into_iter()
        .map(|row| [row.ptype, row.v0, row.v1, row.v2, row.v3, row.v4, row.v5].join(", "))
        .collect();
    Ok(lines.join("\n"))
}

/// Publishes a policy as the next version, unless the newest has the same text. Answers the
/// version in force.
///
/// # Errors
/// [`Error::Input`] on `policy` with the first line that is no rule; when the database does not
/// answer.
pub async fn publish(database: &Database, text: &str, now: Timestamp) -> Result<i32> {
    let refused = |why: &str| Error::field("policy", format!("Policy: {why}"));
    let rules = ::policy::rules(text).map_err(|line| refused(&line))?;
    if rules.is_empty() {
        return Err(refused("it has no rule; everything would be denied."));
    }
    let sha256 = crate::digest::sha256(text.as_bytes());
    let transaction = database.begin().await?;
    take(&transaction, Lock::Publish).await?;
    let latest = policy_versions::Entity::find()
        .order_by_desc(policy_versions::Column::Version)
        .one(&transaction)
        .await?;
    if let Some(latest) = &latest
        && latest.sha256 == sha256
    {
        return Ok(latest.version);
    }
    let version = latest.as_ref().map_or(0, |row| row.version) + 1;
    policy_versions::Entity::insert(policy_versions::ActiveModel {
        version: Set(version),
        sha256: Set(sha256),
        published_at: Set(now.micros()),
    })
    .exec(&transaction)
    .await?;
    let rows = rules.iter().zip(1..).map(|(rule, position)| {
        let part = |index: usize| Set(rule.get(index).copied().unwrap_or_default().to_owned());
        policy_rules::ActiveModel {
            version: Set(version),
            position: Set(position),
            ptype: part(0),
            v0: part(1),
            v1: part(2),
            v2: part(3),
            v3: part(4),
            v4: part(5),
            v5: part(6),
        }
    });
    policy_rules::Entity::insert_many(rows)
        .exec(&transaction)
        .await?;
    let before = latest.map(|row| json!({ "version": row.version }));
    let entry = Entry {
        actor: None,
        subject: Subject::Desk,
        name: "policy_published",
        body: json!({ "before": before, "after": { "version": version } }),
        reason: "brought along by the desk".to_owned(),
    };
    audit::append(&transaction, now, version, vec![entry]).await?;
    transaction.commit().await?;
    Ok(version)
}
