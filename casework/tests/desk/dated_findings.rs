//! A finding that is let through with a date: from the approval to its correction, to everybody whom
//! it concerns.

use crate::support::*;
use casework::{
    commands::{self, tick},
    entities::{cases, outbox, queue_counts},
    post::LetterKind,
    queries::{
        AskedOfDeveloper, Settled, application,
        case_page::{CasePage, case_page},
        my_apps,
        queue::{Filter, View, queue},
    },
};
use migrations::MigratorTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Duration;
use workflow::{
    FindingId,
    checklist::{ListKind, Severity},
    life::Step as LifeStep,
    state::Track,
};

/// Brings a case in review to its approval, with one commercial finding to be corrected within thirty
/// days.
pub async fn approve_with_date(story: &Story, case: CaseNumber) -> FindingId {
    let cast = &story.cast;
    story
        .mark_all(&cast.commercial, case, ListKind::Commercial)
        .await;
    let record = story::finding(ListKind::Commercial, "use_case", Severity::Major);
    story.step(&cast.commercial, case, record).await;
    let finding = story.case(case).await.findings[0].id;
    // As the form makes it, to the last microsecond.
    let due = story.desk.now();
    let due = due.plus(Duration::days(30) - Duration::MICROSECOND);
    let date = Action::DateFinding { finding, due };
    story.step(&cast.commercial, case, date).await;
    let track = Track::Commercial;
    story
        .step(&cast.commercial, case, Action::PassTrack { track })
        .await;
    story.step(&cast.owner, case, story::accept_dla()).await;
    let approve = story::approve(AccessLevel::Limited);
    story.step(&cast.approver, case, approve).await;
    finding
}

async fn approved(story: &Story) -> (CaseNumber, FindingId) {
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    (case, approve_with_date(story, case).await)
}

async fn report(story: &Story, case: CaseNumber, finding: FindingId) {
    let text = "The page names the use now.".to_owned();
    let report = Action::ReportCorrection { finding, text };
    story.step(&story.cast.member, case, report).await;
}

async fn retest(story: &Story, case: CaseNumber, finding: FindingId, corrected: bool) {
    let retest = Action::RetestFinding {
        list: ListKind::Commercial,
        finding,
        corrected,
        text: workflow::Outward::written("The page still names no use."),
        seen: story.case(case).await.findings[0].reported_at(),
    };
    story.step(&story.cast.commercial, case, retest).await;
}

/// Takes the steps that cause a letter of this kind; answers its reader and case.
pub async fn cause(story: &Story, kind: LetterKind) -> (Caller, CaseNumber) {
    let (case, finding) = approved(story).await;
    let cast = &story.cast;
    let reader = match kind {
        LetterKind::CorrectionReported => {
            report(story, case, finding).await;
            &cast.commercial
        }
        LetterKind::FindingRetested => {
            retest(story, case, finding, false).await;
            &cast.member
        }
        LetterKind::FindingsDue => {
            story.clock.pass(Duration::days(29));
            tick(&story.desk).await.unwrap();
            &cast.member
        }
        _ => {
            for _ in 0..2 {
                story.clock.pass(Duration::days(29));
                tick(&story.desk).await.unwrap();
            }
            &cast.lead
        }
    };
    (reader.clone(), case)
}

/// Takes a step after which the letter no longer applies.
pub async fn overtake(story: &Story, kind: LetterKind, case: CaseNumber) {
    let document = story.case(case).await;
    let finding = document.findings[0].id;
    match kind {
        LetterKind::FindingRetested => {
            commands::leave_app(&story.desk, &story.cast.member, document.app)
                .await
                .unwrap();
        }
        LetterKind::FindingsDue => report(story, case, finding).await,
        _ => retest(story, case, finding, true).await,
    }
}

/// The newest letter of a kind.
async fn letter(story: &Story, kind: LetterKind) -> outbox::Model {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind.word()))
        .order_by_desc(outbox::Column::CreatedAt)
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap_or_else(|| panic!("no {} was written", kind.word()))
}

async fn in_view(story: &Story, who: &Caller, view: View) -> bool {
    let page = queue(&story.desk, who, Filter::view(view)).await.unwrap();
    !page.rows.is_empty()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_dated_is_told_asked_reported_looked_at_and_settled(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let (case, finding) = approved(&story).await;
    let due = story.case(case).await.findings[0].dated().unwrap();
    let day = casework::words::day(due);

    // The approval says so, with the requirement and its day.
    let told = letter(&story, LetterKind::Approved).await.text;
    assert!(told.contains(&format!("Major, by {day}: ")), "{told}");
    assert!(told.contains("The market is not named."), "{told}");
    assert!(!told.contains("Nothing needs doing"), "{told}");

    // The pages ask for it.
    let asked = AskedOfDeveloper {
        action: ActionKind::ReportCorrection,
        count: 1,
        due: Some(due),
        lapses: None,
    };
    let page = application(&story.desk, &cast.member, case).await.unwrap();
    assert_eq!(page.asked, Some(asked));
    assert!(page.possible.contains(&ActionKind::ReportCorrection));
    assert_eq!(page.findings[0].settled, Settled::Dated { due });
    let apps = my_apps(&story.desk, &cast.member).await.unwrap().apps;
    let brief = apps.iter().find_map(|app| app.application.as_ref());
    assert_eq!(brief.unwrap().asked, Some(asked));
    assert!(in_view(&story, &cast.commercial, View::FindingsDated).await);

    // Not corrected yet: told with what is wrong, and asked again.
    report(&story, case, finding).await;
    let page = application(&story.desk, &cast.member, case).await.unwrap();
    assert_eq!(page.asked, None);
    assert!(matches!(page.findings[0].settled, Settled::Reported { .. }));
    let told = letter(&story, LetterKind::CorrectionReported).await;
    assert_eq!(told.person_id, Some(cast.commercial.person.0));
    assert!(told.text.contains("The page names the use now."));
    let can = |page: &CasePage| page.can(ActionKind::RetestCommercialFinding);
    let page = case_page(&story.desk, &cast.commercial, case, None).await;
    assert!(can(&page.unwrap()));
    let page = case_page(&story.desk, &cast.approver, case, None).await;
    assert!(!can(&page.unwrap()), "an approver tests nothing");
    retest(&story, case, finding, false).await;
    let told = letter(&story, LetterKind::FindingRetested).await.text;
    assert!(told.contains("The page still names no use."), "{told}");
    let page = application(&story.desk, &cast.member, case).await.unwrap();
    assert_eq!(page.asked, Some(asked));
    assert_eq!(page.findings[0].settled, Settled::Dated { due });
    let last = page.findings[0].life.last().map(|line| line.what.clone());
    let wrong = LifeStep::FailedAgain {
        text: workflow::Outward::written("The page still names no use."),
        severity: None,
    };
    assert_eq!(last, Some(wrong));

    // Corrected: nothing is left of it.
    report(&story, case, finding).await;
    retest(&story, case, finding, true).await;
    let page = application(&story.desk, &cast.member, case).await.unwrap();
    assert_eq!(page.asked, None);
    assert_eq!(page.findings.len(), 1, "it stays on record");
    assert!(matches!(page.findings[0].settled, Settled::Corrected(_)));
    assert!(!in_view(&story, &cast.commercial, View::FindingsDated).await);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn its_day_is_reminded_of_twice_and_then_told_to_the_leads(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (case, finding) = approved(&story).await;
    let reminders = async |story: &Story| {
        let kinds = [LetterKind::FindingsDue, LetterKind::FindingsOverdue];
        let mut found = Vec::new();
        for kind in kinds {
            let rows = outbox::Entity::find()
                .filter(outbox::Column::Kind.eq(kind.word()))
                .filter(
                    outbox::Column::PersonId
                        .is_in([story.cast.owner.person.0, story.cast.lead.person.0]),
                )
                .all(story.desk.database.read());
            found.push(rows.await.unwrap().len());
        }
        found
    };
    assert_eq!(tick(&story.desk).await.unwrap(), 0);
    for _ in 0..60 {
        story.clock.pass(Duration::days(1));
        tick(&story.desk).await.unwrap();
    }
    assert_eq!(reminders(&story).await, [2, 1]);
    let told = letter(&story, LetterKind::FindingsDue).await;
    assert!(told.subject.contains("late since"), "{}", told.subject);
    let page = application(&story.desk, &story.cast.owner, case).await;
    assert!(page.unwrap().asked.is_some(), "late is not too late");
    report(&story, case, finding).await;
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn corrections_name_the_requirement_and_what_is_dated_is_not_checked_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    for item in ["use_case", "markets"] {
        let fail = Action::CheckItem {
            list: ListKind::Commercial,
            item: item.to_owned(),
            verdict: workflow::checklist::Verdict::Fail,
            evidence: String::new(),
            revision: 1,
            finding: Some(workflow::action::NewFinding {
                id: FindingId(new_id()),
                severity: Some(Severity::Major),
                text: workflow::Outward::written(format!("Say more of {item}.")),
            }),
        };
        story.step(&cast.commercial, case, fail).await;
    }
    let finding = story.case(case).await.findings[0].id;
    let due = story.desk.now().plus(Duration::days(30));
    let date = Action::DateFinding { finding, due };
    story.step(&cast.commercial, case, date).await;
    let due = story.desk.now().plus(Duration::days(9));
    let request = Action::RequestCorrections { due };
    story.step(&cast.commercial, case, request).await;
    let told = letter(&story, LetterKind::CorrectionsRequested).await.text;
    let label = |key: &str| {
        let known = story.desk.reference.known();
        let list = known.lists.get(&(ListKind::Commercial, 1)).unwrap();
        list.item(key)
            .unwrap()
            .label
            .trim_end_matches('.')
            .to_owned()
    };
    assert!(
        told.contains(&format!("Major: {}", label("markets"))),
        "{told}"
    );
    assert!(told.contains(&label("use_case")), "{told}");
    crate::applies::resubmit(&story, case).await;
    let marks = story.case(case).await.commercial.marks;
    assert!(marks.contains_key("use_case"), "it was let through");
    assert!(!marks.contains_key("markets"), "it is looked at again");
    // Looked at all the same, and seen to be right now: one finding, one life.
    let pass = story::check(
        ListKind::Commercial,
        "use_case",
        workflow::checklist::Verdict::Pass,
    );
    story.step(&cast.commercial, case, pass).await;
    assert_eq!(story.case(case).await.dated_findings().count(), 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn cases_from_before_come_into_their_views_and_dates_as_a_step_would_write_them(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    approved(&story).await;
    let limited = AccessLevel::Limited;
    for answered in [false, true] {
        let case = story.case_in(limited, StateKind::Declined).await;
        let appeal = story::sample(ActionKind::Appeal, &cast.owner);
        story.step(&cast.owner, case, appeal).await;
        if answered {
            let reopen = story::sample(ActionKind::Reopen, &cast.other_reviewer);
            story.step(&cast.lead, case, reopen).await;
        }
    }
    let rows = async || {
        let rows = cases::Entity::find().order_by_asc(cases::Column::Number);
        rows.all(story.desk.database.read()).await.unwrap()
    };
    let counts = async || {
        let rows = queue_counts::Entity::find()
            .filter(queue_counts::Column::Cases.ne(0))
            .order_by_asc(queue_counts::Column::InViews)
            .order_by_asc(queue_counts::Column::Level)
            .order_by_asc(queue_counts::Column::State)
            .order_by_asc(queue_counts::Column::Assigned);
        rows.all(story.desk.database.read()).await.unwrap()
    };
    let (before, counted) = (rows().await, counts().await);
    for statement in [
        "UPDATE cases SET in_views = in_views & 255",
        "UPDATE cases SET due_at = NULL WHERE state = 'approved'",
        "DELETE FROM queue_counts",
        "DROP INDEX cases_appeals",
        "DROP INDEX cases_findings_dated",
        "DELETE FROM seaql_migrations WHERE version = 'm20261127_000231_after_the_end'",
    ] {
        story.sql(statement).await.unwrap();
    }
    assert_ne!(rows().await, before);
    migrations::Migrator::up(story.desk.database.write(), None)
        .await
        .unwrap();
    assert_eq!(rows().await, before);
    assert_eq!(counts().await, counted);
}
