//! `guides`: the versions of open pages. And how long decided applications of a level took is found
//! without reading all of them.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(guides()).await?;
        let index = Index::create()
            .name("cases_level_state_ended_at")
            .table("cases")
            .col("level")
            .col("state")
            .col("ended_at")
            .to_owned();
        manager.create_index(index).await
    }
}

/// A version never changes.
fn guides() -> TableCreateStatement {
    Table::create()
        .table("guides")
        .col(string("guide"))
        .col(integer("version"))
        .col(text("body"))
        .col(string("sha256"))
        .col(string("built_in_sha256"))
        .col(big_integer("published_at"))
        .col(uuid("published_by"))
        .primary_key(Index::create().col("guide").col("version"))
        .foreign_key(
            ForeignKey::create()
                .from("guides", "published_by")
                .to("people", "id"),
        )
        .to_owned()
}
