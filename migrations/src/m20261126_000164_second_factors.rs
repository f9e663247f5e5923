//! Second factors: `second_factors` holds the sealed secret of an authenticator app, `recovery_codes`
//! the hashes of codes for the day it is lost, `people.second_factor_at` since when one is asked for.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let since = Table::alter()
            .table("people")
            .add_column(big_integer_null("second_factor_at"))
            .to_owned();
        manager.alter_table(since).await?;
        manager.create_table(second_factors()).await?;
        manager.create_table(recovery_codes()).await?;
        let of_person = Index::create()
            .name("recovery_codes_person")
            .table("recovery_codes")
            .col("person_id")
            .to_owned();
        manager.create_index(of_person).await
    }
}

fn second_factors() -> TableCreateStatement {
    Table::create()
        .table("second_factors")
        .col(uuid("person_id"))
        .col(text("secret"))
        .col(big_integer("begun_at"))
        .col(big_integer_null("confirmed_at"))
        // The time step of the code that was taken last: a code is taken once.
        .col(big_integer("last_step"))
        .primary_key(Index::create().col("person_id"))
        .foreign_key(
            ForeignKey::create()
                .from("second_factors", "person_id")
                .to("people", "id"),
        )
        .to_owned()
}

fn recovery_codes() -> TableCreateStatement {
    Table::create()
        .table("recovery_codes")
        .col(string("hash"))
        .col(uuid("person_id"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(
            ForeignKey::create()
                .from("recovery_codes", "person_id")
                .to("people", "id"),
        )
        .to_owned()
}
