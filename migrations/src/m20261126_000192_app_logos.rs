//! `apps.logo`: what a logo that was drawn is called in the store, as JSON.

use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter()
            .table("apps")
            .add_column(text_null("logo"))
            .to_owned();
        manager.alter_table(column).await
    }
}
