//! The inbox: what somebody was told, whether it was sent or not. An entry holds no more than the
//! subject of its letter and the page that it leads to, which asks by itself who may read it.

mod list;
mod mark;

pub use list::{INBOX_AT_ONCE, Inbox, InboxEntry, InboxKey, InboxPlace, inbox, unread};
pub use mark::{MarkAllReadInput, MarkReadInput, mark_all_read, mark_read, open_entry};

use super::{letter::Letter, outbox::About};
use crate::{Desk, Result, entities::inbox_entries, words::one_line};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use url::Url;
use uuid::Uuid;
use workflow::Timestamp;

/// The entry for a letter with this id to this person. Of a letter that holds a secret it says only
/// that it was sent: nothing waits there to be read.
pub(super) fn entry(
    desk: &Desk,
    now: Timestamp,
    id: Uuid,
    person: Uuid,
    about: About,
    letter: &Letter,
) -> inbox_entries::ActiveModel {
    let now = now.micros();
    let secret = letter.kind.holds_a_secret() || letter.link_hash.is_some();
    let (subject, place, read_at) = if secret {
        (letter.kind.label().to_owned(), String::new(), Some(now))
    } else {
        let place = place(&desk.base_url, &letter.button.link);
        (one_line(&letter.subject), place, None)
    };
    let (case_id, about_id) = about.ids();
    inbox_entries::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        kind: Set(letter.kind.word().to_owned()),
        case_id: Set(case_id),
        about_id: Set(about_id),
        subject: Set(subject),
        place: Set(place),
        told_at: Set(now),
        read_at: Set(read_at),
    }
}

/// Path, query and fragment of a page of ours; empty for any other. Where a letter asks its reader to
/// sign in, the account is meant: whoever reads the inbox has signed in.
fn place(base_url: &Url, link: &Url) -> String {
    if link.origin() != base_url.origin() {
        return String::new();
    }
    if link.path() == "/sign-in" {
        return "/account".to_owned();
    }
    let mut place = link.path().to_owned();
    if let Some(query) = link.query() {
        place = format!("{place}?{query}");
    }
    if let Some(fragment) = link.fragment() {
        place = format!("{place}#{fragment}");
    }
    place
}

/// Takes away all entries of a person.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn forget(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    inbox_entries::Entity::delete_many()
        .filter(inbox_entries::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_are_led_to() {
        let base: Url = "https://desk.example.org".parse().unwrap();
        let place = |link: &str| place(&base, &link.parse().unwrap());
        assert_eq!(
            place("https://desk.example.org/cases/UD-1?a=b#tasks"),
            "/cases/UD-1?a=b#tasks"
        );
        assert_eq!(place("https://desk.example.org/sign-in"), "/account");
        for far in [
            "https://evil.example/cases/UD-1",
            "http://desk.example.org/",
        ] {
            assert_eq!(place(far), "", "{far}");
        }
    }
}
