//! Files that are not what they say, sent to the real program over the network.

use crate::support::{
    Browser, CASES, Demo,
    browser::{Answer, WITH_FILES},
    controls::{FullForm, form_on, texts_to_copy},
    until,
};

fn files_page(case: u32) -> String {
    format!("/applications/UD-{case}/form/product/files")
}

/// A case that is the reader's own draft.
fn own_draft(reader: &mut Browser) -> u32 {
    CASES
        .into_iter()
        .find(|case| reader.get(&files_page(*case)).status == 200)
        .expect("one of the cases is the reader's own draft")
}

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
fn a_chosen_file_is_attached_on_the_way_to_the_next_step_and_its_parts_can_be_asked_for() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let stop = files_page(own_draft(&mut maya));
    let page = maya.get(&stop).body;
    let (_, rest) = page.split_once("formaction=\"").unwrap();
    let to = rest.split('"').next().unwrap().replace("&amp;", "&");
    let next = to.split_once("?next=").unwrap().1.replace("%2F", "/");
    // Nothing was chosen: a browser sends a part without a name.
    let answer = maya.send_file(&to, "", b"");
    assert_eq!(answer.header("location"), Some(next.as_str()));
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
    let answer = maya.send_file(&to, "plan.pdf", pdf);
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&next), "{location}");
    let page = maya.get(&stop).body;
    let (before, _) = page.split_once(">plan.pdf<").unwrap();
    let file = before.rsplit_once("href=\"").unwrap().1;
    let file = file.split('"').next().unwrap().to_owned();
    let whole = maya.get(&file);
    assert_eq!(whole.bytes, pdf);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    for (range, status, part) in [
        ("bytes=0-3", 206, &pdf[..4]),
        ("bytes=-6", 206, &pdf[pdf.len() - 6..]),
        ("bytes=0-1,3-4", 200, pdf.as_slice()),
        ("bytes=9999-", 416, b"".as_slice()),
    ] {
        let answer = maya.send("GET", &file, &[("range", range)], b"");
        assert_eq!(answer.status, status, "{range}");
        if status != 416 {
            assert_eq!(answer.bytes, part, "{range}");
        }
    }
    // What it was before is not continued with what it is now; and nobody else gets any of it.
    let older = [("range", "bytes=0-3"), ("if-range", "\"another\"")];
    assert_eq!(maya.send("GET", &file, &older, b"").status, 200);
    let range = [("range", "bytes=0-3")];
    let answer = demo.signed_in("sam").send("GET", &file, &range, b"");
    assert_eq!(answer.status, 404);
}

#[test]
fn of_an_upload_that_is_stopped_nothing_stays() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let case = own_draft(&mut maya);
    let before = (demo.events(), files_in(&demo.folder().join("files")));
    // Longer than what is handed to the store at once.
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(12 << 20, b'x');
    let stored = || files_in(&demo.folder().join("files"));
    let to = format!("/files/UD-{case}/product_pdf");
    maya.stop_sending_file(&to, "plan.pdf", &bytes, || until(|| stored() > before.1));
    // The program notices on its own time.
    until(|| stored() == before.1);
    assert_eq!((demo.events(), stored()), before);
    let page = maya.get(&files_page(case));
    assert!(!page.body.contains("plan.pdf"));
}

#[test]
fn a_script_that_has_sent_a_file_is_told_where_to_go_on() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let stop = files_page(own_draft(&mut maya));
    let page = maya.get(&stop).body;
    let (_, rest) = page.split_once("formaction=\"").unwrap();
    let to = rest.split('"').next().unwrap().replace("&amp;", "&");
    maya.accept = "application/json";
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
    let answer = maya.send_file(&to, "plan.pdf", pdf);
    assert_eq!(answer.status, 201);
    let location = answer.header("location").unwrap();
    assert!(location.contains("done=file-attached"), "{location}");
    let refused = maya.send_file(&to, "plan.pdf", b"MZ");
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("plan.pdf: by its content"),
        "{}",
        refused.body
    );
}

/// How many files lie in a folder and those below it.
fn files_in(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_in(&entry.path()),
            _ => 1,
        })
        .sum()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// What is sent: what the form carries, and these texts.
fn filled<'a>(form: &'a FullForm, typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let hidden = form.controls.iter().filter(|control| !control.is_typed());
    let hidden = hidden.flat_map(|control| {
        let values = control.values.iter();
        values.map(|value| (control.name.as_str(), value.as_str()))
    });
    hidden.chain(typed.iter().copied()).collect()
}

#[test]
fn a_request_is_opened_and_answered_with_its_files_or_comes_back_whole() {
    let demo = Demo::start();
    let stored = || files_in(&demo.folder().join("files"));
    let (mut maya, mut sam) = (demo.signed_in("maya"), demo.signed_in("sam"));
    let before = (demo.events(), stored());
    let typed = [
        ("subject", "The chart ends at noon"),
        ("category", "api"),
        ("environment", "sandbox"),
        ("text", "Since last night it ends\nat noon."),
    ];
    let action = format!("{WITH_FILES}open_request");
    let page = maya.get("/support/new");
    let form = form_on(&page, &action);
    // What else is wrong is said together with a refused file.
    let empty = maya.post_with_files(&action, &filled(&form, &[]), &[("x.png", b"MZ\x90\0")]);
    let all_wrong = maya.follow(empty);
    for said in ["x.png: by its content", "Subject: ", "Your question: "] {
        assert!(all_wrong.body.contains(said), "{said}: {}", all_wrong.body);
    }
    let page = maya.get("/support/new");
    let form = form_on(&page, &action);
    let chart: (&str, &[u8]) = ("chart.png", PNG);
    let sent = maya.post_with_files(
        &action,
        &filled(&form, &typed),
        &[chart, ("x.png", b"MZ\x90\0")],
    );
    // Nothing of it has happened, and all that was typed is there.
    let back = maya.follow(sent);
    assert_eq!(back.status, 422);
    assert!(back.body.contains("x.png: by its content"));
    assert_eq!((demo.events(), stored()), before);
    let form = form_on(&back, &action);
    for (name, value) in typed {
        assert_eq!(form.control(name).unwrap().values, [value], "{name}");
    }
    let pairs = filled(&form, &typed);
    let first = maya.post_with_files(&action, &pairs, &[chart, ("log.png", PNG)]);
    let once = form.hidden("once").unwrap();
    assert!(
        first
            .headers
            .iter()
            .any(|(name, value)| name == "set-cookie" && value.contains(once))
    );
    let opened = maya.follow(first);
    assert!(opened.body.contains(">chart.png<") && opened.body.contains(">log.png<"));
    let after = (demo.events(), stored());
    assert_eq!(after, (before.0 + 3, before.1 + 2));
    // Sent twice, it is one request with two files.
    let again = maya.post_with_files(&action, &pairs, &[chart, ("log.png", PNG)]);
    let again = maya.follow(again);
    assert!(again.body.contains(">chart.png<"));
    assert_eq!((demo.events(), stored()), after);
    // Nobody else writes on it, and nothing of their files stays.
    let action = format!("{WITH_FILES}answer_request");
    let form = form_on(&again, &action);
    let pairs = filled(&form, &[("text", "Here is another.")]);
    sam.accept = "application/json";
    let other: Vec<(&str, &str)> = pairs
        .iter()
        .copied()
        .filter(|(name, _)| *name != "for")
        .collect();
    let refused = sam.post_with_files(&action, &other, &[("other.png", PNG)]);
    assert!([403, 404].contains(&refused.status), "{}", refused.status);
    let nobody = demo
        .browser()
        .post_with_files(&action, &other, &[("other.png", PNG)]);
    assert_eq!(nobody.status, 303);
    assert_eq!((demo.events(), stored()), after);
    let sent = maya.post_with_files(&action, &pairs, &[("other.png", PNG)]);
    let answered = maya.follow(sent);
    assert!(answered.body.contains("Here is another.") && answered.body.contains(">other.png<"));
}

#[test]
fn a_refused_file_keeps_no_other_of_the_same_form_from_being_attached() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let case = own_draft(&mut maya);
    let back = format!("/applications/UD-{case}/form/screens/files");
    let fields = [("back", back.as_str())];
    let files: [(&str, &[u8]); 3] = [("one.png", PNG), ("two.png", b"MZ"), ("three.png", PNG)];
    let sent = maya.post_with_files(&format!("/files/UD-{case}/mockups"), &fields, &files);
    let shown = maya.follow(sent);
    assert_eq!(shown.status, 422);
    assert!(shown.body.contains("two.png: by its content"));
    assert!(
        shown.body.contains("The other 2 files were taken."),
        "{}",
        shown.body
    );
    for name in ["one.png", "three.png"] {
        assert!(shown.body.contains(name), "{name}: {}", shown.body);
    }
}

#[test]
fn what_was_written_while_a_request_was_solved_stands_where_it_is_reopened() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let page = maya.get("/support/new");
    let action = format!("{WITH_FILES}open_request");
    let form = form_on(&page, &action);
    let typed = [
        ("subject", "The chart ends at noon"),
        ("category", "api"),
        ("environment", "sandbox"),
        ("text", "Since last night it ends at noon."),
    ];
    let sent = maya.post_with_files(&action, &filled(&form, &typed), &[]);
    let page = maya.follow(sent);
    let answer = form_on(&page, &format!("{WITH_FILES}answer_request"));
    // In another tab it is solved meanwhile.
    let close = form_on(&page, "/do/close_request");
    let closed = maya.post("/do/close_request", &filled(&close, &[]));
    assert_eq!(maya.follow(closed).status, 200);
    let words = "It happens again, here is a picture.";
    let pairs = filled(&answer, &[("text", words)]);
    let sent = maya.post_with_files(&answer.action, &pairs, &[("again.png", PNG)]);
    let back = maya.follow(sent);
    assert_eq!(back.status, 409);
    let again = format!("{WITH_FILES}reopen_request");
    let reopen = form_on(&back, &again);
    assert_eq!(reopen.control("text").unwrap().values, [words]);
    assert_eq!(texts_to_copy(&back.body), Vec::<String>::new());
    // The file is chosen anew in the form itself; no card stands there for it.
    assert!(!back.body.contains("left-over"), "{}", back.body);
    let pairs = filled(&reopen, &[("text", words)]);
    let sent = maya.post_with_files(&again, &pairs, &[("again.png", PNG)]);
    let open = maya.follow(sent);
    assert!(open.body.contains(words) && open.body.contains(">again.png<"));
    assert_eq!(demo.kept_forms(), Vec::<String>::new());
    // The other way round: it has been reopened meanwhile, and a second text is an answer.
    let late = "It happens on the other phone, too.";
    let mut pairs = filled(&reopen, &[("text", late)]);
    pairs.retain(|(name, _)| !["once", "kept"].contains(name));
    let sent = maya.post_with_files(&again, &pairs, &[("again.png", PNG)]);
    let back = maya.follow(sent);
    assert_eq!(back.status, 409);
    let answer = form_on(&back, &format!("{WITH_FILES}answer_request"));
    assert_eq!(answer.control("text").unwrap().values, [late]);
    assert_eq!(texts_to_copy(&back.body), Vec::<String>::new());
    assert!(!back.body.contains("left-over"), "{}", back.body);
    let pairs = filled(&answer, &[("text", late)]);
    let sent = maya.post_with_files(&answer.action, &pairs, &[("again.png", PNG)]);
    assert!(maya.follow(sent).body.contains(late));
    assert_eq!(demo.kept_forms(), Vec::<String>::new());
}
