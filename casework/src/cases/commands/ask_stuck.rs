//! Ask whether it is stuck: a developer asks, when our date has passed or nothing has happened for long,
//! and a lead answers.

use super::beside::{about, begin, begin_outside};
use crate::{
    Caller, Desk, Error, Result,
    cases::{
        letters::post_beside,
        stuck::{self, MayAsk},
    },
    entities::stuck_asks::{self, Column as C},
    input::input,
    policy::CaseAct,
    typed,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;
use workflow::CaseNumber;

/// The longest question and answer, in characters.
pub const LONGEST_ASK: usize = 1_000;

input! {
    /// The application, and what is to be said with the question.
    pub struct AskStuckInput for "ask_stuck" OnDesk {
        hidden number: CaseNumber;
        typed text: String = "What you want to add" up to LONGEST_ASK;
    }
}

input! {
    /// The answer to the question that waits.
    pub struct AnswerStuckInput for "answer_stuck" OnDesk {
        hidden number: CaseNumber;
        /// The question that was read.
        hidden ask: Uuid;
        typed answer: String = "Answer" up to LONGEST_ASK;
    }
}

/// Asks.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Input`] where it is not the time to ask.
pub async fn ask_stuck(desk: &Desk, caller: &Caller, input: &AskStuckInput) -> Result<()> {
    let (mut step, stored) = begin_outside(desk, caller, input.number, CaseAct::AskStuck).await?;
    let text = typed::limited("text", "What you want to add", &input.text, LONGEST_ASK)?;
    let asks = stuck::asks(step.transaction(), stored.row.id).await?;
    let why = match MayAsk::of(&stored, asks.first(), &step.known, step.now) {
        MayAsk::Overdue(_) => "overdue",
        MayAsk::Quiet(_) => "quiet",
        MayAsk::NotOurTurn => return Err(early("It is not our turn now.")),
        MayAsk::Asked => return Err(early("Somebody of the app has asked already.")),
        MayAsk::From(_) => return Err(early("It is too early to ask.")),
    };
    let row = stuck_asks::Model {
        id: Uuid::now_v7(),
        case_id: stored.row.id,
        app_id: stored.row.app_id,
        asked_by: caller.person.0,
        asked_at: step.now.micros(),
        text: text.clone(),
        answered_by: None,
        answer: None,
        closed_at: None,
    };
    let body = json!({ "ask": row.id, "why": why });
    stuck_asks::Entity::insert(stuck_asks::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    post_beside(&step, &stored, |scene| scene.stuck_asked(&text)).await?;
    step.append(about(&stored), "stuck_asked", body, text);
    step.commit().await
}

/// Answers the question that waits.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Input`] on `answer`, also where the question
/// does not wait any more.
pub async fn answer_stuck(desk: &Desk, caller: &Caller, input: &AnswerStuckInput) -> Result<()> {
    let (mut step, stored) = begin(desk, caller, input.number, CaseAct::AnswerStuck).await?;
    let missing = "say where it stands and what comes next.";
    let text = typed::required("answer", "Answer", &input.answer, missing)?;
    let answered = stuck_asks::Entity::update_many()
        .col_expr(C::AnsweredBy, Expr::value(caller.person.0))
        .col_expr(C::Answer, Expr::value(text.clone()))
        .col_expr(C::ClosedAt, Expr::value(step.now.micros()))
        .filter(C::Id.eq(input.ask))
        .filter(C::CaseId.eq(stored.row.id))
        .filter(C::ClosedAt.is_null())
        .exec(step.transaction())
        .await?;
    if answered.rows_affected == 0 {
        let text =
            "Answer: the question does not wait any more; it was answered, or the case went on.";
        return Err(Error::field("answer", text));
    }
    post_beside(&step, &stored, |scene| scene.stuck_answered(&text)).await?;
    let body = json!({ "ask": input.ask });
    step.append(about(&stored), "stuck_answered", body, text);
    step.commit().await
}

fn early(why: &str) -> Error {
    Error::field("text", format!("This cannot be asked now: {why}"))
}
