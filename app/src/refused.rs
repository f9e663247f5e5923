//! A refused step, as it travels to scripts and other programs. People without scripts see it on
//! the page they came from (see `web::carry_out`).

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// Why a step was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// In words.
    pub message: String,
    /// Field name and what is wrong with it.
    pub problems: Vec<(String, String)>,
}

impl FromServerFnError for Refused {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let status = match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => 503,
            // What cannot be read as the form of this step is the sender's fault.
            _ => 400,
        };
        #[cfg(feature = "ssr")]
        crate::web::set_status(status);
        Self {
            status,
            message: "This form could not be read. Reload the page and try again.".to_owned(),
            problems: Vec::new(),
        }
    }
}
