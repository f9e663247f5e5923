//! A user takes an authorisation back: their place is free again, and nothing of them stays.

use super::{authorise::lock, counts::Counts};
use crate::{
    By, Desk, Result, Step,
    access::{Gateway, GatewayScope, Subject, app_of},
    entities::authorisations,
};
use sea_orm::EntityTrait;
use workflow::users;

/// Takes the authorisation back; whether there was one. Anybody may at any time, whatever the app's
/// access is.
///
/// # Errors
/// [`crate::Error::NotFound`] where there is no such app; [`crate::Error::Forbidden`].
pub async fn revoke_authorisation(
    desk: &Desk,
    gateway: &Gateway,
    client_id: &str,
    subject: &Subject,
) -> Result<bool> {
    gateway.require(GatewayScope::Authorise)?;
    let id = app_of(desk.database.read(), client_id).await?.id;
    let step = Step::begin(desk, By::Clock).await?;
    let app = lock(&step, id).await?;
    let gone = authorisations::Entity::delete_by_id((id, subject.key(desk, id)))
        .exec(step.transaction())
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    let counts = Counts::of(step.transaction(), id).await?;
    let authorised = counts.authorised.saturating_sub(1);
    let (told, _) = users::told(counts.told, authorised, app.users_cap()?);
    Counts { authorised, told }
        .keep(step.transaction(), id, step.now)
        .await?;
    step.commit().await?;
    Ok(true)
}
