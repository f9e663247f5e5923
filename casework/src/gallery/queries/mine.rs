//! The entry of an app, for those who write it.

use crate::{
    Caller, Desk, Error, Result,
    entities::{
        apps,
        gallery_links::{self, Column as L},
    },
    gallery::{
        queries::down::{Down, down},
        refused::refused_before,
        standing,
        store::Stored,
        store::subject,
    },
    policy::GalleryAct,
    relations::AppPeople,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use workflow::{
    AppId, Timestamp,
    form::Problem,
    gallery::{ActionKind, Change, Entry, Facts, Listing, available, changes, missing},
};

/// An entry with what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyEntry {
    pub app: AppId,
    pub app_name: String,
    /// 0 where nothing has been written.
    pub version: u64,
    pub slug: String,
    pub entry: Entry,
    /// Whether everybody may see it now.
    pub is_shown: bool,
    /// Whether partnership and access are there.
    pub stands: bool,
    /// What is being written, or what would be if somebody began.
    pub listing: Listing,
    /// What is missing before it can be sent in.
    pub missing: Vec<Problem>,
    /// How it differs from what is public.
    pub changes: Vec<Change>,
    /// What we asked last.
    pub asked: String,
    /// How what was public came down.
    pub down: Option<Down>,
    pub published: Option<Timestamp>,
    /// Links that do not answer: address and fault.
    pub dead_links: Vec<(String, String)>,
    facts: Facts,
}

impl MyEntry {
    /// Whether its developer may do this now.
    pub fn may(&self, kind: ActionKind) -> bool {
        (self.version > 0 || kind == ActionKind::Edit) && available(&self.entry, kind, self.facts)
    }
}

/// The entry of this app, or the beginning of one.
///
/// # Errors
/// [`Error::NotFound`] to those who are no members of the app; [`Error::Corrupt`].
pub async fn my_entry(desk: &Desk, caller: &Caller, app: AppId) -> Result<MyEntry> {
    let database = desk.database.read();
    let people = AppPeople::of(database, app.0).await?;
    let who = subject(&people, caller.person, &caller.roles);
    let policy = desk.policy.snapshot();
    if !policy.allows(&who, GalleryAct::Read) {
        return Err(Error::NotFound);
    }
    let stored = match Stored::load(database, app, false, desk.now()).await {
        Ok(stored) => stored,
        Err(Error::NotFound) => return begin(desk, app).await,
        Err(error) => return Err(error),
    };
    let dead_links = gallery_links::Entity::find()
        .filter(L::EntryId.eq(stored.row.id))
        .filter(L::FailingSinceAt.is_not_null())
        .all(database)
        .await?
        .into_iter()
        .map(|link| (link.address, link.failure))
        .collect();
    let listing = stored.listing();
    let mut wanting = missing(&listing);
    if wanting.is_empty() {
        wanting.extend(refused_before(database, &stored, &listing).await?);
    }
    let public = stored.public.as_ref();
    Ok(MyEntry {
        app,
        version: crate::rows::number(
            stored.row.version,
            "gallery_entries",
            stored.row.id,
            "version",
        )?,
        entry: stored.entry,
        is_shown: stored.is_shown(),
        stands: stored.stands,
        missing: wanting,
        down: down(database, &stored).await?,
        changes: public.map_or_else(Vec::new, |public| changes(public, &listing)),
        facts: stored.facts(),
        listing,
        app_name: stored.app.name,
        slug: stored.row.slug,
        asked: stored.row.asked,
        published: stored.row.published_at.map(Timestamp::from_micros),
        dead_links,
    })
}

/// Of an app about which nothing has been written.
async fn begin(desk: &Desk, app: AppId) -> Result<MyEntry> {
    let database = desk.database.read();
    let row = apps::Entity::find_by_id(app.0)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let stands = standing::stands(database, app.0, desk.now()).await?;
    let listing = Listing {
        name: row.name.clone(),
        organisation: row.organisation.clone(),
        ..Listing::default()
    };
    Ok(MyEntry {
        app,
        app_name: row.name,
        version: 0,
        slug: String::new(),
        entry: Entry::default(),
        is_shown: false,
        stands,
        missing: missing(&listing),
        changes: Vec::new(),
        asked: String::new(),
        down: None,
        published: None,
        dead_links: Vec::new(),
        facts: Facts {
            stands,
            differs: true,
        },
        listing,
    })
}
