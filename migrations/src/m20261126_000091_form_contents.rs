//! `once_keys.content`: what was sent under a form's key, as a code, so that something else sent
//! under it is told from the same sent twice.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table
            .table("once_keys")
            .add_column(ColumnDef::new("content").text().null());
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("once_keys").drop_column("content");
        manager.alter_table(table).await
    }
}
