//! Each step whole or not at all.

use crate::MigrationTrait;
use sea_orm_migration::{MigrationName, SchemaManager, sea_orm::DbErr};

/// A step that is one transaction, with the note that it was taken, on both databases: killed in
/// its middle, it begins anew. sea-orm does so on PostgreSQL alone.
pub(crate) struct Whole(pub Box<dyn MigrationTrait>);

impl MigrationName for Whole {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Whole {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.down(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
