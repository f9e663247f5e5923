//! `support_requests`: what developers ask, with what was said about it, what only we said about it
//! (a table of its own, which nothing that a developer reads opens), and the cases that it is about.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, integer, integer_null, string, text, text_null, uuid,
        uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(requests()).await?;
        manager.create_table(said("support_messages", true)).await?;
        manager.create_table(said("support_notes", false)).await?;
        manager.create_table(links()).await?;
        for (table, columns) in [
            ("support_requests", ["opener_id", "number"]),
            ("support_requests", ["state", "due_at"]),
            ("support_requests", ["merged_into", "number"]),
            ("support_messages", ["request_id", "written_at"]),
            ("support_notes", ["request_id", "written_at"]),
            ("support_links", ["case_id", "linked_at"]),
        ] {
            let [one, other] = columns;
            let index = Index::create()
                .name(format!("{table}_{one}"))
                .table(table)
                .col(one)
                .col(other)
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn to(table: &'static str, column: &'static str, other: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(other, "id")
        .to_owned()
}

fn requests() -> TableCreateStatement {
    let table = "support_requests";
    Table::create()
        .table(table)
        .col(uuid("id"))
        .col(integer("number").unique_key())
        .col(uuid("opener_id"))
        .col(uuid_null("app_id"))
        .col(uuid_null("case_id"))
        .col(string("category"))
        .col(string("environment"))
        .col(text("subject"))
        .col(text("subject_key"))
        .col(string("state"))
        .col(string("side"))
        .col(uuid_null("assignee_id"))
        .col(big_integer_null("due_at"))
        .col(big_integer_null("since_at"))
        .col(big_integer("us_spent"))
        .col(big_integer("developer_spent"))
        .col(big_integer_null("ended_at"))
        .col(integer_null("stars"))
        .col(text_null("rating"))
        .col(integer_null("merged_into"))
        .col(text_null("moved_to"))
        .col(big_integer("opened_at"))
        .col(big_integer("changed_at"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to(table, "opener_id", "people"))
        .foreign_key(&mut to(table, "assignee_id", "people"))
        .foreign_key(&mut to(table, "app_id", "apps"))
        .foreign_key(&mut to(table, "case_id", "cases"))
        .to_owned()
}

/// Texts on a request, each with who wrote it.
fn said(table: &'static str, with_side: bool) -> TableCreateStatement {
    let mut create = Table::create();
    create
        .table(table)
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(uuid("author_id"))
        .col(text("text"))
        .col(big_integer("written_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to(table, "request_id", "support_requests"))
        .foreign_key(&mut to(table, "author_id", "people"));
    if with_side {
        create.col(string("side"));
    }
    create.to_owned()
}

fn links() -> TableCreateStatement {
    let table = "support_links";
    Table::create()
        .table(table)
        .col(uuid("request_id"))
        .col(uuid("case_id"))
        .col(uuid("linked_by"))
        .col(big_integer("linked_at"))
        .primary_key(Index::create().col("request_id").col("case_id"))
        .foreign_key(&mut to(table, "request_id", "support_requests"))
        .foreign_key(&mut to(table, "case_id", "cases"))
        .foreign_key(&mut to(table, "linked_by", "people"))
        .to_owned()
}
