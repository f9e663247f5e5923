//! `people.email_key` of international addresses: one mailbox has one key, with its domain in ASCII.

use sea_orm_migration::prelude::*;
use uuid::Uuid;
use workflow::{
    mailbox::{LocalParts, Mailbox},
    text::fold,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        let mut select = Query::select();
        select.columns(["id", "email", "email_key"]).from("people");
        for row in database.query_all(&select).await? {
            let id: Uuid = row.try_get("", "id")?;
            let email: String = row.try_get("", "email")?;
            let before: String = row.try_get("", "email_key")?;
            let Ok(mailbox) = Mailbox::parse(&email, LocalParts::Any) else {
                continue;
            };
            let key = format!("{}@{}", fold(mailbox.local()), mailbox.domain());
            if key == before {
                continue;
            }
            // Where two accounts have the same mailbox in two spellings, both keep their keys.
            let mut taken = Query::select();
            taken
                .column("id")
                .from("people")
                .and_where(Expr::col("email_key").eq(key.as_str()));
            if database.query_one(&taken).await?.is_some() {
                continue;
            }
            let mut update = Query::update();
            update
                .table("people")
                .value("email_key", key)
                .and_where(Expr::col("id").eq(id));
            database.execute(&update).await?;
        }
        Ok(())
    }
}
