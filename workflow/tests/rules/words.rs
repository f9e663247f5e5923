//! The words by which people and programs call things.

use std::collections::BTreeSet;
use workflow::{
    ActionKind, CaseNumber, Role, StateKind,
    checklist::{ListKind, Severity, Verdict},
    event::DeclineReason,
    state::{AccessLevel, Seat, Side, Track},
};

/// Each thing's words on the page: something to read, and no two the same.
fn assert_readable(kind: &str, labels: impl IntoIterator<Item = &'static str>) {
    let mut seen = BTreeSet::new();
    for label in labels {
        let first = label.chars().next();
        assert!(
            first.is_some_and(char::is_uppercase),
            "{kind}: {label:?} begins a sentence or a button"
        );
        assert!(seen.insert(label), "{kind}: two are called {label:?}");
    }
    assert!(seen.len() > 1, "{kind}");
}

#[test]
fn no_two_things_of_a_kind_read_the_same_on_a_page() {
    let actions = ActionKind::ALL.iter().map(|action| action.label());
    assert_readable("step", actions);
    assert_readable("state", StateKind::ALL.iter().map(|state| state.label()));
    assert_readable("role", Role::ALL.iter().map(|role| role.label()));
    assert_readable("seat", Seat::ALL.iter().map(|seat| seat.label()));
    assert_readable("track", Track::ALL.iter().map(|track| track.label()));
    assert_readable("list", ListKind::ALL.iter().map(|list| list.label()));
    assert_readable("level", AccessLevel::ALL.iter().map(|level| level.label()));
    let severities = Severity::ALL.iter().map(|severity| severity.label());
    assert_readable("severity", severities);
    let reasons = DeclineReason::ALL.iter().map(|reason| reason.label());
    assert_readable("reason", reasons);
    let verdicts = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::NotApplicable {
            reason: workflow::Internal::default(),
        },
    ];
    assert_readable("verdict", verdicts.iter().map(Verdict::label));
}

#[test]
fn a_word_of_policy_or_database_names_one_thing_and_is_read_back() {
    macro_rules! assert_read_back {
        ($($kind:ty),+) => {$(
            for one in <$kind>::ALL {
                assert_eq!(<$kind>::from_word(one.word()), Some(*one));
            }
            assert_eq!(<$kind>::from_word("Nothing of this kind"), None);
        )+};
    }
    assert_read_back!(
        ActionKind,
        StateKind,
        Role,
        workflow::Relation,
        Seat,
        Track,
        ListKind,
        AccessLevel,
        Severity,
        DeclineReason
    );
}

#[test]
fn a_case_is_found_by_its_number_however_it_is_written() {
    assert_eq!(CaseNumber(1042).to_string(), "UD-1042");
    for text in ["UD-1042", "ud-1042", "1042"] {
        assert_eq!(text.parse(), Ok(CaseNumber(1042)), "{text}");
    }
    for text in ["", "UD-", "UD 1042", "X-1042", "-1"] {
        assert!(text.parse::<CaseNumber>().is_err(), "{text}");
    }
}

#[test]
fn everyone_but_a_developer_is_staff() {
    let developers: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| !role.is_staff())
        .collect();
    assert_eq!(developers, [Role::Developer]);
}

#[test]
fn a_case_is_open_until_it_ends_and_waits_for_one_side_while_it_is() {
    let of_side = |side| -> Vec<StateKind> {
        let states = StateKind::ALL.iter().copied();
        states.filter(|state| state.side() == side).collect()
    };
    let ended = [
        StateKind::Approved,
        StateKind::Declined,
        StateKind::Withdrawn,
        StateKind::Lapsed,
    ];
    assert_eq!(of_side(Side::Nobody), ended);
    let of_developer = [
        StateKind::Draft,
        StateKind::Clarification,
        StateKind::Corrections,
        StateKind::Agreement,
    ];
    assert_eq!(of_side(Side::Developer), of_developer);
    for state in StateKind::ALL {
        assert_eq!(state.is_open(), !ended.contains(state), "{state:?}");
    }
}
