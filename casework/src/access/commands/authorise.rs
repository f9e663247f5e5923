//! A user authorises an app: they get a place, if one is free.

use super::counts::Counts;
use crate::{
    By, Desk, Step,
    access::{
        Cap, Gateway, GatewayScope, Refused, Subject, app_of, letters::post_places_taken, standing,
    },
    audit,
    entities::{apps, authorisations},
};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, Set};
use serde_json::json;
use workflow::users::{self, Taken};

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorised {
    /// Whether the user has the place since now; otherwise they had it before.
    pub is_new: bool,
    /// How many have authorised the app.
    pub authorised: u32,
    pub cap: Option<Cap>,
}

/// Gives the user a place. The app's row is locked meanwhile, so of any number at the same moment,
/// on however many instances, no more get one than there are; a cap that is lowered meanwhile holds
/// at once.
///
/// # Errors
/// [`Refused::Denied`] where the app has no production access or no free place;
/// [`crate::Error::NotFound`] where there is no such app; [`crate::Error::Forbidden`].
pub async fn authorise(
    desk: &Desk,
    gateway: &Gateway,
    client_id: &str,
    subject: &Subject,
) -> Result<Authorised, Refused> {
    gateway.require(GatewayScope::Authorise)?;
    let id = app_of(desk.database.read(), client_id).await?.id;
    let mut step = Step::begin(desk, By::Clock).await?;
    let app = lock(&step, id).await?;
    let (standing, cap) = standing(step.transaction(), &app).await?;
    let denied = |denial| Refused::Denied { denial, cap };
    standing.production().map_err(denied)?;
    let counts = Counts::of(step.transaction(), id).await?;
    let key = subject.key(desk, id);
    let known = authorisations::Entity::find_by_id((id, key.clone()))
        .one(step.transaction())
        .await?;
    if known.is_some() {
        return Ok(Authorised {
            is_new: false,
            authorised: counts.authorised,
            cap,
        });
    }
    standing.one_more(counts.authorised).map_err(denied)?;
    authorisations::Entity::insert(authorisations::ActiveModel {
        app_id: Set(id),
        subject: Set(key),
        since_at: Set(step.now.micros()),
    })
    .exec_without_returning(step.transaction())
    .await?;
    let authorised = counts.authorised + 1;
    let (told, news) = users::told(counts.told, authorised, standing.access.cap);
    Counts { authorised, told }
        .keep(step.transaction(), id, step.now)
        .await?;
    if let (Some(taken), Some(cap)) = (news, cap) {
        post_places_taken(&step, &app, taken, authorised, cap).await?;
        step.append(
            audit::Subject::App(id),
            match taken {
                Taken::All => "user_cap_reached",
                Taken::Most | Taken::Some => "user_cap_near",
            },
            json!({ "authorised": authorised, "cap": cap.users }),
            String::new(),
        );
    }
    step.commit().await?;
    Ok(Authorised {
        is_new: true,
        authorised,
        cap,
    })
}

/// The app's row, until the end of the step nobody else's.
pub(super) async fn lock(step: &Step<'_>, app: uuid::Uuid) -> crate::Result<apps::Model> {
    locked(step.transaction(), app).await
}

async fn locked(connection: &impl ConnectionTrait, app: uuid::Uuid) -> crate::Result<apps::Model> {
    apps::Entity::find_by_id(app)
        .lock_exclusive()
        .one(connection)
        .await?
        .ok_or(crate::Error::NotFound)
}
