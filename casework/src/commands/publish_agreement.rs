//! Publish a new version of an agreement. Versions already published never change.

use crate::{
    Caller, Desk, Error, Result, audit,
    policy::Subject,
    reference::{
        AGREEMENT_KINDS,
        publish::{self, Publication},
        title,
    },
    store::{Lock, take},
    text::{Limits, lines},
};
use std::collections::BTreeSet;

/// The longest agreement, in characters.
pub const LONGEST_AGREEMENT: usize = 200_000;

/// Publishes `body` (Markdown, beginning with a heading) as the next version of the agreement of
/// this kind; `seen` is the newest version the person looked at. Answers the new version.
///
/// # Errors
/// [`Error::Forbidden`] to those who may not manage agreements, [`Error::Input`] on the field
/// `body`, [`Error::Conflict`] when another version has been published meanwhile.
pub async fn publish_agreement(
    desk: &Desk,
    caller: &Caller,
    kind: &str,
    body: &str,
    seen: u32,
) -> Result<u32> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.require(&subject, "desk", "manage_agreements")?;
    if !AGREEMENT_KINDS.iter().any(|(known, _)| *known == kind) {
        return Err(Error::NotFound);
    }
    let limits = Limits {
        field: "body",
        label: "Text",
        min: 100,
        max: LONGEST_AGREEMENT,
    };
    let mut problems = Vec::new();
    let mut body = lines(limits, body, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    if title(&body).is_none() {
        return Err(Error::field(
            "body",
            "Text: begin with a line such as \"# Data Licensing Agreement\".",
        ));
    }
    body.push('\n');
    let transaction = desk.database.begin().await?;
    take(&transaction, Lock::Publish).await?;
    let newest = publish::newest_agreement(&transaction, kind).await?;
    if newest.as_ref().is_some_and(|row| row.body == body) {
        return Err(Error::field(
            "body",
            "Text: this is the text already in force; change it, then publish.",
        ));
    }
    let newest = newest.map_or(0, |row| u32::try_from(row.version).unwrap_or(0));
    if newest != seen {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    let version = newest + 1;
    let publication = Publication {
        kind,
        version,
        body: &body,
        by: Some(caller.person),
        at: desk.now(),
    };
    let entry = publish::agreement(&transaction, &publication).await?;
    audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    desk.refresh().await?;
    Ok(version)
}
