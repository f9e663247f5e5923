//! Answer what was asked about a change of a page: the developer's step.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    cases::sight::{Part, Sight},
    commands::subject,
    entities::{page_changes, watched_pages},
    input::input,
    living::{
        ChangeState,
        letters::{Told, post},
    },
    policy::CaseAct,
    store::Stored,
    typed::required,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;
use workflow::AppId;

input! {
    /// What a member of the app says about a change of one of its pages.
    pub struct AnswerChangeInput for "answer_change" OnDesk {
        hidden change: Uuid;
        typed answer: String = "Your answer" up to 2_000;
    }
}

/// Answers what was asked about a change, once; whoever asked is written to. Answers which app it is
/// of.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`], [`Error::Input`] on `answer`,
/// [`Error::Conflict`] where it was answered meanwhile, or nothing is asked.
pub async fn answer_change(desk: &Desk, caller: &Caller, id: Uuid, answer: &str) -> Result<AppId> {
    use page_changes::Column as C;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let change = page_changes::Entity::find_by_id(id)
        .lock_exclusive()
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let page = watched_pages::Entity::find_by_id(change.page_id)
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::by_id(step.transaction(), change.case_id)
        .await?
        .ok_or(Error::NotFound)?;
    Sight::of(&step.policy, caller, &stored).require(Part::Outside)?;
    step.policy
        .require(&subject(Some(caller), &stored), CaseAct::AnswerChange)?;
    let answer = required(
        "answer",
        "Your answer",
        answer,
        "say it in a sentence or two.",
    )?;
    if change.state != ChangeState::Raised.word() || change.answered_at.is_some() {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    page_changes::Entity::update_many()
        .col_expr(C::Version, Expr::value(change.version + 1))
        .col_expr(C::AnsweredAt, Expr::value(Some(step.now.micros())))
        .col_expr(C::AnsweredBy, Expr::value(Some(caller.person.0)))
        .col_expr(C::Answer, Expr::value(Some(answer.as_str())))
        .filter(C::Id.eq(id))
        .exec(step.transaction())
        .await?;
    let told = Told::Answered {
        change: &change,
        page: &page,
        answer: &answer,
    };
    post(&step, &stored, &told).await?;
    let body = json!({
        "change": id,
        "page": page.id,
        "field": page.field,
        "address": page.address,
    });
    step.append(
        Subject::App(page.app_id),
        "page_change_answered",
        body,
        answer,
    );
    step.commit().await?;
    Ok(AppId(page.app_id))
}
