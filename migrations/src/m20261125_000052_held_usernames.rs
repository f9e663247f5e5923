//! `held_usernames`: usernames given at a registration that made no account.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(held_usernames()).await
    }
}

/// A name is spent whether or not the address beside it had an account: else asking for it twice
/// would tell.
fn held_usernames() -> TableCreateStatement {
    Table::create()
        .table("held_usernames")
        .col(string("username_key"))
        .col(big_integer("held_at"))
        .primary_key(Index::create().col("username_key"))
        .to_owned()
}
