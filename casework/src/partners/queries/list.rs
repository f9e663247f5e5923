//! The partnerships by state, for us; and the apps of a developer with theirs.

use crate::{
    Caller, Desk, Result,
    entities::{
        app_members, apps,
        partnerships::{self, Column as C},
    },
    office::queries::audit::may,
    paging,
    partners::{evidence, store::with_facts},
    policy::DeskAct,
    relations::conflicted_apps,
    text::fold,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{
    AppId, Timestamp,
    partners::{Standing, State, criteria, unmet},
};

/// So many partnerships are on one page.
pub const PARTNER_PAGE: u64 = 50;

/// Which partnerships are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerFilter {
    /// Those that stand so; all of them without.
    pub state: Option<State>,
    /// From 1.
    pub page: u64,
}

/// A partnership in the list.
#[derive(Clone, Debug)]
pub struct PartnerLine {
    pub app: AppId,
    pub name: String,
    pub organisation: String,
    pub standing: Standing,
    pub applied: Timestamp,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct Partners {
    pub lines: Vec<PartnerLine>,
    /// How many there are of each state, as people were last told.
    pub counts: BTreeMap<&'static str, u64>,
    pub total: u64,
    /// The page that is shown.
    pub page: u64,
}

#[derive(FromQueryResult)]
struct Counted {
    state: String,
    count: i64,
}

/// The partnerships by state.
///
/// # Errors
/// [`crate::Error::NotFound`] and [`crate::Error::Forbidden`] to those who may not read them.
pub async fn partners(desk: &Desk, caller: &Caller, filter: PartnerFilter) -> Result<Partners> {
    may(desk, caller, DeskAct::ReadPartners)?;
    let read = desk.database.read();
    let all = || visible(caller);
    let counted: Vec<Counted> = all()
        .select_only()
        .column(C::State)
        .column_as(C::Id.count(), "count")
        .group_by(C::State)
        .into_model()
        .all(read)
        .await?;
    let counts = counted
        .into_iter()
        .filter_map(|one| {
            let state = State::from_word(&one.state)?;
            Some((state.word(), u64::try_from(one.count).unwrap_or(0)))
        })
        .collect();
    let mut query = all();
    if let Some(state) = filter.state {
        query = query.filter(C::State.eq(state.word()));
    }
    let total = query.clone().count(read).await?;
    let page = paging::shown(filter.page, total, PARTNER_PAGE);
    let rows = query
        .order_by_desc(C::AppliedAt)
        .order_by_desc(C::Id)
        .offset((page - 1) * PARTNER_PAGE)
        .limit(PARTNER_PAGE)
        .all(read)
        .await?;
    let named: BTreeMap<Uuid, apps::Model> = apps::Entity::find()
        .filter(apps::Column::Id.is_in(rows.iter().map(|row| row.app_id)))
        .all(read)
        .await?
        .into_iter()
        .map(|app| (app.id, app))
        .collect();
    let now = desk.now();
    let lines = with_facts(read, rows)
        .await?
        .into_iter()
        .filter_map(|found| {
            let app = named.get(&found.row.app_id)?;
            Some(PartnerLine {
                app: AppId(app.id),
                name: app.name.clone(),
                organisation: app.organisation.clone(),
                standing: found.standing(now),
                applied: Timestamp::from_micros(found.row.applied_at),
            })
        })
        .collect();
    Ok(Partners {
        lines,
        counts,
        total,
        page,
    })
}

/// Nothing of an app on whose side the reader is or was; nor what was taken back before anybody
/// decided.
fn visible(caller: &Caller) -> Select<partnerships::Entity> {
    partnerships::Entity::find()
        .filter(C::AppId.not_in_subquery(conflicted_apps(caller.person)))
        .filter(C::State.ne(State::None.word()))
}

/// An app of the reader.
#[derive(Clone, Debug)]
pub struct MyPartner {
    pub app: AppId,
    pub name: String,
    pub full: bool,
    pub standing: Standing,
    /// How many criteria are met.
    pub met: usize,
}

/// So many apps of one person are shown.
const MOST_APPS: u64 = 100;

/// The apps of which the reader is a member, those with Full Access first.
///
/// # Errors
/// When the database does not answer.
pub async fn my_partners(desk: &Desk, caller: &Caller) -> Result<Vec<MyPartner>> {
    let read = desk.database.read();
    let mine = app_members::Entity::find()
        .select_only()
        .column(app_members::Column::AppId)
        .filter(app_members::Column::PersonId.eq(caller.person.0))
        .filter(app_members::Column::LeftAt.is_null())
        .into_query();
    let rows = apps::Entity::find()
        .filter(apps::Column::Id.in_subquery(mine))
        .order_by_asc(apps::Column::NameKey)
        .limit(MOST_APPS)
        .all(read)
        .await?;
    let (now, reference) = (desk.now(), desk.reference.known());
    let mut found = Vec::new();
    for app in rows {
        let known = evidence::known(read, &app).await?;
        let criteria = criteria(&known.evidence, &reference.settings, now);
        found.push(MyPartner {
            app: AppId(app.id),
            full: known.evidence.full.is_some(),
            standing: super::super::store::standing_of(read, app.id, now).await?,
            met: criteria.len() - unmet(&criteria).count(),
            name: app.name,
        });
    }
    found.sort_by_key(|app| (!app.full, fold(&app.name)));
    Ok(found)
}
