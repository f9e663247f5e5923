//! Answers to our questions, written without scripts, with files beside them.

use crate::support::{
    Browser, CASES, Demo,
    browser::{Answer, WITH_FILES},
    controls::{Control, FullForm, Kind, form_on},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const PROGRAM: &[u8] = b"MZ\x90\0";
const ANSWER: &str = "Two people read it, every working day.";
const SENDS: &str = "answer_clarification";
const KEEPS: &str = "keep_answers";

/// The page on which the reader answers.
fn answering(reader: &mut Browser) -> String {
    CASES
        .map(|case| format!("/applications/UD-{case}/answer"))
        .find(|page| reader.get(page).status == 200)
        .expect("the reader is asked something")
}

fn form(page: &Answer) -> FullForm {
    form_on(page, &format!("{WITH_FILES}{SENDS}"))
}

/// The questions that are open.
fn questions(form: &FullForm) -> Vec<String> {
    let typed = form.controls.iter().filter(|one| one.kind == Kind::Text);
    typed
        .map(|one| one.name.clone())
        .filter(|name| uuid::Uuid::parse_str(name).is_ok())
        .collect()
}

/// The form with these texts in place of what stands there.
fn filled<'a>(form: &'a FullForm, typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = |name: &str| typed.iter().any(|(typed, _)| *typed == name);
    let rest = form.controls.iter().filter(|one| !own(&one.name));
    let rest = rest.flat_map(|one| {
        let values = one.values.iter();
        values.map(|value| (one.name.as_str(), value.as_str()))
    });
    rest.chain(typed.iter().copied()).collect()
}

fn keep(
    reader: &mut Browser,
    form: &FullForm,
    typed: &[(&str, &str)],
    place: &str,
    files: &[(&str, &[u8])],
) -> Answer {
    let path = format!("{WITH_FILES}{KEEPS}");
    let sent = reader.post_with_files_in(&path, &filled(form, typed), place, files);
    reader.follow(sent)
}

#[test]
fn a_file_goes_with_what_is_written_and_wipes_nothing_of_it() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let page = answering(&mut maya);
    let shown = maya.get(&page);
    let asked = form(&shown);
    let questions = questions(&asked);
    let (question, place) = (questions[0].as_str(), format!("answer-{}", questions[0]));
    assert!(
        asked
            .control(&place)
            .is_some_and(|one| one.kind == Kind::File)
    );
    let typed = [(question, ANSWER), ("attach", place.as_str())];

    // A refused file leaves the text in the form; what is chosen again is said where it was chosen.
    let back = keep(&mut maya, &asked, &typed, &place, &[("x.png", PROGRAM)]);
    assert_eq!(back.status, 422);
    assert!(back.body.contains("<title>Error: "), "{}", back.body);
    let refused = form(&back);
    assert_eq!(refused.control(question).unwrap().values, [ANSWER]);
    assert!(refused.control(&place).unwrap().is_invalid);
    assert_eq!(back.body.matches("Choose the file again").count(), 1);

    // None chosen is said, and wipes nothing either.
    let back = keep(&mut maya, &refused, &typed, &place, &[]);
    assert!(back.body.contains("Choose a file first."));
    assert_eq!(form(&back).control(question).unwrap().values, [ANSWER]);

    // A file that is taken is kept with the text.
    let files: [(&str, &[u8]); 2] = [("one.png", PNG), ("two.png", PNG)];
    let back = keep(&mut maya, &form(&back), &typed, &place, &files);
    assert_eq!(back.status, 200, "{}", back.body);
    assert!(back.body.contains(">one.png<") && back.body.contains(">two.png<"));
    let kept = form(&maya.get(&page));
    assert_eq!(kept.control(question).unwrap().values, [ANSWER]);

    // One is taken out again.
    let (_, rest) = back.body.split_once("name=\"remove\"").unwrap();
    let (_, rest) = rest.split_once("value=\"").unwrap();
    let file = rest.split('"').next().unwrap().to_owned();
    let back = keep(&mut maya, &kept, &[("remove", file.as_str())], &place, &[]);
    assert!(back.body.contains("File removed."), "{}", back.body);
    assert_eq!(back.body.matches("name=\"remove\"").count(), 1);

    // What is chosen when the answers are sent goes with them, in one.
    let all: Vec<(&str, &str)> = questions.iter().map(|one| (one.as_str(), ANSWER)).collect();
    let last = form(&back);
    let path = format!("{WITH_FILES}{SENDS}");
    let (pairs, events) = (filled(&last, &all), demo.events());
    let third: [(&str, &[u8]); 1] = [("three.png", PNG)];
    let sent = maya.post_with_files_in(&path, &pairs, &place, &third);
    let to = sent.header("location").unwrap_or_default().to_owned();
    assert!(to.contains("done=answers-sent"), "{to}");
    assert!(demo.events() > events + 1);
    let status = maya.follow(sent);
    assert!(status.body.contains(">three.png<"), "{}", status.body);
    // Sent twice, it is done once.
    let before = demo.events();
    let again = maya.post_with_files_in(&path, &pairs, &place, &third);
    assert_eq!(again.status, 303);
    assert_eq!(demo.events(), before);
}

#[test]
fn a_compared_page_marks_what_somebody_else_changed_and_does_not_say_saved() {
    let demo = Demo::start();
    let (mut here, mut there) = (demo.signed_in("maya"), demo.signed_in("maya"));
    let page = answering(&mut here);
    let (mine, theirs) = (form(&here.get(&page)), form(&there.get(&page)));
    let question = questions(&mine).remove(0);
    let kept = keep(&mut there, &theirs, &[(&question, "Theirs.")], "", &[]);
    assert_eq!(kept.status, 200);
    let back = keep(&mut here, &mine, &[(&question, "Mine.")], "", &[]);
    assert_eq!(back.status, 409);
    assert!(back.body.contains("Not saved: compare what is marked"));
    assert!(!back.body.contains("class=\"autosave"), "{}", back.body);
    let marked = back.body.matches("Changed by someone else").count();
    assert_eq!(marked, 1, "{}", back.body);
    assert_eq!(form(&back).control(&question).unwrap().values, ["Mine."]);
}

#[test]
fn what_was_refused_is_found_when_one_comes_back_to_its_page() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let page = answering(&mut maya);
    let asked = form(&maya.get(&page));
    let question = questions(&asked).remove(0);
    let long = "x".repeat(30_000);
    let back = keep(&mut maya, &asked, &[(&question, &long)], "", &[]);
    assert_eq!(back.status, 422);
    for place in [page.as_str(), page.strip_suffix("/answer").unwrap()] {
        let shown = maya.get(place);
        assert!(shown.body.contains("was not taken"), "{place}");
        let (_, rest) = shown.body.split_once("was not taken. <a href=\"").unwrap();
        let to = rest.split('"').next().unwrap().replace("&amp;", "&");
        let there = maya.get(&to);
        assert_eq!(
            form(&there).control(&question).unwrap().values,
            [long.as_str()]
        );
        assert!(!there.body.contains("was not taken"));
    }
    let shown = maya.get(&page);
    let forget = form_on(&shown, "/do/forget_kept");
    let sent = maya.post("/do/forget_kept", &filled(&forget, &[]));
    assert!(!maya.follow(sent).body.contains("was not taken"));
    assert!(!maya.get(&page).body.contains("was not taken"));
}

#[test]
fn what_is_wrong_with_a_text_that_is_kept_is_named_where_one_returns() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let page = answering(&mut maya);
    let asked = form(&maya.get(&page));
    let is_amended = |one: &&Control| one.kind == Kind::Text && one.name.starts_with("amend.");
    let amended = asked.controls.iter().find(is_amended).unwrap().clone();
    assert!(!amended.is_invalid);
    let kept = keep(&mut maya, &asked, &[(&amended.name, "x")], "", &[]);
    assert_eq!(kept.status, 200);
    let shown = maya.get(&page);
    assert!(form(&shown).control(&amended.name).unwrap().is_invalid);
    let (_, rest) = shown.body.split_once("Still to do before").unwrap();
    assert!(rest.contains(&format!("href=\"#{}\"", amended.id)));
    keep(
        &mut maya,
        &form(&shown),
        &[(&amended.name, &amended.values[0])],
        "",
        &[],
    );
    let shown = maya.get(&page);
    assert!(!shown.body.contains("Still to do before"));
}
