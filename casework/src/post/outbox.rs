//! The outbox: letters wait here from the change that causes them until they are sent.

use super::{
    digest::next_digest,
    inbox,
    kind::LetterKind,
    letter::{Letter, Rendered},
    seal::seal,
    way::{Way, Ways},
};
use crate::{
    Desk, Result,
    database::Database,
    entities::{inbox_entries, outbox, people},
    words::one_line,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
    sea_query::{CaseStatement, Expr, LockBehavior, LockType, Query},
};
use uuid::Uuid;
use workflow::Timestamp;

/// Why a letter is held, in the list of admins.
pub(super) const HELD: &str = "Held: its reader's account is disabled.";

/// Where a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Not sent yet, or to be tried again.
    Waiting,
    /// Kept for its reader's next digest.
    Gathered,
    /// Kept until its reader's account is enabled again, or its time is over.
    Held,
    /// A worker has it.
    Sending,
    Sent,
    /// Told as a line of a digest.
    Digested,
    /// Given up; an admin may have it tried again.
    Dead,
    /// Not sent, because it no longer applied when its turn came.
    Dropped,
}

impl MailState {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Waiting,
        Self::Gathered,
        Self::Held,
        Self::Sending,
        Self::Sent,
        Self::Digested,
        Self::Dead,
        Self::Dropped,
    ];

    /// The word of database and query string.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Gathered => "gathered",
            Self::Held => "held",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Digested => "digested",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
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
            Self::Gathered => "For a digest",
            Self::Held => "Held",
            Self::Sending => "Being sent",
            Self::Sent => "Sent",
            Self::Digested => "In a digest",
            Self::Dead => "Given up",
            Self::Dropped => "No longer needed",
        }
    }
}

/// To whom a letter goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addressee {
    person: Uuid,
    name: String,
    address: String,
    /// Whether the reader has shown to hold the address.
    confirmed: bool,
    /// When letters come that the reader can do without.
    ways: Ways,
}

impl From<&people::Model> for Addressee {
    fn from(person: &people::Model) -> Self {
        Self {
            person: person.id,
            name: person.name.clone(),
            address: person.email.clone(),
            confirmed: person.email_verified_at.is_some(),
            ways: Ways::from(person),
        }
    }
}

impl Addressee {
    /// By what name the letter may call its reader: an address that nobody has confirmed may be a
    /// stranger's, who is not to read what the person who gave it typed as a name.
    pub(super) fn greeted_as(&self) -> &str {
        if self.confirmed { &self.name } else { "" }
    }
}

/// What letters are about: it is looked at again when their turn comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Their reader's account.
    Reader,
    Case(Uuid),
    App(Uuid),
    /// An invitation to an app.
    Invitation(Uuid),
    /// What a second admin is asked.
    Request(Uuid),
    /// A support request.
    Support(Uuid),
    /// Something that an approval stands by: one of its pages, a change of one, or its app.
    Approval {
        case: Uuid,
        about: Uuid,
    },
}

impl About {
    /// The columns `case_id` and `about_id`.
    pub(super) const fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Reader => (None, None),
            Self::Case(case) => (Some(case), None),
            Self::Approval { case, about } => (Some(case), Some(about)),
            Self::App(id) | Self::Invitation(id) | Self::Request(id) | Self::Support(id) => {
                (None, Some(id))
            }
        }
    }
}

/// Puts letters into the outbox, and what they tell into the inboxes of their readers; they go out
/// once the transaction has been committed. What is told of cases is not written to addresses that
/// nobody has confirmed. What somebody does without is told in the inbox alone, and what somebody
/// wants once a day waits for the digest. Answers which rows of the outbox they are.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    about: About,
    letters: &[(Addressee, Letter)],
) -> Result<Vec<Uuid>> {
    let now = desk.now();
    let digest = next_digest(now, desk.reference.known().settings.digest_hour);
    let mut rows = Vec::with_capacity(letters.len());
    let mut entries = Vec::with_capacity(letters.len());
    let mut posted = Vec::with_capacity(letters.len());
    for (to, letter) in letters {
        if !to.confirmed && !letter.kind.goes_unconfirmed() {
            continue;
        }
        let id = Uuid::now_v7();
        entries.push(inbox::entry(desk, now, id, to.person, about, letter));
        let way = to.ways.of(letter.kind);
        if way == Way::Never {
            continue;
        }
        let mut rendered = letter.render(to.greeted_as())?;
        if letter.kind.holds_a_secret() {
            rendered.text = seal(desk, id, &rendered.text)?;
            rendered.html = seal(desk, id, &rendered.html)?;
        }
        let mut row = row(desk, now, id, to, about, letter, rendered);
        if way == Way::Daily {
            row.state = Set(MailState::Gathered.word().to_owned());
            row.not_before_at = Set(digest.micros());
        }
        rows.push(row);
        posted.push(id);
    }
    if !entries.is_empty() {
        inbox_entries::Entity::insert_many(entries)
            .exec_without_returning(connection)
            .await?;
    }
    if !rows.is_empty() {
        outbox::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(posted)
}

/// A letter that waits to be sent at once.
pub(super) fn row(
    desk: &Desk,
    now: Timestamp,
    id: Uuid,
    to: &Addressee,
    about: About,
    letter: &Letter,
    rendered: Rendered,
) -> outbox::ActiveModel {
    let now = now.micros();
    let (case, about) = about.ids();
    let domain = desk.base_url.host_str().unwrap_or("localhost");
    outbox::ActiveModel {
        id: Set(id),
        // Made of the row's own id: every attempt carries the same, so that a reader's mail
        // program shows one mail even if two copies arrive.
        message_id: Set(format!("<{id}@{domain}>")),
        kind: Set(letter.kind.word().to_owned()),
        case_id: Set(case),
        about_id: Set(about),
        person_id: Set(Some(to.person)),
        link_hash: Set(letter.link_hash.clone()),
        to_name: Set(one_line(to.greeted_as())),
        to_address: Set(to.address.clone()),
        subject: Set(rendered.subject),
        text: Set(rendered.text),
        html: Set(rendered.html),
        state: Set(MailState::Waiting.word().to_owned()),
        attempts: Set(0),
        not_before_at: Set(now),
        leased_until_at: Set(None),
        lease_id: Set(None),
        handed_over: Set(0),
        tried_since_at: Set(None),
        last_error: Set(String::new()),
        created_at: Set(now),
        sent_at: Set(None),
    }
}

/// What is to be looked at now: waiting and due, held until now, or left behind by a worker whose
/// lease has run out.
fn due(now: Timestamp) -> Condition {
    let waiting = [MailState::Waiting.word(), MailState::Held.word()];
    Condition::any()
        .add(
            Condition::all()
                .add(outbox::Column::State.is_in(waiting))
                .add(outbox::Column::NotBeforeAt.lte(now.micros())),
        )
        .add(
            Condition::all()
                .add(outbox::Column::State.eq(MailState::Sending.word()))
                .add(outbox::Column::LeasedUntilAt.lte(now.micros()))
                .add(outbox::Column::NotBeforeAt.lte(now.micros())),
        )
}

/// A letter that one worker alone may send now.
#[derive(Clone, Debug)]
pub(crate) struct Leased {
    pub id: Uuid,
    pub lease: Uuid,
}

/// What was leased: a row that cannot be read keeps no other.
pub(crate) type Taken = (Leased, std::result::Result<outbox::Model, DbErr>);

/// Takes at most `most` letters for this worker alone until `until`. Several workers on PostgreSQL
/// skip each other's rows; on SQLite there is one writer at a time.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn lease(
    database: &Database,
    now: Timestamp,
    until: Timestamp,
    most: u64,
) -> Result<Vec<Taken>> {
    let look = || {
        outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Id)
            .filter(due(now))
    };
    // A look without the write lock first: most polls find nothing.
    let first = look().limit(1).into_tuple::<Uuid>();
    if first.one(database.read()).await?.is_none() {
        return Ok(Vec::new());
    }
    let waiting = look()
        .order_by_asc(outbox::Column::NotBeforeAt)
        .order_by_asc(outbox::Column::Id)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let lease = Uuid::now_v7();
    let mut update = Query::update();
    update
        .table(outbox::Entity)
        .value(outbox::Column::State, MailState::Sending.word())
        .value(outbox::Column::LeasedUntilAt, until.micros())
        .value(outbox::Column::LeaseId, lease)
        .value(
            outbox::Column::TriedSinceAt,
            Expr::col(outbox::Column::TriedSinceAt).if_null(now.micros()),
        )
        .and_where(outbox::Column::Id.in_subquery(waiting))
        .returning_all();
    let rows = database
        .write()
        .query_all_raw(database.backend().build(&update))
        .await?;
    rows.into_iter()
        .map(|row| {
            let id = row.try_get("", "id")?;
            let letter = outbox::Model::from_query_result(&row, "");
            Ok((Leased { id, lease }, letter))
        })
        .collect()
}

/// The rows that a lease still holds.
fn held(leased: &Leased) -> Condition {
    Condition::all()
        .add(outbox::Column::Id.eq(leased.id))
        .add(outbox::Column::State.eq(MailState::Sending.word()))
        .add(outbox::Column::LeaseId.eq(leased.lease))
}

/// Prolongs a lease, never shortens it; whether it still held.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn renew(
    connection: &impl ConnectionTrait,
    leased: &Leased,
    until: Timestamp,
) -> Result<bool> {
    use outbox::Column::LeasedUntilAt;
    let longer = Expr::col(LeasedUntilAt).gt(until.micros());
    let done = outbox::Entity::update_many()
        .filter(held(leased))
        .col_expr(
            LeasedUntilAt,
            CaseStatement::new()
                .case(longer, Expr::col(LeasedUntilAt))
                .finally(Expr::value(until.micros()))
                .into(),
        )
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Notes, right before the message is handed over, that it may be taken in without our hearing of
/// it; whether the lease still held. It is prolonged to `until`; should it run out, the letter is
/// not tried before `again`.
///
/// # Errors
/// When the database does not answer; then the message must not be handed over.
pub(crate) async fn hand_over(
    connection: &impl ConnectionTrait,
    leased: &Leased,
    until: Timestamp,
    again: Timestamp,
) -> Result<bool> {
    let done = outbox::Entity::update_many()
        .filter(held(leased))
        .col_expr(outbox::Column::NotBeforeAt, Expr::value(again.micros()))
        .col_expr(
            outbox::Column::HandedOver,
            Expr::col(outbox::Column::HandedOver).add(1),
        )
        .col_expr(outbox::Column::LeasedUntilAt, Expr::value(until.micros()))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Sent,
    /// To be tried again, not before this moment.
    Later {
        at: Timestamp,
        error: String,
        handed_over: HandedOver,
    },
    /// Given up.
    Dead {
        error: String,
    },
    /// Its reader's account is disabled: it is kept until this moment.
    Held {
        until: Timestamp,
    },
    /// It no longer applies.
    Dropped {
        why: &'static str,
    },
}

/// Whether the server may have taken the message in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandedOver {
    /// It has not: so many times it may have, in attempts before.
    No { before: i32 },
    /// Perhaps: as noted before it was handed over.
    Perhaps,
}

/// Writes down what came of an attempt, if this worker's lease still holds; whether it did.
///
/// # Errors
/// When the database does not answer; then the lease runs out, and the letter is tried again under
/// the same Message-ID.
pub(crate) async fn settle(
    connection: &impl ConnectionTrait,
    leased: &Leased,
    kind: Option<LetterKind>,
    now: Timestamp,
    outcome: Outcome,
) -> Result<bool> {
    use outbox::Column as C;
    let to = |state: MailState| Expr::value(state.word());
    let mut update = outbox::Entity::update_many()
        .filter(held(leased))
        .col_expr(C::LeasedUntilAt, Expr::value(None::<i64>))
        .col_expr(C::LeaseId, Expr::value(None::<Uuid>));
    let goes = !matches!(outcome, Outcome::Dropped { .. } | Outcome::Held { .. });
    if goes {
        update = update.col_expr(C::Attempts, Expr::col(C::Attempts).add(1));
    }
    let over = matches!(outcome, Outcome::Sent | Outcome::Dropped { .. });
    if over && kind.is_none_or(LetterKind::holds_a_secret) {
        // Its words have no business in our records any more.
        update = update
            .col_expr(C::Text, Expr::value(""))
            .col_expr(C::Html, Expr::value(""));
    }
    update = match outcome {
        Outcome::Sent => update
            .col_expr(C::State, to(MailState::Sent))
            .col_expr(C::SentAt, Expr::value(Some(now.micros())))
            .col_expr(C::HandedOver, Expr::value(0))
            .col_expr(C::LastError, Expr::value("")),
        Outcome::Later {
            at,
            error,
            handed_over,
        } => {
            if let HandedOver::No { before } = handed_over {
                update = update.col_expr(C::HandedOver, Expr::value(before));
            }
            update
                .col_expr(C::State, to(MailState::Waiting))
                .col_expr(C::NotBeforeAt, Expr::value(at.micros()))
                .col_expr(C::LastError, Expr::value(error))
        }
        Outcome::Dead { error } => update
            .col_expr(C::State, to(MailState::Dead))
            .col_expr(C::LastError, Expr::value(error)),
        Outcome::Held { until } => update
            .col_expr(C::State, to(MailState::Held))
            .col_expr(C::NotBeforeAt, Expr::value(until.micros()))
            .col_expr(C::LastError, Expr::value(HELD)),
        Outcome::Dropped { why } => update
            .col_expr(C::State, to(MailState::Dropped))
            .col_expr(C::LastError, Expr::value(format!("Not sent: {why}."))),
    };
    let done = update.exec(connection).await?;
    Ok(done.rows_affected == 1)
}
