//! The open pages: what anybody reads without signing in.

mod agreements;
mod checklists;
mod guide;

pub use agreements::{OpenAgreementPage, OpenAgreementsPage};
pub use checklists::OpenChecklistsPage;
pub use guide::{
    EnvironmentsPage, FullAccessPage, GuidesPage, HomePage, LimitedAccessPage, SandboxPage,
    ScopesPage,
};

use crate::components::NavEntry;

/// The open pages that are always there, in the order of the foot of every page: name and address.
pub const OPEN_PAGES: [(&str, &str); 11] = [
    ("Overview", "/guides"),
    ("Environments", "/environments"),
    ("Scopes", "/scopes"),
    ("Sandbox", "/sandbox"),
    ("Limited Access", "/guides/limited-access"),
    ("Full Access", "/guides/full-access"),
    ("Checklists", "/checklists"),
    ("Agreements", "/agreements"),
    ("Gallery", "/gallery"),
    ("Partners", "/partners"),
    ("Support", "/support"),
];

/// Where visitors can go from the bar on top.
pub(crate) fn visitor_nav(path: &str) -> Vec<NavEntry> {
    // What does not fit stands in the foot.
    let elsewhere = [
        "/guides",
        "/environments",
        "/scopes",
        "/checklists",
        "/agreements",
    ];
    let in_the_bar = |href: &&(&str, &str)| !elsewhere.contains(&href.1);
    OPEN_PAGES
        .iter()
        .filter(in_the_bar)
        .map(|(label, href)| NavEntry::new(*label, *href).at(path))
        .collect()
}
