//! What casbin is asked and what becomes of its answer, on small policies.

use super::*;
use workflow::ActionKind;

async fn snapshot(text: &str) -> Snapshot {
    Snapshot::of(7, enforcer(text.to_owned()).await.ok())
}

fn who(roles: &[Role], relations: &[Relation]) -> Subject {
    Subject::new(
        &roles.iter().copied().collect(),
        &relations.iter().copied().collect(),
    )
}

fn denied(rule: &str) -> Verdict {
    Verdict::Denied(rule.to_owned())
}

#[tokio::test]
async fn a_rule_allows_whoever_is_all_that_it_names_and_nobody_of_a_name_like_it() {
    let policy = snapshot("p, reviewer+assignee, case, confirm_complete, staff, allow, a").await;
    let may = |roles: &[Role], relations: &[Relation]| {
        policy.allows(&who(roles, relations), ActionKind::ConfirmComplete)
    };
    assert!(may(&[Role::Reviewer], &[Relation::Assignee]));
    assert!(may(
        &[Role::Lead, Role::Reviewer],
        &[Relation::Assignee, Relation::CaseReviewer]
    ));
    for (roles, relations) in [
        (&[][..], &[][..]),
        (&[Role::Reviewer], &[]),
        (&[], &[Relation::Assignee]),
        (&[Role::CommercialReviewer], &[Relation::Assignee]),
        (&[Role::Lead], &[Relation::CaseReviewer]),
    ] {
        assert!(!may(roles, relations), "{roles:?} {relations:?}");
    }
}

#[tokio::test]
async fn a_rule_is_about_its_object_its_act_and_its_class_alone() {
    let lead = who(&[Role::Lead], &[]);
    for (rule, allowed) in [
        ("case, export, staff", vec!["export"]),
        ("desk, export, staff", vec![]),
        ("case, export, developer", vec![]),
        ("any, export_audit, any", vec!["export_audit"]),
        (
            "case, any, decision",
            vec![
                "approve",
                "decline",
                "suspend_grant",
                "reinstate_grant",
                "revoke_grant",
                "change_cap",
            ],
        ),
        (
            "case, any, clock",
            vec!["remind_findings", "remind", "lapse"],
        ),
        ("case, any, either", vec!["read"]),
    ] {
        let policy = snapshot(&format!("p, lead, {rule}, allow, a")).await;
        let may: Vec<&str> = Act::all()
            .filter(|act| policy.allows(&lead, *act))
            .map(Act::word)
            .collect();
        assert_eq!(may, allowed, "{rule}");
    }
}

#[tokio::test]
async fn a_denial_outweighs_every_rule_that_allows_and_is_told_by_its_name() {
    let policy = snapshot(
        "p, approver, case, any, any, allow, all\n\
         p, case_reviewer, any, any, decision, deny, four_eyes\n\
         p, conflicted, any, any, staff, deny, conflict",
    )
    .await;
    let ask = |relations: &[Relation], act: ActionKind| {
        let asked = policy.ask(&who(&[Role::Approver], relations), act);
        // The same question has the same answer, and refuses with the same rule.
        assert_eq!(policy.ask(&who(&[Role::Approver], relations), act), asked);
        let required = policy.require(&who(&[Role::Approver], relations), act);
        match &asked {
            Verdict::Allowed => assert!(required.is_ok()),
            Verdict::Denied(rule) => {
                assert!(required == Err(Denied(rule.clone())));
            }
        }
        asked
    };
    let (approve, check) = (ActionKind::Approve, ActionKind::CheckCommercial);
    assert_eq!(ask(&[], approve), Verdict::Allowed);
    assert_eq!(ask(&[Relation::CaseReviewer], check), Verdict::Allowed);
    assert_eq!(ask(&[Relation::CaseReviewer], approve), denied("four_eyes"));
    assert_eq!(ask(&[Relation::Conflicted], check), denied("conflict"));
    let stranger = who(&[], &[]);
    assert_eq!(policy.ask(&stranger, approve), denied(NO_RULE));
    let reviewed = who(&[], &[Relation::CaseReviewer]);
    assert_eq!(policy.ask(&reviewed, approve), denied("four_eyes"));
}

#[tokio::test]
async fn who_may_is_told_by_rule_and_without_those_that_deny() {
    let policy = snapshot(
        "p, lead, case, approve, decision, allow, a\n\
         p, approver+assignee, case, approve, decision, allow, b\n\
         p, case_reviewer, case, approve, decision, deny, four_eyes\n\
         p, admin, case, decline, decision, allow, c",
    )
    .await;
    assert_eq!(
        policy.allowed_to(ActionKind::Approve),
        [vec!["lead"], vec!["approver", "assignee"]]
    );
    assert_eq!(policy.allowed_to(ActionKind::Decline), [vec!["admin"]]);
    assert!(policy.allowed_to(ActionKind::Withdraw).is_empty());
}

#[tokio::test]
async fn without_a_policy_everything_is_denied_by_no_rule() {
    let policy = Snapshot::denying(3);
    assert!(policy.denies_everything());
    assert_eq!(policy.version(), 3);
    let all = who(Role::ALL, &[Relation::AppMember, Relation::Clock]);
    for act in Act::all() {
        assert_eq!(policy.ask(&all, act), denied(NO_RULE), "{act:?}");
        assert!(!policy.allows(&all, act));
        assert!(policy.require(&all, act).is_err());
        assert!(policy.allowed_to(act).is_empty());
    }
    let policy = snapshot(BUILT_IN).await;
    assert!(!policy.denies_everything());
    assert_eq!(policy.version(), 7);
}

#[test]
fn answers_are_remembered_but_not_without_end() {
    let policy = Snapshot::denying(0);
    let remembered = || policy.0.answers.read().map_or(0, |answers| answers.len());
    let subjects = (0..1 << Role::ALL.len()).map(|bits: usize| {
        let roles = Role::ALL.iter().enumerate();
        let roles = roles.filter(|(at, _)| bits >> at & 1 == 1);
        Subject::new(&roles.map(|(_, role)| *role).collect(), &BTreeSet::new())
    });
    let questions = subjects.flat_map(|subject| Act::all().map(move |act| (subject.clone(), act)));
    for (asked, (subject, act)) in questions.enumerate().take(MOST_ANSWERS + 2) {
        policy.ask(&subject, act);
        let kept = (asked % MOST_ANSWERS) + 1;
        assert_eq!(remembered(), kept, "after {} questions", asked + 1);
    }
}

#[tokio::test]
async fn the_policy_of_a_new_desk_keeps_the_two_sides_apart() {
    let policy = snapshot(BUILT_IN).await;
    let member = who(
        &[Role::Developer],
        &[Relation::AppMember, Relation::Conflicted],
    );
    assert!(policy.allows(&member, CaseAct::ReadDraft));
    assert!(policy.allows(&member, AppAct::Edit));
    assert!(!policy.allows(&member, CaseAct::ReadInternal));
    let staff = who(Role::ALL, &[Relation::Assignee]);
    assert!(policy.allows(&staff, CaseAct::ReadInternal));
    assert!(policy.allows(&staff, DeskAct::ManagePeople));
    assert!(!policy.allows(&staff, CaseAct::ReadDraft));
    assert!(!policy.allows(&staff, AppAct::Edit));
    let left = who(Role::ALL, &[Relation::Conflicted]);
    for act in [CaseAct::ReadInternal, CaseAct::Export] {
        assert_eq!(policy.ask(&left, act), denied("conflict_of_interest"));
    }
}

#[test]
fn every_act_has_a_word_of_its_own_object() {
    let acts: Vec<Act> = Act::all().collect();
    let named: BTreeSet<(&str, &str)> = acts.iter().map(|act| (act.object(), act.word())).collect();
    assert_eq!(named.len(), acts.len(), "two acts have one name");
    for (act, name) in [
        (Act::from(ActionKind::Approve), ("case", "approve")),
        (Act::from(CaseAct::Read), ("case", "read")),
        (Act::from(AppAct::Read), ("app", "read")),
        (Act::from(DeskAct::ReadQueue), ("desk", "read_queue")),
    ] {
        assert_eq!((act.object(), act.word()), name);
        assert!(acts.contains(&act));
    }
}
