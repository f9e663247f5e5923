//! `support_articles`: questions and answers for everybody, made of solved requests.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(articles()).await?;
        let index = Index::create()
            .name("support_articles_state")
            .table("support_articles")
            .col("state")
            .col("title_key")
            .to_owned();
        manager.create_index(index).await
    }
}

fn articles() -> TableCreateStatement {
    let table = "support_articles";
    let mut create = Table::create();
    create
        .table(table)
        .col(uuid("id"))
        .col(string("slug").unique_key())
        .col(uuid("request_id"))
        .col(string("category"))
        .col(text("title"))
        .col(text("title_key"))
        .col(text("question"))
        .col(text("answer"))
        .col(text("text_key"))
        .col(string("state"))
        .col(uuid("written_by"))
        .col(big_integer("written_at"))
        .col(uuid_null("decided_by"))
        .col(big_integer_null("decided_at"))
        .primary_key(Index::create().col("id"));
    for (column, other) in [
        ("request_id", "support_requests"),
        ("written_by", "people"),
        ("decided_by", "people"),
    ] {
        create.foreign_key(ForeignKey::create().from(table, column).to(other, "id"));
    }
    create.to_owned()
}
