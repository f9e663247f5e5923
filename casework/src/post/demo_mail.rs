//! The mail of a demo, as it would arrive. Only the demo's server captures mail, and only it shows
//! these pages: the caller checks that it is one.

use crate::{
    Desk, Error, Result,
    entities::captured_mails,
    mail::{self, Parts},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;
use workflow::Timestamp;

/// One line of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoMailLine {
    pub id: Uuid,
    pub to: String,
    pub subject: String,
    pub at: Timestamp,
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoMail {
    pub line: DemoMailLine,
    pub text: String,
    pub html: String,
    /// Every byte as it went over the wire.
    pub raw: String,
}

/// How many mails the inbox shows.
const NEWEST: u64 = 200;

/// The newest mails, those to one address if one is given, and every address that has mail.
///
/// # Errors
/// When the database does not answer.
pub async fn demo_inbox(desk: &Desk, to: Option<&str>) -> Result<(Vec<DemoMailLine>, Vec<String>)> {
    let connection = desk.database.read();
    let mut query = captured_mails::Entity::find()
        .order_by_desc(captured_mails::Column::ReceivedAt)
        .order_by_desc(captured_mails::Column::Id)
        .limit(NEWEST);
    if let Some(to) = to {
        query = query.filter(captured_mails::Column::ToAddress.eq(to));
    }
    let lines = query.all(connection).await?.into_iter().map(line).collect();
    let addresses = captured_mails::Entity::find()
        .select_only()
        .column(captured_mails::Column::ToAddress)
        .distinct()
        .order_by_asc(captured_mails::Column::ToAddress)
        .into_tuple()
        .all(connection)
        .await?;
    Ok((lines, addresses))
}

/// One mail.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn demo_mail(desk: &Desk, id: Uuid) -> Result<DemoMail> {
    let connection = desk.database.read();
    let row = captured_mails::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    // Not from the outbox, which has forgotten the words of a letter with a secret in it.
    let Parts { text, html } = mail::parts(&row.raw);
    Ok(DemoMail {
        text,
        html,
        raw: row.raw.clone(),
        line: line(row),
    })
}

fn line(row: captured_mails::Model) -> DemoMailLine {
    DemoMailLine {
        id: row.id,
        to: row.to_address,
        subject: row.subject,
        at: Timestamp::from_micros(row.received_at),
    }
}
