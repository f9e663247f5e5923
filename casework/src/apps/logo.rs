//! Logos of apps: where they lie, and who sees them.

use crate::{
    Caller, Desk, Error, Result,
    commands::app_subject,
    entities::apps,
    images::{open, parts},
    policy::AppAct,
    relations::AppPeople,
    rows,
};
use bytes::Bytes;
use sea_orm::EntityTrait;
use uuid::Uuid;
use workflow::{
    AppId,
    gallery::{Image, ImageKind},
};

/// A logo, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoFile {
    /// To be sent together with `X-Content-Type-Options: nosniff`.
    pub mime: &'static str,
    pub bytes: Bytes,
}

/// Where the logos of an app lie.
pub(crate) fn folder_of(app: Uuid) -> String {
    format!("apps/{app}")
}

impl apps::Model {
    /// The app's logo.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it cannot be read.
    pub fn logo(&self) -> Result<Option<Image>> {
        self.logo
            .as_deref()
            .map(|logo| rows::json(logo, "apps", self.id, "logo"))
            .transpose()
    }
}

/// Opens the logo of an app by its name, such as `3fa4…-96.png`: to its members, and to our side,
/// which reads its applications.
///
/// # Errors
/// [`Error::NotFound`] to everybody else; [`Error::Unavailable`] when the store does not answer.
pub async fn app_logo(desk: &Desk, caller: &Caller, app: AppId, name: &str) -> Result<LogoFile> {
    let (hash, width, ext) = parts(name).ok_or(Error::NotFound)?;
    let database = desk.database.read();
    let row = apps::Entity::find_by_id(app.0)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    if !caller.is_staff() {
        let people = AppPeople::of(database, app.0).await?;
        let subject = app_subject(caller, &people);
        if !desk.policy.snapshot().allows(&subject, AppAct::Read) {
            return Err(Error::NotFound);
        }
    }
    let logo = row.logo()?.filter(|logo| {
        logo.hash == hash && logo.ext == ext && logo.widths(ImageKind::Logo).contains(&width)
    });
    let logo = logo.ok_or(Error::NotFound)?;
    let (mime, bytes) = open(desk, &folder_of(app.0), &logo, width).await?;
    Ok(LogoFile { mime, bytes })
}
