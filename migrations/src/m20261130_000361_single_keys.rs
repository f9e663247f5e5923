//! `people.keys_off`: whether keys that are pressed alone do nothing on the pages of this person
//! (WCAG 2.1.4). They do until it is said.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = Table::alter()
            .table("people")
            .add_column(boolean("keys_off").default(false))
            .to_owned();
        manager.alter_table(added).await
    }
}
