//! Folded keys: by what apps and people are found and sorted, alike on both databases (neither's
//! own `lower()` knows all of Unicode, and they differ). `people.email_key` is folded anew.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, QueryResult},
};
use uuid::Uuid;
use workflow::text::fold;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Rows that are folded between two readings.
const BATCH: u64 = 500;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let database = manager.get_connection();
        // Sorted by bytes everywhere, not by the language that the server was installed in.
        let collation = match manager.get_database_backend() {
            DbBackend::Postgres => " COLLATE \"C\"",
            _ => "",
        };
        for table in ["apps", "people"] {
            for column in ["name_key", "organisation_key"] {
                let statement = format!(
                    "ALTER TABLE {table} ADD COLUMN {column} text{collation} NOT NULL DEFAULT ''"
                );
                database.execute_unprepared(&statement).await?;
            }
        }
        for table in ["apps", "people"] {
            let mut last = Uuid::nil();
            loop {
                let rows = rows(database, table, last).await?;
                for row in &rows {
                    last = row.try_get("", "id")?;
                    fold_row(database, table, last, row).await?;
                }
                if rows.is_empty() {
                    break;
                }
            }
        }
        Ok(())
    }
}

async fn rows(
    database: &SchemaManagerConnection<'_>,
    table: &'static str,
    after: Uuid,
) -> Result<Vec<QueryResult>, DbErr> {
    let mut select = Query::select();
    select.columns(["id", "name", "organisation"]).from(table);
    if table == "people" {
        select.columns(["email", "email_key"]);
    }
    select
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(BATCH);
    database.query_all(&select).await
}

async fn fold_row(
    database: &SchemaManagerConnection<'_>,
    table: &'static str,
    id: Uuid,
    row: &QueryResult,
) -> Result<(), DbErr> {
    let name: String = row.try_get("", "name")?;
    let organisation: String = row.try_get("", "organisation")?;
    let mut update = Query::update();
    update
        .table(table)
        .value("name_key", fold(&name))
        .value("organisation_key", fold(&organisation))
        .and_where(Expr::col("id").eq(id));
    if table == "people" {
        let email: String = row.try_get("", "email")?;
        let before: String = row.try_get("", "email_key")?;
        let key = fold(&email);
        // Two old addresses that are one when folded: the older account keeps the key, the other
        // keeps the one it has.
        if key != before && !is_taken(database, &key).await? {
            update.value("email_key", key);
        }
    }
    database.execute(&update).await?;
    Ok(())
}

async fn is_taken(database: &SchemaManagerConnection<'_>, key: &str) -> Result<bool, DbErr> {
    let select = Query::select()
        .column("id")
        .from("people")
        .and_where(Expr::col("email_key").eq(key))
        .to_owned();
    Ok(database.query_one(&select).await?.is_some())
}
