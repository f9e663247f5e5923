//! What programs read of an entry: JSON-LD as schema.org has it.

use super::shown::src;
use casework::gallery::queries::EntryPage;
use serde_json::{Value, json};
use url::Url;
use workflow::gallery::{ImageKind, Platform};

/// The data of an entry, written so that nothing in it can end the script element around it.
pub(super) fn of(base: &Url, entry: &EntryPage) -> String {
    let absolute = |path: &str| {
        base.join(path)
            .map_or_else(|_| path.to_owned(), String::from)
    };
    let listing = &entry.listing;
    let systems: Vec<&str> = listing
        .platforms
        .iter()
        .map(|platform| match platform {
            Platform::Ios => "iOS",
            Platform::Android => "Android",
            Platform::Web => "Web",
            Platform::Windows => "Windows",
            Platform::Macos => "macOS",
            Platform::Watch => "watchOS, Wear OS",
        })
        .collect();
    let languages: Vec<&str> = listing.languages.iter().map(|one| one.word()).collect();
    let regions: Vec<&str> = listing.regions.iter().map(|one| one.label()).collect();
    let links: Vec<&String> = listing.links.values().collect();
    let largest = |kind| {
        let images = listing.images().filter(move |(one, _)| *one == kind);
        images.map(|(_, image)| absolute(&src(image, image.width)))
    };
    let shots: Vec<String> = largest(ImageKind::Screenshot).collect();
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "SoftwareApplication",
        "name": listing.name,
        "description": listing.tagline,
        "applicationCategory": "HealthApplication",
        "operatingSystem": systems.join(", "),
        "inLanguage": languages,
        "areaServed": regions,
        "url": absolute(&format!("/gallery/{}", entry.slug)),
        "sameAs": links,
        "screenshot": shots,
        "author": { "@type": "Organization", "name": entry.listing.organisation },
    });
    if let (Some(data), Some(logo)) = (data.as_object_mut(), largest(ImageKind::Logo).next()) {
        data.insert("image".to_owned(), Value::String(logo));
    }
    in_script(&data.to_string())
}

/// JSON as it may stand in a script element: the characters that HTML looks for are written as the
/// escapes that JSON has for them, so the data stays the same.
fn in_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use workflow::gallery::Listing;

    #[test]
    fn nothing_in_a_name_ends_the_script_and_the_data_stays_the_same() {
        let name = "</script><script>alert(1)</script><!-- & \u{2028} \"x\" \\ عربى 🩸";
        let entry = EntryPage {
            slug: "x".to_owned(),
            listing: Listing {
                name: name.to_owned(),
                organisation: "A & B <C>".to_owned(),
                ..Listing::default()
            },
            published: None,
        };
        let written = of(&Url::parse("https://desk.example.org/").unwrap(), &entry);
        assert!(!written.contains(['<', '>', '&', '\u{2028}']), "{written}");
        let read: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read["name"], name);
        assert_eq!(read["author"]["name"], "A & B <C>");
        assert_eq!(read["url"], "https://desk.example.org/gallery/x");
    }
}
