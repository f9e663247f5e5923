//! An entry as it is shown: in the gallery, in a preview, in the review.

use crate::components::{AsTyped, Card, Facing, Fact, Facts, Icon, Pic};
use leptos::prelude::*;
use workflow::gallery::{Image, ImageKind, Listing, Screenshot, Store};

/// The address of an image in one of its widths.
pub(super) fn src(image: &Image, width: u32) -> String {
    format!("/gallery/images/{}-{width}.{}", image.hash, image.ext)
}

/// An image in all of its widths. The browser takes what fits `sizes`.
fn picture(
    image: &Image,
    kind: ImageKind,
    alt: String,
    sizes: &'static str,
    class: &'static str,
) -> impl IntoView + use<> {
    let widths = image.widths(kind);
    let set: Vec<String> = widths
        .iter()
        .map(|width| format!("{} {width}w", src(image, *width)))
        .collect();
    let plain = widths.get(1).or(widths.first()).copied().unwrap_or(1);
    view! {
        <img
            class=class
            src=src(image, plain)
            srcset=set.join(", ")
            sizes=sizes
            width=image.width.to_string()
            height=image.height.to_string()
            alt=alt
            loading="lazy"
            decoding="async"
        />
    }
}

/// The logo, or the first letter of the name where there is none. Decoration beside the name.
pub(super) fn logo(image: Option<&Image>, name: &str) -> AnyView {
    match image {
        Some(image) => {
            let (kind, alt) = (ImageKind::Logo, String::new());
            picture(image, kind, alt, "4rem", "gallery-logo").into_any()
        }
        None => {
            let letter: String = name.chars().take(1).collect();
            view! {
                <span class="gallery-logo none" aria-hidden="true">
                    {letter}
                </span>
            }
            .into_any()
        }
    }
}

/// A screenshot, as large as its place.
pub(super) fn screenshot(shot: &Screenshot) -> impl IntoView + use<> {
    let (kind, alt) = (ImageKind::Screenshot, shot.alt.clone());
    let sizes = "(min-width: 48rem) 20rem, 80vw";
    let class = match shot.image.height > shot.image.width {
        true => "gallery-shot tall",
        false => "gallery-shot wide",
    };
    picture(&shot.image, kind, alt, sizes, class)
}

/// Everything that an entry says, under its name.
pub(super) fn listing_view(listing: &Listing) -> impl IntoView + use<> {
    let shots = listing
        .screenshots
        .iter()
        .map(|shot| view! { <li>{screenshot(shot)}</li> })
        .collect_view();
    // What scrolls must be reachable by keyboard.
    let shots = (!listing.screenshots.is_empty()).then(|| {
        view! {
            <section class="gallery-shots" aria-label="Screenshots" tabindex="0">
                <ul class="plain">{shots}</ul>
            </section>
        }
    });
    let words = |mut words: Vec<&'static str>| {
        words.sort_by_key(|word| word.to_lowercase());
        words.join(", ")
    };
    let (description, accessibility) = (listing.description.clone(), listing.accessibility.clone());
    let platforms = words(listing.platforms.iter().map(|one| one.label()).collect());
    let regions = words(listing.regions.iter().map(|one| one.label()).collect());
    let languages = words(listing.languages.iter().map(|one| one.label()).collect());
    view! {
        {store_links(listing)}
        {shots}
        <Card title="About the app">
            <div dir="auto">
                <AsTyped text=description />
            </div>
        </Card>
        <Card title="Where it works">
            <Facts>
                <Fact name="Platforms">{platforms}</Fact>
                <Fact name="Regions">{regions}</Fact>
                <Fact name="Languages">{languages}</Fact>
            </Facts>
        </Card>
        <Card title="Accessibility">
            <div dir="auto">
                <AsTyped text=accessibility />
            </div>
        </Card>
    }
}

fn store_links(listing: &Listing) -> impl IntoView + use<> {
    let links = listing
        .links
        .iter()
        .map(|(store, link)| {
            let text = match store {
                Store::Apple => "Get it on the App Store".to_owned(),
                Store::Google => "Get it on Google Play".to_owned(),
                Store::Other => format!("Go to {}", host(link)),
            };
            view! {
                <a class="button quiet" href=link.clone() rel="external nofollow noopener">
                    {text}
                    <Icon pic=Pic::External />
                </a>
            }
        })
        .collect_view();
    (!listing.links.is_empty()).then(|| view! { <div class="buttons">{links}</div> })
}

/// `https://glow.example.org/get` → `glow.example.org`.
fn host(link: &str) -> String {
    let rest = link.split("://").nth(1).unwrap_or(link);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.to_owned()
}

/// Two texts with what differs, one under the other.
pub(super) fn changes_view(changes: &[workflow::gallery::Change]) -> impl IntoView + use<> {
    let rows = changes
        .iter()
        .map(|change| {
            let before = change.before.clone();
            let before = (!before.is_empty()).then(|| {
                view! {
                    <del dir="auto">
                        <AsTyped text=before />
                    </del>
                }
            });
            let after = change.after.clone();
            let after = (!after.is_empty()).then(|| {
                view! {
                    <ins dir="auto">
                        <AsTyped text=after />
                    </ins>
                }
            });
            view! { <Fact name=change.label.clone()>{before} {after}</Fact> }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="gallery-changes">
            <Facts facing=Facing::Above>{rows}</Facts>
        </div>
    }
}
