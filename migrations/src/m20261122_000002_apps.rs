//! Apps: `apps`, `app_members`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer_null, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(apps()).await?;
        manager.create_table(app_members()).await?;
        manager
            .create_index(
                Index::create()
                    .name("app_members_person_id")
                    .table("app_members")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}

/// The developers' apps, with the access they have now.
fn apps() -> TableCreateStatement {
    Table::create()
        .table("apps")
        .col(uuid("id"))
        .col(string("name"))
        .col(string("organisation"))
        .col(text("description"))
        .col(string("website"))
        .col(string("client_id").unique_key())
        .col(string("secret_hash"))
        .col(string("secret_hint"))
        .col(big_integer("secret_made_at"))
        .col(string("level"))
        .col(integer_null("cap"))
        .col(boolean("suspended"))
        .col(big_integer("version"))
        .col(big_integer("created_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// Who belongs to an app, and who may sign for its organisation.
fn app_members() -> TableCreateStatement {
    Table::create()
        .table("app_members")
        .col(uuid("app_id"))
        .col(uuid("person_id"))
        .col(boolean("owner"))
        .col(boolean("may_sign"))
        .col(big_integer("added_at"))
        .primary_key(Index::create().col("app_id").col("person_id"))
        .foreign_key(
            ForeignKey::create()
                .from("app_members", "app_id")
                .to("apps", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("app_members", "person_id")
                .to("people", "id"),
        )
        .to_owned()
}
