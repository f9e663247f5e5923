//! The daily digest: one letter that names those which its reader wants once a day.

use super::{
    Addressee, Button, Letter, LetterKind, MailState, Rendered,
    outbox::{About, HELD, row},
};
use crate::{
    Desk, Error, Result,
    entities::{inbox_entries, outbox, people},
    words::{count, moment, one_line},
};
use askama::Template;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use std::collections::BTreeMap;
use time::Duration;
use url::Url;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp};

/// So many letters are named by one digest; the inbox has them all.
const MOST_LINES: usize = 100;

/// When the next digest goes out: the next time that it is this hour of the day, in UTC.
pub(crate) fn next_digest(now: Timestamp, hour: u16) -> Timestamp {
    let of_today = Timestamp::start_of(now.date()).plus(Duration::hours(i64::from(hour)));
    if of_today > now {
        of_today
    } else {
        of_today.plus(Duration::DAY)
    }
}

/// The people whose digest is due, at most so many.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn due(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    most: u64,
) -> Result<Vec<Uuid>> {
    Ok(outbox::Entity::find()
        .select_only()
        .column(outbox::Column::PersonId)
        .filter(gathered(now))
        .filter(outbox::Column::PersonId.is_not_null())
        .distinct()
        .limit(most)
        .into_tuple()
        .all(connection)
        .await?)
}

fn gathered(now: Timestamp) -> Condition {
    Condition::all()
        .add(outbox::Column::State.eq(MailState::Gathered.word()))
        .add(outbox::Column::NotBeforeAt.lte(now.micros()))
}

/// The letters for the digest of this person, oldest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn letters_for(
    connection: &impl ConnectionTrait,
    person: Uuid,
    now: Timestamp,
) -> Result<Vec<outbox::Model>> {
    Ok(outbox::Entity::find()
        .filter(gathered(now))
        .filter(outbox::Column::PersonId.eq(person))
        .order_by_asc(outbox::Column::CreatedAt)
        .order_by_asc(outbox::Column::Id)
        .all(connection)
        .await?)
}

/// Whether a digest was made for this person on the day of this moment.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn made_on(
    connection: &impl ConnectionTrait,
    person: Uuid,
    now: Timestamp,
) -> Result<bool> {
    let made = outbox::Entity::find()
        .filter(outbox::Column::PersonId.eq(person))
        .filter(outbox::Column::Kind.eq(LetterKind::Digest.word()))
        .filter(outbox::Column::CreatedAt.gte(Timestamp::start_of(now.date()).micros()))
        .count(connection)
        .await?;
    Ok(made > 0)
}

/// What becomes of a letter that waited for a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is a line of it.
    Told,
    /// It no longer applies.
    Dropped(&'static str),
    /// Its reader's account is disabled: it is kept until this moment.
    Held { until: Timestamp },
    /// It goes out by itself.
    Alone,
    /// It waits for a later one.
    Later(Timestamp),
}

/// Writes down what becomes of letters that waited for a digest.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn settle(
    connection: &impl ConnectionTrait,
    letters: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
    turn: Turn,
) -> Result<()> {
    use outbox::Column as C;
    let to = |state: MailState| Expr::value(state.word());
    let update = outbox::Entity::update_many()
        .filter(C::Id.is_in(letters))
        .filter(C::State.eq(MailState::Gathered.word()));
    let update = match turn {
        Turn::Told => update
            .col_expr(C::State, to(MailState::Digested))
            .col_expr(C::SentAt, Expr::value(Some(now.micros()))),
        Turn::Dropped(why) => update
            .col_expr(C::State, to(MailState::Dropped))
            .col_expr(C::LastError, Expr::value(format!("Not sent: {why}."))),
        Turn::Held { until } => update
            .col_expr(C::State, to(MailState::Held))
            .col_expr(C::NotBeforeAt, Expr::value(until.micros()))
            .col_expr(C::LastError, Expr::value(HELD)),
        Turn::Alone => update
            .col_expr(C::State, to(MailState::Waiting))
            .col_expr(C::NotBeforeAt, Expr::value(now.micros())),
        Turn::Later(at) => update.col_expr(C::NotBeforeAt, Expr::value(at.micros())),
    };
    update.exec(connection).await?;
    Ok(())
}

/// What belongs together in a digest.
struct Group {
    /// `UD-1042`, or the topic of what is about no case.
    title: String,
    lines: Vec<Line>,
}

/// A letter in a digest.
struct Line {
    subject: String,
    at: String,
    link: Url,
}

#[derive(Template)]
#[template(path = "mail/digest.txt")]
struct Text<'a> {
    name: &'a str,
    letter: &'a Letter,
    groups: &'a [Group],
    more: usize,
}

#[derive(Template)]
#[template(path = "mail/digest.html")]
struct Html<'a> {
    name: &'a str,
    letter: &'a Letter,
    groups: &'a [Group],
    more: usize,
}

/// Puts the digest of these letters into the outbox. `numbers` names their cases; where a letter led
/// is known by its entry in the inbox.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn put(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    now: Timestamp,
    person: &people::Model,
    letters: &[outbox::Model],
    numbers: &BTreeMap<Uuid, CaseNumber>,
) -> Result<()> {
    let more = letters.len().saturating_sub(MOST_LINES);
    let named = letters.get(..MOST_LINES).unwrap_or(letters);
    let places: BTreeMap<Uuid, String> = inbox_entries::Entity::find()
        .select_only()
        .columns([inbox_entries::Column::Id, inbox_entries::Column::Place])
        .filter(inbox_entries::Column::Id.is_in(named.iter().map(|row| row.id)))
        .into_tuple::<(Uuid, String)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let groups = grouped(&desk.base_url, named, &places, numbers);
    let letter = letter(&desk.base_url, letters.len());
    let to = Addressee::from(person);
    let name = &one_line(to.greeted_as());
    let (letter, groups) = (&letter, groups.as_slice());
    let text = Text {
        name,
        letter,
        groups,
        more,
    };
    let html = Html {
        name,
        letter,
        groups,
        more,
    };
    let rendered = Rendered {
        subject: letter.subject.clone(),
        text: text.render().map_err(Error::unavailable)?,
        html: html.render().map_err(Error::unavailable)?,
    };
    let row = row(
        desk,
        now,
        Uuid::now_v7(),
        &to,
        About::Reader,
        letter,
        rendered,
    );
    outbox::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

fn at(base_url: &Url, place: &str) -> Url {
    base_url.join(place).unwrap_or_else(|_| base_url.clone())
}

fn letter(base_url: &Url, letters: usize) -> Letter {
    let letters = count(letters, "letter");
    Letter {
        kind: LetterKind::Digest,
        link_hash: None,
        subject: format!("Your daily digest: {letters}"),
        happened: format!("This is what you were told since the last digest: {letters}."),
        next: "Each line leads to its page.".to_owned(),
        quotes: Vec::new(),
        button: Button {
            label: "Open your inbox",
            link: at(base_url, "/inbox"),
        },
        facts: Vec::new(),
        because:
            "You get this because you chose a daily digest for these letters, under “Letters” in your account."
                .to_owned(),
    }
}

/// By case, in the order in which each was first told of; then what is about none, by topic.
fn grouped(
    base_url: &Url,
    letters: &[outbox::Model],
    places: &BTreeMap<Uuid, String>,
    numbers: &BTreeMap<Uuid, CaseNumber>,
) -> Vec<Group> {
    let mut of_cases: Vec<Group> = Vec::new();
    let mut others: Vec<Group> = Vec::new();
    for row in letters {
        let number = row.case_id.and_then(|case| numbers.get(&case));
        let (groups, title) = match number {
            Some(number) => (&mut of_cases, number.to_string()),
            None => {
                let topic = LetterKind::from_word(&row.kind).map(|kind| kind.topic().label());
                (&mut others, topic.unwrap_or("Other").to_owned())
            }
        };
        let place = places.get(&row.id).map_or("", String::as_str);
        let line = Line {
            subject: row.subject.clone(),
            at: moment(Timestamp::from_micros(row.created_at)),
            link: at(base_url, if place.is_empty() { "/inbox" } else { place }),
        };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group {
                title,
                lines: vec![line],
            }),
        }
    }
    of_cases.append(&mut others);
    of_cases
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_next_digest_is_the_next_time_that_it_is_that_hour() {
        let next = |now, hour| next_digest(Timestamp::from(now), hour);
        let seven = Timestamp::from(datetime!(2026-12-04 07:00 UTC));
        assert_eq!(next(datetime!(2026-12-04 06:59:59 UTC), 7), seven);
        assert_eq!(next(datetime!(2026-12-03 07:00 UTC), 7), seven);
        assert_eq!(next(datetime!(2026-12-03 23:59 UTC), 7), seven);
        let midnight = Timestamp::from(datetime!(2027-01-01 00:00 UTC));
        assert_eq!(next(datetime!(2026-12-31 00:00 UTC), 0), midnight);
    }
}
