//! Every letter but those about members and accounts, with what may be missing missing: the organisation, dates, reasons.

use crate::{
    applies::{cause, resubmit},
    support::*,
};
use casework::{
    cases::letters::post_due_dates,
    commands::{give_back, tick},
    entities::outbox,
    post::LetterKind,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeSet;
use time::Duration;

/// Letters that are about no case.
fn is_about_a_person(kind: LetterKind) -> bool {
    use LetterKind as K;
    matches!(
        kind,
        K::MemberInvited
            | K::MemberJoined
            | K::MemberLeft
            | K::MemberRemoved
            | K::MemberChanged
            | K::MembershipEnded
            | K::AppArchived
            | K::SecretReplaced
            | K::RedirectsChanged
            | K::VerifyEmail
            | K::AlreadyRegistered
            | K::PasswordReset
            | K::Invitation
            | K::PasswordChanged
            | K::FailedSignings
            | K::SecondAdmin
            | K::ConfirmOldAddress
            | K::ConfirmNewAddress
            | K::EmailChanged
            | K::AccountClosed
            | K::SecondFactor
            | K::Digest
            | K::CasesAssigned
    )
}

/// What looks as if something had been left out.
fn gap(text: &str) -> Option<&str> {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let told = line.trim_start();
        let holds = ["  ", " ,", ", ,", " .", "..", "()", "None", "Unknown"]
            .iter()
            .any(|gap| told.contains(gap));
        let greeting = told.starts_with("Hello");
        let breaks_off = told.ends_with(',') && !greeting
            || told.ends_with(':') && lines.peek().is_none_or(|next| next.trim().is_empty());
        if holds || breaks_off || told.starts_with([',', '.', ':']) {
            return Some(line);
        }
    }
    None
}

/// The steps after which there are letters that the way to a state has not written yet.
async fn goes_on(story: &Story, case: CaseNumber, state: StateKind) {
    let cast = &story.cast;
    match state {
        StateKind::Clarification => {
            let answers = story.answers(case, "Adults with diabetes.").await;
            story.step(&cast.owner, case, answers).await;
        }
        StateKind::Corrections => {
            resubmit(story, case).await;
        }
        StateKind::Declined => {
            let appeal = story::sample(ActionKind::Appeal, &cast.owner);
            story.step(&cast.owner, case, appeal).await;
            let answer = story::sample(ActionKind::AnswerAppeal, &cast.lead);
            story.step(&cast.lead, case, answer).await;
            let reopen = story::sample(ActionKind::Reopen, &cast.other_reviewer);
            story.step(&cast.lead, case, reopen).await;
        }
        StateKind::Review => {
            let level = story.case(case).await.level;
            if level == AccessLevel::Limited {
                crate::dated_findings::approve_with_date(story, case).await;
            }
        }
        StateKind::Approved => {
            let limited = story.case(case).await.level == AccessLevel::Limited;
            let cap = limited.then_some(ActionKind::ChangeCap);
            for kind in cap.into_iter().chain([
                ActionKind::SuspendGrant,
                ActionKind::ReinstateGrant,
                ActionKind::RevokeGrant,
            ]) {
                let change = story::sample(kind, &cast.approver);
                story.step(&cast.approver, case, change).await;
            }
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_shows_a_gap_where_something_is_missing() {
    let story = Story::begin(Engine::Sqlite).await;
    let levels = [AccessLevel::Limited, AccessLevel::Full];
    // At the end one whose date is still to come.
    for (level, state) in levels
        .into_iter()
        .flat_map(|level| StateKind::ALL.iter().map(move |state| (level, *state)))
        .chain([(AccessLevel::Limited, StateKind::Completeness)])
    {
        let app = story.app("Glow", &story.cast.owner).await;
        let case = story.draft_for(app, &story.cast.owner, level).await;
        story
            .sql("UPDATE apps SET organisation = ''")
            .await
            .unwrap();
        story.bring(case, state).await;
        goes_on(&story, case, state).await;
    }
    for _ in 0..90 {
        story.clock.pass(Duration::days(1));
        post_due_dates(&story.desk).await.unwrap();
        tick(&story.desk).await.unwrap();
        tick(&story.desk).await.unwrap();
    }
    story
        .sql("UPDATE people SET disabled_at = 1 WHERE username = 'rosa'")
        .await
        .unwrap();
    give_back(&story.desk).await.unwrap();

    let letters = outbox::Entity::find()
        .all(story.desk.database.read())
        .await
        .unwrap();
    let mut seen = BTreeSet::new();
    for letter in &letters {
        seen.insert(letter.kind.clone());
        for text in [&letter.subject, &letter.text] {
            assert_eq!(gap(text), None, "{}: {text}", letter.kind);
            assert_eq!(words::fault(text), None, "{}: {text}", letter.kind);
        }
    }
    // Those of which no case tells: each on a desk of its own, where no app has an organisation.
    for kind in LetterKind::ALL {
        if !is_about_a_person(*kind) && !seen.contains(kind.word()) {
            let letters = caused(*kind).await;
            assert!(!letters.is_empty(), "{kind:?} was not written");
            for letter in letters {
                for text in [&letter.subject, &letter.text] {
                    assert_eq!(gap(text), None, "{kind:?}: {text}");
                    assert_eq!(words::fault(text), None, "{kind:?}: {text}");
                }
            }
        }
    }
}

/// The letters of a kind, written where no app has an organisation.
async fn caused(kind: LetterKind) -> Vec<outbox::Model> {
    let story = Story::begin(Engine::Sqlite).await;
    for statement in [
        "UPDATE apps SET organisation = ''",
        "CREATE TRIGGER no_organisation AFTER INSERT ON apps BEGIN \
         UPDATE apps SET organisation = '' WHERE id = NEW.id; END",
    ] {
        story.sql(statement).await.unwrap();
    }
    Box::pin(cause(&story, kind)).await;
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind.word()))
        .all(story.desk.database.read())
        .await
        .unwrap()
}

#[test]
fn a_gap_is_found() {
    for text in [
        "App: ,",
        " has accepted ,",
        "App: Glow, ",
        "Due:",
        "a  b",
        "by None.",
    ] {
        assert!(gap(text.trim_end()).is_some(), "{text}");
    }
    assert_eq!(gap("App: Glow\nBy: 4 Dec 2026\n\nYou did it."), None);
}
