//! The gallery on the real program, without scripts: what visitors read, how its images are sent,
//! and that no name breaks a page or what programs read of it.

use crate::{
    living::send,
    support::{Browser, Demo, browser::Answer, controls::form_on, linked},
};
use std::collections::BTreeSet;

const DISCLAIMER: &str = "A listing is neither an approval nor an endorsement.";

/// The addresses of entries on a page.
fn entries(page: &Answer) -> BTreeSet<String> {
    let all = linked(page, "/gallery/");
    all.into_iter()
        .filter(|link| !link.starts_with("/gallery/images/"))
        .collect()
}

/// The addresses of images on a page.
fn images(page: &Answer) -> Vec<String> {
    let images = page.body.split("src=\"/gallery/images/").skip(1);
    images
        .filter_map(|rest| rest.split('"').next())
        .map(|name| format!("/gallery/images/{name}"))
        .collect()
}

/// What programs read of an entry.
fn data(page: &Answer) -> serde_json::Value {
    let (_, rest) = page
        .body
        .split_once("<script type=\"application/ld+json\">")
        .unwrap_or_else(|| panic!("no data on {}", page.body));
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

#[test]
fn visitors_find_ten_apps_and_every_page_says_that_it_is_no_approval() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let home = visitor.get("/gallery");
    assert_eq!(home.status, 200);
    assert_eq!(entries(&home).len(), 10, "{}", home.body);
    assert!(home.body.contains(DISCLAIMER));
    for path in entries(&home) {
        let page = visitor.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains(DISCLAIMER), "{path}");
        assert!(page.body.contains("rel=\"canonical\""), "{path}");
        assert!(page.body.contains("<meta name=\"description\""), "{path}");
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        let data = data(&page);
        assert_eq!(data["@type"], "SoftwareApplication");
        assert!(data["url"].as_str().unwrap().ends_with(&path));
        assert!(images(&page).len() >= 3, "{path}");
    }
    let arabic = visitor.get("/gallery?language=ar&region=africa&platform=ios&q=NOOR");
    assert_eq!(entries(&arabic).len(), 1);
    let nothing = visitor.get("/gallery?q=unicorn&page=99");
    assert_eq!((nothing.status, entries(&nothing).len()), (200, 0));
    assert_eq!(visitor.get("/gallery/unicorn").status, 404);
    assert_eq!(visitor.get("/gallery/review").status, 303);
    // What is being written is nobody else's.
    let newer = "now on your wrist";
    assert!(!visitor.get("/gallery/tidemark").body.contains(newer));
    let mut mira = demo.signed_in("mira");
    let waiting = linked(&mira.get("/gallery/review"), "/gallery/review/");
    let review = mira.get(waiting.first().unwrap());
    assert!(review.body.contains(newer) && review.body.contains("<del"));
    let mut maya = demo.signed_in("maya");
    assert_eq!(maya.get("/gallery/review").status, 404);
    assert_eq!(maya.get(waiting.first().unwrap()).status, 404);
}

#[test]
fn an_image_may_be_kept_for_a_year_and_is_never_taken_for_anything_else() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let page = visitor.get("/gallery/tidemark");
    let paths = images(&page);
    for path in &paths {
        for method in ["GET", "HEAD"] {
            let answer = visitor.send(method, path, &[("range", "bytes=0-9")], b"");
            assert!([200, 206].contains(&answer.status), "{method} {path}");
            let header = |name| answer.header(name).unwrap_or_default().to_owned();
            assert!(header("content-type").starts_with("image/"), "{path}");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(
                header("cache-control"),
                "public, max-age=31536000, immutable"
            );
            assert_eq!(
                header("content-security-policy"),
                "default-src 'none'; sandbox"
            );
        }
    }
    let other = paths[0].replace("-96.", "-97.").replace("-256.", "-257.");
    assert_eq!(visitor.get(&other).status, 404);
    for wrong in ["/gallery/images/x", "/gallery/images/desk.sqlite"] {
        assert_eq!(visitor.get(wrong).status, 404, "{wrong}");
    }
}

/// A name that tries to end whatever it stands in.
const HOSTILE: &str =
    "</script></title><script>alert(1)</script>\"><img src=x onerror=alert(2)> עברית & 🩸";

/// The developer's page of the entry of this app.
fn own_page(browser: &mut Browser, name: &str) -> String {
    let apps = browser.get("/apps").body;
    let (before, _) = apps.split_once(name).unwrap_or_else(|| panic!("{apps}"));
    let (_, link) = before.rsplit_once("href=\"/apps/").unwrap();
    format!("/apps/{}/gallery", link.split('"').next().unwrap())
}

#[test]
fn no_name_ends_the_element_in_which_it_stands() {
    let demo = Demo::start();
    let mut frida = demo.signed_in("frida");
    let own = own_page(&mut frida, "Harbour for Families");
    let texts = frida.get(&format!("{own}/texts"));
    let long = format!("{HOSTILE}{}", "W".repeat(200 - HOSTILE.chars().count()));
    let typed = [
        ("name", long.as_str()),
        ("tagline", HOSTILE),
        (
            "description",
            &format!("{HOSTILE}\n{}", "Long enough. ".repeat(9)),
        ),
        ("platforms", "web"),
        ("regions", "eu"),
        ("languages", "en"),
        ("accessibility", "Works by keyboard alone."),
        ("apple", ""),
        ("google", ""),
        ("other", "https://harbour.example/get?a=\"><script>"),
    ];
    let form = form_on(&texts, "/do/save_entry");
    let saved = send(&mut frida, &form, &typed);
    let page = frida.follow(saved);
    assert_eq!(page.status, 200, "{}", page.body);
    let sent = send(&mut frida, &form_on(&page, "/do/send_in_entry"), &[]);
    assert_eq!(frida.follow(sent).status, 200);
    let mut mira = demo.signed_in("mira");
    let app = own.split('/').nth(2).unwrap();
    let review = mira.get(&format!("/gallery/review/{app}"));
    let published = send(&mut mira, &form_on(&review, "/do/publish_entry"), &[]);
    assert_eq!(mira.follow(published).status, 200);

    let mut visitor = demo.browser();
    for path in ["/gallery", "/gallery/harbour-for-families"] {
        let page = visitor.get(path);
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        assert!(!page.body.contains("<img src=x"), "{}", page.body);
        assert_eq!(page.body.matches("</title>").count(), 1);
    }
    let page = visitor.get("/gallery/harbour-for-families");
    assert_eq!(data(&page)["name"], long.as_str());
    assert_eq!(data(&page)["description"], HOSTILE);
}

#[test]
fn what_was_typed_comes_back_with_what_is_wrong_with_it() {
    let demo = Demo::start();
    let mut frida = demo.signed_in("frida");
    let own = own_page(&mut frida, "Kompas Clinic Board");
    let texts = frida.get(&format!("{own}/texts"));
    let typed = [
        ("name", "Kompas"),
        ("tagline", "A sentence that took me long to write"),
        ("platforms", "web"),
        ("regions", "eu"),
        ("languages", "da"),
        ("apple", "https://play.google.com/wrong"),
    ];
    let refused = send(&mut frida, &form_on(&texts, "/do/save_entry"), &typed);
    let page = frida.follow(refused);
    assert_eq!(page.status, 422);
    assert!(page.body.contains("begins with https://apps.apple.com/"));
    assert!(page.body.contains("A sentence that took me long to write"));
    // A file that will not do is named, to scripts as well.
    frida.accept = "application/json";
    let app = own.split('/').nth(2).unwrap();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let answer = frida.send_file(&format!("/files/{app}/logo"), "logo.svg", svg);
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(
        answer.body.contains("logo.svg: by its content"),
        "{}",
        answer.body
    );
    let mut maya = demo.signed_in("maya");
    maya.accept = "application/json";
    let answer = maya.send_file(&format!("/files/{app}/logo"), "logo.svg", svg);
    assert_eq!(answer.status, 404);
    let answer = frida.send_file(&format!("/files/{app}/poster"), "logo.png", svg);
    assert_eq!(answer.status, 404);
}
