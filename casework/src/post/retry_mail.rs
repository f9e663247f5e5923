//! Have a letter that was given up sent again.

use crate::{
    By, Caller, Desk, Error, Result, Step, audit::Subject, entities::outbox, input::input,
    mail::MailState, policy::DeskAct, queries::audit::may,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;

input! {
    /// Which letter.
    pub struct RetryMailInput for "retry_mail" OnDesk {
        hidden letter: Uuid;
    }
}

/// Puts a dead letter back into the outbox, with all its attempts before it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] when there is no such letter or it is not given up.
pub async fn retry_mail(desk: &Desk, caller: &Caller, letter: Uuid) -> Result<()> {
    may(desk, caller, DeskAct::ManageMail)?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let row = outbox::Entity::find_by_id(letter)
        .filter(outbox::Column::State.eq(MailState::Dead.word()))
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    if row.text.is_empty() {
        return Err(Error::field(
            "letter",
            "This letter is too old: its text is no longer kept.",
        ));
    }
    let retried = outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(letter))
        // Of two at once, one has it sent again.
        .filter(outbox::Column::State.eq(MailState::Dead.word()))
        .col_expr(
            outbox::Column::State,
            Expr::value(MailState::Waiting.word()),
        )
        .col_expr(outbox::Column::Attempts, Expr::value(0))
        .col_expr(outbox::Column::HandedOver, Expr::value(0))
        .col_expr(outbox::Column::TriedSinceAt, Expr::value(None::<i64>))
        .col_expr(outbox::Column::NotBeforeAt, Expr::value(step.now.micros()))
        .exec(step.transaction())
        .await?;
    if retried.rows_affected != 1 {
        return Err(Error::NotFound);
    }
    step.append(
        Subject::Desk,
        "mail_retried",
        json!({
            "letter": letter,
            "kind": row.kind,
            "before": { "state": "dead", "error": row.last_error },
            "after": { "state": "waiting" },
        }),
        String::new(),
    );
    step.has_letters();
    step.commit().await
}
