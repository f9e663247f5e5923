//! `canned_texts`: what support answers again and again, in versions.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(canned_texts()).await
    }
}

/// A version never changes; the newest of a text is what stands.
fn canned_texts() -> TableCreateStatement {
    Table::create()
        .table("canned_texts")
        .col(uuid("id"))
        .col(integer("version"))
        .col(text("title"))
        .col(text("body"))
        .col(string("sha256"))
        .col(boolean("retired"))
        .col(big_integer("published_at"))
        .col(uuid("published_by"))
        .primary_key(Index::create().col("id").col("version"))
        .foreign_key(
            ForeignKey::create()
                .from("canned_texts", "published_by")
                .to("people", "id"),
        )
        .to_owned()
}
