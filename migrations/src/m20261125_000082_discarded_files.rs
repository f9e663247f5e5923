//! Files: `discarded_files`, and the columns by which sweepers find what is old.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(discarded_files()).await?;
        for (table, column) in [
            ("sessions", "expires_at"),
            ("tokens", "expires_at"),
            ("kept_forms", "created_at"),
            ("once_keys", "created_at"),
            ("case_views", "seen_at"),
            ("captured_mails", "received_at"),
            ("attachments", "storage_key"),
            ("attachments", "added_by"),
            ("attachments", "removed_at"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("{table}_{column}"))
                        .table(table)
                        .col(column)
                        .if_not_exists()
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}

/// Files whose bytes were thrown away after they had been removed from a draft and had never been
/// handed in; the record of the attachment stays.
fn discarded_files() -> TableCreateStatement {
    Table::create()
        .table("discarded_files")
        .col(string("storage_key"))
        .col(big_integer("discarded_at"))
        .primary_key(Index::create().col("storage_key"))
        .to_owned()
}
