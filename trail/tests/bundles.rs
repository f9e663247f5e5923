//! Bundles prove themselves, and whatever is altered in one is found.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use proptest::{prelude::*, test_runner::TestRunner};
use support::Log;
use trail::{
    Event, Fault,
    bundle::{Report, verify},
    note::Signer,
};

fn look(bundle: &[u8], log: &Log) -> Report {
    verify(bundle, Some(&log.keys())).unwrap()
}

/// Every third event, and those under which somebody signed.
fn some(event: &Event) -> bool {
    let signed_by = [2 * (event.seq - 1), 2 * (event.seq - 1) + 1];
    event.seq % 3 == 0 || signed_by.iter().any(|seq| *seq > 0 && seq % 7 == 0)
}

#[test]
fn a_bundle_of_all_and_one_of_some_prove_themselves() {
    let log = Log::of(1_300);
    let whole = look(&log.bundle(|_| true), &log);
    assert_eq!(whole.faults, []);
    assert_eq!(
        (whole.events, whole.rows, whole.files, whole.readable),
        (1_300, 185 + 260, 260, 1)
    );
    let bytes = log.bundle(some);
    let part = look(&bytes, &log);
    assert_eq!(part.faults, []);
    let expected = log.events.iter().filter(|event| some(event)).count();
    assert_eq!(usize::try_from(part.events).unwrap(), expected);
    let by_itself = verify(bytes.as_slice(), None).unwrap();
    assert_eq!(by_itself.faults, []);
    assert!(!by_itself.trusted && part.trusted);
}

#[test]
fn a_bundle_signed_by_somebody_else_is_found() {
    let log = Log::of(30);
    let mut other = Log::of(30);
    other.signer = Signer::from_seed(support::ORIGIN, [8; 32]).unwrap();
    let report = look(&other.bundle(|_| true), &log);
    let classes: Vec<&str> = report.faults.iter().map(Fault::class).collect();
    assert!(classes.contains(&"forged signature"), "{:?}", report.faults);
    assert_eq!(report.checkpoint, None);
}

/// Somebody with the whole database and no key: a consistent trail, under the true checkpoint.
#[test]
fn a_trail_written_anew_does_not_fit_the_checkpoint() {
    let log = Log::of(100);
    let forged = {
        let mut forged = Log::of(100);
        let mut head = trail::Head::genesis();
        let events = std::mem::take(&mut forged.events);
        for mut event in events {
            if event.seq == 42 {
                event.actor = "mallory".to_owned();
            }
            event.prev_hash = head.hash.clone();
            event.hash = event.leaf_hash().unwrap();
            head = trail::Head {
                seq: event.seq,
                hash: event.hash.clone(),
            };
            forged.events.push(event);
        }
        // Of the tree and its root nothing changes: they are signed.
        forged
    };
    let whole = look(&forged.bundle(|_| true), &log);
    let anywhere = Fault::ForkedWithin { seq: 1, size: 100 };
    assert_eq!(
        whole.faults[0], anywhere,
        "and who signed has not signed this"
    );
    let part = look(&forged.bundle(some), &log);
    assert_eq!(part.faults[0], Fault::Forked { seq: 42 });
}

#[test]
fn what_is_left_out_is_missing() {
    let log = Log::of(60);
    let full = log.bundle(|_| true);
    for (what, cut) in [
        ("the end", full.len() - 512),
        ("the signature", full.len() - 2_048),
        ("half", full.len() / 1_024 * 512),
    ] {
        let report = look(&full[..cut], &log);
        assert_ne!(report.faults, [], "{what}");
    }
    let mut log_without = Log::of(60);
    log_without.files.remove(3);
    let report = look(&log_without.bundle(|_| true), &log);
    assert_eq!(report.faults.len(), 1, "{:?}", report.faults);
    assert_eq!(
        (report.faults[0].seq(), report.faults[0].class()),
        (Some(20), "missing")
    );
    let mut log_without = Log::of(60);
    log_without.rows.remove(0);
    let report = look(&log_without.bundle(|_| true), &log);
    assert_eq!(
        (report.faults[0].seq(), report.faults[0].class()),
        (Some(5), "missing")
    );
    // Unless it is said, under the signature, which row that is.
    log_without.withheld.push(log.rows[0].record.clone());
    let report = look(&log_without.bundle(|_| true), &log);
    assert_eq!(report.faults, []);
    let mut without_event = Log::of(60);
    without_event.events.remove(29);
    let report = look(&without_event.bundle(|_| true), &log);
    assert_ne!(report.faults, []);
}

/// A signature of another case, bound by whoever had the database to write it into this one.
#[test]
fn a_signature_under_something_else_is_found() {
    let log = Log::of(60);
    let report = look(&log.bundle(|event| event.seq != 4), &log);
    // Event 4 is what the signature of event 7 is under.
    assert_eq!(report.faults.len(), 1, "{:?}", report.faults);
    assert_eq!(
        (report.faults[0].seq(), report.faults[0].class()),
        (Some(7), "forged signature")
    );
}

#[test]
fn an_altered_event_is_named() {
    let log = Log::of(60);
    let bundle = log.bundle(|_| true);
    let text = br#"\\\"nth\\\":31"#;
    let at = bundle
        .windows(text.len())
        .position(|window| window == text)
        .unwrap();
    let mut altered = bundle;
    altered[at + text.len() - 1] = b'7';
    let report = look(&altered, &log);
    assert_eq!(report.faults[0], Fault::Altered { seq: 31 });
}

#[test]
fn ten_thousand_flipped_bits_are_all_found() {
    let log = Log::of(15);
    for bundle in [log.bundle(|_| true), log.bundle(some)] {
        let bits = bundle.len() * 8;
        let mut runner = TestRunner::new(ProptestConfig::with_cases(5_000));
        runner
            .run(&(0..bits), |bit| {
                let mut flipped = bundle.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let report = look(&flipped, &log);
                prop_assert_ne!(report.faults, vec![], "bit {} of byte {}", bit % 8, bit / 8);
                Ok(())
            })
            .unwrap();
    }
}

proptest! {
    #[test]
    fn nothing_that_is_read_makes_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        let report = verify(bytes.as_slice(), None).unwrap();
        prop_assert_ne!(report.faults, vec![]);
    }
}
