//! Every way in which a trail can be tampered with is found, at the first event concerned.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use proptest::prelude::*;
use trail::{Draft, Event, Fault, Head, Report, Walk, verify};
use uuid::Uuid;

const EVENTS: i64 = 40;

fn chain(length: i64) -> (Vec<Event>, Head) {
    let mut head = Head::genesis();
    let events = (0..length)
        .map(|nth| {
            let case = Uuid::from_u128(900 + u128::try_from(nth % 3).unwrap());
            head.link(Draft {
                id: Uuid::from_u128(u128::try_from(nth + 1).unwrap()),
                at: 1_795_600_000_000_000 + nth * 1_000_001,
                actor: "clock".to_owned(),
                subject: "case".to_owned(),
                subject_id: case.to_string(),
                case_id: Some(case),
                case_version: Some(nth),
                name: "reminded".to_owned(),
                body: format!(r#"{{"nth":{nth}}}"#),
                reason: String::new(),
                policy_version: 1,
                build: "0.1.0".to_owned(),
            })
            .unwrap()
        })
        .collect();
    (events, head)
}

fn fault(events: Vec<Event>, head: &Head) -> Option<Fault> {
    verify(events, head).unwrap().fault
}

type Alter = fn(&mut Event);

const FIELDS: [(&str, Alter); 14] = [
    ("id", |event| event.id = Uuid::from_u128(1 << 90)),
    ("at", |event| event.at += 1),
    ("actor", |event| event.actor.push('x')),
    ("subject", |event| event.subject = "desk".to_owned()),
    ("subject_id", |event| event.subject_id.push('0')),
    ("case_id", |event| event.case_id = None),
    ("case_version", |event| event.case_version = None),
    ("name", |event| event.name = "approved".to_owned()),
    ("body", |event| event.body.push(' ')),
    ("reason", |event| event.reason.push('.')),
    ("policy_version", |event| event.policy_version += 1),
    ("build", |event| event.build.push('x')),
    ("prev_hash", |event| event.prev_hash = "0".repeat(63) + "1"),
    ("hash", |event| event.hash = "0".repeat(64)),
];

#[test]
fn a_sound_trail_is_walked_to_its_end() {
    for length in [0, 1, EVENTS] {
        let (events, head) = chain(length);
        let report = verify(events, &head).unwrap();
        let hash = head.hash.clone();
        assert_eq!(
            report,
            Report {
                events: length,
                head: hash,
                fault: None
            }
        );
    }
}

#[test]
fn each_altered_field_is_found_where_it_was_altered() {
    let (events, head) = chain(EVENTS);
    for (field, alter) in FIELDS {
        for place in [0, 17, events.len() - 1] {
            let mut altered = events.clone();
            alter(&mut altered[place]);
            let report = verify(altered, &head).unwrap();
            let seq = events[place].seq;
            assert_eq!(report.fault.unwrap().seq(), Some(seq), "{field} of {seq}");
            assert_eq!(report.events, seq - 1, "those before are sound");
        }
    }
}

#[test]
fn a_field_altered_together_with_the_hash_breaks_the_chain_behind_it() {
    let (events, head) = chain(EVENTS);
    for (field, alter) in FIELDS {
        if matches!(field, "hash" | "prev_hash") {
            continue;
        }
        let mut altered = events.clone();
        alter(&mut altered[9]);
        altered[9].hash = altered[9].leaf_hash().unwrap();
        assert_eq!(
            fault(altered, &head),
            Some(Fault::Unchained { seq: 11 }),
            "{field}"
        );
    }
}

#[test]
fn the_last_event_altered_together_with_its_hash_is_not_the_recorded_end() {
    let (mut events, head) = chain(EVENTS);
    let last = events.last_mut().unwrap();
    last.reason.push('.');
    last.hash = last.leaf_hash().unwrap();
    assert_eq!(fault(events, &head), Some(Fault::Head { seq: EVENTS }));
}

#[test]
fn a_trail_written_anew_from_some_event_on_is_not_the_recorded_one() {
    let (mut events, head) = chain(EVENTS);
    let mut before = events[19].hash.clone();
    for event in &mut events[20..] {
        event.reason.push('!');
        event.prev_hash = before;
        event.hash = event.leaf_hash().unwrap();
        before = event.hash.clone();
    }
    assert_eq!(fault(events, &head), Some(Fault::Head { seq: EVENTS }));
}

#[test]
fn an_emptied_trail_and_an_end_without_events_are_found() {
    let (_, head) = chain(EVENTS);
    assert_eq!(
        fault(Vec::new(), &head),
        Some(Fault::Truncated {
            seq: 0,
            recorded: EVENTS
        })
    );
    let nothing = Head { seq: 0, ..head };
    assert_eq!(
        fault(Vec::new(), &nothing),
        Some(Fault::Head { seq: 0 }),
        "a hash of nothing"
    );
}

#[test]
fn after_a_fault_nothing_more_is_looked_at() {
    let (events, head) = chain(3);
    let mut walk = Walk::new(head);
    assert!(walk.take(&events[0]).unwrap());
    assert!(!walk.take(&events[2]).unwrap());
    assert!(!walk.take(&events[1]).unwrap());
    let report = walk.finish();
    assert_eq!(report.fault, Some(Fault::Missing { seq: 2 }));
    assert_eq!((report.events, &report.head), (1, &events[0].hash));
}

#[test]
fn what_cannot_be_read_ends_a_walk_unless_it_has_ended_before() {
    let (events, head) = chain(3);
    let unread = |seq| Fault::Altered { seq };
    let mut walk = Walk::new(head);
    assert!(walk.take(&events[0]).unwrap());
    assert!(walk.is_sound());
    walk.fail(unread(2));
    assert!(!walk.is_sound());
    walk.fail(unread(3));
    assert!(!walk.take(&events[1]).unwrap());
    let report = walk.finish();
    assert_eq!((report.events, report.fault), (1, Some(unread(2))));
}

proptest! {
    #[test]
    fn a_dropped_event_is_missing(place in 0..39usize) {
        let (mut events, head) = chain(EVENTS);
        let seq = events.remove(place).seq;
        prop_assert_eq!(fault(events, &head), Some(Fault::Missing { seq }));
    }

    #[test]
    fn a_dropped_event_with_the_others_renumbered_breaks_the_chain(place in 0..39usize) {
        let (mut events, head) = chain(EVENTS);
        let seq = events.remove(place).seq;
        for event in &mut events[place..] {
            event.seq -= 1;
        }
        prop_assert_eq!(fault(events, &head), Some(Fault::Unchained { seq }));
    }

    #[test]
    fn swapped_events_are_found_at_the_first(one in 0..39usize, other in 0..39usize) {
        prop_assume!(one < other);
        let (mut events, head) = chain(EVENTS);
        let seq = events[one].seq;
        events.swap(one, other);
        prop_assert_eq!(fault(events.clone(), &head), Some(Fault::Missing { seq }));
        let there = events[other].seq;
        events[other].seq = events[one].seq;
        events[one].seq = there;
        let found = fault(events, &head).unwrap().seq();
        prop_assert_eq!(found, Some(seq));
    }

    #[test]
    fn a_duplicated_event_is_found(place in 0..40usize) {
        let (mut events, head) = chain(EVENTS);
        let again = events[place].clone();
        events.insert(place + 1, again);
        let seq = i64::try_from(place).unwrap() + 2;
        let expected = if seq > EVENTS {
            Fault::Beyond { seq: EVENTS, recorded: EVENTS }
        } else {
            Fault::Missing { seq }
        };
        prop_assert_eq!(fault(events, &head), Some(expected));
    }

    #[test]
    fn a_trail_that_ends_early_is_truncated(length in 0..40i64) {
        let (mut events, head) = chain(EVENTS);
        events.truncate(usize::try_from(length).unwrap());
        prop_assert_eq!(
            fault(events, &head),
            Some(Fault::Truncated { seq: length, recorded: EVENTS })
        );
    }

    #[test]
    fn what_stands_behind_the_recorded_end_is_found(length in 0..40usize) {
        let (events, _) = chain(EVENTS);
        let recorded = i64::try_from(length).unwrap();
        let hash = match length {
            0 => trail::GENESIS.to_owned(),
            _ => events[length - 1].hash.clone(),
        };
        let old = Head { seq: recorded, hash };
        prop_assert_eq!(
            fault(events, &old),
            Some(Fault::Beyond { seq: recorded + 1, recorded })
        );
    }
}
