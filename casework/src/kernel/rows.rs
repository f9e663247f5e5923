//! What stands in a column, or the row that is broken. Nothing is put in its place.

use crate::{
    Error, Result,
    entities::{apps, attachments},
};
use serde::de::DeserializeOwned;
use std::fmt::Display;
use workflow::state::AccessLevel;

/// A number that was stored wider than it is used.
///
/// # Errors
/// [`Error::Corrupt`] where it does not fit.
pub fn number<T: TryFrom<i64>>(
    stored: impl Into<i64>,
    table: &str,
    id: impl Display,
    column: &str,
) -> Result<T> {
    T::try_from(stored.into()).map_err(|_| Error::corrupt(table, id, column))
}

/// What was stored as JSON.
///
/// # Errors
/// [`Error::Corrupt`] where it is no such JSON.
pub fn json<T: DeserializeOwned>(
    stored: &str,
    table: &str,
    id: impl Display,
    column: &str,
) -> Result<T> {
    serde_json::from_str(stored).map_err(|_| Error::corrupt(table, id, column))
}

impl apps::Model {
    /// The app's access level.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it is none that we know.
    pub fn access_level(&self) -> Result<AccessLevel> {
        AccessLevel::from_word(&self.level).ok_or_else(|| Error::corrupt("apps", self.id, "level"))
    }

    /// How many people may use it with production data; none for no cap.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it is below zero.
    pub fn users_cap(&self) -> Result<Option<u32>> {
        self.cap
            .map(|cap| number(cap, "apps", self.id, "cap"))
            .transpose()
    }
}

impl attachments::Model {
    /// The file's size in bytes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it is below zero.
    pub fn bytes(&self) -> Result<u64> {
        number(self.size, "attachments", self.id, "size")
    }
}
