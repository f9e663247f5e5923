//! What the queue is narrowed by: each filter lists the cases that it names, and no others.

use crate::support::{
    actions::{check, finding, take},
    *,
};
use casework::{
    commands::{Looks, look_at},
    entities::{cases, submissions},
    queries::queue::{Age, DueWithin, Filter, View, queue},
    store::Snapshot,
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use std::collections::{BTreeMap, BTreeSet};
use workflow::{
    Timestamp,
    checklist::{ListKind, Severity, Verdict},
};

/// The numbers that a filter lists, and that its count says so.
async fn listed(story: &Story, who: &Caller, filter: &Filter) -> BTreeSet<CaseNumber> {
    let page = queue(&story.desk, who, filter.clone()).await.unwrap();
    let found: BTreeSet<CaseNumber> = page.rows.iter().map(|row| row.number).collect();
    assert_eq!(page.total(), (found.len() as u64).into(), "{filter:?}");
    found
}

/// Says in the place of the developer what was handed in.
async fn hands_in(story: &Story, case: CaseNumber, answers: &[(&str, &str)]) {
    let answers = answers
        .iter()
        .map(|(key, answer)| ((*key).to_owned(), (*answer).to_owned()));
    let handed_in = submissions::Model {
        case_id: story.row(case).await.id,
        revision: 1,
        body: serde_json::to_string(&Snapshot {
            form_version: 1,
            level: AccessLevel::Limited,
            answers: answers.collect(),
            attachments: Vec::new(),
        })
        .unwrap(),
        sha256: String::new(),
        made_at: story.now().micros(),
        made_by: story.cast.owner.person.0,
    };
    submissions::Entity::insert(submissions::ActiveModel::from(handed_in).reset_all())
        .exec_without_returning(story.database.write())
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_by_when_cases_are_due_and_were_handed_in(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for state in StateKind::ALL.iter().cycle().take(39) {
        story.case_in(AccessLevel::Limited, *state).await;
        story
            .clock
            .set(story.desk.now().plus(time::Duration::hours(55)));
    }
    let rows: Vec<cases::Model> = cases::Entity::find()
        .all(story.database.read())
        .await
        .unwrap();
    // The list knows the present minute.
    let now = story.desk.now();
    let now = Timestamp::from_micros(now.micros() - now.micros().rem_euclid(60_000_000));
    let midnight = now.date().midnight().assume_utc();
    let day = |days: i64| {
        Timestamp::from(midnight)
            .plus(time::Duration::days(days))
            .micros()
    };
    let is_due = |due: DueWithin, at: Option<i64>| match (due, at) {
        (DueWithin::Never, at) => at.is_none(),
        (_, None) => false,
        (DueWithin::Overdue, Some(at)) => at < now.micros(),
        (DueWithin::Today, Some(at)) => at >= now.micros() && at < day(1),
        (DueWithin::Week, Some(at)) => at >= now.micros() && at < day(7),
        (DueWithin::Later, Some(at)) => at >= day(7),
    };
    let is_old = |age: Age, at: Option<i64>| {
        let days = age.word().parse().unwrap();
        at.is_some_and(|at| at < now.plus(-time::Duration::days(days)).micros())
    };
    let (mut spans, mut ages) = (BTreeSet::new(), BTreeSet::new());
    for view in [View::AllOpen, View::Ended, View::WithDeveloper] {
        let plain = listed(&story, &story.cast.compliance, &Filter::view(view)).await;
        for due in std::iter::once(None).chain(DueWithin::ALL.iter().map(|due| Some(*due))) {
            for age in std::iter::once(None).chain(Age::ALL.iter().map(|age| Some(*age))) {
                let filter = Filter {
                    due,
                    age,
                    ..Filter::view(view)
                };
                let expected = rows
                    .iter()
                    .filter(|row| due.is_none_or(|due| is_due(due, row.due_at)))
                    .filter(|row| age.is_none_or(|age| is_old(age, row.submitted_at)))
                    .map(|row| CaseNumber(row.number.unsigned_abs()))
                    .filter(|number| plain.contains(number));
                let expected: BTreeSet<CaseNumber> = expected.collect();
                if !expected.is_empty() {
                    spans.extend(due.map(DueWithin::word));
                    ages.extend(age.map(Age::word));
                }
                for sort in casework::queries::queue::Sort::ALL {
                    let sorted = filter.sorted(*sort);
                    let found = listed(&story, &story.cast.compliance, &sorted).await;
                    assert_eq!(found, expected, "{sorted:?}");
                }
            }
        }
    }
    assert!(spans.len() >= 3 && ages.len() >= 2, "{spans:?} {ages:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_by_what_was_handed_in_and_how_often(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let app = story.app("Tide Log", &cast.owner).await;
    let here = story
        .draft_for(app, &cast.owner, AccessLevel::Limited)
        .await;
    let there = story.draft(AccessLevel::Limited).await;
    hands_in(
        &story,
        here,
        &[("regions", "us,eu"), ("use_kind", "research")],
    )
    .await;
    hands_in(
        &story,
        there,
        &[("regions", "jp"), ("use_kind", "commercial,research")],
    )
    .await;
    story.bring(here, StateKind::Review).await;
    story.bring(there, StateKind::Completeness).await;
    crate::search::write(&story.desk).await;
    let facets = |round: &str, category: &str, region: &str, text: &str| {
        let words = BTreeMap::from([
            ("view", "all_open"),
            ("round", round),
            ("category", category),
            ("region", region),
            ("q", text),
        ]);
        Filter::read(View::AllOpen, |name| words.get(name).copied())
    };
    for (filter, expected) in [
        (facets("", "", "eu", ""), vec![here]),
        (facets("", "research", "", ""), vec![here, there]),
        (facets("1", "research", "jp", ""), vec![there]),
        (facets("2", "", "", ""), vec![]),
        (facets("", "", "other", ""), vec![]),
        (facets("", "research", "", "tide"), vec![here]),
        (facets("", "", "jp", "tide"), vec![]),
        (facets("", "", "jp", &here.to_string()), vec![]),
    ] {
        for who in [&cast.lead, &cast.compliance, &cast.reviewer] {
            let expected = expected.iter().copied().collect();
            assert_eq!(listed(&story, who, &filter).await, expected, "{filter:?}");
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_others_changed_since_somebody_looked_is_listed_to_them_alone(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let other = story.case_in(AccessLevel::Full, StateKind::Submitted).await;
    let changed = Filter {
        changed: true,
        ..Filter::view(View::AllOpen)
    };
    let later = || story.clock.set(story.desk.now().plus(time::Duration::HOUR));
    for number in [case, other] {
        look_at(&story.desk, &cast.reviewer, number, Looks::Reads)
            .await
            .unwrap();
    }
    assert_eq!(
        listed(&story, &cast.reviewer, &changed).await,
        BTreeSet::new()
    );
    later();
    // Her own step is no news to her.
    story
        .step(
            &cast.reviewer,
            case,
            check(ListKind::Completeness, "fields", Verdict::Pass),
        )
        .await;
    assert_eq!(
        listed(&story, &cast.reviewer, &changed).await,
        BTreeSet::new()
    );
    later();
    story
        .step(
            &cast.other_reviewer,
            other,
            take(Seat::Case, &cast.other_reviewer),
        )
        .await;
    assert_eq!(
        listed(&story, &cast.reviewer, &changed).await,
        BTreeSet::from([other])
    );
    assert_eq!(
        listed(&story, &cast.other_reviewer, &changed).await,
        BTreeSet::new()
    );
    let searched = Filter {
        text: other.to_string(),
        ..changed.clone()
    };
    assert_eq!(
        listed(&story, &cast.reviewer, &searched).await,
        BTreeSet::from([other])
    );
    later();
    look_at(&story.desk, &cast.reviewer, other, Looks::Reads)
        .await
        .unwrap();
    assert_eq!(
        listed(&story, &cast.reviewer, &changed).await,
        BTreeSet::new()
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_narrowed_to_findings_on_an_item_for_those_who_read_the_inside(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    crate::search::approvers_read_outside_alone(&story).await;
    let mut cases = Vec::new();
    for name in ["Glow", "Tide Log", "Heron"] {
        let app = story.app(name, &cast.owner).await;
        let case = story
            .draft_for(app, &cast.owner, AccessLevel::Limited)
            .await;
        story.bring(case, StateKind::Completeness).await;
        story
            .mark_all(&cast.reviewer, case, ListKind::Completeness)
            .await;
        story
            .step(&cast.reviewer, case, Action::ConfirmComplete)
            .await;
        let seat = take(Seat::Commercial, &cast.commercial);
        story.step(&cast.commercial, case, seat).await;
        cases.push(case);
    }
    let items = story.items(cases[0], ListKind::Commercial).await;
    for (case, item) in cases.iter().zip(&items) {
        let found = finding(ListKind::Commercial, item, Severity::Major);
        story.step(&cast.commercial, *case, found).await;
    }
    crate::search::write(&story.desk).await;
    let on = |list, item: &str| Filter {
        item: Some((list, item.to_owned())),
        ..Filter::view(View::AllOpen)
    };
    for (case, item) in cases.iter().zip(&items) {
        let filter = on(ListKind::Commercial, item);
        for who in [&cast.lead, &cast.reviewer] {
            assert_eq!(
                listed(&story, who, &filter).await,
                BTreeSet::from([*case]),
                "{item}"
            );
        }
        let other_list = on(ListKind::Technical, item);
        assert_eq!(
            listed(&story, &cast.lead, &other_list).await,
            BTreeSet::new()
        );
        // Whoever does not read the inside is not told by a filter what stands there.
        assert_eq!(
            listed(&story, &cast.approver, &filter).await,
            listed(&story, &cast.approver, &Filter::view(View::AllOpen)).await
        );
    }
}
