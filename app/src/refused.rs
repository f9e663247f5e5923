//! A refused step, as it travels to scripts and other programs. People see it on the page they
//! came from (see `web::carry_out`).

use serde::{Deserialize, Serialize};

/// Why a step was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// In words.
    pub message: String,
    /// Somebody else has changed the same meanwhile: the two can be compared.
    pub conflict: bool,
    /// Field name and what is wrong with it.
    pub problems: Vec<(String, String)>,
}
