//! The gallery: what everybody sees, page by page.

use crate::{
    Desk, Error, Result,
    entities::{
        gallery_entries::{self, Column as C, Model},
        gallery_versions,
    },
    gallery::listed::listed,
    paging, rows,
    text::{contains, search_words},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::gallery::{Image, Language, Listing, Platform, Region};

/// How many entries stand on one page.
pub const PAGE: u64 = 24;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridFilter {
    pub text: String,
    pub platform: Option<Platform>,
    pub region: Option<Region>,
    pub language: Option<Language>,
    /// From 1.
    pub page: u64,
}

impl GridFilter {
    /// Whether nothing is looked for.
    fn is_plain(&self) -> bool {
        let Self {
            text,
            platform,
            region,
            language,
            page: _,
        } = self;
        text.trim().is_empty() && platform.is_none() && region.is_none() && language.is_none()
    }
}

/// One page of the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    pub entries: Vec<GridEntry>,
    /// How many there are on all pages.
    pub total: u64,
    /// The page that is shown, from 1.
    pub page: u64,
}

/// An entry among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridEntry {
    pub slug: String,
    pub name: String,
    pub organisation: String,
    pub tagline: String,
    pub logo: Option<Image>,
    pub platforms: Vec<Platform>,
}

/// The entries that everybody may see and that fit, by name.
///
/// # Errors
/// [`Error::Corrupt`]; when the database does not answer.
pub async fn grid(desk: &Desk, filter: &GridFilter) -> Result<Grid> {
    let listed = listed(desk).await?;
    let mut ids: Vec<Uuid> = listed.iter().map(|entry| entry.id).collect();
    if !filter.is_plain() {
        let fitting = fitting(desk, filter).await?;
        ids.retain(|id| fitting.contains(id));
    }
    let total = ids.len() as u64;
    let page = paging::shown(filter.page, total, PAGE);
    let first = usize::try_from((page - 1) * PAGE).unwrap_or(usize::MAX);
    let shown: Vec<Uuid> = ids.into_iter().skip(first).take(PAGE as usize).collect();
    let mut found = gallery_entries::Entity::find()
        .filter(C::Id.is_in(shown.iter().copied()))
        .all(desk.database.read())
        .await?;
    found.sort_by_key(|row| shown.iter().position(|id| *id == row.id));
    let listings = listings(desk, &found).await?;
    let entries = found
        .into_iter()
        .filter_map(|row| {
            let listing = listings.get(&row.id)?;
            Some(GridEntry {
                organisation: listing.organisation.clone(),
                name: listing.name.clone(),
                tagline: listing.tagline.clone(),
                logo: listing.logo.clone(),
                platforms: listing.platforms.iter().copied().collect(),
                slug: row.slug,
            })
        })
        .collect();
    Ok(Grid {
        entries,
        total,
        page,
    })
}

/// The entries whose public version has what is looked for, whether everybody may see them or not.
async fn fitting(desk: &Desk, filter: &GridFilter) -> Result<BTreeSet<Uuid>> {
    let words = search_words(&filter.text);
    if words.is_empty() && !filter.text.trim().is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut fits = Condition::all().add(C::PublicVersion.is_not_null());
    for word in &words {
        fits = fits.add(
            Condition::any()
                .add(contains(Expr::col(C::NameKey), word))
                .add(contains(Expr::col(C::TextKey), word)),
        );
    }
    let mut has = |column: C, word: Option<&str>| {
        if let Some(word) = word {
            fits = fits.clone().add(column.contains(format!(",{word},")));
        }
    };
    has(C::Platforms, filter.platform.map(Platform::word));
    has(C::Regions, filter.region.map(Region::word));
    has(C::Languages, filter.language.map(Language::word));
    let ids: Vec<Uuid> = gallery_entries::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(fits)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    Ok(ids.into_iter().collect())
}

/// The most entries of which the map of the site tells.
const MOST_TOLD: usize = 5_000;

/// The addresses of all entries that everybody may see.
///
/// # Errors
/// When the database does not answer.
pub async fn shown(desk: &Desk) -> Result<Vec<String>> {
    let listed = listed(desk).await?;
    let slugs = listed
        .iter()
        .take(MOST_TOLD)
        .map(|entry| entry.slug.clone());
    Ok(slugs.collect())
}

/// What the public versions of these entries say.
async fn listings(desk: &Desk, found: &[Model]) -> Result<BTreeMap<Uuid, Listing>> {
    use gallery_versions::Column as V;
    let public = found.iter().fold(Condition::any(), |any, row| {
        any.add(
            Condition::all()
                .add(V::EntryId.eq(row.id))
                .add(V::Version.eq(row.public_version)),
        )
    });
    if found.is_empty() {
        return Ok(BTreeMap::new());
    }
    gallery_versions::Entity::find()
        .filter(public)
        .all(desk.database.read())
        .await?
        .into_iter()
        .map(|row| {
            let listing = rows::json(&row.body, "gallery_versions", row.entry_id, "body")?;
            Ok::<_, Error>((row.entry_id, listing))
        })
        .collect()
}
