//! `snoozes`: cases that somebody does not want to see among their own until a day.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("snoozes")
            .col(uuid("person_id"))
            .col(uuid("case_id"))
            .col(integer("number"))
            .col(text("reason"))
            .col(big_integer("until_at"))
            .col(big_integer("since_at"))
            .primary_key(Index::create().col("person_id").col("case_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("snoozes", "person_id")
                    .to("people", "id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .from("snoozes", "case_id")
                    .to("cases", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        for index in [
            "CREATE INDEX snoozes_person ON snoozes (person_id, until_at, number)",
            "CREATE INDEX snoozes_case ON snoozes (case_id)",
            "CREATE INDEX snoozes_until ON snoozes (until_at)",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
