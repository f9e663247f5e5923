//! Approvals that live on, as people see them: without scripts, on the real program.

use crate::support::{
    Browser, CASES, Demo,
    browser::Answer,
    controls::{FullForm, form_on, full_forms},
    linked,
};

/// What a form carries, with what is typed beside it.
pub fn send(browser: &mut Browser, form: &FullForm, typed: &[(&str, &str)]) -> Answer {
    let hidden: Vec<(String, String)> = form
        .controls
        .iter()
        .filter(|control| !control.is_typed())
        .flat_map(|control| {
            let name = control.name.clone();
            let values = control.values.iter().cloned();
            values.map(move |value| (name.clone(), value))
        })
        .collect();
    let mut pairs: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    pairs.extend(typed);
    browser.post(&form.action, &pairs)
}

#[test]
fn a_changed_policy_is_compared_and_raised_and_its_developer_reads_what_was_asked() {
    let demo = Demo::start();
    let mut ito = demo.signed_in("ito");
    let list = ito.get("/changes");
    assert_eq!(list.status, 200);
    let found = linked(&list, "/changes/");
    assert_eq!(found.len(), 1, "{}", list.body);
    let path = found.first().unwrap();
    let page = ito.get(path);
    // Of the new text alone, and of the old one alone.
    for word in ["companies", "thirty"] {
        assert!(page.body.contains(word), "{word}: {}", page.body);
    }
    assert!(page.body.contains("<del>") && page.body.contains("<ins>"));
    // The case leads there.
    let case = linked(&page, "/cases/");
    let case = format!("{}?left=case", case.first().unwrap());
    assert!(linked(&ito.get(&case), "/changes/").contains(path));

    // Without a note it comes back.
    let refused = send(
        &mut ito,
        &form_on(&page, "/do/raise_change"),
        &[("note", "")],
    );
    let page = ito.follow(refused);
    assert_eq!(page.status, 422, "{}", page.body);
    let note = "Which partners, and did your users agree?";
    let raised = send(
        &mut ito,
        &form_on(&page, "/do/raise_change"),
        &[("note", note)],
    );
    let page = ito.follow(raised);
    assert!(
        page.body
            .contains("Raised with the developer, who gets a letter."),
        "{}",
        page.body
    );
    assert!(
        full_forms(&page.body)
            .iter()
            .all(|form| !form.action.contains("_change"))
    );

    let mut maya = demo.signed_in("maya");
    assert_eq!(maya.get(path).status, 404);
    assert_eq!(maya.get("/changes").status, 404);
    let apps = linked(&maya.get("/apps"), "/apps/");
    assert!(
        apps.iter().any(|app| maya.get(app).body.contains(note)),
        "{apps:?}"
    );
}

#[test]
fn an_owner_gives_the_attestation_by_typing_the_own_name() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let apps = linked(&maya.get("/apps"), "/apps/");
    let (path, page) = apps
        .iter()
        .map(|app| (app, maya.get(app)))
        .find(|(_, page)| page.body.contains("/do/attest\""))
        .unwrap();
    assert!(page.body.contains("Attestation due by"), "{}", page.body);
    let form = form_on(&page, "/do/attest");
    let ticked = [("contacts", "yes"), ("as_approved", "yes")];
    let wrong = [ticked[0], ticked[1], ("name", "Maya")];
    let refused = send(&mut maya, &form, &wrong);
    let page = maya.follow(refused);
    assert_eq!(page.status, 422, "{}", page.body);
    assert!(page.body.contains("value=\"Maya\""), "{}", page.body);
    let right = [ticked[0], ticked[1], ("name", "Maya Lindqvist")];
    let given = send(&mut maya, &form_on(&page, "/do/attest"), &right);
    let page = maya.follow(given);
    assert!(page.body.contains("Attestation given."), "{}", page.body);
    assert!(!maya.get(path).body.contains("/do/attest\""));
}

#[test]
fn a_page_that_cannot_be_read_is_told_to_its_developer_and_on_its_case() {
    let demo = Demo::start();
    let mut aisha = demo.signed_in("aisha");
    let apps = linked(&aisha.get("/apps"), "/apps/");
    let told = |page: &Answer| page.body.contains("Cannot be read since");
    assert!(apps.iter().any(|app| told(&aisha.get(app))), "{apps:?}");
    let mut lena = demo.signed_in("lena");
    let cases = CASES.map(|case| lena.get(&format!("/cases/UD-{case}?left=case")));
    assert!(cases.into_iter().any(|page| told(&page)));
}
