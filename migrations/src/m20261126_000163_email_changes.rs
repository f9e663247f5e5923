//! `email_changes`: an address that somebody wants to have, until both addresses have confirmed it.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("email_changes")
                    .col(uuid("person_id"))
                    .col(string("email"))
                    .col(big_integer("asked_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("old_confirmed_at"))
                    .col(big_integer_null("new_confirmed_at"))
                    .col(big_integer("access_epoch"))
                    .primary_key(Index::create().col("person_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("email_changes", "person_id")
                            .to("people", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
