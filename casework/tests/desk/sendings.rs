//! Forms that are sent more than once: the same is carried out once, something else is not lost.

use crate::support::{bench::Bench, *};
use casework::{
    Desk, Once, Sending, accounts,
    commands::{self, AppText, Done, Envelope},
    entities::outbox,
    queries,
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::sync::Arc;
use workflow::Seen;

/// The desk as it carries out one sending of a form.
fn sending(desk: &Desk, once: Once, content: &str) -> Desk {
    desk.carrying_out(Arc::new(Sending::new(desk, once, &[content])))
}

fn edit(field: &str) -> Act {
    Act::unsigned(Action::EditDraft {
        fields: vec![field.to_owned()],
    })
}

const fn unseen(case: CaseNumber) -> Envelope {
    Envelope { case, seen: None }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_many_times_is_carried_out_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let envelope = Envelope {
        case,
        seen: Some(Seen::version(1)),
    };
    let submit = Act::unsigned(story::submission());
    let once = Once::new();
    let outcomes = join_all((0..200).map(|_| async {
        let desk = sending(&story.desk, once, "submit");
        commands::run(&desk, Some(&story.cast.owner), &envelope, &submit).await
    }))
    .await;
    let now = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(Done::Now(_))))
        .count();
    let before = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(Done::Before)))
        .count();
    assert_eq!((now, before), (1, 199));
    assert_eq!(story.history(case).await.len(), 2);
    let mails = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("submitted"))
        .filter(outbox::Column::ToAddress.eq("olga@example.org"))
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(mails, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn steps_outside_a_case_are_carried_out_once_too_whoever_takes_them(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let stranger = &story.cast.stranger;
    let text = AppText {
        name: "Twice?".to_owned(),
        ..Default::default()
    };
    let once = Once::new();
    let outcomes = join_all((0..20).map(|_| async {
        let desk = sending(&story.desk, once, "create");
        commands::create_app(&desk, stranger, &text).await
    }))
    .await;
    let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for refused in refused {
        assert!(matches!(refused, Err(Error::Before)), "{refused:?}");
    }
    let mine = queries::my_apps(&story.desk, stranger).await.unwrap();
    assert_eq!(mine.apps.len(), 1);
    let app = mine.apps[0].id;
    let once = Once::new();
    let starts = join_all((0..20).map(|_| async {
        let desk = sending(&story.desk, once, "start");
        commands::start(&desk, stranger, app, AccessLevel::Limited).await
    }))
    .await;
    assert_eq!(starts.iter().filter(|start| start.is_ok()).count(), 1);
    let once = Once::new();
    for round in 0..2 {
        let desk = sending(&story.desk, once, "reset");
        let asked = accounts::request_reset(&desk, "stella@example.org", "::1").await;
        assert_eq!(asked.is_ok(), round == 0, "{asked:?}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_under_a_spent_key_and_says_something_else_is_refused_and_not_passed_over(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let owner = Some(&story.cast.owner);
    let once = Once::new();
    let first = sending(&story.desk, once, "a");
    let done = commands::run(&first, owner, &unseen(case), &edit("a")).await;
    assert!(matches!(done, Ok(Done::Now(_))));
    let other = sending(&story.desk, once, "b");
    let done = commands::run(&other, owner, &unseen(case), &edit("b")).await;
    assert!(matches!(done, Err(Error::SentOtherwise)), "{done:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_refused_can_be_sent_again_under_its_key(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let once = Once::new();
    let strange = sending(&story.desk, once, "a");
    let submit = Act::unsigned(story::submission());
    let refused = commands::run(&strange, Some(&story.cast.owner), &unseen(case), &submit).await;
    assert!(refused.is_err());
    let owner = Some(&story.cast.owner);
    let done = commands::run(&strange, owner, &unseen(case), &edit("a")).await;
    assert!(matches!(done, Ok(Done::Now(_))), "{done:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn anothers_key_does_not_hide_ones_own_form(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let once = Once::new();
    for (who, field) in [(&story.cast.owner, "a"), (&story.cast.member, "b")] {
        let desk = sending(&story.desk, once, field);
        let done = commands::run(&desk, Some(who), &unseen(case), &edit(field)).await;
        assert!(matches!(done, Ok(Done::Now(_))), "{done:?}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_form_that_made_a_secret_makes_the_same_one_when_it_is_sent_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let (owner, app) = (&bench.owner, bench.app);
    let version = async || {
        let profile = queries::app_profile(&bench.rig, owner, app).await;
        profile.unwrap().version
    };
    let desk = sending(&bench.rig, Once::new(), "replace");
    let seen = version().await;
    let secret = commands::replace_secret(&desk, owner, app, seen, Default::default())
        .await
        .unwrap();
    // Another request, with the same form.
    let again = commands::replace_secret(&desk.apart(), owner, app, seen, Default::default()).await;
    assert!(matches!(again, Err(Error::Conflict { .. })));
    let shown = commands::secret_made_before(&desk, owner, app, queries::DataEnvironment::Sandbox)
        .await
        .unwrap();
    assert_eq!(shown.as_ref(), Some(&secret));
    let stranger = commands::secret_made_before(
        &desk,
        &bench.stranger,
        app,
        queries::DataEnvironment::Sandbox,
    )
    .await;
    assert!(matches!(stranger, Err(Error::NotFound)));
    // Another form makes another, and the first one's is shown no more.
    let other = sending(&bench.rig, Once::new(), "replace");
    let newer =
        commands::replace_secret(&other, owner, app, version().await, Default::default()).await;
    assert_ne!(newer.unwrap().reveal(), secret.reveal());
    let shown = commands::secret_made_before(&desk, owner, app, queries::DataEnvironment::Sandbox)
        .await
        .unwrap();
    assert_eq!(shown, None);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_does_not_fit_is_noted_and_does_not_spend_the_form(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    let owner = &story.cast.owner;
    let desk = sending(&story.desk, Once::new(), "sign");
    for _ in 0..2 {
        let wrong = accounts::verify_password(&desk, owner, "not the one").await;
        assert!(matches!(wrong, Err(Error::Input { .. })), "{wrong:?}");
    }
    let done = commands::run(&desk, Some(owner), &unseen(case), &edit("a")).await;
    assert!(matches!(done, Ok(Done::Now(_))), "{done:?}");
}
