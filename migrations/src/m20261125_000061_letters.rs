//! Letters know their reader and their link, whose lease they are under, and how often they were
//! handed over without an answer.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, integer, string_null, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite adds no more in one statement.
        for column in [
            uuid_null("person_id"),
            string_null("link_hash"),
            uuid_null("lease_id"),
            integer("handed_over").default(0).to_owned(),
            big_integer_null("tried_since_at"),
        ] {
            manager
                .alter_table(Table::alter().table("outbox").add_column(column).to_owned())
                .await?;
        }
        // A lease taken under the old schema has no holder's mark: it runs out as before, and the
        // letter is taken by whoever comes next.
        manager
            .create_index(
                Index::create()
                    .name("outbox_state_created_at")
                    .table("outbox")
                    .col("state")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("captured_mails_received_at")
                    .table("captured_mails")
                    .col("received_at")
                    .to_owned(),
            )
            .await
    }
}
