//! How a signature was given, and what a passkey answered: beside the signatures of cases and of
//! partnerships. Without a value in those from before, so that no hash of theirs changes.

use sea_orm_migration::{
    prelude::*,
    schema::{string_null, text_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["signatures", "partner_signatures"] {
            for column in [
                string_null("method"),
                text_null("public_key"),
                text_null("authenticator_data"),
                text_null("client_data"),
                text_null("assertion"),
            ] {
                let add = Table::alter().table(table).add_column(column).to_owned();
                manager.alter_table(add).await?;
            }
        }
        Ok(())
    }
}
