//! Close the own account. Nobody else ever gets its username or its address (21 CFR 11.100).

use super::{
    anew::Anew,
    role_request::{admins, overtake},
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    accounts::{self, Secrets, end_access, lock},
    apps::{
        commands::{AppStep, keeps_an_owner},
        letters::{MemberLetter, tell_members},
    },
    audit::{Entry, Subject},
    commands::{forget_queue, holds_work},
    entities::{app_members, apps, email_changes, people, support_requests},
    input::input,
    limits::{self, CODE_ACCOUNT},
    people::{AccountLetter, post_to_person, second_factor},
    post::inbox,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Set,
};
use serde_json::json;
use uuid::Uuid;
use workflow::{Actor, AppId, CaseNumber, PersonId, Role};

input! {
    /// The password, and a code where the account asks for a second factor.
    pub struct CloseAccountInput for "close_account" OnDesk {
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
        secret code = "Code" up to 40;
    }
}

/// What stands in the way of closing an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InTheWay {
    /// Apps that would have no owner with authority to sign.
    pub apps: Vec<(AppId, String)>,
    /// Open cases in which the person holds a seat.
    pub cases: Vec<CaseNumber>,
    /// Open support requests for which the person answers, by number.
    pub requests: Vec<i32>,
    /// Whether nobody else is an admin of the desk.
    pub last_admin: bool,
}

impl InTheWay {
    /// Whether the account can be closed.
    pub const fn is_nothing(&self) -> bool {
        self.apps.is_empty()
            && self.cases.is_empty()
            && self.requests.is_empty()
            && !self.last_admin
    }

    /// What to do first, in one sentence.
    fn text(&self) -> String {
        let mut first = Vec::new();
        for (_, app) in &self.apps {
            first.push(format!(
                "give “{app}” another owner with authority to sign, or archive it"
            ));
        }
        for case in &self.cases {
            first.push(format!("release {case}"));
        }
        for request in &self.requests {
            first.push(format!("give SR-{request} back"));
        }
        if self.last_admin {
            first.push("make somebody else an admin".to_owned());
        }
        format!("Before your account can be closed: {}.", first.join(", "))
    }
}

/// What stands in the way of closing the caller's account.
///
/// # Errors
/// When the database does not answer.
pub async fn in_the_way(desk: &Desk, caller: &Caller) -> Result<InTheWay> {
    let mut found = of_staff(desk, desk.database.read(), caller).await?;
    for member in memberships(desk.database.read(), caller.person).await? {
        if member.owner && !has_other_owner(desk.database.read(), &member).await? {
            let app = apps::Entity::find_by_id(member.app_id)
                .one(desk.database.read())
                .await?;
            // An app that was archived needs nobody any more.
            let in_use = app.filter(|app| app.archived_at.is_none());
            found
                .apps
                .extend(in_use.map(|app| (AppId(app.id), app.name)));
        }
    }
    Ok(found)
}

/// Closes the account: sessions, links and memberships end at once, and for good.
///
/// # Errors
/// [`Error::Input`] on `password`, also where something stands in the way, and on `code`;
/// [`Error::Throttled`]; [`Error::Preview`] while a passkey is asked.
pub async fn close_account(desk: &Desk, caller: &Caller, given: Secrets<'_>) -> Result<()> {
    let who = caller.person.to_string();
    limits::take(desk, &CODE_ACCOUNT, &who).await?;
    let own = accounts::find(desk.database.read(), caller.person).await?;
    let given = Anew::ask(desk, caller, &own, given).await?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let mut found = of_staff(desk, desk.database.read(), caller).await?;
    // Apps first, in one order, then the account: as the steps on apps have it.
    for member in memberships(step.transaction(), caller.person).await? {
        let app = AppStep::within(step, AppId(member.app_id)).await?;
        let in_use = app.app.archived_at.is_none();
        if in_use && member.owner && keeps_an_owner(&app, caller.person).await.is_err() {
            found.apps.push((AppId(app.app.id), app.app.name.clone()));
        } else {
            leave(&app, &member, caller).await?;
        }
        let body = json!({ "person": caller.person, "before": { "owner": member.owner, "may_sign": member.may_sign }, "after": null });
        let subject = Subject::App(member.app_id);
        step = app.into_step();
        step.append(subject, "member_left", body, String::new());
    }
    if !found.is_nothing() {
        return Err(Error::field("password", found.text()));
    }
    let person = lock(step.transaction(), caller.person.0).await?;
    let given = given.take(&step, &person, "Closing of the account").await?;
    limits::forget(step.transaction(), desk, &CODE_ACCOUNT, &who).await?;
    let now = step.now.micros();
    people::Entity::update(people::ActiveModel {
        id: Set(person.id),
        password_hash: Set(None),
        second_factor_at: Set(None),
        disabled_at: Set(Some(now)),
        closed_at: Set(Some(now)),
        version: Set(person.version + 1),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    second_factor::forget(step.transaction(), person.id).await?;
    email_changes::Entity::delete_by_id(person.id)
        .exec(step.transaction())
        .await?;
    overtake(step.transaction(), person.id).await?;
    end_access(step.transaction(), person.id).await?;
    post_to_person(step.transaction(), desk, &person, AccountLetter::Closed).await?;
    inbox::forget(step.transaction(), person.id).await?;
    forget_queue(step.transaction(), person.id).await?;
    step.has_letters();
    step.append_entry(Entry {
        actor: Some(Actor::Person(caller.person)),
        subject: Subject::Person(person.id),
        name: "account_closed",
        body: json!({ "before": { "closed": false }, "after": { "closed": true }, "confirmed_with": given }),
        reason: String::new(),
    });
    step.commit().await?;
    desk.staff_changed.notify_one();
    Ok(())
}

/// Ends one membership, and tells the others.
async fn leave(app: &AppStep<'_>, member: &app_members::Model, caller: &Caller) -> Result<()> {
    let version = member.version + 1;
    let mut row = member.clone().into_active_model();
    row.owner = Set(false);
    row.may_sign = Set(false);
    row.left_at = Set(Some(app.now.micros()));
    row.version = Set(version);
    row.update(app.transaction()).await?;
    let name = caller.name.clone();
    tell_members(app, &[caller.person], &MemberLetter::Left { name }).await
}

async fn memberships(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<app_members::Model>> {
    Ok(app_members::Entity::find()
        .filter(app_members::Column::PersonId.eq(person.0))
        .filter(app_members::Column::LeftAt.is_null())
        .order_by_asc(app_members::Column::AppId)
        .all(connection)
        .await?)
}

/// Whether somebody else owns the app, may sign for it and can sign in.
async fn has_other_owner(
    connection: &impl ConnectionTrait,
    member: &app_members::Model,
) -> Result<bool> {
    let others: Vec<Uuid> = app_members::Entity::find()
        .filter(app_members::Column::AppId.eq(member.app_id))
        .filter(app_members::Column::PersonId.ne(member.person_id))
        .filter(app_members::Column::LeftAt.is_null())
        .filter(app_members::Column::Owner.eq(true))
        .filter(app_members::Column::MaySign.eq(true))
        .all(connection)
        .await?
        .into_iter()
        .map(|other| other.person_id)
        .collect();
    let able = people::Entity::find()
        .filter(people::Column::Id.is_in(others))
        .filter(people::Column::DisabledAt.is_null())
        .one(connection)
        .await?;
    Ok(able.is_some())
}

/// What of our side's work stands in the way.
async fn of_staff(
    desk: &Desk,
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<InTheWay> {
    if !caller.is_staff() {
        return Ok(InTheWay::default());
    }
    let requests = support_requests::Entity::find()
        .filter(support_requests::Column::AssigneeId.eq(caller.person.0))
        .filter(support_requests::Column::EndedAt.is_null())
        .order_by_asc(support_requests::Column::Number)
        .all(connection)
        .await?;
    let is_admin = caller.roles.contains(&Role::Admin);
    Ok(InTheWay {
        apps: Vec::new(),
        cases: holds_work(desk, caller.person).await?,
        requests: requests.into_iter().map(|row| row.number).collect(),
        last_admin: is_admin && admins(connection).await?.len() < 2,
    })
}
