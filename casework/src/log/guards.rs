//! What keeps the trail append-only in the database itself: whether it is there.

use crate::{Result, database::Database};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use trail::Fault;

/// The triggers that PostgreSQL must have, on for everybody.
const ON_POSTGRES: [&str; 2] = ["audit_no_change", "audit_no_truncate"];

/// On SQLite a guard is tried: what it stands against is refused, whatever it is made of.
const ON_SQLITE: [(&str, &str); 3] = [
    (
        "audit_no_update",
        "UPDATE audit_events SET reason = reason WHERE seq = (SELECT max(seq) FROM audit_events)",
    ),
    (
        "audit_no_delete",
        "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)",
    ),
    (
        "audit_no_replace",
        "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events \
         WHERE seq = (SELECT max(seq) FROM audit_events)",
    ),
];

/// The guards that are missing.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn missing(database: &Database) -> Result<Vec<Fault>> {
    let missing = match database.backend() {
        DbBackend::Postgres => on_postgres(database).await?,
        _ => on_sqlite(database).await?,
    };
    let fault = |guard: &str| Fault::Guard {
        guard: guard.to_owned(),
    };
    Ok(missing.into_iter().map(fault).collect())
}

async fn on_postgres(database: &Database) -> Result<Vec<&'static str>> {
    // A function that refuses nothing is no guard.
    let there = database
        .read()
        .query_all_raw(sea_orm::Statement::from_string(
            DbBackend::Postgres,
            "SELECT t.tgname::text AS name FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid \
             WHERE t.tgrelid = 'audit_events'::regclass AND t.tgenabled = 'A' \
             AND p.prosrc LIKE '%RAISE EXCEPTION%'",
        ))
        .await?;
    let there: Vec<String> = there
        .iter()
        .map(|row| row.try_get("", "name"))
        .collect::<Result<_, _>>()?;
    Ok(ON_POSTGRES
        .into_iter()
        .filter(|guard| !there.iter().any(|name| name == guard))
        .collect())
}

async fn on_sqlite(database: &Database) -> Result<Vec<&'static str>> {
    let mut missing = Vec::new();
    for (guard, attempt) in ON_SQLITE {
        // Taken back, whatever comes of it.
        let transaction = database.begin().await?;
        if let Some(false) = is_refused(&transaction, attempt).await? {
            missing.push(guard);
        }
        transaction.rollback().await?;
    }
    Ok(missing)
}

/// Whether the database refuses a statement; none where there was nothing to try it on.
async fn is_refused(transaction: &DatabaseTransaction, attempt: &str) -> Result<Option<bool>> {
    match transaction.execute_unprepared(attempt).await {
        Ok(done) if done.rows_affected() == 0 => Ok(None),
        Ok(_) => Ok(Some(false)),
        Err(error) if error.to_string().contains("append-only") => Ok(Some(true)),
        Err(error) => Err(error.into()),
    }
}
