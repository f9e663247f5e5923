//! Who may settle a finding: the reviewer of the track it belongs to.

use super::Work;
use crate::Result;
use workflow::{ActionKind, FindingId, Refusal};

/// Refuses those who may not check the item that the finding is recorded against.
///
/// # Errors
/// [`crate::Error::Forbidden`]; [`Refusal::UnknownFinding`].
pub(super) fn settles(work: &Work<'_>, finding: FindingId) -> Result<()> {
    let finding = work
        .case()
        .findings
        .iter()
        .find(|known| known.id == finding)
        .ok_or(Refusal::UnknownFinding)?;
    let check = ActionKind::check(finding.list);
    Ok(work.policy.require(&work.subject(), check)?)
}
