//! What is done beside a case: it leaves the case as it is, and its event is told with the case.

use super::subject;
use crate::{
    By, Caller, Desk, Result, Step,
    audit::Subject,
    cases::sight::{Part, Sight},
    policy::CaseAct,
    store::{Intent, Stored},
};
use workflow::CaseNumber;

/// Begins what our side does: the case is locked, and the person may do this.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who do not see its inside; [`crate::Error::Forbidden`].
pub(super) async fn begin<'a>(
    desk: &'a Desk,
    caller: &'a Caller,
    number: CaseNumber,
    act: CaseAct,
) -> Result<(Step<'a>, Stored)> {
    of_part(desk, caller, number, act, Part::Inside).await
}

/// As [`begin`], of what its developers do.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who may not know of it; [`crate::Error::Forbidden`].
pub(super) async fn begin_outside<'a>(
    desk: &'a Desk,
    caller: &'a Caller,
    number: CaseNumber,
    act: CaseAct,
) -> Result<(Step<'a>, Stored)> {
    of_part(desk, caller, number, act, Part::Outside).await
}

async fn of_part<'a>(
    desk: &'a Desk,
    caller: &'a Caller,
    number: CaseNumber,
    act: CaseAct,
    part: Part,
) -> Result<(Step<'a>, Stored)> {
    let step = Step::begin(desk, By::Person(caller)).await?;
    let stored = Stored::load(step.transaction(), number, Intent::Change).await?;
    Sight::of(&step.policy, caller, &stored).require(part)?;
    step.policy.require(&subject(Some(caller), &stored), act)?;
    Ok((step, stored))
}

/// What its event is about.
pub(super) const fn about(stored: &Stored) -> Subject {
    Subject::Case {
        id: stored.row.id,
        version: stored.case.version,
    }
}
