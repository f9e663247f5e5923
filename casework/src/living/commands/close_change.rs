//! Say what a change of a page means: no concern, or a question to its developer.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    cases::sight::{Part, Sight},
    commands::subject,
    entities::{page_changes, page_texts, watched_pages},
    input::input,
    living::{
        ChangeState, is_answered,
        letters::{Told, post},
    },
    policy::CaseAct,
    store::Stored,
    typed::required,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;

input! {
    /// A change that is of no concern.
    pub struct ClearChangeInput for "clear_change" OnDesk {
        hidden change: Uuid;
        /// The version of the change that the person saw.
        hidden version: i64;
        typed note: String = "Note" up to 2_000;
    }
}

input! {
    /// A change about which the developer is asked.
    pub struct RaiseChangeInput for "raise_change" OnDesk {
        hidden change: Uuid;
        hidden version: i64;
        typed note: String = "What to ask or to correct" up to 2_000;
    }
}

/// Closes a change without concern, or after its developer has answered, who is then written to; `seen`
/// is the version of it that the person looked at. From then on the page is held against its new text.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`], [`Error::Input`], [`Error::Conflict`] when
/// it has changed or was closed since.
pub async fn clear_change(
    desk: &Desk,
    caller: &Caller,
    change: Uuid,
    seen: i64,
    note: &str,
) -> Result<()> {
    close(desk, caller, change, seen, note, ChangeState::Cleared).await
}

/// Closes a change with a question to the developer, who is written to.
///
/// # Errors
/// As [`clear_change`].
pub async fn raise_change(
    desk: &Desk,
    caller: &Caller,
    change: Uuid,
    seen: i64,
    note: &str,
) -> Result<()> {
    close(desk, caller, change, seen, note, ChangeState::Raised).await
}

async fn close(
    desk: &Desk,
    caller: &Caller,
    id: Uuid,
    seen: i64,
    note: &str,
    to: ChangeState,
) -> Result<()> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let change = page_changes::Entity::find_by_id(id)
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    // The page first, as whoever reads it does.
    let page = watched_pages::Entity::find_by_id(change.page_id)
        .lock_exclusive()
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let change = page_changes::Entity::find_by_id(id)
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::by_id(step.transaction(), change.case_id)
        .await?
        .ok_or(Error::NotFound)?;
    Sight::of(&step.policy, caller, &stored).require(Part::Inside)?;
    step.policy
        .require(&subject(Some(caller), &stored), CaseAct::ReviewChange)?;
    let label = match to {
        ChangeState::Raised => "What to ask or to correct",
        _ => "Note",
    };
    let note = required("note", label, note, "say it in a sentence or two.")?;
    let was_open = change.state == ChangeState::Open.word();
    if !(was_open || is_answered(&change)) || change.version != seen {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    use page_changes::Column as C;
    page_changes::Entity::update_many()
        .col_expr(C::State, Expr::value(to.word()))
        .col_expr(C::Version, Expr::value(change.version + 1))
        .col_expr(C::ClosedAt, Expr::value(Some(step.now.micros())))
        .col_expr(C::ClosedBy, Expr::value(Some(caller.person.0)))
        .col_expr(C::Note, Expr::value(note.as_str()))
        .filter(C::Id.eq(id))
        .exec(step.transaction())
        .await?;
    if was_open {
        watched_pages::Entity::update_many()
            .col_expr(
                watched_pages::Column::KnownId,
                Expr::value(Some(change.after_id)),
            )
            .filter(watched_pages::Column::Id.eq(page.id))
            .exec(step.transaction())
            .await?;
    } else if to == ChangeState::Raised {
        // Asked anew; what was answered before stands in the trail.
        page_changes::Entity::update_many()
            .col_expr(C::AnsweredAt, Expr::value(None::<i64>))
            .col_expr(C::AnsweredBy, Expr::value(None::<Uuid>))
            .col_expr(C::Answer, Expr::value(None::<String>))
            .filter(C::Id.eq(id))
            .exec(step.transaction())
            .await?;
    }
    if to == ChangeState::Raised {
        let told = Told::Questioned {
            change: id,
            page: &page,
            note: &note,
        };
        post(&step, &stored, &told).await?;
    }
    if to == ChangeState::Cleared && !was_open {
        let told = Told::Settled {
            change: id,
            page: &page,
        };
        post(&step, &stored, &told).await?;
    }
    let text = page_texts::Entity::find_by_id(change.after_id)
        .one(step.transaction())
        .await?;
    let name = match to {
        ChangeState::Raised => "page_questioned",
        _ => "page_cleared",
    };
    let body = json!({
        "change": id,
        "page": page.id,
        "field": page.field,
        "address": page.address,
        "sha256": text.map(|text| text.sha256),
    });
    step.append(Subject::App(page.app_id), name, body, note);
    step.commit().await
}
