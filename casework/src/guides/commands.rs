//! What admins do with open pages: publish the next version, or an earlier text again.

use super::{
    Guide, LONGEST_GUIDE, links, markdown,
    store::{self, Stored},
};
use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    audit::Subject,
    digest::sha256,
    entities::guides,
    input::input,
    policy::{self, DeskAct},
    take,
    text::{Limits, lines},
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::form::Problem;

input! {
    /// The next version of an open page. One button publishes it, the other only shows it.
    pub struct PublishGuideInput for "publish_guide" OnDesk {
        hidden guide: String;
        /// The version that the admin saw; 0 for the text that the desk brings along.
        hidden seen: u32;
        typed body: String = "Text" up to LONGEST_GUIDE;
        typed publish: bool = "Publish";
    }
}

input! {
    /// An earlier text, which is to stand again.
    pub struct RestoreGuideInput for "restore_guide" OnDesk {
        hidden guide: String;
        /// 0 for the text that the desk brings along.
        hidden version: u32;
        hidden seen: u32;
    }
}

/// Publishes `body` (Markdown, beginning with a heading and a summary) as the next version of a page;
/// `seen` is the version that the person looked at. Answers the new version.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for no page of ours; [`Error::Input`] on `body` with
/// everything wrong; [`Error::Conflict`] when another version has been published meanwhile.
pub async fn publish_guide(
    desk: &Desk,
    caller: &Caller,
    guide: &str,
    body: &str,
    seen: u32,
) -> Result<u32> {
    let guide = may(desk, caller, guide)?;
    let body = checked(desk, guide, body).await?;
    publish(desk, caller, guide, body, seen).await
}

/// Looks whether a text could be published, and publishes nothing.
///
/// # Errors
/// As [`publish_guide`]; [`Error::Preview`] where nothing is wrong.
pub async fn preview_guide(desk: &Desk, caller: &Caller, guide: &str, body: &str) -> Result<u32> {
    let guide = may(desk, caller, guide)?;
    checked(desk, guide, body).await?;
    Err(Error::Preview)
}

/// Publishes the text of an earlier version, or the desk's own, as the next version.
///
/// # Errors
/// As [`publish_guide`]; [`Error::NotFound`] where there is no such version.
pub async fn restore_guide(
    desk: &Desk,
    caller: &Caller,
    guide: &str,
    version: u32,
    seen: u32,
) -> Result<u32> {
    let guide = may(desk, caller, guide)?;
    let earlier = store::version(desk.database.read(), guide, version)
        .await?
        .ok_or(Error::NotFound)?;
    // What it links to may have gone since.
    let body = checked(desk, guide, &earlier.body).await?;
    publish(desk, caller, guide, body, seen).await
}

fn may(desk: &Desk, caller: &Caller, guide: &str) -> Result<Guide> {
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.require(&subject, DeskAct::ManageGuides)?;
    Guide::from_word(guide).ok_or(Error::NotFound)
}

/// The text as it is published.
async fn checked(desk: &Desk, guide: Guide, body: &str) -> Result<String> {
    let limits = Limits {
        field: "body",
        label: "Text",
        min: 40,
        max: LONGEST_GUIDE,
    };
    let mut problems = Vec::new();
    let mut body = lines(limits, body, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    body.push('\n');
    let mut texts = markdown::problems(&body);
    if texts.is_empty() {
        texts.extend(links::problems(desk.database.read(), guide, &body).await?);
        texts.extend(links::lost(&desk.reference.known(), guide, &body));
    }
    if texts.is_empty() {
        return Ok(body);
    }
    let problems = texts
        .into_iter()
        .map(|text| Problem {
            field: "body".to_owned(),
            text: format!("Text: {text}"),
        })
        .collect();
    Err(Error::Input { problems })
}

async fn publish(
    desk: &Desk,
    caller: &Caller,
    guide: Guide,
    body: String,
    seen: u32,
) -> Result<u32> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    take(step.transaction(), Lock::Publish).await?;
    let before = store::newest(step.transaction(), guide).await?;
    if before.version != seen {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    if before.body == body {
        return Err(Error::field(
            "body",
            "Text: this is the text that stands there already; change it, then publish.",
        ));
    }
    let version = before.version + 1;
    let row = guides::Model {
        guide: guide.word().to_owned(),
        version: i32::try_from(version).map_err(Error::unavailable)?,
        sha256: sha256(body.as_bytes()),
        body,
        built_in_sha256: Stored::built_in(guide).sha256,
        published_at: step.now.micros(),
        published_by: caller.person.0,
    };
    let told = json!({
        "kind": guide.word(),
        "before": { "version": before.version, "sha256": before.sha256 },
        "after": { "version": version, "sha256": row.sha256 },
    });
    guides::Entity::insert(guides::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    step.append(Subject::Desk, "guide_published", told, String::new());
    step.commit().await?;
    Ok(version)
}
