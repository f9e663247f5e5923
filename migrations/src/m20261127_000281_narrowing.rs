//! What the queue is narrowed by: whom of our side one can choose, and what somebody looked at last.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 2] = [
    "CREATE INDEX people_of_staff ON people (name_key, username, name, roles) WHERE roles <> 'developer'",
    "CREATE INDEX case_views_person ON case_views (person_id, seen_at, case_id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
