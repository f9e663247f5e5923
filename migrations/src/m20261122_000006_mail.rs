//! Mail: `outbox`, `captured_mails`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(outbox()).await?;
        manager.create_table(captured_mails()).await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_state_not_before_at")
                    .table("outbox")
                    .col("state")
                    .col("not_before_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_case_id")
                    .table("outbox")
                    .col("case_id")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}

/// Messages committed with the change that causes them, sent afterwards.
fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(uuid("id"))
        .col(string("message_id").unique_key())
        .col(string("kind"))
        .col(uuid_null("case_id"))
        .col(string("to_name"))
        .col(string("to_address"))
        .col(string("subject"))
        .col(text("text"))
        .col(text("html"))
        .col(string("state"))
        .col(integer("attempts"))
        .col(big_integer("not_before_at"))
        .col(big_integer_null("leased_until_at"))
        .col(text("last_error"))
        .col(big_integer("created_at"))
        .col(big_integer_null("sent_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// What the demo's mail server received.
fn captured_mails() -> TableCreateStatement {
    Table::create()
        .table("captured_mails")
        .col(uuid("id"))
        .col(string("message_id"))
        .col(string("to_address"))
        .col(string("subject"))
        .col(text("raw"))
        .col(big_integer("received_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}
