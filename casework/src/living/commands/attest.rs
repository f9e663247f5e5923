//! Attest that the contacts of an app are right and that it uses the data as approved.

use crate::{
    Caller, Desk, Error, Result,
    apps::commands::AppStep,
    entities::{attestations, watched_apps},
    input::input,
    policy::AppAct,
    text::fold,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;
use workflow::{
    AppId, Timestamp,
    form::Problem,
    living::{self, Stage},
};

input! {
    /// What an owner attests.
    pub struct AttestInput for "attest" OnDesk {
        hidden app: AppId;
        /// The date that the person saw.
        hidden due: i64;
        typed contacts: bool = "The contacts on record are right, and reach us";
        typed as_approved: bool = "The app uses the data as approved, and for nothing else";
        typed name: String = "Your full name" up to 200;
    }
}

/// What was ticked and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attestation {
    pub contacts: bool,
    pub as_approved: bool,
    /// The person's own name, as its account has it.
    pub name: String,
}

/// What is attested, as it is kept.
const STATEMENT: &str = "The contacts on record are right and reach us. \
    The app uses the data as approved, and for nothing else.";

/// Gives the attestation that is due on the date of `seen`.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who are no owners,
/// [`Error::Input`]; [`Error::Conflict`] when it has been given since, or is not asked for yet.
pub async fn attest(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: i64,
    given: &Attestation,
) -> Result<()> {
    let mut step = AppStep::begin(desk, caller, app, AppAct::Attest).await?;
    let watched = watched_apps::Entity::find_by_id(app.0)
        .filter(watched_apps::Column::EndedAt.is_null())
        .one(step.transaction())
        .await?
        .ok_or(Error::NotFound)?;
    checked(caller, given)?;
    let due = Timestamp::from_micros(watched.due_at);
    let settings = &step.known.settings;
    if watched.due_at != seen || !living::stage(due, step.now, settings).is_open() {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    let next = living::due_after_given(due, step.now, settings);
    attestations::Entity::insert(attestations::ActiveModel {
        id: Set(Uuid::now_v7()),
        app_id: Set(app.0),
        case_id: Set(watched.case_id),
        due_at: Set(watched.due_at),
        statement: Set(format!("{STATEMENT} {}", caller.name)),
        given_by: Set(caller.person.0),
        given_at: Set(step.now.micros()),
    })
    .exec_without_returning(step.transaction())
    .await?;
    watched_apps::Entity::update_many()
        .col_expr(watched_apps::Column::DueAt, Expr::value(next.micros()))
        .col_expr(
            watched_apps::Column::Told,
            Expr::value(Stage::NotYet.word()),
        )
        .filter(watched_apps::Column::AppId.eq(app.0))
        .exec(step.transaction())
        .await?;
    step.proves().await?;
    let body = json!({ "due": due, "next": next, "statement": STATEMENT });
    step.commit("attestation_given", body).await
}

fn checked(caller: &Caller, given: &Attestation) -> Result<()> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, text: &str| {
        problems.push(Problem {
            field: field.to_owned(),
            text: text.to_owned(),
        });
    };
    if !given.contacts {
        wrong("contacts", "Tick the box once the contacts are right.");
    }
    if !given.as_approved {
        wrong("as_approved", "Tick the box if it is so.");
    }
    if fold(given.name.trim()) != fold(caller.name.trim()) {
        wrong("name", "Your full name: type it as your account has it.");
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Input { problems })
    }
}
