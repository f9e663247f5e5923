//! Who may: the role × action grid as a file whose changes are reviewed, and what happens where
//! the policy is empty or cannot be read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use casework::policy::{self, BUILT_IN, Subject, Verdict};
use std::{collections::BTreeSet, fmt::Write};
use support::*;
use workflow::Relation;

/// A column of the grid: its name, the roles and the relations to the object.
type Column = (&'static str, &'static [Role], &'static [Relation]);

const COLUMNS: &[Column] = &[
    ("nobody", &[], &[]),
    ("stranger", &[Role::Developer], &[]),
    ("member", &[Role::Developer], &[Relation::AppMember]),
    (
        "owner",
        &[Role::Developer],
        &[Relation::AppMember, Relation::AppOwner],
    ),
    (
        "signing owner",
        &[Role::Developer],
        &[
            Relation::AppMember,
            Relation::AppOwner,
            Relation::AppSignatory,
        ],
    ),
    ("reviewer", &[Role::Reviewer], &[]),
    ("assignee", &[Role::Reviewer], &[Relation::Assignee]),
    ("commercial", &[Role::CommercialReviewer], &[]),
    (
        "with seat",
        &[Role::CommercialReviewer],
        &[Relation::CommercialSeat],
    ),
    ("technical", &[Role::TechnicalReviewer], &[]),
    (
        "with seat",
        &[Role::TechnicalReviewer],
        &[Relation::TechnicalSeat],
    ),
    ("lead", &[Role::Lead], &[]),
    ("approver", &[Role::Approver], &[]),
    (
        "who reviewed",
        &[Role::Approver, Role::Reviewer],
        &[Relation::CaseReviewer],
    ),
    (
        "member too",
        &[Role::Approver, Role::Lead],
        &[Relation::AppMember],
    ),
    ("compliance", &[Role::Compliance], &[]),
    ("admin", &[Role::Admin], &[]),
    ("clock", &[], &[Relation::Clock]),
];

fn subject((_, roles, relations): &Column) -> Subject {
    Subject::new(
        &roles.iter().copied().collect(),
        &relations.iter().copied().collect(),
    )
}

/// Every object and action that the policy or the workflow speaks of.
fn questions() -> BTreeSet<(&'static str, &'static str)> {
    let of_policy = BUILT_IN
        .lines()
        .filter(|line| line.starts_with("p,"))
        .map(|line| {
            let parts: Vec<&'static str> = line.split(',').map(str::trim).collect();
            (parts[2], parts[3])
        });
    let of_workflow = ActionKind::ALL.iter().map(|kind| ("case", kind.word()));
    of_policy.chain(of_workflow).collect()
}

#[tokio::test]
async fn role_by_action() {
    let rig = Rig::open(Engine::Sqlite).await;
    let mut grid = String::from(
        "Who may, by role and relation. `yes`; `.` no rule allows it; else the rule that denies it.\n\n",
    );
    write!(grid, "{:34}", "").unwrap();
    for (name, ..) in COLUMNS {
        write!(grid, "{name:14}").unwrap();
    }
    grid.truncate(grid.trim_end().len());
    grid.push('\n');
    for (object, action) in questions() {
        let mut line = format!("{:34}", format!("{object} {action}"));
        for column in COLUMNS {
            let cell = match rig.policy.ask(&subject(column), object, action) {
                Verdict::Allowed => "yes",
                Verdict::Denied(rule) if rule == "no_rule" => ".",
                Verdict::Denied(rule) if rule == "conflict_of_interest" => "conflict",
                Verdict::Denied(rule) if rule == "four_eyes" => "four eyes",
                Verdict::Denied(rule) => panic!("a rule without words: {rule}"),
            };
            write!(line, "{cell:14}").unwrap();
        }
        writeln!(grid, "{}", line.trim_end()).unwrap();
    }
    insta::assert_snapshot!(grid);
}

#[tokio::test]
async fn every_case_action_may_be_done_by_someone_and_by_no_stranger() {
    let rig = Rig::open(Engine::Sqlite).await;
    for kind in ActionKind::ALL {
        let allowed: Vec<&str> = COLUMNS
            .iter()
            .filter(|column| {
                rig.policy.ask(&subject(column), "case", kind.word()) == Verdict::Allowed
            })
            .map(|(name, ..)| *name)
            .collect();
        assert!(!allowed.is_empty(), "nobody may {kind:?}");
        for never in ["nobody", "stranger", "admin", "compliance"] {
            assert!(!allowed.contains(&never), "{never} may {kind:?}");
        }
    }
}

/// Denies all, to everybody, in policy and commands.
async fn assert_denies_all(story: &Story, desk: &Desk, case: CaseNumber) {
    for column in COLUMNS {
        for (object, action) in questions() {
            assert_eq!(
                desk.policy.ask(&subject(column), object, action),
                Verdict::Denied("no_rule".to_owned()),
                "{} {object} {action}",
                column.0
            );
        }
    }
    let reason = String::new();
    let refused = story::act(desk, &story.cast.owner, case, Action::Withdraw { reason }).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_policy_denies_everything(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    story.sql("DELETE FROM policy_rules").await.unwrap();
    assert_denies_all(&story, &story.another_desk().await, case).await;
    story.sql("DELETE FROM policy_versions").await.unwrap();
    assert_denies_all(&story, &story.another_desk().await, case).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_policy_denies_everything(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    story.sql("DROP TABLE policy_rules").await.unwrap();
    assert_denies_all(&story, &story.another_desk().await, case).await;
    // A running desk that can no longer tell which version is in force trusts none.
    story.sql("DROP TABLE policy_versions").await.unwrap();
    story.desk.policy.refresh(&story.desk.database).await;
    assert_denies_all(&story, &story.desk, case).await;
}

#[tokio::test]
async fn a_rule_that_names_nobody_allows_nobody() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story.draft(AccessLevel::Limited).await;
    let text = "p, , case, withdraw, allow, hole\np, , case, read, allow, hole\n";
    policy::publish(&story.desk.database, text, story.now())
        .await
        .unwrap();
    assert_denies_all(&story, &story.another_desk().await, case).await;
}

#[tokio::test]
async fn a_new_version_holds_for_every_desk_after_its_refresh() {
    let story = Story::begin(Engine::Sqlite).await;
    let other = story.another_desk().await;
    let before = other.policy.version();
    let without: String = BUILT_IN
        .lines()
        .filter(|line| !line.contains("approve, allow"))
        .fold(String::new(), |text, line| text + line + "\n");
    policy::publish(&story.desk.database, &without, story.now())
        .await
        .unwrap();
    let approver = Subject::new(&BTreeSet::from([Role::Approver]), &BTreeSet::new());
    assert_eq!(
        other.policy.ask(&approver, "case", "approve"),
        Verdict::Allowed
    );
    other.refresh().await.unwrap();
    assert_eq!(other.policy.version(), before + 1);
    assert_ne!(
        other.policy.ask(&approver, "case", "approve"),
        Verdict::Allowed
    );
}
