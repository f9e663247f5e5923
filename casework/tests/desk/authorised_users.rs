//! Authorised users of an app: the cap holds whatever happens at the same moment, on both engines
//! and on several instances; what gateways may ask, and what developers are told.

use crate::support::*;
use casework::{
    access::{Gateway, GatewayScope, Refused, Subject, gateway_of},
    commands::{
        Authorised, GrantChange, Served, authorise, change_grant, end_gateway_token,
        make_gateway_token, replace_gateway_token, report_served, revoke_authorisation,
    },
    entities::{apps, audit_events, authorisations, ended_authorisations, outbox, served_subjects},
    queries::{DataEnvironment, app_profile, check_user, known_app, users_of_case},
    sweep::{Retention, sweep},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::{SignatureId, users::Denial};

/// A story with an approved app and a gateway that may do everything.
struct Access {
    story: Story,
    case: CaseNumber,
    app: AppId,
    client_id: String,
    gateway: Gateway,
}

fn all_scopes() -> BTreeSet<GatewayScope> {
    GatewayScope::ALL.into_iter().collect()
}

async fn gateway(story: &Story, scopes: &BTreeSet<GatewayScope>) -> Gateway {
    let made = make_gateway_token(&story.desk, &story.cast.admin, "Gateway", scopes, "90")
        .await
        .unwrap();
    gateway_of(&story.desk, made.token.reveal())
        .await
        .unwrap()
        .unwrap()
}

impl Access {
    async fn begin(engine: Engine, level: AccessLevel) -> Self {
        let story = Story::begin(engine).await;
        let case = story.case_in(level, StateKind::Approved).await;
        let app = AppId(story.row(case).await.app_id);
        let row = apps::Entity::find_by_id(app.0)
            .one(story.desk.database.read())
            .await
            .unwrap()
            .unwrap();
        let gateway = gateway(&story, &all_scopes()).await;
        Self {
            case,
            app,
            client_id: row.client_id,
            gateway,
            story,
        }
    }

    async fn authorise_on(&self, desk: &Desk, user: usize) -> Result<Authorised, Refused> {
        authorise(desk, &self.gateway, &self.client_id, &subject(user)).await
    }

    async fn authorise(&self, user: usize) -> Result<Authorised, Refused> {
        self.authorise_on(&self.story.desk, user).await
    }

    async fn revoke(&self, user: usize) -> bool {
        revoke_authorisation(
            &self.story.desk,
            &self.gateway,
            &self.client_id,
            &subject(user),
        )
        .await
        .unwrap()
    }

    async fn check(&self, user: usize) -> Result<(), Refused> {
        check_user(
            &self.story.desk,
            &self.gateway,
            &self.client_id,
            Some(&subject(user)),
            DataEnvironment::Production,
        )
        .await
    }

    /// An approver gives the grant another cap.
    async fn change_cap(&self, approver: &Caller, cap: usize) {
        let change = Action::ChangeCap {
            cap: u32::try_from(cap).unwrap(),
            reason: workflow::Outward::written("As agreed on the phone."),
            signature: SignatureId(Uuid::nil()),
        };
        self.story.step(approver, self.case, change).await;
    }

    /// How many rows there are, and how many are said to be.
    async fn counts(&self) -> (u64, u32) {
        let rows = authorisations::Entity::find()
            .filter(authorisations::Column::AppId.eq(self.app.0))
            .count(self.story.desk.database.read())
            .await
            .unwrap();
        let app = known_app(&self.story.desk, &self.gateway, &self.client_id)
            .await
            .unwrap();
        (rows, app.authorised)
    }

    async fn letters(&self, kind: &str) -> u64 {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .filter(outbox::Column::AboutId.eq(self.app.0))
            .count(self.story.desk.database.read())
            .await
            .unwrap()
    }

    async fn events(&self, name: &str) -> u64 {
        audit_events::Entity::find()
            .filter(audit_events::Column::Name.eq(name))
            .count(self.story.desk.database.read())
            .await
            .unwrap()
    }
}

fn subject(user: usize) -> Subject {
    Subject::parse(&format!("user-{user}")).unwrap()
}

fn denial(outcome: Result<impl std::fmt::Debug, Refused>) -> Denial {
    match outcome {
        Err(Refused::Denied { denial, .. }) => denial,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_users_at_once_on_two_instances_exactly_twenty_get_a_place(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let other = access.story.rig.another_desk().await;
    let desks = [&access.story.rig.desk, &other];
    let outcomes = join_all((0..200).map(|user| access.authorise_on(desks[user % 2], user))).await;
    let mut places = 0;
    for outcome in outcomes {
        match outcome {
            Ok(authorised) => {
                assert!(authorised.is_new && authorised.authorised <= 20);
                places += 1;
            }
            Err(Refused::Denied { denial, cap }) => {
                assert_eq!(denial, Denial::CapReached);
                assert_eq!(cap.unwrap().users, 20);
            }
            Err(Refused::Failed(error)) => panic!("{error}"),
        }
    }
    assert_eq!(places, 20);
    assert_eq!(access.counts().await, (20, 20));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_given_once_and_free_again_when_its_user_takes_it_back(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    assert!(access.authorise(0).await.unwrap().is_new);
    let again = access.authorise(0).await.unwrap();
    assert!(!again.is_new && again.authorised == 1);
    for user in 1..20 {
        access.authorise(user).await.unwrap();
    }
    assert_eq!(denial(access.authorise(20).await), Denial::CapReached);
    // Who has a place has it also at the cap.
    assert!(!access.authorise(7).await.unwrap().is_new);
    assert_eq!(denial(access.check(20).await), Denial::CapReached);
    assert!(access.check(7).await.is_ok());
    assert!(access.revoke(7).await);
    assert!(!access.revoke(7).await);
    assert_eq!(denial(access.check(7).await), Denial::NotAuthorised);
    assert!(access.authorise(20).await.unwrap().is_new);
    assert_eq!(access.counts().await, (20, 20));
    // Nothing of who it was is kept.
    let kept = authorisations::Entity::find()
        .all(access.story.desk.database.read())
        .await
        .unwrap();
    assert!(kept.iter().all(|row| row.subject.len() == 64));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_or_revoked_app_lets_nobody_in_and_says_which_it_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let story = &access.story;
    access.authorise(0).await.unwrap();
    let reason = || workflow::Outward::written("Tokens were found in public.");
    let approver = story.person("abena", &[Role::Approver]).await;
    let suspend = Action::SuspendGrant {
        reason: reason(),
        signature: SignatureId(Uuid::nil()),
    };
    story.step(&approver, access.case, suspend).await;
    assert_eq!(denial(access.authorise(1).await), Denial::Suspended);
    assert_eq!(denial(access.authorise(0).await), Denial::Suspended);
    assert_eq!(denial(access.check(0).await), Denial::Suspended);
    let reinstate = Action::ReinstateGrant {
        reason: reason(),
        signature: SignatureId(Uuid::nil()),
    };
    story.step(&approver, access.case, reinstate).await;
    assert!(access.check(0).await.is_ok());
    let revoke = Action::RevokeGrant {
        reason: reason(),
        signature: SignatureId(Uuid::nil()),
    };
    story.step(&approver, access.case, revoke).await;
    assert_eq!(denial(access.check(0).await), Denial::Revoked);
    assert_eq!(denial(access.authorise(1).await), Denial::Revoked);
    let app = known_app(&story.desk, &access.gateway, &access.client_id)
        .await
        .unwrap();
    assert_eq!(app.denial, Some(Denial::Revoked));
    // Taking back is always possible.
    assert!(access.revoke(0).await);
    let never = story.app("Other", &story.cast.owner).await;
    let never = apps::Entity::find_by_id(never.0)
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    let outcome = authorise(&story.desk, &access.gateway, &never.client_id, &subject(0)).await;
    assert_eq!(denial(outcome), Denial::NoProductionAccess);
    let sandbox = check_user(
        &story.desk,
        &access.gateway,
        &never.client_id,
        None,
        DataEnvironment::Sandbox,
    );
    assert!(sandbox.await.is_ok(), "the sandbox is open to every app");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_cap_holds_at_once_drops_nobody_and_its_members_are_told(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let story = &access.story;
    let approver = story.person("abena", &[Role::Approver]).await;
    for user in 0..5 {
        access.authorise(user).await.unwrap();
    }
    story.clock.pass(Duration::days(3));
    access.change_cap(&approver, 3).await;
    let known = known_app(&story.desk, &access.gateway, &access.client_id);
    let since = known.await.unwrap().cap.unwrap().since;
    assert!(
        story.desk.now().since(since) < Duration::hours(1),
        "{since}"
    );
    for user in 0..5 {
        assert!(access.check(user).await.is_ok(), "{user}");
        assert!(!access.authorise(user).await.unwrap().is_new);
    }
    assert_eq!(denial(access.authorise(5).await), Denial::CapReached);
    assert!(access.revoke(0).await && access.revoke(1).await);
    assert_eq!(denial(access.authorise(5).await), Denial::CapReached);
    access.change_cap(&approver, 4).await;
    // Of the new places is told as of the old ones.
    assert_eq!(access.letters("user_cap_reached").await, 0);
    assert!(access.authorise(5).await.unwrap().is_new);
    assert_eq!(access.letters("user_cap_reached").await, 2);
    assert_eq!(denial(access.authorise(6).await), Denial::CapReached);
    let told = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("cap_changed"))
        .filter(outbox::Column::ToAddress.eq("olga@example.org"))
        .order_by_asc(outbox::Column::Id)
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].text.contains("at most 3 authorised users"),
        "{}",
        told[0].text
    );
    assert!(told[0].text.contains("stay"), "{}", told[0].text);
    assert!(told[1].text.contains("As agreed on the phone."));
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_full_access_the_cap_of_what_was_granted_before_stays() {
    let access = Access::begin(Engine::Sqlite, AccessLevel::Limited).await;
    let story = &access.story;
    let approver = story.person("abena", &[Role::Approver]).await;
    let set = "UPDATE apps SET level = 'full', cap = NULL";
    story.rig.sql(set).await.unwrap();
    let envelope = story::looked(&story.desk, access.case).await;
    let change = GrantChange::Cap(Some(12));
    let refused = change_grant(
        &story.desk,
        &approver,
        &envelope,
        change,
        "As agreed.",
        story::PASSWORD,
    );
    let refused = refused.await.unwrap_err();
    assert_eq!(refused.problems()[0].field, "cap", "{refused}");
    assert!(refused.to_string().contains("Full Access"), "{refused}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_in_between_the_cap_refuses_new_users_and_takes_nobodys_place(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let other = access.story.rig.another_desk().await;
    let desks = [&access.story.rig.desk, &other];
    let approver = access.story.person("abena", &[Role::Approver]).await;
    let mut has: BTreeSet<usize> = BTreeSet::new();
    let (mut cap, mut suspended) = (20_usize, false);
    // Numbers that look random and are the same in each run.
    let mut state = 0x2026_1126_u64;
    let mut dice = |sides: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % sides
    };
    for round in 0..400 {
        let (user, desk) = (dice(40), desks[dice(2)]);
        match dice(20) {
            0 => {
                let next = 5 + dice(30);
                // Lowered and raised by an approver, while access holds.
                if !suspended && next != cap {
                    cap = next;
                    access.change_cap(&approver, cap).await;
                }
            }
            1 => {
                suspended = !suspended;
                let kind = match suspended {
                    true => ActionKind::SuspendGrant,
                    false => ActionKind::ReinstateGrant,
                };
                let change = story::sample(kind, &approver);
                access.story.step(&approver, access.case, change).await;
            }
            2..=6 => {
                let subject = subject(user);
                let gone =
                    revoke_authorisation(desk, &access.gateway, &access.client_id, &subject).await;
                assert_eq!(gone.unwrap(), has.remove(&user), "round {round}");
            }
            _ => {
                let outcome = access.authorise_on(desk, user).await;
                if suspended {
                    assert_eq!(denial(outcome), Denial::Suspended, "round {round}");
                } else if has.contains(&user) {
                    assert!(!outcome.unwrap().is_new, "round {round}");
                } else if has.len() >= cap {
                    assert_eq!(denial(outcome), Denial::CapReached, "round {round}");
                } else {
                    has.insert(user);
                    assert!(outcome.unwrap().is_new, "round {round}");
                }
            }
        }
        let served = access.check(user).await;
        assert_eq!(
            served.is_ok(),
            !suspended && has.contains(&user),
            "round {round}"
        );
    }
    let count = u32::try_from(has.len()).unwrap();
    assert_eq!(access.counts().await, (u64::from(count), count));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_members_are_told_at_four_of_five_places_and_at_the_last_and_not_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    for user in 0..16 {
        assert_eq!(access.letters("user_cap_near").await, 0, "user {user}");
        access.authorise(user).await.unwrap();
    }
    // The owner and the member.
    assert_eq!(access.letters("user_cap_near").await, 2);
    access.revoke(15).await;
    for user in 15..20 {
        access.authorise(user).await.unwrap();
    }
    assert_eq!(access.letters("user_cap_near").await, 2);
    assert_eq!(access.letters("user_cap_reached").await, 2);
    assert_eq!(access.events("user_cap_near").await, 1);
    assert_eq!(access.events("user_cap_reached").await, 1);
    let letter = outbox::Entity::find()
        .filter(outbox::Column::Kind.eq("user_cap_reached"))
        .one(access.story.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    assert!(
        letter.text.contains("Full Access has no limit of users"),
        "{}",
        letter.text
    );
    assert!(!letter.text.contains("user-"), "{}", letter.text);
    access.story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_reported_twice_for_a_day_counts_once_and_goes_with_the_time(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let story = &access.story;
    for user in 0..3 {
        access.authorise(user).await.unwrap();
    }
    story.rig.clock.pass(Duration::days(1));
    let today = story.desk.now().date();
    let line = |days: i64, user| Served {
        day: today - Duration::days(days),
        subject: subject(user),
    };
    let (desk, gateway, client_id) = (&story.desk, &access.gateway, access.client_id.as_str());
    let report =
        |lines: Vec<Served>| async move { report_served(desk, gateway, client_id, &lines).await };
    let first = report(vec![line(0, 0), line(0, 1), line(0, 0), line(1, 0)])
        .await
        .unwrap();
    assert_eq!((first.counted, first.known), (3, 1));
    let again = report(vec![line(0, 1), line(0, 2)]).await.unwrap();
    assert_eq!((again.counted, again.known), (1, 1));
    for bad in [line(-1, 0), line(15, 0)] {
        let outcome = report(vec![line(0, 9), bad]).await;
        assert!(matches!(outcome, Err(Error::Input { .. })), "{outcome:?}");
    }
    let profile = app_profile(&story.desk, &story.cast.owner, access.app)
        .await
        .unwrap();
    let served: Vec<u32> = profile.users.days.iter().map(|day| day.served).collect();
    assert_eq!(&served[served.len() - 2..], [1, 3]);
    assert_eq!(profile.users.authorised, 3);

    story.rig.clock.pass(Duration::days(40));
    sweep(&story.desk, &Retention::default()).await.unwrap();
    let left = served_subjects::Entity::find()
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn only_days_on_which_a_user_had_authorised_the_app_count(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let (story, desk) = (&access.story, &access.story.desk);
    let first = story.desk.now().date();
    let report = |day: i64, user| {
        let served = Served {
            day: first + Duration::days(day),
            subject: subject(user),
        };
        let (gateway, client_id) = (&access.gateway, access.client_id.as_str());
        async move {
            let told = report_served(desk, gateway, client_id, &[served])
                .await
                .unwrap();
            (told.counted, told.not_authorised)
        }
    };
    let user = subject(0);
    let revoke = || revoke_authorisation(desk, &access.gateway, &access.client_id, &user);
    // Nobody has authorised it yet.
    assert_eq!(report(0, 0).await, (0, 1));
    story.rig.clock.pass(Duration::days(2));
    access.authorise(0).await.unwrap();
    story.rig.clock.pass(Duration::days(3));
    assert!(revoke().await.unwrap());
    story.rig.clock.pass(Duration::days(2));
    // From the day on which they did to the day on which they took it back.
    for (day, expected) in [
        (1, (0, 1)),
        (2, (1, 0)),
        (5, (1, 0)),
        (6, (0, 1)),
        (7, (0, 1)),
    ] {
        assert_eq!(report(day, 0).await, expected, "day {day}");
    }
    // Others' authorisations are none of theirs.
    assert_eq!(report(3, 1).await, (0, 1));
    access.authorise(0).await.unwrap();
    assert_eq!(report(7, 0).await, (1, 0));
    assert!(revoke().await.unwrap());

    story.rig.clock.pass(Duration::days(40));
    sweep(&story.desk, &Retention::default()).await.unwrap();
    let ended = ended_authorisations::Entity::find();
    assert_eq!(ended.count(desk.database.read()).await.unwrap(), 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_token_lets_its_gateway_do_what_it_is_for_until_it_ends(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let (desk, admin) = (&access.story.desk, &access.story.cast.admin);
    let check_only = gateway(&access.story, &[GatewayScope::Check].into()).await;
    let outcome = authorise(desk, &check_only, &access.client_id, &subject(0)).await;
    assert!(
        matches!(outcome, Err(Refused::Failed(Error::Forbidden { .. }))),
        "{outcome:?}"
    );
    assert_eq!(gateway_of(desk, "nobody's").await.unwrap(), None);
    for who in [&access.story.cast.lead, &access.story.cast.owner] {
        let made = make_gateway_token(desk, who, "Mine", &all_scopes(), "9").await;
        assert!(matches!(
            made,
            Err(Error::Forbidden { .. } | Error::NotFound)
        ));
    }
    for days in ["0", "401", "-1", "soon", ""] {
        let made = make_gateway_token(desk, admin, "Gateway", &all_scopes(), days).await;
        assert!(matches!(made, Err(Error::Input { .. })), "{days}");
    }

    let old = make_gateway_token(desk, admin, "Gateway", &all_scopes(), "90")
        .await
        .unwrap();
    let new = replace_gateway_token(desk, admin, old.id, "48")
        .await
        .unwrap();
    let works = |token: String| async move { gateway_of(desk, &token).await.unwrap().is_some() };
    let (first, second) = (old.token.reveal().to_owned(), new.token.reveal().to_owned());
    assert!(works(first.clone()).await && works(second.clone()).await);
    // The form of another tab, drawn before.
    let stale = replace_gateway_token(desk, admin, old.id, "0").await;
    let said = stale.unwrap_err().to_string();
    assert!(said.contains("has a successor already"), "{said}");
    assert!(works(first.clone()).await && works(second.clone()).await);
    access.story.rig.clock.pass(Duration::hours(49));
    assert!(!works(first.clone()).await && works(second.clone()).await);
    let ended = replace_gateway_token(desk, admin, old.id, "48").await;
    let said = ended.unwrap_err().to_string();
    assert!(said.contains("does not work any more"), "{said}");
    end_gateway_token(desk, admin, new.id).await.unwrap();
    assert!(!works(second).await);
    let again = end_gateway_token(desk, admin, new.id).await.unwrap_err();
    assert!(matches!(again, Error::Input { .. }), "{again:?}");
    let strange = end_gateway_token(desk, admin, Uuid::nil()).await;
    assert!(matches!(strange, Err(Error::NotFound)));
    let last = make_gateway_token(desk, admin, "Gateway", &all_scopes(), "1")
        .await
        .unwrap();
    access.story.rig.clock.pass(Duration::hours(25));
    assert!(!works(last.token.reveal().to_owned()).await);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn staff_who_read_a_case_see_how_many_use_its_app_and_nobody_in_conflict_does(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let access = Access::begin(engine, AccessLevel::Limited).await;
    let Access { story, case, .. } = &access;
    for user in 0..3 {
        access.authorise(user).await.unwrap();
    }
    let seen = users_of_case(&story.desk, &story.cast.lead, *case)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((seen.users.authorised, seen.cap), (3, Some(20)));
    assert_eq!(seen.users.days.last().unwrap().authorised, 3);
    for nobody in [&story.cast.owner, &story.cast.admin] {
        let refused = users_of_case(&story.desk, nobody, *case).await;
        assert!(refused.is_err(), "{}", nobody.name);
    }
    let draft = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let none = users_of_case(&story.desk, &story.cast.lead, draft).await;
    assert_eq!(none.unwrap(), None);
}
