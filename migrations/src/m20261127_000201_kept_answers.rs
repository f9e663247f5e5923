//! `kept_answers`: what the developers of a case have written to questions and points and not sent yet.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("kept_answers")
            .col(uuid("case_id"))
            .col(text("answers"))
            .col(big_integer("saved_at"))
            .col(uuid("saved_by"))
            .primary_key(Index::create().col("case_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("kept_answers", "case_id")
                    .to("cases", "id"),
            )
            .to_owned();
        manager.create_table(table).await
    }
}
