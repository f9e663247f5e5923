//! Approvals that live on: `watched_apps` with their `attestations`, `watched_pages` with their
//! `page_texts` and `page_changes`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string, string_null, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            watched_apps(),
            attestations(),
            watched_pages(),
            page_texts(),
            page_changes(),
        ] {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in [
            ("attestations", &["app_id", "due_at"][..], true),
            ("watched_apps", &["due_at"], false),
            ("watched_pages", &["app_id", "address"], true),
            ("watched_pages", &["next_at"], false),
            ("watched_pages", &["leased_until_at"], false),
            ("page_texts", &["read_at"], false),
            ("page_changes", &["page_id"], false),
            ("page_changes", &["case_id"], false),
            ("page_changes", &["state"], false),
        ] {
            let mut index = Index::create();
            index
                .name(format!("{table}_{}", columns.join("_")))
                .table(table);
            for column in columns {
                index.col(*column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn to(
    table: &'static str,
    column: &'static str,
    target: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(target, "id")
        .to_owned()
}

/// Every app that was approved, by which case, and when it is to attest again.
fn watched_apps() -> TableCreateStatement {
    Table::create()
        .table("watched_apps")
        .col(uuid("app_id"))
        .col(uuid("case_id"))
        .col(big_integer("since_at"))
        .col(big_integer("due_at"))
        .col(string("told"))
        .col(big_integer_null("ended_at"))
        .primary_key(Index::create().col("app_id"))
        .foreign_key(&mut to("watched_apps", "app_id", "apps"))
        .foreign_key(&mut to("watched_apps", "case_id", "cases"))
        .to_owned()
}

/// Who attested what for which date.
fn attestations() -> TableCreateStatement {
    Table::create()
        .table("attestations")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(uuid("case_id"))
        .col(big_integer("due_at"))
        .col(text("statement"))
        .col(uuid("given_by"))
        .col(big_integer("given_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("attestations", "app_id", "apps"))
        .foreign_key(&mut to("attestations", "case_id", "cases"))
        .foreign_key(&mut to("attestations", "given_by", "people"))
        .to_owned()
}

/// A page that an approval stands by: when it is read next, and what it is held against.
fn watched_pages() -> TableCreateStatement {
    Table::create()
        .table("watched_pages")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(uuid("case_id"))
        .col(string("field"))
        .col(text("address"))
        .col(big_integer_null("next_at"))
        .col(uuid_null("known_id"))
        .col(string_null("etag"))
        .col(string_null("modified"))
        .col(big_integer_null("read_at"))
        .col(big_integer_null("failing_since_at"))
        .col(text("failure"))
        .col(big_integer_null("warned_at"))
        .col(big_integer_null("leased_until_at"))
        .col(uuid_null("lease_id"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("watched_pages", "app_id", "apps"))
        .foreign_key(&mut to("watched_pages", "case_id", "cases"))
        .to_owned()
}

/// The text of a page as it was first read, and after each change that somebody had to look at.
fn page_texts() -> TableCreateStatement {
    Table::create()
        .table("page_texts")
        .col(uuid("id"))
        .col(uuid("page_id"))
        .col(text("text"))
        .col(string("sha256"))
        .col(big_integer("read_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("page_texts", "page_id", "watched_pages"))
        .to_owned()
}

/// A change that somebody has to look at, and what came of it.
fn page_changes() -> TableCreateStatement {
    Table::create()
        .table("page_changes")
        .col(uuid("id"))
        .col(uuid("page_id"))
        .col(uuid("app_id"))
        .col(uuid("case_id"))
        .col(uuid("before_id"))
        .col(uuid("after_id"))
        .col(integer("permille"))
        .col(big_integer("found_at"))
        .col(string("state"))
        .col(big_integer("version"))
        .col(uuid_null("for_id"))
        .col(big_integer_null("closed_at"))
        .col(uuid_null("closed_by"))
        .col(text("note"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("page_changes", "page_id", "watched_pages"))
        .foreign_key(&mut to("page_changes", "app_id", "apps"))
        .foreign_key(&mut to("page_changes", "case_id", "cases"))
        .to_owned()
}
