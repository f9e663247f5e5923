//! What a machine sees in an application before it is handed in.

use std::collections::BTreeSet;
use workflow::{
    form::{Answers, Form},
    self_check::{Weight, remarks},
    state::AccessLevel,
};

fn form() -> Form {
    serde_json::from_str(include_str!(
        "../../../casework/reference/request_form.v1.json"
    ))
    .unwrap()
}

/// Everything that is asked, answered well.
fn good() -> Answers {
    [
        (
            "description",
            "A diary for the phone that lays glucose readings beside meals and walks.",
        ),
        (
            "target_users",
            "Adults with type 1 diabetes who write a food diary.",
        ),
        (
            "cgm_need",
            "Without readings nobody sees what a meal did to them.",
        ),
        (
            "data_use",
            "Readings are drawn as a line beside the meals, and deleted after a year.",
        ),
        (
            "data_display",
            "A line, with the time of each reading and how late it arrived.",
        ),
        ("use_kind", "individual"),
        (
            "branding",
            "The sensor is named in words as the source of the readings.",
        ),
        ("privacy_policy", "https://glow.example/privacy"),
        ("legal_name", "Glow Ltd"),
        ("legal_address", "1 Mill Lane, Leeds, United Kingdom"),
        ("signing_authority", "Ana Ruiz, managing director"),
        ("business_model", "People pay two pounds a month."),
        ("contact_name", "Ana Ruiz"),
        ("contact_email", "ana@glow-diary.org"),
        ("support_email", "help@glow-diary.org"),
        ("security_email", "security@glow-diary.org"),
        ("regions", "uk"),
        ("launch_date", "2027-03-01"),
        ("expected_users", "500"),
        (
            "regulatory_position",
            "No medical device: it shows readings and advises nothing.",
        ),
    ]
    .into_iter()
    .map(|(key, text)| (key.to_owned(), text.to_owned()))
    .collect()
}

/// The fields that are remarked on of `answers`, with their weights and what is said.
fn seen(answers: &Answers) -> Vec<(String, Weight, String)> {
    let today = time::macros::date!(2026 - 11 - 28);
    remarks(
        &form(),
        AccessLevel::Limited,
        answers,
        &BTreeSet::new(),
        today,
    )
    .into_iter()
    .map(|remark| (remark.field, remark.weight, remark.text))
    .collect()
}

#[test]
fn a_good_application_is_remarked_on_by_nothing() {
    assert_eq!(seen(&good()), []);
}

#[test]
fn each_kind_of_what_a_reviewer_would_ask_about_is_seen_at_its_question() {
    for (key, text, says) in [
        (
            "target_users",
            "To be defined, with our doctors.",
            "“to be defined”",
        ),
        ("target_users", "TBD – ask Ana tomorrow", "“tbd”"),
        (
            "cgm_need",
            "  A DIARY for the phone that lays glucose readings beside meals and walks!",
            "“Product or service”",
        ),
        (
            "data_display",
            "Charts, numbers, arrows, colours, notifications; and how you show that readings arrive with a delay.",
            "our hint",
        ),
        (
            "branding",
            "On the start page: “Powered by the sensor’s maker”.",
            "“powered by”",
        ),
        ("contact_email", "ana@mail.example.com", "reaches nobody"),
    ] {
        let mut answers = good();
        answers.insert(key.to_owned(), text.to_owned());
        let found = seen(&answers);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let (field, weight, said) = &found[0];
        assert_eq!((field.as_str(), *weight), (key, Weight::Look), "{said}");
        assert!(said.contains(says), "{text}: {said}");
        let label = form().field(key).unwrap().label.clone();
        assert!(said.starts_with(&label), "{said}");
    }
    // Words that hold such words are none of them.
    for (key, text) in [
        (
            "target_users",
            "Today's adults who look for a todo list of meals.",
        ),
        (
            "branding",
            "No maker is named, and nothing is unofficial apparel.",
        ),
    ] {
        let mut answers = good();
        answers.insert(key.to_owned(), text.to_owned());
        assert_eq!(seen(&answers), [], "{text}");
    }
}

#[test]
fn one_address_for_everything_is_asked_about_once() {
    let mut answers = good();
    for key in ["contact_email", "support_email", "security_email"] {
        answers.insert(key.to_owned(), "Ana@glow-diary.org".to_owned());
    }
    let found = seen(&answers);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "security_email");
}

#[test]
fn what_stands_in_the_way_comes_first_and_in_the_order_of_the_form() {
    let mut answers = good();
    answers.insert(
        "description".to_owned(),
        "tbd tbd tbd tbd tbd tbd tbd tbd tbd tbd tbd".to_owned(),
    );
    answers.insert("expected_users".to_owned(), "many".to_owned());
    answers.remove("legal_name");
    let found = seen(&answers);
    let fields: Vec<&str> = found.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(fields, ["legal_name", "expected_users", "description"]);
    assert_eq!(found[2].1, Weight::Look);
}
