//! What to do next with an app: a list for where it stands, which fills itself from the record.

use super::{Brief, Member};
use crate::{
    Desk, Result,
    access::queries::{DataEnvironment, UsersOfApp},
    apps::setup::EnvironmentView,
    commands::AppText,
    entities::{gallery_entries, partnerships},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;
use workflow::{
    gallery, partners,
    state::{AccessLevel, StateKind},
};

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Todo {
    Register,
    CreateApp,
    Describe,
    Redirects(DataEnvironment),
    ProductionSecret,
    SecondOwner,
    Start(AccessLevel),
    Submit(AccessLevel),
    FirstUser,
    FirstServed,
    WriteEntry,
    SendEntryIn,
    BecomePartner,
}

impl Todo {
    /// Whether it can be done while the app's access is suspended.
    const fn is_open_to_suspended(self) -> bool {
        match self {
            Self::Register | Self::CreateApp | Self::Describe | Self::SecondOwner => true,
            Self::Redirects(environment) => matches!(environment, DataEnvironment::Sandbox),
            Self::ProductionSecret
            | Self::Start(_)
            | Self::Submit(_)
            | Self::FirstUser
            | Self::FirstServed
            | Self::WriteEntry
            | Self::SendEntryIn
            | Self::BecomePartner => false,
        }
    }
}

/// One thing to do, and whether it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextStep {
    pub todo: Todo,
    pub done: bool,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextSteps {
    /// At which level of access it is about.
    pub level: AccessLevel,
    pub steps: Vec<NextStep>,
}

impl NextSteps {
    /// Of someone who has no app yet.
    pub fn without_app() -> Self {
        let ahead = [
            Todo::CreateApp,
            Todo::Describe,
            Todo::Redirects(DataEnvironment::Sandbox),
            Todo::Start(AccessLevel::Limited),
            Todo::Submit(AccessLevel::Limited),
        ];
        let registered = NextStep {
            todo: Todo::Register,
            done: true,
        };
        let ahead = ahead.map(|todo| NextStep { todo, done: false });
        Self {
            level: AccessLevel::Sandbox,
            steps: std::iter::once(registered).chain(ahead).collect(),
        }
    }

    /// The first thing that is not done; none where all is.
    pub fn next(&self) -> Option<Todo> {
        let open = self.steps.iter().find(|step| !step.done);
        open.map(|step| step.todo)
    }
}

/// What is on record about an app that its list asks for.
pub(super) struct OnRecord<'a> {
    pub app: Uuid,
    pub level: AccessLevel,
    pub text: &'a AppText,
    pub members: &'a [Member],
    pub applications: &'a [Brief],
    pub users: &'a UsersOfApp,
    pub environments: &'a [EnvironmentView],
    /// Its access is suspended: production is closed to it, and it applies for nothing.
    pub suspended: bool,
    /// Nothing is done with it until it is restored.
    pub archived: bool,
}

/// The list of an app at its present level.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn next_steps(desk: &Desk, known: &OnRecord<'_>) -> Result<NextSteps> {
    let mut steps = Vec::new();
    let mut add = |todo, done| steps.push(NextStep { todo, done });
    match known.level {
        AccessLevel::Sandbox => {
            let text = known.text;
            add(Todo::CreateApp, true);
            let described = !text.description.is_empty() && !text.website.is_empty();
            add(Todo::Describe, described);
            let sandbox = DataEnvironment::Sandbox;
            add(Todo::Redirects(sandbox), known.redirects(sandbox));
            add(Todo::SecondOwner, known.owners() > 1);
            apply(known, AccessLevel::Limited, &mut add);
        }
        AccessLevel::Limited => {
            let production = DataEnvironment::Production;
            add(Todo::ProductionSecret, known.has_secret(production));
            add(Todo::Redirects(production), known.redirects(production));
            add(Todo::FirstUser, known.users.authorised > 0);
            let served = known.users.days.iter().any(|day| day.served > 0);
            add(Todo::FirstServed, served);
            apply(known, AccessLevel::Full, &mut add);
        }
        AccessLevel::Full => {
            let database = desk.database.read();
            let entry = gallery_entries::Entity::find()
                .filter(gallery_entries::Column::AppId.eq(known.app))
                .one(database)
                .await?;
            let draft = gallery::State::Draft.word();
            let sent = entry
                .as_ref()
                .is_some_and(|entry| entry.state != draft || entry.public_version.is_some());
            let partner = partnerships::Entity::find()
                .filter(partnerships::Column::AppId.eq(known.app))
                .filter(partnerships::Column::State.is_not_in([
                    partners::State::Declined.word(),
                    partners::State::Ended.word(),
                ]))
                .count(database)
                .await?;
            let production = DataEnvironment::Production;
            add(Todo::ProductionSecret, known.has_secret(production));
            add(Todo::Redirects(production), known.redirects(production));
            add(Todo::FirstUser, known.users.authorised > 0);
            add(Todo::SecondOwner, known.owners() > 1);
            add(Todo::BecomePartner, partner > 0);
            // The gallery is the partners'.
            if partner > 0 {
                add(Todo::WriteEntry, entry.is_some());
                add(Todo::SendEntryIn, sent);
            }
        }
    }
    if known.suspended {
        steps.retain(|step| step.done || step.todo.is_open_to_suspended());
    }
    if known.archived {
        steps.retain(|step| step.done);
    }
    Ok(NextSteps {
        level: known.level,
        steps,
    })
}

impl OnRecord<'_> {
    fn at(&self, environment: DataEnvironment) -> Option<&EnvironmentView> {
        let mut views = self.environments.iter();
        views.find(|view| view.environment == environment)
    }

    fn redirects(&self, environment: DataEnvironment) -> bool {
        let view = self.at(environment);
        view.is_some_and(|view| !view.redirects.is_empty())
    }

    fn has_secret(&self, environment: DataEnvironment) -> bool {
        self.at(environment)
            .is_some_and(|view| view.secret.is_some())
    }

    /// How many own the app and sign for it.
    fn owners(&self) -> usize {
        let leads = |member: &&Member| member.owner && member.may_sign;
        self.members.iter().filter(leads).count()
    }
}

/// The two things to do to apply for a level. An application that ended without an approval leaves
/// both to be done again.
fn apply(known: &OnRecord<'_>, wanted: AccessLevel, add: &mut impl FnMut(Todo, bool)) {
    let on_its_way = known
        .applications
        .iter()
        .find(|brief| brief.level >= wanted && brief.is_open())
        .map(|brief| brief.state.kind());
    add(Todo::Start(wanted), on_its_way.is_some());
    let submitted = on_its_way.is_some_and(|state| state != StateKind::Draft);
    add(Todo::Submit(wanted), submitted);
}
