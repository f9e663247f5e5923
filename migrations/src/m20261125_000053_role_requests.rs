//! `role_requests`: rights that one admin asked for and a second one has to confirm.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(role_requests()).await?;
        for column in ["person_id", "state"] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("role_requests_{column}"))
                        .table("role_requests")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}

/// What was asked, by whom, for which version of the account, and what became of it.
fn role_requests() -> TableCreateStatement {
    Table::create()
        .table("role_requests")
        .col(uuid("id"))
        .col(uuid("person_id"))
        .col(big_integer("person_version"))
        .col(string("kind"))
        .col(string("roles"))
        .col(text("reason"))
        .col(text("combination"))
        .col(uuid("asked_by"))
        .col(big_integer("asked_at"))
        .col(big_integer("ends_at"))
        .col(string("state"))
        .col(uuid_null("decided_by"))
        .col(big_integer_null("decided_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("role_requests", "person_id")
                .to("people", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("role_requests", "asked_by")
                .to("people", "id"),
        )
        .to_owned()
}
