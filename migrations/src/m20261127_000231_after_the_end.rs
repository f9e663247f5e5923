//! Two more views of the queue: appeals that wait for an answer, and approved cases with something
//! to be corrected by a date. Both are few; each has its index.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// As `casework` projects it from now on, for the cases that are there. A finding's status stands
/// in the document as it is written here; quotes in what people typed are escaped there.
const PROJECT: [&str; 2] = [
    "UPDATE cases SET in_views = in_views + 256 WHERE state IN ('declined', 'lapsed') \
        AND in_views <> 0 AND document LIKE '%\"appealed\":%' AND document LIKE '%\"reopened\":false%'",
    "UPDATE cases SET in_views = in_views + 512 WHERE state = 'approved' AND in_views <> 0 \
        AND document LIKE '%\"status\":\"dated\"%' AND document NOT LIKE '%\"status\":\"revoked\"%'",
];

/// The earliest date of the findings of each, to the microsecond; the documents have it as a text,
/// `2027-01-06T23:59:59.999999Z` (SQLite rounds a fraction of a second up to the next one).
const fn due(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "UPDATE cases SET due_at = (\
                SELECT min(extract(epoch FROM (finding #>> '{status,due}')::timestamptz) * 1000000)::bigint \
                FROM jsonb_array_elements(document::jsonb -> 'findings') AS finding \
                WHERE finding #>> '{status,status}' = 'dated') \
            WHERE (in_views & 512) <> 0"
        }
        _ => {
            "UPDATE cases SET due_at = (\
                SELECT min(CAST(strftime('%s', substr(json_extract(finding.value, '$.status.due'), 1, 19)) AS INTEGER) * 1000000 \
                    + CAST(substr(json_extract(finding.value, '$.status.due'), 21, 6) AS INTEGER)) \
                FROM json_each(document, '$.findings') AS finding \
                WHERE json_extract(finding.value, '$.status.status') = 'dated') \
            WHERE (in_views & 512) <> 0"
        }
    }
}

const COUNT: [&str; 2] = [
    "DELETE FROM queue_counts",
    "INSERT INTO queue_counts (in_views, level, state, assigned, cases) \
        SELECT in_views, level, state, assignee_id IS NOT NULL, count(*) FROM cases \
        WHERE in_views <> 0 GROUP BY in_views, level, state, assignee_id IS NOT NULL",
];

const INDEXES: [&str; 2] = [
    "CREATE INDEX cases_appeals ON cases (due_at, number) WHERE (in_views & 256) <> 0",
    "CREATE INDEX cases_findings_dated ON cases (due_at, number) WHERE (in_views & 512) <> 0",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let due = due(manager.get_database_backend());
        for statement in PROJECT.into_iter().chain([due]).chain(COUNT).chain(INDEXES) {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
