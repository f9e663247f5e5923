//! What we look at: the entries that wait, and one of them beside what is public.

use crate::{
    Caller, Desk, Error, Result,
    entities::{
        apps,
        gallery_entries::{self, Column as C},
    },
    gallery::{
        queries::down::{Down, down},
        store::{Stored, entry},
    },
    paging,
    policy::{GalleryAct, Subject},
    relations::conflicted_apps,
    text::plain,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::ExprTrait,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    AppId, Timestamp,
    gallery::{ActionKind, Change, Entry, Facts, Listing, State, available, changes},
};

/// How many entries stand on one page.
pub const ENTRIES_PAGE: u64 = 50;

/// An entry in our list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryLine {
    pub app: AppId,
    pub app_name: String,
    pub organisation: String,
    pub entry: Entry,
    pub changed: Timestamp,
}

/// One page of the entries in a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewQueue {
    /// The view, named by a state: see `in_view`.
    pub state: State,
    pub lines: Vec<EntryLine>,
    pub total: u64,
    pub page: u64,
    /// How many entries stand in each view.
    pub counts: Vec<(State, u64)>,
}

/// Which entries a view holds. Two things are told of an entry, what is public and what is being worked on,
/// so one may stand in two views: public, with a newer version in review.
fn in_view(state: State) -> Condition {
    let public = C::PublicVersion.is_not_null();
    match state {
        State::Published => Condition::all().add(public),
        State::TakenDown => Condition::all()
            .add(C::WasPublic.eq(true))
            .add(public.not()),
        State::Draft | State::InReview | State::ChangesAsked => {
            Condition::all().add(C::State.eq(state.word()))
        }
    }
}

/// One page of what is in this view, what has waited longest first; nothing of apps on whose side
/// the reader is or was.
///
/// # Errors
/// [`Error::NotFound`] to those who do not look after the gallery; [`Error::Corrupt`].
pub async fn review_queue(
    desk: &Desk,
    caller: &Caller,
    state: State,
    page: u64,
) -> Result<ReviewQueue> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    if !desk
        .policy
        .snapshot()
        .allows(&subject, GalleryAct::ReadQueue)
    {
        return Err(Error::NotFound);
    }
    let database = desk.database.read();
    let mine = |state: State| {
        gallery_entries::Entity::find()
            .filter(in_view(state))
            .filter(C::AppId.not_in_subquery(conflicted_apps(caller.person)))
    };
    let mut counts = Vec::new();
    // What is being written is the developer's own until it is sent in.
    for state in [
        State::InReview,
        State::ChangesAsked,
        State::Published,
        State::TakenDown,
    ] {
        counts.push((state, mine(state).count(database).await?));
    }
    let of_state = counts.iter().find(|(one, _)| *one == state);
    let total = of_state.map(|(_, count)| *count).ok_or(Error::NotFound)?;
    let page = paging::shown(page, total, ENTRIES_PAGE);
    let rows = mine(state)
        .order_by_asc(C::ChangedAt)
        .offset((page - 1) * ENTRIES_PAGE)
        .limit(ENTRIES_PAGE)
        .all(database)
        .await?;
    let apps: BTreeMap<Uuid, apps::Model> = apps::Entity::find()
        .filter(apps::Column::Id.is_in(rows.iter().map(|row| row.app_id)))
        .all(database)
        .await?
        .into_iter()
        .map(|app| (app.id, app))
        .collect();
    let lines = rows
        .iter()
        .filter_map(|row| {
            let app = apps.get(&row.app_id)?;
            Some(entry(row).map(|entry| EntryLine {
                app: AppId(app.id),
                app_name: app.name.clone(),
                organisation: app.organisation.clone(),
                entry,
                changed: Timestamp::from_micros(row.changed_at),
            }))
        })
        .collect::<Result<_>>()?;
    Ok(ReviewQueue {
        state,
        lines,
        total,
        page,
        counts,
    })
}

/// An entry as we look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryReview {
    pub app: AppId,
    pub app_name: String,
    /// The address of another app's public entry that is called the same, whatever its case and accents.
    pub called_alike: Option<String>,
    pub organisation: String,
    pub version: u64,
    pub slug: String,
    pub entry: Entry,
    pub stands: bool,
    pub is_shown: bool,
    /// What was sent in last.
    pub newest: Listing,
    /// How it differs from what is public; everything of the first version.
    pub changes: Vec<Change>,
    pub asked: String,
    /// How what was public came down.
    pub down: Option<Down>,
    pub changed: Timestamp,
    facts: Facts,
}

impl EntryReview {
    /// Whether this can be done now.
    pub fn may(&self, kind: ActionKind) -> bool {
        available(&self.entry, kind, self.facts)
    }
}

/// The entry of an app, with what was sent in last.
///
/// # Errors
/// [`Error::NotFound`] to those who do not look after the gallery or are in conflict of interest, and
/// while nothing has been sent in; [`Error::Corrupt`].
pub async fn entry_review(desk: &Desk, caller: &Caller, app: AppId) -> Result<EntryReview> {
    let stored = Stored::load(desk.database.read(), app, false, desk.now()).await?;
    let subject = stored.subject_of(caller);
    let policy = desk.policy.snapshot();
    if !policy.allows(&subject, GalleryAct::ReadInternal) {
        return Err(Error::NotFound);
    }
    let facts = stored.facts();
    let is_shown = stored.is_shown();
    let down = down(desk.database.read(), &stored).await?;
    let newest = stored.newest.ok_or(Error::NotFound)?;
    let called_alike = gallery_entries::Entity::find()
        .select_only()
        .column(gallery_entries::Column::Slug)
        .filter(gallery_entries::Column::NameKey.eq(plain(&newest.name)))
        .filter(gallery_entries::Column::AppId.ne(app.0))
        .filter(gallery_entries::Column::PublicVersion.is_not_null())
        .into_tuple()
        .one(desk.database.read())
        .await?;
    let none = Listing::default();
    let before = stored.public.as_ref().unwrap_or(&none);
    Ok(EntryReview {
        app,
        version: crate::rows::number(
            stored.row.version,
            "gallery_entries",
            stored.row.id,
            "version",
        )?,
        entry: stored.entry,
        stands: stored.stands,
        is_shown,
        changes: changes(before, &newest),
        organisation: newest.organisation.clone(),
        newest,
        facts,
        app_name: stored.app.name,
        called_alike,
        slug: stored.row.slug,
        asked: stored.row.asked,
        down,
        changed: Timestamp::from_micros(stored.row.changed_at),
    })
}
