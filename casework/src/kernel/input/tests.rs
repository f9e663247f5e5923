//! Laws of the inputs.

use super::{Input, Sent, Sort, TAKEN, to_carry, to_keep};
use crate::{
    Error,
    accounts::{RegisterInput, ResetPasswordInput},
    commands::{AnswerInput, DeclineInput, EditDraftInput, SetRolesInput},
};
use std::collections::BTreeSet;
use workflow::{Role, event::DeclineReason};

fn sent(pairs: &[(&str, &str)]) -> Sent {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Sent::from(pairs.iter().map(owned).collect::<Vec<_>>())
}

#[test]
fn a_form_and_a_json_body_are_read_alike() {
    let reason = DeclineReason::ALL[0];
    let form = format!("reason=&reason={}&text=a+%26+b&nonsense=1", reason.word());
    let json = serde_json::json!({ "reason": reason.word(), "text": "a & b", "more": 7 });
    let expected = DeclineInput {
        reason: Some(reason),
        text: "a & b".to_owned(),
        password: Default::default(),
        code: "".into(),
    };
    let form = Sent::from_form(form.as_bytes()).unwrap();
    let json = Sent::from_json(json.to_string().as_bytes()).unwrap();
    assert_eq!(DeclineInput::read(&form).unwrap(), expected);
    assert_eq!(DeclineInput::read(&json).unwrap(), expected);
}

#[test]
fn ticked_boxes_are_a_list() {
    let person = uuid::Uuid::now_v7().to_string();
    let roles = SetRolesInput::read(&sent(&[
        ("person", &person),
        ("seen", "4"),
        ("roles", ""),
        ("roles", "lead"),
        ("roles", "reviewer"),
    ]))
    .unwrap()
    .roles;
    assert_eq!(roles, BTreeSet::from([Role::Lead, Role::Reviewer]));
}

#[test]
fn everything_too_long_or_not_on_the_list_is_said_at_once() {
    let long = "x".repeat(20_000);
    let read = DeclineInput::read(&sent(&[("reason", "no such"), ("text", &long)]));
    let Err(Error::Input { problems }) = read else {
        panic!("{read:?}");
    };
    let fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
    assert_eq!(fields, ["reason", "text"]);
    assert!(problems[1].text.starts_with("Explanation: shorten it to "));
}

#[test]
fn what_the_page_carries_is_missing_or_unreadable_not_empty() {
    let missing = SetRolesInput::read(&sent(&[("seen", "1")]));
    assert!(matches!(missing, Err(Error::Input { .. })), "{missing:?}");
    let unreadable = SetRolesInput::read(&sent(&[("person", "x"), ("seen", "1")]));
    assert!(
        matches!(unreadable, Err(Error::Malformed)),
        "{unreadable:?}"
    );
    for body in [b"a=%FF".as_slice(), b"%C3%28=1"] {
        assert!(matches!(Sent::from_form(body), Err(Error::Malformed)));
    }
    for body in [b"[]".as_slice(), b"{", b"{\"a\":{}}"] {
        assert!(matches!(Sent::from_json(body), Err(Error::Malformed)));
    }
}

#[test]
fn of_a_refused_form_only_what_its_input_names_as_typed_is_kept() {
    let id = uuid::Uuid::now_v7().to_string();
    let secrets = [
        ("token", "the-live-token"),
        ("password", "correct horse"),
        ("once", "key"),
        ("name", "Ann"),
        (&id, "an answer"),
        ("code", "123456"),
    ];
    let names = |fields: &'static [super::Spec]| {
        to_keep(fields, &sent(&secrets), |_| None)
            .into_iter()
            .map(|field| field.name)
            .collect::<Vec<_>>()
    };
    assert!(names(ResetPasswordInput::FIELDS).is_empty());
    assert_eq!(names(RegisterInput::FIELDS), ["name"]);
    assert_eq!(names(AnswerInput::FIELDS), [id.as_str()]);
}

#[test]
fn a_draft_that_came_too_late_carries_what_it_needs_to_be_saved() {
    let form = sent(&[
        ("case", "UD-1"),
        ("section", "purpose"),
        ("draft", "3"),
        ("tab", "t"),
        ("purpose", "To measure"),
        ("seen", "9"),
        ("once", "k"),
    ]);
    let read = EditDraftInput::read(&form).unwrap();
    assert_eq!(read.answers.len(), 1);
    assert_eq!(read.answers["purpose"], "To measure");
    let carried = to_carry(EditDraftInput::FIELDS, &form);
    assert!(carried.contains(&("case".to_owned(), "UD-1".to_owned())));
    assert!(!carried.iter().any(|(name, _)| name == "once"));
    let kept = to_keep(EditDraftInput::FIELDS, &form, |key| {
        (key == "data_use").then(|| "What the data are for".to_owned())
    });
    assert_eq!(kept.len(), 1);
    for field in EditDraftInput::FIELDS {
        let is_own = matches!(field.sort, Sort::Hidden);
        assert!(!is_own || TAKEN.contains(&field.name), "{}", field.name);
    }
}

#[test]
fn a_form_of_more_fields_than_any_of_ours_has_is_not_looked_through() {
    let many = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("f{number}=1")).collect();
        names.join("&")
    };
    let most = workflow::limits::FORM_FIELDS;
    assert!(Sent::from_form(many(most).as_bytes()).is_ok());
    let more = Sent::from_form(many(most + 1).as_bytes());
    assert!(matches!(more, Err(Error::Malformed)));
    let flood = "a&".repeat(1 << 20);
    assert!(matches!(
        Sent::from_form(flood.as_bytes()),
        Err(Error::Malformed)
    ));
}
