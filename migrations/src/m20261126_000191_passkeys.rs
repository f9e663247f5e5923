//! `passkeys`: public keys by which people sign in, with the credential as the library keeps it;
//! `passkey_ceremonies`: challenges that were given out and wait for their answer, once.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, string_null, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(passkeys()).await?;
        let of_person = Index::create()
            .name("passkeys_person")
            .table("passkeys")
            .col("person_id")
            .to_owned();
        manager.create_index(of_person).await?;
        // One authenticator has one account here: whose it is follows from its credential.
        let of_credential = Index::create()
            .name("passkeys_credential")
            .table("passkeys")
            .col("credential_id")
            .unique()
            .to_owned();
        manager.create_index(of_credential).await?;
        manager.create_table(ceremonies()).await
    }
}

fn passkeys() -> TableCreateStatement {
    Table::create()
        .table("passkeys")
        .col(uuid("id"))
        .col(uuid("person_id"))
        .col(text("credential_id"))
        // The COSE key as the authenticator encodes it (CTAP2 canonical CBOR), in hexadecimal.
        .col(text("public_key"))
        .col(text("credential"))
        .col(string("name"))
        .col(big_integer("made_at"))
        .col(big_integer_null("used_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("passkeys", "person_id")
                .to("people", "id"),
        )
        .to_owned()
}

fn ceremonies() -> TableCreateStatement {
    Table::create()
        .table("passkey_ceremonies")
        .col(string("hash"))
        .col(string("kind"))
        .col(uuid_null("person_id"))
        .col(string("browser"))
        .col(string_null("attempt"))
        .col(string("name"))
        .col(text("options"))
        .col(text("state"))
        .col(big_integer("expires_at"))
        .primary_key(Index::create().col("hash"))
        .to_owned()
}
