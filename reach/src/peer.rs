//! Other programs that the configuration names: no stranger typed their addresses, so they may be
//! anywhere.

use reqwest::{Client, redirect::Policy};
use std::time::Duration;
use url::Url;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many bytes of an answer are read.
const READ_AT_MOST: usize = 64 * 1024;

/// Speaks to them, without cookies and without memory.
#[derive(Clone, Debug)]
pub struct Peers(Client);

impl Peers {
    /// The process must have installed its TLS provider before.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .build()?;
        Ok(Self(client))
    }

    /// Sends a text; answers the status and the text of the answer.
    ///
    /// # Errors
    /// When it does not answer, or answers too much.
    pub async fn post(&self, to: &Url, text: String) -> Result<(u16, String), String> {
        let says = |error: reqwest::Error| error.without_url().to_string();
        let sent = self.0.post(to.clone()).body(text).send();
        let mut answer = sent.await.map_err(says)?;
        let status = answer.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(says)? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > READ_AT_MOST {
                return Err("it answers too much".to_owned());
            }
        }
        Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
    }
}
