//! Casbin's adapter on our own tables. Versions are immutable: a change of the policy is a new
//! version, published whole.

use crate::{
    Clock, Result, SystemClock,
    audit::{self, Entry, Subject},
    database::Database,
    entities::{policy_rules, policy_versions},
};
use async_trait::async_trait;
use casbin::{Adapter, Filter, Model, error::AdapterError};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use workflow::Timestamp;

/// Reads the newest version of the policy; writes a policy as the next version.
pub struct PolicyAdapter(Database);

impl PolicyAdapter {
    /// On this database.
    pub const fn new(database: Database) -> Self {
        Self(database)
    }

    async fn rules(&self) -> Result<Vec<Vec<String>>> {
        let version = newest(self.0.read()).await?;
        let rows = policy_rules::Entity::find()
            .filter(policy_rules::Column::Version.eq(version))
            .order_by_asc(policy_rules::Column::Position)
            .all(self.0.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| vec![row.ptype, row.v0, row.v1, row.v2, row.v3, row.v4])
            .collect())
    }
}

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

/// Publishes a policy (lines of `p, who, object, action, effect, rule`; `#` begins a comment) as
/// the next version, unless the newest has the same text. Answers the version in force.
///
/// # Errors
/// When the database does not answer.
pub async fn publish(database: &Database, text: &str, now: Timestamp) -> Result<i32> {
    let rules: Vec<Vec<String>> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(',').map(|part| part.trim().to_owned()).collect())
        .collect();
    let sha256 = crate::digest::sha256(text.as_bytes());
    store(database, &rules, &sha256, now).await
}

async fn store(
    database: &Database,
    rules: &[Vec<String>],
    sha256: &str,
    now: Timestamp,
) -> Result<i32> {
    let transaction = database.begin().await?;
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
        sha256: Set(sha256.to_owned()),
        published_at: Set(now.micros()),
    })
    .exec(&transaction)
    .await?;
    let rows = rules.iter().zip(1..).map(|(rule, position)| {
        let part = |index: usize| Set(rule.get(index).cloned().unwrap_or_default());
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

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> casbin::Error {
    AdapterError(error.into()).into()
}

fn immutable<T>() -> casbin::Result<T> {
    Err(failed(
        "a version of the policy is immutable: publish a new one",
    ))
}

#[async_trait]
impl Adapter for PolicyAdapter {
    async fn load_policy(&mut self, model: &mut dyn Model) -> casbin::Result<()> {
        for mut rule in self.rules().await.map_err(failed)? {
            let ptype = rule.remove(0);
            if let Some(assertions) = model.get_mut_model().get_mut("p")
                && let Some(assertion) = assertions.get_mut(&ptype)
            {
                assertion.get_mut_policy().insert(rule);
            }
        }
        Ok(())
    }

    async fn load_filtered_policy<'a>(
        &mut self,
        model: &mut dyn Model,
        _filter: Filter<'a>,
    ) -> casbin::Result<()> {
        self.load_policy(model).await
    }

    async fn save_policy(&mut self, model: &mut dyn Model) -> casbin::Result<()> {
        let mut rules = Vec::new();
        for (ptype, assertion) in model.get_model().get("p").into_iter().flatten() {
            for rule in assertion.get_policy() {
                let mut row = vec![ptype.clone()];
                row.extend(rule.iter().cloned());
                rules.push(row);
            }
        }
        let text: Vec<String> = rules.iter().map(|rule| rule.join(", ")).collect();
        let sha256 = crate::digest::sha256(text.join("\n").as_bytes());
        // casbin hands no time in; no command of ours comes this way.
        let now = SystemClock.now();
        store(&self.0, &rules, &sha256, now).await.map_err(failed)?;
        Ok(())
    }

    async fn clear_policy(&mut self) -> casbin::Result<()> {
        immutable()
    }

    fn is_filtered(&self) -> bool {
        false
    }

    async fn add_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> casbin::Result<bool> {
        immutable()
    }

    async fn add_policies(
        &mut self,
        _: &str,
        _: &str,
        _: Vec<Vec<String>>,
    ) -> casbin::Result<bool> {
        immutable()
    }

    async fn remove_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> casbin::Result<bool> {
        immutable()
    }

    async fn remove_policies(
        &mut self,
        _: &str,
        _: &str,
        _: Vec<Vec<String>>,
    ) -> casbin::Result<bool> {
        immutable()
    }

    async fn remove_filtered_policy(
        &mut self,
        _: &str,
        _: &str,
        _: usize,
        _: Vec<String>,
    ) -> casbin::Result<bool> {
        immutable()
    }
}
