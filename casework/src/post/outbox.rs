//! The outbox: letters wait here from the change that causes them until they are sent.

use super::letter::Letter;
use crate::{
    Desk, Result,
    database::Database,
    entities::{outbox, people},
    words::one_line,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;
use workflow::Timestamp;

/// Where a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Not sent yet, or to be tried again.
    Waiting,
    /// A worker has it.
    Sending,
    Sent,
    /// Given up; an admin may have it tried again.
    Dead,
}

impl MailState {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Waiting, Self::Sending, Self::Sent, Self::Dead];

    /// The word of database and query string.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Sending => "Being sent",
            Self::Sent => "Sent",
            Self::Dead => "Given up",
        }
    }
}

/// To whom a letter goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    pub name: String,
    pub address: String,
}

impl From<&people::Model> for Addressee {
    fn from(person: &people::Model) -> Self {
        Self {
            name: person.name.clone(),
            address: person.email.clone(),
        }
    }
}

/// Puts letters into the outbox; they go out once the transaction has been committed.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    case: Option<Uuid>,
    letters: &[(Addressee, Letter)],
) -> Result<()> {
    if letters.is_empty() {
        return Ok(());
    }
    let now = desk.now().micros();
    let domain = desk.base_url.host_str().unwrap_or("localhost");
    let mut rows = Vec::with_capacity(letters.len());
    for (to, letter) in letters {
        let id = Uuid::now_v7();
        let rendered = letter.render(&to.name)?;
        rows.push(outbox::ActiveModel {
            id: Set(id),
            // Made of the row's own id: every attempt carries the same, so that a reader's mail
            // program shows one mail even if two copies arrive.
            message_id: Set(format!("<{id}@{domain}>")),
            kind: Set(letter.kind.to_owned()),
            case_id: Set(case),
            to_name: Set(one_line(&to.name)),
            to_address: Set(to.address.clone()),
            subject: Set(rendered.subject),
            text: Set(rendered.text),
            html: Set(rendered.html),
            state: Set(MailState::Waiting.word().to_owned()),
            attempts: Set(0),
            not_before_at: Set(now),
            leased_until_at: Set(None),
            last_error: Set(String::new()),
            created_at: Set(now),
            sent_at: Set(None),
        });
    }
    outbox::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// What could be sent now: waiting and due, or left behind by a worker whose lease has run out.
fn due(now: Timestamp) -> Condition {
    Condition::any()
        .add(
            Condition::all()
                .add(outbox::Column::State.eq(MailState::Waiting.word()))
                .add(outbox::Column::NotBeforeAt.lte(now.micros())),
        )
        .add(
            Condition::all()
                .add(outbox::Column::State.eq(MailState::Sending.word()))
                .add(outbox::Column::LeasedUntilAt.lte(now.micros())),
        )
}

/// Takes at most `most` letters for this worker alone until `until`. Several workers on PostgreSQL
/// skip each other's rows; on SQLite there is one writer at a time.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn lease(
    database: &Database,
    now: Timestamp,
    until: Timestamp,
    most: u64,
) -> Result<Vec<outbox::Model>> {
    // A look without the write lock first: most polls find nothing.
    let nothing = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .filter(due(now))
        .limit(1)
        .into_tuple::<Uuid>()
        .one(database.read())
        .await?
        .is_none();
    if nothing {
        return Ok(Vec::new());
    }
    let waiting = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .filter(due(now))
        .order_by_asc(outbox::Column::NotBeforeAt)
        .order_by_asc(outbox::Column::Id)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let rows = outbox::Entity::update_many()
        .col_expr(
            outbox::Column::State,
            Expr::value(MailState::Sending.word()),
        )
        .col_expr(
            outbox::Column::LeasedUntilAt,
            Expr::value(Some(until.micros())),
        )
        .filter(outbox::Column::Id.in_subquery(waiting))
        .exec_with_returning(database.write())
        .await?;
    Ok(rows)
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent,
    /// To be tried again, not before this moment.
    Later {
        at: Timestamp,
        error: String,
    },
    /// Given up.
    Dead {
        error: String,
    },
}

/// Account letters hold a link that signs its reader in or sets a password: once the letter has
/// gone, its text has no business in our records.
fn holds_a_secret(row: &outbox::Model) -> bool {
    row.kind.starts_with("account_")
}

/// Writes down what came of an attempt, if this worker's lease still holds.
///
/// # Errors
/// When the database does not answer; then the lease runs out and the letter is sent once more,
/// under the same Message-ID.
pub(super) async fn settle(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    now: Timestamp,
    outcome: Outcome,
) -> Result<()> {
    let mut update = outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(row.id))
        .filter(outbox::Column::State.eq(MailState::Sending.word()))
        .filter(outbox::Column::LeasedUntilAt.eq(row.leased_until_at))
        .col_expr(
            outbox::Column::Attempts,
            Expr::col(outbox::Column::Attempts).add(1),
        )
        .col_expr(outbox::Column::LeasedUntilAt, Expr::value(None::<i64>));
    update = match outcome {
        Outcome::Sent => {
            let sent = update
                .col_expr(outbox::Column::State, Expr::value(MailState::Sent.word()))
                .col_expr(outbox::Column::SentAt, Expr::value(Some(now.micros())))
                .col_expr(outbox::Column::LastError, Expr::value(""));
            if holds_a_secret(row) {
                sent.col_expr(outbox::Column::Text, Expr::value(""))
                    .col_expr(outbox::Column::Html, Expr::value(""))
            } else {
                sent
            }
        }
        Outcome::Later { at, error } => update
            .col_expr(
                outbox::Column::State,
                Expr::value(MailState::Waiting.word()),
            )
            .col_expr(outbox::Column::NotBeforeAt, Expr::value(at.micros()))
            .col_expr(outbox::Column::LastError, Expr::value(error)),
        Outcome::Dead { error } => update
            .col_expr(outbox::Column::State, Expr::value(MailState::Dead.word()))
            .col_expr(outbox::Column::LastError, Expr::value(error)),
    };
    update.exec(connection).await?;
    Ok(())
}
