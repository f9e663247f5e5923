//! The page where a newer version of the agreement is accepted.

use super::partner;
use crate::{
    Caller, Desk, Error, Result,
    office::queries::agreement::{self, Agreement},
    reference::DLA,
};
use workflow::AppId;

/// The page.
#[derive(Clone, Debug)]
pub struct ReacceptView {
    pub app: AppId,
    pub name: String,
    /// For whom the person signs.
    pub organisation: String,
    /// In full, in the version in force.
    pub agreement: Agreement,
    /// Whether the reader can accept it; else an owner with authority to sign has to.
    pub may: bool,
}

/// The newest version, for an app that has accepted an older one.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of it, and where nothing waits for acceptance.
pub async fn reacceptance(desk: &Desk, caller: &Caller, app: AppId) -> Result<ReacceptView> {
    let view = partner(desk, caller, app).await?;
    let version = view.to_accept.ok_or(Error::NotFound)?;
    let organisation = match view.organisation.as_str() {
        "" => view.name.clone(),
        organisation => organisation.to_owned(),
    };
    Ok(ReacceptView {
        app,
        name: view.name,
        organisation,
        agreement: agreement::version_of(desk, DLA, version).await?,
        may: view.may.reaccept,
    })
}
