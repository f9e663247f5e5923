//! What our side makes of the queue: tags on cases, snoozes, saved views, and how somebody likes it.

use crate::support::{actions::check, *};
use casework::{
    commands::{
        KeepTagInput, SaveViewInput, SnoozeInput, begin_with, drop_view, keep_tag, save_view,
        set_density, snooze, tag_case, untag_case, wake,
    },
    queries::{
        application,
        case_page::case_page,
        queue::{Filter, Queue, View, beginning, kept_tags, queue, saved_views},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::checklist::{ListKind, Verdict};

async fn look(story: &Story, who: &Caller, filter: Filter) -> Queue {
    queue(&story.desk, who, filter).await.unwrap()
}

fn numbers(queue: &Queue) -> BTreeSet<CaseNumber> {
    queue.rows.iter().map(|row| row.number).collect()
}

/// The numbers in a view, which its count says in every other view too.
async fn view(story: &Story, who: &Caller, view: View) -> BTreeSet<CaseNumber> {
    let page = look(story, who, Filter::view(view)).await;
    for (view, count) in &page.counts {
        let list = look(story, who, Filter::view(*view)).await;
        assert_eq!(*count, (list.rows.len() as u64).into(), "{view:?}");
        // The same where the few that are left are looked at one by one.
        let few = Filter {
            due: None,
            text: "glow".to_owned(),
            ..Filter::view(*view)
        };
        let few = look(story, who, few).await;
        assert_eq!(numbers(&few), numbers(&list), "{view:?}");
        assert_eq!(few.total(), *count, "{view:?}");
    }
    numbers(&page)
}

fn named(tag: Option<Uuid>, name: &str, retired: bool) -> KeepTagInput {
    KeepTagInput {
        tag,
        name: name.to_owned(),
        retired,
    }
}

async fn tag_called(story: &Story, name: &str) -> Uuid {
    let tags = kept_tags(&story.desk, &story.cast.lead).await.unwrap();
    tags.iter().find(|tag| tag.name == name).unwrap().id
}

fn with_tag(tag: Uuid) -> Filter {
    Filter {
        tag: Some(tag),
        ..Filter::view(View::AllOpen)
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_put_on_a_case_found_by_it_and_taken_off_and_its_developers_never_see_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let other = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    keep_tag(desk, &cast.lead, &named(None, "Children", false))
        .await
        .unwrap();
    keep_tag(desk, &cast.lead, &named(None, "Pilot", false))
        .await
        .unwrap();
    for who in [&cast.reviewer, &cast.compliance, &cast.owner] {
        let refused = keep_tag(desk, who, &named(None, "Mine", false)).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    let again = keep_tag(desk, &cast.lead, &named(None, "CHILDREN", false)).await;
    assert!(matches!(again, Err(Error::Input { .. })));
    let tag = tag_called(&story, "Children").await;
    let version = story.case(case).await.version;
    tag_case(desk, &cast.reviewer, case, Some(tag))
        .await
        .unwrap();
    tag_case(desk, &cast.technical, case, Some(tag))
        .await
        .unwrap();
    assert_eq!(story.case(case).await.version, version);
    crate::search::write(desk).await;
    let page = look(&story, &cast.lead, with_tag(tag)).await;
    assert_eq!(numbers(&page), BTreeSet::from([case]));
    assert_eq!(page.rows[0].tags, ["Children"]);
    assert_eq!(page.total(), 1.into());
    let shown = case_page(desk, &cast.compliance, case, None).await.unwrap();
    assert!(!shown.may_tag && shown.tags.iter().any(|one| one.id == tag && one.is_on));
    // Who only reads, who is none of ours, and who is in conflict of interest.
    for who in [&cast.compliance, &cast.owner, &cast.stranger] {
        assert!(tag_case(desk, who, other, Some(tag)).await.is_err());
    }
    let told = application(desk, &cast.owner, case).await.unwrap();
    assert!(!format!("{told:?}").contains("Children"));
    // Renamed and retired it stays where it is, and is put on nothing any more.
    keep_tag(desk, &cast.lead, &named(Some(tag), "For children", false))
        .await
        .unwrap();
    keep_tag(desk, &cast.lead, &named(Some(tag), "For children", true))
        .await
        .unwrap();
    let page = look(&story, &cast.lead, with_tag(tag)).await;
    assert_eq!(page.rows[0].tags, ["For children"]);
    let refused = tag_case(desk, &cast.reviewer, other, Some(tag)).await;
    assert!(matches!(refused, Err(Error::Input { .. })));
    untag_case(desk, &cast.reviewer, case, tag).await.unwrap();
    crate::search::write(desk).await;
    assert!(
        look(&story, &cast.lead, with_tag(tag))
            .await
            .rows
            .is_empty()
    );
    let history = case_page(desk, &cast.lead, case, None)
        .await
        .unwrap()
        .history;
    let what: Vec<&str> = history
        .entries
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    assert!(
        what.contains(&"Put the tag “Children” on the case"),
        "{what:?}"
    );
    assert!(
        what.contains(&"Took the tag “For children” off the case"),
        "{what:?}"
    );
    story::assert_sound(&story.database).await;
}

/// A snooze until the day in so many days.
fn until(story: &Story, number: CaseNumber, days: i64) -> SnoozeInput {
    let day = story.desk.now().plus(time::Duration::days(days)).date();
    SnoozeInput {
        number,
        until: day.to_string(),
        reason: "Waits for the lab.".to_owned(),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_snoozed_case_leaves_ones_own_list_alone_until_its_day_or_until_anything_happens(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let decision = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    crate::search::write(desk).await;
    let none = BTreeSet::new();
    let both = BTreeSet::from([case, decision]);
    let turns = story.case(case).await.turns();
    for days in [0, 31] {
        let refused = snooze(desk, &cast.reviewer, &until(&story, case, days)).await;
        assert!(matches!(refused, Err(Error::Input { .. })), "{days}");
    }
    for who in [&cast.compliance, &cast.owner] {
        assert!(snooze(desk, who, &until(&story, case, 3)).await.is_err());
    }
    snooze(desk, &cast.reviewer, &until(&story, case, 3))
        .await
        .unwrap();
    snooze(desk, &cast.approver, &until(&story, decision, 3))
        .await
        .unwrap();
    assert_eq!(view(&story, &cast.reviewer, View::MyTurn).await, none);
    assert_eq!(view(&story, &cast.approver, View::MyTurn).await, none);
    assert_eq!(
        view(&story, &cast.reviewer, View::Snoozed).await,
        BTreeSet::from([case])
    );
    let page = look(&story, &cast.reviewer, Filter::view(View::Snoozed)).await;
    assert_eq!(
        page.rows[0].snooze.as_ref().unwrap().reason,
        "Waits for the lab."
    );
    // Nobody else loses sight of it, and whose turn it is stays as it is.
    assert_eq!(view(&story, &cast.reviewer, View::AllOpen).await, both);
    assert_eq!(view(&story, &cast.lead, View::Snoozed).await, none);
    assert_eq!(story.case(case).await.turns(), turns);
    wake(desk, &cast.approver, decision).await.unwrap();
    assert_eq!(
        view(&story, &cast.approver, View::MyTurn).await,
        BTreeSet::from([decision])
    );
    // Something happens on it.
    story
        .step(
            &cast.reviewer,
            case,
            check(ListKind::Completeness, "fields", Verdict::Pass),
        )
        .await;
    assert_eq!(
        view(&story, &cast.reviewer, View::MyTurn).await,
        BTreeSet::from([case])
    );
    assert_eq!(view(&story, &cast.reviewer, View::Snoozed).await, none);
    // Its day comes.
    snooze(desk, &cast.reviewer, &until(&story, case, 30))
        .await
        .unwrap();
    assert_eq!(view(&story, &cast.reviewer, View::MyTurn).await, none);
    story.clock.set(desk.now().plus(time::Duration::days(31)));
    assert_eq!(
        view(&story, &cast.reviewer, View::MyTurn).await,
        BTreeSet::from([case])
    );
    assert!(
        view(&story, &cast.reviewer, View::Overdue)
            .await
            .contains(&case)
    );
    // Due or not, it is not lost while it sleeps.
    snooze(desk, &cast.reviewer, &until(&story, case, 2))
        .await
        .unwrap();
    assert!(
        view(&story, &cast.reviewer, View::Overdue)
            .await
            .contains(&case)
    );
    let question = story.question("Who are the users?");
    story.step(&cast.reviewer, case, question).await;
    assert_eq!(view(&story, &cast.reviewer, View::Snoozed).await, none);
    let history = case_page(desk, &cast.lead, case, None)
        .await
        .unwrap()
        .history;
    let snoozes = history
        .entries
        .iter()
        .filter(|one| one.name == "case_snoozed");
    assert_eq!(snoozes.count(), 3);
    story::assert_sound(&story.database).await;
}

fn saved(query: &str, name: &str, shared: bool) -> SaveViewInput {
    SaveViewInput {
        view: None,
        query: query.to_owned(),
        name: name.to_owned(),
        shared,
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_saved_for_oneself_or_by_a_lead_for_all_staff_and_begun_with(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let names = async |who: &Caller| -> Vec<String> {
        let saved = saved_views(desk, who).await.unwrap();
        saved.views.into_iter().map(|view| view.name).collect()
    };
    let query = "?view=all_open&level=full&region=eu&page=7&x=y";
    save_view(desk, &cast.reviewer, &saved(query, "Full in Europe", false))
        .await
        .unwrap();
    save_view(desk, &cast.lead, &saved("?view=overdue", "Late", true))
        .await
        .unwrap();
    assert_eq!(names(&cast.reviewer).await, ["Late", "Full in Europe"]);
    assert_eq!(names(&cast.compliance).await, ["Late"]);
    for (who, input) in [
        (&cast.reviewer, saved("", "Mine for all", true)),
        (&cast.owner, saved("", "Mine", false)),
        (&cast.reviewer, saved("", "full in europe", false)),
        (&cast.reviewer, saved("", "", false)),
    ] {
        assert!(save_view(desk, who, &input).await.is_err(), "{input:?}");
    }
    let of_lead = saved_views(desk, &cast.lead).await.unwrap().views[0].clone();
    let own = saved_views(desk, &cast.reviewer).await.unwrap().views[1].clone();
    assert_eq!(own.query, "?view=all_open&level=full&region=eu");
    // One begins with one's own or a shared one, never with somebody else's.
    assert_eq!(
        beginning(desk, &cast.reviewer).await.unwrap(),
        Filter::view(View::MyTurn)
    );
    begin_with(desk, &cast.reviewer, Some(own.id))
        .await
        .unwrap();
    assert_eq!(
        beginning(desk, &cast.reviewer).await.unwrap().query(),
        own.query
    );
    assert!(
        begin_with(desk, &cast.commercial, Some(own.id))
            .await
            .is_err()
    );
    set_density(desk, &cast.reviewer, true).await.unwrap();
    let page = look(&story, &cast.reviewer, Filter::view(View::AllOpen)).await;
    assert!(page.beside.compact);
    assert_eq!(page.beside.begins_with, Some(own.id));
    assert!(
        !look(&story, &cast.lead, Filter::view(View::AllOpen))
            .await
            .beside
            .compact
    );
    // Nobody changes what is somebody else's.
    assert!(drop_view(desk, &cast.lead, own.id).await.is_err());
    assert!(drop_view(desk, &cast.reviewer, of_lead.id).await.is_err());
    let renamed = SaveViewInput {
        view: Some(of_lead.id),
        ..saved("?view=ended", "Too late", true)
    };
    assert!(save_view(desk, &cast.reviewer, &renamed).await.is_err());
    save_view(desk, &cast.lead, &renamed).await.unwrap();
    let shared = saved_views(desk, &cast.reviewer).await.unwrap().views[0].clone();
    assert_eq!(
        (shared.name.as_str(), shared.query.as_str()),
        ("Too late", "?view=overdue")
    );
    drop_view(desk, &cast.reviewer, own.id).await.unwrap();
    drop_view(desk, &cast.lead, of_lead.id).await.unwrap();
    assert_eq!(
        beginning(desk, &cast.reviewer).await.unwrap(),
        Filter::view(View::MyTurn)
    );
    assert_eq!(names(&cast.reviewer).await, [""; 0]);
}
