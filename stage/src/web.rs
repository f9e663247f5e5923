//! The web of the demo's past: the pages that its apps name, one of which comes to say something
//! else, and one of which is gone for weeks.

use super::clock::StoryClock;
use async_trait::async_trait;
use casework::Clock;
use reach::{Asked, LinkChecker, Page, PretendWeb, Read};
use std::sync::Arc;
use time::Duration;
use workflow::Timestamp;

/// See the module.
pub(super) struct StoryWeb {
    pub clock: Arc<StoryClock>,
    /// When the stories end.
    pub end: Timestamp,
}

/// Its policy changes.
const CHANGES: &str = "https://acme-health.example/privacy";
/// So long before the end.
const CHANGED: Duration = Duration::days(9);

/// It cannot be read …
const GONE: &str = "https://nabd.example/terms";
/// … for so long before the end.
const GONE_FOR: Duration = Duration::days(21);

impl StoryWeb {
    fn is_past(&self, before_the_end: Duration) -> bool {
        self.clock.now() >= self.end.plus(-before_the_end)
    }

    fn page(&self, address: &str) -> Result<String, &'static str> {
        if address == GONE && self.is_past(GONE_FOR) {
            return Err("this address answers with an error (503); try again when it works.");
        }
        let (shared, kept) = if address == CHANGES && self.is_past(CHANGED) {
            (
                "We share readings with partners who help us to improve the service, among them companies that offer products for people with diabetes.",
                "for as long as the account exists and five years after it was closed",
            )
        } else {
            (
                "We share readings with nobody but the hosting company and the mail service named below.",
                "for as long as the account exists and thirty days after it was closed",
            )
        };
        let year = time::OffsetDateTime::from(self.clock.now()).year();
        let host = address.split('/').nth(2).unwrap_or_default();
        Ok(format!(
            "<html><body><header><nav><a href=/>Home</a><a href=/help>Help</a></nav></header><main>\
             <h1>What {host} does with your data</h1>\
             <p>Last looked through in January {year}.</p>\
             <h2>What we read</h2>\
             <p>With your consent we read glucose values, calibrations, events and the devices in use. \
             You give the consent yourself, and you can withdraw it at any time in the app; then we stop \
             at once.</p>\
             <h2>What we do with it</h2>\
             <p>We show it to you. Nothing that we show is advice on treatment. {shared}</p>\
             <h2>How long we keep it</h2>\
             <p>We keep readings {kept}. Whoever asks for deletion before gets it within two weeks.</p>\
             <h2>Who answers</h2>\
             <p>Write to privacy@{host}. You may also complain to the authority of your country.</p>\
             </main><footer>© {year} {host}</footer></body></html>"
        ))
    }
}

#[async_trait]
impl LinkChecker for StoryWeb {
    async fn problem(&self, address: &str) -> Option<String> {
        PretendWeb.problem(address).await
    }

    async fn read(&self, address: &str, _: &Asked) -> Read {
        match self.page(address) {
            Ok(body) => Read::Page(Page {
                body,
                html: true,
                etag: None,
                modified: None,
            }),
            Err(fault) => Read::Failed(fault.to_owned()),
        }
    }
}
