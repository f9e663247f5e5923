//! What causes each letter about an entry of the gallery, and what overtakes it.

use crate::support::{
    shelf::{APPLE, complete, stock},
    *,
};
use casework::{
    gallery::{
        commands::{self, SaveEntryInput},
        look_after_entries, look_at_links,
        queries::my_entry,
    },
    mail::LetterKind as K,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use time::Duration;

/// The app of the story that has an entry, or is to have one.
async fn app(story: &Story) -> AppId {
    use casework::entities::apps;
    let app = apps::Entity::find()
        .filter(apps::Column::Level.eq("full"))
        .one(story.database.read())
        .await
        .unwrap();
    AppId(app.unwrap().id)
}

async fn suspend(story: &Story, suspended: bool) {
    use casework::entities::apps;
    apps::Entity::update_many()
        .col_expr(
            apps::Column::Suspended,
            sea_orm::sea_query::Expr::value(suspended),
        )
        .exec(story.database.write())
        .await
        .unwrap();
    look_after_entries(&story.desk).await.unwrap();
}

async fn seen(story: &Story, app: AppId) -> u64 {
    my_entry(&story.desk, &story.cast.owner, app)
        .await
        .unwrap()
        .version
}

/// Takes the steps that cause a letter of this kind; answers its reader.
pub async fn cause(story: &Story, kind: K) -> Caller {
    let (app, looks, _) = stock(story).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    complete(desk, owner, app).await;
    commands::send_in_entry(desk, owner, app, seen(story, app).await)
        .await
        .unwrap();
    let now = seen(story, app).await;
    match kind {
        K::EntrySentIn => return looks,
        K::EntryChangesAsked => {
            commands::ask_entry_changes(desk, &looks, app, now, "Say for whom it is.")
                .await
                .unwrap();
            return owner.clone();
        }
        _ => commands::publish_entry(desk, &looks, app, now)
            .await
            .unwrap(),
    }
    let now = seen(story, app).await;
    match kind {
        K::EntryTakenDown => {
            commands::take_down_entry(desk, &looks, app, now, "It promises a cure.")
                .await
                .unwrap();
        }
        K::EntryHidden => suspend(story, true).await,
        K::EntryShownAgain => {
            suspend(story, true).await;
            suspend(story, false).await;
        }
        K::EntryLinkDead => {
            story.links.break_link(APPLE, "this page does not exist.");
            for days in [7, 1] {
                story.clock.pass(Duration::days(days));
                look_at_links(desk).await.unwrap();
            }
        }
        _ => {}
    }
    owner.clone()
}

/// Takes a step after which the letter no longer applies.
pub async fn overtake(story: &Story, kind: K) {
    let app = app(story).await;
    let (desk, owner) = (&story.desk, &story.cast.owner);
    let now = seen(story, app).await;
    match kind {
        K::EntrySentIn => commands::take_back_entry(desk, owner, app, now)
            .await
            .unwrap(),
        K::EntryChangesAsked => {
            let changed = edited(story, app).await;
            commands::send_in_entry(desk, owner, app, changed)
                .await
                .unwrap();
        }
        K::EntryPublished | K::EntryShownAgain => {
            commands::unlist_entry(desk, owner, app, now).await.unwrap()
        }
        K::EntryHidden => suspend(story, false).await,
        K::EntryLinkDead => {
            story.links.repair(APPLE);
            story.clock.pass(Duration::days(1));
            look_at_links(desk).await.unwrap();
        }
        _ => {
            commands::send_in_entry(desk, owner, app, edited(story, app).await)
                .await
                .unwrap();
            let looks = story.person("pim", &[Role::PartnerManager]).await;
            commands::publish_entry(desk, &looks, app, seen(story, app).await)
                .await
                .unwrap();
        }
    }
}

/// Writes something; answers what is seen then.
async fn edited(story: &Story, app: AppId) -> u64 {
    let input = SaveEntryInput {
        tagline: "Readings for whoever reads them".to_owned(),
        ..shelf::texts(app, seen(story, app).await)
    };
    commands::save_entry(&story.desk, &story.cast.owner, &input)
        .await
        .unwrap();
    seen(story, app).await
}
