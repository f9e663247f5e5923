//! From which page each kept answer was saved last: `kept_answers.marks`, as JSON by the name of the
//! field. The savings of one page follow each other and are no conflict.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = Table::alter()
            .table("kept_answers")
            .add_column(text("marks").default("{}"))
            .to_owned();
        manager.alter_table(added).await
    }
}
