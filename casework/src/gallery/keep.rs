//! The worker of the gallery.

use super::{look_after_entries, look_at_links};
use crate::Desk;
use std::{pin::pin, time::Duration};

/// Looks after entries and their links.
pub struct Keeper {
    desk: Desk,
    /// How often it looks.
    poll: Duration,
}

impl Keeper {
    /// A keeper that looks this often.
    pub const fn new(desk: Desk, poll: Duration) -> Self {
        Self { desk, poll }
    }

    /// Looks until `stop`; a link that is being visited then is visited again later.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let round = async {
                if let Err(error) = look_after_entries(&self.desk).await {
                    tracing::warn!(%error, "entries of the gallery could not be looked after");
                }
                if let Err(error) = look_at_links(&self.desk).await {
                    tracing::warn!(%error, "links of the gallery could not be looked at");
                }
                tokio::time::sleep(self.poll).await;
            };
            tokio::select! {
                () = &mut stop => return,
                () = round => {}
            }
        }
    }
}
