//! Write the texts of an entry.

use super::EntryStep;
use crate::{Caller, Desk, Error, Result, input::input};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use workflow::{
    AppId,
    gallery::{
        ACCESSIBILITY, ActionKind, DESCRIPTION, LINK, Language, Listing, NAME, Platform, Region,
        Store, TAGLINE, changes, faults,
    },
    text::{line, lines},
};

input! {
    /// The texts of an entry, complete or not.
    pub struct SaveEntryInput for "save_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
        typed name: String = "Name" up to NAME;
        typed tagline: String = "Tagline" up to TAGLINE;
        typed description: String = "Description" up to DESCRIPTION;
        typed platforms: BTreeSet<Platform> = "Platforms";
        typed regions: BTreeSet<Region> = "Regions";
        typed languages: BTreeSet<Language> = "Languages";
        typed accessibility: String = "Accessibility" up to ACCESSIBILITY;
        typed apple: String = "App Store" up to LINK;
        typed google: String = "Google Play" up to LINK;
        typed other: String = "Other store or site" up to LINK;
    }
}

impl SaveEntryInput {
    /// The listing with these texts in place of its own.
    fn written_into(&self, before: &Listing) -> Listing {
        let links = [
            (Store::Apple, &self.apple),
            (Store::Google, &self.google),
            (Store::Other, &self.other),
        ];
        let links: BTreeMap<Store, String> = links
            .into_iter()
            .map(|(store, link)| (store, line(link)))
            .filter(|(_, link)| !link.is_empty())
            .collect();
        Listing {
            name: line(&self.name),
            tagline: line(&self.tagline),
            description: lines(&self.description),
            platforms: self.platforms.clone(),
            regions: self.regions.clone(),
            languages: self.languages.clone(),
            accessibility: lines(&self.accessibility),
            links,
            ..before.clone()
        }
    }
}

/// Saves the texts; the first time, the entry begins. They need not be complete.
///
/// # Errors
/// [`Error::NotFound`] to those who are no members of the app; [`Error::Conflict`] where the entry has
/// changed since; [`Error::Input`]; [`Error::Refused`].
pub async fn save_entry(desk: &Desk, caller: &Caller, input: &SaveEntryInput) -> Result<()> {
    let kind = ActionKind::Edit;
    let mut step = EntryStep::begin(desk, caller, input.app, kind, input.version).await?;
    let before = step.stored.listing();
    let listing = input.written_into(&before);
    let problems = faults(&listing);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    step.decide(kind)?;
    let fields: Vec<String> = changes(&before, &listing)
        .into_iter()
        .map(|change| change.label)
        .collect();
    step.commit_draft(&listing, "entry_edited", json!({ "fields": fields }))
        .await
}
