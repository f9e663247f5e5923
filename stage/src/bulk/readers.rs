//! Many people who look at the queue, each signed in.

use super::{Filling, REVIEWS};
use casework::{
    Desk, Result,
    accounts::{self, NewPerson},
    digest,
    entities::{people, sessions},
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction};
use std::collections::BTreeSet;
use time::Duration;
use workflow::PersonId;

/// How long their sessions last.
const SIGNED_IN: Duration = Duration::hours(12);

/// Adds reviewers who have no password, signed in with [`token`] of their number.
pub(super) async fn add(
    desk: &Desk,
    transaction: &DatabaseTransaction,
    filling: &Filling<'_>,
) -> Result<Vec<PersonId>> {
    let now = desk.now();
    let mut added = Vec::new();
    for index in 0..filling.readers {
        let username = format!("bench-reader-{index}");
        let person: people::Model = accounts::add(
            transaction,
            desk,
            NewPerson {
                name: format!("Reader {index}"),
                email: format!("{username}@upgrade-desk.example"),
                username,
                roles: BTreeSet::from(REVIEWS),
                password_hash: None,
                verified: true,
                ..Default::default()
            },
        )
        .await?;
        let session = sessions::Model {
            token_hash: digest::hmac(filling.secret, token(index).as_bytes()),
            person_id: person.id,
            created_at: now.micros(),
            seen_at: now.micros(),
            authenticated_at: now.micros(),
            expires_at: now.plus(SIGNED_IN).micros(),
            user_agent: String::new(),
            address: String::new(),
            access_epoch: person.access_epoch,
        };
        sessions::ActiveModel::from(session)
            .reset_all()
            .insert(transaction)
            .await?;
        added.push(PersonId(person.id));
    }
    Ok(added)
}

/// The secret of a reader's session.
pub fn token(index: u32) -> String {
    format!("bench-reader-{index:032}")
}
