//! The queue page by page: what is walked by index, kept and bounded is what a scan of all cases
//! says, for every view, order, direction, filter and reader.

use crate::support::*;
use casework::{
    entities::{app_members, apps, cases, declared_conflicts, queue_counts, snoozes},
    queries::queue::{Filter, Holder, Place, Queue, Sort, View, queue},
};
use sea_orm::EntityTrait;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use workflow::state::Side;

/// More than two pages wait for a reviewer.
const WAITING: usize = 125;

/// Cases in every state at both levels, and many that wait; some time lies between two.
async fn filled(engine: Engine) -> Story {
    let story = Story::begin(engine).await;
    for (index, state) in StateKind::ALL.iter().cycle().take(40).enumerate() {
        let level = [AccessLevel::Limited, AccessLevel::Full][index % 2];
        story.case_in(level, *state).await;
        wait(&story, index);
    }
    let limited = AccessLevel::Limited;
    let dated = story.case_in(limited, StateKind::Review).await;
    crate::dated_findings::approve_with_date(&story, dated).await;
    for answered in [false, true] {
        let case = story.case_in(limited, StateKind::Declined).await;
        let (owner, lead) = (&story.cast.owner, &story.cast.lead);
        let appeal = story::sample(ActionKind::Appeal, owner);
        story.step(owner, case, appeal).await;
        if answered {
            let answer = story::sample(ActionKind::AnswerAppeal, lead);
            story.step(lead, case, answer).await;
        }
    }
    for index in 0..WAITING {
        let level = [AccessLevel::Limited, AccessLevel::Full][index % 2];
        story.case_in(level, StateKind::Submitted).await;
        wait(&story, index);
    }
    story
}

/// Sometimes none, so that there are cases of one moment.
fn wait(story: &Story, index: usize) {
    let hours = i64::try_from(index % 3).unwrap();
    let later = story.desk.now().plus(time::Duration::hours(hours));
    story.clock.set(later);
}

/// Who looks when, and what they are not shown, told from rows of their own alone.
pub struct Eyes<'a> {
    who: &'a Caller,
    /// The apps about which they are in conflict of interest.
    conflicted: BTreeSet<Uuid>,
    /// The numbers of the cases that they have snoozed.
    snoozed: BTreeSet<i32>,
    /// The present minute.
    now: i64,
}

impl<'a> Eyes<'a> {
    pub async fn of(desk: &Desk, who: &'a Caller) -> Self {
        let (reading, now) = (desk.database.read(), desk.now().micros());
        let now = now - now.rem_euclid(60_000_000);
        let me = who.person.0;
        let members = app_members::Entity::find().all(reading).await.unwrap();
        let declared = declared_conflicts::Entity::find()
            .all(reading)
            .await
            .unwrap();
        let of_me =
            |row: &&declared_conflicts::Model| row.person_id == me && row.withdrawn_at.is_none();
        let organisations: BTreeSet<&str> = declared
            .iter()
            .filter(of_me)
            .map(|row| row.organisation_key.as_str())
            .collect();
        let apps = apps::Entity::find().all(reading).await.unwrap();
        let apps = apps
            .iter()
            .filter(|app| organisations.contains(app.organisation_key.as_str()))
            .map(|app| app.id);
        let of_apps = members.iter().filter(|member| member.person_id == me);
        let snoozed = snoozes::Entity::find().all(reading).await.unwrap();
        Self {
            who,
            conflicted: of_apps.map(|member| member.app_id).chain(apps).collect(),
            snoozed: snoozed
                .iter()
                .filter(|row| row.person_id == me && row.until_at > now)
                .map(|row| row.number)
                .collect(),
            now,
        }
    }
}

/// What a reader is to see of a view, told from the rows of cases alone.
fn is_in(view: View, row: &cases::Model, eyes: &Eyes<'_>) -> bool {
    let (who, now) = (eyes.who, eyes.now);
    let me = Some(who.person.0);
    let snoozed = eyes.snoozed.contains(&row.number);
    let state = StateKind::from_word(&row.state).unwrap();
    let open = state.side() != Side::Nobody;
    let decision = state == StateKind::Decision || row.decline_proposed;
    match view {
        View::MyTurn => {
            let seated = [row.assignee_id, row.commercial_id, row.technical_id].contains(&me);
            let mine = (row.assignee_id == me && state == StateKind::Completeness)
                || (row.commercial_id == me && row.commercial_open)
                || (row.technical_id == me && row.technical_open)
                || (who.roles.contains(&Role::Approver) && decision && !seated);
            mine && !snoozed
        }
        View::NeedsReviewer => {
            let waits = [
                StateKind::Submitted,
                StateKind::Completeness,
                StateKind::Review,
                StateKind::Clarification,
                StateKind::Corrections,
            ];
            row.assignee_id.is_none() && waits.contains(&state)
        }
        View::CommercialToTake => row.commercial_open && row.commercial_id.is_none(),
        View::TechnicalToTake => row.technical_open && row.technical_id.is_none(),
        View::AnswersArrived => state.side() == Side::Us && row.news.is_some(),
        View::Decisions => decision,
        View::Snoozed => open && snoozed,
        View::Overdue => open && row.due_at.is_some_and(|due| due < now),
        View::WithDeveloper => state.side() == Side::Developer,
        View::AllOpen => open,
        View::Appeals => !open && case_of(row).appeal_waits(),
        View::FindingsDated => {
            let case = case_of(row);
            let holds = |grant: &workflow::case::Grant| {
                grant.status != workflow::case::GrantStatus::Revoked
            };
            state == StateKind::Approved
                && case.grant.as_ref().is_some_and(holds)
                && case.dated_findings().next().is_some()
        }
        View::Ended => !open,
    }
}

fn case_of(row: &cases::Model) -> workflow::Case {
    serde_json::from_str(&row.document).unwrap()
}

fn fits(filter: &Filter, row: &cases::Model, who: &Caller) -> bool {
    let seats = [row.assignee_id, row.commercial_id, row.technical_id];
    filter.level.is_none_or(|level| row.level == level.word())
        && filter.state.is_none_or(|state| row.state == state.word())
        && match &filter.holder {
            None => true,
            Some(Holder::Nobody) => row.assignee_id.is_none(),
            Some(Holder::Me) => seats.contains(&Some(who.person.0)),
            Some(Holder::Username(_)) => false,
        }
}

/// The numbers of a list by a scan of all cases.
pub fn scan(all: &[cases::Model], filter: &Filter, eyes: &Eyes<'_>) -> Vec<i32> {
    let mut rows: Vec<&cases::Model> = all
        .iter()
        .filter(|row| row.submitted_at.is_some() && !eyes.conflicted.contains(&row.app_id))
        .filter(|row| is_in(filter.view, row, eyes) && fits(filter, row, eyes.who))
        .collect();
    let value = |row: &cases::Model| match filter.sort {
        Sort::Due => row.due_at,
        Sort::Waiting => row.submitted_at,
        Sort::Changed => Some(row.changed_at),
        Sort::Number => Some(i64::from(row.number)),
    };
    // Whichever way: what has no value comes last.
    if filter.descends() {
        rows.sort_by_key(|row| (value(row).is_none(), Reverse((value(row), row.number))));
    } else {
        rows.sort_by_key(|row| (value(row).is_none(), value(row), row.number));
    }
    rows.iter().map(|row| row.number).collect()
}

fn numbers(page: &Queue) -> impl DoubleEndedIterator<Item = i32> + '_ {
    page.rows
        .iter()
        .map(|row| i32::try_from(row.number.0).unwrap())
}

/// All pages from the first to the last, and back again; each page is no longer than a page.
pub async fn walks(desk: &Desk, who: &Caller, filter: &Filter) -> (Queue, Vec<i32>, Vec<i32>) {
    let first = queue(desk, who, filter.clone()).await.unwrap();
    let (mut on, mut next) = (Vec::from_iter(numbers(&first)), first.next.clone());
    while let Some(filter) = next {
        let page = queue(desk, who, filter).await.unwrap();
        assert!((1..=60).contains(&page.rows.len()));
        on.extend(numbers(&page));
        next = page.next;
    }
    let last = queue(desk, who, filter.at(Place::Last)).await.unwrap();
    let (mut back, mut previous) = (Vec::from_iter(numbers(&last).rev()), last.previous);
    while let Some(filter) = previous {
        let page = queue(desk, who, filter).await.unwrap();
        back.extend(numbers(&page).rev());
        previous = page.previous;
    }
    back.reverse();
    (first, on, back)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_list_has_the_rows_and_the_count_that_a_scan_of_all_cases_has(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = filled(engine).await;
    // Three weeks on, some of it is overdue.
    story
        .clock
        .set(story.desk.now().plus(time::Duration::days(21)));
    let reading = story.desk.database.read();
    let all = cases::Entity::find().all(reading).await.unwrap();
    let cast = &story.cast;
    let mut longest = 0;
    for who in [&cast.reviewer, &cast.approver, &cast.technical, &cast.lead] {
        let eyes = Eyes::of(&story.desk, who).await;
        for view in View::ALL {
            for (level, state, holder) in [
                (None, None, None),
                (Some(AccessLevel::Full), None, None),
                (None, Some(StateKind::Review), None),
                (None, None, Some(Holder::Nobody)),
                (None, None, Some(Holder::Me)),
            ] {
                for sort in Sort::ALL {
                    for reversed in [false, true] {
                        let filter = Filter {
                            level,
                            state,
                            holder: holder.clone(),
                            sort: *sort,
                            reversed,
                            ..Filter::view(*view)
                        };
                        let expected = scan(&all, &filter, &eyes);
                        longest = longest.max(expected.len());
                        let (page, on, back) = walks(&story.desk, who, &filter).await;
                        assert_eq!(on, expected, "{filter:?} of {}", who.name);
                        assert_eq!(back, expected, "{filter:?} of {}, from its end", who.name);
                        let counted = (expected.len() as u64).into();
                        assert_eq!(page.total(), counted, "{filter:?} of {}", who.name);
                    }
                }
            }
        }
    }
    assert!(longest > 120, "{longest}");
    assert_counts(&story.desk).await;
}

/// What is kept is what counting says.
pub async fn assert_counts(desk: &Desk) {
    let reading = desk.database.read();
    let mut counted: BTreeMap<_, i64> = BTreeMap::new();
    for row in cases::Entity::find().all(reading).await.unwrap() {
        if row.in_views != 0 {
            let kind = (
                row.in_views,
                row.level,
                row.state,
                row.assignee_id.is_some(),
            );
            *counted.entry(kind).or_default() += 1;
        }
    }
    let kept = queue_counts::Entity::find().all(reading).await.unwrap();
    let kept: BTreeMap<_, i64> = kept
        .into_iter()
        .filter(|row| row.cases != 0)
        .map(|row| {
            (
                (row.in_views, row.level, row.state, row.assigned),
                row.cases,
            )
        })
        .collect();
    assert_eq!(kept, counted);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_left_leads_to_the_end_of_its_list(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = filled(engine).await;
    let who = &story.cast.lead;
    let all = Filter::view(View::AllOpen);
    let read = |after, before| {
        Filter::read(View::AllOpen, |name| match name {
            "after" => Some(after),
            "before" => Some(before),
            _ => None,
        })
    };
    let last = queue(&story.desk, who, all.at(Place::Last)).await.unwrap();
    let first = queue(&story.desk, who, all).await.unwrap();
    for (after, before, same) in [
        ("9223372036854775807.2147483647", "", &last),
        ("-.2147483647", "", &last),
        ("", "end", &last),
        ("", "-9223372036854775808.-2147483648", &first),
        ("nonsense", "", &first),
        ("1.99999999999999999999", "", &first),
    ] {
        let page = queue(&story.desk, who, read(after, before)).await.unwrap();
        let (found, same) = (numbers(&page), numbers(same));
        assert!(found.eq(same), "{after:?} {before:?}");
    }
}
