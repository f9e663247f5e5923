//! Letters know what besides a case they are about: an app, an invitation to it, or a request to a
//! second admin.

use sea_orm_migration::{prelude::*, schema::uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("outbox")
                    .add_column(uuid_null("about_id"))
                    .to_owned(),
            )
            .await
    }
}
