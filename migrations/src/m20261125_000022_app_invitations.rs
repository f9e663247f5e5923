//! Invitations to become a member of an app: `app_invitations`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, string, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(app_invitations()).await?;
        // One at a time for each name or address and app.
        manager
            .create_index(
                Index::create()
                    .name("app_invitations_waiting")
                    .table("app_invitations")
                    .col("app_id")
                    .col("address_key")
                    .unique()
                    .and_where(Expr::col("state").eq("waiting"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [
            ("app_invitations_person_id", "person_id"),
            ("app_invitations_address_key", "address_key"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table("app_invitations")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}

fn app_invitations() -> TableCreateStatement {
    Table::create()
        .table("app_invitations")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(uuid_null("person_id"))
        .col(string("address"))
        .col(string("address_key"))
        .col(boolean("owner"))
        .col(boolean("may_sign"))
        .col(uuid("invited_by"))
        .col(big_integer("invited_at"))
        .col(big_integer("expires_at"))
        .col(string("state"))
        .col(big_integer_null("answered_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("app_invitations", "app_id")
                .to("apps", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("app_invitations", "person_id")
                .to("people", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("app_invitations", "invited_by")
                .to("people", "id"),
        )
        .to_owned()
}
