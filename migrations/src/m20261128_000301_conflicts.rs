//! `declared_conflicts`: with which organisations somebody of ours is in conflict of interest, as they
//! or a lead have said.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "declared_conflicts";
        let mut create = Table::create();
        create
            .table(table)
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(string("organisation"))
            .col(string("organisation_key"))
            .col(text("reason"))
            .col(uuid("declared_by"))
            .col(big_integer("declared_at"))
            .col(uuid_null("withdrawn_by"))
            .col(big_integer_null("withdrawn_at"));
        for column in ["person_id", "declared_by", "withdrawn_by"] {
            create.foreign_key(ForeignKey::create().from(table, column).to("people", "id"));
        }
        manager.create_table(create.to_owned()).await?;
        for index in [
            "CREATE INDEX declared_conflicts_person ON declared_conflicts (person_id, organisation_key)",
            "CREATE INDEX declared_conflicts_organisation ON declared_conflicts (organisation_key, person_id) \
             WHERE withdrawn_at IS NULL",
            "CREATE INDEX apps_organisation ON apps (organisation_key, id)",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
