//! Reference: `agreements`, `templates`, `settings`, `holidays`, `policy_versions`, `policy_rules`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, text, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(agreements()).await?;
        manager.create_table(templates()).await?;
        manager.create_table(settings()).await?;
        manager.create_table(holidays()).await?;
        manager.create_table(policy_versions()).await?;
        manager.create_table(policy_rules()).await?;
        Ok(())
    }
}

/// Published agreements; a version never changes.
fn agreements() -> TableCreateStatement {
    Table::create()
        .table("agreements")
        .col(string("kind"))
        .col(integer("version"))
        .col(string("title"))
        .col(text("body"))
        .col(string("sha256"))
        .col(big_integer("published_at"))
        .col(uuid_null("published_by"))
        .primary_key(Index::create().col("kind").col("version"))
        .to_owned()
}

/// Published request forms and checklists; a version never changes.
fn templates() -> TableCreateStatement {
    Table::create()
        .table("templates")
        .col(string("kind"))
        .col(integer("version"))
        .col(text("body"))
        .col(string("sha256"))
        .col(big_integer("published_at"))
        .col(uuid_null("published_by"))
        .primary_key(Index::create().col("kind").col("version"))
        .to_owned()
}

/// Settings with the moment from which each value holds.
fn settings() -> TableCreateStatement {
    Table::create()
        .table("settings")
        .col(string("key"))
        .col(big_integer("from_at"))
        .col(text("value"))
        .col(uuid_null("set_by"))
        .primary_key(Index::create().col("key").col("from_at"))
        .to_owned()
}

/// Days that are no business days.
fn holidays() -> TableCreateStatement {
    Table::create()
        .table("holidays")
        .col(string("day"))
        .col(string("name"))
        .primary_key(Index::create().col("day"))
        .to_owned()
}

/// Published versions of the policy.
fn policy_versions() -> TableCreateStatement {
    Table::create()
        .table("policy_versions")
        .col(integer("version"))
        .col(string("sha256"))
        .col(big_integer("published_at"))
        .primary_key(Index::create().col("version"))
        .to_owned()
}

/// The rows of each version of the policy.
fn policy_rules() -> TableCreateStatement {
    Table::create()
        .table("policy_rules")
        .col(integer("version"))
        .col(integer("position"))
        .col(string("ptype"))
        .col(string("v0"))
        .col(string("v1"))
        .col(string("v2"))
        .col(string("v3"))
        .col(string("v4"))
        .col(string("v5"))
        .primary_key(Index::create().col("version").col("position"))
        .to_owned()
}
