use super::*;
use proptest::prelude::*;
use time::macros::datetime;

const POLICY: &str = "Privacy policy\nLast updated: 12 March 2026\n\
    We keep glucose readings for 30 days and share them with nobody.\n\
    You may withdraw consent at any time; then we delete everything within two weeks.\n\
    Questions go to privacy@glow.example. © 2026 Glow";

fn settings() -> Settings {
    Settings::default()
}

fn at(moment: time::OffsetDateTime) -> Timestamp {
    moment.into()
}

#[test]
fn a_page_seen_for_the_first_time_is_no_change() {
    assert_eq!(change(None, POLICY, &settings()), Change::FirstSeen);
}

#[test]
fn a_changed_date_is_the_same_page() {
    for (was, is) in [
        ("12 March 2026", "3 November 2027"),
        ("12 March 2026", "March 31st, 2027"),
        ("12 March 2026", "2027-01-02"),
        ("12 March 2026", "31.12.2026"),
        ("12 March 2026", "Sept 2026"),
        ("© 2026", "© 2027"),
    ] {
        let new = POLICY.replace(was, is);
        assert_eq!(
            change(Some(POLICY), &new, &settings()),
            Change::Same,
            "{is}"
        );
    }
}

#[test]
fn other_numbers_and_the_verb_may_are_no_dates() {
    assert_eq!(
        folded("You may keep 30 days"),
        ["you", "may", "keep", "30", "days"]
    );
    assert_eq!(folded("until May 3, then"), ["until", "<date>", "then"]);
    assert_eq!(
        folded("version 1.2 of 2026"),
        ["version", "1.2", "of", "<date>"]
    );
}

#[test]
fn marks_case_and_white_space_are_folded() {
    assert_eq!(folded("  «We»\n\nkeep —  IT. "), ["we", "keep", "it"]);
}

#[test]
fn a_new_paragraph_is_material_and_a_word_in_a_long_text_is_not() {
    let more = format!("{POLICY}\nWe now share readings with partners who pay us for them.");
    assert!(matches!(
        change(Some(POLICY), &more, &settings()),
        Change::Material { permille } if permille < 980
    ));
    let long = (0..400)
        .map(|n| format!("word{n}"))
        .collect::<Vec<_>>()
        .join(" ");
    let corrected = long.replace("word200", "wort200");
    assert_eq!(
        change(Some(&long), &corrected, &settings()),
        Change::Cosmetic { permille: 997 }
    );
    let strict = Settings {
        reading_similarity: 100,
        ..settings()
    };
    assert!(matches!(
        change(Some(&long), &corrected, &strict),
        Change::Material { .. }
    ));
}

#[test]
fn a_page_is_read_again_after_the_interval_and_the_next_day_where_it_failed() {
    let now = at(datetime!(2026-03-02 09:00 UTC));
    let next = |failing| next_look(now, failing, &settings()).to_string();
    assert_eq!(next(false), "2026-03-09T09:00:00.000000Z");
    assert_eq!(next(true), "2026-03-03T09:00:00.000000Z");
}

#[test]
fn of_a_page_that_cannot_be_read_the_developer_is_warned_after_so_many_days() {
    let since = at(datetime!(2026-03-02 09:00 UTC));
    let day = |days| since.plus(Duration::days(days));
    assert!(!warns(since, day(13), &settings()));
    assert!(warns(since, day(14), &settings()));
}

#[test]
fn an_attestation_comes_soon_is_due_is_overdue_and_is_missing_by_its_dates() {
    let due = due_after(at(datetime!(2025-12-04 10:00 UTC)), &settings());
    assert_eq!(due.to_string(), "2026-12-04T23:59:59.999999Z");
    for (moment, expected) in [
        (datetime!(2026-11-03 23:59:59 UTC), Stage::NotYet),
        (datetime!(2026-11-04 00:00 UTC), Stage::Soon),
        (datetime!(2026-12-03 23:59:59 UTC), Stage::Soon),
        (datetime!(2026-12-04 00:00 UTC), Stage::Today),
        (datetime!(2026-12-04 23:59:59 UTC), Stage::Today),
        (datetime!(2026-12-05 00:00 UTC), Stage::Overdue),
        (datetime!(2027-01-03 23:59:59 UTC), Stage::Overdue),
        (datetime!(2027-01-04 00:00 UTC), Stage::Missing),
    ] {
        assert_eq!(stage(due, at(moment), &settings()), expected, "{moment}");
    }
    for stage in Stage::ALL {
        assert_eq!(Stage::from_word(stage.word()), Some(stage));
        assert_eq!(stage.is_open(), stage != Stage::NotYet);
    }
}

#[test]
fn the_next_attestation_counts_from_its_date_or_from_a_later_day_on_which_it_was_given() {
    let due = due_after(at(datetime!(2025-12-04 10:00 UTC)), &settings());
    let next = |given| {
        due_after_given(due, at(given), &settings())
            .date()
            .to_string()
    };
    assert_eq!(next(datetime!(2026-11-10 8:00 UTC)), "2027-12-04");
    assert_eq!(next(datetime!(2027-01-20 8:00 UTC)), "2028-01-20");
}

#[test]
fn an_approval_that_the_desk_learns_of_late_leaves_the_usual_time() {
    let now = at(datetime!(2026-11-26 10:00 UTC));
    let first = |since| first_due(at(since), now, &settings()).date().to_string();
    assert_eq!(first(datetime!(2026-11-01 10:00 UTC)), "2027-11-01");
    assert_eq!(first(datetime!(2024-05-01 10:00 UTC)), "2026-12-26");
}

#[test]
fn the_last_day_of_a_month_becomes_the_last_of_a_shorter_one() {
    let later = |day: Date, months| months_later(day, months).to_string();
    assert_eq!(later(time::macros::date!(2026 - 08 - 31), 6), "2027-02-28");
    assert_eq!(later(time::macros::date!(2028 - 02 - 29), 12), "2029-02-28");
    assert_eq!(later(time::macros::date!(2026 - 12 - 15), 1), "2027-01-15");
}

proptest! {
    #[test]
    fn a_text_is_like_itself_and_two_are_alike_both_ways(one in "([a-c]{1,2} ){0,30}", other in "([a-c]{1,2} ){0,30}") {
        let (one, other) = (folded(&one), folded(&other));
        prop_assert_eq!(similarity(&one, &one, 1_000), 1_000);
        let (there, back) = (similarity(&one, &other, 0), similarity(&other, &one, 0));
        prop_assert_eq!(there, back);
        prop_assert_eq!(there == 1_000, one == other);
    }
}
