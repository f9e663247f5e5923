//! `tags`, the desk's list of them, and `case_tags`: which are on which cases.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, string_uniq, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("tags")
            .col(uuid("id").primary_key())
            .col(string("name"))
            .col(string_uniq("name_key"))
            .col(boolean("retired"))
            .col(big_integer("made_at"))
            .to_owned();
        manager.create_table(table).await?;
        let table = Table::create()
            .table("case_tags")
            .col(uuid("case_id"))
            .col(uuid("tag_id"))
            .col(big_integer("put_at"))
            .col(uuid("put_by"))
            .primary_key(Index::create().col("case_id").col("tag_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("case_tags", "case_id")
                    .to("cases", "id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .from("case_tags", "tag_id")
                    .to("tags", "id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .from("case_tags", "put_by")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        Ok(())
    }
}
