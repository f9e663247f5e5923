//! What every step that judges or signs has in common: it says what was seen, it is signed anew,
//! and by someone who did no review work.

use crate::support::*;
use casework::{
    commands,
    entities::{apps, signatures},
    reports::{Format, export_case},
    signatures::holds,
    store::access_of,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use workflow::{
    access::{Held, access},
    case::GrantStatus,
    transition::{Signature, Stale, StepSide},
};

fn steps(which: impl Fn(ActionKind) -> bool) -> Vec<ActionKind> {
    let all = ActionKind::ALL.iter().copied();
    all.filter(|action| which(*action)).collect()
}

/// A case that could take the step, and somebody who may.
async fn ready(story: &Story, action: ActionKind) -> (CaseNumber, Caller) {
    let state = *action.row().from.last().unwrap();
    // The other level has no cap.
    let level = match action {
        ActionKind::ChangeCap => AccessLevel::Limited,
        _ => AccessLevel::Full,
    };
    let case = story.case_in(level, state).await;
    if action == ActionKind::ReinstateGrant {
        let suspend = story::sample(ActionKind::SuspendGrant, &story.cast.reviewer);
        story.step(&story.cast.approver, case, suspend).await;
    }
    let cast = &story.cast;
    let who = match (action.row().side, action) {
        (StepSide::Developer, _) => &cast.owner,
        (StepSide::Staff, ActionKind::Reopen | ActionKind::AnswerAppeal) => &cast.lead,
        (StepSide::Staff, ActionKind::PassTechnical) => &cast.technical,
        (StepSide::Staff, ActionKind::ConfirmComplete) => &cast.reviewer,
        (StepSide::Staff, _) if action.row().signature == Signature::OfRecord => &cast.approver,
        (StepSide::Staff, _) => &cast.commercial,
        (StepSide::Clock, _) => panic!("{action:?} is nobody's"),
    };
    (case, who.clone())
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_judges_the_whole_case_says_what_was_seen_of_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for action in steps(|action| action.row().stale == Stale::Refused) {
        let (case, who) = ready(&story, action).await;
        let before = story.row(case).await;
        let command = Act::by(&story.desk, &who, story::sample(action, &who)).await;
        let envelope = story::envelope(case);
        let outcome = commands::run(&story.desk, Some(&who), &envelope, &command).await;
        assert!(
            matches!(outcome, Err(Error::Refused(Refusal::NotSeen { action: of })) if of == action),
            "{action:?}: {outcome:?}"
        );
        assert_eq!(story.row(case).await, before);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_step_is_signed_without_the_password_given_anew(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for action in steps(|action| action.row().signature != Signature::NotNeeded) {
        let (case, who) = ready(&story, action).await;
        let envelope = story::looked(&story.desk, case).await;
        let act = story::sample(action, &who);
        let other = Act::by(&story.desk, &story.cast.lead, act.clone()).await;
        for command in [Act::unsigned(act), other] {
            let outcome = commands::run(&story.desk, Some(&who), &envelope, &command).await;
            assert!(
                matches!(outcome, Err(Error::Refused(Refusal::NotSigned { action: of })) if of == action),
                "{action:?}: {outcome:?}"
            );
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_after_the_approver_looked_stops_every_step_that_signs_the_record(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for action in steps(|action| action.row().signature == Signature::OfRecord) {
        let (case, who) = ready(&story, action).await;
        let envelope = story::looked(&story.desk, case).await;
        let before = story.row(case).await;
        export_case(&story.desk, &story.cast.compliance, case, Format::Csv)
            .await
            .unwrap();
        let command = Act::by(&story.desk, &who, story::sample(action, &who)).await;
        let outcome = commands::run(&story.desk, Some(&who), &envelope, &command).await;
        let Err(Error::Conflict { changes }) = outcome else {
            panic!("{action:?}: {outcome:?}");
        };
        let told: Vec<&str> = changes.iter().map(|change| change.who.as_str()).collect();
        assert_eq!(told, ["Cyril"], "it says what was not seen");
        assert_eq!(story.row(case).await, before);

        let envelope = story::looked(&story.desk, case).await;
        let signed = commands::run(&story.desk, Some(&who), &envelope, &command).await;
        signed.unwrap();
    }
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_decision_and_change_of_a_grant_leaves_a_signature_that_its_event_names(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for action in steps(|action| action.row().signature == Signature::OfRecord) {
        let (case, who) = ready(&story, action).await;
        let act = story::sample(action, &who);
        story.step(&who, case, act).await;
        let history = story.history(case).await;
        let named = history.last().unwrap().event.signature().unwrap();
        let row = signatures::Entity::find_by_id(named.0)
            .one(story.desk.database.read())
            .await
            .unwrap()
            .unwrap();
        assert!(holds(&row));
        assert_eq!(row.person_id, who.person.0);
        let of_case = signatures::Column::CaseId.eq(story.row(case).await.id);
        let all = signatures::Entity::find().filter(of_case);
        assert!(
            !all.all(story.desk.database.read())
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            row.meaning
                .starts_with("I have read the record of this case and ")
        );
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_reviewed_a_case_takes_no_decision_on_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut story = Story::begin(engine).await;
    // Everybody on our side may decide now.
    for who in [&mut story.cast.reviewer, &mut story.cast.commercial] {
        who.roles.insert(Role::Approver);
    }
    for action in steps(|action| action.row().signature == Signature::OfRecord) {
        let (case, _) = ready(&story, action).await;
        let who = if action == ActionKind::Decline {
            story.cast.commercial.clone()
        } else {
            story.cast.reviewer.clone()
        };
        let act = story::sample(action, &who);
        let outcome = story.act(&who, case, act).await;
        assert!(
            matches!(&outcome, Err(Error::Forbidden { rule, .. }) if rule == "four_eyes"),
            "{action:?}: {outcome:?}"
        );
    }
}

/// The same numbers in every run (splitmix64).
fn roll(seed: &mut u64, sides: u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % sides
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_apps_access_follows_from_all_its_grants_whatever_happens_to_each(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(1, 2, 3)] mut seed: u64,
) {
    let story = Story::begin(engine).await;
    let limited = story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    let app = story.row(limited).await.app_id;
    let full = story
        .draft_for(AppId(app), &story.cast.owner, AccessLevel::Full)
        .await;
    story.bring(full, StateKind::Decision).await;
    let mut changed = 0;
    for step in 0..24 {
        let kinds = [
            ActionKind::SuspendGrant,
            ActionKind::ReinstateGrant,
            ActionKind::SuspendGrant,
            ActionKind::ReinstateGrant,
            ActionKind::Approve,
            ActionKind::RevokeGrant,
        ];
        // What ends a grant for good comes late, so that walks come far.
        let sides = if step < 16 { 5 } else { 6 };
        let kind = kinds[usize::try_from(roll(&mut seed, sides)).unwrap()];
        let case = if roll(&mut seed, 2) == 0 {
            limited
        } else {
            full
        };
        let act = match kind {
            ActionKind::Approve => story::approve(AccessLevel::Full),
            kind => story::sample(kind, &story.cast.approver),
        };
        match story.act(&story.cast.approver, case, act).await {
            Ok(_) => changed += 1,
            Err(Error::Refused(_)) => {}
            Err(other) => panic!("{kind:?}: {other:?}"),
        }
        let mut held = Vec::new();
        for case in [limited, full] {
            let case = story.case(case).await;
            held.extend(case.grant.map(|grant| Held {
                level: case.level,
                cap: grant.cap,
                status: grant.status,
            }));
        }
        let reading = story.desk.database.read();
        let row = apps::Entity::find_by_id(app)
            .one(reading)
            .await
            .unwrap()
            .unwrap();
        let right = access(held.iter().copied());
        let seen = (
            AccessLevel::from_word(&row.level).unwrap(),
            row.cap.map(|cap| u32::try_from(cap).unwrap()),
            row.suspended,
        );
        assert_eq!(seen, (right.level, right.cap, right.suspended), "{held:?}");
        assert_eq!(access_of(reading, app).await.unwrap(), right);
        let stopped = held
            .iter()
            .any(|grant| grant.status == GrantStatus::Suspended);
        assert_eq!(row.suspended, stopped, "{held:?}");
    }
    assert!(changed > 4, "{changed}");
    story.assert_sound().await;
}
