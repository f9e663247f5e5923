//! What strangers, other sites and forged forms try, on the real program over the network.

use crate::support::{
    Browser, CASES, Demo,
    browser::{Answer, URL_ENCODED, encode, forms},
    pages, steps,
};

/// Steps that are there for people who are not signed in, or that anybody of the staff may take.
const FOR_ANYBODY: [&str; 5] = [
    "choose_letters",
    "get_next",
    "mark_all_read",
    "request_reset",
    "verify_trail",
];

/// Steps that begin or end a session, which is what their callers want.
const OF_SESSIONS: [&str; 4] = ["demo_sign_in", "end_other_sessions", "sign_in", "sign_out"];

fn assert_no_fault(what: &str, answer: &Answer) {
    assert!(
        (200..500).contains(&answer.status),
        "{what}: {} {}",
        answer.status,
        answer.body
    );
}

#[test]
fn signed_out_people_see_public_pages_and_are_sent_to_sign_in_elsewhere() {
    let demo = Demo::start();
    let mut browser = demo.browser();
    for page in pages(1001) {
        let answer = browser.get(&page);
        assert_no_fault(&page, &answer);
        let guarded = [
            "/admin",
            "/apps",
            "/applications",
            "/audit",
            "/cases",
            "/queue",
        ]
        .iter()
        .any(|start| page.starts_with(start));
        if guarded {
            assert_ne!(answer.status, 200, "{page}");
            assert!(!answer.body.contains("GlucoWise"), "{page}");
        }
    }
}

#[test]
fn every_page_answers_every_role_without_a_fault_and_hides_staff_pages_from_developers() {
    let demo = Demo::start();
    for username in [
        "maya", "sam", "ito", "ben", "lena", "anders", "chen", "dana",
    ] {
        let mut browser = demo.signed_in(username);
        let mut all = pages(1001);
        all.extend(CASES.map(|number| format!("/cases/UD-{number}")));
        all.extend(CASES.map(|number| format!("/applications/UD-{number}")));
        for odd in [
            "/cases/UD-0",
            "/cases/UD-99999999999",
            "/cases/%00",
            "/queue?page=-1&sort=x&view='%22%3Cscript%3E",
            "/files/x",
            "/nothing",
            "/audit?from=x&older=zzz",
        ] {
            all.push(odd.to_owned());
        }
        for page in all {
            let answer = browser.get(&page);
            assert_no_fault(&format!("{username} {page}"), &answer);
            let is_developer = ["maya", "sam"].contains(&username);
            let of_staff = ["/admin", "/audit", "/cases", "/queue"]
                .iter()
                .any(|start| page.starts_with(start));
            if is_developer && of_staff {
                assert_eq!(answer.status, 404, "{username} {page}");
            }
        }
    }
}

#[test]
fn no_server_function_does_anything_for_strangers_or_empty_forms() {
    let demo = Demo::start();
    let mut known = vec![("nobody", demo.browser())];
    for username in ["sam", "dana"] {
        known.push((username, demo.signed_in(username)));
    }
    let before = demo.events();
    for (username, mut browser) in known {
        browser.accept = "application/json";
        for step in steps() {
            let skip = OF_SESSIONS.iter().chain(&FOR_ANYBODY);
            if skip.into_iter().any(|known| *known == step) {
                continue;
            }
            // A case of somebody else's, in each of the ways in which forms name things.
            let fields = [
                ("case", "UD-1001"),
                ("number", "UD-1001"),
                ("seen", "1"),
                ("reason", "x"),
                ("text", "x"),
                ("to", ""),
                ("seat", "case"),
                ("item", "answers"),
                ("verdict", "pass"),
                ("list", "completeness"),
            ];
            for body in [
                encode(&fields),
                String::new(),
                "%".to_owned(),
                "a".repeat(5000),
            ] {
                let answer = browser.send(
                    "POST",
                    &format!("/do/{step}"),
                    &[("sec-fetch-site", "same-origin"), URL_ENCODED],
                    body.as_bytes(),
                );
                assert_no_fault(&format!("{username} {step}"), &answer);
                assert!(
                    answer.status >= 400,
                    "{username} {step}: {} {}",
                    answer.status,
                    answer.body
                );
            }
        }
    }
    assert_eq!(
        demo.events(),
        before,
        "nothing was recorded, for nothing was done"
    );
}

#[test]
fn forms_of_other_sites_are_refused_and_links_change_nothing() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("lena");
    let before = demo.events();
    let own = format!("http://127.0.0.1:{}", demo.port);
    for step in steps() {
        let path = format!("/do/{step}");
        for headers in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
        ] {
            let mut headers = headers;
            headers.push(URL_ENCODED);
            let answer = browser.send("POST", &path, &headers, b"case=UD-1001");
            assert_eq!(answer.status, 403, "{step} {headers:?}");
        }
        let answer = browser.get(&format!("{path}?case=UD-1001&reason=x"));
        assert_eq!(answer.status, 405, "{step}");
    }
    for page in pages(1001) {
        browser.get(&page);
    }
    assert_eq!(demo.events(), before);
}

/// Fills every text field of every form on the pages of `username` and sends it.
fn send_everywhere(demo: &Demo, username: &str, paths: &[String], payload: &str) -> usize {
    let mut browser = demo.signed_in(username);
    let mut sent = 0;
    for path in paths {
        let page = browser.get(path);
        for form in forms(&page.body) {
            let skip = OF_SESSIONS
                .iter()
                .chain(&["disable_person", "set_roles"])
                .any(|step| form.action.ends_with(step));
            if skip || form.texts.is_empty() {
                continue;
            }
            let mut fields: Vec<(&str, &str)> = form
                .fixed
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            fields.extend(form.texts.iter().map(|name| (name.as_str(), payload)));
            let answer = browser.post(&form.action, &fields);
            assert_no_fault(&format!("{username} {} from {path}", form.action), &answer);
            let shown = browser.follow(answer);
            assert_no_fault(
                &format!("{username} after {} from {path}", form.action),
                &shown,
            );
            assert_harmless(&shown, &format!("{} from {path}", form.action));
            sent += 1;
        }
    }
    for path in paths {
        assert_harmless(&browser.get(path), path);
    }
    sent
}

fn assert_harmless(page: &Answer, what: &str) {
    assert!(
        !page.body.contains("<script>alert"),
        "{what}: {}",
        page.body
    );
    assert!(!page.body.contains("<img src=x"), "{what}");
}

fn staff_paths() -> Vec<String> {
    let mut paths: Vec<String> = CASES.map(|number| format!("/cases/UD-{number}")).collect();
    for number in CASES {
        for step in [
            "decide", "decline", "approve", "clarify", "reopen", "grant", "assign",
        ] {
            paths.push(format!("/cases/UD-{number}/{step}"));
        }
    }
    paths.push("/queue".to_owned());
    paths
}

#[test]
fn markup_typed_by_staff_is_text_wherever_it_is_shown() {
    let demo = Demo::start();
    let payload = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    let mut sent = 0;
    for username in ["ito", "anders"] {
        sent += send_everywhere(&demo, username, &staff_paths(), payload);
    }
    assert!(sent > 10, "{sent} forms");
    // What was written to developers is shown to them, in mail and pages.
    let mut reader = demo.signed_in("chen");
    for path in staff_paths().iter().take(30) {
        assert_harmless(&reader.get(path), path);
    }
    assert_harmless(&reader.get("/audit"), "/audit");
}

#[test]
fn markup_typed_by_developers_and_admins_is_text_wherever_it_is_shown() {
    let demo = Demo::start();
    let payload = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    let public = [
        "/register",
        "/sign-in",
        "/forgot",
        "/reset?token=x",
        "/verify?token=x",
        "/invitation?token=x",
    ]
    .map(str::to_owned);
    let mut browser = demo.browser();
    for path in &public {
        let page = browser.get(path);
        assert_no_fault(path, &page);
        for form in forms(&page.body)
            .iter()
            .filter(|form| !form.action.ends_with("demo_sign_in"))
        {
            let mut fields: Vec<(&str, &str)> = form
                .fixed
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            fields.extend(form.texts.iter().map(|name| (name.as_str(), payload)));
            let answer = browser.post(&form.action, &fields);
            let shown = browser.follow(answer);
            assert_no_fault(&form.action, &shown);
            assert_harmless(&shown, path);
        }
    }
    let mut own: Vec<String> = pages(1001);
    own.extend(CASES.map(|number| format!("/applications/UD-{number}")));
    for username in ["maya", "dana"] {
        send_everywhere(&demo, username, &own, payload);
    }
}

#[test]
fn a_line_break_in_an_address_is_refused_and_what_was_typed_is_kept() {
    let demo = Demo::start();
    let mut browser = demo.browser();
    let page = browser.get("/register");
    let form = forms(&page.body)
        .into_iter()
        .find(|form| form.action.ends_with("/register"))
        .unwrap();
    let mut fields: Vec<(&str, &str)> = form
        .fixed
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    fields.extend([
        ("name", "Ann\r\nBcc: all@example.com"),
        ("username", "ann"),
        ("email", "ann@example.com\r\nBcc: all@example.com"),
        ("password", "a long enough secret"),
        ("organisation", "Glow\r\nX"),
    ]);
    let answer = browser.post(&form.action, &fields);
    let shown = browser.follow(answer);
    assert_eq!(shown.status, 422);
    assert!(shown.body.contains("Email: "), "{}", shown.body);
    assert!(
        !shown.body.contains("a long enough secret"),
        "passwords are never kept"
    );
}

#[test]
fn links_that_no_longer_work_say_so() {
    let demo = Demo::start();
    let mut browser = demo.browser();
    for (page, step) in [
        ("/verify", "verify_email"),
        ("/reset", "reset_password"),
        ("/invitation", "accept_invitation"),
    ] {
        for token in ["", "x", &"f".repeat(64), "%00", "../../etc/passwd"] {
            let answer = browser.get(&format!("{page}?token={token}"));
            assert_no_fault(page, &answer);
        }
        let mut program = demo.browser();
        program.accept = "application/json";
        let answer = program.post(
            &format!("/do/{step}"),
            &[
                ("token", &"f".repeat(64)),
                ("password", "a long enough secret"),
                ("again", "a long enough secret"),
            ],
        );
        assert!(
            [410, 422].contains(&answer.status),
            "{step}: {} {}",
            answer.status,
            answer.body
        );
    }
}

#[test]
fn every_answer_carries_the_security_headers_with_a_nonce_of_its_own() {
    let demo = Demo::start();
    let mut browser = demo.browser();
    let mut nonces = std::collections::BTreeSet::new();
    for path in [
        "/sign-in",
        "/register",
        "/nothing",
        "/queue",
        "/pkg/upgrade-desk.css",
        "/do/sign_in",
    ] {
        let answer = browser.get(path);
        let policy = answer
            .header("content-security-policy")
            .unwrap_or_else(|| panic!("{path}"));
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{path}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap();
        assert!(
            nonces.insert(nonce.to_owned()),
            "{path}: the nonce came twice"
        );
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(
                tag.contains(nonce),
                "{path}: a script without the nonce: {tag}"
            );
        }
    }
    let page = demo.signed_in("maya").get("/sign-in");
    assert_no_fault("/sign-in", &page);
}

#[test]
fn the_session_cookie_is_out_of_reach_and_ends_with_the_session() {
    let demo = Demo::start();
    let mut browser = demo.browser();
    let answer = browser.post("/do/demo_sign_in", &[("username", "lena")]);
    let cookie = answer.header("set-cookie").unwrap().to_lowercase();
    assert!(
        cookie.contains("httponly") && cookie.contains("samesite="),
        "{cookie}"
    );
    let mut copy = browser.clone();
    assert_eq!(copy.get("/queue").status, 200);
    assert_eq!(browser.post("/do/sign_out", &[]).status, 303);
    assert_ne!(
        copy.get("/queue").status,
        200,
        "a copied cookie ends with the session"
    );
}

#[test]
fn signing_in_again_in_the_same_browser_ends_the_session_that_it_had() {
    let demo = Demo::start();
    let mut browser = demo.browser();
    let sign_in = |browser: &mut Browser, username: &str| {
        let fields = [("username", username), ("password", stage::PASSWORD)];
        let answer = browser.post("/do/sign_in", &fields);
        assert_eq!(answer.header("location"), Some("/"), "{}", answer.body);
    };
    sign_in(&mut browser, "lena");
    let mut first = browser.clone();
    assert_eq!(first.get("/queue").status, 200);
    // As the same person, and as another.
    for username in ["lena", "rosa"] {
        let mut before = browser.clone();
        sign_in(&mut browser, username);
        assert_ne!(before.get("/queue").status, 200);
        assert_eq!(browser.get("/queue").status, 200);
    }
    assert_eq!(browser.post("/do/sign_out", &[]).status, 303);
    assert_ne!(browser.get("/queue").status, 200);
    assert_ne!(first.get("/queue").status, 200);
}

#[test]
fn a_form_that_is_too_long_is_refused_before_it_is_read() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("lena");
    let body = format!("reason={}", "a".repeat(9 << 20));
    let answer = browser.send(
        "POST",
        "/do/decline",
        &[("sec-fetch-site", "same-origin"), URL_ENCODED],
        body.as_bytes(),
    );
    assert_eq!(answer.status, 413);
}
