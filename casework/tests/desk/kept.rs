//! What is kept of forms that were refused: as much as was typed, and no more than there is room for.

use crate::support::{bench::Bench, *};
use casework::{
    Error,
    input::KeptField,
    kept::{self, OF_A_BROWSER, OF_A_PERSON, Owner, ToKeep},
};

/// A refused form with one text.
fn form<'a>(owner: &'a Owner, text: &str) -> ToKeep<'a> {
    ToKeep {
        owner,
        address: "198.51.100.1",
        step: "withdraw",
        form: "withdraw",
        fields: vec![KeptField {
            name: "reason".to_owned(),
            label: "Reason".to_owned(),
            values: vec![text.to_owned()],
        }],
        carried: Vec::new(),
        drawn: "",
        chosen: Vec::new(),
        page: "/apps",
    }
}

fn letters(count: i64) -> String {
    "x".repeat(usize::try_from(count).unwrap())
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_a_form_that_is_too_large_the_refusal_stays_and_says_so(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let owner = Owner::Person(bench.owner.person);
    let too_large = form(&owner, &letters(OF_A_PERSON.largest));
    let id = kept::keep(&bench.rig, too_large, &Error::NotFound)
        .await
        .unwrap();
    let kept = kept::find(&bench.rig, std::slice::from_ref(&owner), id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.fields, []);
    assert!(
        kept.message.contains("too long to be kept here"),
        "{}",
        kept.message
    );
    let fits = form(&owner, &letters(OF_A_PERSON.largest - 200));
    let id = kept::keep(&bench.rig, fits, &Error::NotFound)
        .await
        .unwrap();
    let kept = kept::find(&bench.rig, &[owner], id).await.unwrap().unwrap();
    assert_eq!(kept.message, Error::NotFound.to_string());
    assert_eq!(kept.fields[0].values, [letters(OF_A_PERSON.largest - 200)]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_longest_text_typed_before_a_session_ended_waits_whole_and_the_newest_stay(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let person = bench.owner.person;
    let browser = "a browser".to_owned();
    let owner = Owner::Awaited { person, browser };
    let mut ids = Vec::new();
    for number in 0..=OF_A_BROWSER.forms {
        let text = number.to_string();
        ids.push(
            kept::keep(&bench.rig, form(&owner, &text), &Error::SignedOut)
                .await
                .unwrap(),
        );
    }
    let longest = letters(OF_A_BROWSER.largest - 200);
    let last = kept::keep(&bench.rig, form(&owner, &longest), &Error::SignedOut)
        .await
        .unwrap();
    let found = kept::take_over(&bench.rig, person, "a browser")
        .await
        .unwrap();
    assert_eq!(found, Some(("/apps".to_owned(), last)));
    let mine = [Owner::Person(person)];
    let kept = kept::find(&bench.rig, &mine, last).await.unwrap().unwrap();
    assert_eq!(kept.fields[0].values, [longest]);
    for (index, id) in ids.into_iter().enumerate() {
        let stays = kept::find(&bench.rig, &mine, id).await.unwrap().is_some();
        // Of all that were kept, the last went in after so many.
        assert_eq!(stays, index >= 2, "form {index}");
    }
    assert_eq!(
        kept::take_over(&bench.rig, person, "a browser")
            .await
            .unwrap(),
        None
    );
}
