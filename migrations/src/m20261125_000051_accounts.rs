//! Accounts: what was handed out before a change of the account ends with it
//! (`people.access_epoch`), and limits whose keys are hashes (`throttles`).

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["people", "tokens", "sessions"] {
            manager.alter_table(with_epoch(table)).await?;
        }
        // Attempts are remembered for an hour at most; keys were kept as they had been typed.
        manager
            .drop_table(Table::drop().table("throttles").to_owned())
            .await?;
        manager.create_table(throttles()).await?;
        manager
            .create_index(
                Index::create()
                    .name("throttles_ends_at")
                    .table("throttles")
                    .col("ends_at")
                    .to_owned(),
            )
            .await
    }
}

/// Counted up with everything that ends the links and sessions handed out before.
fn with_epoch(table: &'static str) -> TableAlterStatement {
    Table::alter()
        .table(table)
        .add_column(big_integer("access_epoch").default(0))
        .to_owned()
}

/// Counters of attempts, shared by all instances.
fn throttles() -> TableCreateStatement {
    Table::create()
        .table("throttles")
        .col(string("key"))
        .col(integer("count"))
        .col(big_integer("ends_at"))
        .primary_key(Index::create().col("key"))
        .to_owned()
}
