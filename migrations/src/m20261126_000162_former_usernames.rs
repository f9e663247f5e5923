//! `former_usernames`: what people were called before they chose another username.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("former_usernames")
                    .col(string("username_key"))
                    .col(uuid("person_id"))
                    .col(big_integer("left_at"))
                    .primary_key(Index::create().col("username_key"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("former_usernames", "person_id")
                            .to("people", "id"),
                    )
                    .to_owned(),
            )
            .await
    }
}
