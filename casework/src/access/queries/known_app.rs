//! An app as gateways know it.

use crate::{
    Desk, Result,
    access::{Cap, Gateway, GatewayScope, app_of, standing, whole},
    entities::user_counts,
};
use sea_orm::EntityTrait;
use workflow::{
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
        client_id: app.client_id,
        level: standing.access.level,
        suspended: standing.access.suspended,
        standing,
        denial: standing.production().err(),
        cap,
        authorised,
    })
}
