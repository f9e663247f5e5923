//! `self_checks`: what a machine saw in an application before it was handed in.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("self_checks")
            .col(uuid("case_id"))
            .col(text("found"))
            .col(string("sha256"))
            .col(big_integer("checked_at"))
            .col(uuid("checked_by"))
            .primary_key(Index::create().col("case_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("self_checks", "case_id")
                    .to("cases", "id"),
            )
            .to_owned();
        manager.create_table(table).await
    }
}
