//! What both sides write on a support request is found by its words: their key, as [`plain`] makes it,
//! and that of its subject.

use sea_orm_migration::{prelude::*, schema::text};
use uuid::Uuid;
use workflow::text::plain;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter()
            .table("support_messages")
            .add_column(text("text_key").default(""))
            .to_owned();
        manager.alter_table(add).await?;
        let database = manager.get_connection();
        let all = Query::select()
            .columns(["id", "text"])
            .from("support_messages")
            .to_owned();
        for row in database.query_all(&all).await? {
            let (id, text): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "text")?);
            let update = Query::update()
                .table("support_messages")
                .value("text_key", plain(&text))
                .and_where(Expr::col("id").eq(id))
                .to_owned();
            database.execute(&update).await?;
        }
        let all = Query::select()
            .columns(["id", "subject"])
            .from("support_requests")
            .to_owned();
        for row in database.query_all(&all).await? {
            let (id, subject): (Uuid, String) =
                (row.try_get("", "id")?, row.try_get("", "subject")?);
            let update = Query::update()
                .table("support_requests")
                .value("subject_key", plain(&subject))
                .and_where(Expr::col("id").eq(id))
                .to_owned();
            database.execute(&update).await?;
        }
        Ok(())
    }
}
