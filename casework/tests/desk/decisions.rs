//! The review and the decision, through the commands that the pages send.

use crate::support::{story::PASSWORD, *};
use casework::{
    commands::{
        self, CheckItem, Decline, Envelope, GrantChange, Looks, ProposeDecline, Question,
        RequestClarification, WaiveFinding,
    },
    entities::{apps, grants, signatures},
    queries::case_page::case_page,
    signatures as signing,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use workflow::{checklist::ListKind, event::DeclineReason};

async fn seen(story: &Story, case: CaseNumber) -> Envelope {
    story::looked(&story.desk, case).await
}

fn mark(list: ListKind, item: &str, verdict: &str, note: &str) -> CheckItem {
    CheckItem {
        list,
        item: item.to_owned(),
        revision: 1,
        verdict: verdict.to_owned(),
        evidence: String::new(),
        note: note.to_owned(),
        severity: None,
        gather: false,
        next: None,
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_signed_and_raises_the_access_with_its_cap(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(AccessLevel::Limited, AccessLevel::Full)] level: AccessLevel,
) {
    let story = Story::begin(engine).await;
    let approver = &story.cast.approver;
    let case = story.case_in(level, StateKind::Decision).await;
    let envelope = seen(&story, case).await;

    let wrong = commands::approve(&story.desk, approver, &envelope, "", "not it at all").await;
    assert_eq!(wrong.unwrap_err().problems()[0].field, "password");
    assert_eq!(story.case(case).await.state.kind(), StateKind::Decision);

    commands::approve(&story.desk, approver, &envelope, "Well made.", PASSWORD)
        .await
        .unwrap();
    let row = story.row(case).await;
    let reading = story.desk.database.read();
    let cap = (level == AccessLevel::Limited).then_some(20);
    let app = apps::Entity::find_by_id(row.app_id)
        .one(reading)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((app.level.as_str(), app.cap), (level.word(), cap));
    let grant = grants::Entity::find()
        .filter(grants::Column::CaseId.eq(row.id))
        .one(reading)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((grant.status.as_str(), grant.cap), ("active", cap));
    let signature = signatures::Entity::find()
        .filter(signatures::Column::CaseId.eq(row.id))
        .one(reading)
        .await
        .unwrap()
        .unwrap();
    assert!(signing::holds(&signature));
    let moved = signatures::Model {
        case_id: new_id(),
        ..signature
    };
    assert!(!signing::holds(&moved));

    for (change, level_after, suspended) in [
        (GrantChange::Suspend, level, true),
        (GrantChange::Reinstate, level, false),
        (GrantChange::Revoke, AccessLevel::Sandbox, false),
    ] {
        let envelope = seen(&story, case).await;
        let attempt = async |reason, password| {
            let desk = &story.desk;
            commands::change_grant(desk, approver, &envelope, change, reason, password).await
        };
        let silent = attempt(" ", PASSWORD).await;
        assert_eq!(silent.unwrap_err().problems()[0].field, "reason");
        let wrong = attempt("As agreed.", "not it at all").await;
        assert_eq!(wrong.unwrap_err().problems()[0].field, "password");
        attempt("As agreed.", PASSWORD).await.unwrap();
        let app = apps::Entity::find_by_id(row.app_id)
            .one(reading)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (app.level.as_str(), app.suspended),
            (level_after.word(), suspended)
        );
    }
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_happened_after_the_approver_looked_stops_the_approval(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let envelope = seen(&story, case).await;
    commands::propose_decline(
        &story.desk,
        &cast.commercial,
        &envelope,
        ProposeDecline {
            reason: Some(DeclineReason::DataUse),
            text: "The data are sold on.".to_owned(),
        },
    )
    .await
    .unwrap();

    let late = commands::approve(&story.desk, &cast.approver, &envelope, "", PASSWORD).await;
    let Err(Error::Conflict { changes }) = late else {
        panic!("{late:?}")
    };
    assert_eq!(changes[0].who, "Carmen");
    let reading = story.desk.database.read();
    assert!(
        signatures::Entity::find()
            .all(reading)
            .await
            .unwrap()
            .is_empty()
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_reviewed_the_case_cannot_approve_it_and_reads_why(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let both = story
        .person("bea", &[Role::Approver, Role::CommercialReviewer])
        .await;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    story
        .step(
            &story.cast.lead,
            case,
            Action::Assign {
                seat: Seat::Commercial,
                to: both.person,
                roles: both.roles.clone(),
                is_member: false,
                away: None,
                seen: Some(story.cast.commercial.person),
                note: workflow::Internal::default(),
            },
        )
        .await;
    for item in story.items(case, ListKind::Commercial).await {
        let envelope = seen(&story, case).await;
        commands::check_item(
            &story.desk,
            &both,
            &envelope,
            mark(ListKind::Commercial, &item, "pass", ""),
        )
        .await
        .unwrap();
    }
    let envelope = seen(&story, case).await;
    commands::pass_track(&story.desk, &both, &envelope, Track::Commercial)
        .await
        .unwrap();
    story
        .step(&story.cast.owner, case, story::accept_dla())
        .await;

    let page = case_page(&story.desk, &both, case, None).await.unwrap();
    let approve = page
        .actions
        .iter()
        .find(|possible| possible.action == ActionKind::Approve)
        .unwrap();
    assert_eq!(
        approve.obstacle.as_ref().unwrap().reason,
        "You did the commercial review; someone else decides."
    );
    let envelope = seen(&story, case).await;
    let own = commands::approve(&story.desk, &both, &envelope, "", PASSWORD).await;
    assert!(matches!(own, Err(Error::Forbidden { rule, .. }) if rule == "four_eyes"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_item_needs_words_and_a_blocker_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Full, StateKind::Review).await;
    let item = story.items(case, ListKind::Technical).await.remove(0);
    let check = async |verdict: &str, note: &str| {
        let envelope = seen(&story, case).await;
        let mark = mark(ListKind::Technical, &item, verdict, note);
        commands::check_item(&story.desk, &cast.technical, &envelope, mark).await
    };
    assert_eq!(
        check("fail", " ").await.unwrap_err().problems()[0].field,
        "note"
    );
    assert_eq!(
        check("not_applicable", "").await.unwrap_err().problems()[0].field,
        "note"
    );
    assert_eq!(
        check("perhaps", "").await.unwrap_err().problems()[0].field,
        "verdict"
    );
    check("fail", "Tokens lie in the binary.").await.unwrap();

    let finding = story.case(case).await.findings[0].clone();
    assert_eq!(finding.text, "Tokens lie in the binary.");
    let waiver = |who| {
        let waiver = WaiveFinding {
            finding: finding.id,
            reason: "Known.".to_owned(),
        };
        let story = &story;
        async move { commands::waive_finding(&story.desk, who, &seen(story, case).await, waiver).await }
    };
    // Findings of a track are settled by its own reviewer, or by a lead.
    assert!(matches!(
        waiver(&cast.commercial).await,
        Err(Error::Forbidden { .. })
    ));
    // A blocker is waived by nobody.
    assert_eq!(finding.severity, workflow::checklist::Severity::Blocker);
    for who in [&cast.technical, &cast.lead] {
        let stays = waiver(who).await;
        assert!(matches!(stays, Err(Error::Refused(Refusal::BlockerStays))));
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn questions_are_asked_where_they_belong_and_problems_name_their_field(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let ask = async |questions: Vec<(&str, &str)>, due: &str| {
        let request = RequestClarification {
            questions: questions
                .into_iter()
                .map(|(about, text)| Question {
                    about: about.to_owned(),
                    text: text.to_owned(),
                })
                .collect(),
            due: due.to_owned(),
        };
        let envelope = seen(&story, case).await;
        commands::request_clarification(&story.desk, &cast.reviewer, &envelope, request).await
    };
    let fields = |error: Error| -> Vec<String> {
        error.problems().iter().map(|p| p.field.clone()).collect()
    };
    assert_eq!(
        fields(ask(vec![("", "")], "").await.unwrap_err()),
        ["text-1"]
    );
    assert_eq!(
        fields(
            ask(vec![("", ""), ("field:nonsense", "Why?")], "tomorrow")
                .await
                .unwrap_err()
        ),
        ["about-2", "due"]
    );
    assert_eq!(
        fields(ask(vec![("", "Why?")], "2020-01-01").await.unwrap_err()),
        ["due"]
    );
    let long = "x".repeat(4_001);
    assert_eq!(
        fields(ask(vec![("", &long)], "").await.unwrap_err()),
        ["text-1"]
    );

    ask(vec![("", "Who\r\nare they?"), ("", " ")], "")
        .await
        .unwrap();
    let case = story.case(case).await;
    assert_eq!(case.questions.len(), 1);
    assert_eq!(case.questions[0].text, "Who\nare they?");
    // Ten business days from a Monday.
    let due = case.state.developer_due().unwrap();
    assert_eq!(due.to_string(), "2026-03-16T23:59:59.999999Z");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_declined_case_is_reopened_once_for_someone_else(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let decision = Decline {
        reason: None,
        text: "No.".to_owned(),
    };
    let decline = async |decision: Decline, password: &str| {
        let envelope = seen(&story, case).await;
        commands::decline(&story.desk, &cast.approver, &envelope, decision, password).await
    };
    let unsaid = decline(decision.clone(), PASSWORD).await;
    assert_eq!(unsaid.unwrap_err().problems()[0].field, "reason");
    let decision = Decline {
        reason: Some(DeclineReason::UseCase),
        ..decision
    };
    let alone = decline(decision.clone(), PASSWORD).await.unwrap_err();
    assert!(
        matches!(alone, Error::Refused(Refusal::NobodyReviewed)),
        "{alone:?}"
    );
    let item = story.items(case, ListKind::Completeness).await.remove(0);
    let fault = mark(ListKind::Completeness, &item, "fail", "No use is named.");
    let envelope = seen(&story, case).await;
    commands::check_item(&story.desk, &cast.reviewer, &envelope, fault)
        .await
        .unwrap();
    let wrong = decline(decision.clone(), "not it at all")
        .await
        .unwrap_err();
    assert_eq!(wrong.problems()[0].field, "password");
    decline(decision, PASSWORD).await.unwrap();
    let reopen = async |to: Option<&Caller>, although: &str| {
        let reopening = commands::Reopen {
            reason: "New evidence.".to_owned(),
            to: to.map(|who| who.person),
            although: although.to_owned(),
        };
        let envelope = seen(&story, case).await;
        commands::reopen(&story.desk, &cast.lead, &envelope, reopening).await
    };
    let nobody = reopen(None, "").await.unwrap_err();
    assert_eq!(nobody.problems()[0].field, "to");
    // Who checked an item of it looks at it again only where the lead says why.
    let same = reopen(Some(&cast.reviewer), " ").await.unwrap_err();
    assert_eq!(same.problems()[0].field, "although");
    let why = "Nobody else reads Portuguese.";
    reopen(Some(&cast.reviewer), why).await.unwrap();
    assert_eq!(story.case(case).await.state.kind(), StateKind::Completeness);
    let page = case_page(&story.desk, &cast.lead, case, None)
        .await
        .unwrap();
    let told = page
        .history
        .entries
        .iter()
        .find(|one| one.name == "reopened");
    assert!(told.unwrap().what.contains(why), "{told:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_case_page_is_for_those_who_review_and_never_for_a_draft(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
    for who in [&cast.owner, &cast.member, &cast.stranger, &cast.admin] {
        let answer = case_page(&story.desk, who, case, None).await;
        assert!(matches!(answer, Err(Error::NotFound)), "{}", who.name);
        let looked = commands::look_at(&story.desk, who, case, Looks::Reads).await;
        assert!(matches!(looked, Err(Error::NotFound)));
    }
    commands::look_at(&story.desk, &cast.lead, case, Looks::Writes)
        .await
        .unwrap();
    let page = case_page(&story.desk, &cast.compliance, case, None)
        .await
        .unwrap();
    assert_eq!(page.looking[0].name, "Lena");
    assert!(
        page.actions
            .iter()
            .all(|possible| possible.obstacle.is_some())
    );

    let draft = story.case_in(AccessLevel::Limited, StateKind::Draft).await;
    let answer = case_page(&story.desk, &cast.reviewer, draft, None).await;
    assert!(matches!(answer, Err(Error::NotFound)));
}
