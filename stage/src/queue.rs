//! What the demo's staff make of the queue: tags, a shared view, and a case that somebody snoozed.

use super::stage::Stage;
use casework::{
    Result,
    commands::{self as steps, KeepTagInput, SaveViewInput, SnoozeInput},
    queries::queue::{Filter, View, kept_tags, queue},
};
use time::Duration;

const TAGS: [&str; 3] = ["Children", "Insulin dosing", "Pilot"];

/// Whose cases are looked for one that can wait.
const CAREFUL: [&str; 3] = ["ito", "olena", "ben"];

pub(super) async fn fill(stage: &Stage) -> Result<()> {
    let (desk, lead) = (&stage.desk, stage.person("lena")?);
    for name in TAGS {
        let input = KeepTagInput {
            tag: None,
            name: name.to_owned(),
            retired: false,
        };
        steps::keep_tag(desk, lead, &input).await?;
    }
    let tags = kept_tags(desk, lead).await?;
    let open = queue(desk, lead, Filter::view(View::AllOpen)).await?.rows;
    for (row, tag) in open.iter().step_by(2).zip(tags.iter().cycle()).take(7) {
        steps::tag_case(desk, lead, row.number, Some(tag.id)).await?;
    }
    let shared = SaveViewInput {
        view: None,
        query: "?view=all_open&level=full&due=week".to_owned(),
        name: "Full, due this week".to_owned(),
        shared: true,
    };
    steps::save_view(desk, lead, &shared).await?;
    for username in CAREFUL {
        let who = stage.person(username)?;
        let own = queue(desk, who, Filter::view(View::MyTurn)).await?.rows;
        // Nobody is left without work.
        if let [_, .., last] = own.as_slice() {
            let day = desk.now().plus(Duration::days(6)).date();
            let input = SnoozeInput {
                number: last.number,
                until: day.to_string(),
                reason: "The developer sends a test account on Monday.".to_owned(),
            };
            return steps::snooze(desk, who, &input).await;
        }
    }
    Ok(())
}
