//! Remind the developer: one of ours has the members of the app written to, besides the desk's own
//! reminders. The case stays as it is, so nothing that its developers have begun becomes stale.

use super::beside::{about, begin};
use crate::{
    Caller, Desk, Result,
    cases::letters,
    entities::audit_events::{self, Column as C},
    input::input,
    policy::CaseAct,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{CaseNumber, Refusal, Timestamp};

/// What counts as a reminder: the desk's own, and one like this.
const REMINDERS: [&str; 2] = ["reminded", "developer_reminded"];

input! {
    /// Whose developers are reminded.
    pub struct RemindDeveloperInput for "remind_developer" OnDesk {
        hidden number: CaseNumber;
    }
}

/// Writes to the members of a case's app that it is their turn.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who do not see its inside; [`crate::Error::Forbidden`];
/// [`Refusal::NotDevelopersTurn`]; [`Refusal::RemindedBefore`] within the setting's days after any
/// reminder.
pub async fn remind_developer(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<()> {
    let (mut step, stored) = begin(desk, caller, number, CaseAct::RemindDeveloper).await?;
    let due = stored.case.state.developer_due();
    let due = due.ok_or(Refusal::NotDevelopersTurn)?;
    if let Some(sent) = last_reminder(step.transaction(), stored.row.id).await? {
        let days = step.known.settings.remind_again_days;
        let last_day = step.known.calendar.due(sent, days);
        let next = last_day.plus(Duration::MICROSECOND);
        if step.now < next {
            return Err(Refusal::RemindedBefore { sent, next }.into());
        }
    }
    letters::remind(&step, &stored).await?;
    let body = json!({ "due": due });
    step.append(about(&stored), "developer_reminded", body, String::new());
    step.commit().await
}

async fn last_reminder(connection: &impl ConnectionTrait, case: Uuid) -> Result<Option<Timestamp>> {
    let at: Option<i64> = audit_events::Entity::find()
        .select_only()
        .column(C::At)
        .filter(C::CaseId.eq(case))
        .filter(C::Name.is_in(REMINDERS))
        .order_by_desc(C::Seq)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(at.map(Timestamp::from_micros))
}
