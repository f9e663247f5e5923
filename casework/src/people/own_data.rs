//! What the desk has of a person, as one archive for that person.

use crate::{
    By, Caller, Desk, Error, Result, Step, accounts,
    audit::{Reader, Subject, body, sentence},
    costly,
    entities::{
        absences, app_members, apps, audit_events, cases, declared_conflicts, drafts,
        gallery_versions, inbox_entries, kept_answers, outbox, partnerships, people, stuck_asks,
        submissions, support_messages, support_requests,
    },
    limits::{self, OWN_DATA},
    people::{
        device::{device, place},
        passkeys, session,
    },
    post::{LetterKind, Ways},
    reports::Export,
    words::moment_to_the_second,
};
use futures_util::stream::{self, StreamExt};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Write},
};
use uuid::Uuid;
use workflow::Timestamp;
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

/// So many rows of each kind go into an archive at most, the newest first.
const MOST_ROWS: u64 = 1_000;
/// So many bytes, before they are packed.
const MOST_BYTES: usize = 50_000_000;

/// What an archive holds, in words.
pub const HOLDS: &[&str] = &[
    "your account, your passkeys and where you are signed in",
    "your memberships of apps",
    "what you wrote in applications: drafts and answers that you saved last, and what you handed in",
    "where you asked whether an application is stuck, and what we answered",
    "what you wrote on support requests",
    "what you wrote for the gallery, and with which words you applied as a partner",
    "what you did, as the trail has it: answers, corrections and reasons word for word",
    "letters to you, as far as we still have their text",
    "your inbox",
    "on which days you were away",
];

/// Files by their names, until there are too many bytes.
#[derive(Default)]
struct Files {
    files: Vec<(String, Vec<u8>)>,
    bytes: usize,
    left_out: Vec<String>,
}

impl Files {
    fn add(&mut self, name: String, content: Vec<u8>) {
        if self.bytes + content.len() > MOST_BYTES {
            self.left_out.push(name);
        } else {
            self.bytes += content.len();
            self.files.push((name, content));
        }
    }

    fn add_json(&mut self, name: impl Into<String>, content: &Value) -> Result<()> {
        self.add(name.into(), serde_json::to_vec_pretty(content)?);
        Ok(())
    }
}

/// Everything that the desk has of the caller, packed. That it was taken is an event of the trail.
///
/// # Errors
/// [`Error::Throttled`]; when the database does not answer.
pub async fn own_data(desk: &Desk, caller: &Caller) -> Result<Export> {
    limits::take(desk, &OWN_DATA, &caller.person.to_string()).await?;
    let database = desk.database.read();
    let person = accounts::find(database, caller.person).await?;
    let mut files = Files::default();
    files.add_json("account.json", &account(&person))?;
    files.add_json("passkeys.json", &own_keys(database, person.id).await?)?;
    files.add_json("sessions.json", &sessions(desk, &person).await?)?;
    files.add_json("memberships.json", &memberships(database, person.id).await?)?;
    applications(database, person.id, &mut files).await?;
    files.add_json("stuck.json", &asked(database, person.id).await?)?;
    files.add_json("support.json", &requests(database, person.id).await?)?;
    files.add_json("gallery.json", &entries(database, person.id).await?)?;
    files.add_json("partnerships.json", &partners(database, person.id).await?)?;
    files.add_json("what-you-did.json", &deeds(desk, person.id).await?)?;
    files.add_json("letters.json", &letters(database, person.id).await?)?;
    files.add_json("inbox.json", &inbox(database, person.id).await?)?;
    files.add_json("absences.json", &days_away(database, person.id).await?)?;
    files.add_json("conflicts.json", &declared(database, person.id).await?)?;
    if !files.left_out.is_empty() {
        let left_out = json!({ "left out, too large": files.left_out });
        files.files.push((
            "left-out.json".to_owned(),
            serde_json::to_vec_pretty(&left_out)?,
        ));
    }
    let count = files.files.len();
    let now = desk.now();
    let bytes = costly(move || packed(files.files, now))
        .await?
        .map_err(Error::unavailable)?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let body = json!({ "files": count, "bytes": bytes.len() });
    step.append(
        Subject::Person(person.id),
        "own_data_taken",
        body,
        String::new(),
    );
    step.commit().await?;
    Ok(Export {
        file_name: "upgrade-desk-my-data.zip".to_owned(),
        content_type: "application/zip",
        body: stream::once(async move { Ok(bytes) }).boxed(),
    })
}

/// The files in one archive, each of this moment.
fn packed(files: Vec<(String, Vec<u8>)>, now: Timestamp) -> zip::result::ZipResult<Vec<u8>> {
    let at = now.date().midnight() + now.since(Timestamp::start_of(now.date()));
    let at = DateTime::try_from(at).unwrap_or_default();
    let options = SimpleFileOptions::default().last_modified_time(at);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name, options)?;
        archive.write_all(&content)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn at(micros: i64) -> String {
    moment_to_the_second(Timestamp::from_micros(micros))
}

fn account(person: &people::Model) -> Value {
    let ways = Ways::from(person);
    let labels = |kinds: BTreeSet<LetterKind>| {
        let labels: Vec<&str> = kinds.into_iter().map(LetterKind::label).collect();
        labels
    };
    json!({
        "name": person.name,
        "organisation": person.organisation,
        "username": person.username,
        "email": person.email,
        "email confirmed": person.email_verified_at.map(at),
        "roles": person.roles,
        "since": at(person.created_at),
        "developer agreement": {
            "version": person.agreement_version,
            "accepted": person.agreement_accepted_at.map(at),
        },
        "second factor since": person.second_factor_at.map(at),
        "letters in a daily digest": labels(ways.daily),
        "letters that do not come": labels(ways.never),
    })
}

/// Of a passkey the desk has the public half alone.
async fn own_keys(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = passkeys::of_person(connection, person).await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "name": row.name,
                "added": at(row.made_at),
                "last used": row.used_at.map(at),
                "credential id": row.credential_id,
                "public key (COSE)": row.public_key,
            })
        })
        .collect();
    Ok(rows.into())
}

async fn sessions(desk: &Desk, person: &people::Model) -> Result<Value> {
    let rows = session::of_person(desk.database.read(), desk, person).await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "device": device(&row.user_agent),
                "place": place(&row.address),
                "address": row.address,
                "signed in": at(row.created_at),
                "last used": at(row.seen_at),
            })
        })
        .collect();
    Ok(rows.into())
}

async fn memberships(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = app_members::Entity::find()
        .filter(app_members::Column::PersonId.eq(person))
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let ids = rows.iter().map(|row| row.app_id);
    let names: BTreeMap<Uuid, String> = apps::Entity::find()
        .filter(apps::Column::Id.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|app| (app.id, app.name))
        .collect();
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "app": names.get(&row.app_id),
                "owner": row.owner,
                "may sign": row.may_sign,
                "since": at(row.added_at),
                "ended": row.left_at.map(at),
            })
        })
        .collect();
    Ok(rows.into())
}

/// What was handed in by this person, and drafts and answers that this person saved last.
async fn applications(
    connection: &impl ConnectionTrait,
    person: Uuid,
    files: &mut Files,
) -> Result<()> {
    let handed_in = submissions::Entity::find()
        .filter(submissions::Column::MadeBy.eq(person))
        .order_by_desc(submissions::Column::MadeAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let saved = drafts::Entity::find()
        .filter(drafts::Column::SavedBy.eq(person))
        .order_by_desc(drafts::Column::SavedAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let kept = kept_answers::Entity::find()
        .filter(kept_answers::Column::SavedBy.eq(person))
        .order_by_desc(kept_answers::Column::SavedAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let ids = handed_in
        .iter()
        .map(|row| row.case_id)
        .chain(saved.iter().map(|row| row.case_id))
        .chain(kept.iter().map(|row| row.case_id));
    let numbers = numbers(connection, ids).await?;
    let folder = |case: &Uuid| {
        let number = numbers.get(case).copied().unwrap_or_default();
        format!("applications/UD-{number}")
    };
    for row in handed_in {
        let name = format!("{}/revision-{}.json", folder(&row.case_id), row.revision);
        files.add(name, row.body.into_bytes());
    }
    for row in saved {
        let name = format!("{}/draft.json", folder(&row.case_id));
        files.add(name, row.answers.into_bytes());
    }
    for row in kept {
        let name = format!("{}/answers-not-sent.json", folder(&row.case_id));
        files.add(name, row.answers.into_bytes());
    }
    Ok(())
}

/// The numbers of some cases.
async fn numbers(
    connection: &impl ConnectionTrait,
    cases: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, i32>> {
    Ok(cases::Entity::find()
        .select_only()
        .columns([cases::Column::Id, cases::Column::Number])
        .filter(cases::Column::Id.is_in(cases))
        .into_tuple::<(Uuid, i32)>()
        .all(connection)
        .await?
        .into_iter()
        .collect())
}

/// Where this person asked whether an application is stuck, the newest first.
async fn asked(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    use stuck_asks::Column as C;
    let rows = stuck_asks::Entity::find()
        .filter(C::AskedBy.eq(person))
        .order_by_desc(C::AskedAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let numbers = numbers(connection, rows.iter().map(|row| row.case_id)).await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let number = numbers.get(&row.case_id);
            json!({
                "application": number.map(|number| format!("UD-{number}")),
                "asked": at(row.asked_at),
                "text": row.text,
                "answer": row.answer,
                "closed": row.closed_at.map(at),
            })
        })
        .collect();
    Ok(rows.into())
}

/// What was sent in for the gallery by this person.
async fn entries(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = gallery_versions::Entity::find()
        .filter(gallery_versions::Column::MadeBy.eq(person))
        .order_by_desc(gallery_versions::Column::MadeAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let entry = serde_json::from_str(&row.body).unwrap_or(Value::String(row.body));
            json!({ "version": row.version, "sent in": at(row.made_at), "entry": entry })
        })
        .collect();
    Ok(rows.into())
}

async fn partners(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = partnerships::Entity::find()
        .filter(partnerships::Column::AppliedBy.eq(person))
        .order_by_desc(partnerships::Column::AppliedAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| json!({ "applied": at(row.applied_at), "statement": row.statement }))
        .collect();
    Ok(rows.into())
}

/// What this person did, the newest first: with the words that were written, without what the desk
/// noted beside it.
async fn deeds(desk: &Desk, person: Uuid) -> Result<Value> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Actor.eq(person.to_string()))
        .order_by_desc(audit_events::Column::Seq)
        .limit(MOST_ROWS)
        .all(desk.database.read())
        .await?;
    let names = BTreeMap::from([(person, "you".to_owned())]);
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let body = body::read(desk, row.seq, row.case_id.is_some(), &row.name, &row.body);
            json!({
                "at": at(row.at),
                "what": sentence(&row.name, &body, &names, Reader::Staff),
                "reason": row.reason,
                "words": body.get("event"),
            })
        })
        .collect();
    Ok(rows.into())
}

async fn requests(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = support_messages::Entity::find()
        .filter(support_messages::Column::AuthorId.eq(person))
        .order_by_desc(support_messages::Column::WrittenAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let ids = rows.iter().map(|row| row.request_id);
    let requests: BTreeMap<Uuid, support_requests::Model> = support_requests::Entity::find()
        .filter(support_requests::Column::Id.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|request| (request.id, request))
        .collect();
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let request = requests.get(&row.request_id);
            json!({
                "request": request.map(|request| format!("SR-{}", request.number)),
                "subject": request.map(|request| &request.subject),
                "written": at(row.written_at),
                "text": row.text,
            })
        })
        .collect();
    Ok(rows.into())
}

/// Letters to the person; of those that let somebody in, not their text.
async fn letters(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::PersonId.eq(person))
        .order_by_desc(outbox::Column::CreatedAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let secret = LetterKind::from_word(&row.kind).is_none_or(LetterKind::holds_a_secret);
            let text = (!secret && !row.text.is_empty()).then_some(row.text);
            json!({
                "to": row.to_address,
                "subject": row.subject,
                "written": at(row.created_at),
                "sent": row.sent_at.map(at),
                "text": text,
            })
        })
        .collect();
    Ok(rows.into())
}

/// What this person was told, the newest first.
async fn inbox(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = inbox_entries::Entity::find()
        .filter(inbox_entries::Column::PersonId.eq(person))
        .order_by_desc(inbox_entries::Column::ToldAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "told": at(row.told_at),
                "subject": row.subject,
                "page": row.place,
                "read": row.read_at.map(at),
            })
        })
        .collect();
    Ok(rows.into())
}

/// With whom this person was declared to be in conflict of interest, the latest first.
async fn declared(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    use declared_conflicts::Column as C;
    let rows = declared_conflicts::Entity::find()
        .filter(C::PersonId.eq(person))
        .order_by_desc(C::DeclaredAt)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "organisation": row.organisation,
                "why": row.reason,
                "declared": at(row.declared_at),
                "withdrawn": row.withdrawn_at.map(at),
            })
        })
        .collect();
    Ok(rows.into())
}

/// When this person was noted as away, the latest first.
async fn days_away(connection: &impl ConnectionTrait, person: Uuid) -> Result<Value> {
    let rows = absences::Entity::find()
        .filter(absences::Column::PersonId.eq(person))
        .order_by_desc(absences::Column::FirstDay)
        .limit(MOST_ROWS)
        .all(connection)
        .await?;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            json!({
                "first day": row.first_day,
                "last day": row.last_day,
                "note": row.note,
                "entered": at(row.entered_at),
                "taken back": row.taken_back_at.map(at),
            })
        })
        .collect();
    Ok(rows.into())
}
