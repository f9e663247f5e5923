//! A user takes an authorisation back: their place is free again. Until when they had it is known for
//! as long as the days on which they were served are.

use super::{authorise::lock, counts::Counts};
use crate::{
    By, Desk, Result, Step,
    access::{Gateway, GatewayScope, Subject, app_of, day_of},
    entities::{authorisations, ended_authorisations as ended},
};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};
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
    let key = (id, subject.key(desk, id));
    let had = authorisations::Entity::find_by_id(key.clone());
    let Some(had) = had.one(step.transaction()).await? else {
        return Ok(false);
    };
    authorisations::Entity::delete_by_id(key)
        .exec(step.transaction())
        .await?;
    // Who comes and goes again counts from the first time on.
    ended::Entity::insert(ended::ActiveModel {
        app_id: Set(id),
        subject: Set(had.subject),
        since_at: Set(had.since_at),
        day: Set(day_of(step.now)),
    })
    .on_conflict(
        OnConflict::columns([ended::Column::AppId, ended::Column::Subject])
            .update_column(ended::Column::Day)
            .to_owned(),
    )
    .exec_without_returning(step.transaction())
    .await?;
    let counts = Counts::of(step.transaction(), id).await?;
    let authorised = counts.authorised.saturating_sub(1);
    let (told, _) = users::told(counts.told, authorised, app.users_cap()?);
    Counts { authorised, told }
        .keep(step.transaction(), id, step.now)
        .await?;
    step.commit().await?;
    Ok(true)
}
