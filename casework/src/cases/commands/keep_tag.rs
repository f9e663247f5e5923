//! Keep tags: the desk's one list of them.

use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    audit::Subject,
    entities::tags::{self, Column as C},
    input::input,
    policy::{self, DeskAct},
    take,
    text::{Limits, key, line},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The longest name of a tag, in characters.
pub const LONGEST_TAG: usize = 30;

/// The most tags that are offered at a time.
pub const MOST_TAGS: usize = 60;

input! {
    /// A new tag, or another name for one. One button takes it out of what is offered, or back.
    pub struct KeepTagInput for "keep_tag" OnDesk {
        /// None for a new one.
        hidden tag: Option<Uuid>;
        typed name: String = "Name" up to LONGEST_TAG;
        typed retired: bool = "Retired";
    }
}

/// Writes a tag; cases that have it keep it, whatever it is called.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for no tag of ours; [`Error::Input`] on `name`.
pub async fn keep_tag(desk: &Desk, caller: &Caller, input: &KeepTagInput) -> Result<()> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    step.policy.require(&subject, DeskAct::ManageTags)?;
    take(step.transaction(), Lock::Publish).await?;
    let all = tags::Entity::find().all(step.transaction()).await?;
    let before = match input.tag {
        Some(id) => Some(all.iter().find(|row| row.id == id).ok_or(Error::NotFound)?),
        None => None,
    };
    let mut problems = Vec::new();
    let limits = Limits {
        field: "name",
        label: "Name",
        min: 2,
        max: LONGEST_TAG,
    };
    let name = line(limits, &input.name, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let name_key = key(&name);
    let mut others = all.iter().filter(|row| Some(row.id) != input.tag);
    if others.clone().any(|row| row.name_key == name_key) {
        let text = "Name: another tag is called so; it may be a retired one.";
        return Err(Error::field("name", text));
    }
    if !input.retired && others.by_ref().filter(|row| !row.retired).count() >= MOST_TAGS {
        let text = "Name: there are 60 tags already; retire one that is not used.";
        return Err(Error::field("name", text));
    }
    let told = match before {
        None => "tag_added",
        Some(row) if row.retired != input.retired => match input.retired {
            true => "tag_retired",
            false => "tag_offered",
        },
        Some(row) if row.name != name => "tag_renamed",
        // It stands so already.
        Some(_) => return Ok(()),
    };
    let id = before.map_or_else(Uuid::now_v7, |row| row.id);
    let body = json!({
        "tag": id,
        "name": name,
        "before": before.map(|row| json!({ "name": row.name })),
    });
    let row = tags::ActiveModel {
        id: Set(id),
        name: Set(name),
        name_key: Set(name_key),
        retired: Set(input.retired),
        made_at: Set(before.map_or(step.now.micros(), |row| row.made_at)),
    };
    match before {
        None => {
            tags::Entity::insert(row)
                .exec_without_returning(step.transaction())
                .await?;
        }
        Some(before) => {
            let mut changed = before.clone().into_active_model();
            for column in [C::Name, C::NameKey, C::Retired] {
                if let Some(value) = row.get(column).into_value() {
                    changed.set(column, value);
                }
            }
            changed.update(step.transaction()).await?;
        }
    }
    step.append(Subject::Desk, told, body, String::new());
    step.commit().await
}
