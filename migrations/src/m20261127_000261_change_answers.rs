//! What a developer answers to a question about a changed page: `page_changes.answer`, by whom, when.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, text_null, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One statement for each: SQLite adds one column at a time.
        for column in [
            text_null("answer"),
            big_integer_null("answered_at"),
            uuid_null("answered_by"),
        ] {
            let added = Table::alter()
                .table("page_changes")
                .add_column(column)
                .to_owned();
            manager.alter_table(added).await?;
        }
        Ok(())
    }
}
