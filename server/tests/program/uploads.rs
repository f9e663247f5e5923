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
