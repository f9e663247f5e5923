//! The self-check of a draft: what is looked at besides the answers, whose it is, and how long it holds.

use crate::support::{bench::Bench, *};
use casework::{
    commands::self_check,
    queries::{SelfChecked, self_checked},
};
use workflow::self_check::Weight;

const WHOLE: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
const LOCKED: &[u8] = b"%PDF-1.7\ntrailer\n<< /Encrypt 2 0 R >>\n%%EOF\n";

async fn seen(bench: &Bench, case: CaseNumber) -> SelfChecked {
    let seen = self_checked(&bench.rig, &bench.owner, case).await;
    seen.unwrap().expect("it was checked")
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_files_are_opened_and_what_is_seen_stays_until_it_is_looked_at_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let (rig, owner) = (&bench.rig, &bench.owner);
    let case = bench.start(AccessLevel::Limited).await;
    assert_eq!(self_checked(rig, owner, case).await.unwrap(), None);
    bench.fill(case).await;
    let form = story::envelope(case);
    self_check(rig, owner, &form).await.unwrap();
    let first = seen(&bench, case).await;
    assert!(first.is_current);
    assert!(
        first
            .found
            .remarks
            .iter()
            .all(|one| one.weight == Weight::Look),
        "{:?}",
        first.found.remarks
    );
    assert_eq!((first.found.addresses, first.found.files), (1, 0));

    rig.links
        .break_link("https://glow.example.org/privacy", "nothing answers there.");
    bench
        .attach(case, "product_pdf", "plan.pdf", WHOLE)
        .await
        .unwrap();
    bench
        .attach(case, "product_pdf", "secret.pdf", LOCKED)
        .await
        .unwrap();
    assert!(!seen(&bench, case).await.is_current, "there are files now");
    self_check(rig, owner, &form).await.unwrap();
    let second = seen(&bench, case).await;
    assert!(second.is_current);
    let wrong = second.found.remarks.iter();
    let wrong = wrong.filter(|one| one.weight == Weight::Wrong);
    let said: Vec<&str> = wrong.map(|one| one.text.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("“secret.pdf” asks for a password"),
        "{said:?}"
    );
    assert!(said[1].contains("nothing answers there."), "{said:?}");
    assert_eq!(second.found.files, 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_self_check_is_its_developers_and_ends_with_the_draft(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let rig = &bench.rig;
    let case = bench.start(AccessLevel::Limited).await;
    bench.fill(case).await;
    let form = story::envelope(case);
    let reviewer = story::person(rig, "rosa", &[Role::Reviewer]).await;
    for who in [&bench.stranger, &reviewer] {
        let checked = self_check(rig, who, &form).await;
        assert!(matches!(checked, Err(Error::NotFound)), "{checked:?}");
        let read = self_checked(rig, who, case).await;
        assert!(matches!(read, Err(Error::NotFound)), "{read:?}");
    }
    for _ in 0..30 {
        self_check(rig, &bench.owner, &form).await.unwrap();
    }
    let often = self_check(rig, &bench.owner, &form).await;
    assert!(matches!(often, Err(Error::Throttled { .. })), "{often:?}");
    bench.submit(case).await.unwrap();
    rig.clock.pass(time::Duration::hours(2));
    let late = self_check(rig, &bench.owner, &form).await;
    assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
    // Of what was handed in our side reads the submission, and nothing of what a machine saw.
    let read = self_checked(rig, &reviewer, case).await;
    assert!(matches!(read, Err(Error::NotFound)), "{read:?}");
}
