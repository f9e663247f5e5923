//! `support_articles.reason`: why an article was not released, for who wrote it.

use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("support_articles")
                    .add_column(text_null("reason"))
                    .to_owned(),
            )
            .await
    }
}
