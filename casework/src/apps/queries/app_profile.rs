//! `/apps/{id}`: an app's level, credentials, members and applications.

use super::{
    AlsoAsked, held,
    my_apps::{Brief, corrections, in_order},
    next_steps::{NextSteps, OnRecord, next_steps},
    places::{self, Place},
    suspended,
};
use crate::cases::queries::developer::readable_app;
use crate::{
    Caller, Desk, Part, Result,
    access::queries::{DataEnvironment, UsersOfApp, users_of_app},
    apps::{invitations, setup::EnvironmentView},
    commands::{AppText, app_subject},
    entities::{apps, cases, people},
    policy::{AppAct, Subject, Verdict},
    relations::AppPeople,
    text::fold,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use workflow::{AppId, PersonId, Timestamp, gallery::Image, state::AccessLevel};

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppProfile {
    pub id: AppId,
    pub text: AppText,
    pub logo: Option<Image>,
    /// For the form that edits it.
    pub version: i64,
    pub created_at: Timestamp,
    pub level: AccessLevel,
    /// At most this many authorised users; none: no such cap.
    pub cap: Option<u32>,
    /// Since when its access is suspended, if it is.
    pub suspended: Option<Timestamp>,
    /// How many have authorised it, day by day.
    pub users: UsersOfApp,
    pub environment: Environment,
    pub client_id: String,
    /// The last characters of the secret.
    pub secret_hint: String,
    pub secret_made_at: Timestamp,
    /// What it has in each environment that it has access to, or had.
    pub environments: Vec<EnvironmentView>,
    /// Where production is reached, for the regions of the approval.
    pub production: Vec<Place>,
    /// Since when it is archived.
    pub archived: Option<Timestamp>,
    pub members: Vec<Member>,
    /// To those who manage the members; empty to others.
    pub invited: Vec<Invited>,
    /// First the one by which its standing is told, then the others, newest first.
    pub applications: Vec<Brief>,
    /// What waits for the reader beside its newest application.
    pub also_asked: Vec<AlsoAsked>,
    /// The levels that can be applied for now; empty while an application is open.
    pub may_apply_for: Vec<AccessLevel>,
    pub may_edit: bool,
    pub may_manage_members: bool,
    pub may_replace_secret: bool,
    pub may_set_logo: bool,
    /// What to do next.
    pub next: NextSteps,
}

/// Where the app's requests go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Simulated accounts alone.
    Sandbox,
    /// Data of people who have authorised the app.
    Production,
}

/// Someone who belongs to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub owner: bool,
    pub may_sign: bool,
    pub added_at: Timestamp,
    /// For the form that changes it.
    pub version: i64,
    /// The one who is looking.
    pub is_caller: bool,
}

/// Someone who was invited and has not answered. Nothing more is said than what was typed: whether
/// it is anybody's account is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub id: Uuid,
    pub address: String,
    /// Whether it gives away an owner's place.
    pub is_offer: bool,
    pub owner: bool,
    pub may_sign: bool,
    pub until: Timestamp,
}

/// The data of one kind that an authorised user shares; all four are shared together (seed:
/// "Scopes").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    pub name: &'static str,
    pub about: &'static str,
}

/// The four scopes. They hold in both environments and cannot be chosen singly.
pub const SCOPES: [Scope; 4] = [
    Scope {
        name: "Estimated glucose values",
        about: "Readings with time, trend and unit.",
    },
    Scope {
        name: "Calibrations",
        about: "Values from finger-stick meters that the user entered.",
    },
    Scope {
        name: "Events",
        about: "Meals, insulin, exercise and health entries.",
    },
    Scope {
        name: "Devices",
        about: "Model, settings and alerts of the devices in use.",
    },
];

/// The address of the sandbox.
pub const SANDBOX_URL: &str = "https://sandbox-api.dexcom.com";

/// A simulated account of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SandboxAccount {
    pub username: &'static str,
    pub about: &'static str,
}

/// Simulated accounts, by the newest devices.
pub const SANDBOX_ACCOUNTS: [SandboxAccount; 2] = [
    SandboxAccount {
        username: "SandboxUser7",
        about: "A simulated user of a G7",
    },
    SandboxAccount {
        username: "SandboxUser6",
        about: "A simulated user of a G6",
    },
];

/// An app, for its members.
///
/// # Errors
/// [`crate::Error::NotFound`] to everybody else.
pub async fn app_profile(desk: &Desk, caller: &Caller, app: AppId) -> Result<AppProfile> {
    let (row, belonging) = readable_app(desk, caller, app).await?;
    let subject = app_subject(caller, &belonging);
    let may = |act| desk.policy.ask(&subject, act) == Verdict::Allowed;
    let known = desk.reference.known();
    let held = held(desk.database.read(), &[app.0]).await?;
    let mut applications = cases::Entity::find()
        .filter(cases::Column::AppId.eq(app.0))
        .all(desk.database.read())
        .await?
        .iter()
        .filter_map(|row| {
            let what = format_args!("UD-{}", row.number);
            let brief = Brief::of(row, &known, &held, desk.now());
            desk.conditions
                .readable(Part::Cases, what, brief, desk.now())
        })
        .collect::<Vec<_>>();
    in_order(&mut applications);
    let invited = if may(AppAct::ManageMembers) {
        invited(desk, app).await?
    } else {
        Vec::new()
    };
    let (level, cap, logo) = (row.access_level()?, row.users_cap()?, row.logo()?);
    let archived = row.archived_at.map(Timestamp::from_micros);
    let mut environments = vec![EnvironmentView::of(
        &row,
        DataEnvironment::Sandbox,
        desk.now(),
    )?];
    if level != AccessLevel::Sandbox {
        let view = EnvironmentView::of(&row, DataEnvironment::Production, desk.now())?;
        environments.push(view);
    }
    let in_use = archived.is_none();
    let on_its_way = applications.iter().any(Brief::is_open);
    let may_apply_for = may_apply_for(desk, &subject, &row, on_its_way)?;
    let environment = if level == AccessLevel::Sandbox || row.suspended || archived.is_some() {
        Environment::Sandbox
    } else {
        Environment::Production
    };
    let since = suspended(&held, app.0).filter(|_| row.suspended);
    let is_suspended = row.suspended;
    let text = AppText {
        name: row.name,
        organisation: row.organisation,
        description: row.description,
        website: row.website,
    };
    let members = named(desk, caller, &belonging).await?;
    let users = users_of_app(desk, app.0).await?;
    let on_record = OnRecord {
        app: app.0,
        level,
        text: &text,
        members: &members,
        applications: &applications,
        users: &users,
        environments: &environments,
        suspended: is_suspended,
        archived: !in_use,
    };
    let mut also_asked: Vec<AlsoAsked> = corrections(&applications).collect();
    if in_use && (level != AccessLevel::Sandbox || is_suspended) {
        also_asked.extend(super::also_asked(desk, caller, app).await?);
    }
    Ok(AppProfile {
        id: app,
        also_asked,
        next: next_steps(desk, &on_record).await?,
        text,
        logo,
        version: row.version,
        created_at: Timestamp::from_micros(row.created_at),
        level,
        cap,
        suspended: since,
        users,
        environment,
        client_id: row.client_id,
        secret_hint: row.secret_hint,
        secret_made_at: Timestamp::from_micros(row.secret_made_at),
        environments,
        production: places::granted(desk.database.read(), app).await?,
        archived,
        members,
        invited,
        applications,
        may_apply_for,
        may_edit: in_use && may(AppAct::Edit),
        may_manage_members: may(AppAct::ManageMembers),
        may_replace_secret: in_use && may(AppAct::ReplaceSecret),
        may_set_logo: in_use && may(AppAct::ReplaceSecret),
    })
}

/// The levels that this reader can apply for now.
pub(crate) fn may_apply_for(
    desk: &Desk,
    who: &Subject,
    app: &apps::Model,
    on_its_way: bool,
) -> Result<Vec<AccessLevel>> {
    let level = app.access_level()?;
    // What is suspended is reinstated or revoked first.
    let free = app.archived_at.is_none()
        && !app.suspended
        && !on_its_way
        && desk.policy.ask(who, AppAct::Apply) == Verdict::Allowed;
    let levels = [AccessLevel::Limited, AccessLevel::Full].into_iter();
    Ok(levels.filter(|wanted| free && *wanted > level).collect())
}

async fn invited(desk: &Desk, app: AppId) -> Result<Vec<Invited>> {
    let waiting = invitations::waiting(desk.database.read(), app, desk.now()).await?;
    Ok(waiting
        .into_iter()
        .map(|row| Invited {
            id: row.id,
            is_offer: row.from_owner_id.is_some(),
            address: row.address,
            owner: row.owner,
            may_sign: row.may_sign,
            until: Timestamp::from_micros(row.expires_at),
        })
        .collect())
}

async fn named(desk: &Desk, caller: &Caller, belonging: &AppPeople) -> Result<Vec<Member>> {
    let ids = belonging.members().map(|member| member.person_id);
    let people = people::Entity::find()
        .filter(people::Column::Id.is_in(ids))
        .all(desk.database.read())
        .await?;
    let mut named: Vec<Member> = belonging
        .members()
        .filter_map(|member| {
            let person = people.iter().find(|row| row.id == member.person_id)?;
            Some(Member {
                person: PersonId(person.id),
                name: person.name.clone(),
                email: person.email.clone(),
                owner: member.owner,
                may_sign: member.may_sign,
                added_at: Timestamp::from_micros(member.added_at),
                version: member.version,
                is_caller: person.id == caller.person.0,
            })
        })
        .collect();
    named.sort_by_key(|member| (!member.owner, fold(&member.name)));
    Ok(named)
}
