//! What an entry says, and what is asked of it.

use super::{ImageKind, Language, Platform, Region, Store};
use crate::form::{Problem, web_address_fault};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// The longest name, in characters.
pub const NAME: usize = 200;
/// The longest tagline.
pub const TAGLINE: usize = 140;
/// The longest description.
pub const DESCRIPTION: usize = 4_000;
/// The longest note on accessibility.
pub const ACCESSIBILITY: usize = 1_500;
/// The longest text that stands for a screenshot.
pub const ALT: usize = 250;
/// The longest link.
pub const LINK: usize = 500;
/// The most screenshots.
pub const MOST_SCREENSHOTS: usize = 8;

/// An image, by what it is called in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    pub hash: String,
    /// The ending of its address.
    pub ext: String,
    /// As it is drawn at its largest, in pixels.
    pub width: u32,
    pub height: u32,
}

impl Image {
    /// The widths in which it is there, the largest last.
    pub fn widths(&self, kind: ImageKind) -> Vec<u32> {
        widths(kind, self.width)
    }
}

/// The widths in which an image of `width` pixels is drawn: never larger than it is.
fn widths(kind: ImageKind, width: u32) -> Vec<u32> {
    let mut widths: Vec<u32> = kind
        .widths()
        .iter()
        .copied()
        .filter(|one| *one < width)
        .collect();
    widths.push(width);
    widths
}

/// A picture of the app, and what stands for it where it cannot be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screenshot {
    pub image: Image,
    pub alt: String,
}

/// What an entry says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub name: String,
    /// Whose app it is, as the app's own page said when it was sent in.
    #[serde(default)]
    pub organisation: String,
    pub tagline: String,
    pub description: String,
    pub platforms: BTreeSet<Platform>,
    pub regions: BTreeSet<Region>,
    pub languages: BTreeSet<Language>,
    pub accessibility: String,
    pub links: BTreeMap<Store, String>,
    pub logo: Option<Image>,
    pub screenshots: Vec<Screenshot>,
}

impl Listing {
    /// Every image with what it is for.
    pub fn images(&self) -> impl Iterator<Item = (ImageKind, &Image)> {
        let logo = self.logo.iter().map(|image| (ImageKind::Logo, image));
        let shots = self.screenshots.iter();
        logo.chain(shots.map(|shot| (ImageKind::Screenshot, &shot.image)))
    }
}

fn wrong(problems: &mut Vec<Problem>, field: &str, text: String) {
    problems.push(Problem {
        field: field.to_owned(),
        text,
    });
}

/// What is wrong with what was written, whether it is complete or not. Fields are named as the form
/// names them; the text of a screenshot is `alt_` and its hash.
pub fn faults(listing: &Listing) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (field, label, text, most) in texts(listing) {
        let count = text.chars().count();
        if count > most {
            let text = format!("{label}: shorten it to {most} characters; it has {count}.");
            wrong(&mut problems, field, text);
        }
    }
    for (store, link) in &listing.links {
        if let Some(fault) = link_fault(*store, link) {
            let text = format!("{}: {fault}", store.label());
            wrong(&mut problems, store.word(), text);
        }
    }
    if listing.screenshots.len() > MOST_SCREENSHOTS {
        let text = format!("Screenshots: an entry has at most {MOST_SCREENSHOTS}.");
        wrong(&mut problems, "screenshot", text);
    }
    for shot in &listing.screenshots {
        let count = shot.alt.chars().count();
        if count > ALT {
            let text =
                format!("What the picture shows: shorten it to {ALT} characters; it has {count}.");
            wrong(&mut problems, &format!("alt_{}", shot.image.hash), text);
        }
    }
    problems
}

fn texts(listing: &Listing) -> [(&'static str, &'static str, &str, usize); 4] {
    [
        ("name", "Name", listing.name.as_str(), NAME),
        ("tagline", "Tagline", listing.tagline.as_str(), TAGLINE),
        (
            "description",
            "Description",
            listing.description.as_str(),
            DESCRIPTION,
        ),
        (
            "accessibility",
            "Accessibility",
            listing.accessibility.as_str(),
            ACCESSIBILITY,
        ),
    ]
}

/// What is missing before it can be sent in, with what is wrong.
pub fn missing(listing: &Listing) -> Vec<Problem> {
    let mut problems = faults(listing);
    let least = |field| match field {
        "name" => 2,
        "tagline" | "accessibility" => 10,
        _ => 50,
    };
    for (field, label, text, _) in texts(listing) {
        let (least, count) = (least(field), text.chars().count());
        if count < least {
            let text = format!("{label}: use at least {least} characters; it has {count}.");
            wrong(&mut problems, field, text);
        }
    }
    for (field, label, count) in [
        ("platforms", "Platforms", listing.platforms.len()),
        ("regions", "Regions", listing.regions.len()),
        ("languages", "Languages", listing.languages.len()),
    ] {
        if count == 0 {
            let text = format!("{label}: choose at least one.");
            wrong(&mut problems, field, text);
        }
    }
    if listing.links.is_empty() {
        let text = "Links: give at least one place where people get the app.".to_owned();
        wrong(&mut problems, Store::Apple.word(), text);
    }
    if listing.logo.is_none() {
        wrong(&mut problems, "logo", "Logo: add one.".to_owned());
    }
    if listing.screenshots.is_empty() {
        let text = "Screenshots: add at least one.".to_owned();
        wrong(&mut problems, "screenshot", text);
    }
    for (index, shot) in listing.screenshots.iter().enumerate() {
        if shot.alt.chars().count() < 5 {
            let text = format!(
                "Screenshot {}: say what it shows, in at least 5 characters.",
                index + 1
            );
            wrong(&mut problems, &format!("alt_{}", shot.image.hash), text);
        }
    }
    problems
}

/// What is wrong with a link by its looks; whether it answers is looked at elsewhere.
fn link_fault(store: Store, link: &str) -> Option<String> {
    if link.chars().count() > LINK {
        return Some(format!("shorten it to {LINK} characters."));
    }
    if let Some(fault) = web_address_fault(link) {
        return Some(fault.to_owned());
    }
    let hosts = store.hosts();
    let host = Url::parse(link).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
    if !hosts.is_empty() && !hosts.contains(&host) {
        return Some(format!(
            "an address of this store begins with https://{}/.",
            hosts.join("/ or https://")
        ));
    }
    None
}
