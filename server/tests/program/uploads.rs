//! Files that are not what they say, sent to the real program over the network.

use crate::support::{Browser, CASES, Demo, browser::Answer};

fn upload(browser: &mut Browser, case: u32, name: &str, bytes: &[u8]) -> Answer {
    browser.send_file(&format!("/files/UD-{case}/mockups"), name, bytes)
}

#[test]
fn files_are_what_they_say_they_are_and_nobody_elses() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let before = demo.events();
    maya.accept = "application/json";
    let mut own = 0;
    for case in CASES {
        for (name, bytes) in [
            (
                "page.png",
                b"<html><script>alert(1)</script></html>".as_slice(),
            ),
            ("../../evil.png", b"MZ\x90\x00this is a program".as_slice()),
            ("empty.png", b"".as_slice()),
            (
                "drawing.svg",
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice(),
            ),
        ] {
            let answer = upload(&mut maya, case, name, bytes);
            assert!(
                (400..500).contains(&answer.status),
                "UD-{case} {name}: {} {}",
                answer.status,
                answer.body
            );
            own += usize::from(answer.status == 422);
        }
    }
    assert!(own >= 4, "one of the cases is Maya's own draft");
    let mut nobody = demo.browser();
    nobody.accept = "application/json";
    assert!([401, 403, 404].contains(&upload(&mut nobody, 1001, "a.png", b"x").status));
    assert_eq!(demo.events(), before);
}

#[test]
fn a_part_of_a_file_is_sent_where_it_is_asked_for() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let link = CASES.into_iter().find_map(|case| {
        let page = maya.get(&format!("/applications/UD-{case}"));
        let (_, rest) = page.body.split_once("href=\"/files/")?;
        Some(format!("/files/{}", rest.split('"').next()?))
    });
    let link = link.expect("an application of the demo with a file");
    let whole = maya.get(&link);
    assert_eq!(whole.status, 200);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let size: usize = whole.header("content-length").unwrap().parse().unwrap();
    let etag = whole.header("etag").unwrap().to_owned();
    let mut ask = |range: &str, known: &str| {
        let headers = [("range", range), ("if-range", known)];
        maya.send("GET", &link, &headers, b"")
    };
    let last = ask(&format!("bytes={}-", size - 5), &etag);
    assert_eq!(last.status, 206);
    let of = format!("bytes {}-{}/{size}", size - 5, size - 1);
    assert_eq!(last.header("content-range"), Some(of.as_str()));
    assert_eq!(last.header("content-length"), Some("5"));
    assert_eq!(ask("bytes=0-4", "\"another\"").status, 200);
    let beyond = ask(&format!("bytes={size}-"), &etag);
    assert_eq!(beyond.status, 416);
    assert_eq!(
        beyond.header("content-range"),
        Some(format!("bytes */{size}").as_str())
    );
    // To nobody else.
    let range = [("range", "bytes=0-4")];
    let answer = demo.signed_in("sam").send("GET", &link, &range, b"");
    assert_eq!(answer.status, 404);
}
