//! With which message a file of a support request was sent: `support_files.message_id`, none for one
//! that waits for its text. What was there before goes to the message that its person wrote next, or
//! had written last, or to the first of the request.

use sea_orm_migration::{prelude::*, schema::uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = Table::alter()
            .table("support_files")
            .add_column(uuid_null("message_id"))
            .to_owned();
        manager.alter_table(added).await?;
        let of_request =
            "SELECT m.id FROM support_messages m WHERE m.request_id = support_files.request_id";
        let own = format!("{of_request} AND m.author_id = support_files.added_by");
        let sent = format!(
            "UPDATE support_files SET message_id = COALESCE(
                ({own} AND m.written_at >= support_files.added_at
                 ORDER BY m.written_at, m.id LIMIT 1),
                ({own} ORDER BY m.written_at DESC, m.id DESC LIMIT 1),
                ({of_request} ORDER BY m.written_at, m.id LIMIT 1))"
        );
        manager.get_connection().execute_unprepared(&sent).await?;
        // The page of a case names the requests about it.
        let by_case = Index::create()
            .name("support_requests_case_id")
            .table("support_requests")
            .col("case_id")
            .to_owned();
        manager.create_index(by_case).await
    }
}
