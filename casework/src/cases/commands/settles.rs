//! Who may settle a finding: the reviewer of the track it belongs to.

use super::Work;
use crate::{
    Error, Result,
    cases::waiving::{OWN_FINDING, may_waive, who_could},
};
use workflow::{ActionKind, FindingId, Refusal, checklist::Finding};

fn known<'a>(work: &'a Work<'_>, id: FindingId) -> Result<&'a Finding> {
    let mut findings = work.case().findings.iter();
    let found = findings.find(|finding| finding.id == id);
    Ok(found.ok_or(Refusal::UnknownFinding)?)
}

/// Refuses those who may not check the item that the finding is recorded against.
///
/// # Errors
/// [`crate::Error::Forbidden`]; [`Refusal::UnknownFinding`].
pub(super) fn settles(work: &Work<'_>, finding: FindingId) -> Result<()> {
    let check = ActionKind::check(known(work, finding)?.list);
    Ok(work.policy.require(&work.subject(), check)?)
}

/// Refuses those who may not waive the finding.
///
/// # Errors
/// As [`settles`].
pub(super) async fn waives(work: &Work<'_>, finding: FindingId) -> Result<()> {
    let finding = known(work, finding)?;
    let (me, stored) = (work.person()?, &work.stored);
    let relations = stored.relations_of(me.person);
    match may_waive(&work.policy, &me.roles, &relations, me.person, finding) {
        Err(denied) if denied.0 == OWN_FINDING => {
            let connection = work.transaction();
            let reason = who_could(connection, &stored.people, me.person, finding).await?;
            let rule = denied.0;
            Err(Error::Forbidden { rule, reason })
        }
        other => Ok(other?),
    }
}
