//! `support_files`: what both sides attached to a request.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(files()).await?;
        for column in ["request_id", "added_by", "storage_key"] {
            let index = Index::create()
                .name(format!("support_files_{column}"))
                .table("support_files")
                .col(column)
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn files() -> TableCreateStatement {
    let table = "support_files";
    let mut create = Table::create();
    create
        .table(table)
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("name"))
        .col(string("mime"))
        .col(big_integer("size"))
        .col(string("sha256"))
        .col(string("storage_key"))
        .col(uuid("added_by"))
        .col(string("side"))
        .col(big_integer("added_at"))
        .primary_key(Index::create().col("id"));
    for (column, other) in [("request_id", "support_requests"), ("added_by", "people")] {
        create.foreign_key(ForeignKey::create().from(table, column).to(other, "id"));
    }
    create.to_owned()
}
