//! `saved_views`: the queue under a name; and `queue_habits`: how somebody likes it.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("saved_views")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(string("name"))
            .col(text("query"))
            .col(boolean("shared"))
            .col(big_integer("saved_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("saved_views", "person_id")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        let table = Table::create()
            .table("queue_habits")
            .col(uuid("person_id").primary_key())
            .col(uuid_null("begins_with"))
            .col(boolean("compact"))
            .foreign_key(
                ForeignKey::create()
                    .from("queue_habits", "person_id")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        for index in [
            "CREATE INDEX saved_views_person ON saved_views (person_id)",
            "CREATE INDEX saved_views_shared ON saved_views (id) WHERE shared",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
