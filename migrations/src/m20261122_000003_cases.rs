//! Cases: `cases`, `drafts`, `submissions`, `attachments`, `signatures`, `grants`, `case_views`.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, integer, integer_null, string, string_null, text,
        uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(cases()).await?;
        manager.create_table(drafts()).await?;
        manager.create_table(submissions()).await?;
        manager.create_table(attachments()).await?;
        manager.create_table(signatures()).await?;
        manager.create_table(grants()).await?;
        manager.create_table(case_views()).await?;
        manager
            .create_index(
                Index::create()
                    .name("cases_state_due_at")
                    .table("cases")
                    .col("state")
                    .col("due_at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cases_assignee_id")
                    .table("cases")
                    .col("assignee_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cases_queue")
                    .table("cases")
                    .col("side")
                    .col("due_at")
                    // What the counts of the queue need besides, so that they never open a row.
                    .col("state")
                    .col("assignee_id")
                    .col("commercial_id")
                    .col("technical_id")
                    .col("commercial_open")
                    .col("technical_open")
                    .col("decline_proposed")
                    .col("news")
                    .col("submitted_at")
                    .col("app_id")
                    .col("level")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cases_app_id")
                    .table("cases")
                    .col("app_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("attachments_case_id")
                    .table("attachments")
                    .col("case_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("signatures_case_id")
                    .table("signatures")
                    .col("case_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("grants_app_id")
                    .table("grants")
                    .col("app_id")
                    .to_owned(),
            )
            .await?;
        // Each app has at most one application on its way (guard of `start`).
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX cases_one_open_per_app ON cases (app_id) WHERE side <> 'nobody'",
            )
            .await?;
        Ok(())
    }
}

/// One upgrade application each: the document, and the columns that queues filter and sort by.
fn cases() -> TableCreateStatement {
    Table::create()
        .table("cases")
        .col(uuid("id"))
        .col(integer("number").unique_key())
        .col(uuid("app_id"))
        .col(string("level"))
        .col(string("state"))
        .col(string("side"))
        .col(integer("round"))
        .col(uuid_null("assignee_id"))
        .col(uuid_null("commercial_id"))
        .col(uuid_null("technical_id"))
        .col(boolean("commercial_open"))
        .col(boolean("technical_open"))
        .col(boolean("decline_proposed"))
        .col(integer("open_questions"))
        .col(integer("open_findings"))
        .col(integer("open_blockers"))
        .col(string_null("news"))
        .col(big_integer_null("due_at"))
        .col(big_integer_null("clock_at"))
        .col(big_integer("us_spent"))
        .col(big_integer("developer_spent"))
        .col(big_integer_null("submitted_at"))
        .col(big_integer_null("ended_at"))
        .col(big_integer("changed_at"))
        .col(big_integer("created_at"))
        .col(text("document"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("cases", "app_id")
                .to("apps", "id"),
        )
        .to_owned()
}

/// What the developer has typed so far.
fn drafts() -> TableCreateStatement {
    Table::create()
        .table("drafts")
        .col(uuid("case_id"))
        .col(text("answers"))
        .col(big_integer("version"))
        .col(big_integer("saved_at"))
        .col(uuid("saved_by"))
        .primary_key(Index::create().col("case_id"))
        .foreign_key(
            ForeignKey::create()
                .from("drafts", "case_id")
                .to("cases", "id"),
        )
        .to_owned()
}

/// What was handed in: every revision, frozen and hashed.
fn submissions() -> TableCreateStatement {
    Table::create()
        .table("submissions")
        .col(uuid("case_id"))
        .col(integer("revision"))
        .col(text("body"))
        .col(string("sha256"))
        .col(big_integer("made_at"))
        .col(uuid("made_by"))
        .primary_key(Index::create().col("case_id").col("revision"))
        .foreign_key(
            ForeignKey::create()
                .from("submissions", "case_id")
                .to("cases", "id"),
        )
        .to_owned()
}

/// Uploaded files; the bytes lie in the object store.
fn attachments() -> TableCreateStatement {
    Table::create()
        .table("attachments")
        .col(uuid("id"))
        .col(uuid("case_id"))
        .col(string("field"))
        .col(string("name"))
        .col(string("mime"))
        .col(big_integer("size"))
        .col(string("sha256"))
        .col(string("storage_key"))
        .col(big_integer("added_at"))
        .col(uuid("added_by"))
        .col(big_integer_null("removed_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("attachments", "case_id")
                .to("cases", "id"),
        )
        .to_owned()
}

/// Electronic signatures, each over the hash of what was signed and of its circumstances.
fn signatures() -> TableCreateStatement {
    Table::create()
        .table("signatures")
        .col(uuid("id"))
        .col(uuid("person_id"))
        .col(uuid("case_id"))
        .col(string("signer_name"))
        .col(string("meaning"))
        .col(string("capacity"))
        .col(string("document_sha256"))
        .col(text("payload"))
        .col(string("payload_sha256"))
        .col(big_integer("signed_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// What approvals gave.
fn grants() -> TableCreateStatement {
    Table::create()
        .table("grants")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(uuid("case_id"))
        .col(string("level"))
        .col(integer_null("cap"))
        .col(string("status"))
        .col(big_integer("starts_at"))
        .col(big_integer("changed_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("grants", "app_id")
                .to("apps", "id"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("grants", "case_id")
                .to("cases", "id"),
        )
        .to_owned()
}

/// Who has looked at a case, and which version they saw.
fn case_views() -> TableCreateStatement {
    Table::create()
        .table("case_views")
        .col(uuid("case_id"))
        .col(uuid("person_id"))
        .col(big_integer("version"))
        .col(big_integer("seen_at"))
        .primary_key(Index::create().col("case_id").col("person_id"))
        .to_owned()
}
