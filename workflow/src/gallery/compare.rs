//! How two versions of an entry differ.

use super::{Listing, Store};
use serde::{Deserialize, Serialize};

/// A part that differs, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// What differs, in the order of the form. Images are told by what stands for them; that they are
/// others is said even where the words are the same.
pub fn changes(before: &Listing, after: &Listing) -> Vec<Change> {
    let of = |listing: &Listing| parts(listing);
    of(before)
        .into_iter()
        .zip(of(after))
        .filter(|(before, after)| before != after)
        .map(|(before, after)| {
            let same_words = before.shown == after.shown;
            Change {
                label: before.label,
                before: before.shown,
                after: if same_words {
                    "Another image".to_owned()
                } else {
                    after.shown
                },
            }
        })
        .collect()
}

#[derive(PartialEq, Eq)]
struct Part {
    label: String,
    shown: String,
    /// What makes it itself, beside its words.
    hashes: Vec<String>,
}

fn parts(listing: &Listing) -> Vec<Part> {
    let text = |label: &str, shown: String| Part {
        label: label.to_owned(),
        shown,
        hashes: Vec::new(),
    };
    let words = |words: Vec<&str>| words.join(", ");
    let platforms = listing.platforms.iter().map(|one| one.label()).collect();
    let regions = listing.regions.iter().map(|one| one.label()).collect();
    let languages = listing.languages.iter().map(|one| one.label()).collect();
    let mut parts = vec![
        text("Name", listing.name.clone()),
        text("Organisation", listing.organisation.clone()),
        text("Tagline", listing.tagline.clone()),
        text("Description", listing.description.clone()),
        text("Platforms", words(platforms)),
        text("Regions", words(regions)),
        text("Languages", words(languages)),
        text("Accessibility", listing.accessibility.clone()),
    ];
    parts.extend(Store::ALL.iter().map(|store| {
        let link = listing.links.get(store).cloned().unwrap_or_default();
        text(store.label(), link)
    }));
    let logo = listing.logo.as_ref();
    parts.push(Part {
        label: "Logo".to_owned(),
        shown: logo.map_or_else(String::new, |_| "An image".to_owned()),
        hashes: logo.map(|image| image.hash.clone()).into_iter().collect(),
    });
    let shots = &listing.screenshots;
    let alts: Vec<&str> = shots.iter().map(|shot| shot.alt.as_str()).collect();
    parts.push(Part {
        label: "Screenshots".to_owned(),
        shown: alts.join("\n"),
        hashes: shots.iter().map(|shot| shot.image.hash.clone()).collect(),
    });
    parts
}
