//! Audit: `audit_events`, `audit_heads`.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(audit_events()).await?;
        manager.create_table(audit_heads()).await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_events_case_id_seq")
                    .table("audit_events")
                    .col("case_id")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_events_at")
                    .table("audit_events")
                    .col("at")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_events_name")
                    .table("audit_events")
                    .col("name")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_events_actor")
                    .table("audit_events")
                    .col("actor")
                    .to_owned(),
            )
            .await?;
        for statement in guards(manager.get_database_backend()) {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }
}

/// What makes the trail append-only in the database itself (21 CFR 11.10(e)). `INSERT OR REPLACE`
/// passes by SQLite's DELETE triggers, hence the guard before INSERT.
fn guards(backend: sea_orm::DbBackend) -> &'static [&'static str] {
    match backend {
        sea_orm::DbBackend::Postgres => &[
            "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$",
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_events
             FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_events
             FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
            "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_no_change",
            "ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_no_truncate",
        ],
        _ => &[
            "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_events
             BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
            "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_events
             BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_events
             WHEN EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.seq OR id = NEW.id)
             BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        ],
    }
}

/// The append-only trail.
fn audit_events() -> TableCreateStatement {
    Table::create()
        .table("audit_events")
        .col(big_integer("seq"))
        .col(uuid("id").unique_key())
        .col(big_integer("at"))
        .col(string("actor"))
        .col(string("subject"))
        .col(string("subject_id"))
        .col(uuid_null("case_id"))
        .col(big_integer_null("case_version"))
        .col(string("name"))
        .col(text("body"))
        .col(text("reason"))
        .col(integer("policy_version"))
        .col(string("build"))
        .col(string("prev_hash"))
        .col(string("hash"))
        .primary_key(Index::create().col("seq"))
        .to_owned()
}

/// The end of the chain: the row that writers lock.
fn audit_heads() -> TableCreateStatement {
    Table::create()
        .table("audit_heads")
        .col(integer("id"))
        .col(big_integer("seq"))
        .col(string("hash"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}
