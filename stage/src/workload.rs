//! Who of the demo's reviewers is away and who holds as much as they can.

use super::stage::Stage;
use casework::{
    Error, Result,
    commands::{self, PlanAbsenceInput},
    queries::workload,
};
use time::{Duration, Weekday};

/// One reviewer is away next week; another holds as many cases as a lead has set for them.
pub(super) async fn plan(stage: &Stage) -> Result<()> {
    let desk = &stage.desk;
    let mut monday = desk.now().date();
    while monday.weekday() != Weekday::Monday || monday == desk.now().date() {
        monday = monday.next_day().ok_or(Error::NotFound)?;
    }
    let absence = PlanAbsenceInput {
        person: None,
        first: monday.to_string(),
        last: monday.saturating_add(Duration::days(4)).to_string(),
        note: "What I have begun is noted on the items of each checklist.".to_owned(),
        keeps: false,
    };
    commands::plan_absence(desk, stage.person("rosa")?, &absence).await?;
    let (lead, full) = (stage.person("lena")?, stage.person("olena")?);
    let holds = workload(desk, lead)
        .await?
        .into_iter()
        .find(|worker| worker.person == full.person)
        .map_or(0, |worker| worker.load.open);
    commands::set_capacity(desk, lead, full.person, Some(holds.max(1))).await
}
