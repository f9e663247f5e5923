//! Forms: `kept_forms`, `once_keys`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(kept_forms()).await?;
        manager.create_table(once_keys()).await?;
        manager
            .create_index(
                Index::create()
                    .name("kept_forms_created_at")
                    .table("kept_forms")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("once_keys_created_at")
                    .table("once_keys")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}

/// What was typed into a form that was refused, until it is sent again.
fn kept_forms() -> TableCreateStatement {
    Table::create()
        .table("kept_forms")
        .col(uuid("id"))
        .col(string("owner"))
        .col(string("form"))
        .col(text("entries"))
        .col(text("problems"))
        .col(integer("status"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// Forms that have been carried out, so that a second sending changes nothing.
fn once_keys() -> TableCreateStatement {
    Table::create()
        .table("once_keys")
        .col(string("key"))
        .col(uuid_null("person_id"))
        .col(text("location"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("key"))
        .to_owned()
}
