//! Falling out, and back.

use super::*;
use casework::{
    commands::publish_agreement,
    entities::{partner_lapses, partner_links},
    partners::{
        check_links,
        commands::{ReacceptInput, reaccept},
        queries::reacceptance,
        watch_partners,
    },
};
use futures_util::future::join_all;
use time::Duration;

impl Programme {
    /// Lets days pass, and looks at the partners.
    async fn days(&self, days: i64) -> usize {
        self.story.clock.pass(Duration::days(days));
        watch_partners(self.desk()).await.unwrap()
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn falling_out_warns_then_rests_then_ends_each_told_once_on_two_instances(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::partner(engine).await;
    let other = programme.story.another_desk().await;
    let both = async || {
        let outcomes = join_all([watch_partners(programme.desk()), watch_partners(&other)]).await;
        outcomes.into_iter().map(Result::unwrap).sum::<usize>()
    };
    // The decision keeps the first day of use.
    assert_eq!(both().await, 0);
    assert_eq!(programme.days(60).await, 0);
    assert_eq!(programme.state().await, State::Active);
    for (days, kind, state) in [
        (1, "partner_warned", State::Warned),
        (30, "partner_rests", State::Resting),
        (60, "partner_ended", State::Ended),
    ] {
        programme.story.clock.pass(Duration::days(days));
        assert_eq!(both().await, 1, "{kind}");
        assert_eq!(both().await, 0, "{kind}");
        assert_eq!(programme.state().await, state);
        assert_eq!(
            programme.letters(kind).await,
            ["mahmoud@example.org", "olga@example.org"]
        );
        let good = in_good_standing(other.database.read(), programme.app.0, other.now());
        assert_eq!(good.await.unwrap(), state == State::Warned);
    }
    programme.serve().await;
    assert_eq!(programme.days(1).await, 0);
    assert_eq!(programme.state().await, State::Ended);
    let told = programme.told().await;
    assert_eq!(told.len(), 9, "{told:?}");
    let of_the_clock = [
        "noted of the partner: the app had its first active user",
        "noted of the partner: “Has active users” is not met",
        "warned the partner",
        "let the partnership rest",
        "ended the partnership",
    ];
    for (told, beginning) in told[4..].iter().zip(of_the_clock) {
        assert!(told.starts_with(beginning), "{told}");
    }
    programme.story.assert_sound().await;
    // A new application begins anew.
    programme.apply().await.unwrap();
    assert_eq!(programme.state().await, State::Applied);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_with_an_earlier_moment_leaves_what_another_instance_wrote_down() {
    let programme = Programme::partner(Engine::Sqlite).await;
    programme.days(61).await;
    let from = programme.view().await.lapses[0].from;
    let before = from.plus(Duration::seconds(-1));
    programme.story.clock.set(before);
    assert_eq!(programme.days(0).await, 0);
    programme.story.clock.set(from.plus(Duration::seconds(1)));
    assert_eq!(programme.state().await, State::Warned);
    assert!(programme.letters("partner_restored").await.is_empty());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn coming_back_restores_what_was_warned_and_what_rested(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::partner(engine).await;
    for days in [61, 31] {
        programme.days(61).await;
        if days == 31 {
            programme.days(days).await;
            assert_eq!(programme.state().await, State::Resting);
        } else {
            assert_eq!(programme.state().await, State::Warned);
        }
        programme.serve().await;
        assert_eq!(programme.days(0).await, 0, "it was restored at once");
        assert_eq!(programme.state().await, State::Active);
    }
    assert_eq!(programme.letters("partner_restored").await.len(), 4);
    let view = programme.view().await;
    assert_eq!(view.lapses.len(), 2);
    assert!(view.lapses.iter().all(|lapse| lapse.until.is_some()));
    programme.story.assert_sound().await;
}

#[tokio::test]
async fn the_dates_of_a_warning_stay_when_the_settings_change() {
    let programme = Programme::partner(Engine::Sqlite).await;
    programme.days(61).await;
    let next = programme.view().await.standing.next;
    let (desk, admin) = (programme.desk(), &programme.story.cast.admin);
    let settings = casework::queries::admin_settings::admin_settings(desk, admin)
        .await
        .unwrap();
    let rest = settings
        .iter()
        .find(|one| one.setting.key == "partner_rest_days")
        .unwrap();
    casework::commands::set_setting(desk, admin, rest.setting.key, "1", "", "Sooner", &rest.seen)
        .await
        .unwrap();
    programme.days(2).await;
    let standing = programme.view().await.standing;
    assert_eq!((standing.state, standing.next), (State::Warned, next));
}

/// What every page says of the partner at this moment: its own, the list of ours, the gallery.
async fn said(programme: &Programme) -> [State; 3] {
    let filter = |state| PartnerFilter { state, page: 1 };
    let (desk, manager) = (programme.desk(), &programme.manager);
    let all = partners(desk, manager, filter(None)).await.unwrap();
    let line = all.lines[0].standing.state;
    let of_it = partners(desk, manager, filter(Some(line))).await.unwrap();
    assert_eq!(of_it.lines.len(), 1, "the filter and the line agree");
    assert_eq!(all.counts[line.word()], 1);
    let mine = my_partners(desk, programme.owner()).await.unwrap();
    [programme.state().await, line, mine[0].standing.state]
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_step_does_to_a_criterion_is_said_at_once_by_every_page(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::partner(engine).await;
    let story = &programme.story;
    let (desk, case, approver) = (programme.desk(), programme.case, &story.cast.approver);
    assert_eq!(said(&programme).await, [State::Active; 3]);
    let suspend = story::sample(ActionKind::SuspendGrant, approver);
    story.step(approver, case, suspend).await;
    assert_eq!(said(&programme).await, [State::Warned; 3]);
    let reinstate = story::sample(ActionKind::ReinstateGrant, approver);
    story.step(approver, case, reinstate).await;
    assert_eq!(said(&programme).await, [State::Active; 3]);
    // Its store page is gone, which the weekly visit finds.
    story
        .links
        .break_link(STORE, "this address does not answer.");
    story.clock.pass(Duration::days(8));
    check_links(desk).await.unwrap();
    story.clock.pass(Duration::days(15));
    programme.serve().await;
    assert_eq!(check_links(desk).await.unwrap(), 1);
    assert_eq!(said(&programme).await, [State::Warned; 3]);
    story.links.repair(STORE);
    story.clock.pass(Duration::days(1));
    check_links(desk).await.unwrap();
    assert_eq!(said(&programme).await, [State::Active; 3]);
    // Nobody used it for long, which the clock finds; the next user is told by a gateway.
    programme.days(61).await;
    assert_eq!(said(&programme).await, [State::Warned; 3]);
    programme.serve().await;
    assert_eq!(said(&programme).await, [State::Active; 3]);
    assert_eq!(watch_partners(desk).await.unwrap(), 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn store_pages_are_visited_again_and_warn_once_none_answers_for_long(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::partner(engine).await;
    let desk = programme.desk();
    assert_eq!(check_links(desk).await.unwrap(), 0);
    programme
        .story
        .links
        .break_link(STORE, "this address does not answer.");
    programme.days(7).await;
    let other = programme.story.another_desk().await;
    let visits = join_all([check_links(desk), check_links(&other)]).await;
    assert_eq!(visits.into_iter().map(Result::unwrap).sum::<usize>(), 1);
    let link = partner_links::Entity::find()
        .one(desk.database.read())
        .await
        .unwrap()
        .unwrap();
    let failing = link.failing_since_at.unwrap();
    assert_eq!(link.failure, "this address does not answer.");
    programme.days(1).await;
    assert_eq!(check_links(desk).await.unwrap(), 1);
    assert_eq!(programme.state().await, State::Active);
    programme.days(13).await;
    check_links(desk).await.unwrap();
    let since = partner_links::Entity::find()
        .one(desk.database.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(since.failing_since_at, Some(failing));
    assert_eq!(programme.state().await, State::Warned);
    let lapse = partner_lapses::Entity::find()
        .one(desk.database.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lapse.criterion, Criterion::App.word());
    // Another page puts it right.
    let other = publication(
        programme.app,
        "2026-03-02",
        "https://play.example.org/glow",
        1,
    );
    publish_app(desk, programme.owner(), &other).await.unwrap();
    programme.serve().await;
    programme.days(0).await;
    assert_eq!(programme.state().await, State::Active);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_newer_agreement_is_accepted_with_a_signature_or_the_partner_is_warned(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let programme = Programme::partner(engine).await;
    let (desk, owner, app) = (programme.desk(), programme.owner(), programme.app);
    let admin = &programme.story.cast.admin;
    let mut seen = *desk.reference.known().agreements.get("dla").unwrap_or(&0);
    while seen < 2 {
        let clause = "Keep the data safe, and give them to nobody who has no right to them. ";
        let text = format!(
            "# Data Licensing Agreement\n\n{}\n\n{seen}.\n",
            clause.repeat(3)
        );
        seen = publish_agreement(desk, admin, "dla", &text, seen)
            .await
            .unwrap();
    }
    assert_eq!(programme.view().await.to_accept, Some(2));
    for _ in 0..2 {
        programme.days(29).await;
        programme.serve().await;
    }
    assert_eq!(programme.state().await, State::Active);
    programme.days(3).await;
    assert_eq!(programme.state().await, State::Warned);
    let input = ReacceptInput {
        app,
        agreement: 2,
        capacity: "Managing director".to_owned(),
        consent: true,
        password: PASSWORD.into(),
        code: "".into(),
    };
    let outcome = reaccept(desk, &programme.story.cast.member, &input).await;
    assert!(matches!(outcome, Err(Error::Forbidden { .. })));
    let incomplete = ReacceptInput {
        capacity: String::new(),
        consent: false,
        ..input.clone()
    };
    let outcome = reaccept(desk, owner, &incomplete).await;
    assert_eq!(fields(outcome), ["capacity", "consent"]);
    assert!(reacceptance(desk, owner, app).await.unwrap().may);
    reaccept(desk, owner, &input).await.unwrap();
    assert_eq!(programme.state().await, State::Active);
    assert_eq!(
        refused(reaccept(desk, owner, &input).await),
        Refused::AcceptedBefore
    );
    assert!(
        programme
            .told()
            .await
            .contains(&"accepted version 2 of the agreement for the app".to_owned())
    );
    programme.story.assert_sound().await;
    for change in [
        "UPDATE reacceptances SET version = 9",
        "DELETE FROM reacceptances",
    ] {
        programme.story.sql(change).await.unwrap();
        let report = casework::verification::verify(&desk.database, None).await;
        let found: Vec<String> = report
            .unwrap()
            .found
            .iter()
            .map(ToString::to_string)
            .collect();
        let is_named = found
            .iter()
            .any(|fault| fault.contains("of a newer agreement"));
        assert!(is_named, "{change}: {found:?}");
    }
}

#[tokio::test]
async fn the_first_day_of_use_is_kept_when_the_days_are_thrown_away() {
    let programme = Programme::partner(Engine::Sqlite).await;
    programme.days(0).await;
    programme.story.sql("DELETE FROM user_days").await.unwrap();
    programme.serve().await;
    programme.days(30).await;
    assert_eq!(programme.state().await, State::Active);
    assert!(programme.view().await.criteria[2].met);
}
