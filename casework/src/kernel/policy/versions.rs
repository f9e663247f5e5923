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

/// The parts of a rule after its type: who, object, act, class, effect, name of the rule.
const PARTS: usize = 6;

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

/// The rules of a text, each with all its parts: lines of
/// `p, who, object, act, class, effect, rule`; `#` begins a comment.
///
/// # Errors
/// The first line that is no rule. Casbin would take it in and fail, or pass it over, each time it
/// is asked.
pub(super) fn rules(text: &str) -> Result<Vec<Vec<&str>>, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.split(',').map(str::trim).collect();
            let effect = parts.get(PARTS - 1).copied();
            let whole = parts.len() == PARTS + 1
                && parts.first() == Some(&"p")
                && parts.iter().all(|part| is_word(part))
                && matches!(effect, Some("allow" | "deny"));
            if whole {
                Ok(parts)
            } else {
                Err(format!("not a rule: {line}"))
            }
        })
        .collect()
}

/// Small letters joined by `_`, several of them by `+`: nothing that CSV or casbin would read in
/// another way than it is written.
fn is_word(part: &str) -> bool {
    part.split('+')
        .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

/// Publishes a policy as the next version, unless the newest has the same text. Answers the
/// version in force.
///
/// # Errors
/// [`Error::Input`] on `policy` with the first line that is no rule; when the database does not
/// answer.
pub async fn publish(database: &Database, text: &str, now: Timestamp) -> Result<i32> {
    let refused = |why: &str| Error::field("policy", format!("Policy: {why}"));
    let rules = rules(text).map_err(|line| refused(&line))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_all_its_parts_or_the_text_is_no_policy() {
        let good = "# who\n\np, lead+reviewer, case, read, either, allow, staff\n";
        assert_eq!(rules(good).map(|rules| rules.len()), Ok(1));
        for bad in [
            "p, lead, case, read, allow, staff",
            "p, , case, read, either, allow, staff",
            "p, lead, case, read, either, perhaps, staff",
            "p, lead+, case, read, either, allow, staff",
            "p, \"lead\", case, read, either, allow, staff",
            "p, lead, case, read, either, allow, staff, more",
            "g, lead, case, read, either, allow, staff",
        ] {
            assert!(rules(bad).is_err(), "{bad}");
        }
    }
}
