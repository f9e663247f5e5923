//! The cases of each seat in the order in which they fall due, with all that is asked of them there:
//! on SQLite a column that stands behind the document costs reading through the document.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, which is the seat's column, and what says that its work is open.
const INDEXES: [(&str, &str, &str); 3] = [
    ("cases_assignee_id", "assignee_id", "state"),
    ("cases_commercial_id", "commercial_id", "commercial_open"),
    ("cases_technical_id", "technical_id", "technical_open"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for (name, seat, open) in INDEXES {
            connection
                .execute_unprepared(&format!("DROP INDEX {name}"))
                .await?;
            connection
                .execute_unprepared(&format!(
                    "CREATE INDEX {name} ON cases ({seat}, {open}, due_at, number, in_views, app_id)"
                ))
                .await?;
        }
        Ok(())
    }
}
