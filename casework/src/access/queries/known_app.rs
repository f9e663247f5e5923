//! An app as gateways know it.

use crate::{
    Desk, Result,
    access::{Cap, Gateway, GatewayScope, app_of, queries::DataEnvironment, standing, whole},
    apps::setup::{Pair, Redirects},
    entities::{apps, user_counts},
};
use sea_orm::EntityTrait;
use workflow::{
    Timestamp,
    state::AccessLevel,
    users::{Denial, Standing},
};

/// What a gateway may keep for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownApp {
    pub client_id: String,
    pub level: AccessLevel,
    pub suspended: bool,
    pub standing: Standing,
    /// Why it has no production access now, if it has none.
    pub denial: Option<Denial>,
    pub cap: Option<Cap>,
    pub authorised: u32,
    /// Nobody works with it: it has no access to any environment.
    pub archived: bool,
    pub redirects: Redirects,
    /// The secrets that work now.
    pub secrets: Vec<KnownSecret>,
}

/// A client secret that works now, as the authorisation server checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSecret {
    pub environment: DataEnvironment,
    /// The hash of the secret, which is 256 bits that nobody can guess.
    pub sha256: String,
    /// Until when it works; none for one that has not been replaced.
    pub until: Option<Timestamp>,
}

fn secrets(app: &apps::Model, now: Timestamp) -> Result<Vec<KnownSecret>> {
    let mut known = Vec::new();
    for environment in [DataEnvironment::Sandbox, DataEnvironment::Production] {
        let pair = Pair::of(app, environment)?;
        let before = pair.still_works(now);
        let before = before.map(|stored| (stored, Some(Timestamp::from_micros(stored.at))));
        let present = pair.present.as_ref().map(|stored| (stored, None));
        known.extend(
            present
                .into_iter()
                .chain(before)
                .map(|(stored, until)| KnownSecret {
                    environment,
                    sha256: stored.hash.clone(),
                    until,
                }),
        );
    }
    Ok(known)
}

/// The app of a client id.
///
/// # Errors
/// [`crate::Error::NotFound`] where there is none; [`crate::Error::Forbidden`].
pub async fn known_app(desk: &Desk, gateway: &Gateway, client_id: &str) -> Result<KnownApp> {
    gateway.require(GatewayScope::Check)?;
    let database = desk.database.read();
    let app = app_of(database, client_id).await?;
    let (standing, cap) = standing(database, &app).await?;
    let authorised = user_counts::Entity::find_by_id(app.id)
        .one(database)
        .await?
        .map_or(0, |row| whole(row.authorised));
    Ok(KnownApp {
        archived: app.archived_at.is_some(),
        redirects: Redirects::of(&app)?,
        secrets: secrets(&app, desk.now())?,
        client_id: app.client_id,
        level: standing.access.level,
        suspended: standing.access.suspended,
        standing,
        denial: standing.production().err(),
        cap,
        authorised,
    })
}
