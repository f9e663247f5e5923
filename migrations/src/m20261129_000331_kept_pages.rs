//! The page that shows a refused form again: `kept_forms.page`, its path alone, so that the form is found
//! when its owner comes back there; empty for what was kept before.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = Table::alter()
            .table("kept_forms")
            .add_column(text("page").default(""))
            .to_owned();
        manager.alter_table(added).await
    }
}
