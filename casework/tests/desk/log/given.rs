//! Receipts and bundles as they are given, verified from their bytes alone.

use super::*;
use crate::support::story::*;
use casework::{
    log::{check, receipt, receivable},
    queries::audit::TrailFilter,
    reports::{Export, bundle_of_case, bundle_of_trail},
};
use futures_util::TryStreamExt;
use std::collections::BTreeSet;
use trail::{bundle, receipt::Receipt};
use workflow::{Internal, event::Granted};

/// How many records the event of a receipt binds.
fn bound(given: &Receipt) -> usize {
    let body = serde_json::from_str(&given.event.body).unwrap();
    trail::record::read(&body).len()
}

async fn bytes(export: Export) -> Vec<u8> {
    let pieces: Vec<Vec<u8>> = export.body.try_collect().await.unwrap();
    pieces.concat()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_developer_gets_receipts_that_prove_themselves(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let mut action = approve(AccessLevel::Limited);
    if let Action::Approve {
        granted: Granted { note, .. },
    } = &mut action
    {
        *note = Internal::default();
    }
    story.step(&story.cast.approver, case, action).await;
    let (desk, owner) = (&story.rig.desk, &story.cast.owner);
    let listed = receivable(desk, owner, case).await.unwrap();
    let what: Vec<&str> = listed.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(what.len(), 3, "{what:?}");
    let keys = desk.log.keys.read().unwrap().verifiers();
    for one in &listed {
        let (name, text) = receipt(desk, owner, case, one.seq).await.unwrap();
        assert!(name.ends_with(".receipt.json"));
        let given = Receipt::parse(&text).unwrap();
        let proven = given.verify(Some(&keys)).unwrap();
        assert_eq!(given.event.seq, one.seq);
        assert!(proven.checkpoint.size >= u64::try_from(one.seq).unwrap());
        assert!(
            !text.contains(&story.cast.approver.name),
            "our side has no names"
        );
        let shown = check(desk, &text).await.unwrap().unwrap();
        assert!(shown.still_there);
        let altered = text.replace(&given.event.id.to_string(), &new_id().to_string());
        assert!(check(desk, &altered).await.unwrap().is_err());
        let denied = receipt(desk, &story.cast.stranger, case, one.seq).await;
        assert!(matches!(denied, Err(Error::NotFound)));
    }
    // By number alone nobody gets what is no receipt's, or another case's.
    let other = events(&story.rig).await[0].seq;
    let denied = receipt(desk, owner, case, other).await;
    assert!(matches!(denied, Err(Error::NotFound)));
}

/// The note beside an approval is for our side: its event is given to nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_ours_leaves_with_no_receipt() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let mut action = approve(AccessLevel::Limited);
    if let Action::Approve {
        granted: Granted { note, .. },
    } = &mut action
    {
        *note = Internal::written("Watch them.");
    }
    story.step(&story.cast.approver, case, action).await;
    let names = async |who: &Caller| {
        let all = receivable(&story.rig.desk, who, case).await.unwrap();
        let all = all.into_iter().map(|one| one.seq).collect::<Vec<_>>();
        let events = events(&story.rig).await;
        let name = |seq: &i64| events[usize::try_from(*seq - 1).unwrap()].name.clone();
        all.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&story.cast.owner).await,
        ["dla_accepted", "submitted"]
    );
    assert_eq!(
        names(&story.cast.compliance).await,
        ["approved", "dla_accepted", "submitted"]
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_and_the_whole_trail_leave_as_bundles_that_prove_themselves(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, shelf) = published(engine).await;
    let keys = shelf.verifiers();
    let cyril = person(&rig, "cyril", &[Role::Compliance]).await;
    let cases = casework::entities::cases::Entity::find();
    let approved: Vec<_> = cases.all(rig.desk.database.read()).await.unwrap();
    let (mut files, mut signatures) = (0, 0);
    for case in approved {
        let number = CaseNumber(u32::try_from(case.number).unwrap());
        let export = match bundle_of_case(&rig.desk, &cyril, number).await {
            Ok(export) => export,
            Err(Error::NotFound) => continue,
            Err(error) => panic!("{error:?}"),
        };
        let pack = bytes(export).await;
        let report = bundle::verify(pack.as_slice(), Some(&keys)).unwrap();
        assert_eq!(report.faults, [], "{number}");
        assert!(report.events > 0 && report.rows > 0);
        // The same for people, with a link to each file.
        assert_eq!(report.readable, 2);
        let text = String::from_utf8_lossy(&pack);
        assert!(text.contains(&format!("readable/{number}.pdf")) && text.contains("%PDF"));
        assert!(text.contains(&format!("<title>Case {number}")));
        let linked = text.split("href=\"../files/").skip(1);
        let linked: BTreeSet<&str> = linked.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(
            linked.len(),
            usize::try_from(report.files).unwrap(),
            "{number}"
        );
        files += report.files;
        for one in receivable(&rig.desk, &cyril, number).await.unwrap() {
            let (_, text) = receipt(&rig.desk, &cyril, number, one.seq).await.unwrap();
            let given = Receipt::parse(&text).unwrap();
            let proven = given.verify(Some(&keys)).unwrap();
            assert_eq!(proven.by_hash.len() + given.rows.len(), bound(&given));
            if given.event.name == "dla_accepted" {
                assert_eq!(given.rows[0].table(), "signatures");
                signatures += 1;
            }
        }
    }
    assert!(files > 0, "the demo has files");
    assert!(signatures > 0, "and signed agreements");

    let whole = bundle_of_trail(&rig.desk, &cyril, &TrailFilter::default())
        .await
        .unwrap();
    let report = bundle::verify(bytes(whole).await.as_slice(), Some(&keys)).unwrap();
    assert_eq!(report.faults, []);
    let scope = report.scope.unwrap();
    assert!(scope.events > 1_000 && scope.events <= scope.of);
    let filter = TrailFilter {
        what: "sign_in_failed".to_owned(),
        ..TrailFilter::default()
    };
    let part = bundle_of_trail(&rig.desk, &cyril, &filter).await.unwrap();
    let part = bytes(part).await;
    let report = bundle::verify(part.as_slice(), Some(&keys)).unwrap();
    assert_eq!(report.faults, []);
    assert!(report.events >= 1_000);
    let mut altered = part;
    let at = altered.len() / 2;
    altered[at] ^= 1;
    let report = bundle::verify(altered.as_slice(), Some(&keys)).unwrap();
    assert_ne!(report.faults, []);
    let said = events(&rig).await;
    let noted = said.iter().filter(|event| event.name == "trail_exported");
    assert!(noted.filter(|event| event.body.contains("bundle")).count() >= 2);
    let refused = bundle_of_trail(
        &rig.desk,
        &person(&rig, "dee", &[Role::Developer]).await,
        &filter,
    )
    .await;
    assert!(matches!(refused, Err(Error::NotFound)));
}
