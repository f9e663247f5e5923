//! Texts that everybody searches are found without their accents: the keys of articles and of entries
//! in the gallery, as [`plain`] makes them of what they are.

use sea_orm_migration::{prelude::*, sea_orm::QueryResult};
use uuid::Uuid;
use workflow::text::plain;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        for (table, columns) in [
            ("support_articles", ["title_key", "text_key"]),
            ("gallery_entries", ["name_key", "text_key"]),
        ] {
            let all = Query::select()
                .column("id")
                .columns(columns)
                .from(table)
                .to_owned();
            for row in database.query_all(&all).await? {
                bare(database, table, columns, &row).await?;
            }
        }
        Ok(())
    }
}

async fn bare(
    database: &SchemaManagerConnection<'_>,
    table: &'static str,
    columns: [&'static str; 2],
    row: &QueryResult,
) -> Result<(), DbErr> {
    let id: Uuid = row.try_get("", "id")?;
    let mut update = Query::update();
    update.table(table).and_where(Expr::col("id").eq(id));
    for column in columns {
        let key: String = row.try_get("", column)?;
        update.value(column, plain(&key));
    }
    database.execute(&update).await?;
    Ok(())
}
