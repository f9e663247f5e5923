//! Who has authorised an app, on which days they were served, and the gateways that say so.
//! Subjects are kept as keyed hashes alone.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            authorisations(),
            user_counts(),
            user_days(),
            served_subjects(),
            gateway_tokens(),
        ] {
            manager.create_table(table).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("served_subjects_day")
                    .table("served_subjects")
                    .col("day")
                    .to_owned(),
            )
            .await
    }
}

fn of_app(table: &mut TableCreateStatement) -> TableCreateStatement {
    table
        .foreign_key(ForeignKey::create().from_col("app_id").to("apps", "id"))
        .to_owned()
}

/// Who has authorised an app now.
fn authorisations() -> TableCreateStatement {
    of_app(
        Table::create()
            .table("authorisations")
            .col(uuid("app_id"))
            .col(string("subject"))
            .col(big_integer("since_at"))
            .primary_key(Index::create().col("app_id").col("subject")),
    )
}

/// How many they are, and what the developers were told of it.
fn user_counts() -> TableCreateStatement {
    of_app(
        Table::create()
            .table("user_counts")
            .col(uuid("app_id"))
            .col(integer("authorised"))
            .col(string("told"))
            .primary_key(Index::create().col("app_id")),
    )
}

/// The counts of each day (days since 1970-01-01, UTC): what the chart shows.
fn user_days() -> TableCreateStatement {
    of_app(
        Table::create()
            .table("user_days")
            .col(uuid("app_id"))
            .col(integer("day"))
            .col(integer("authorised"))
            .col(integer("served"))
            .primary_key(Index::create().col("app_id").col("day")),
    )
}

/// Who was served on a day: so that a subject that is reported twice counts once.
fn served_subjects() -> TableCreateStatement {
    of_app(
        Table::create()
            .table("served_subjects")
            .col(uuid("app_id"))
            .col(integer("day"))
            .col(string("subject"))
            .primary_key(Index::create().col("app_id").col("day").col("subject")),
    )
}

/// What gateways show to be let in; of the token the hash alone.
fn gateway_tokens() -> TableCreateStatement {
    Table::create()
        .table("gateway_tokens")
        .col(uuid("id"))
        .col(string("gateway"))
        .col(string("scopes"))
        .col(ColumnDef::new("hash").string().not_null().unique_key())
        .col(string("hint"))
        .col(uuid("made_by"))
        .col(big_integer("made_at"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("ended_at"))
        .col(big_integer_null("used_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("gateway_tokens", "made_by")
                .to("people", "id"),
        )
        .to_owned()
}
