//! `ended_authorisations`: who had authorised an app until when, for as long as reports of their days
//! may still come in.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("ended_authorisations")
            .col(uuid("app_id"))
            .col(string("subject"))
            .col(big_integer("since_at"))
            .col(integer("day"))
            .primary_key(Index::create().col("app_id").col("subject"))
            .foreign_key(ForeignKey::create().from_col("app_id").to("apps", "id"))
            .to_owned();
        manager.create_table(table).await?;
        manager
            .create_index(
                Index::create()
                    .name("ended_authorisations_day")
                    .table("ended_authorisations")
                    .col("day")
                    .to_owned(),
            )
            .await
    }
}
