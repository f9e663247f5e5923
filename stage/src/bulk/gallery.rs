//! Many public entries of the gallery, for measurements: rows as steps would have left them, and
//! nothing in the trail.

use super::DEVELOPER;
use casework::{
    Desk, Error, Result,
    digest::sha256,
    entities::{apps, cases, gallery_entries, gallery_versions, partnerships, people},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::{
    Timestamp,
    gallery::{self, Image, Language, Listing, Platform, Region, Screenshot, Store},
    partners,
    state::AccessLevel,
    text::plain,
};

/// Makes partners with a public entry of so many apps that were approved; answers the address of the
/// last entry.
///
/// # Errors
/// [`Error::NotFound`] where there are not so many; when the database does not answer.
pub async fn show(desk: &Desk, count: u32) -> Result<String> {
    let transaction = desk.database.begin().await?;
    let developer = people::Entity::find()
        .filter(people::Column::Username.eq(DEVELOPER))
        .one(&transaction)
        .await?
        .ok_or(Error::NotFound)?;
    let shown = gallery_entries::Entity::find()
        .select_only()
        .column(gallery_entries::Column::AppId)
        .into_query();
    let chosen = apps::Entity::find()
        .filter(apps::Column::Level.ne(AccessLevel::Sandbox.word()))
        .filter(apps::Column::Id.not_in_subquery(shown))
        .order_by_asc(apps::Column::ClientId)
        .limit(u64::from(count))
        .all(&transaction)
        .await?;
    if chosen.len() < count as usize {
        return Err(Error::NotFound);
    }
    let mut slug = String::new();
    for app in chosen {
        let case = cases::Entity::find()
            .filter(cases::Column::AppId.eq(app.id))
            .one(&transaction)
            .await?
            .ok_or(Error::NotFound)?;
        let rows = Rows::of(&app, case.id, developer.id, desk.now())?;
        slug.clone_from(&rows.entry.slug);
        partnerships::Entity::insert(partnerships::ActiveModel::from(rows.partnership).reset_all())
            .exec_without_returning(&transaction)
            .await?;
        gallery_entries::Entity::insert(gallery_entries::ActiveModel::from(rows.entry).reset_all())
            .exec_without_returning(&transaction)
            .await?;
        gallery_versions::Entity::insert(
            gallery_versions::ActiveModel::from(rows.version).reset_all(),
        )
        .exec_without_returning(&transaction)
        .await?;
        let mut app = app.into_active_model();
        app.level = Set(AccessLevel::Full.word().to_owned());
        app.cap = Set(None);
        app.update(&transaction).await?;
    }
    transaction.commit().await?;
    Ok(format!("/gallery/{slug}"))
}

struct Rows {
    partnership: partnerships::Model,
    entry: gallery_entries::Model,
    version: gallery_versions::Model,
}

impl Rows {
    fn of(app: &apps::Model, case: Uuid, developer: Uuid, now: Timestamp) -> Result<Self> {
        let (id, at) = (Uuid::now_v7(), now.micros());
        let listing = listing(app);
        let body = serde_json::to_string(&listing)?;
        Ok(Self {
            partnership: partnerships::Model {
                id: Uuid::now_v7(),
                app_id: app.id,
                case_id: case,
                applied_by: developer,
                applied_at: at,
                statement: "Two people answer every mail within a day.".to_owned(),
                proposed_by: None,
                proposed_at: None,
                recommended: None,
                reasons: None,
                decided_by: None,
                decided_at: Some(at),
                decision: Some(partners::Decision::Approved.word().to_owned()),
                note: None,
                signature_id: None,
                left_at: None,
                state: partners::State::Active.word().to_owned(),
                version: 1,
            },
            entry: gallery_entries::Model {
                id,
                app_id: app.id,
                slug: format!("entry-{}", app.client_id.to_ascii_lowercase()),
                state: gallery::State::Published.word().to_owned(),
                public_version: Some(1),
                newest_version: 1,
                was_public: true,
                resting: false,
                asked: String::new(),
                name_key: plain(&listing.name),
                text_key: plain(&listing.description),
                platforms: format!(",{},", Platform::Web.word()),
                regions: format!(",{},", Region::EuropeanUnion.word()),
                languages: format!(",{},", Language::En.word()),
                published_at: Some(at),
                created_at: at,
                changed_at: at,
                version: 1,
            },
            version: gallery_versions::Model {
                entry_id: id,
                version: 1,
                sha256: sha256(body.as_bytes()),
                body,
                made_at: at,
                made_by: developer,
            },
        })
    }
}

fn listing(app: &apps::Model) -> Listing {
    let image = |what: &str, width, height| Image {
        hash: sha256(format!("{what} {}", app.id).as_bytes()),
        ext: "webp".to_owned(),
        width,
        height,
    };
    let screenshot = |what: &str| Screenshot {
        image: image(what, 1_080, 1_920),
        alt: "The readings of a day, hour by hour.".to_owned(),
    };
    Listing {
        name: app.name.clone(),
        organisation: app.organisation.clone(),
        tagline: "Readings of the day on one page".to_owned(),
        description: "Shows what the sensor says beside meals and sleep. ".repeat(12),
        platforms: BTreeSet::from([Platform::Web]),
        regions: BTreeSet::from([Region::EuropeanUnion]),
        languages: BTreeSet::from([Language::En]),
        accessibility: "Works with screen readers and large text.".to_owned(),
        links: BTreeMap::from([(Store::Other, "https://app.example.com/".to_owned())]),
        logo: Some(image("logo", 512, 512)),
        screenshots: vec![screenshot("day"), screenshot("night")],
    }
}
