//! `/apps`: the caller's apps, where each of them stands and what is asked.

use super::{AlsoAsked, also_asked};
use crate::cases::queries::developer::{AskedOfDeveloper, asked, asked_of, is_open};
use crate::{
    Caller, Desk, Error, Part, Result,
    cases::queries::AppealView,
    commands::app_subject,
    entities::{app_members, apps, cases, grants},
    policy::{self, AppAct, Verdict},
    reference::Known,
    relations::AppPeople,
    rows,
    text::fold,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    AppId, Case, CaseNumber, Timestamp,
    case::GrantStatus,
    gallery::Image,
    state::{AccessLevel, State},
};

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyApps {
    /// Those that ask something of the caller first, the nearest date on top; then by name.
    pub apps: Vec<MyApp>,
    pub may_create: bool,
}

/// One app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyApp {
    pub id: AppId,
    pub name: String,
    pub logo: Option<Image>,
    pub organisation: String,
    pub level: AccessLevel,
    pub cap: Option<u32>,
    /// Since when its access is suspended, if it is.
    pub suspended: Option<Timestamp>,
    pub archived: bool,
    pub owner: bool,
    /// The application by which its standing is told.
    pub application: Option<Brief>,
    /// The appeals that can be made, or wait for an answer, whichever application they are of.
    pub appeals: Vec<(CaseNumber, AppealView)>,
    /// What else waits for the caller.
    pub also_asked: Vec<AlsoAsked>,
}

impl MyApp {
    fn of(
        row: apps::Model,
        owner: bool,
        suspended: Option<Timestamp>,
        applications: Vec<Brief>,
    ) -> Result<Self> {
        let living = applications.iter().filter(|brief| brief.appeal_lives());
        let appeals = living.filter_map(|brief| Some((brief.number, brief.appeal.clone()?)));
        Ok(Self {
            id: AppId(row.id),
            level: row.access_level()?,
            cap: row.users_cap()?,
            logo: row.logo()?,
            name: row.name,
            organisation: row.organisation,
            suspended,
            archived: row.archived_at.is_some(),
            owner,
            appeals: appeals.collect(),
            also_asked: corrections(&applications).collect(),
            application: applications.into_iter().next(),
        })
    }
}

/// An application in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    pub number: CaseNumber,
    pub level: AccessLevel,
    pub state: State,
    /// None for what was never handed in.
    pub submitted_at: Option<Timestamp>,
    pub changed_at: Timestamp,
    /// Since when it is on the side that it is on: of what has ended, when it ended.
    turned_at: Timestamp,
    pub asked: Option<AskedOfDeveloper>,
    /// How its approval stands, where it was approved.
    pub grant: Option<GrantStatus>,
    /// Since when that is suspended or revoked, where it is.
    pub held: Option<Timestamp>,
    /// Whether its end can be appealed against, where it ended otherwise.
    pub appeal: Option<AppealView>,
}

impl Brief {
    pub(super) fn of(
        row: &cases::Model,
        known: &Known,
        held: &[Held],
        now: Timestamp,
    ) -> Result<Self> {
        let of_case = |one: &&Held| one.case == row.id;
        let case: Case = rows::json(&row.document, "cases", row.number, "document")?;
        Ok(Self {
            grant: case.grant.as_ref().map(|grant| grant.status),
            turned_at: match case.clock.running() {
                Some((_, since)) => since,
                None => Timestamp::from_micros(row.changed_at),
            },
            held: held.iter().find(of_case).map(|one| one.since),
            appeal: AppealView::of(&case, known, now),
            number: case.number,
            level: case.level,
            submitted_at: case.clock.started(),
            changed_at: Timestamp::from_micros(row.changed_at),
            asked: asked(&case, known),
            state: case.state,
        })
    }

    /// Whether it is still on its way.
    pub const fn is_open(&self) -> bool {
        self.state.kind().is_open()
    }

    /// Whether an appeal against its end can be made, or waits for an answer.
    pub const fn appeal_lives(&self) -> bool {
        matches!(
            self.appeal,
            Some(AppealView::Until(_) | AppealView::Made(_))
        )
    }
}

/// Puts the application first by which an app's standing is told: the one on its way, which need not
/// have the highest number, else the one that ended last. The others follow, newest first.
pub(super) fn in_order(applications: &mut [Brief]) {
    applications.sort_by_key(|brief| std::cmp::Reverse(brief.number));
    let counts = (0..applications.len()).max_by_key(|at| {
        applications
            .get(*at)
            .map(|brief| (brief.is_open(), brief.turned_at, brief.number))
    });
    if let Some(first) = counts.and_then(|at| applications.get_mut(..=at)) {
        first.rotate_right(1);
    }
}

/// What earlier approvals left to be corrected: it waits whatever else there is.
pub(super) fn corrections(applications: &[Brief]) -> impl Iterator<Item = AlsoAsked> {
    let others = applications.iter().skip(1);
    others.filter_map(|brief| Some(AlsoAsked::Correction(brief.number, brief.asked?)))
}

/// The caller's apps.
///
/// # Errors
/// When the database does not answer.
pub async fn my_apps(desk: &Desk, caller: &Caller) -> Result<MyApps> {
    let connection = desk.database.read();
    let mine = app_members::Entity::find()
        .select_only()
        .column(app_members::Column::AppId)
        .filter(app_members::Column::PersonId.eq(caller.person.0))
        .filter(app_members::Column::LeftAt.is_null());
    let rows = apps::Entity::find()
        .filter(apps::Column::Id.in_subquery(mine.clone().into_query()))
        .all(connection)
        .await?;
    let members = app_members::Entity::find()
        .filter(app_members::Column::AppId.in_subquery(mine.clone().into_query()))
        .all(connection)
        .await?;
    let mut members_by_app: BTreeMap<Uuid, Vec<app_members::Model>> = BTreeMap::new();
    for member in members {
        members_by_app
            .entry(member.app_id)
            .or_default()
            .push(member);
    }
    let applications = cases::Entity::find()
        .filter(cases::Column::AppId.in_subquery(mine.into_query()))
        .all(connection)
        .await?;
    let (now, known) = (desk.now(), desk.reference.known());
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let held = held(connection, &ids).await?;
    let mut briefs: BTreeMap<Uuid, Vec<Brief>> = BTreeMap::new();
    for row in &applications {
        let brief = desk.conditions.readable(
            Part::Cases,
            format_args!("UD-{}", row.number),
            Brief::of(row, &known, &held, now),
            now,
        );
        briefs.entry(row.app_id).or_default().extend(brief);
    }
    let mut apps: Vec<MyApp> = rows
        .into_iter()
        .filter_map(|row| {
            let people =
                AppPeople::from_members(members_by_app.remove(&row.id).unwrap_or_default());
            let subject = app_subject(caller, &people);
            if desk.policy.ask(&subject, AppAct::Read) != Verdict::Allowed {
                return None;
            }
            let mut briefs = briefs.remove(&row.id).unwrap_or_default();
            in_order(&mut briefs);
            for brief in &mut briefs {
                brief.asked = asked_of(desk, &subject, brief.asked);
            }
            let own = people.member(caller.person);
            let owner = own.is_some_and(|member| member.owner);
            let id = row.id;
            let since = suspended(&held, id).filter(|_| row.suspended);
            let app = MyApp::of(row, owner, since, briefs);
            desk.conditions.readable(Part::Apps, id, app, now)
        })
        .collect();
    // An app that has, or had, access: a few queries for each.
    for app in &mut apps {
        if !app.archived && (app.level != AccessLevel::Sandbox || app.suspended.is_some()) {
            let more = also_asked(desk, caller, app.id).await?;
            app.also_asked.extend(more);
        }
    }
    apps.sort_by_key(|app| (urgency(app), fold(&app.name)));
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    Ok(MyApps {
        apps,
        may_create: desk.policy.ask(&subject, AppAct::Create) == Verdict::Allowed,
    })
}

/// An approval that does not hold at present, or not any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub app: Uuid,
    pub case: Uuid,
    pub status: GrantStatus,
    pub since: Timestamp,
}

/// What of these apps' approvals is suspended or revoked, and since when.
pub(super) async fn held(connection: &impl ConnectionTrait, apps: &[Uuid]) -> Result<Vec<Held>> {
    let statuses = [GrantStatus::Suspended, GrantStatus::Revoked];
    let rows = grants::Entity::find()
        .filter(grants::Column::AppId.is_in(apps.iter().copied()))
        .filter(grants::Column::Status.is_in(statuses.map(GrantStatus::word)))
        .order_by_asc(grants::Column::ChangedAt)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let status = GrantStatus::from_word(&row.status)
                .ok_or_else(|| Error::corrupt("grants", row.id, "status"))?;
            Ok(Held {
                app: row.app_id,
                case: row.case_id,
                status,
                since: Timestamp::from_micros(row.changed_at),
            })
        })
        .collect()
}

/// Since when the access of an app is suspended, if it is.
pub(super) fn suspended(held: &[Held], app: Uuid) -> Option<Timestamp> {
    let of_app = |one: &&Held| one.app == app && one.status == GrantStatus::Suspended;
    held.iter().rev().find(of_app).map(|one| one.since)
}

/// What has a date comes first, then what waits without one, then the rest; the archived last.
fn urgency(app: &MyApp) -> (u8, Option<Timestamp>) {
    if app.archived {
        return (4, None);
    }
    let application = app.application.as_ref();
    let asked = application.and_then(|brief| brief.asked);
    let also = app.also_asked.iter().filter_map(AlsoAsked::due);
    let due = asked
        .and_then(|asked| asked.due)
        .into_iter()
        .chain(also)
        .min();
    let is_open = application.is_some_and(|brief| is_open(brief.state.kind().word()));
    match due {
        Some(due) => (0, Some(due)),
        None if asked.is_some() || !app.also_asked.is_empty() => (1, None),
        None if is_open => (2, None),
        None => (3, None),
    }
}
