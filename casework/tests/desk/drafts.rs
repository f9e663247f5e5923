//! What is not handed in is its members' alone: a draft, what is gathered while a case waits for
//! its developer, and whatever was taken out again.

use crate::support::{bench::Bench, *};
use casework::{
    commands::{self, Looks},
    entities::audit_events,
    queries::{self, case_page::case_page, queue},
    reports::{Format, Paper, bundle_of_case, export_case},
};
use futures_util::TryStreamExt;
use sea_orm::EntityTrait;
use std::fmt::Debug;
use workflow::{
    Action, AttachmentId, QuestionId,
    event::{Answered, Asked, Pin},
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

fn assert_nothing_there<T: Debug>(what: &str, outcome: casework::Result<T>) {
    assert!(
        matches!(outcome, Err(Error::NotFound)),
        "{what}: {outcome:?}"
    );
}

async fn files_of(bench: &Bench, case: CaseNumber) -> Vec<AttachmentId> {
    let view = queries::application(&bench.rig, &bench.owner, case)
        .await
        .unwrap();
    view.files.iter().map(|file| file.id).collect()
}

async fn download(desk: &Desk, who: &Caller, file: AttachmentId) -> casework::Result<String> {
    queries::attachment(desk, who, file)
        .await
        .map(|download| download.sha256)
}

/// One person for every role there is on our side, each with that role alone, and one with all.
async fn all_of_staff(bench: &Bench) -> Vec<Caller> {
    let mut staff = Vec::new();
    for role in Role::ALL.iter().filter(|role| role.is_staff()) {
        staff.push(
            story::person(
                &bench.rig,
                &format!("only-{}", role.word().replace('_', "-")),
                &[*role],
            )
            .await,
        );
    }
    let every: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| role.is_staff())
        .collect();
    staff.push(story::person(&bench.rig, "everything", &every).await);
    staff
}

async fn assert_hidden(bench: &Bench, who: &Caller, case: CaseNumber, files: &[AttachmentId]) {
    let desk = &bench.rig.desk;
    let name = &who.username;
    assert_nothing_there(name, queries::application(desk, who, case).await);
    assert_nothing_there(name, queries::draft_view(desk, who, case).await);
    assert_nothing_there(name, queries::signing(desk, who, case).await);
    assert_nothing_there(name, case_page(desk, who, case, None).await);
    assert_nothing_there(name, commands::look_at(desk, who, case, Looks::Reads).await);
    for format in [Format::Csv, Format::Pdf(Paper::A4)] {
        let export = export_case(desk, who, case, format).await;
        assert_nothing_there(name, export.map(|export| export.file_name));
    }
    for file in files {
        assert_nothing_there(name, download(desk, who, *file).await);
    }
    for kind in ActionKind::ALL {
        let action = story::sample(*kind, who);
        assert_nothing_there(name, story::act(desk, who, case, action).await);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_its_members_alone_also_when_it_was_withdrawn(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    bench.fill(case).await;
    bench
        .attach(case, "product_pdf", "plan.pdf", PDF)
        .await
        .unwrap();
    let files = files_of(&bench, case).await;
    assert_eq!(files.len(), 1);
    let staff = all_of_staff(&bench).await;
    for who in &staff {
        assert_hidden(&bench, who, case, &files).await;
    }
    download(&bench.rig, &bench.owner, files[0]).await.unwrap();

    commands::withdraw(&bench.rig, &bench.owner, &story::envelope(case), "")
        .await
        .unwrap();
    for who in &staff {
        assert_hidden(&bench, who, case, &files).await;
        for view in queue::View::ALL {
            let filter = queue::Filter::view(*view);
            if let Ok(page) = queue::queue(&bench.rig, who, filter).await {
                assert!(page.rows.iter().all(|row| row.number != case), "{view:?}");
            }
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_taken_out_is_served_to_nobody(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    bench.fill(case).await;
    bench
        .attach(case, "product_pdf", "plan.pdf", PDF)
        .await
        .unwrap();
    let file = files_of(&bench, case).await[0];
    commands::remove_attachment(&bench.rig, &bench.owner, &story::envelope(case), file)
        .await
        .unwrap();
    bench.submit(case).await.unwrap();
    let mut all = all_of_staff(&bench).await;
    all.push(bench.owner.clone());
    for who in &all {
        assert_nothing_there(&who.username, download(&bench.rig, who, file).await);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_gathered_for_an_answer_is_its_members_alone_until_it_is_sent(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let reviewer = story::person(&bench.rig, "rosa", &[Role::Reviewer]).await;
    let case = bench.submitted(AccessLevel::Limited).await;
    let handed_in = files_of(&bench, case).await;
    story::act(
        &bench.rig,
        &reviewer,
        case,
        actions::take(Seat::Case, &reviewer),
    )
    .await
    .unwrap();
    let question = Action::RequestClarification {
        questions: vec![Asked {
            id: QuestionId(new_id()),
            pin: Pin::Case,
            text: workflow::Outward::written("Which of the files is the plan?"),
        }],
        due: bench.rig.now().plus(time::Duration::days(10)),
    };
    story::act(&bench.rig, &reviewer, case, question)
        .await
        .unwrap();
    bench
        .attach(case, "product_pdf", "later.pdf", PDF)
        .await
        .unwrap();
    let gathered = files_of(&bench, case).await;
    let late: Vec<AttachmentId> = gathered
        .into_iter()
        .filter(|file| !handed_in.contains(file))
        .collect();
    assert_eq!(late.len(), 1);
    assert_nothing_there("gathered", download(&bench.rig, &reviewer, late[0]).await);
    let seen = queries::application(&bench.rig, &reviewer, case)
        .await
        .unwrap();
    assert!(seen.files.iter().all(|file| file.id != late[0]));
    // Nor is its name told: not on a page, nor by the trail, of which every export is made.
    for who in all_of_staff(&bench).await {
        let page = case_page(&bench.rig, &who, case, None).await;
        let outside = queries::application(&bench.rig, &who, case).await;
        let told = format!("{page:?} {outside:?}");
        assert!(!told.contains("later.pdf"), "{}", who.username);
    }
    let trail = audit_events::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    assert!(trail.iter().any(|event| event.name == "attachment_added"));
    assert!(trail.iter().all(|event| !event.body.contains("later.pdf")));
    // Nor does it leave in a pack, which is whole without it and says that it is.
    let officer = story::person(&bench.rig, "cyril", &[Role::Compliance]).await;
    let pack = bundle_of_case(&bench.rig.desk, &officer, case)
        .await
        .unwrap();
    let pack: Vec<Vec<u8>> = pack.body.try_collect().await.unwrap();
    let pack = pack.concat();
    let report = trail::bundle::verify(pack.as_slice(), None).unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(report.files, u64::try_from(handed_in.len()).unwrap());
    assert_eq!(report.scope.unwrap().withheld.len(), 1);
    assert!(!String::from_utf8_lossy(&pack).contains("later.pdf"));
    // Its members read it.
    let own = queries::application(&bench.rig, &bench.owner, case).await;
    let told: Vec<String> = own
        .unwrap()
        .history
        .into_iter()
        .map(|entry| entry.what)
        .collect();
    assert!(
        told.iter().any(|what| what.contains("“later.pdf”")),
        "{told:?}"
    );

    let reply = commands::Reply {
        answers: story::stored(&bench.rig, case)
            .await
            .open_questions()
            .map(|question| Answered {
                question: question.id,
                text: "The last one.".to_owned(),
            })
            .collect(),
        ..Default::default()
    };
    commands::answer_clarification(
        &bench.rig,
        &bench.owner,
        &story::looked(&bench.rig, case).await,
        &reply,
    )
    .await
    .unwrap();
    download(&bench.rig, &reviewer, late[0]).await.unwrap();
}
