//! The gallery: entries with their drafts and frozen versions, the images of both, and the links of
//! what is public, which are looked at every week.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, integer_null, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [entries(), drafts(), versions(), images(), links()] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            (
                "gallery_entries_public",
                "gallery_entries",
                ["public_version", "name_key"],
            ),
            (
                "gallery_entries_state",
                "gallery_entries",
                ["state", "changed_at"],
            ),
            (
                "gallery_images_entry",
                "gallery_images",
                ["entry_id", "added_at"],
            ),
            (
                "gallery_links_next",
                "gallery_links",
                ["next_at", "entry_id"],
            ),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(column);
            }
            manager.create_index(index.to_owned()).await?;
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

fn entries() -> TableCreateStatement {
    let table = "gallery_entries";
    Table::create()
        .table(table)
        .col(uuid("id"))
        .col(uuid("app_id").unique_key())
        .col(string("slug").unique_key())
        .col(string("state"))
        .col(integer_null("public_version"))
        .col(integer("newest_version"))
        .col(boolean("was_public"))
        .col(boolean("resting"))
        .col(text("asked"))
        .col(text("name_key"))
        .col(text("text_key"))
        .col(text("platforms"))
        .col(text("regions"))
        .col(text("languages"))
        .col(big_integer_null("published_at"))
        .col(big_integer("created_at"))
        .col(big_integer("changed_at"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to(table, "app_id", "apps"))
        .to_owned()
}

fn drafts() -> TableCreateStatement {
    let table = "gallery_drafts";
    Table::create()
        .table(table)
        .col(uuid("entry_id"))
        .col(text("body"))
        .col(big_integer("changed_at"))
        .primary_key(Index::create().col("entry_id"))
        .foreign_key(&mut to(table, "entry_id", "gallery_entries"))
        .to_owned()
}

fn versions() -> TableCreateStatement {
    let table = "gallery_versions";
    Table::create()
        .table(table)
        .col(uuid("entry_id"))
        .col(integer("version"))
        .col(text("body"))
        .col(string("sha256"))
        .col(big_integer("made_at"))
        .col(uuid("made_by"))
        .primary_key(Index::create().col("entry_id").col("version"))
        .foreign_key(&mut to(table, "entry_id", "gallery_entries"))
        .foreign_key(&mut to(table, "made_by", "people"))
        .to_owned()
}

fn images() -> TableCreateStatement {
    let table = "gallery_images";
    Table::create()
        .table(table)
        .col(string("hash"))
        .col(uuid("entry_id"))
        .col(string("kind"))
        .col(string("ext"))
        .col(integer("width"))
        .col(integer("height"))
        .col(text("name"))
        .col(uuid("added_by"))
        .col(big_integer("added_at"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(&mut to(table, "entry_id", "gallery_entries"))
        .foreign_key(&mut to(table, "added_by", "people"))
        .to_owned()
}

fn links() -> TableCreateStatement {
    let table = "gallery_links";
    Table::create()
        .table(table)
        .col(uuid("entry_id"))
        .col(string("store"))
        .col(text("address"))
        .col(big_integer("next_at"))
        .col(big_integer_null("failing_since_at"))
        .col(text("failure"))
        .col(big_integer_null("warned_at"))
        .primary_key(Index::create().col("entry_id").col("store"))
        .foreign_key(&mut to(table, "entry_id", "gallery_entries"))
        .to_owned()
}
