//! `case_views.before_at`: when the person last saw the case before they came back to it, so that
//! what has changed since stays marked while they work on it.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter()
            .table("case_views")
            .add_column(big_integer_null("before_at"))
            .to_owned();
        manager.alter_table(column).await
    }
}
