//! `gateway_tokens.replaced_by`: the successor of a token, of which there is one at most.

use sea_orm_migration::{prelude::*, schema::uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter()
            .table("gateway_tokens")
            .add_column(uuid_null("replaced_by"))
            .to_owned();
        manager.alter_table(column).await
    }
}
