//! Start an application for an app: the draft of a new case.

use super::{entry, form_of, prefill};
use crate::{
    Caller, Desk, Error, Lock, Result,
    apps::commands::AppStep,
    audit::Entry,
    entities::{attachments, cases, drafts},
    input::input,
    policy::AppAct,
    reference::Known,
    store::{self, DraftBody, Snapshot},
    take,
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder, QuerySelect,
    Set, SqlErr,
};
use uuid::Uuid;
use workflow::{
    Actor, AppId, AttachmentId, Case, CaseId, CaseNumber, Event, FilesOf, Recorded, Refusal,
    start::{Facts, start as decide},
    state::AccessLevel,
};

input! {
    /// For which app, and what is applied for.
    pub struct StartInput for "start" OnDesk {
        hidden app: AppId;
        hidden level: AccessLevel;
    }
}

/// The number before the first case's.
const BEFORE_FIRST: u32 = 1_000;

/// Starts an application of `app` for `level`. It begins with what was handed in before, files
/// included: with the last attempt, or for Limited Access where Full Access is applied for. A first
/// application begins with what the account says.
///
/// # Errors
/// [`Error::NotFound`] to strangers; [`Refusal::CaseOpen`], [`Refusal::LevelReached`].
pub async fn start(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    level: AccessLevel,
) -> Result<CaseNumber> {
    let step = AppStep::begin(desk, caller, app, AppAct::Apply).await?;
    let now = step.now;
    let known = step.known.clone();
    take(step.transaction(), Lock::CaseNumber).await?;
    let open = store::under_way(step.transaction(), app.0).await?;
    let facts = Facts {
        app,
        present: step.app.access_level()?,
        open: open.map(|other| other.number),
        case: CaseId(Uuid::now_v7()),
        number: CaseNumber(last_number(step.transaction()).await? + 1),
        versions: known.versions(),
    };
    let number = facts.number;
    let mut recorder = Recorder {
        actor: Actor::Person(caller.person),
        now,
        history: Vec::new(),
        entries: Vec::new(),
    };
    let mut case = recorder.begin(decide(facts, level)?)?;
    let earlier = prefill::earlier(step.transaction(), app.0, level).await?;
    let copies = copies_of_files(earlier.as_ref(), &case, caller, now);
    for copy in &copies {
        recorder.record(&mut case, added(copy)?)?;
    }
    insert_case(step.transaction(), &case, &recorder.history, &known).await?;
    let answers = match earlier {
        Some((snapshot, _)) => snapshot.answers,
        None => {
            let form = form_of(&known, &case)?;
            prefill::from_account(step.transaction(), caller, &step.app, form).await?
        }
    };
    let body = DraftBody {
        answers,
        ..Default::default()
    };
    drafts::Entity::insert(drafts::ActiveModel {
        case_id: Set(case.id.0),
        answers: Set(serde_json::to_string(&body)?),
        version: Set(1),
        saved_at: Set(now.micros()),
        saved_by: Set(caller.person.0),
    })
    .exec_without_returning(step.transaction())
    .await?;
    if !copies.is_empty() {
        let rows = copies
            .into_iter()
            .map(|row| attachments::ActiveModel::from(row).reset_all());
        attachments::Entity::insert_many(rows)
            .exec_without_returning(step.transaction())
            .await?;
    }
    step.commit_with(recorder.entries).await?;
    Ok(number)
}

/// The first events of a case, applied as they are recorded.
struct Recorder {
    actor: Actor,
    now: workflow::Timestamp,
    history: Vec<Recorded>,
    entries: Vec<Entry>,
}

impl Recorder {
    fn begin(&mut self, event: Event) -> Result<Case> {
        let recorded = self.recorded(event);
        let case = Case::start(&recorded).ok_or(Error::NotFound)?;
        let mut first = entry(&case, &case.state, &recorded)?;
        if let Some(body) = first.body.as_object_mut() {
            body.insert("before".to_owned(), serde_json::Value::Null);
        }
        self.entries.push(first);
        self.history.push(recorded);
        Ok(case)
    }

    fn record(&mut self, case: &mut Case, event: Event) -> Result<()> {
        let recorded = self.recorded(event);
        let from = case.state.clone();
        case.apply(&recorded);
        self.entries.push(entry(case, &from, &recorded)?);
        self.history.push(recorded);
        Ok(())
    }

    const fn recorded(&self, event: Event) -> Recorded {
        Recorded {
            at: self.now,
            by: self.actor,
            event,
        }
    }
}

async fn last_number(connection: &impl ConnectionTrait) -> Result<u32> {
    let number: Option<i32> = cases::Entity::find()
        .select_only()
        .column(cases::Column::Number)
        .order_by_desc(cases::Column::Number)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(number
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(BEFORE_FIRST)
        .max(BEFORE_FIRST))
}

/// Rows of their own for the new case; the bytes are shared, for they never change.
fn copies_of_files(
    earlier: Option<&(Snapshot, Vec<attachments::Model>)>,
    case: &Case,
    caller: &Caller,
    now: workflow::Timestamp,
) -> Vec<attachments::Model> {
    let files = earlier.map(|(_, files)| files.as_slice());
    files
        .unwrap_or_default()
        .iter()
        // What was written about questions and findings of ours is not written again.
        .filter(|file| matches!(FilesOf::read(&file.field), FilesOf::Form(_)))
        .map(|file| attachments::Model {
            id: Uuid::now_v7(),
            case_id: case.id.0,
            added_at: now.micros(),
            added_by: caller.person.0,
            ..file.clone()
        })
        .collect()
}

fn added(file: &attachments::Model) -> Result<Event> {
    Ok(Event::AttachmentAdded {
        attachment: AttachmentId(file.id),
        field: file.field.clone(),
        name: String::new(),
        size: file.bytes()?,
        sha256: file.sha256.clone(),
    })
}

async fn insert_case(
    transaction: &DatabaseTransaction,
    case: &Case,
    history: &[Recorded],
    known: &Known,
) -> Result<()> {
    let row = store::project(case, None, history, known)?;
    let outcome = cases::Entity::insert(cases::ActiveModel::from(row).reset_all())
        .exec_without_returning(transaction)
        .await;
    match outcome {
        Ok(_) => Ok(()),
        // The index behind the guard: an application was started past every lock.
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Refusal::CaseOpen {
                number: case.number,
            }
            .into())
        }
        Err(error) => Err(error.into()),
    }
}
