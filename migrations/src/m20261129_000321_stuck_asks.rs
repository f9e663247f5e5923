//! `stuck_asks`: that somebody of an app has asked whether an application is stuck, and what came of it.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "stuck_asks";
        let mut create = Table::create();
        create
            .table(table)
            .col(uuid("id").primary_key())
            .col(uuid("case_id"))
            .col(uuid("app_id"))
            .col(uuid("asked_by"))
            .col(big_integer("asked_at"))
            .col(text("text"))
            .col(uuid_null("answered_by"))
            .col(text_null("answer"))
            .col(big_integer_null("closed_at"))
            .foreign_key(
                ForeignKey::create()
                    .from(table, "case_id")
                    .to("cases", "id"),
            )
            .foreign_key(ForeignKey::create().from(table, "app_id").to("apps", "id"));
        for column in ["asked_by", "answered_by"] {
            create.foreign_key(ForeignKey::create().from(table, column).to("people", "id"));
        }
        manager.create_table(create.to_owned()).await?;
        for index in [
            "CREATE INDEX stuck_asks_case ON stuck_asks (case_id, asked_at)",
            "CREATE INDEX stuck_asks_person ON stuck_asks (asked_by, asked_at)",
            // One that is open for each case, and all of them in the order in which they wait.
            "CREATE UNIQUE INDEX stuck_asks_open ON stuck_asks (case_id) WHERE closed_at IS NULL",
            "CREATE INDEX stuck_asks_waiting ON stuck_asks (asked_at) WHERE closed_at IS NULL",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
