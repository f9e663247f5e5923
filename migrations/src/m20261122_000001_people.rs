//! People: `people`, `sessions`, `tokens`, `throttles`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, integer_null, string, text_null, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(people()).await?;
        manager.create_table(sessions()).await?;
        manager.create_table(tokens()).await?;
        manager.create_table(throttles()).await?;
        manager
            .create_index(
                Index::create()
                    .name("sessions_person_id")
                    .table("sessions")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("tokens_person_id")
                    .table("tokens")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}

/// Everyone with an account. Disabled people stay: identities are never reused (21 CFR 11.100).
fn people() -> TableCreateStatement {
    Table::create()
        .table("people")
        .col(uuid("id"))
        .col(string("username"))
        .col(string("username_key").unique_key())
        .col(string("name"))
        .col(string("email"))
        .col(string("email_key").unique_key())
        .col(big_integer_null("email_verified_at"))
        .col(text_null("password_hash"))
        .col(string("organisation"))
        .col(string("roles"))
        .col(integer_null("agreement_version"))
        .col(big_integer_null("agreement_accepted_at"))
        .col(big_integer_null("disabled_at"))
        .col(big_integer("created_at"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// Signed-in browsers. The token itself is only in the cookie.
fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(string("token_hash"))
        .col(uuid("person_id"))
        .col(big_integer("created_at"))
        .col(big_integer("seen_at"))
        .col(big_integer("authenticated_at"))
        .col(big_integer("expires_at"))
        .col(string("user_agent"))
        .col(string("address"))
        .primary_key(Index::create().col("token_hash"))
        .foreign_key(
            ForeignKey::create()
                .from("sessions", "person_id")
                .to("people", "id"),
        )
        .to_owned()
}

/// Single-use links: email verification, password reset, invitation.
fn tokens() -> TableCreateStatement {
    Table::create()
        .table("tokens")
        .col(string("hash"))
        .col(string("kind"))
        .col(uuid("person_id"))
        .col(string("email"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("used_at"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(
            ForeignKey::create()
                .from("tokens", "person_id")
                .to("people", "id"),
        )
        .to_owned()
}

/// Counters of attempts, shared by all instances.
fn throttles() -> TableCreateStatement {
    Table::create()
        .table("throttles")
        .col(string("key"))
        .col(big_integer("window_at"))
        .col(integer("count"))
        .primary_key(Index::create().col("key"))
        .to_owned()
}
