//! Have a letter that was given up sent again.

use crate::{
    Caller, Desk, Error, Result,
    audit::{self, Entry, Subject},
    entities::outbox,
    mail::MailState,
    queries::audit::may,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;
use workflow::Actor;

/// Puts a dead letter back into the outbox, with all its attempts before it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] when there is no such letter or it is not given up.
pub async fn retry_mail(desk: &Desk, caller: &Caller, letter: Uuid) -> Result<()> {
    may(desk, caller, "manage_mail")?;
    let transaction = desk.database.begin().await?;
    let row = outbox::Entity::find_by_id(letter)
        .filter(outbox::Column::State.eq(MailState::Dead.word()))
        .one(&transaction)
        .await?
        .ok_or(Error::NotFound)?;
    outbox::Entity::update_many()
        .filter(outbox::Column::Id.eq(letter))
        .col_expr(
            outbox::Column::State,
            Expr::value(MailState::Waiting.word()),
        )
        .col_expr(outbox::Column::Attempts, Expr::value(0))
        .col_expr(
            outbox::Column::NotBeforeAt,
            Expr::value(desk.now().micros()),
        )
        .exec(&transaction)
        .await?;
    let entry = Entry {
        actor: Some(Actor::Person(caller.person)),
        subject: Subject::Desk,
        name: "mail_retried",
        body: json!({
            "letter": letter,
            "kind": row.kind,
            "before": { "state": "dead", "error": row.last_error },
            "after": { "state": "waiting" },
        }),
        reason: String::new(),
    };
    audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    desk.mail.notify_one();
    Ok(())
}
