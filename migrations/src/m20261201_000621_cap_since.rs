//! Since when the cap of a grant is what it is: nothing in those whose cap was never changed.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter()
            .table("grants")
            .add_column(big_integer_null("cap_since_at"))
            .to_owned();
        manager.alter_table(add).await
    }
}
