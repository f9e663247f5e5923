//! What waits for a member of staff outside the list that they look at.

use crate::web::Visit;
use casework::{
    Result,
    queries::also_waiting::{Elsewhere, also_waiting},
};
use leptos::prelude::*;

/// One line with a link to each; nothing where nothing waits. What stands in the list `here` itself is
/// left out.
pub(super) async fn line(visit: &Visit, here: &[Elsewhere]) -> Result<Option<AnyView>> {
    let found = also_waiting(&visit.desk, visit.caller()?).await?;
    let links: Vec<_> = found
        .into_iter()
        .filter(|(what, _)| !here.contains(what))
        .map(|(what, count)| view! { <li><a href=address(what)>{what.text(count)}</a></li> })
        .collect();
    Ok((!links.is_empty()).then(|| {
        view! {
            <nav class="also" aria-label="Also waiting for you">
                <span class="soft">"Also waiting for you:"</span>
                <ul class="plain">{links}</ul>
            </nav>
        }
        .into_any()
    }))
}

const fn address(what: Elsewhere) -> &'static str {
    match what {
        Elsewhere::StuckAsks => "/workload#stuck",
        Elsewhere::PartnerDecisions => "/partners?state=proposed",
        Elsewhere::PartnerApplications => "/partners?state=applied",
        Elsewhere::GalleryEntries => "/gallery/review",
        Elsewhere::ChangedPages => "/changes",
        Elsewhere::Articles => "/support/queue#articles",
    }
}
