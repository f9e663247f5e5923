//! The whole table: every action in every state under all facts; and what an entry must say.

use super::*;
use std::fmt::Write;

const STANDS: Facts = Facts {
    stands: true,
    differs: true,
};

/// Every entry that a walk through the rules can reach, but for the count of its versions.
fn reachable() -> Vec<Entry> {
    let mut found = vec![Entry::default()];
    let mut next = 0;
    while next < found.len() {
        for kind in ActionKind::ALL {
            for facts in all_facts() {
                let Ok(mut entry) = decide(&found[next], *kind, facts) else {
                    continue;
                };
                entry.newest = entry.newest.min(1);
                entry.public = entry.public.map(|_| 1);
                if !found.contains(&entry) {
                    found.push(entry);
                }
            }
        }
        next += 1;
    }
    found
}

fn all_facts() -> impl Iterator<Item = Facts> {
    [(true, true), (true, false), (false, true), (false, false)]
        .into_iter()
        .map(|(stands, differs)| Facts { stands, differs })
}

#[test]
fn every_action_in_every_state_does_what_its_row_says() {
    let mut grid = String::new();
    for public in [None, Some(1)] {
        writeln!(grid, "public: {}", public.is_some()).unwrap();
        for kind in ActionKind::ALL {
            write!(grid, "{:12}", kind.word()).unwrap();
            for state in State::ALL {
                let entry = Entry {
                    state: *state,
                    public,
                    newest: 1,
                    was_public: public.is_some() || *state == State::TakenDown,
                    resting: *kind == ActionKind::Return,
                };
                let facts = Facts {
                    stands: *kind != ActionKind::Rest,
                    ..STANDS
                };
                let word = match decide(&entry, *kind, facts) {
                    Ok(next) if next.state == *state => "stays",
                    Ok(next) => next.state.word(),
                    Err(_) => ".",
                };
                write!(grid, "{word:15}").unwrap();
                let refused = decide(&entry, *kind, facts).err();
                let named = Refused::NotInThisState {
                    action: *kind,
                    state: *state,
                };
                assert_eq!(
                    refused == Some(named),
                    !of(*kind).from.contains(state),
                    "{kind:?} in {state:?}"
                );
                assert_eq!(available(&entry, *kind, facts), refused.is_none());
            }
            let line = grid.trim_end().len();
            grid.truncate(line);
            grid.push('\n');
        }
    }
    insta::assert_snapshot!(grid);
}

#[test]
fn what_is_public_changes_by_publishing_and_by_taking_down_alone() {
    for entry in reachable() {
        for kind in ActionKind::ALL {
            for facts in all_facts() {
                let Ok(next) = decide(&entry, *kind, facts) else {
                    continue;
                };
                match kind {
                    ActionKind::Publish => assert_eq!(next.public, Some(entry.newest)),
                    ActionKind::TakeDown | ActionKind::Unlist => assert_eq!(next.public, None),
                    _ => assert_eq!(next.public, entry.public, "{kind:?} {entry:?}"),
                }
                assert!(next.newest >= entry.newest);
                let only_in_review = entry.state == State::InReview;
                assert!(*kind != ActionKind::Publish || (only_in_review && facts.stands));
            }
        }
    }
}

#[test]
fn no_walk_leads_to_an_entry_that_contradicts_itself() {
    let all = reachable();
    assert!(all.len() > 10, "{}", all.len());
    for entry in all {
        assert!(entry.public.is_none() || entry.was_public, "{entry:?}");
        assert!(entry.public.is_some() || !entry.resting, "{entry:?}");
        match entry.state {
            State::Published => assert!(entry.public.is_some(), "{entry:?}"),
            State::TakenDown => assert!(entry.public.is_none() && entry.was_public, "{entry:?}"),
            State::InReview | State::ChangesAsked => assert!(entry.newest > 0, "{entry:?}"),
            State::Draft => {}
        }
    }
}

#[test]
fn without_partnership_and_access_nothing_new_comes_into_the_gallery() {
    for entry in reachable() {
        for kind in [ActionKind::Edit, ActionKind::SendIn, ActionKind::Publish] {
            let facts = Facts {
                stands: false,
                differs: true,
            };
            assert!(!available(&entry, kind, facts), "{kind:?} {entry:?}");
        }
    }
}

#[test]
fn hiding_is_noted_once_and_so_is_showing_again() {
    let public = Entry {
        state: State::Published,
        public: Some(1),
        newest: 1,
        was_public: true,
        resting: false,
    };
    let gone = Facts {
        stands: false,
        ..STANDS
    };
    let resting = decide(&public, ActionKind::Rest, gone).unwrap();
    assert!(resting.resting);
    let again = decide(&resting, ActionKind::Rest, gone);
    assert_eq!(again, Err(Refused::NotedBefore));
    let early = decide(&resting, ActionKind::Return, gone);
    assert_eq!(early, Err(Refused::NotStanding));
    assert_eq!(decide(&resting, ActionKind::Return, STANDS), Ok(public));
    let never = decide(&public, ActionKind::Rest, STANDS);
    assert_eq!(never, Err(Refused::StillStands));
}

#[test]
fn what_does_not_differ_from_the_public_version_is_not_sent_in() {
    let draft = Entry {
        public: Some(1),
        newest: 1,
        was_public: true,
        ..Entry::default()
    };
    let same = Facts {
        stands: true,
        differs: false,
    };
    let refused = decide(&draft, ActionKind::SendIn, same);
    assert_eq!(refused, Err(Refused::NothingNew));
    // The first version differs from nothing.
    assert!(decide(&Entry::default(), ActionKind::SendIn, same).is_ok());
}

fn complete() -> Listing {
    let image = |hash: &str| Image {
        hash: hash.to_owned(),
        ext: "png".to_owned(),
        width: 700,
        height: 700,
    };
    Listing {
        name: "Glow".to_owned(),
        organisation: "Glow Ltd".to_owned(),
        tagline: "Readings that make sense".to_owned(),
        description: "Glow shows what your glucose did today, and why it may have done so."
            .to_owned(),
        platforms: [Platform::Ios].into(),
        regions: [Region::Canada].into(),
        languages: [Language::Fr].into(),
        accessibility: "Works with VoiceOver and large text.".to_owned(),
        links: [(Store::Apple, "https://apps.apple.com/app/id1".to_owned())].into(),
        logo: Some(image("1")),
        screenshots: vec![Screenshot {
            image: image("2"),
            alt: "A day as a curve".to_owned(),
        }],
    }
}

#[test]
fn every_part_is_asked_for_by_the_name_of_its_field() {
    assert_eq!(missing(&complete()), []);
    let fields: Vec<String> = missing(&Listing::default())
        .into_iter()
        .map(|problem| problem.field)
        .collect();
    assert_eq!(
        fields,
        [
            "name",
            "tagline",
            "description",
            "accessibility",
            "platforms",
            "regions",
            "languages",
            "apple",
            "logo",
            "screenshot"
        ]
    );
    assert_eq!(faults(&Listing::default()), []);
    let mut unsaid = complete();
    unsaid.screenshots[0].alt = "x".to_owned();
    assert_eq!(missing(&unsaid)[0].field, "alt_2");
}

#[test]
fn texts_that_are_too_long_are_refused_even_in_a_draft() {
    let long = "x".repeat(5_000);
    let listing = Listing {
        name: long.clone(),
        tagline: long.clone(),
        description: long.clone(),
        accessibility: long.clone(),
        screenshots: vec![
            Screenshot {
                alt: long,
                ..complete().screenshots[0].clone()
            };
            9
        ],
        ..Listing::default()
    };
    // Four texts, too many pictures, and nine texts of pictures.
    assert_eq!(faults(&listing).len(), 14);
}

#[test]
fn a_link_is_of_its_store_and_public_by_its_looks() {
    let fault = |store, link: &str| {
        let listing = Listing {
            links: [(store, link.to_owned())].into(),
            ..complete()
        };
        faults(&listing).pop().map(|problem| problem.field)
    };
    for (store, link) in [
        (Store::Apple, "https://apps.apple.com/us/app/glow/id1"),
        (
            Store::Google,
            "https://play.google.com/store/apps/details?id=a.b",
        ),
        (Store::Other, "https://glow.example.org/get"),
    ] {
        assert_eq!(fault(store, link), None, "{link}");
    }
    for (store, link) in [
        (Store::Apple, "https://play.google.com/store"),
        (Store::Apple, "https://apps.apple.com.evil.example/app"),
        (Store::Google, "http://play.google.com/store"),
        (Store::Other, "javascript:alert(1)"),
        (Store::Other, "https://me:secret@glow.example.org/"),
        (Store::Other, "https://localhost/"),
        (Store::Other, "https://127.0.0.1/"),
        (Store::Other, "https://10.0.0.1/"),
        (Store::Other, "glow.example.org"),
    ] {
        assert_eq!(fault(store, link).as_deref(), Some(store.word()), "{link}");
    }
}

#[test]
fn another_image_is_a_difference_though_its_words_are_the_same() {
    let before = complete();
    assert_eq!(changes(&before, &before), []);
    let mut after = complete();
    after.logo.as_mut().unwrap().hash = "9".to_owned();
    after.screenshots[0].image.hash = "8".to_owned();
    after.tagline = "Readings that speak".to_owned();
    let labels: Vec<String> = changes(&before, &after)
        .into_iter()
        .map(|change| change.label)
        .collect();
    assert_eq!(labels, ["Tagline", "Logo", "Screenshots"]);
    assert_eq!(changes(&before, &after)[1].after, "Another image");
}

#[test]
fn an_image_is_never_drawn_larger_than_it_is() {
    let image = complete().logo.unwrap();
    assert_eq!(image.widths(ImageKind::Screenshot), [320, 640, 700]);
    let small = Image {
        width: 100,
        ..image
    };
    assert_eq!(small.widths(ImageKind::Screenshot), [100]);
    assert_eq!(small.widths(ImageKind::Logo), [96, 100]);
}
