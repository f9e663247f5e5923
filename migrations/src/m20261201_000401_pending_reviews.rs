//! `pending_reviews`: what reviewers have gathered on a case and not published yet.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("pending_reviews")
            .col(uuid("case_id"))
            .col(uuid("person_id"))
            .col(text("entries"))
            .col(big_integer("begun_at"))
            .col(big_integer("changed_at"))
            .primary_key(Index::create().col("case_id").col("person_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("pending_reviews", "case_id")
                    .to("cases", "id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .from("pending_reviews", "person_id")
                    .to("people", "id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX pending_reviews_person ON pending_reviews (person_id, changed_at)",
            )
            .await?;
        Ok(())
    }
}
