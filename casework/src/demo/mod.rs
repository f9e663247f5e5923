//! The demo's people, apps and cases: made by the same steps that people take.

pub mod bulk;
mod people;

use crate::{Desk, Result, entities::people as rows};
use sea_orm::{EntityTrait, PaginatorTrait};

/// The password of every demo person.
pub const PASSWORD: &str = "correct horse battery";

/// Fills an empty desk; one that has people stays as it is.
///
/// # Errors
/// When the database does not answer.
pub async fn fill(desk: &Desk) -> Result<()> {
    if rows::Entity::find().count(desk.database.read()).await? > 0 {
        return Ok(());
    }
    people::add_all(desk).await?;
    Ok(())
}
