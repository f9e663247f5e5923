//! What is asked for which level, and what is wrong with an answer, as sentences.

use std::collections::BTreeSet;
use workflow::{
    form::{Answers, Choice, Field, FieldKind, FileKind, Form, Section},
    state::AccessLevel::{Full, Limited},
};

fn field(key: &str, kind: FieldKind) -> Field {
    Field {
        key: key.to_owned(),
        label: "Answer".to_owned(),
        hint: String::new(),
        kind,
        optional: false,
        full_only: false,
        or_attachment: None,
        guide: String::new(),
    }
}

fn section(key: &str, fields: Vec<Field>) -> Section {
    Section {
        key: key.to_owned(),
        title: key.to_owned(),
        guidance: String::new(),
        fields,
    }
}

fn options(keys: [&str; 2]) -> Vec<Choice> {
    let option = |key: &str| Choice {
        key: key.to_owned(),
        label: key.to_uppercase(),
    };
    keys.map(option).to_vec()
}

/// One field of each kind.
fn of_each_kind() -> Vec<Field> {
    vec![
        field("text", FieldKind::Text { max: 4 }),
        field("long_text", FieldKind::LongText { min: 3, max: 5 }),
        field("url", FieldKind::Url),
        field("email", FieldKind::Email),
        field("date", FieldKind::Date { ahead: false }),
        field("number", FieldKind::Number { min: 1, max: 20 }),
        field(
            "choice",
            FieldKind::Choice {
                options: options(["eu", "us"]),
            },
        ),
        field(
            "choices",
            FieldKind::Choices {
                options: options(["eu", "us"]),
            },
        ),
        field("confirm", FieldKind::Confirm),
        field(
            "files",
            FieldKind::Files {
                accept: FileKind::Pdf,
            },
        ),
    ]
}

/// An app, and what Full Access alone asks: one more question, and one more section.
fn form() -> Form {
    let for_full = |mut field: Field| {
        field.full_only = true;
        field
    };
    let line = |key| field(key, FieldKind::Text { max: 10 });
    Form {
        version: 1,
        sections: vec![
            section("app", vec![line("name"), for_full(line("vendor"))]),
            section("technique", vec![for_full(line("hosting"))]),
            section("people", vec![line("contact")]),
        ],
    }
}

fn files(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// What is said about an answer to a field, with no file attached anywhere.
fn fault(field: &Field, answer: &str) -> Option<String> {
    field.problem(answer, &BTreeSet::new())
}

fn of_kind(key: &str) -> Field {
    let field = of_each_kind().into_iter().find(|field| field.key == key);
    field.unwrap()
}

#[test]
fn a_level_is_asked_its_own_questions_and_sees_no_empty_section() {
    let asked = |level| -> Vec<(String, Vec<String>)> {
        let keys = |section: Section| section.fields.into_iter().map(|field| field.key).collect();
        form()
            .sections(level)
            .map(|section| (section.key.clone(), keys(section)))
            .collect()
    };
    let section = |key: &str, fields: &[&str]| {
        let fields: Vec<String> = fields.iter().map(|key| (*key).to_owned()).collect();
        (key.to_owned(), fields)
    };
    assert_eq!(
        asked(Limited),
        [section("app", &["name"]), section("people", &["contact"])]
    );
    assert_eq!(
        asked(Full),
        [
            section("app", &["name", "vendor"]),
            section("technique", &["hosting"]),
            section("people", &["contact"])
        ]
    );
}

#[test]
fn a_field_is_found_by_its_key_in_whatever_section_it_stands() {
    let form = form();
    for key in ["name", "vendor", "hosting", "contact"] {
        assert_eq!(form.field(key).map(|field| field.key.as_str()), Some(key));
    }
    assert_eq!(form.field("app"), None);
}

#[test]
fn everything_wrong_is_named_in_the_order_of_the_form_and_only_what_is_asked() {
    let named = |level, answers: &Answers| -> Vec<String> {
        let problems = form().problems(level, answers, &BTreeSet::new());
        problems.into_iter().map(|problem| problem.field).collect()
    };
    let nothing = Answers::new();
    assert_eq!(named(Limited, &nothing), ["name", "contact"]);
    assert_eq!(
        named(Full, &nothing),
        ["name", "vendor", "hosting", "contact"]
    );
    let typed = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    let answers = Answers::from([typed("name", " Glow \n"), typed("contact", " \t")]);
    assert_eq!(named(Limited, &answers), ["contact"]);
    let problems = form().problems(Limited, &answers, &BTreeSet::new());
    assert_eq!(problems[0].text, "Answer: write an answer.");
}

#[test]
fn what_is_left_out_is_asked_for_in_the_words_of_its_kind() {
    for field in of_each_kind() {
        let said = match field.key.as_str() {
            "choice" => "Answer: choose one.",
            "choices" => "Answer: choose at least one.",
            "confirm" => "Answer: tick the box to confirm.",
            "files" => "Answer: attach a file.",
            _ => "Answer: write an answer.",
        };
        assert_eq!(fault(&field, "").as_deref(), Some(said), "{}", field.key);
    }
}

#[test]
fn what_is_optional_may_be_left_out_but_not_be_wrong() {
    for mut field in of_each_kind() {
        field.optional = true;
        assert_eq!(fault(&field, ""), None, "{}", field.key);
    }
    let mut url = of_kind("url");
    url.optional = true;
    assert!(fault(&url, "example.org").is_some());
}

#[test]
fn a_field_of_files_is_answered_by_a_file_in_it_alone() {
    let field = of_kind("files");
    assert_eq!(field.problem("", &files(&["files"])), None);
    assert!(field.problem("", &files(&["mockups"])).is_some());
    assert!(field.problem("mockups.pdf", &files(&[])).is_some());
}

#[test]
fn a_file_answers_as_well_as_text_where_the_form_says_so() {
    let mut field = of_kind("long_text");
    field.or_attachment = Some("policy".to_owned());
    assert_eq!(
        fault(&field, "").as_deref(),
        Some("Answer: write an answer, or attach a PDF.")
    );
    let file = files(&["policy"]);
    assert_eq!(field.problem("", &file), None);
    assert_eq!(field.problem("ab", &file), None, "too short by itself");
    assert!(
        field.problem("abcdef", &file).is_some(),
        "too long all the same"
    );
    assert!(field.problem("", &files(&["mockups"])).is_some());
}

#[test]
fn a_text_has_as_many_characters_as_its_field_takes_and_stands_on_one_line() {
    let field = of_kind("text");
    assert_eq!(fault(&field, "four"), None);
    assert_eq!(fault(&field, "äöüß"), None, "characters, not bytes");
    assert_eq!(
        fault(&field, "fifth").as_deref(),
        Some("Answer: shorten it to 4 characters; it has 5.")
    );
    assert_eq!(
        fault(&field, "a\nb").as_deref(),
        Some("Answer: remove the line breaks.")
    );
}

#[test]
fn a_long_text_is_neither_too_short_nor_too_long_and_has_lines() {
    let field = of_kind("long_text");
    for good in ["abc", "abcde", "a\nb"] {
        assert_eq!(fault(&field, good), None, "{good}");
    }
    assert_eq!(
        fault(&field, "ab").as_deref(),
        Some("Answer: say more: at least 3 characters; it has 2.")
    );
    assert_eq!(
        fault(&field, "abcdef").as_deref(),
        Some("Answer: shorten it to 5 characters; it has 6.")
    );
}

#[test]
fn each_kind_takes_what_is_of_its_kind_alone() {
    for (key, good, bad) in [
        ("url", ["https://example.org", "https://a.example/b"], "a.b"),
        ("email", ["olga@example.org", "o+n@example.org"], "olga"),
        ("date", ["2027-03-31", "2028-02-29"], "2027-02-29"),
        ("number", ["1", "20"], "twenty"),
        ("choice", ["eu", "us"], "eu,us"),
        ("choices", ["us", "eu,us"], "eu,mars"),
        ("confirm", ["yes", "yes"], "no"),
    ] {
        let field = of_kind(key);
        for good in good {
            assert_eq!(fault(&field, good), None, "{key}: {good}");
        }
        let said = fault(&field, bad);
        assert!(
            said.is_some_and(|said| said.starts_with("Answer: ")),
            "{key}: {bad}"
        );
    }
}

#[test]
fn a_number_lies_between_its_ends() {
    let field = of_kind("number");
    for bad in ["0", "21", "-1", "1.5", "1e1", "99999999999999999999"] {
        assert_eq!(
            fault(&field, bad).as_deref(),
            Some("Answer: write a whole number from 1 to 20."),
            "{bad}"
        );
    }
}

#[test]
fn an_address_of_a_person_is_one_that_any_mail_program_can_write_to() {
    let said = fault(&of_kind("email"), "jörg@example.org");
    assert!(said.is_some_and(|said| said.contains("letters without accents")));
}

#[test]
fn a_day_that_is_to_be_ahead_is_not_over() {
    let form = Form {
        version: 1,
        sections: vec![section(
            "launch",
            vec![
                field("launch_date", FieldKind::Date { ahead: true }),
                field("founded", FieldKind::Date { ahead: false }),
            ],
        )],
    };
    let today = time::macros::date!(2027 - 05 - 03);
    for (day, over) in [
        ("2027-05-02", 1),
        ("2027-05-03", 0),
        ("2030-01-01", 0),
        ("soon", 0),
        ("", 0),
    ] {
        let answers = ["launch_date", "founded"].map(|key| (key.to_owned(), day.to_owned()));
        let problems = form.days_over(Limited, &Answers::from(answers), today);
        assert_eq!(problems.len(), over, "{day}");
        assert!(
            problems
                .iter()
                .all(|problem| problem.field == "launch_date")
        );
    }
}
