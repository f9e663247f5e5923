//! Steps on open pages.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Result,
    commands::{self, PublishGuideInput, RestoreGuideInput},
};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![Step::new(publish_guide), Step::new(restore_guide)]
}

fn published(guide: &str, version: u32) -> Next {
    Next::to(format!("/admin/guides/{guide}/{version}")).saying(Done::GuidePublished)
}

/// Publishes the next version of an open page, or shows how it would look.
async fn publish_guide(visit: Visit, input: PublishGuideInput) -> Result<Next> {
    let (guide, body, caller) = (&input.guide, &input.body, visit.caller()?);
    let version = if input.publish {
        commands::publish_guide(&visit.desk, caller, guide, body, input.seen).await?
    } else {
        commands::preview_guide(&visit.desk, caller, guide, body).await?
    };
    Ok(published(guide, version))
}

/// Publishes an earlier text again.
async fn restore_guide(visit: Visit, input: RestoreGuideInput) -> Result<Next> {
    let (guide, version) = (&input.guide, input.version);
    let version =
        commands::restore_guide(&visit.desk, visit.caller()?, guide, version, input.seen).await?;
    Ok(published(guide, version))
}
