//! The workspace of a case without scripts: each of its parts is a page.

use crate::support::{Browser, CASES, Demo, controls::form_on};

/// The aim for the page of a case, in bytes.
const MOST: usize = 60_000;

/// The pages of cases that this reader may read.
fn cases(reader: &mut Browser) -> Vec<(String, String)> {
    let paths = CASES.map(|case| format!("/cases/UD-{case}"));
    let pages = paths.into_iter().filter_map(|path| {
        let page = reader.get(&path);
        (page.status == 200).then_some((path, page.body))
    });
    pages.collect()
}

/// The address of the first link on a page that holds this text.
fn link(page: &str, holds: &str) -> Option<String> {
    let mut links = page.split("href=\"").skip(1);
    let link = links.find_map(|rest| rest.split('"').next().filter(|link| link.contains(holds)));
    link.map(|link| link.replace("&amp;", "&"))
}

#[test]
fn the_page_of_a_case_is_small_whatever_is_at_hand() {
    let demo = Demo::start();
    let mut ben = demo.signed_in("ben");
    let mut largest = (0, String::new());
    for (path, page) in cases(&mut ben) {
        let mut see = |path: &str, body: &str| {
            if body.len() > largest.0 {
                largest = (body.len(), path.to_owned());
            }
        };
        see(&path, &page);
        for query in [
            "open=technical&item=tls",
            "open=technical&left=case",
            "left=files",
        ] {
            let path = format!("{path}?{query}");
            see(&path, &ben.get(&path).body);
        }
    }
    assert!(largest.0 > 10_000 && largest.0 <= MOST, "{largest:?}");
}

#[test]
fn an_item_shows_what_it_concerns_with_its_files_in_place() {
    let demo = Demo::start();
    let mut ben = demo.signed_in("ben");
    let found = cases(&mut ben).into_iter().find_map(|(path, _)| {
        let page = ben.get(&format!("{path}?open=technical&item=tls")).body;
        let file = link(&page, "file=")?;
        page.contains("class=\"at-hand\"").then_some((page, file))
    });
    let (page, file) = found.expect("a case with a file of its architecture");
    assert!(page.contains("id=\"field-architecture\"") && !page.contains("id=\"field-branding\""));
    let page = ben.get(&file).body;
    let shown = page
        .split("data=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let shown = ben.get(shown.expect("the file is shown"));
    assert_eq!(shown.header("content-disposition"), Some("inline"));
    assert_eq!(shown.header("content-type"), Some("application/pdf"));
    assert_eq!(shown.header("x-frame-options"), Some("SAMEORIGIN"));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    let policy = shown.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'none'") && policy.contains("frame-ancestors 'self'"));
    // As it is saved, it is nothing but saved.
    let path = file
        .split("file=")
        .nth(1)
        .and_then(|rest| rest.split(['&', '#']).next());
    let saved = ben.get(&format!("/files/{}", path.unwrap()));
    assert!(
        saved
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    assert_eq!(
        saved.header("content-security-policy"),
        Some("default-src 'none'; sandbox")
    );
}

#[test]
fn what_a_search_for_anything_finds_is_what_its_reader_may_see() {
    let demo = Demo::start();
    let mut rosa = demo.signed_in("rosa");
    let found = |reader: &mut Browser| reader.get("/find?q=UD-1001");
    assert!(found(&mut rosa).body.contains("href=\"/cases/UD-1001\""));
    assert!(rosa.get("/find?q=fischer").body.contains("Lena Fischer"));
    // A colleague leads to what they hold, and to nothing else.
    let held = "/queue?view=all_open&assignee=ben";
    let link = format!("href=\"{}\"", held.replace('&', "&amp;"));
    assert!(rosa.get("/find?q=ben").body.contains(&link));
    let mut rows = |of: &str| rosa.get(of).body.matches("class=\"leads").count();
    let (his, all) = (rows(held), rows("/queue?view=all_open"));
    assert!(0 < his && his < all, "{his} of {all}");
    for developer in ["maya", "sam"] {
        assert_eq!(found(&mut demo.signed_in(developer)).status, 404);
    }
    // Support reads no case.
    let page = found(&mut demo.signed_in("noor"));
    assert!(page.status == 200 && !page.body.contains("/cases/UD-1001"));
    assert_eq!(found(&mut demo.browser()).status, 303);
}

#[test]
fn keys_that_are_pressed_alone_are_switched_off_for_one_person() {
    let demo = Demo::start();
    let (mut rosa, mut lena) = (demo.signed_in("rosa"), demo.signed_in("lena"));
    let page = rosa.get("/account/keyboard");
    let form = form_on(&page, "/do/set_keys");
    assert_eq!(form.control("keys").unwrap().values, ["on"]);
    assert_eq!(rosa.post("/do/set_keys", &[("keys", "off")]).status, 303);
    assert!(rosa.get("/queue").body.contains("data-keys=\"off\""));
    assert!(!lena.get("/queue").body.contains("data-keys"));
    assert_eq!(demo.signed_in("maya").get("/account/keyboard").status, 404);
}
