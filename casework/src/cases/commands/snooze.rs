//! Snooze: a case leaves somebody's own list until a day, or until something happens on it. Whose turn
//! it is stays as it is, and so does everything that others see.

use super::beside::{about, begin};
use crate::{
    Caller, Desk, Error, Result,
    entities::snoozes::{self, Column as C},
    input::input,
    policy::CaseAct,
    store::Standing,
    typed,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::CaseNumber;

/// The longest snooze, in days.
pub const LONGEST_SNOOZE: i64 = 30;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

input! {
    /// Until which day (`2027-03-31`), and why.
    pub struct SnoozeInput for "snooze" OnDesk {
        hidden number: CaseNumber;
        typed until: String = "Until" up to 40;
        typed reason: String = "Reason" up to LONGEST_REASON;
    }
}

input! {
    /// The case whose snooze ends.
    pub struct WakeInput for "wake" OnDesk {
        hidden number: CaseNumber;
    }
}

/// Takes a case out of the caller's own list until the end of the day before `until`.
///
/// # Errors
/// [`Error::NotFound`] to those who do not see its inside; [`Error::Forbidden`]; [`Error::Input`] on
/// `until` and `reason`.
pub async fn snooze(desk: &Desk, caller: &Caller, input: &SnoozeInput) -> Result<()> {
    let (mut step, stored) = begin(desk, caller, input.number, CaseAct::Snooze).await?;
    let day = typed::day("until", "Until", &input.until).and_then(|day| {
        let begins = day.map(|end| end.plus(-Duration::DAY + Duration::MICROSECOND));
        let text =
            format!("Until: choose a day from tomorrow on, at most {LONGEST_SNOOZE} days away.");
        let last = step.now.plus(Duration::days(LONGEST_SNOOZE));
        begins
            .filter(|day| *day > step.now && *day <= last)
            .ok_or_else(|| Error::field("until", text))
    });
    let reason = typed::required("reason", "Reason", &input.reason, "say what it waits for.");
    let (until, reason) = typed::both(day, reason)?;
    if !Standing::AllOpen.holds(stored.row.in_views) {
        return Err(Error::field(
            "until",
            "Until: the case has ended; nobody is to act on it.",
        ));
    }
    let row = snoozes::Model {
        person_id: caller.person.0,
        case_id: stored.row.id,
        number: stored.row.number,
        reason: reason.clone(),
        until_at: until.micros(),
        since_at: step.now.micros(),
    };
    snoozes::Entity::insert(snoozes::ActiveModel::from(row).reset_all())
        .on_conflict(
            OnConflict::columns([C::PersonId, C::CaseId])
                .update_columns([C::Reason, C::UntilAt, C::SinceAt])
                .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
    step.append(
        about(&stored),
        "case_snoozed",
        json!({ "until": until }),
        reason,
    );
    step.commit().await
}

/// Ends the caller's snooze of a case; one that is none is awake already.
///
/// # Errors
/// As [`snooze`].
pub async fn wake(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<()> {
    let (mut step, stored) = begin(desk, caller, number, CaseAct::Snooze).await?;
    let gone = snoozes::Entity::delete_by_id((caller.person.0, stored.row.id))
        .exec(step.transaction())
        .await?;
    if gone.rows_affected == 0 {
        return Ok(());
    }
    step.append(about(&stored), "case_woken", json!({}), String::new());
    step.commit().await
}

/// Something has happened on the case: nobody's snooze of it goes on.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn end(connection: &impl ConnectionTrait, case: Uuid) -> Result<()> {
    snoozes::Entity::delete_many()
        .filter(C::CaseId.eq(case))
        .exec(connection)
        .await?;
    Ok(())
}
