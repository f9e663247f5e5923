//! Remove a file that has not been handed in: from the draft, or from what is gathered while
//! questions are answered or points corrected. The record of it stays; its bytes stay if it was ever handed in,
//! else they go after some days (`sweep`).

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Error, Result, entities::attachments, input::input, store::submission};
use async_trait::async_trait;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use workflow::{Action, ActionKind, AttachmentId};

input! {
    /// Which file.
    pub struct RemoveAttachmentInput for "remove_attachment" OnCase {
        hidden file: AttachmentId;
    }
}

struct RemoveAttachment(AttachmentId);

#[async_trait]
impl CaseCommand for RemoveAttachment {
    fn kind(&self) -> ActionKind {
        ActionKind::RemoveAttachment
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let row = attachments::Entity::find_by_id(self.0.0)
            .filter(attachments::Column::CaseId.eq(work.case().id.0))
            .filter(attachments::Column::RemovedAt.is_null())
            .one(work.transaction())
            .await?
            .ok_or(Error::NotFound)?;
        if submission::handed_in(work.transaction(), row.case_id)
            .await?
            .contains(&self.0)
        {
            return Err(Error::field(
                "file",
                "This file has been handed in: it stays with what you sent then.",
            ));
        }
        let mut row = row.into_active_model();
        row.removed_at = Set(Some(work.now.micros()));
        row.update(work.transaction()).await?;
        Ok(Action::RemoveAttachment { attachment: self.0 })
    }
}

/// Removes a file.
///
/// # Errors
/// See [`run`]; [`Error::NotFound`] where the case has no such file, [`Error::Input`] where it has been
/// handed in.
pub async fn remove_attachment(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    attachment: AttachmentId,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &RemoveAttachment(attachment)).await
}
