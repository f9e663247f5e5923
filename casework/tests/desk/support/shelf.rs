//! A desk with an app that the gallery may show, its developer, and two people who look at entries.

use super::{Engine, Role, Story, new_id, records::person};
use bytes::Bytes;
use casework::{
    Caller, Desk,
    entities::{apps, gallery_drafts, gallery_entries, partnerships},
    gallery::{
        commands::{self, SaveEntryInput},
        queries::{MyEntry, my_entry},
    },
    input::Keyed,
};
use futures_util::stream;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use std::{io::Cursor, ops::Deref};
use workflow::{
    AppId, CaseNumber, StateKind,
    gallery::{ImageKind, Language, Platform, Region},
    partners::{Decision, State},
    state::AccessLevel,
};

pub const APPLE: &str = "https://apps.apple.com/app/glow/id1";
pub const SITE: &str = "https://glow.example.org/get";

/// See the module.
pub struct Shelf {
    pub story: Story,
    pub app: AppId,
    pub writes: Caller,
    pub looks: Caller,
    pub also_looks: Caller,
}

impl Deref for Shelf {
    type Target = Story;
    fn deref(&self) -> &Story {
        &self.story
    }
}

/// An image of one colour as a file.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([20, 120, 160])));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Everything that an entry must say.
pub fn texts(app: AppId, version: u64) -> SaveEntryInput {
    SaveEntryInput {
        app,
        version,
        name: "Glow".to_owned(),
        tagline: "Readings that make sense".to_owned(),
        description: "Glow shows what your glucose did today, and why it may have done so."
            .to_owned(),
        platforms: [Platform::Ios, Platform::Android].into(),
        regions: [Region::Canada].into(),
        languages: [Language::En, Language::Fr].into(),
        accessibility: "Works with VoiceOver and large text.".to_owned(),
        apple: APPLE.to_owned(),
        google: String::new(),
        other: SITE.to_owned(),
    }
}

impl Shelf {
    /// Opens it.
    pub async fn open(engine: Engine) -> Self {
        let story = Story::begin(engine).await;
        Self::around(story).await
    }

    /// The same with the people of a story that is there.
    pub async fn around(story: Story) -> Self {
        let (app, looks, also_looks) = stock(&story).await;
        Self {
            writes: story.cast.owner.clone(),
            app,
            looks,
            also_looks,
            story,
        }
    }

    /// The entry as its developer sees it.
    pub async fn mine(&self) -> MyEntry {
        my_entry(&self.desk, &self.writes, self.app).await.unwrap()
    }

    /// The version of the entry.
    pub async fn seen(&self) -> u64 {
        self.mine().await.version
    }

    /// Saves texts that differ by their tagline.
    pub async fn write(&self, tagline: &str) {
        let input = SaveEntryInput {
            tagline: tagline.to_owned(),
            ..texts(self.app, self.seen().await)
        };
        commands::save_entry(&self.desk, &self.writes, &input)
            .await
            .unwrap();
    }

    /// Adds an image of this content.
    pub async fn add(&self, kind: ImageKind, name: &str, bytes: Vec<u8>) -> casework::Result<()> {
        add(&self.desk, &self.writes, self.app, kind, name, bytes).await
    }

    /// Writes whatever an entry needs to be sent in.
    pub async fn complete(&self) {
        complete(&self.desk, &self.writes, self.app).await;
    }

    /// Sends in what is written.
    pub async fn send_in(&self) -> casework::Result<()> {
        let seen = self.seen().await;
        commands::send_in_entry(&self.desk, &self.writes, self.app, seen).await
    }

    /// Publishes what was sent in.
    pub async fn publish(&self) {
        let seen = self.seen().await;
        commands::publish_entry(&self.desk, &self.looks, self.app, seen)
            .await
            .unwrap();
    }

    /// An entry that everybody may see.
    pub async fn published(engine: Engine) -> Self {
        let shelf = Self::open(engine).await;
        shelf.complete().await;
        shelf.send_in().await.unwrap();
        shelf.publish().await;
        shelf
    }

    /// Gives another app all that the gallery asks of an app.
    pub async fn make_partner(&self, app: AppId) {
        let other = partnerships::Entity::find()
            .one(self.database.read())
            .await
            .unwrap()
            .unwrap();
        let other = partnerships::Model {
            id: new_id(),
            app_id: app.0,
            ..other
        };
        partnerships::Entity::insert(partnerships::ActiveModel::from(other).reset_all())
            .exec_without_returning(self.database.write())
            .await
            .unwrap();
        apps::Entity::update_many()
            .col_expr(apps::Column::Level, Expr::value(AccessLevel::Full.word()))
            .filter(apps::Column::Id.eq(app.0))
            .exec(self.database.write())
            .await
            .unwrap();
    }

    /// Takes away, or gives back, what the gallery asks of an app.
    pub async fn suspend(&self, suspended: bool) {
        apps::Entity::update_many()
            .col_expr(apps::Column::Suspended, Expr::value(suspended))
            .filter(apps::Column::Id.eq(self.app.0))
            .exec(self.database.write())
            .await
            .unwrap();
    }
}

/// An app that the gallery may show, and those who look at entries.
pub async fn stock(story: &Story) -> (AppId, Caller, Caller) {
    let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
    let app = partner(story, case).await;
    let looks = person(story, "petra", &[Role::PartnerManager]).await;
    let also_looks = person(story, "pavel", &[Role::PartnerManager]).await;
    (app, looks, also_looks)
}

/// Makes the app of an approved case a partner, as an approver does.
pub async fn partner(story: &Story, case: CaseNumber) -> AppId {
    let row = story.row(case).await;
    let now = Some(story.now().micros());
    partnerships::Entity::insert(partnerships::ActiveModel {
        id: Set(new_id()),
        app_id: Set(row.app_id),
        case_id: Set(row.id),
        applied_by: Set(story.cast.owner.person.0),
        applied_at: Set(story.now().micros()),
        statement: Set(String::new()),
        proposed_at: Set(now),
        decided_at: Set(now),
        decision: Set(Some(Decision::Approved.word().to_owned())),
        state: Set(State::Active.word().to_owned()),
        version: Set(1),
        ..Default::default()
    })
    .exec_without_returning(story.database.write())
    .await
    .unwrap();
    AppId(row.app_id)
}

/// Writes whatever an entry needs to be sent in.
pub async fn complete(desk: &Desk, who: &Caller, app: AppId) {
    let seen = async || my_entry(desk, who, app).await.unwrap().version;
    commands::save_entry(desk, who, &texts(app, seen().await))
        .await
        .unwrap();
    for (kind, name) in [
        (ImageKind::Logo, "logo.png"),
        (ImageKind::Screenshot, "day.png"),
    ] {
        let bytes = picture(400, 400, ImageFormat::Png);
        add(desk, who, app, kind, name, bytes).await.unwrap();
    }
    let entry = my_entry(desk, who, app).await.unwrap();
    let alts: Keyed<String> = entry
        .listing
        .screenshots
        .iter()
        .map(|shot| (shot.image.hash.clone(), "A day as a curve".to_owned()))
        .collect();
    commands::describe_gallery_images(desk, who, app, entry.version, &alts)
        .await
        .unwrap();
}

/// Adds an image of this content.
pub async fn add(
    desk: &Desk,
    who: &Caller,
    app: AppId,
    kind: ImageKind,
    name: &str,
    bytes: Vec<u8>,
) -> casework::Result<()> {
    let chunks: Vec<Result<Bytes, std::io::Error>> = bytes
        .chunks(64 * 1024)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    commands::add_gallery_image(desk, who, app, kind, name, stream::iter(chunks)).await
}

/// The draft of an entry, as rows.
pub async fn draft(desk: &Desk, owner: &Caller) {
    let (app, id) = (
        super::records::app(desk, "Glow", owner, &[]).await,
        new_id(),
    );
    let now = desk.now().micros();
    gallery_entries::Entity::insert(gallery_entries::ActiveModel {
        id: Set(id),
        app_id: Set(app.0),
        slug: Set("glow".to_owned()),
        state: Set(workflow::gallery::State::Draft.word().to_owned()),
        newest_version: Set(0),
        was_public: Set(false),
        resting: Set(false),
        asked: Set(String::new()),
        name_key: Set(String::new()),
        text_key: Set(String::new()),
        platforms: Set(String::new()),
        regions: Set(String::new()),
        languages: Set(String::new()),
        created_at: Set(now),
        changed_at: Set(now),
        version: Set(1),
        ..Default::default()
    })
    .exec_without_returning(desk.database.write())
    .await
    .unwrap();
    gallery_drafts::Entity::insert(gallery_drafts::ActiveModel {
        entry_id: Set(id),
        body: Set("{}".to_owned()),
        changed_at: Set(now),
    })
    .exec_without_returning(desk.database.write())
    .await
    .unwrap();
}
