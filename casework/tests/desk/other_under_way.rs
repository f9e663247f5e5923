//! An app has one application under way: what that means for an appeal, and which of its applications
//! tells its standing.

use crate::support::*;
use casework::{
    commands,
    queries::{
        AppealView, app_profile, application,
        case_page::{Lies, case_page},
        my_apps,
    },
};

/// The lead grants the appeal.
async fn reopens(story: &Story, case: CaseNumber) -> casework::Result<()> {
    let reopening = commands::Reopen {
        reason: "The second use counts.".to_owned(),
        to: Some(story.cast.other_reviewer.person),
        although: String::new(),
    };
    let seen = story::looked(&story.desk, case).await;
    let done = commands::reopen(&story.desk, &story.cast.lead, &seen, reopening).await;
    done.map(drop)
}

/// A declined application whose end was appealed against, and another one of the same app.
async fn appealed(story: &Story, other: StateKind) -> (CaseNumber, CaseNumber) {
    let level = AccessLevel::Limited;
    let case = story.case_in(level, StateKind::Declined).await;
    let owner = &story.cast.owner;
    let appeal = story::sample(ActionKind::Appeal, owner);
    story.step(owner, case, appeal).await;
    let app = story.case(case).await.app;
    let second = story.draft_for(app, owner, level).await;
    story.bring(second, other).await;
    (case, second)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_is_granted_only_while_no_other_application_of_the_app_is_under_way(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(StateKind::Draft, StateKind::Submitted)] other: StateKind,
) {
    let story = Story::begin(engine).await;
    let (case, second) = appealed(&story, other).await;
    let (desk, cast) = (&story.desk, &story.cast);
    // Staff know nothing of a draft but that it is there.
    let known = (other != StateKind::Draft).then_some(second);
    let refused = reopens(&story, case).await;
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::OtherUnderWay { number })) if *number == known),
        "{refused:?}"
    );
    // The page says so before anybody tries.
    let lead = case_page(desk, &cast.lead, case, None).await.unwrap();
    let step = lead
        .actions
        .iter()
        .find(|one| one.action == ActionKind::Reopen);
    let obstacle = step.unwrap().obstacle.as_ref().unwrap();
    assert_eq!(obstacle.lies, Lies::WithCase);
    assert_eq!(
        obstacle.reason.contains(&second.to_string()),
        known.is_some(),
        "{}",
        obstacle.reason
    );
    // Its developer is told which one it is, and begins no third.
    let page = application(desk, &cast.member, case).await.unwrap();
    assert_eq!((page.under_way, page.may_begin), (Some(second), false));
    let of_second = application(desk, &cast.member, second).await.unwrap();
    assert_eq!(of_second.under_way, None, "it is that one itself");

    let withdraw = story::sample(ActionKind::Withdraw, &cast.owner);
    story.step(&cast.owner, second, withdraw).await;
    let page = application(desk, &cast.member, case).await.unwrap();
    assert_eq!((page.under_way, page.may_begin), (None, true));
    let lead = case_page(desk, &cast.lead, case, None).await.unwrap();
    assert!(lead.can(ActionKind::Reopen));
    reopens(&story, case).await.unwrap();
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_application_under_way_tells_the_standing_of_its_app_else_the_one_that_ended_last(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (case, second) = appealed(&story, StateKind::Draft).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let app = story.case(case).await.app;
    let told = async || {
        let mine = my_apps(desk, &cast.owner).await.unwrap().apps;
        let row = mine.into_iter().find(|one| one.id == app).unwrap();
        let profile = app_profile(desk, &cast.owner, app).await.unwrap();
        let first = profile.applications.first().map(|brief| brief.number);
        let shown = row.application.map(|brief| brief.number);
        assert_eq!(first, shown, "the list and the page say the same");
        (shown.unwrap(), row.appeals)
    };
    // A newer draft does not hide the appeal.
    let (shown, appeals) = told().await;
    assert_eq!(shown, second);
    assert!(
        matches!(&appeals[..], [(number, AppealView::Made(_))] if *number == case),
        "{appeals:?}"
    );
    let withdraw = story::sample(ActionKind::Withdraw, &cast.owner);
    story.step(&cast.owner, second, withdraw).await;
    assert_eq!(told().await.0, second, "it ended last");
    reopens(&story, case).await.unwrap();
    let (shown, appeals) = told().await;
    assert_eq!((shown, appeals.len()), (case, 0));
    let profile = app_profile(desk, &cast.owner, app).await.unwrap();
    assert!(profile.may_apply_for.is_empty());
    let decline = story::sample(ActionKind::Decline, &cast.approver);
    story.step(&cast.approver, case, decline).await;
    assert_eq!(told().await.0, case, "now it is the one that ended last");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn that_one_can_appeal_is_said_whatever_else_is_begun(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Declined)
        .await;
    let owner = &story.cast.owner;
    let app = story.case(case).await.app;
    story.draft_for(app, owner, AccessLevel::Limited).await;
    let mine = my_apps(&story.desk, owner).await.unwrap().apps;
    let row = mine.iter().find(|one| one.id == app).unwrap();
    assert!(
        matches!(&row.appeals[..], [(number, AppealView::Until(_))] if *number == case),
        "{:?}",
        row.appeals
    );
}
