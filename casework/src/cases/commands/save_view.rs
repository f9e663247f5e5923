//! Saved views: the queue as it is narrowed now, under a name; one's own, or of all our side. And how
//! somebody likes the queue: what they begin with, and how close its rows stand.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    entities::{
        queue_habits::{self, Column as H},
        saved_views::{self, Column as C},
        snoozes,
    },
    input::input,
    policy::{self, DeskAct},
    queries::queue::{Filter, Place, View},
    text::{Limits, fold, line},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The longest name of a saved view, in characters.
pub const LONGEST_VIEW: usize = 40;

/// The most saved views of one person, and of all of our side.
pub const MOST_VIEWS: usize = 30;

input! {
    /// The queue under a name, or another name for a view.
    pub struct SaveViewInput for "save_view" OnDesk {
        /// None for a new one.
        hidden view: Option<Uuid>;
        /// Of its address.
        hidden query: String;
        typed name: String = "Name" up to LONGEST_VIEW;
        typed shared: bool = "For all staff";
    }
}

input! {
    /// A view that is given up.
    pub struct DropViewInput for "drop_view" OnDesk {
        hidden view: Uuid;
    }
}

input! {
    /// The view with which somebody begins; none for that of their role.
    pub struct BeginWithInput for "begin_with" OnDesk {
        hidden view: Option<Uuid>;
    }
}

input! {
    /// How close the rows stand.
    pub struct SetDensityInput for "set_density" OnDesk repeats {
        hidden compact: bool;
    }
}

/// The queue that a query names, as addresses write it, from its first page.
fn canonical(query: &str) -> String {
    let filter = Filter::parse(View::AllOpen, query);
    filter.at(Place::First).query()
}

/// Saves a view under a name, or gives it another one.
///
/// # Errors
/// [`Error::NotFound`] to those who see no queue, and for no view of theirs; [`Error::Forbidden`] to
/// those who share none; [`Error::Input`] on `name`.
pub async fn save_view(desk: &Desk, caller: &Caller, input: &SaveViewInput) -> Result<()> {
    let mut step = begin(desk, caller).await?;
    let before = match input.view {
        Some(id) => Some(own(&step, caller, id).await?),
        None => None,
    };
    let shared = before.as_ref().map_or(input.shared, |row| row.shared);
    if shared {
        require_share(&step, caller)?;
    }
    let mut problems = Vec::new();
    let limits = Limits {
        field: "name",
        label: "Name",
        min: 2,
        max: LONGEST_VIEW,
    };
    let name = line(limits, &input.name, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let beside = match shared {
        true => C::Shared.eq(true),
        false => C::PersonId.eq(caller.person.0).and(C::Shared.eq(false)),
    };
    let beside = saved_views::Entity::find()
        .filter(beside)
        .all(step.transaction())
        .await?;
    let mut others = beside.iter().filter(|row| Some(row.id) != input.view);
    if others.clone().any(|row| fold(&row.name) == fold(&name)) {
        return Err(Error::field("name", "Name: another view is called so."));
    }
    if others.by_ref().count() >= MOST_VIEWS {
        return Err(Error::field(
            "name",
            "Name: there are 30 views already; delete one.",
        ));
    }
    let row = saved_views::Model {
        id: before.as_ref().map_or_else(Uuid::now_v7, |row| row.id),
        person_id: before.as_ref().map_or(caller.person.0, |row| row.person_id),
        query: before
            .as_ref()
            .map_or_else(|| canonical(&input.query), |row| row.query.clone()),
        name,
        shared,
        saved_at: step.now.micros(),
    };
    if shared {
        let told = match &before {
            None => "view_shared",
            Some(_) => "view_renamed",
        };
        let before = before.as_ref().map(|row| &row.name);
        let body =
            json!({ "view": row.id, "name": row.name, "before": before, "query": row.query });
        step.append(Subject::Desk, told, body, String::new());
    }
    let row = saved_views::ActiveModel::from(row).reset_all();
    saved_views::Entity::insert(row)
        .on_conflict(
            OnConflict::column(C::Id)
                .update_columns([C::Name, C::SavedAt])
                .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
    step.commit().await
}

/// Gives a view up; whoever began with it begins with that of their role.
///
/// # Errors
/// As [`save_view`].
pub async fn drop_view(desk: &Desk, caller: &Caller, view: Uuid) -> Result<()> {
    let mut step = begin(desk, caller).await?;
    let row = own(&step, caller, view).await?;
    if row.shared {
        require_share(&step, caller)?;
        let body = json!({ "view": row.id, "name": row.name });
        step.append(Subject::Desk, "view_dropped", body, String::new());
    }
    queue_habits::Entity::update_many()
        .col_expr(H::BeginsWith, Expr::value(None::<Uuid>))
        .filter(H::BeginsWith.eq(view))
        .exec(step.transaction())
        .await?;
    saved_views::Entity::delete_by_id(view)
        .exec(step.transaction())
        .await?;
    step.commit().await
}

/// Says with which view the caller begins.
///
/// # Errors
/// [`Error::NotFound`] to those who see no queue, and for no view that they see.
pub async fn begin_with(desk: &Desk, caller: &Caller, view: Option<Uuid>) -> Result<()> {
    let step = begin(desk, caller).await?;
    if let Some(view) = view {
        own(&step, caller, view).await?;
    }
    habit(step, caller, H::BeginsWith, view, false).await
}

/// Says how close the rows stand for the caller.
///
/// # Errors
/// [`Error::NotFound`] to those who see no queue.
pub async fn set_density(desk: &Desk, caller: &Caller, compact: bool) -> Result<()> {
    let step = begin(desk, caller).await?;
    habit(step, caller, H::Compact, None, compact).await
}

/// Takes away all that the queue knows of a person's liking; what they shared stays.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn forget_queue(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    saved_views::Entity::delete_many()
        .filter(C::PersonId.eq(person))
        .filter(C::Shared.eq(false))
        .exec(connection)
        .await?;
    queue_habits::Entity::delete_by_id(person)
        .exec(connection)
        .await?;
    snoozes::Entity::delete_many()
        .filter(snoozes::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    Ok(())
}

async fn habit(
    step: Step<'_>,
    caller: &Caller,
    changed: H,
    begins_with: Option<Uuid>,
    compact: bool,
) -> Result<()> {
    let row = queue_habits::ActiveModel {
        person_id: Set(caller.person.0),
        begins_with: Set(begins_with),
        compact: Set(compact),
    };
    queue_habits::Entity::insert(row)
        .on_conflict(
            OnConflict::column(H::PersonId)
                .update_column(changed)
                .to_owned(),
        )
        .exec_without_returning(step.transaction())
        .await?;
    step.commit().await
}

async fn begin<'a>(desk: &'a Desk, caller: &'a Caller) -> Result<Step<'a>> {
    let step = Step::begin(desk, By::Person(caller)).await?;
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    match step.policy.allows(&subject, DeskAct::ReadQueue) {
        true => Ok(step),
        false => Err(Error::NotFound),
    }
}

fn require_share(step: &Step<'_>, caller: &Caller) -> Result<()> {
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    Ok(step.policy.require(&subject, DeskAct::ShareViews)?)
}

/// A view that the caller sees.
async fn own(step: &Step<'_>, caller: &Caller, view: Uuid) -> Result<saved_views::Model> {
    saved_views::Entity::find_by_id(view)
        .one(step.transaction())
        .await?
        .filter(|row| row.shared || row.person_id == caller.person.0)
        .ok_or(Error::NotFound)
}
