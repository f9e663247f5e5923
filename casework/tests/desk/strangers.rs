//! Someone who has nothing to do with an app learns nothing about it: every command and every
//! query answers as if there were nothing there. And nobody skips a step.

use crate::support::*;
use casework::{
    commands::{self, AppText, Attested, Authority, Corrected, Reply, Signing, Typing},
    mail::MailState,
    queries::{self, Shape},
};
use std::fmt::Debug;

fn assert_nothing_there<T: Debug>(what: &str, outcome: casework::Result<T>) {
    assert!(
        matches!(outcome, Err(Error::NotFound)),
        "{what}: {outcome:?}"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_step_on_anothers_case_finds_nothing_in_any_state(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for state in StateKind::ALL {
        let case = story.case_in(AccessLevel::Full, *state).await;
        let before = story.row(case).await;
        for who in [&story.cast.stranger, &story.cast.admin] {
            for kind in ActionKind::ALL {
                let action = story::sample(*kind, &story.cast.reviewer);
                let outcome = story.act(who, case, action).await;
                assert_nothing_there(&format!("{kind:?} in {state:?}"), outcome);
            }
        }
        assert_eq!(story.row(case).await, before);
    }
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_developers_command_on_anothers_case_or_app_finds_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let desk = &story.desk;
    let who = &story.cast.stranger;
    for state in [
        StateKind::Draft,
        StateKind::Clarification,
        StateKind::Corrections,
        StateKind::Agreement,
    ] {
        let case = story.case_in(AccessLevel::Full, state).await;
        let envelope = story::envelope(case);
        let typing = |text: String| Typing {
            section: "product".to_owned(),
            answers: [("description".to_owned(), text)].into(),
            ..Default::default()
        };
        for text in ["short".to_owned(), "x".repeat(30_000), String::new()] {
            let outcome = commands::edit_draft(desk, who, &envelope, &typing(text)).await;
            assert_nothing_there("edit draft", outcome);
        }
        assert_nothing_there(
            "submit",
            commands::submit(desk, who, &envelope, Attested::default()).await,
        );
        let reply = Reply::default();
        assert_nothing_there(
            "answer",
            commands::answer_clarification(desk, who, &envelope, &reply).await,
        );
        let corrected = Corrected::default();
        assert_nothing_there(
            "resubmit",
            commands::resubmit(desk, who, &envelope, &corrected).await,
        );
        assert_nothing_there(
            "withdraw",
            commands::withdraw(desk, who, &envelope, "").await,
        );
        let signing = Signing {
            version: 1,
            capacity: "Director".to_owned(),
            consent: true,
        };
        let outcome = commands::accept_dla(desk, who, &envelope, &signing, "a guess").await;
        assert_nothing_there("accept", outcome);

        assert_nothing_there("application", queries::application(desk, who, case).await);
        assert_nothing_there("draft", queries::draft_view(desk, who, case).await);
        assert_nothing_there("signing", queries::signing(desk, who, case).await);
        assert_nothing_there(
            "copy",
            queries::signed_copy(desk, who, case, Shape::Original).await,
        );
        for staff_page_reader in [who, &story.cast.owner, &story.cast.admin] {
            let outcome = queries::case_page::case_page(desk, staff_page_reader, case, None).await;
            assert_nothing_there("case page", outcome);
        }
    }
    let app = story.app;
    let text = AppText {
        name: "Mine now".to_owned(),
        ..Default::default()
    };
    let member = story.cast.member.person;
    let authority = Authority::default();
    assert_nothing_there("profile", queries::app_profile(desk, who, app).await);
    assert_nothing_there(
        "edit app",
        commands::edit_app(desk, who, app, &text, 1).await,
    );
    assert_nothing_there(
        "invite member",
        commands::invite_member(desk, who, app, "stella", authority).await,
    );
    assert_nothing_there(
        "change member",
        commands::change_member(desk, who, app, member, authority, 1).await,
    );
    assert_nothing_there(
        "remove member",
        commands::remove_member(desk, who, app, member).await,
    );
    assert_nothing_there("leave app", commands::leave_app(desk, who, app).await);
    assert_nothing_there(
        "withdraw invitation",
        commands::withdraw_invitation(desk, who, app, new_id()).await,
    );
    assert_nothing_there(
        "answer invitation",
        commands::answer_invitation(desk, who, new_id(), commands::Answer::Accept).await,
    );
    assert_nothing_there(
        "secret",
        commands::replace_secret(desk, who, app, 1, Default::default()).await,
    );
    let sandbox = queries::DataEnvironment::Sandbox;
    assert_nothing_there(
        "redirects",
        commands::set_redirects(desk, who, app, sandbox, "", 1).await,
    );
    assert_nothing_there(
        "archive",
        commands::archive_app(desk, who, app, "Glow").await,
    );
    assert_nothing_there("restore", commands::restore_app(desk, who, app).await);
    assert_nothing_there(
        "offer",
        commands::offer_ownership(desk, who, app, Some(member)).await,
    );
    assert_nothing_there(
        "start",
        commands::start(desk, who, app, AccessLevel::Limited).await,
    );
    assert_eq!(queries::my_apps(desk, who).await.unwrap().apps.len(), 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_staff_is_not_there_for_developers(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let desk = &story.desk;
    for who in [&story.cast.owner, &story.cast.stranger] {
        let queue = queries::queue::queue(
            desk,
            who,
            queries::queue::Filter::view(queries::queue::View::ALL[0]),
        )
        .await;
        assert_nothing_there("queue", queue);
        let trail =
            queries::audit::explorer(desk, who, Default::default(), Default::default()).await;
        assert_nothing_there("trail", trail);
        let mail = queries::admin_mail::admin_mail(desk, who, MailState::Dead).await;
        assert_nothing_there("mail", mail);
        let people = queries::admin_people::admin_people(desk, who, Default::default()).await;
        assert_nothing_there("people", people);
        let settings = queries::admin_settings::admin_settings(desk, who).await;
        assert_nothing_there("settings", settings);
        let agreements = queries::admin_published::admin_agreements(desk, who).await;
        assert_nothing_there("agreements", agreements);
        let lists = queries::admin_published::admin_checklists(desk, who).await;
        assert_nothing_there("checklists", lists);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_number_answers_as_anothers_does(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for number in [0, 999_999, u32::MAX] {
        let outcome = story
            .act(&story.cast.lead, CaseNumber(number), story::submission())
            .await;
        assert_nothing_there("unknown", outcome);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_step_is_skipped_by_those_who_have_the_right_to_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    for state in StateKind::ALL {
        let case = story.case_in(AccessLevel::Limited, *state).await;
        let before = story.row(case).await;
        for (who, kind) in [
            (&cast.owner, ActionKind::Submit),
            (&cast.owner, ActionKind::AcceptDla),
            (&cast.approver, ActionKind::Approve),
            (&cast.approver, ActionKind::RevokeGrant),
            (&cast.lead, ActionKind::Reopen),
        ] {
            if kind.row().from.contains(state) {
                continue;
            }
            let outcome = story
                .act(who, case, story::sample(kind, &cast.other_reviewer))
                .await;
            // Who is not of the developer's side knows of no draft.
            let hidden = *state == StateKind::Draft && who.person != cast.owner.person;
            let as_it_must = match &outcome {
                Err(Error::NotFound) => hidden,
                Err(Error::Refused(Refusal::NotInThisState { .. })) => !hidden,
                _ => false,
            };
            assert!(as_it_must, "{kind:?} in {state:?}: {outcome:?}");
        }
        assert_eq!(story.row(case).await, before);
    }
}
