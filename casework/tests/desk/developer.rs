//! The developer's steps, with the form and the agreement that the desk brings along.

use crate::support::{
    bench::{Bench, PASSWORD, good},
    story::envelope,
    *,
};
use casework::{
    commands::{self, Attested, Authority, Envelope, Reply, Signing},
    entities::{attachments, signatures, submissions},
    queries, signatures as signing,
};
use sea_orm::EntityTrait;
use workflow::{
    event::{Answered, Asked, Pin},
    form::Answers,
};

fn one(key: &str, text: &str) -> Answers {
    Answers::from([(key.to_owned(), text.to_owned())])
}

fn fields(error: &Error) -> Vec<&str> {
    error
        .problems()
        .iter()
        .map(|problem| problem.field.as_str())
        .collect()
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_one_application_at_a_time_and_numbers_count_up(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let first = bench.start(AccessLevel::Limited).await;
    assert_eq!(first, CaseNumber(1001));
    let again = commands::start(&bench.rig, &bench.owner, bench.app, AccessLevel::Full).await;
    assert!(matches!(
        again,
        Err(Error::Refused(Refusal::CaseOpen { number })) if number == first
    ));
    let other = story::app(&bench.rig, "Other", &bench.owner, &[]).await;
    let second = commands::start(&bench.rig, &bench.owner, other, AccessLevel::Limited).await;
    assert_eq!(second.unwrap(), CaseNumber(1002));
    let strange =
        commands::start(&bench.rig, &bench.stranger, bench.app, AccessLevel::Limited).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_keeps_what_is_typed_however_wrong_it_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    let odd = "</textarea><script>alert(1)</script>\r\n図 & co";
    let typed = one("description", odd);
    bench
        .save(case, "product", typed, "a", 0, None)
        .await
        .unwrap();
    let draft = queries::draft_view(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    let (_, view) = draft.section("product").unwrap();
    assert_eq!(view.answers["description"], odd.replace("\r\n", "\n"));
    let refused = bench.submit(case).await.unwrap_err();
    assert!(fields(&refused).contains(&"privacy_policy"));
    assert!(fields(&refused).contains(&"target_users"));
    let kept = queries::draft_view(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    assert_eq!(kept.draft_version, draft.draft_version);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_on_two_fields_of_a_section_are_merged_and_on_one_field_are_compared() {
    let bench = Bench::open(Engine::Sqlite).await;
    let case = bench.start(AccessLevel::Limited).await;
    let owner = &bench.owner;
    let stored = async || {
        let draft = queries::draft_view(&bench.rig, owner, case).await.unwrap();
        let (_, view) = draft.section("product").unwrap();
        (view.answers.clone(), draft.draft_version)
    };
    let (drawn, seen) = stored().await;
    let drawn = casework::input::drawn(
        ["description", "target_users", "cgm_need"]
            .map(|key| (key, drawn.get(key).map_or("", String::as_str))),
    );
    let before = stored().await.0;
    // Each page sends its whole section, with what it holds of the fields that were not touched.
    let save = async |tab: &str, key: &str, text: &str| {
        let mut answers = before.clone();
        for key in ["description", "target_users", "cgm_need"] {
            answers.entry(key.to_owned()).or_default();
        }
        answers.insert(key.to_owned(), text.to_owned());
        let typing = commands::Typing {
            section: "product".to_owned(),
            answers,
            seen,
            tab: tab.to_owned(),
            order: None,
            drawn: drawn.clone(),
        };
        commands::edit_draft(&bench.rig, owner, &envelope(case), &typing).await
    };
    save("a", "description", "by a").await.unwrap();
    save("b", "target_users", "by b").await.unwrap();
    save("a", "description", "by a, again").await.unwrap();
    let (answers, _) = stored().await;
    assert_eq!(answers["description"], "by a, again");
    assert_eq!(answers["target_users"], "by b");
    let clash = save("b", "description", "by b").await;
    assert!(matches!(clash, Err(Error::Conflict { .. })));
    // What a page touched and put back is its own.
    save(
        "a",
        "description",
        before.get("description").map_or("", String::as_str),
    )
    .await
    .unwrap();
    assert_eq!(
        stored().await.0.get("description"),
        before.get("description")
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_on_one_section_conflict_and_on_two_sections_do_not(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    let seen = 1;
    let save = |section, key, text, tab, order| {
        bench.save(case, section, one(key, text), tab, seen, order)
    };
    save("product", "description", "from a", "a", None)
        .await
        .unwrap();
    save("privacy", "privacy_policy", "https://b.example", "b", None)
        .await
        .unwrap();
    let clash = save("product", "description", "from b", "b", None).await;
    assert!(matches!(clash, Err(Error::Conflict { .. })));
    // One tab's own savings follow each other; one that arrives late is no step back.
    save("product", "description", "a, second", "c", Some(1))
        .await
        .unwrap_err();
    save("data", "data_use", "typed", "a", Some(2))
        .await
        .unwrap();
    save("data", "data_use", "type", "a", Some(1))
        .await
        .unwrap_err();
    save("data", "data_use", "typed on", "a", None)
        .await
        .unwrap();
    let draft = queries::draft_view(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    assert_eq!(
        draft.section("data").unwrap().1.answers["data_use"],
        "typed on"
    );
    assert_eq!(
        draft.section("product").unwrap().1.answers["description"],
        "from a"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_frozen_with_the_hash_of_its_bytes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    bench.fill(case).await;
    bench.rig.links.break_link(
        "https://glow.example.org/privacy",
        "this address asks for a sign-in; it must be public.",
    );
    let refused = bench.submit(case).await.unwrap_err();
    assert_eq!(fields(&refused), ["privacy_policy"]);
    bench
        .save(
            case,
            "privacy",
            one("privacy_policy", "https://glow.example.org/p"),
            "t",
            99,
            None,
        )
        .await
        .unwrap();
    bench.submit(case).await.unwrap();
    let rows = submissions::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    let [row] = rows.as_slice() else {
        panic!("one revision");
    };
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    let sent = view.sent.unwrap();
    assert_eq!(sent.sha256, row.sha256);
    assert_eq!(sent.answers["privacy_policy"], "https://glow.example.org/p");
    let again = bench.submit(case).await.unwrap_err();
    assert!(matches!(
        again,
        Error::Refused(Refusal::NotInThisState { .. })
    ));
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn files_are_told_by_their_content(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    bench
        .attach(case, "product_pdf", "..\\plan\r\n.pdf", PDF)
        .await
        .unwrap();
    for (field, name, bytes) in [
        ("product_pdf", "plan.pdf", PNG),
        (
            "mockups",
            "page.png",
            b"<html><script>alert(1)</script>" as &[u8],
        ),
        ("mockups", "photo.pdf", PNG),
        ("mockups", "empty.png", b""),
    ] {
        let refused = bench.attach(case, field, name, bytes).await.unwrap_err();
        assert_eq!(fields(&refused), [field], "{name}");
    }
    let wrong_field = bench.attach(case, "description", "plan.pdf", PDF).await;
    assert!(matches!(wrong_field, Err(Error::NotFound)));
    let rows = attachments::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    let [row] = rows.as_slice() else {
        panic!("one file");
    };
    assert_eq!(
        (row.name.as_str(), row.mime.as_str()),
        ("plan .pdf", "application/pdf")
    );
    let id = workflow::AttachmentId(row.id);
    let file = queries::attachment(&bench.rig, &bench.owner, id)
        .await
        .unwrap();
    assert!(file.disposition.starts_with("attachment;"));
    let strange = queries::attachment(&bench.rig, &bench.stranger, id).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    commands::remove_attachment(&bench.rig, &bench.owner, &envelope(case), id)
        .await
        .unwrap();
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_may_amend_the_field_it_is_about(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.submitted(AccessLevel::Limited).await;
    let reviewer = story::person(&bench.rig, "rosa", &[Role::Reviewer]).await;
    let act = |action| story::act(&bench.rig, &reviewer, case, action);
    act(story::take(Seat::Case, &reviewer)).await.unwrap();
    let question = workflow::QuestionId(new_id());
    let asked = Asked {
        id: question,
        pin: Pin::Field {
            key: "target_users".to_owned(),
        },
        text: workflow::Outward::written("Children too?"),
    };
    let due = bench.rig.now().plus(time::Duration::days(10));
    act(Action::RequestClarification {
        questions: vec![asked],
        due,
    })
    .await
    .unwrap();
    let answer = |text: &str, amended| Reply {
        answers: vec![Answered {
            question,
            text: text.to_owned(),
        }],
        amended,
        ..Default::default()
    };
    let send = async |reply: Reply| {
        let envelope = story::looked(&bench.rig, case).await;
        commands::answer_clarification(&bench.rig, &bench.owner, &envelope, &reply).await
    };
    let silent = send(answer(" ", Answers::new())).await.unwrap_err();
    assert_eq!(fields(&silent), [question.to_string()]);
    let faulty = send(answer("Yes.", one("target_users", "")))
        .await
        .unwrap_err();
    assert_eq!(fields(&faulty), ["amend.target_users"]);
    // A field that was not asked about stays as it was.
    let mut amended = one("target_users", "Adults and children from six.");
    amended.extend(one(
        "description",
        "Something else altogether, long enough to pass.",
    ));
    send(answer("Yes, from six.", amended)).await.unwrap();
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    let sent = view.sent.unwrap();
    assert_eq!(sent.revision, 2);
    assert_eq!(
        sent.answers["target_users"],
        "Adults and children from six."
    );
    assert_eq!(sent.answers["description"], good("description"));
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_agreement_is_signed_with_the_password_over_the_documents_bytes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    bench.give_password().await;
    let case = bench.submitted(AccessLevel::Full).await;
    let reviewer = story::person(&bench.rig, "rosa", &[Role::Reviewer]).await;
    let act = |action| story::act(&bench.rig, &reviewer, case, action);
    act(story::take(Seat::Case, &reviewer)).await.unwrap();
    let known = bench.rig.reference.known();
    let list = &known.lists[&(workflow::checklist::ListKind::Completeness, 1)];
    for item in &list.items {
        act(story::check(
            list.kind,
            &item.key,
            workflow::checklist::Verdict::Pass,
        ))
        .await
        .unwrap();
    }
    let signing = Signing {
        version: 1,
        capacity: "Managing director".to_owned(),
        consent: true,
    };
    let sign = async |signing: &Signing, password: &str| {
        commands::accept_dla(&bench.rig, &bench.owner, &envelope(case), signing, password).await
    };
    let early = sign(&signing, PASSWORD).await.unwrap_err();
    assert!(matches!(early, Error::Refused(_)));
    act(Action::ConfirmComplete).await.unwrap();
    let unticked = Signing {
        consent: false,
        ..signing.clone()
    };
    assert_eq!(
        fields(&sign(&unticked, PASSWORD).await.unwrap_err()),
        ["consent"]
    );
    assert_eq!(
        fields(&sign(&signing, "guess").await.unwrap_err()),
        ["password"]
    );
    let outdated = Signing {
        version: 0,
        ..signing.clone()
    };
    assert!(matches!(
        sign(&outdated, PASSWORD).await,
        Err(Error::Refused(Refusal::AgreementOutdated { current: 1 }))
    ));
    sign(&signing, PASSWORD).await.unwrap();
    let rows = signatures::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    let [row] = rows.as_slice() else {
        panic!("one signature");
    };
    assert!(signing::holds(row));
    let agreement = queries::agreement::current(&bench.rig, "dla")
        .await
        .unwrap();
    assert_eq!(row.document_sha256, agreement.sha256);
    let shape = queries::Shape::Original;
    let copy = queries::signed_copy(&bench.rig, &bench.owner, case, shape)
        .await
        .unwrap();
    assert_eq!(copy.bytes, agreement.body.into_bytes());
    let strange = queries::signed_copy(&bench.rig, &bench.stranger, case, shape).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_keeps_an_owner_and_its_secret_is_stored_as_a_hash(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let text = commands::AppText {
        name: "\u{200B}\r\n".to_owned(),
        ..Default::default()
    };
    let refused = commands::create_app(&bench.rig, &bench.owner, &text).await;
    assert_eq!(fields(&refused.unwrap_err()), ["name"]);
    let text = commands::AppText {
        name: "Nightwatch".to_owned(),
        ..Default::default()
    };
    let created = commands::create_app(&bench.rig, &bench.owner, &text).await;
    let (app, secret) = created.unwrap();
    let profile = queries::app_profile(&bench.rig, &bench.owner, app)
        .await
        .unwrap();
    assert!(secret.reveal().ends_with(&profile.secret_hint));
    assert_eq!(profile.secret_hint.len(), 4);
    let alone = commands::remove_member(&bench.rig, &bench.owner, app, bench.owner.person).await;
    assert_eq!(fields(&alone.unwrap_err()), ["person"]);
    let none = Authority::default();
    commands::invite_member(&bench.rig, &bench.owner, app, " STELLA ", none)
        .await
        .unwrap();
    let invited = queries::my_invitations(&bench.rig, &bench.stranger)
        .await
        .unwrap();
    let answer = commands::Answer::Accept;
    commands::answer_invitation(&bench.rig, &bench.stranger, invited[0].id, answer)
        .await
        .unwrap();
    let member =
        commands::replace_secret(&bench.rig, &bench.stranger, app, 1, Default::default()).await;
    assert!(matches!(member, Err(Error::Forbidden { .. })));
    commands::remove_member(&bench.rig, &bench.owner, app, bench.stranger.person)
        .await
        .unwrap();
    let strange = queries::app_profile(&bench.rig, &bench.stranger, app).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    story::assert_sound(&bench.rig.database).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_replaced_once_by_owners_who_looked_at_the_same_app(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let (desk, owner) = (&bench.rig, &bench.owner);
    let profile = queries::app_profile(desk, owner, bench.app).await.unwrap();
    let replace =
        || commands::replace_secret(desk, owner, bench.app, profile.version, Default::default());
    let (first, second) = tokio::join!(replace(), replace());
    let mut outcomes = [first, second];
    outcomes.sort_by_key(Result::is_err);
    assert!(outcomes[0].is_ok());
    assert!(matches!(outcomes[1], Err(Error::Conflict { .. })));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn strangers_find_no_application(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    let (desk, stranger) = (&bench.rig, &bench.stranger);
    let envelope: Envelope = envelope(case);
    let attested = Attested::default();
    let outcomes = [
        commands::submit(desk, stranger, &envelope, attested)
            .await
            .err(),
        commands::withdraw(desk, stranger, &envelope, "")
            .await
            .err(),
        commands::accept_dla(
            desk,
            stranger,
            &envelope,
            &Signing {
                capacity: "Owner".to_owned(),
                consent: true,
                version: 1,
            },
            "guess",
        )
        .await
        .err(),
        queries::application(desk, stranger, case).await.err(),
        queries::draft_view(desk, stranger, case).await.err(),
        queries::signing(desk, stranger, case).await.err(),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Some(Error::NotFound)), "{outcome:?}");
    }
}
