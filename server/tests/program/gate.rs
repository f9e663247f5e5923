//! What stands around every page: one address for each, an answer with a page for whatever goes
//! wrong, copies of the record by POST alone, and limits that say what they are.

use crate::support::{
    Browser, CASES, Demo,
    browser::{Answer, URL_ENCODED},
    pages, steps,
};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
};
use workflow::limits;

/// Routes that are no pages of the router, with samples for what varies.
const OTHERS: [&str; 14] = [
    "/account/data.zip",
    "/audit/export.csv",
    "/audit/export.pdf",
    "/cases/UD-1001/report.csv",
    "/cases/UD-1001/report.pdf",
    "/files/UD-1001/mockups",
    "/files/01890000-0000-7000-8000-000000000000",
    "/applications/UD-1001/agreement/copy",
    "/applications/UD-1001/agreement/original",
    "/demo/mail/01890000-0000-7000-8000-000000000000/html",
    "/demo/mail/no-id/html",
    "/live",
    "/pkg/nothing.css",
    "/nothing/at/all",
];

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW",
];

fn routes() -> Vec<String> {
    let mut all = pages(1001);
    all.extend(OTHERS.map(str::to_owned));
    all.extend(steps().iter().map(|step| format!("/do/{step}")));
    all.push("/do/no_such_step".to_owned());
    all
}

fn has_page(answer: &Answer) -> bool {
    answer
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"))
}

/// A page in the frame, with a sentence and a way on.
fn assert_framed(what: &str, answer: &Answer) {
    assert!(
        has_page(answer),
        "{what}: {} {:?}",
        answer.status,
        answer.headers
    );
    for part in ["<main", "<h1>", "Upgrade Desk</title>", "href=\"/\""] {
        assert!(
            answer.body.contains(part),
            "{what}: no {part}: {}",
            answer.body
        );
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.is_some_and(|policy| policy.contains("default-src 'none'")),
        "{what}"
    );
}

#[test]
fn every_route_and_method_answers_people_with_a_page_and_programs_with_text() {
    let demo = Demo::start();
    let mut browsers = vec![("nobody", demo.browser())];
    for username in ["sam", "chen"] {
        browsers.push((username, demo.signed_in(username)));
    }
    for (username, browser) in &mut browsers {
        for route in routes() {
            for method in METHODS {
                let signs_out = route.ends_with("sign_out") && method == "POST";
                if signs_out || route.ends_with("demo_sign_in") {
                    continue;
                }
                let what = format!("{username} {method} {route}");
                browser.accept = "text/html";
                let same_site = [("sec-fetch-site", "same-origin"), URL_ENCODED];
                let answer = browser.send(method, &route, &same_site, b"");
                assert!(
                    (200..500).contains(&answer.status),
                    "{what}: {}",
                    answer.status
                );
                if answer.status >= 400 && method != "HEAD" {
                    assert_framed(&what, &answer);
                    if answer.status == 405 {
                        assert!(answer.header("allow").is_some(), "{what}");
                    }
                }
                for accept in ["application/json", "*/*"] {
                    browser.accept = accept;
                    let answer = browser.send(method, &route, &same_site, b"");
                    if answer.status >= 400 && method != "HEAD" {
                        assert!(!has_page(&answer), "{what} {accept}");
                        assert!(!answer.body.is_empty(), "{what} {accept}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_page_has_one_address_and_others_lead_there() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("lena");
    for page in pages(1001) {
        if page == "/" {
            continue;
        }
        let shouted = page.to_uppercase();
        for other in [
            format!("{page}/"),
            format!("/{page}"),
            format!("{page}//"),
            shouted,
        ] {
            if other == page {
                continue;
            }
            let answer = browser.get(&format!("{other}?a=b"));
            assert_eq!(answer.status, 308, "{other}");
            let to = answer.header("location").unwrap();
            assert!(
                to.starts_with('/') && !to.starts_with("//"),
                "{other} → {to}"
            );
            assert!(to.ends_with("?a=b"), "{other} → {to}");
        }
        assert_eq!(
            browser.get(&format!("{page}/")).header("location"),
            Some(page.as_str())
        );
    }
    for out in [
        "//evil.example/",
        "/\\evil.example/",
        "/%5cevil.example//",
        "///evil.example",
    ] {
        let answer = browser.get(out);
        let to = answer.header("location").unwrap_or("/");
        let landed = url::Url::parse("http://desk.example/")
            .unwrap()
            .join(to)
            .unwrap();
        assert_eq!(landed.host_str(), Some("desk.example"), "{out} → {to}");
    }
    let answer = browser.get("/%71ueue");
    assert_eq!(answer.header("location"), Some("/queue"));
}

#[test]
fn copies_of_the_record_are_made_by_a_form_of_the_desk_and_by_nothing_else() {
    let demo = Demo::start();
    let mut compliance = demo.signed_in("chen");
    let copies = [
        "/audit/export.csv",
        "/audit/export.pdf",
        "/cases/UD-1001/report.csv",
        "/cases/UD-1001/report.pdf",
    ];
    let before = demo.events();
    for copy in copies {
        for method in ["GET", "HEAD", "PUT", "OPTIONS"] {
            let answer = compliance.send(method, copy, &[], b"");
            assert_eq!(answer.status, 405, "{method} {copy}");
        }
        let elsewhere = [("sec-fetch-site", "cross-site"), URL_ENCODED];
        assert_eq!(compliance.send("POST", copy, &elsewhere, b"").status, 403);
    }
    assert_eq!(demo.events(), before, "nothing was recorded");
    for (made, copy) in (1..).zip(copies) {
        let page = compliance.get("/audit?case=UD-1001");
        assert!(page.body.contains(&format!("action=\"{copy}\"")), "{copy}");
        // As a browser without scripts sends it: with Origin, without Sec-Fetch-Site.
        let origin = format!("http://127.0.0.1:{}", demo.port);
        let headers = [("origin", origin.as_str()), URL_ENCODED];
        let answer = compliance.send("POST", copy, &headers, b"case=UD-1001");
        assert_eq!(answer.status, 200, "{copy} {}", answer.body);
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment"), "{copy}");
        assert_eq!(demo.events(), before + made, "{copy}");
    }
}

#[test]
fn heads_of_pages_record_nothing() {
    let demo = Demo::start();
    let people = ["maya", "lena", "chen", "dana"].map(|username| demo.signed_in(username));
    let before = demo.events();
    for mut browser in people {
        for route in routes() {
            let answer = browser.send("HEAD", &route, &[], b"");
            assert!(answer.status > 0 && answer.body.is_empty(), "{route}");
        }
    }
    assert_eq!(demo.events(), before);
}

/// The answer to these bytes on a connection of their own.
fn raw(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // A server that has refused already may not read the rest.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn what_cannot_be_read_as_a_request_is_answered_with_a_page_too() {
    let demo = Demo::start();
    let head = "accept: text/html\r\nconnection: close\r\nhost: x\r\n";
    let long = |bytes: usize| format!("GET /?q={} HTTP/1.1\r\n{head}\r\n", "a".repeat(bytes));
    let fields = |bytes: usize| {
        format!(
            "GET / HTTP/1.1\r\n{head}cookie: {}\r\n\r\n",
            "a".repeat(bytes)
        )
    };
    let many = format!("GET / HTTP/1.1\r\n{head}{}\r\n", "a: b\r\n".repeat(500));
    for (status, request) in [
        (400, "nonsense\r\n\r\n".to_owned()),
        (400, format!("GET / HTTP/1.1\r\nno colon\r\n{head}\r\n")),
        (400, format!("GET http://[ HTTP/1.1\r\n{head}\r\n")),
        (414, long(limits::ADDRESS_BYTES)),
        (414, long(60_000)),
        (414, long(100_000)),
        (431, fields(limits::HEADER_BYTES)),
        (431, fields(100_000)),
        (431, fields(300_000)),
        (431, many),
    ] {
        let answer = raw(demo.port, request.as_bytes());
        let start: String = request.chars().take(30).collect();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{start}: {answer}"
        );
        assert!(
            answer.contains("<main") && answer.contains("<h1>"),
            "{start}: {answer}"
        );
    }
    let fits = format!(
        "GET /sign-in?q={} HTTP/1.1\r\n{head}\r\n",
        "a".repeat(8_000)
    );
    assert!(raw(demo.port, fits.as_bytes()).starts_with("HTTP/1.1 200"));
}

fn files_below(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}

/// Sends files as a form of the desk does, and follows to the page that says what came of it.
fn attach(browser: &mut Browser, field: &str, files: &[(&str, &[u8], usize)]) -> Answer {
    let page = field.rsplit_once('/').unwrap();
    let back = format!("/applications/{}/form/{}/files", page.0, page.1);
    let mut body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\nattach\r\n\
         --b\r\ncontent-disposition: form-data; name=\"back\"\r\n\r\n{back}\r\n"
    )
    .into_bytes();
    for (name, head, size) in files {
        body.extend_from_slice(
            format!(
                "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
            )
            .as_bytes(),
        );
        let start = body.len();
        body.extend_from_slice(head);
        body.resize(start + size, 0);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("content-type", "multipart/form-data; boundary=b"),
    ];
    let path = format!("/files/{}/{}", page.0, "mockups");
    let answer = browser.send("POST", &path, &headers, &body);
    browser.follow(answer)
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const MP4: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41";

/// A draft of Maya's, as `UD-…/section` of its field for images and videos.
fn draft(browser: &mut Browser) -> String {
    for number in CASES {
        let answer = browser.get(&format!("/applications/UD-{number}/form"));
        let page = browser.follow(answer);
        for rest in page.body.split("/form/").skip(1) {
            let section = rest.split(['"', '/', '?']).next().unwrap();
            let files = format!("/applications/UD-{number}/form/{section}/files");
            let page = browser.get(&files);
            if page.status == 200 && page.body.contains(&format!("/files/UD-{number}/mockups")) {
                return format!("UD-{number}/{section}");
            }
        }
    }
    panic!("Maya has no draft");
}

#[test]
fn a_file_that_is_too_large_is_told_so_and_leaves_nothing_behind() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let field = draft(&mut maya);
    let folder = demo.folder().join("files");
    let before = files_below(&folder);
    let file = usize::try_from(limits::FILE_BYTES).unwrap();
    let video = usize::try_from(limits::VIDEO_BYTES).unwrap();
    for (files, words) in [
        (vec![("a.png", PNG, file + 1)], ["a.png", "20 MB"]),
        (vec![("b.mp4", MP4, video + 1)], ["b.mp4", "100 MB"]),
        (vec![("c.mp4", MP4, 2 * video)], ["c.mp4", "100 MB"]),
        (
            vec![("d.png", PNG, file + 1), ("e.mp4", MP4, video)],
            ["d.png", "100 MB"],
        ),
    ] {
        maya.accept = "text/html";
        let answer = attach(&mut maya, &field, &files);
        assert_eq!(answer.status, 422, "{words:?} {}", answer.body);
        for word in words {
            assert!(answer.body.contains(word), "{words:?} {}", answer.body);
        }
        maya.accept = "application/json";
        let answer = attach(&mut maya, &field, &files);
        assert_eq!(answer.status, 422, "{words:?}");
        for word in words {
            assert!(answer.body.contains(word), "{words:?} {}", answer.body);
        }
        assert_eq!(files_below(&folder), before, "{words:?}");
    }
    maya.accept = "text/html";
    for (name, head, size) in [("f.png", PNG, file), ("g.mp4", MP4, video)] {
        let answer = attach(&mut maya, &field, &[(name, head, size)]);
        assert_eq!(answer.status, 200, "{name} {}", answer.body);
        assert!(answer.body.contains(name), "{name}");
    }
    assert_eq!(files_below(&folder), before + 2);
}

#[test]
fn a_form_at_its_limit_is_read_and_a_longer_one_is_told_the_limit_on_every_route() {
    let demo = Demo::start();
    for (mut browser, most, words) in [
        (demo.browser(), limits::FORM_BYTES_SIGNED_OUT, "2 MB"),
        (demo.signed_in("sam"), limits::FORM_BYTES, "8 MB"),
    ] {
        let send = |browser: &mut Browser, route: &str, size: usize| {
            let mut body = b"reason=".to_vec();
            body.resize(size, b'a');
            let headers = [("sec-fetch-site", "same-origin"), URL_ENCODED];
            browser.send("POST", route, &headers, &body)
        };
        let fits = send(&mut browser, "/do/decline", most);
        assert_ne!(fits.status, 413, "{}", fits.body);
        for route in [
            "/do/decline",
            "/do/register",
            "/audit/export.csv",
            "/queue",
            "/nothing",
        ] {
            let answer = send(&mut browser, route, most + 1);
            assert_eq!(answer.status, 413, "{route}");
            assert_framed(route, &answer);
            assert!(answer.body.contains(words), "{route}: {}", answer.body);
        }
        // Far more than any buffer between: it is read to its end, so that the answer is seen.
        let answer = send(&mut browser, "/do/decline", 64 << 20);
        assert_eq!(answer.status, 413);
    }
}

#[test]
fn bodies_that_nobody_reads_are_refused_by_their_kind() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("sam");
    for kind in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=b",
        "",
    ] {
        for route in ["/do/create_app", "/do/sign_in", "/audit/export.csv"] {
            let headers = [("sec-fetch-site", "same-origin"), ("content-type", kind)];
            let answer = browser.send("POST", route, &headers, &vec![b'a'; 16 << 20]);
            assert_eq!(answer.status, 415, "{kind} {route}");
            assert_framed(route, &answer);
        }
    }
}
