//! The newest checkpoint, mailed to where the database does not reach: once a day, to the mailbox of
//! those who watch the trail. It is a letter to nobody's account, so it takes no place in the outbox.

use super::{Looked, Trouble};
use crate::{
    Desk, Error, Result,
    entities::outbox,
    mail::{LetterKind, Transport},
    words::{count, day},
};
use uuid::Uuid;

/// Between two letters.
const EVERY: time::Duration = time::Duration::hours(24);
/// Behind the newest checkpoint that was mailed, when.
const MAILED: &str = "mailed";

/// Mails the newest checkpoint, if none was mailed for a day and there is a newer one.
///
/// # Errors
/// When the log or the mail server does not answer; it is tried again with the next look.
pub async fn mail_checkpoint(desk: &Desk, to: &str, by: &Transport) -> Result<bool> {
    mail(desk, to, by).await.map_err(Trouble::into_error)
}

async fn mail(desk: &Desk, to: &str, by: &Transport) -> Looked<bool> {
    let place = &desk.log.published;
    let keys = desk.log.keys.verifiers()?;
    let Some((note, newest)) = place.newest(&keys).await? else {
        return Ok(false);
    };
    let last = place.text(MAILED).await?;
    let mut last = last.split(' ').map(str::parse::<i64>);
    let (at, size) = (last.next(), last.next());
    let now = desk.now();
    let recently = matches!(at, Some(Ok(at)) if at > now.plus(-EVERY).micros());
    let known = matches!(size, Some(Ok(size)) if u64::try_from(size) == Ok(newest.size));
    if recently || known {
        return Ok(false);
    }
    let host = desk.base_url.host_str().unwrap_or("desk");
    let text = format!(
        "The audit log of {host} had {} on {}. Keep this letter: it shows that the trail up to \
         there was not changed afterwards.\n\nTo compare: save what follows as a file `checkpoint`, \
         and see docs/operating.md, \"The audit log\".\n\n{note}",
        count(newest.size, "event"),
        day(now),
    );
    let id = Uuid::now_v7();
    let letter = outbox::Model {
        id,
        message_id: format!("<{id}@{host}>"),
        kind: LetterKind::Digest.to_string(),
        case_id: None,
        about_id: None,
        person_id: None,
        link_hash: None,
        to_name: String::new(),
        to_address: to.to_owned(),
        subject: format!(
            "Checkpoint of the audit log: {}",
            count(newest.size, "event")
        ),
        html: format!("<pre>{}</pre>", ammonia::clean_text(&text)),
        text,
        state: String::new(),
        attempts: 0,
        not_before_at: 0,
        leased_until_at: None,
        lease_id: None,
        handed_over: 0,
        tried_since_at: None,
        last_error: String::new(),
        created_at: now.micros(),
        sent_at: None,
    };
    let sent = by.send(&letter, std::future::ready(true)).await;
    sent.map_err(|failure| Error::unavailable(format!("{failure:?}")))?;
    let mailed = format!("{} {}", now.micros(), newest.size);
    place.put(MAILED, mailed.into_bytes()).await?;
    Ok(true)
}
