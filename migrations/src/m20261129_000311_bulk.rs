//! `bulk_runs` and `bulk_cases`: one step for many cases of the queue, and what came of each.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, string, string_null, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("bulk_runs")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(string("kind"))
            .col(uuid_null("to_id"))
            .col(uuid_null("tag_id"))
            .col(boolean("beyond"))
            .col(text("note"))
            .col(text("list"))
            .col(boolean("is_cut"))
            .col(string("state"))
            .col(big_integer("made_at"))
            .col(big_integer("changed_at"))
            .col(big_integer("leased_until"))
            .foreign_key(
                ForeignKey::create()
                    .from("bulk_runs", "person_id")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        let table = Table::create()
            .table("bulk_cases")
            .col(uuid("run_id"))
            .col(integer("position"))
            .col(integer("number"))
            .col(string_null("seat"))
            .col(uuid_null("holder_id"))
            .col(string("outcome"))
            .col(text("words"))
            .primary_key(Index::create().col("run_id").col("position"))
            .foreign_key(
                ForeignKey::create()
                    .from("bulk_cases", "run_id")
                    .to("bulk_runs", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        for index in [
            "CREATE INDEX bulk_cases_outcome ON bulk_cases (run_id, outcome, position)",
            "CREATE INDEX bulk_runs_waiting ON bulk_runs (made_at) WHERE state IN ('looking', 'running')",
            "CREATE INDEX bulk_runs_changed ON bulk_runs (changed_at)",
            "CREATE INDEX bulk_runs_person ON bulk_runs (person_id, made_at)",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
