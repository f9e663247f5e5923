//! `absences`: on which days somebody of ours is away; and `people.capacity`: how many open cases a
//! reviewer holds at most, where that is not as the setting says.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer_null, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let capacity = Table::alter()
            .table("people")
            .add_column(integer_null("capacity"))
            .to_owned();
        manager.alter_table(capacity).await?;
        let table = Table::create()
            .table("absences")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(string("first_day"))
            .col(string("last_day"))
            .col(boolean("keeps"))
            .col(text("note"))
            .col(uuid("entered_by"))
            .col(big_integer("entered_at"))
            .col(big_integer_null("taken_back_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("absences", "person_id")
                    .to("people", "id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .from("absences", "entered_by")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        let connection = manager.get_connection();
        for index in [
            "CREATE INDEX absences_person ON absences (person_id, last_day)",
            "CREATE INDEX absences_last_day ON absences (last_day) WHERE taken_back_at IS NULL",
        ] {
            connection.execute_unprepared(index).await?;
        }
        Ok(())
    }
}
