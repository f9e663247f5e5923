//! Writing the documents of the cases that steps have marked.

use super::{
    document::{Sources, TOLD_BY_EVENTS, Texts, Words},
    words::FORMAT,
};
use crate::{
    Desk, Result,
    audit::body::event_in,
    entities::{apps, audit_events, case_tags, cases, search_documents, search_marks, submissions},
    rows,
    store::Snapshot,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, Statement,
    sea_query::{Alias, Expr, ExprTrait, LockBehavior, LockType, Query},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{Case, Event};

/// Documents written by one transaction: few enough that no step waits for long.
const AT_ONCE: u64 = 24;

/// So many words are added by one statement.
const LEARNED: usize = 5_000;

/// Whether a case is found by other words after this event.
pub const fn changes_texts(event: &Event) -> bool {
    match event {
        Event::Submitted { .. }
        | Event::ClarificationRequested { .. }
        | Event::ClarificationAnswered { .. }
        | Event::ItemChecked { .. }
        | Event::FindingRecorded { .. }
        | Event::FindingWaived { .. }
        | Event::FindingDated { .. }
        | Event::CorrectionReported { .. }
        | Event::FindingRetested { .. }
        | Event::CorrectionsRequested { .. }
        | Event::Resubmitted { .. }
        | Event::DeclineProposed { .. }
        | Event::Approved { .. }
        | Event::Declined { .. }
        | Event::Withdrawn { .. }
        | Event::Appealed { .. }
        | Event::AppealAnswered { .. }
        | Event::Reopened { .. }
        | Event::GrantSuspended { .. }
        | Event::GrantReinstated { .. }
        | Event::GrantRevoked { .. }
        | Event::CapChanged { .. } => true,
        Event::Started { .. }
        | Event::DraftEdited { .. }
        | Event::AttachmentAdded { .. }
        | Event::AttachmentRemoved { .. }
        | Event::Assigned { .. }
        | Event::Released { .. }
        | Event::CompletenessConfirmed
        | Event::TrackPassed { .. }
        | Event::DlaAccepted { .. }
        | Event::Reminded { .. }
        | Event::FindingsReminded { .. }
        | Event::Lapsed { .. } => false,
    }
}

/// Marks every case if documents were made in another way than this version's.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_outdated(desk: &Desk) -> Result<()> {
    let backend = desk.database.backend();
    let transaction = desk.database.begin().await?;
    let took_over = transaction
        .execute_raw(Statement::from_string(
            backend,
            format!("UPDATE search_heads SET format = {FORMAT} WHERE format <> {FORMAT}"),
        ))
        .await?;
    if took_over.rows_affected() > 0 {
        transaction
            .execute_unprepared("DELETE FROM search_vocabulary")
            .await?;
        transaction
            .execute_unprepared(
                "INSERT INTO search_marks (case_id, marked_at, stamp) \
                 SELECT id, 0, id FROM cases WHERE in_views <> 0 ON CONFLICT DO NOTHING",
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Writes the documents of marked cases, those marked last first; answers how many marks it took
/// up: none where none is left. Several instances may do so at once.
///
/// # Errors
/// When the database does not answer. A case that cannot be read is noted, and stays found by what
/// it was found by before.
pub async fn write_marked(desk: &Desk) -> Result<u64> {
    let marks = search_marks::Entity::find()
        .order_by_desc(search_marks::Column::MarkedAt)
        .limit(AT_ONCE)
        .all(desk.database.read())
        .await?;
    if marks.is_empty() {
        return Ok(0);
    }
    // Read after the marks: whatever changes from now on marks its case anew.
    let made = documents(desk, &marks).await?;
    let transaction = desk.database.begin().await?;
    let stand = search_marks::Entity::find()
        .filter(search_marks::Column::CaseId.is_in(marks.iter().map(|mark| mark.case_id)))
        .order_by_asc(search_marks::Column::CaseId)
        // What a step marks anew at this moment is written after it.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&transaction)
        .await?;
    let stand: BTreeSet<Uuid> = stand.into_iter().map(|mark| mark.stamp).collect();
    let marks = || marks.iter().filter(|mark| stand.contains(&mark.stamp));
    let made = || marks().filter_map(|mark| made.get(&mark.case_id));
    learn(&transaction, made()).await?;
    for document in made() {
        write(&transaction, document).await?;
    }
    search_marks::Entity::delete_many()
        .filter(search_marks::Column::CaseId.is_in(marks().map(|mark| mark.case_id)))
        .exec(&transaction)
        .await?;
    if made().next().is_some() {
        let count = Query::update()
            .table("search_heads")
            .value("written", Expr::cust("written + 1"))
            .to_owned();
        transaction.execute(&count).await?;
    }
    transaction.commit().await?;
    Ok(marks().count() as u64)
}

/// A document to be written.
struct Document {
    number: i32,
    texts: String,
    words: Words,
}

/// The documents of marked cases, by the case; none of cases that were not handed in, that cannot be
/// read, or that are found by the same as before.
async fn documents(desk: &Desk, marks: &[search_marks::Model]) -> Result<BTreeMap<Uuid, Document>> {
    let connection = desk.database.read();
    let app = cases::Entity::belongs_to(apps::Entity)
        .from(cases::Column::AppId)
        .to(apps::Column::Id);
    let found = cases::Entity::find()
        .filter(cases::Column::Id.is_in(marks.iter().map(|mark| mark.case_id)))
        .filter(cases::Column::InViews.ne(0))
        .join(JoinType::InnerJoin, app.into())
        .select_also(apps::Entity)
        .all(connection)
        .await?;
    let ids: Vec<Uuid> = found.iter().map(|(case, _)| case.id).collect();
    let sent = sent(connection, &ids).await?;
    let events = events(connection, &ids).await?;
    let tags = tags(connection, &ids).await?;
    let before = before(connection, found.iter().map(|(case, _)| case.number)).await?;
    let known = desk.reference.known();
    let mut made = BTreeMap::new();
    for (row, app) in found {
        let Some(app) = app else { continue };
        let read = || -> Result<(Case, Option<Snapshot>)> {
            let case = rows::json(&row.document, "cases", row.number, "document")?;
            let sent = sent.get(&row.id);
            let sent = sent.map(|body| rows::json(body, "submissions of case", row.id, "body"));
            Ok((case, sent.transpose()?))
        };
        let what = format_args!("UD-{}", row.number);
        let read = desk
            .conditions
            .readable(crate::Part::Search, what, read(), desk.now());
        let Some((case, sent)) = read else { continue };
        let texts = Texts::of(
            &Sources {
                case: &case,
                app: &app,
                sent: sent.as_ref(),
                events: events.get(&row.id).map_or(&[][..], Vec::as_slice),
                tags: tags.get(&row.id).map_or(&[][..], Vec::as_slice),
            },
            &known,
        );
        let json = serde_json::to_string(&texts)?;
        if before.get(&row.number) == Some(&json) {
            continue;
        }
        let document = Document {
            number: row.number,
            texts: json,
            words: texts.words(&case),
        };
        made.insert(row.id, document);
    }
    Ok(made)
}

/// What each case handed in last.
async fn sent(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>> {
    use submissions::Column as C;
    let newer = Alias::new("newer");
    let newest = Query::select()
        .expr(Expr::cust("1"))
        .from_as(submissions::Entity, newer.clone())
        .and_where(Expr::col((newer.clone(), C::CaseId)).equals((submissions::Entity, C::CaseId)))
        .and_where(Expr::cust("newer.revision > submissions.revision"))
        .to_owned();
    let found: Vec<(Uuid, String)> = submissions::Entity::find()
        .select_only()
        .columns([C::CaseId, C::Body])
        .filter(C::CaseId.is_in(ids.iter().copied()))
        .filter(Condition::all().add(Expr::not_exists(newest)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().collect())
}

/// The events of each case whose texts are kept nowhere else, oldest first.
async fn events(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Event>>> {
    use audit_events::Column as C;
    let found: Vec<(Uuid, String, String)> = audit_events::Entity::find()
        .select_only()
        .columns([C::CaseId, C::Name, C::Body])
        .filter(C::CaseId.is_in(ids.iter().copied()))
        // Of what few events have this name, the index over names knows nothing useful.
        .filter(Expr::cust("(name || '')").is_in(TOLD_BY_EVENTS))
        .order_by_asc(C::Seq)
        .into_tuple()
        .all(connection)
        .await?;
    let mut events: BTreeMap<Uuid, Vec<Event>> = BTreeMap::new();
    for (case, name, body) in found {
        // What cannot be read is told of by the pages and by verification.
        let body = serde_json::from_str(&body).ok();
        if let Some(event) = body.and_then(|body| event_in(&name, &body)) {
            events.entry(case).or_default().push(event);
        }
    }
    Ok(events)
}

/// The tags of each case.
async fn tags(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Uuid>>> {
    let mut tags: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for row in case_tags::Entity::find()
        .filter(case_tags::Column::CaseId.is_in(ids.iter().copied()))
        .all(connection)
        .await?
    {
        tags.entry(row.case_id).or_default().push(row.tag_id);
    }
    Ok(tags)
}

/// The texts by which cases are found now.
async fn before(
    connection: &impl ConnectionTrait,
    numbers: impl Iterator<Item = i32>,
) -> Result<BTreeMap<i32, String>> {
    let found = search_documents::Entity::find()
        .filter(search_documents::Column::Number.is_in(numbers))
        .all(connection)
        .await?;
    let found = found.into_iter().map(|row| (row.number, row.texts));
    Ok(found.collect())
}

/// Adds to all words those that are new.
async fn learn(
    transaction: &DatabaseTransaction,
    documents: impl Iterator<Item = &Document>,
) -> Result<()> {
    // In one order: whoever else adds some does not wait for us and we for them.
    let words: BTreeSet<&String> = documents.flat_map(|one| one.words.units()).collect();
    let words: Vec<&String> = words.into_iter().collect();
    let backend = transaction.get_database_backend();
    let statement = match backend {
        DbBackend::Postgres => {
            "INSERT INTO search_vocabulary (word) SELECT word \
             FROM unnest(string_to_array($1, ' ')) AS word \
             WHERE NOT EXISTS (SELECT 1 FROM search_vocabulary AS known WHERE known.word = word.word) \
             ON CONFLICT DO NOTHING"
        }
        _ => {
            "INSERT OR IGNORE INTO search_vocabulary (word) \
             SELECT value FROM json_each('[\"' || replace(?, ' ', '\",\"') || '\"]')"
        }
    };
    for words in words.chunks(LEARNED) {
        let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        let values = [words.join(" ").into()];
        let statement = Statement::from_sql_and_values(backend, statement, values);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

async fn write(transaction: &DatabaseTransaction, document: &Document) -> Result<()> {
    let Document {
        number,
        texts,
        words,
    } = document;
    let backend = transaction.get_database_backend();
    let in_row = match backend {
        DbBackend::Postgres => words.of_index(),
        _ => words.in_a_row(),
    };
    let mut statements: Vec<(&str, Vec<sea_orm::Value>)> = vec![(
        match backend {
            DbBackend::Postgres => {
                "INSERT INTO search_documents (number, texts, words) \
                 VALUES ($1, $2, array_to_tsvector(string_to_array($3, ' '))) \
                 ON CONFLICT (number) DO UPDATE SET texts = excluded.texts, words = excluded.words"
            }
            _ => {
                "INSERT INTO search_documents (number, texts, words) VALUES (?, ?, ?) \
                 ON CONFLICT (number) DO UPDATE SET texts = excluded.texts, words = excluded.words"
            }
        },
        vec![(*number).into(), texts.as_str().into(), in_row.into()],
    )];
    if backend == DbBackend::Sqlite {
        statements.push((
            "INSERT OR REPLACE INTO search_words (rowid, words) VALUES (?, ?)",
            vec![(*number).into(), words.of_index().into()],
        ));
    }
    for (statement, values) in statements {
        let statement = Statement::from_sql_and_values(backend, statement, values);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}
