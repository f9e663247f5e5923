//! `apps.redirects`: where users are sent back to, by environment; `apps.secrets`: production's
//! secret and those that were replaced and still work; `apps.archived_at`.
//! `app_invitations.from_owner_id`: whose place as owner an invitation gives away.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, text_null, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite adds no more in one statement.
        for (table, column) in [
            ("apps", text_null("redirects")),
            ("apps", text_null("secrets")),
            ("apps", big_integer_null("archived_at")),
            ("app_invitations", uuid_null("from_owner_id")),
        ] {
            let mut alter = Table::alter();
            manager
                .alter_table(alter.table(table).add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
