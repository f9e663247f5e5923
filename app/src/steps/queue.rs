//! Steps around the queue: tags, snoozes, saved views, and how somebody likes it.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Result,
    commands::{
        self, BeginWithInput, DropViewInput, KeepTagInput, RemindDeveloperInput, SaveViewInput,
        SetDensityInput, SnoozeInput, TagCaseInput, UntagCaseInput, WakeInput,
    },
};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(keep_tag),
        Step::new(tag_case),
        Step::new(untag_case),
        Step::new(remind_developer),
        Step::new(snooze),
        Step::new(wake),
        Step::new(save_view),
        Step::new(drop_view),
        Step::new(begin_with),
        Step::new(set_density),
    ]
}

/// Writes a tag of the list.
async fn keep_tag(visit: Visit, input: KeepTagInput) -> Result<Next> {
    commands::keep_tag(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to("/queue/tags").saying(Done::TagSaved))
}

/// Puts a tag on a case.
async fn tag_case(visit: Visit, input: TagCaseInput) -> Result<Next> {
    commands::tag_case(&visit.desk, visit.caller()?, input.number, input.tag).await?;
    Ok(Next::to(format!("/cases/{}", input.number)).saying(Done::Tagged))
}

/// Takes a tag off a case.
async fn untag_case(visit: Visit, input: UntagCaseInput) -> Result<Next> {
    commands::untag_case(&visit.desk, visit.caller()?, input.number, input.tag).await?;
    Ok(Next::to(format!("/cases/{}", input.number)).saying(Done::Untagged))
}

/// Has the developers of a case written to.
async fn remind_developer(visit: Visit, input: RemindDeveloperInput) -> Result<Next> {
    commands::remind_developer(&visit.desk, visit.caller()?, input.number).await?;
    Ok(Next::to(format!("/cases/{}", input.number)).saying(Done::DeveloperReminded))
}

/// Takes a case out of one's own list for a while.
async fn snooze(visit: Visit, input: SnoozeInput) -> Result<Next> {
    commands::snooze(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to(format!("/cases/{}", input.number)).saying(Done::Snoozed))
}

/// Puts a case back into one's own list.
async fn wake(visit: Visit, input: WakeInput) -> Result<Next> {
    commands::wake(&visit.desk, visit.caller()?, input.number).await?;
    let next = list_of(&visit).unwrap_or_else(|| format!("/cases/{}", input.number));
    Ok(Next::to(next).saying(Done::Woken))
}

/// Saves the queue under a name, or gives a saved view another one.
async fn save_view(visit: Visit, input: SaveViewInput) -> Result<Next> {
    commands::save_view(&visit.desk, visit.caller()?, &input).await?;
    let next = match input.view {
        Some(_) => "/queue/views".to_owned(),
        None => format!("/queue{}", input.query),
    };
    Ok(Next::to(next).saying(Done::ViewSaved))
}

/// Deletes a saved view.
async fn drop_view(visit: Visit, input: DropViewInput) -> Result<Next> {
    commands::drop_view(&visit.desk, visit.caller()?, input.view).await?;
    Ok(Next::to("/queue/views").saying(Done::ViewDeleted))
}

/// Says with which view one begins.
async fn begin_with(visit: Visit, input: BeginWithInput) -> Result<Next> {
    commands::begin_with(&visit.desk, visit.caller()?, input.view).await?;
    Ok(Next::to("/queue/views").saying(Done::BeginningSet))
}

/// Says how close the rows stand.
async fn set_density(visit: Visit, input: SetDensityInput) -> Result<Next> {
    commands::set_density(&visit.desk, visit.caller()?, input.compact).await?;
    Ok(Next::to(
        list_of(&visit).unwrap_or_else(|| "/queue".to_owned()),
    ))
}

/// The page of the queue on which the button was.
fn list_of(visit: &Visit) -> Option<String> {
    let from = visit.referer.as_deref().unwrap_or_default();
    let is_list = from == "/queue" || from.starts_with("/queue?");
    is_list.then(|| from.to_owned())
}
