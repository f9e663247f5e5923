//! An entry as its rows, and the rows of an entry; what a person is to one.

use super::standing;
use crate::{
    Caller, Error, Lock, Result,
    entities::{
        apps,
        gallery_drafts::{self, Column as D},
        gallery_entries::{self, Column as C, Model},
        gallery_versions,
    },
    policy,
    relations::AppPeople,
    rows, take,
    text::{plain, slug, slug_with},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, Set, sea_query::OnConflict,
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    AppId, PersonId, Relation, Role, Timestamp,
    gallery::{Entry, Facts, Listing, State},
};

/// Addresses below `/gallery` that are no entries.
const RESERVED: [&str; 3] = ["", "images", "review"];

/// An entry with its rows, its app and the people of the app.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub app: apps::Model,
    pub people: AppPeople,
    pub row: Model,
    /// Whether the row is not there yet.
    pub is_new: bool,
    pub entry: Entry,
    /// What is being written.
    pub draft: Option<Listing>,
    /// What everybody may see.
    pub public: Option<Listing>,
    /// What was sent in last.
    pub newest: Option<Listing>,
    /// Whether the gallery may show the app.
    pub stands: bool,
}

impl Stored {
    /// The entry of an app; locked with the app until the transaction ends where `lock` says so.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the app has none; [`Error::Corrupt`].
    pub async fn load(
        connection: &impl ConnectionTrait,
        app: AppId,
        lock: bool,
        now: Timestamp,
    ) -> Result<Self> {
        let found = Self::find(connection, app, lock, now).await?;
        found.1.ok_or(Error::NotFound)
    }

    /// The same, or a new one where the app has none; always locked.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such app; [`Error::Corrupt`].
    pub async fn load_or_begin(
        transaction: &DatabaseTransaction,
        app: AppId,
        now: Timestamp,
    ) -> Result<Self> {
        let (app, found) = Self::find(transaction, app, true, now).await?;
        if let Some(found) = found {
            return Ok(found);
        }
        take(transaction, Lock::GallerySlug).await?;
        let id = Uuid::now_v7();
        let row = Model {
            id,
            app_id: app.id,
            slug: free_slug(transaction, &app.name, id).await?,
            state: State::Draft.word().to_owned(),
            public_version: None,
            newest_version: 0,
            was_public: false,
            resting: false,
            asked: String::new(),
            name_key: String::new(),
            text_key: String::new(),
            platforms: String::new(),
            regions: String::new(),
            languages: String::new(),
            published_at: None,
            created_at: now.micros(),
            changed_at: now.micros(),
            version: 0,
        };
        Ok(Self {
            is_new: true,
            ..Self::of(transaction, app, row, now).await?
        })
    }

    async fn find(
        connection: &impl ConnectionTrait,
        app: AppId,
        lock: bool,
        now: Timestamp,
    ) -> Result<(apps::Model, Option<Self>)> {
        let mut query = apps::Entity::find_by_id(app.0);
        if lock {
            query = query.lock_exclusive();
        }
        let app = query.one(connection).await?.ok_or(Error::NotFound)?;
        let row = gallery_entries::Entity::find()
            .filter(C::AppId.eq(app.id))
            .one(connection)
            .await?;
        Ok(match row {
            Some(row) => {
                let found = Self::of(connection, app.clone(), row, now).await?;
                (app, Some(found))
            }
            None => (app, None),
        })
    }

    /// Of rows that were read.
    ///
    /// # Errors
    /// [`Error::Corrupt`]; when the database does not answer.
    pub async fn of(
        connection: &impl ConnectionTrait,
        app: apps::Model,
        row: Model,
        now: Timestamp,
    ) -> Result<Self> {
        let entry = entry(&row)?;
        let draft = gallery_drafts::Entity::find_by_id(row.id)
            .one(connection)
            .await?
            .map(|draft| rows::json(&draft.body, "gallery_drafts", row.id, "body"))
            .transpose()?;
        Ok(Self {
            people: AppPeople::of(connection, app.id).await?,
            stands: standing::stands(connection, app.id, now).await?,
            public: version(connection, row.id, entry.public).await?,
            newest: version(connection, row.id, Some(entry.newest)).await?,
            is_new: false,
            app,
            row,
            entry,
            draft,
        })
    }

    /// What is being written, or what would be if somebody began: what is public, or what was.
    pub fn listing(&self) -> Listing {
        let before = || self.public.clone().or_else(|| self.newest.clone());
        let begun = || Listing {
            name: self.app.name.clone(),
            ..Listing::default()
        };
        Listing {
            organisation: self.app.organisation.clone(),
            ..self.draft.clone().or_else(before).unwrap_or_else(begun)
        }
    }

    /// What the rules must know.
    pub fn facts(&self) -> Facts {
        Facts {
            stands: self.stands,
            differs: self.public.as_ref() != Some(&self.listing()),
        }
    }

    /// Whether everybody may see it.
    pub const fn is_shown(&self) -> bool {
        self.entry.public.is_some() && self.stands
    }

    /// All that somebody is to the entry.
    pub fn subject(&self, person: PersonId, roles: &BTreeSet<Role>) -> policy::Subject {
        subject(&self.people, person, roles)
    }

    /// The same of a caller.
    pub fn subject_of(&self, caller: &Caller) -> policy::Subject {
        self.subject(caller.person, &caller.roles)
    }
}

/// All that somebody is to the entry of an app with these people.
pub(super) fn subject(
    people: &AppPeople,
    person: PersonId,
    roles: &BTreeSet<Role>,
) -> policy::Subject {
    let relations: BTreeSet<Relation> = people.relations(person);
    policy::Subject::new(roles, &relations)
}

/// What the rules look at of a row.
///
/// # Errors
/// [`Error::Corrupt`] with the column that cannot be read.
pub(super) fn entry(row: &Model) -> Result<Entry> {
    let table = "gallery_entries";
    Ok(Entry {
        state: State::from_word(&row.state)
            .ok_or_else(|| Error::corrupt(table, row.id, "state"))?,
        public: row
            .public_version
            .map(|number| rows::number(number, table, row.id, "public_version"))
            .transpose()?,
        newest: rows::number(row.newest_version, table, row.id, "newest_version")?,
        was_public: row.was_public,
        resting: row.resting,
    })
}

/// What a version says; none where there is no such version.
///
/// # Errors
/// [`Error::Corrupt`]; when the database does not answer.
pub(super) async fn version(
    connection: &impl ConnectionTrait,
    entry: Uuid,
    number: Option<u32>,
) -> Result<Option<Listing>> {
    let Some(number) = number.and_then(|number| i32::try_from(number).ok()) else {
        return Ok(None);
    };
    gallery_versions::Entity::find_by_id((entry, number))
        .one(connection)
        .await?
        .map(|row| rows::json(&row.body, "gallery_versions", entry, "body"))
        .transpose()
}

/// The row with what the rules made of it, as its next version.
pub(super) fn project(row: &Model, next: &Entry, now: Timestamp) -> Result<Model> {
    let number = |number: u32| i32::try_from(number).map_err(Error::unavailable);
    Ok(Model {
        state: next.state.word().to_owned(),
        public_version: next.public.map(number).transpose()?,
        newest_version: number(next.newest)?,
        was_public: next.was_public,
        resting: next.resting,
        changed_at: now.micros(),
        version: row.version + 1,
        ..row.clone()
    })
}

/// The row by which the public version is found.
pub(super) fn found_by(row: Model, listing: &Listing) -> Model {
    let words = |words: Vec<&str>| format!(",{},", words.join(","));
    let texts = [
        listing.tagline.as_str(),
        &listing.description,
        &listing.accessibility,
        &listing.organisation,
    ];
    Model {
        name_key: plain(&listing.name),
        text_key: plain(&texts.join("\n")),
        platforms: words(listing.platforms.iter().map(|one| one.word()).collect()),
        regions: words(listing.regions.iter().map(|one| one.word()).collect()),
        languages: words(listing.languages.iter().map(|one| one.word()).collect()),
        ..row
    }
}

/// Writes a row as it is now.
///
/// # Errors
/// [`Error::Conflict`] where somebody else was faster; when the database does not answer.
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    row: &Model,
    is_new: bool,
) -> Result<()> {
    let model = gallery_entries::ActiveModel::from(row.clone()).reset_all();
    if is_new {
        gallery_entries::Entity::insert(model)
            .exec_without_returning(transaction)
            .await?;
        return Ok(());
    }
    let written = gallery_entries::Entity::update_many()
        .set(model)
        .filter(C::Id.eq(row.id))
        .filter(C::Version.eq(row.version - 1))
        .exec(transaction)
        .await?;
    if written.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict {
            changes: Vec::new(),
        })
    }
}

/// Writes down what is being written.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn write_draft(
    transaction: &DatabaseTransaction,
    entry: Uuid,
    listing: &Listing,
    now: Timestamp,
) -> Result<()> {
    gallery_drafts::Entity::insert(gallery_drafts::ActiveModel {
        entry_id: Set(entry),
        body: Set(serde_json::to_string(listing)?),
        changed_at: Set(now.micros()),
    })
    .on_conflict(
        OnConflict::column(D::EntryId)
            .update_columns([D::Body, D::ChangedAt])
            .to_owned(),
    )
    .exec_without_returning(transaction)
    .await?;
    Ok(())
}

/// Gives up what is being written.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn end_draft(transaction: &DatabaseTransaction, entry: Uuid) -> Result<()> {
    gallery_drafts::Entity::delete_by_id(entry)
        .exec(transaction)
        .await?;
    Ok(())
}

/// An address that no entry has: made of the name, with the end of the entry's own id where that is
/// taken or says nothing.
async fn free_slug(connection: &impl ConnectionTrait, name: &str, id: Uuid) -> Result<String> {
    let slug = slug(name);
    let taken = gallery_entries::Entity::find()
        .filter(C::Slug.eq(slug.as_str()))
        .one(connection)
        .await?
        .is_some();
    let is_free = !taken && !RESERVED.contains(&slug.as_str());
    Ok(if is_free { slug } else { slug_with(&slug, id) })
}
