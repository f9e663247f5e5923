//! Kept forms: which step, from where and how large. What was kept before may hold the secrets of
//! links and goes.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .execute(Query::delete().from_table("kept_forms").to_owned())
            .await?;
        let columns = [
            string("step").default("").to_owned(),
            string("address").default("").to_owned(),
            big_integer("size").default(0).to_owned(),
        ];
        for column in columns {
            manager
                .alter_table(
                    Table::alter()
                        .table("kept_forms")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        for column in ["owner", "address"] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("kept_forms_{column}"))
                        .table("kept_forms")
                        .col(column)
                        .col("created_at")
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
