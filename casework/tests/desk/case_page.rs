//! What staff read on the page of a case: its history, its decisions, and why not now.

use crate::support::*;
use casework::queries::case_page::case_page;
use workflow::checklist::ListKind;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_is_read_in_parts_that_follow_one_another(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    for _ in 0..45 {
        story
            .mark_all(&story.cast.commercial, case, ListKind::Commercial)
            .await;
    }
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let page = case_page(&story.desk, &story.cast.lead, case, before)
            .await
            .unwrap();
        told.extend(page.history.entries.iter().map(|entry| entry.at));
        before = page.history.older;
        if before.is_none() {
            break;
        }
        assert_eq!(told.len() % 40, 0, "a part that is not the last is full");
    }
    assert_eq!(told.len(), story.history(case).await.len());
    assert!(told.is_sorted_by(|newer, older| newer >= older));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_case_page_tells_every_outcome_with_its_reason_and_signature(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let lead = &story.cast.lead;
    let page = async |case| case_page(&story.desk, lead, case, None).await.unwrap();
    let decided = async |case| page(case).await.decided;

    let case = story
        .case_in(AccessLevel::Limited, StateKind::Declined)
        .await;
    let told = decided(case).await;
    let [declined] = &told[..] else {
        panic!("one decision");
    };
    assert_eq!(
        (declined.who.as_str(), declined.text.as_str()),
        ("Amara", "No use of the data.")
    );
    let signature = declined.signature.as_ref().unwrap();
    assert!(signature.holds);
    assert_eq!(signature.name, "Amara");
    assert_eq!(
        signature.meaning,
        "I have read the record of this case and decline Limited Access."
    );
    story
        .step(
            lead,
            case,
            story::sample(ActionKind::Reopen, &story.cast.other_reviewer),
        )
        .await;
    let told = decided(case).await;
    assert_eq!(told.len(), 2);
    assert_eq!(
        (told[1].text.as_str(), &told[1].signature),
        ("Because.", &None)
    );

    let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
    for change in [
        ActionKind::SuspendGrant,
        ActionKind::ReinstateGrant,
        ActionKind::RevokeGrant,
    ] {
        story
            .step(&story.cast.approver, case, story::sample(change, lead))
            .await;
    }
    let told = decided(case).await;
    let texts: Vec<&str> = told.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, ["Good work.", "Because.", "Because.", "Because."]);
    assert!(
        told.iter()
            .all(|one| one.signature.as_ref().is_some_and(|given| given.holds))
    );

    let case = story
        .case_in(AccessLevel::Limited, StateKind::Withdrawn)
        .await;
    let told = decided(case).await;
    assert_eq!(
        (told[0].who.as_str(), told[0].text.as_str()),
        ("Olga", "We ship later.")
    );
    let case = story.case_in(AccessLevel::Limited, StateKind::Lapsed).await;
    assert_eq!(decided(case).await[0].who, "Upgrade Desk");
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    assert!(decided(case).await.is_empty());
}

/// What every reason has at least one of: a name, a role, a state or a number.
fn names_something(reason: &str) -> bool {
    let cast = ["Rosa", "Carmen", "Tomoko", "Amara", "Lena", "Glow"];
    let roles = Role::ALL.iter().map(|role| role.label());
    let states = StateKind::ALL.iter().map(|state| state.label());
    let facts = [
        "nobody",
        "completeness",
        "review",
        "finding",
        "grant",
        "Nobody",
    ];
    reason.chars().any(|c| c.is_ascii_digit())
        || cast
            .into_iter()
            .chain(facts)
            .any(|word| reason.contains(word))
        || roles.chain(states).any(|word| reason.contains(word))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_that_is_not_possible_says_why_and_what_would_have_to_be_so() {
    let mut story = Story::begin(Engine::Sqlite).await;
    story.cast.commercial.roles.insert(Role::Approver);
    let mut told = std::collections::BTreeSet::new();
    for state in StateKind::ALL
        .iter()
        .filter(|state| **state != StateKind::Draft)
    {
        let case = story.case_in(AccessLevel::Full, *state).await;
        let cast = &story.cast;
        let staff = [
            &cast.reviewer,
            &cast.other_reviewer,
            &cast.commercial,
            &cast.technical,
            &cast.lead,
            &cast.approver,
            &cast.compliance,
        ];
        for who in staff {
            let page = case_page(&story.desk, who, case, None).await.unwrap();
            for possible in page.actions {
                let Some(obstacle) = possible.obstacle else {
                    continue;
                };
                let reason = obstacle.reason;
                assert!(reason.ends_with('.'), "{reason}");
                assert!(names_something(&reason), "{reason}");
                assert!(!reason.contains("someone else's"), "{reason}");
                assert!(!reason.contains("Unknown"), "{reason}");
                told.insert(reason);
            }
        }
    }
    let told: Vec<String> = told.into_iter().collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_denied_a_step_reads_the_same_on_the_page_and_in_the_refusal() {
    let story = Story::begin(Engine::Sqlite).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Full, StateKind::Review).await;
    let other = story.person("tamar", &[Role::TechnicalReviewer]).await;
    let page = case_page(&story.desk, &other, case, None).await.unwrap();
    let check = ActionKind::CheckTechnical;
    let possible = page
        .actions
        .iter()
        .find(|possible| possible.action == check);
    let reason = possible
        .and_then(|possible| possible.obstacle.as_ref())
        .unwrap();
    assert_eq!(
        reason.reason,
        "Tomoko holds the technical review; release or reassign it first."
    );
    let refused = story.act(&other, case, story::sample(check, &other)).await;
    assert_eq!(refused.unwrap_err().to_string(), reason.reason);

    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let page = case_page(&story.desk, &cast.reviewer, case, None)
        .await
        .unwrap();
    let confirm = ActionKind::ConfirmComplete;
    let possible = page
        .actions
        .iter()
        .find(|possible| possible.action == confirm);
    let reason = possible
        .and_then(|possible| possible.obstacle.as_ref())
        .unwrap();
    assert!(
        reason
            .reason
            .starts_with("1 question waits for the developer until ")
            && reason
                .reason
                .ends_with(" 2026. Confirm complete is possible in Completeness."),
        "{}",
        reason.reason
    );
}
