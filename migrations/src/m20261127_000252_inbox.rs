//! `inbox_entries`: what people were told, with the letters of before, which count as read; and
//! `people.letters_daily`: the letters that somebody gets in one a day. What somebody does without
//! stays in `people.letters_off`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, string_null, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Letters with a link that signs their reader in say what they are for in their subject alone: they
/// stay out. Of the others it is not known to which page they led.
const TOLD_BEFORE: &str = "INSERT INTO inbox_entries \
    (id, person_id, kind, case_id, about_id, subject, place, told_at, read_at) \
    SELECT id, person_id, kind, case_id, about_id, subject, '', created_at, created_at FROM outbox \
    WHERE person_id IN (SELECT id FROM people WHERE closed_at IS NULL) AND link_hash IS NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let daily = Table::alter()
            .table("people")
            .add_column(string_null("letters_daily"))
            .to_owned();
        manager.alter_table(daily).await?;
        let table = Table::create()
            .table("inbox_entries")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(string("kind"))
            .col(uuid_null("case_id"))
            .col(uuid_null("about_id"))
            .col(text("subject"))
            .col(text("place"))
            .col(big_integer("told_at"))
            .col(big_integer_null("read_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("inbox_entries", "person_id")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        let connection = manager.get_connection();
        for index in [
            "CREATE INDEX inbox_entries_person ON inbox_entries (person_id, told_at, id)",
            "CREATE INDEX inbox_entries_unread ON inbox_entries (person_id, told_at) WHERE read_at IS NULL",
            "CREATE INDEX inbox_entries_case ON inbox_entries (case_id, kind)",
            "CREATE INDEX inbox_entries_told ON inbox_entries (told_at)",
        ] {
            connection.execute_unprepared(index).await?;
        }
        connection.execute_unprepared(TOLD_BEFORE).await?;
        Ok(())
    }
}
