//! Who may: the role × act grid as a file whose changes are reviewed, the laws that hold for every
//! act, and what happens where the policy is empty or cannot be read.

use crate::support::*;
use casework::{
    Parts, SecondAdmin,
    commands::{self, Authority},
    database::Database,
    entities::audit_events,
    policy::{self, Act, BUILT_IN, CaseAct, Class, HOLDS, NO_RULE, PartnerAct, Subject, Verdict},
};
use sea_orm::{EntityTrait, QueryOrder};
use std::{collections::BTreeSet, fmt::Write, sync::Arc};
use time::Duration;
use workflow::{
    Relation,
    transition::{Signature, StepSide},
};

/// A column of the grid: its name, the roles and the relations to the object.
type Column = (&'static str, &'static [Role], &'static [Relation]);

const MEMBER: &[Relation] = &[Relation::AppMember, Relation::Conflicted];

const COLUMNS: &[Column] = &[
    ("nobody", &[], &[]),
    ("stranger", &[Role::Developer], &[]),
    ("invited", &[Role::Developer], &[Relation::AppInvitee]),
    ("member", &[Role::Developer], MEMBER),
    (
        "owner",
        &[Role::Developer],
        &[
            Relation::AppMember,
            Relation::AppOwner,
            Relation::Conflicted,
        ],
    ),
    (
        "signing owner",
        &[Role::Developer],
        &[
            Relation::AppMember,
            Relation::AppOwner,
            Relation::AppSignatory,
            Relation::Conflicted,
        ],
    ),
    ("left", &[Role::Developer], &[Relation::Conflicted]),
    ("reviewer", &[Role::Reviewer], &[]),
    ("assignee", &[Role::Reviewer], &[Relation::Assignee]),
    ("commercial", &[Role::CommercialReviewer], &[]),
    (
        "with seat",
        &[Role::CommercialReviewer],
        &[Relation::CommercialSeat],
    ),
    (
        "who found it",
        &[Role::CommercialReviewer],
        &[Relation::CommercialSeat, Relation::FindingRecorder],
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
    ("compliance", &[Role::Compliance], &[]),
    ("admin", &[Role::Admin], &[]),
    ("support", &[Role::Support], &[]),
    ("who asked", &[Role::Developer], &[Relation::Requester]),
    (
        "of ours",
        &[Role::Developer, Role::Support],
        &[Relation::Requester],
    ),
    ("author", &[Role::Support], &[Relation::ArticleAuthor]),
    ("partners", &[Role::PartnerManager], &[]),
    (
        "proposer",
        &[Role::PartnerManager, Role::Approver],
        &[Relation::PartnerProposer],
    ),
    ("all, member", Role::ALL, MEMBER),
    ("all, left", Role::ALL, &[Relation::Conflicted]),
    ("clock", &[], &[Relation::Clock]),
];

fn subject((_, roles, relations): &Column) -> Subject {
    Subject::new(
        &roles.iter().copied().collect(),
        &relations.iter().copied().collect(),
    )
}

/// Everybody's every role, with these relations and every seat.
fn all_roles_with(relations: &[Relation]) -> Subject {
    let seats = [
        Relation::Assignee,
        Relation::CommercialSeat,
        Relation::TechnicalSeat,
    ];
    Subject::new(
        &Role::ALL.iter().copied().collect(),
        &relations.iter().copied().chain(seats).collect(),
    )
}

fn denied(rule: &str) -> Verdict {
    Verdict::Denied(rule.to_owned())
}

const fn class_word(class: Class) -> &'static str {
    match class {
        Class::Developer => "developer",
        Class::Staff => "staff",
        Class::Decision => "staff, decides",
        Class::Clock => "clock",
        Class::Either => "either",
    }
}

/// What is signed with a step; nothing for acts that are no step.
fn signed(act: Act) -> &'static str {
    match act {
        Act::Step(kind) => match kind.row().signature {
            Signature::NotNeeded => "",
            Signature::OfRecord => "record",
            Signature::OfAgreement => "agreement",
        },
        Act::Partner(PartnerAct::Decide) => "record",
        Act::Partner(PartnerAct::Reaccept) => "agreement",
        Act::Case(_)
        | Act::App(_)
        | Act::Desk(_)
        | Act::Request(_)
        | Act::Support(_)
        | Act::Partner(_)
        | Act::Entry(_)
        | Act::Gallery(_) => "",
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn role_by_action(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let rig = Rig::open(engine).await;
    let mut grid = String::from(
        "Who may, by role and relation, with whose act it is and what is signed. `yes`; `.` no \
         rule allows it; else the rule that denies it.\n\n",
    );
    write!(grid, "{:32}{:16}{:11}", "", "side", "signature").unwrap();
    for (name, ..) in COLUMNS {
        write!(grid, "{name:14}").unwrap();
    }
    grid.truncate(grid.trim_end().len());
    grid.push('\n');
    let acts: BTreeSet<Act> = Act::all().collect();
    for act in acts {
        let mut line = format!(
            "{:32}{:16}{:11}",
            format!("{} {}", act.object(), act.word()),
            class_word(act.class()),
            signed(act),
        );
        for column in COLUMNS {
            let cell = match rig.policy.ask(&subject(column), act) {
                Verdict::Allowed => "yes",
                Verdict::Denied(rule) if rule == NO_RULE => ".",
                Verdict::Denied(rule) if rule == "conflict_of_interest" => "conflict",
                Verdict::Denied(rule) if rule == "four_eyes" => "four eyes",
                Verdict::Denied(rule) if rule == "own_finding" => "own finding",
                Verdict::Denied(rule) if rule == "own_request" => "own request",
                Verdict::Denied(rule) if rule == "second_person" => "second one",
                Verdict::Denied(rule) if rule == "proposer" => "proposer",
                Verdict::Denied(rule) => panic!("a rule without words: {rule}"),
            };
            write!(line, "{cell:14}").unwrap();
        }
        writeln!(grid, "{}", line.trim_end()).unwrap();
    }
    insta::assert_snapshot!("role_by_action", grid);
}

/// Steps of staff that the clock takes too.
const RELEASES: [Act; 4] = [
    Act::Step(ActionKind::ReleaseCase),
    Act::Step(ActionKind::ReleaseCommercial),
    Act::Step(ActionKind::ReleaseTechnical),
    Act::Request(workflow::support::ActionKind::Release),
];

#[tokio::test]
async fn every_act_of_staff_is_denied_to_whoever_was_ever_on_the_developers_side() {
    let rig = Rig::open(Engine::Sqlite).await;
    for relations in [
        &[Relation::Conflicted][..],
        MEMBER,
        &[Relation::Conflicted, Relation::CaseReviewer],
    ] {
        let subject = all_roles_with(relations);
        for act in Act::all() {
            let verdict = rig.policy.ask(&subject, act);
            match act.class() {
                Class::Staff | Class::Decision => {
                    assert_eq!(verdict, denied("conflict_of_interest"), "{act:?}");
                }
                Class::Developer | Class::Clock | Class::Either => {
                    assert_ne!(verdict, denied("conflict_of_interest"), "{act:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_decision_on_a_case_is_denied_to_whoever_reviewed_it_and_nothing_else_is() {
    let rig = Rig::open(Engine::Sqlite).await;
    let reviewed = all_roles_with(&[Relation::CaseReviewer]);
    let others = all_roles_with(&[]);
    let mut decisions = Vec::new();
    for act in Act::all() {
        let verdict = rig.policy.ask(&reviewed, act);
        if act.class() == Class::Decision && matches!(act, Act::Step(_) | Act::Case(_)) {
            decisions.push(act.word());
            assert_eq!(verdict, denied("four_eyes"), "{act:?}");
            assert_eq!(rig.policy.ask(&others, act), Verdict::Allowed, "{act:?}");
        } else {
            assert_eq!(verdict, rig.policy.ask(&others, act), "{act:?}");
        }
    }
    assert_eq!(
        decisions,
        [
            "approve",
            "decline",
            "suspend_grant",
            "reinstate_grant",
            "revoke_grant",
            "change_cap"
        ]
    );
}

#[tokio::test]
async fn an_act_of_the_developer_is_allowed_by_no_role_of_staff_and_the_other_way_round() {
    let rig = Rig::open(Engine::Sqlite).await;
    let staff: BTreeSet<Role> = Role::ALL.iter().copied().filter(|r| r.is_staff()).collect();
    let seats = [
        Relation::Assignee,
        Relation::CommercialSeat,
        Relation::TechnicalSeat,
    ];
    let staff = Subject::new(&staff, &seats.into_iter().collect());
    let owner = Subject::new(
        &BTreeSet::from([Role::Developer]),
        &BTreeSet::from([
            Relation::AppMember,
            Relation::AppOwner,
            Relation::AppSignatory,
            Relation::AppInvitee,
            Relation::Requester,
            Relation::Conflicted,
        ]),
    );
    let clock = Subject::new(&BTreeSet::new(), &BTreeSet::from([Relation::Clock]));
    for act in Act::all() {
        let may = |who| rig.policy.ask(who, act) == Verdict::Allowed;
        let seen = (may(&owner), may(&staff), may(&clock));
        let right = match act.class() {
            Class::Developer => (true, false, false),
            // What nobody can work on any more, the clock gives back.
            Class::Staff | Class::Decision => (false, true, RELEASES.contains(&act)),
            Class::Clock => (false, false, true),
            Class::Either => (true, true, false),
        };
        assert_eq!(seen, right, "{act:?}");
    }
}

#[test]
fn a_steps_class_follows_from_its_row_of_the_transition_table() {
    for kind in ActionKind::ALL {
        let row = kind.row();
        let class = Act::from(*kind).class();
        let side = match class {
            Class::Developer => Some(StepSide::Developer),
            Class::Staff | Class::Decision => Some(StepSide::Staff),
            Class::Clock => Some(StepSide::Clock),
            Class::Either => None,
        };
        assert_eq!(side, Some(row.side), "{kind:?}");
        let decides = row.side == StepSide::Staff && row.signature != Signature::NotNeeded;
        assert_eq!(class == Class::Decision, decides, "{kind:?}");
    }
    for (act, class) in [
        (CaseAct::Read, Class::Either),
        (CaseAct::ReadInternal, Class::Staff),
        (CaseAct::Export, Class::Staff),
        (CaseAct::AssignOthers, Class::Staff),
    ] {
        assert_eq!(Act::from(act).class(), class, "{act:?}");
    }
}

#[tokio::test]
async fn every_case_action_may_be_done_by_someone_and_by_no_stranger() {
    let rig = Rig::open(Engine::Sqlite).await;
    for kind in ActionKind::ALL {
        let allowed: Vec<&str> = COLUMNS
            .iter()
            .filter(|column| rig.policy.ask(&subject(column), *kind) == Verdict::Allowed)
            .map(|(name, ..)| *name)
            .collect();
        assert!(!allowed.is_empty(), "nobody may {kind:?}");
        for never in [
            "nobody",
            "stranger",
            "invited",
            "left",
            "admin",
            "compliance",
        ] {
            assert!(!allowed.contains(&never), "{never} may {kind:?}");
        }
    }
}

/// Denies all, to everybody, in policy and commands.
async fn assert_denies_all(story: &Story, desk: &Desk, case: CaseNumber) {
    for column in COLUMNS {
        for act in Act::all() {
            assert_eq!(
                desk.policy.ask(&subject(column), act),
                denied(NO_RULE),
                "{} {act:?}",
                column.0
            );
        }
    }
    let reason = String::new();
    let refused = story::act(desk, &story.cast.owner, case, Action::Withdraw { reason }).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

/// The version that the newest event of the trail names.
async fn last_policy_version(story: &Story) -> i32 {
    audit_events::Entity::find()
        .order_by_desc(audit_events::Column::Seq)
        .one(story.database.read())
        .await
        .unwrap()
        .unwrap()
        .policy_version
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
async fn a_desk_whose_policy_cannot_be_read_does_not_begin(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values("policy_rules", "policy_versions")] table: &str,
) {
    let story = Story::begin(engine).await;
    let again = || {
        let (clock, links) = (story.clock.clone(), story.links.clone());
        story.desk.under(Arc::new(clock), Arc::new(links))
    };
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    story.sql(&rename(table, "away")).await.unwrap();
    let refused = again().await.err().unwrap();
    assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
    story.sql(&rename("away", table)).await.unwrap();
    let desk = again().await.unwrap();
    assert_ne!(desk.policy.version(), 0);
    assert_eq!(desk.policy.version(), story.policy.version());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_does_not_answer_the_last_version_holds_for_a_time_and_is_recorded(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let version = story.policy.version();
    assert_ne!(version, 0);
    let refresh = || story.policy.refresh(&story.database, story.now());
    story
        .sql("ALTER TABLE policy_versions RENAME TO away")
        .await
        .unwrap();
    story.clock.pass(HOLDS - Duration::SECOND);
    refresh().await;
    assert_eq!(story.policy.version(), version);
    story
        .act(
            &story.cast.owner,
            case,
            Action::EditDraft {
                fields: vec!["use".to_owned()],
            },
        )
        .await
        .unwrap();
    assert_eq!(last_policy_version(&story).await, version);
    story.clock.pass(Duration::SECOND);
    refresh().await;
    assert_denies_all(&story, &story.desk, case).await;
    // And it holds again as soon as the database says so.
    story
        .sql("ALTER TABLE away RENAME TO policy_versions")
        .await
        .unwrap();
    refresh().await;
    let reason = String::new();
    story
        .act(&story.cast.owner, case, Action::Withdraw { reason })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_time_without_the_database_is_counted_from_its_last_answer() {
    let story = Story::begin(Engine::Sqlite).await;
    let owner = Subject::new(
        &story.cast.owner.roles,
        &BTreeSet::from([Relation::AppMember, Relation::Conflicted]),
    );
    story.clock.pass(HOLDS * 3);
    story.desk.refresh().await.unwrap();
    story.sql("DROP TABLE policy_versions").await.unwrap();
    story.clock.pass(HOLDS - Duration::SECOND);
    story.policy.refresh(&story.database, story.now()).await;
    assert_eq!(story.policy.ask(&owner, CaseAct::Read), Verdict::Allowed);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_event_records_the_version_that_answered_not_the_newest(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let asked = story.policy.version();
    let longer = format!("{BUILT_IN}# another version\n");
    let newest = policy::publish(&story.database, &longer, story.now())
        .await
        .unwrap();
    assert_eq!(newest, asked + 1);
    let reason = String::new();
    story
        .act(&story.cast.owner, case, Action::Withdraw { reason })
        .await
        .unwrap();
    assert_eq!(last_policy_version(&story).await, asked);
}

#[tokio::test]
async fn what_is_no_policy_is_not_published_and_denies_everything_where_it_is_found() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story.draft(AccessLevel::Limited).await;
    for text in [
        "",
        "# nothing\n",
        "p, , case, withdraw, developer, allow, hole\n",
        "p, app_member, case, withdraw, allow, member\n",
    ] {
        let refused = policy::publish(&story.database, text, story.now()).await;
        assert!(matches!(refused, Err(Error::Input { .. })), "{text}");
    }
    story
        .sql("UPDATE policy_rules SET v0 = '' WHERE position = 1")
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
        .filter(|line| !line.contains("approve, decision, allow"))
        .fold(String::new(), |text, line| text + line + "\n");
    policy::publish(&story.desk.database, &without, story.now())
        .await
        .unwrap();
    let approver = Subject::new(&BTreeSet::from([Role::Approver]), &BTreeSet::new());
    let approve = ActionKind::Approve;
    let held = other.policy.snapshot();
    assert_eq!(other.policy.ask(&approver, approve), Verdict::Allowed);
    other.refresh().await.unwrap();
    assert_eq!(other.policy.version(), before + 1);
    assert_ne!(other.policy.ask(&approver, approve), Verdict::Allowed);
    // A step that had begun goes on with what it was asked under.
    assert_eq!(held.version(), before);
    assert!(held.allows(&approver, approve));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_denial_inside_a_step_asks_for_no_second_connection(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let desk = Desk::open(Parts {
        database: Database::open(&story.url, 1).await.unwrap(),
        clock: Arc::new(story.clock.clone()),
        links: Arc::new(story.links.clone()),
        storage: story.storage.clone(),
        base_url: story.base_url.clone(),
        secret: "known to the tests alone, 32 letters".to_owned(),
        second_admin: SecondAdmin::Needed,
        second_factor_for_staff: false,
        log: casework::log::Log::passing().unwrap(),
    })
    .await
    .unwrap();
    let member = &story.cast.member;
    let authority = Authority::default();
    let invited = commands::invite_member(&desk, member, story.app, "stella", authority).await;
    assert!(
        matches!(invited, Err(Error::Forbidden { .. })),
        "{invited:?}"
    );
    let confirm = story::act(&desk, &story.cast.approver, case, Action::ConfirmComplete).await;
    assert!(
        matches!(confirm, Err(Error::Forbidden { .. })),
        "{confirm:?}"
    );
}
