//! Verdicts are bound to what they relied on: what changes opens exactly those again that relied on
//! it.

use crate::support::*;
use proptest::{collection::btree_map, prelude::*, sample::subsequence};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use workflow::{
    Action, ActionKind, Case, FindingId, Internal, Outward, QuestionId, Recorded, Refusal, Turn,
    Who,
    checklist::{Checklist, Item, ListKind, Severity, Verdict},
    event::{Asked, Pin, Submission},
    relied::{EVERY_FILE, On, Places, place_of, place_of_item},
    state::{AccessLevel, State, Track},
};

use AccessLevel::{Full, Limited};
use ListKind::{Commercial, Completeness, Technical};

/// A question about the application, and the answer with what is handed in then.
fn revise(world: &mut World, submission: Submission) {
    let question = world.question("Which adults?");
    world.does(REVIEWER, question);
    answer(world, submission);
}

fn answer(world: &mut World, revised: Submission) {
    let mut answers = world.answers("Adults.");
    if let Action::AnswerClarification { submission, .. } = &mut answers {
        *submission = Some(revised);
    }
    world.does(OWNER, answers);
}

/// The next revision, with `changes`: place → what stands there; none for nothing.
fn next(case: &Case, changes: &[(&str, Option<&str>)]) -> Submission {
    let last = case.submission.clone().unwrap();
    let mut places = last.places;
    for (place, stands) in changes {
        match stands {
            Some(stands) => drop(places.insert((*place).to_owned(), (*stands).to_owned())),
            None => drop(places.remove(*place)),
        }
    }
    Submission {
        revision: last.revision + 1,
        sha256: format!("{places:?}"),
        places,
    }
}

fn reopened(case: &Case, list: ListKind) -> BTreeSet<String> {
    case.sheet(list).unwrap().reopened.keys().cloned().collect()
}

fn set(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(ToString::to_string).collect()
}

/// In review, of a revision in which it is known what stands where.
fn in_review(level: AccessLevel) -> World {
    let mut world = World::completeness(level);
    let filled = next(
        &world.case,
        &[
            ("use", Some("u1")),
            ("regions", Some("r1")),
            (EVERY_FILE, Some("f1")),
        ],
    );
    revise(&mut world, filled);
    world.mark_all(REVIEWER, Completeness);
    world.does(REVIEWER, Action::ConfirmComplete);
    for seat_of in level.tracks() {
        let (who, role) = match seat_of {
            Track::Commercial => (COMMERCIAL, workflow::Role::CommercialReviewer),
            Track::Technical => (TECHNICAL, workflow::Role::TechnicalReviewer),
        };
        world.does(
            who,
            seat(workflow::state::Seat::of(*seat_of), who, role, None),
        );
    }
    world
}

#[test]
fn a_verdict_records_the_revision_the_template_and_what_stood_where_it_looked() {
    let mut world = in_review(Limited);
    world.does(COMMERCIAL, check(Commercial, "markets", Verdict::Pass));
    let relied = world.case.commercial.marks["markets"]
        .relied
        .clone()
        .unwrap();
    assert_eq!((relied.revision, relied.template), (2, 1));
    let stood = |place: &str, stood: Option<&str>| (place.to_owned(), stood.map(str::to_owned));
    assert_eq!(
        relied.on,
        On::Places(BTreeMap::from([
            stood("use", Some("u1")),
            stood("regions", Some("r1")),
            stood("commercial/markets", None),
        ]))
    );
    let whole = world.case.completeness.marks["fields"]
        .relied
        .clone()
        .unwrap();
    let submission = world.case.submission.clone().unwrap();
    assert_eq!(whole.on, On::Whole(submission.sha256));
}

#[test]
fn a_verdict_is_given_on_the_revision_that_stands() {
    let mut world = in_review(Limited);
    for revision in [1, 3] {
        let mut mark = check(Commercial, "markets", Verdict::Pass);
        if let Action::CheckItem { revision: seen, .. } = &mut mark {
            *seen = revision;
        }
        assert_eq!(
            refusal(world.tries(COMMERCIAL, mark)),
            Refusal::TrailChanged
        );
    }
}

#[test]
fn a_revision_opens_what_relied_on_it_and_the_pass_that_stood_on_it_falls() {
    let mut world = in_review(Full);
    world.pass(Track::Commercial);
    world.does(TECHNICAL, check(Technical, "tls", Verdict::Pass));
    let passed_by = world.case.commercial.passed.unwrap().by;
    assert_eq!(passed_by, COMMERCIAL);
    let regions = next(&world.case, &[("regions", Some("r2"))]);
    revise(&mut world, regions);
    assert_eq!(reopened(&world.case, Commercial), set(&["markets"]));
    assert_eq!(
        reopened(&world.case, Technical),
        set(&[]),
        "it concerns nothing of it"
    );
    assert_eq!(world.case.commercial.passed, None);
    // The verdict that stood is not forgotten, and the item counts as not checked.
    assert_eq!(
        world.case.commercial.reopened["markets"].verdict,
        Verdict::Pass
    );
    assert_eq!(world.case.state, State::Review);
    let turn = |turn: &Turn| turn.who == Who::Person(COMMERCIAL);
    assert!(
        world.case.turns().iter().any(turn),
        "it is the holder's turn again"
    );
}

#[test]
fn a_pass_stays_where_nothing_that_it_stood_on_changed() {
    let mut world = in_review(Full);
    world.pass(Track::Technical);
    world.does(COMMERCIAL, check(Commercial, "use_case", Verdict::Pass));
    // `backoff` does not say what it concerns: it relied on all of it, and `tls` on nothing.
    let mut lists = world.lists.clone();
    for item in &mut lists.get_mut(&(Technical, 1)).unwrap().items {
        item.concerns = Some(Vec::new());
    }
    let mut other = in_review(Full);
    other.lists = lists;
    other.pass(Track::Technical);
    for (mut world, stands) in [(world, false), (other, true)] {
        let used = next(&world.case, &[("use", None)]);
        revise(&mut world, used);
        let technical = world.case.technical.unwrap();
        assert_eq!(technical.passed.is_some(), stands);
    }
}

#[test]
fn a_verdict_given_again_settles_it_and_the_track_passes() {
    let mut world = in_review(Limited);
    world.mark_all(COMMERCIAL, Commercial);
    let used = next(&world.case, &[("use", Some("u2"))]);
    revise(&mut world, used);
    assert_eq!(
        reopened(&world.case, Commercial),
        set(&["markets", "use_case"])
    );
    assert_eq!(reopened(&world.case, Completeness), set(&["fields"]));
    let open = Refusal::ChecklistIncomplete {
        list: Completeness,
        open: 1,
    };
    assert_eq!(world.available(ActionKind::PassCommercial), Err(open));
    // What still stands of completeness is not checked again.
    let again = check(Completeness, "files", Verdict::Pass);
    assert_eq!(
        refusal(world.tries(COMMERCIAL, again)),
        Refusal::AlreadyPassed { list: Completeness }
    );
    world.does(COMMERCIAL, check(Completeness, "fields", Verdict::Pass));
    assert_eq!(
        world.available(ActionKind::CheckCompleteness),
        Err(Refusal::AlreadyPassed { list: Completeness })
    );
    let open = Refusal::ChecklistIncomplete {
        list: Commercial,
        open: 2,
    };
    assert_eq!(world.available(ActionKind::PassCommercial), Err(open));
    world.mark_all(COMMERCIAL, Commercial);
    assert_eq!(reopened(&world.case, Commercial), set(&[]));
    let relied = world.case.commercial.marks["use_case"]
        .relied
        .clone()
        .unwrap();
    assert_eq!(relied.revision, 3);
    world.does(
        COMMERCIAL,
        Action::PassTrack {
            track: Track::Commercial,
        },
    );
}

#[test]
fn what_fails_of_completeness_then_holds_up_the_commercial_review() {
    let mut world = in_review(Limited);
    world.mark_all(COMMERCIAL, Commercial);
    let files = next(&world.case, &[(EVERY_FILE, Some("f2"))]);
    revise(&mut world, files);
    world.does(COMMERCIAL, check(Completeness, "files", Verdict::Fail));
    world.does(COMMERCIAL, check(Completeness, "fields", Verdict::Pass));
    let failed = Refusal::CompletenessFailed { failed: 1 };
    assert_eq!(world.available(ActionKind::PassCommercial), Err(failed));
    world.does(COMMERCIAL, check(Completeness, "files", Verdict::Pass));
    assert_eq!(world.available(ActionKind::PassCommercial), Ok(()));
}

#[test]
fn a_file_stands_where_the_question_or_finding_is_with_which_it_came() {
    let mut world = in_review(Limited);
    let ids: [QuestionId; 3] = std::array::from_fn(|_| QuestionId(world.id()));
    let pins = [
        Pin::Case,
        Pin::Field {
            key: "use".to_owned(),
        },
        Pin::Item {
            list: Commercial,
            key: "markets".to_owned(),
        },
    ];
    let finding: FindingId = world.find(Commercial, "use_case", Severity::Minor);
    let questions = ids.iter().zip(pins).map(|(id, pin)| Asked {
        id: *id,
        pin,
        text: Outward::written("Which?"),
    });
    let due = world.in_days(9);
    let questions = questions.collect();
    world.does(COMMERCIAL, Action::RequestClarification { questions, due });
    let of = |key: String| place_of(&world.case, &key);
    assert_eq!(of("mockups".to_owned()).as_deref(), Some("mockups"));
    assert_eq!(of(format!("answer-{}", ids[0])), None);
    assert_eq!(of(format!("answer-{}", ids[1])).as_deref(), Some("use"));
    assert_eq!(
        of(format!("answer-{}", ids[2])),
        Some(place_of_item(Commercial, "markets"))
    );
    assert_eq!(
        of(format!("response-{finding}")),
        Some(place_of_item(Commercial, "use_case"))
    );
}

#[test]
fn records_from_before_replay_as_they_did() {
    let trails: Vec<Value> = serde_json::from_str(include_str!("trails_from_before.json")).unwrap();
    assert_eq!(trails.len(), 3);
    for trail in trails {
        let history: Vec<Recorded> = serde_json::from_value(trail["history"].clone()).unwrap();
        let case = Case::replay(&history).unwrap();
        assert_eq!(serde_json::to_value(&case).unwrap(), trail["case"]);
        assert_eq!(serde_json::to_value(&history).unwrap(), trail["history"]);
    }
}

const PLACES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "commercial/i0", EVERY_FILE];
const ITEMS: usize = 6;

/// What happens to a case in review.
#[derive(Clone, Debug)]
enum Happens {
    Checked(usize, bool),
    Revised(BTreeMap<&'static str, Option<u8>>),
}

fn happens() -> impl Strategy<Value = Happens> {
    let place = proptest::sample::select(PLACES.to_vec());
    let change = btree_map(place, proptest::option::of(0..4_u8), 0..4);
    prop_oneof![
        3 => (0..ITEMS, any::<bool>()).prop_map(|(item, fails)| Happens::Checked(item, fails)),
        2 => change.prop_map(Happens::Revised),
    ]
}

/// What each item of a list concerns.
fn template() -> impl Strategy<Value = Vec<Option<Vec<&'static str>>>> {
    let places: Vec<&str> = PLACES
        .into_iter()
        .filter(|place| !place.contains('/'))
        .collect();
    let some = subsequence(places, 0..=3).prop_map(Some);
    let concerns = prop_oneof![5 => some, 1 => Just(None)];
    proptest::collection::vec(concerns, ITEMS)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Over random templates and histories: after each revision those items are open again, and no
    /// others, on whose verdict anything is different where it looked.
    #[test]
    fn for_any_changed_subset_exactly_the_intersecting_items_reopen(
        template in template(),
        history in proptest::collection::vec(happens(), 1..40),
    ) {
        let mut world = in_review(Limited);
        let items = template.iter().enumerate().map(|(index, concerns)| Item {
            key: format!("i{index}"),
            concerns: concerns.as_ref().map(|keys| keys.iter().map(ToString::to_string).collect()),
            label: String::new(),
            verify: String::new(),
            severity: Severity::Minor,
            source: String::new(),
            guide: String::new(),
        });
        let list = Checklist { kind: Commercial, version: 1, items: items.collect() };
        world.lists.insert((Commercial, 1), list);
        // Item → what stood everywhere when it was looked at, while its verdict stands.
        let mut stand: BTreeMap<String, Places> = BTreeMap::new();
        let mut open: BTreeSet<String> = BTreeSet::new();
        for happens in history {
            let places = world.case.submission.clone().unwrap().places;
            match happens {
                Happens::Checked(index, fails) => {
                    let item = format!("i{index}");
                    let verdict = if fails {
                        Verdict::NotApplicable { reason: Internal::written("Not built.") }
                    } else {
                        Verdict::Pass
                    };
                    world.does(COMMERCIAL, check(Commercial, &item, verdict));
                    open.remove(&item);
                    stand.insert(item, places);
                }
                Happens::Revised(changes) => {
                    let texts: Vec<(&str, Option<String>)> = changes
                        .into_iter()
                        .map(|(place, stands)| (place, stands.map(|number| number.to_string())))
                        .collect();
                    let changes: Vec<(&str, Option<&str>)> =
                        texts.iter().map(|(place, stands)| (*place, stands.as_deref())).collect();
                    let submission = next(&world.case, &changes);
                    revise(&mut world, submission.clone());
                    let now = &submission.places;
                    let changed: BTreeSet<String> = stand
                        .iter()
                        .filter(|(item, then)| {
                            let index: usize = item[1..].parse().unwrap();
                            let own = place_of_item(Commercial, item);
                            match &template[index] {
                                // Nothing was known of what stood where: it looked at everything.
                                Some(places) if !then.is_empty() => places
                                    .iter()
                                    .copied()
                                    .chain([own.as_str()])
                                    .any(|place| then.get(place) != now.get(place)),
                                _ => *then != now,
                            }
                        })
                        .map(|(item, _)| item.clone())
                        .collect();
                    stand.retain(|item, _| !changed.contains(item));
                    open.extend(changed);
                }
            }
            let sheet = &world.case.commercial;
            prop_assert_eq!(reopened(&world.case, Commercial), open.clone());
            let standing: BTreeSet<&String> = sheet.marks.keys().collect();
            prop_assert_eq!(standing, stand.keys().collect::<BTreeSet<_>>());
        }
        prop_assert_eq!(Case::replay(&world.history), Some(world.case));
    }
}
