//! Tag a case: our side puts tags of the desk's list on it, and takes them off. Its developers do not
//! see them.

use super::beside::{about, begin};
use crate::{
    Caller, Desk, Error, Result, Step,
    entities::{case_tags, tags},
    input::input,
    policy::CaseAct,
    store::Stored,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;
use workflow::CaseNumber;

/// The most tags on one case.
const MOST: usize = 12;

input! {
    /// A tag that is put on the case.
    pub struct TagCaseInput for "tag_case" OnDesk {
        hidden number: CaseNumber;
        typed tag: Option<Uuid> = "Tag";
    }
}

input! {
    /// A tag that is taken off the case.
    pub struct UntagCaseInput for "untag_case" OnDesk {
        hidden number: CaseNumber;
        hidden tag: Uuid;
    }
}

/// Puts a tag on a case.
///
/// # Errors
/// [`Error::NotFound`] to those who do not see its inside; [`Error::Forbidden`]; [`Error::Input`] on
/// `tag` for none, and for one that is not offered.
pub async fn tag_case(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    tag: Option<Uuid>,
) -> Result<()> {
    let (mut step, stored) = begin(desk, caller, number, CaseAct::Tag).await?;
    let choose = || Error::field("tag", "Tag: choose one of the list.");
    let tag = tags::Entity::find_by_id(tag.ok_or_else(choose)?)
        .one(step.transaction())
        .await?
        .filter(|tag| !tag.retired)
        .ok_or_else(choose)?;
    let before = case_tags::Entity::find()
        .filter(case_tags::Column::CaseId.eq(stored.row.id))
        .all(step.transaction())
        .await?;
    if before.iter().any(|row| row.tag_id == tag.id) {
        return Ok(());
    }
    if before.len() >= MOST {
        return Err(Error::field(
            "tag",
            "Tag: a case has at most 12; take one off.",
        ));
    }
    let row = case_tags::Model {
        case_id: stored.row.id,
        tag_id: tag.id,
        put_at: step.now.micros(),
        put_by: caller.person.0,
    };
    case_tags::Entity::insert(case_tags::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    note(&mut step, &stored, "case_tagged", &tag);
    step.commit().await
}

/// Takes a tag off a case.
///
/// # Errors
/// As [`tag_case`]; one that is not on it is off already.
pub async fn untag_case(desk: &Desk, caller: &Caller, number: CaseNumber, tag: Uuid) -> Result<()> {
    let (mut step, stored) = begin(desk, caller, number, CaseAct::Tag).await?;
    let tag = tags::Entity::find_by_id(tag)
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let gone = case_tags::Entity::delete_by_id((stored.row.id, tag.id))
        .exec(step.transaction())
        .await?;
    if gone.rows_affected == 0 {
        return Ok(());
    }
    note(&mut step, &stored, "case_untagged", &tag);
    step.commit().await
}

fn note(step: &mut Step<'_>, stored: &Stored, name: &'static str, tag: &tags::Model) {
    let body = json!({ "tag": tag.id, "name": tag.name });
    step.append(about(stored), name, body, String::new());
    step.search.case(stored.row.id);
}
