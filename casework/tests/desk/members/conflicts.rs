//! Who is or was on an app's side takes no step of staff about it.

use super::*;
use casework::paging::Count;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_cannot_take_staff_away_from_its_own_case(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let app = app_of(&story, case).await;
    // The reviewer did review work, the commercial reviewer holds a seat; the others do not work on it.
    let staff = [
        (&cast.reviewer, false),
        (&cast.commercial, false),
        (&cast.lead, true),
        (&cast.approver, true),
    ];
    for (who, _) in staff {
        invite(&story, app, &who.username).await.unwrap();
        // Being invited changes nothing for anybody.
        let page = queries::case_page::case_page(&story.desk, who, case, None).await;
        assert!(page.is_ok(), "{}", who.username);
    }
    for (who, may) in staff {
        let invitation = invited(&story, who).await.remove(0);
        assert_eq!(invitation.obstacle.is_none(), may, "{}", who.username);
        let answer =
            commands::answer_invitation(&story.desk, who, invitation.id, Answer::Accept).await;
        if may {
            answer.unwrap();
            assert_conflicted(&story, case, who, &who.username).await;
        } else {
            let why = answer.unwrap_err().to_string();
            assert!(why.contains(&case.to_string()), "{why}");
            let relations = loaded(&story, case).await.relations_of(who.person);
            assert!(!relations.contains(&Relation::Conflicted));
        }
    }
    // No letter asked those away who are at work on it.
    let told = letters(&story, "member_invited").await;
    let told: Vec<&str> = told.iter().map(|row| row.to_address.as_str()).collect();
    assert_eq!(told, ["amara@example.org", "lena@example.org"]);
    // And anyone can leave again, staff too.
    commands::leave_app(&story.desk, &cast.lead, app)
        .await
        .unwrap();
    assert_conflicted(&story, case, &cast.lead, "lead who left").await;
    // She reads no more of it, and is told why.
    let page = queries::case_page::case_page(&story.desk, &cast.lead, case, None).await;
    assert_eq!(rule(&page.unwrap_err()), "conflict_of_interest");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_bars_no_approver_from_suspending_and_revoking(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    let app = app_of(&story, case).await;
    invite(&story, app, "amara").await.unwrap();
    let relations = loaded(&story, case)
        .await
        .relations_of(story.cast.approver.person);
    let approver = Subject::new(&story.cast.approver.roles, &relations);
    for kind in [
        ActionKind::SuspendGrant,
        ActionKind::ReinstateGrant,
        ActionKind::RevokeGrant,
        ActionKind::ChangeCap,
    ] {
        assert_eq!(story.policy.ask(&approver, kind), Verdict::Allowed);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_let_an_app_in_does_not_join_it_while_its_access_holds(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    let app = app_of(&story, case).await;
    let let_in = [&cast.reviewer, &cast.approver];
    for who in let_in {
        invite(&story, app, &who.username).await.unwrap();
        let invitation = invited(&story, who).await.remove(0);
        let shown = invitation.obstacle.unwrap_or_default();
        let answer =
            commands::answer_invitation(&story.desk, who, invitation.id, Answer::Accept).await;
        let why = answer.unwrap_err().to_string();
        assert!(why.contains("its access holds"), "{why}");
        assert_eq!(why, shown);
    }
    assert!(letters(&story, "member_invited").await.is_empty());
    // Staff who had no part in it may; and the others once its access is gone.
    invite(&story, app, &cast.compliance.username)
        .await
        .unwrap();
    let revoke = Action::RevokeGrant {
        reason: workflow::Outward::written("They stopped paying."),
        signature: SignatureId(Uuid::nil()),
    };
    story.step(&cast.approver, case, revoke).await;
    for who in [&cast.compliance, let_in[0], let_in[1]] {
        let invitation = invited(&story, who).await.remove(0);
        commands::answer_invitation(&story.desk, who, invitation.id, Answer::Accept)
            .await
            .unwrap();
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_developer_who_left_her_app_does_not_decide_about_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let both = story
        .person(
            "bea",
            &[
                Role::Developer,
                Role::Approver,
                Role::Lead,
                Role::Compliance,
            ],
        )
        .await;
    let app = story.app("Own", &both).await;
    let case = story.draft_for(app, &both, AccessLevel::Limited).await;
    commands::invite_member(&story.desk, &both, app, "stella", LEADS)
        .await
        .unwrap();
    let invitation = invited(&story, &story.cast.stranger).await.remove(0);
    commands::answer_invitation(
        &story.desk,
        &story.cast.stranger,
        invitation.id,
        Answer::Accept,
    )
    .await
    .unwrap();
    commands::leave_app(&story.desk, &both, app).await.unwrap();
    story
        .step(&story.cast.stranger, case, story::submission())
        .await;
    let decline = story::decline("No use of the data.");
    let refused = story.act(&both, case, decline).await.unwrap_err();
    assert_eq!(rule(&refused), "conflict_of_interest");
    let format = casework::reports::Format::Csv;
    let export = casework::reports::export_case(&story.desk, &both, case, format).await;
    assert_eq!(rule(&export.err().unwrap()), "conflict_of_interest");
    assert_conflicted(&story, case, &both, "former owner").await;
    // Nor does the whole trail show what staff wrote about it.
    let everything = queries::audit::TrailFilter::default();
    let seen = queries::audit::explorer(&story.desk, &both, everything.clone(), Default::default())
        .await
        .unwrap();
    let by_others = queries::audit::explorer(
        &story.desk,
        &story.cast.compliance,
        everything,
        Default::default(),
    )
    .await
    .unwrap();
    let of_case = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.is_not_null())
        .count(story.database.read())
        .await
        .unwrap();
    let of_app = audit_events::Entity::find()
        .filter(audit_events::Column::SubjectId.eq(app.to_string()))
        .count(story.database.read())
        .await
        .unwrap();
    assert!(of_case > 0 && of_app > 0);
    // Nor how much of it there is.
    let (seen, all) = (seen.count, by_others.count);
    assert_eq!(seen, Count::exact(all.number - of_case - of_app));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_tie_to_the_developers_side_is_a_conflict_for_good(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.draft(AccessLevel::Limited).await;
    assert_conflicted(&story, case, &cast.member, "present member").await;
    commands::remove_member(&story.desk, &cast.owner, story.app, cast.member.person)
        .await
        .unwrap();
    assert_conflicted(&story, case, &cast.member, "removed member").await;
    join(&story, story.app, &cast.stranger, PLAIN).await;
    commands::leave_app(&story.desk, &cast.stranger, story.app)
        .await
        .unwrap();
    assert_conflicted(&story, case, &cast.stranger, "member who left").await;

    // Where a policy lets people act who were never members, what they did is on record.
    let mut text = BUILT_IN.to_owned();
    for act in [
        "read_draft",
        "edit_draft",
        "add_attachment",
        "submit",
        "withdraw",
    ] {
        text += &format!("p, lead, case, {act}, developer, allow, lead\n");
    }
    policy::publish(&story.database, &text, story.now())
        .await
        .unwrap();
    story.desk.refresh().await.unwrap();
    let acts = [
        (
            "author",
            Action::EditDraft {
                fields: vec!["use".to_owned()],
            },
        ),
        (
            "uploader",
            story::sample(ActionKind::AddAttachment, &cast.owner),
        ),
        ("submitter", story::submission()),
        (
            "who withdrew",
            Action::Withdraw {
                reason: String::new(),
            },
        ),
    ];
    for (index, (kind, action)) in acts.into_iter().enumerate() {
        let who = story.person(&format!("helper{index}"), &[Role::Lead]).await;
        assert!(
            loaded(&story, case)
                .await
                .relations_of(who.person)
                .is_empty()
        );
        story.act(&who, case, action).await.unwrap();
        assert_conflicted(&story, case, &who, kind).await;
        // It is no membership.
        let profile = queries::app_profile(&story.desk, &who, story.app).await;
        assert!(matches!(profile, Err(Error::NotFound)));
    }
    story::assert_sound(&story.database).await;
}

/// Of accepting and being given a seat at the same moment one comes first, and the other is then
/// refused: nobody holds a seat of a case in conflict.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_accepts_while_being_given_a_seat_ends_as_one_of_the_two(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for round in 0..5 {
        let case = story
            .case_in(AccessLevel::Limited, StateKind::Submitted)
            .await;
        let app = app_of(&story, case).await;
        let rita = story
            .person(&format!("rita{round}"), &[Role::Reviewer])
            .await;
        invite(&story, app, &rita.username).await.unwrap();
        let invitation = invited(&story, &rita).await.remove(0);
        let (accepted, assigned) = tokio::join!(
            commands::answer_invitation(&story.desk, &rita, invitation.id, Answer::Accept),
            story.act(&rita, case, story::take(Seat::Case, &rita)),
        );
        assert!(accepted.is_ok() || assigned.is_ok());
        let relations = loaded(&story, case).await.relations_of(rita.person);
        let both =
            relations.contains(&Relation::Assignee) && relations.contains(&Relation::Conflicted);
        assert!(!both, "round {round}: {accepted:?}, {assigned:?}");
    }
}

/// As the tables were before memberships kept their rows: those who left have none.
const AS_BEFORE: [&str; 5] = [
    "DROP TABLE app_invitations",
    "ALTER TABLE app_members DROP COLUMN left_at",
    "ALTER TABLE app_members DROP COLUMN version",
    "DELETE FROM app_members",
    "DELETE FROM seaql_migrations WHERE version LIKE '%_000021_%' OR version LIKE '%_000022_%'",
];

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_left_before_memberships_kept_their_rows_is_found_in_the_trail(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.draft(AccessLevel::Limited).await;
    let edit = || Action::EditDraft {
        fields: vec!["use".to_owned()],
    };
    story.act(&cast.member, case, edit()).await.unwrap();
    let told = |name, person: &Caller| audit::Entry {
        actor: Some(Actor::Person(cast.owner.person)),
        subject: audit::Subject::App(story.app.0),
        name,
        body: json!({ "person": person.person, "before": null, "after": null }),
        reason: String::new(),
    };
    let maker = audit::Entry {
        actor: Some(Actor::Person(cast.technical.person)),
        ..told("app_created", &cast.technical)
    };
    let transaction = story.database.begin().await.unwrap();
    let entries = vec![
        maker,
        told("member_added", &cast.stranger),
        told("member_removed", &cast.stranger),
    ];
    audit::append(&transaction, story.now(), 1, entries)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    for statement in AS_BEFORE {
        story.sql(statement).await.unwrap();
    }
    migrations::Migrator::up(story.database.write(), None)
        .await
        .unwrap();
    for (kind, who) in [
        ("author of a draft", &cast.member),
        ("who started it", &cast.owner),
        ("who was added and removed", &cast.stranger),
        ("who made the app", &cast.technical),
    ] {
        assert_conflicted(&story, case, who, kind).await;
        let profile = queries::app_profile(&story.desk, who, story.app).await;
        assert!(matches!(profile, Err(Error::NotFound)), "{kind}");
    }
    let relations = loaded(&story, case).await.relations_of(cast.lead.person);
    assert!(relations.is_empty());
}
