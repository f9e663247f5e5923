//! What publishing an agreement and publishing a template have in common.

use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
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
        let mut step = Step::begin(desk, By::Person(caller)).await?;
        take(step.transaction(), Lock::Publish).await?;
        let newest = self.document.newest(step.transaction(), self.kind).await?;
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
            at: step.now,
        };
        let entry = self
            .document
            .write(step.transaction(), &publication)
            .await?;
        step.append_entry(entry);
        step.publishes();
        step.commit().await?;
        Ok(version)
    }
}
