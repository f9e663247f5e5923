//! Whether a user of an app may be served now: asked by gateways with every request.

use crate::{
    Desk,
    access::{Gateway, GatewayScope, Refused, Subject, app_of, standing, whole},
    entities::{authorisations, user_counts},
};
use sea_orm::EntityTrait;
use workflow::users::Denial;

/// Where data come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataEnvironment {
    /// Simulated accounts: open to every app.
    Sandbox,
    Production,
}

impl DataEnvironment {
    /// As programs read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sandbox, Self::Production]
            .into_iter()
            .find(|environment| environment.word() == word)
    }
}

/// Whether the user may be served.
///
/// # Errors
/// [`Refused::Denied`] where not; [`crate::Error::NotFound`] where there is no such app;
/// [`crate::Error::Forbidden`].
pub async fn check_user(
    desk: &Desk,
    gateway: &Gateway,
    client_id: &str,
    subject: Option<&Subject>,
    environment: DataEnvironment,
) -> Result<(), Refused> {
    gateway.require(GatewayScope::Check)?;
    let database = desk.database.read();
    let app = app_of(database, client_id).await?;
    let denied = |denial, cap| Refused::Denied { denial, cap };
    if app.archived_at.is_some() {
        return Err(denied(Denial::Suspended, None));
    }
    if environment == DataEnvironment::Sandbox {
        return Ok(());
    }
    let authorised = match subject {
        Some(subject) => authorisations::Entity::find_by_id((app.id, subject.key(desk, app.id)))
            .one(database)
            .await?
            .is_some(),
        None => false,
    };
    // Whoever is served needs no further look.
    if authorised && !app.suspended && app.level != workflow::state::AccessLevel::Sandbox.word() {
        return Ok(());
    }
    let (standing, cap) = standing(database, &app).await?;
    standing
        .production()
        .map_err(|denial| denied(denial, cap))?;
    let Some(_) = subject else {
        return Err(denied(Denial::NotAuthorised, cap));
    };
    let count = user_counts::Entity::find_by_id(app.id)
        .one(database)
        .await?
        .map_or(0, |row| whole(row.authorised));
    standing
        .serve(authorised, count)
        .map_err(|denial| denied(denial, cap))
}
