//! Conflicts of interest that are declared with an organisation.

use crate::support::*;
use casework::{
    commands::{self, DeclareConflictInput, Next},
    queries::{
        candidates,
        case_page::case_page,
        own_conflicts,
        queue::{Filter, View, queue},
        work_of,
    },
};
use sea_orm::EntityTrait;

fn with(organisation: &str, person: Option<&Caller>) -> DeclareConflictInput {
    DeclareConflictInput {
        person: person.map(|person| person.person),
        organisation: organisation.to_owned(),
        reason: "My sister works there.".to_owned(),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_conflict_with_an_organisation_has_no_part_in_its_apps_until_a_lead_withdraws_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let (reviewer, lead) = (&cast.reviewer, &cast.lead);
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    assert_eq!(story.case(case).await.seats[&Seat::Case], reviewer.person);
    let row = story.row(case).await;
    let app = casework::entities::apps::Entity::find_by_id(row.app_id)
        .one(story.database.read())
        .await
        .unwrap()
        .unwrap();
    let organisation = app.organisation.to_uppercase();
    // Developers declare nothing, and nobody declares for a colleague but a lead.
    let strange = commands::declare_conflict(desk, &cast.owner, &with(&organisation, None)).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    let other = with(&organisation, Some(reviewer));
    let strange = commands::declare_conflict(desk, &cast.other_reviewer, &other).await;
    assert!(matches!(strange, Err(Error::Forbidden { .. })));

    crate::search::write(desk).await;
    let found = async || {
        let filter = Filter {
            text: app.name.clone(),
            ..Filter::view(View::AllOpen)
        };
        queue(desk, reviewer, filter).await.unwrap().rows.len()
    };
    assert_eq!(found().await, 1);
    commands::declare_conflict(desk, reviewer, &with(&organisation, None))
        .await
        .unwrap();
    // Nor is it found by its words.
    assert_eq!(found().await, 0);
    let twice = commands::declare_conflict(desk, reviewer, &with(&app.organisation, None)).await;
    assert_eq!(twice.unwrap_err().problems()[0].field, "organisation");
    // What was held is given back at once, with why; nothing of it is seen or given any more.
    let after = story.case(case).await;
    assert_eq!(after.seats.get(&Seat::Case), None);
    let note = after.handed_over[&Seat::Case].note.inside();
    assert!(note.contains(&organisation), "{note}");
    assert!(case_page(desk, reviewer, case, None).await.is_err());
    let offered = candidates(desk, &after, Seat::Case).await.unwrap();
    assert!(offered.iter().all(|one| one.person != reviewer.person));
    let next = commands::get_next(desk, reviewer).await.unwrap();
    assert!(
        !matches!(next, Next::Case(number, _) if number == case),
        "{next:?}"
    );

    let own = own_conflicts(desk, reviewer).await.unwrap();
    assert_eq!(own.len(), 1);
    let id = own[0].id;
    let why = "She has left.";
    let own = commands::withdraw_conflict(desk, reviewer, id, why).await;
    assert!(matches!(own, Err(Error::Forbidden { .. })));
    let silent = commands::withdraw_conflict(desk, lead, id, " ").await;
    assert_eq!(silent.unwrap_err().problems()[0].field, "reason");
    let seen = work_of(desk, lead, reviewer.person).await.unwrap();
    assert_eq!(seen.conflicts.len(), 1);
    commands::withdraw_conflict(desk, lead, id, why)
        .await
        .unwrap();
    assert!(case_page(desk, reviewer, case, None).await.is_ok());
    // What reviews it decides nothing about it: that stays by the record, not by a declaration.
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_lead_with_a_conflict_withdraws_none_of_their_own(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, lead) = (&story.desk, &story.cast.lead);
    commands::declare_conflict(desk, lead, &with("Acme", None))
        .await
        .unwrap();
    let id = own_conflicts(desk, lead).await.unwrap()[0].id;
    let own = commands::withdraw_conflict(desk, lead, id, "It is over.").await;
    assert!(matches!(own, Err(Error::Forbidden { rule, .. }) if rule == "own_conflict"));
}
