//! What publishing an agreement and publishing a template have in common.

use crate::{
    Caller, Desk, Error, Lock, Result, audit,
    reference::publish::{Document, Newest, Publication},
    take,
};

/// The next version of a kind of document; `seen` is the newest version the person looked at.
pub(super) struct PublishNext<'a> {
    pub document: Document,
    pub kind: &'a str,
    pub seen: u32,
}

impl PublishNext<'_> {
    /// Publishes what `body` makes of the newest version and the number of the next; answers that
    /// number.
    pub async fn run(
        self,
        desk: &Desk,
        caller: &Caller,
        body: impl FnOnce(Option<&Newest>, u32) -> Result<String> + Send,
    ) -> Result<u32> {
        let transaction = desk.database.begin().await?;
        take(&transaction, Lock::Publish).await?;
        let newest = self.document.newest(&transaction, self.kind).await?;
        let before = newest.as_ref().map_or(0, |newest| newest.version);
        let version = before + 1;
        let body = body(newest.as_ref(), version)?;
        if before != self.seen {
            return Err(Error::Conflict {
                changes: Vec::new(),
            });
        }
        let publication = Publication {
            kind: self.kind,
            version,
            body: &body,
            by: Some(caller.person),
            at: desk.now(),
        };
        let entry = self.document.write(&transaction, &publication).await?;
        audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
        transaction.commit().await?;
        desk.refresh().await?;
        Ok(version)
    }
}
