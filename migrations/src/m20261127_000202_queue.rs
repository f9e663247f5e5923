//! The queue at any size: `cases.in_views`, an index for each view in its own order and for each
//! order of the wide views, and `queue_counts`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// As `casework` projects it from now on, for the cases that are there.
const PROJECT: &str = "UPDATE cases SET in_views = \
    CASE WHEN assignee_id IS NULL AND state IN ('submitted', 'completeness', 'review', 'clarification', 'corrections') THEN 1 ELSE 0 END \
    + CASE WHEN commercial_open AND commercial_id IS NULL THEN 2 ELSE 0 END \
    + CASE WHEN technical_open AND technical_id IS NULL THEN 4 ELSE 0 END \
    + CASE WHEN side = 'us' AND news IS NOT NULL THEN 8 ELSE 0 END \
    + CASE WHEN state = 'decision' OR decline_proposed THEN 16 ELSE 0 END \
    + CASE WHEN side = 'developer' THEN 32 ELSE 0 END \
    + CASE WHEN side <> 'nobody' THEN 64 ELSE 0 END \
    + CASE WHEN side = 'nobody' THEN 128 ELSE 0 END \
    WHERE submitted_at IS NOT NULL";

const COUNT: &str = "INSERT INTO queue_counts (in_views, level, state, assigned, cases) \
    SELECT in_views, level, state, assignee_id IS NOT NULL, count(*) FROM cases WHERE in_views <> 0 \
    GROUP BY in_views, level, state, assignee_id IS NOT NULL";

/// Name, columns, and the bit of the view that it holds (none: every case).
const INDEXES: [(&str, &str, Option<i32>); 18] = [
    // Each view in the order that it begins with.
    ("cases_needs_reviewer", "submitted_at, number", Some(1)),
    ("cases_commercial_to_take", "submitted_at, number", Some(2)),
    ("cases_technical_to_take", "submitted_at, number", Some(4)),
    ("cases_answers_arrived", "due_at, number", Some(8)),
    ("cases_decisions", "due_at, number", Some(16)),
    ("cases_with_developer", "due_at, number", Some(32)),
    // What is overdue is counted without opening a row.
    (
        "cases_all_open",
        "due_at, number, in_views, level, state, assignee_id, app_id",
        Some(64),
    ),
    ("cases_ended", "changed_at, number, in_views", Some(128)),
    // The wide views in every other order; narrower ones are found on the way.
    (
        "cases_open_submitted",
        "submitted_at, number, in_views",
        Some(64),
    ),
    (
        "cases_open_changed",
        "changed_at, number, in_views",
        Some(64),
    ),
    ("cases_open_number", "number, in_views", Some(64)),
    ("cases_ended_due", "due_at, number, in_views", Some(128)),
    (
        "cases_ended_submitted",
        "submitted_at, number, in_views",
        Some(128),
    ),
    ("cases_ended_number", "number, in_views", Some(128)),
    // Whose cases.
    ("cases_commercial_id", "commercial_id", None),
    ("cases_technical_id", "technical_id", None),
    // What the clock and the letters look for; and states.
    ("cases_side_due", "side, due_at, number", None),
    ("cases_state_due", "state, due_at, number", None),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = Table::alter()
            .table("cases")
            .add_column(integer("in_views").default(0))
            .to_owned();
        manager.alter_table(column).await?;
        manager
            .create_table(
                Table::create()
                    .table("queue_counts")
                    .col(integer("in_views"))
                    .col(string("level"))
                    .col(string("state"))
                    .col(boolean("assigned"))
                    .col(big_integer("cases"))
                    .primary_key(
                        Index::create()
                            .col("in_views")
                            .col("level")
                            .col("state")
                            .col("assigned"),
                    )
                    .to_owned(),
            )
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(PROJECT).await?;
        connection.execute_unprepared(COUNT).await?;
        for old in ["cases_queue", "cases_state_due_at"] {
            connection
                .execute_unprepared(&format!("DROP INDEX {old}"))
                .await?;
        }
        for (name, columns, bit) in INDEXES {
            let part =
                bit.map_or_else(String::new, |bit| format!(" WHERE (in_views & {bit}) <> 0"));
            connection
                .execute_unprepared(&format!("CREATE INDEX {name} ON cases ({columns}){part}"))
                .await?;
        }
        Ok(())
    }
}
