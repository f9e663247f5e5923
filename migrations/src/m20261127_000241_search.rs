//! Full-text search over cases: `search_documents` with the words of each case, `search_marks` with
//! the cases whose documents are to be written, `search_vocabulary` with all words, `search_heads` with how often any was written, and in which version's way.
//!
//! The words are made by `casework`, the same for both databases; here is only how they are found:
//! an FTS5 table over them on SQLite, a GIN index on PostgreSQL.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, text, uuid},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Words are separated by spaces, and none holds a sign that this tokenizer takes away. Only which
/// rows hold a word is kept, not where in them.
const SQLITE: &[&str] = &[
    "ALTER TABLE search_documents ADD COLUMN words TEXT NOT NULL DEFAULT ''",
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', contentless_delete=1, \
     detail=none, tokenize='ascii')",
];

/// `search_hits` gives the numbers of the newest cases that a question finds. It looks into the
/// newest parts first (each document says by a word of its own in which it lies), so that a word
/// which nearly every case has is not gathered from all of them. That its index is used is not left
/// to the planner, who does not know what it costs to open a document.
const POSTGRES: &[&str] = &[
    "ALTER TABLE search_documents ADD COLUMN words TSVECTOR NOT NULL DEFAULT ''",
    // What waits in a pending list would be read by each search.
    "CREATE INDEX search_documents_words ON search_documents USING gin (words) \
     WITH (fastupdate = off)",
    "CREATE FUNCTION search_hits(question tsquery, most integer) RETURNS SETOF integer \
     LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off SET jit = off AS $$
     DECLARE
         part integer := (SELECT max(number) / 2048 FROM search_documents);
         newest tsquery := (quote_literal(U&'\\E002' || part) || '|'
             || quote_literal(U&'\\E002' || (part - 1)))::tsquery;
         found integer[];
     BEGIN
         IF most IS NOT NULL THEN
             found := ARRAY(SELECT number FROM search_documents
                 WHERE words @@ (question && newest) ORDER BY number DESC LIMIT most);
             IF cardinality(found) = most THEN
                 RETURN QUERY SELECT unnest(found);
                 RETURN;
             END IF;
         END IF;
         RETURN QUERY SELECT number FROM search_documents WHERE words @@ question
             ORDER BY number DESC LIMIT most;
     END $$",
];

/// Every case that was handed in is to be written.
const MARK: &str = "INSERT INTO search_marks (case_id, marked_at, stamp) \
    SELECT id, 0, id FROM cases WHERE in_views <> 0";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let documents = Table::create()
            .table("search_documents")
            .col(integer("number"))
            .col(text("texts"))
            .primary_key(Index::create().col("number"))
            .to_owned();
        let marks = Table::create()
            .table("search_marks")
            .col(uuid("case_id"))
            .col(big_integer("marked_at"))
            .col(uuid("stamp"))
            .primary_key(Index::create().col("case_id"))
            .to_owned();
        let heads = Table::create()
            .table("search_heads")
            .col(integer("id"))
            .col(big_integer("written"))
            .col(integer("format"))
            .primary_key(Index::create().col("id"))
            .to_owned();
        for table in [documents, marks, heads] {
            manager.create_table(table).await?;
        }
        let database = manager.get_connection();
        let vocabulary = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "CREATE TABLE search_vocabulary (word TEXT COLLATE \"C\" NOT NULL PRIMARY KEY)"
            }
            _ => "CREATE TABLE search_vocabulary (word TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID",
        };
        database.execute_unprepared(vocabulary).await?;
        manager
            .create_index(
                Index::create()
                    .name("search_marks_marked_at")
                    .table("search_marks")
                    .col("marked_at")
                    .to_owned(),
            )
            .await?;
        let found_by = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        let head = "INSERT INTO search_heads (id, written, format) VALUES (1, 0, 1)";
        for statement in found_by.iter().chain(&[MARK, head]) {
            database.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
