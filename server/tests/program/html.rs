//! Pages as HTML, as their readers' clocks, and as what they call themselves where something is wrong.

use crate::support::{Browser, Demo, linked, pages};

/// Everything between two texts, as often as it occurs.
fn all<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split(after).next())
        .collect()
}

/// Every page that this browser can read, with those that it links to.
fn read(browser: &mut Browser) -> Vec<(String, String)> {
    let mut read = Vec::new();
    let lists = ["/apps", "/queue", "/support", "/admin/people"];
    let found: Vec<String> = lists
        .iter()
        .flat_map(|list| {
            let page = browser.get(list);
            ["/apps/", "/applications/", "/cases/", "/support/"]
                .iter()
                .flat_map(|start| linked(&page, start).into_iter().take(4))
                .collect::<Vec<_>>()
        })
        .collect();
    for path in pages(1_003).into_iter().chain(found) {
        let page = browser.get(&path);
        if page.status == 200 {
            read.push((path, page.body));
        }
    }
    assert!(read.len() > 10, "{}", read.len());
    read
}

#[test]
fn every_page_is_one_document_with_moments_that_machines_read_and_one_clock() {
    let demo = Demo::start();
    for who in ["", "maya", "lena", "dana", "chen"] {
        let mut browser = match who {
            "" => demo.browser(),
            who => demo.signed_in(who),
        };
        for (path, page) in read(&mut browser) {
            assert!(page.ends_with("</html>"), "{who} {path}");
            assert!(!page.contains("<!>"), "{who} {path}");
            for origin in all(&page, "crossorigin=\"", "\"") {
                assert_eq!(origin, "", "{who} {path}");
            }
            for time in all(&page, "<time ", "</time>") {
                let moment = all(time, "datetime=\"", "\"")[0];
                assert!(
                    moment.len() == 20 && moment.ends_with('Z'),
                    "{who} {path}: {moment}"
                );
                let text = time.rsplit('>').next().unwrap();
                // A day needs no zone; what has an hour says which.
                assert!(
                    !text.contains(':') || text.ends_with(" UTC"),
                    "{who} {path}: {text}"
                );
            }
        }
    }
}

#[test]
fn a_refused_page_says_so_in_its_title_and_a_fresh_one_does_not() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let title = |body: &str| all(body, "<title>", "</title>")[0].to_owned();
    assert!(title(&visitor.get("/sign-in").body).starts_with("Sign in"));
    let refused = visitor.post(
        "/do/sign_in",
        &[
            ("username", "nobody"),
            ("password", "wrong"),
            ("back", "/sign-in"),
        ],
    );
    assert_eq!(refused.status, 303);
    let page = visitor.follow(refused);
    assert!(
        title(&page.body).starts_with("Error: Sign in"),
        "{}",
        title(&page.body)
    );
}
