//! When an account was closed by its owner, and which letters somebody does without.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, string_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [big_integer_null("closed_at"), string_null("letters_off")] {
            let added = Table::alter().table("people").add_column(column).to_owned();
            manager.alter_table(added).await?;
        }
        Ok(())
    }
}
