//! A form that is sent twice is carried out once; what else is sent under its key is not lost.

use crate::{Caller, Desk, Error, Result, digest::code, entities::once_keys, input};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{Expr, OnConflict},
};
use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use uuid::Uuid;
use workflow::{PersonId, Timestamp};

/// The key that a page puts into each form it draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Once(Uuid);

impl Once {
    /// A new one.
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// From a form; nothing for a key that no page of ours can have made.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The key of the `index`-th of several things that one form sends.
    pub const fn part(self, index: u128) -> Self {
        Self(Uuid::from_u128(self.0.as_u128().wrapping_add(index)))
    }
}

impl Default for Once {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One sending of a form. A desk that is asked for it ([`Desk::carrying_out`]) claims its key in
/// every step, so no command can forget to.
#[derive(Debug)]
pub struct Sending {
    once: Once,
    /// A code of all that was sent, under the desk's own secret: the fields may hold secrets.
    content: String,
    /// A step of this sending has been committed.
    spent: AtomicBool,
}

/// How long the second of two sendings waits to hear where the first one led.
const PATIENCE: Duration = Duration::from_secs(2);

impl Sending {
    /// A sending of this content under this key.
    pub fn new(desk: &Desk, once: Once, content: &[&str]) -> Self {
        Self {
            once,
            content: code(&desk.secret, content),
            spent: AtomicBool::new(false),
        }
    }

    /// Of the form of `step`, if it has a key.
    pub fn of(
        desk: &Desk,
        step: &str,
        fields: &'static [input::Spec],
        sent: &input::Sent,
    ) -> Option<Self> {
        let once = Once::parse(sent.first(input::ONCE))?;
        let mut content = vec![step, sent.first(input::CASE)];
        content.extend(input::content(fields, sent));
        Some(Self::new(desk, once, &content))
    }

    /// A sending of other content under the same key.
    pub(crate) fn saying(&self, desk: &Desk, content: &[&str]) -> Self {
        Self::new(desk, self.once, content)
    }

    /// Notes within a step that the form is carried out now. Waits for a sending of the same form
    /// that is being carried out (PostgreSQL; on SQLite transactions that write exclude each
    /// other).
    ///
    /// # Errors
    /// [`Error::Before`] if this person has had the same form carried out; [`Error::SentOtherwise`]
    /// if it said something else then.
    pub(crate) async fn claim(
        &self,
        connection: &impl ConnectionTrait,
        caller: Option<&Caller>,
        now: Timestamp,
    ) -> Result<()> {
        if self.spent.load(Ordering::Relaxed) {
            return Ok(());
        }
        let person = caller.map(|caller| caller.person.0);
        let written = once_keys::Entity::insert(once_keys::ActiveModel {
            key: Set(self.once.to_string()),
            person_id: Set(person),
            location: Set(String::new()),
            content: Set(Some(self.content.clone())),
            created_at: Set(now.micros()),
        })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
        if written > 0 {
            return Ok(());
        }
        let row = once_keys::Entity::find_by_id(self.once.to_string())
            .one(connection)
            .await?;
        match row {
            // Another's key hides nobody's own form.
            Some(row) if row.person_id == person => Err(match row.content {
                Some(content) if content != self.content => Error::SentOtherwise,
                _ => Error::Before,
            }),
            _ => Ok(()),
        }
    }

    /// Says that a step of this sending has been committed.
    pub(crate) fn is_spent(&self) {
        self.spent.store(true, Ordering::Relaxed);
    }

    /// Notes where the form led, for whoever sends it again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn led_to(&self, desk: &Desk, path: &str) -> Result<()> {
        if !self.spent.load(Ordering::Relaxed) {
            return Ok(());
        }
        once_keys::Entity::update_many()
            .col_expr(once_keys::Column::Location, Expr::value(path))
            .filter(once_keys::Column::Key.eq(self.once.to_string()))
            .exec(desk.database.write())
            .await?;
        Ok(())
    }

    /// Where this form led when it was carried out before; none if that is not known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn where_it_led(
        &self,
        desk: &Desk,
        person: Option<PersonId>,
    ) -> Result<Option<String>> {
        let pause = Duration::from_millis(20);
        let mut waited = Duration::ZERO;
        // The first sending has been committed; where it leads is noted just after.
        while waited < PATIENCE {
            let path: Option<(Option<Uuid>, String)> =
                once_keys::Entity::find_by_id(self.once.to_string())
                    .select_only()
                    .columns([once_keys::Column::PersonId, once_keys::Column::Location])
                    .into_tuple()
                    .one(desk.database.read())
                    .await?;
            match path {
                Some((owner, path)) if owner == person.map(|person| person.0) => {
                    if !path.is_empty() {
                        return Ok(Some(path));
                    }
                }
                _ => return Ok(None),
            }
            tokio::time::sleep(pause).await;
            waited += pause;
        }
        Ok(None)
    }

    /// A secret that this sending alone makes for `what`: sent again, the form makes the same one.
    pub(crate) fn derived(&self, desk: &Desk, what: &str) -> String {
        code(&desk.secret, &["derived", &self.once.to_string(), what])
    }
}
