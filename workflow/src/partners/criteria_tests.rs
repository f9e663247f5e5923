//! The criteria, each held against what it looks at.

use super::*;
use crate::{Settings, Timestamp};
use proptest::prelude::*;
use time::{Duration, macros::date};

fn day(number: i64) -> Timestamp {
    Timestamp::start_of(date!(2026 - 01 - 01)).plus(Duration::days(number))
}

fn settings() -> Settings {
    Settings::default()
}

/// An app that meets every criterion on day 200.
fn sound() -> Evidence {
    Evidence {
        accepted: Some(Accepted {
            version: 1,
            at: day(0),
        }),
        newest: Some(Published {
            version: 1,
            at: day(-100),
        }),
        full: Some(day(1)),
        suspended: None,
        publication: Some(Publication {
            available: day(10).date(),
            links: vec![StoreLink {
                address: "https://apps.example/glow".to_owned(),
                answered: Some(day(199)),
                failing: None,
            }],
        }),
        contact: Some(day(10)),
        first_user: Some(day(12).date()),
        last_user: Some(day(190).date()),
    }
}

fn missing(evidence: &Evidence, at: i64) -> Vec<Missing> {
    criteria(evidence, &settings(), day(at))
        .into_iter()
        .flat_map(|found| found.missing)
        .collect()
}

#[test]
fn a_sound_app_misses_nothing_and_shows_why() {
    let found = criteria(&sound(), &settings(), day(200));
    assert_eq!(missing(&sound(), 200), []);
    assert!(found.iter().all(|found| !found.proofs.is_empty()));
    assert_eq!(unmet(&found).count(), 0);
}

#[test]
fn an_app_of_which_nothing_is_known_misses_everything() {
    let nothing = Evidence::default();
    let unmet: Vec<Criterion> = unmet(&criteria(&nothing, &settings(), day(0))).collect();
    assert_eq!(unmet, Criterion::ALL);
}

#[test]
fn a_newer_agreement_leaves_time_and_then_is_overdue() {
    let newer = Evidence {
        newest: Some(Published {
            version: 2,
            at: day(150),
        }),
        ..sound()
    };
    assert_eq!(missing(&newer, 200), []);
    let by = day(210);
    let proofs = &criteria(&newer, &settings(), day(200))[0].proofs;
    assert!(proofs.contains(&Proof::AcceptBy { version: 2, by }));
    let overdue = Missing::AcceptanceOverdue {
        version: 2,
        since: by,
    };
    assert_eq!(missing(&newer, 211), [overdue]);
}

#[test]
fn a_suspension_is_no_adherence() {
    let since = day(180);
    let suspended = Evidence {
        suspended: Some(since),
        ..sound()
    };
    assert_eq!(missing(&suspended, 200), [Missing::Suspended { since }]);
}

#[test]
fn one_address_that_answers_is_enough_and_a_short_outage_is_nothing() {
    let with = |failing: &[Option<i64>]| {
        let mut evidence = sound();
        let publication = evidence.publication.as_mut().unwrap();
        publication.links = failing
            .iter()
            .map(|since| StoreLink {
                address: String::new(),
                answered: None,
                failing: since.map(day),
            })
            .collect();
        missing(&evidence, 200)
    };
    assert_eq!(with(&[Some(1), None]), []);
    assert_eq!(with(&[Some(187)]), []);
    let since = day(180);
    assert_eq!(with(&[Some(100), Some(180)]), [Missing::Links { since }]);
}

#[test]
fn a_confirmation_of_the_contact_holds_for_the_months_of_the_desk() {
    let old = Evidence {
        contact: Some(day(-165)),
        ..sound()
    };
    assert_eq!(missing(&old, 200), []);
    assert!(matches!(
        missing(&old, 201)[..],
        [Missing::ContactOutdated { .. }]
    ));
}

#[test]
fn the_first_user_comes_within_sixty_days_and_there_is_one_ever_after() {
    let by = day(70).date();
    let none = Evidence {
        first_user: None,
        last_user: None,
        ..sound()
    };
    assert_eq!(missing(&none, 70), [Missing::FirstUser { by }]);
    assert_eq!(missing(&none, 71), [Missing::FirstUserInTime { by }]);
    let late = Evidence {
        first_user: Some(day(71).date()),
        ..sound()
    };
    assert_eq!(missing(&late, 200), [Missing::FirstUserInTime { by }]);
    let last = day(139).date();
    let gone = Evidence {
        last_user: Some(last),
        ..sound()
    };
    assert_eq!(missing(&gone, 199), []);
    assert_eq!(missing(&gone, 200), [Missing::UserSince { last, days: 60 }]);
}

proptest! {
    /// What time alone does: once a criterion has fallen, waiting does not bring it back.
    #[test]
    fn waiting_meets_no_criterion_but_the_day_of_availability(
        available in -50_i64..100,
        contact in -500_i64..200,
        first in prop::option::of(-50_i64..200),
        last in prop::option::of(-50_i64..200),
        failing in prop::option::of(0_i64..200),
        newer in prop::option::of(0_i64..200),
        today in 100_i64..700,
    ) {
        let evidence = Evidence {
            newest: Some(Published { version: if newer.is_some() { 2 } else { 1 }, at: day(newer.unwrap_or(0)) }),
            contact: Some(day(contact)),
            first_user: first.map(|number| day(number).date()),
            last_user: last.map(|number| day(number).date()),
            publication: Some(Publication {
                available: day(available).date(),
                links: vec![StoreLink { address: String::new(), answered: None, failing: failing.map(day) }],
            }),
            ..sound()
        };
        let before = criteria(&evidence, &settings(), day(today));
        let after = criteria(&evidence, &settings(), day(today + 1));
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(before.is_met() || !after.is_met(), "{:?} {:?}", before, after);
        }
    }
}
