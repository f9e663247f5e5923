//! Full-text search: what it finds is what a scan of all texts finds, for every reader, view, filter
//! and order; and each text is found by those who may read it.

use crate::support::{
    actions::{check, decline, finding, take},
    *,
};
use casework::{
    cases::search,
    commands::{self, AppText},
    entities::{
        app_members, apps, audit_events, cases, search_documents, search_marks, submissions,
    },
    paging::Count,
    policy::{self, BUILT_IN},
    queries::queue::{Filter, Holder, Place, Queue, Row, Sort, View, queue},
    store::Snapshot,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, PaginatorTrait};
use std::collections::{BTreeMap, BTreeSet};
use workflow::{
    checklist::{ListKind, Severity, Verdict},
    event::DeclineReason,
};

/// Writes what is marked.
pub async fn write(desk: &Desk) {
    while search::write_marked(desk).await.unwrap() > 0 {}
}

fn searched(view: View, text: &str) -> Filter {
    Filter {
        text: text.to_owned(),
        ..Filter::view(view)
    }
}

async fn find(story: &Story, who: &Caller, view: View, text: &str) -> Queue {
    queue(&story.desk, who, searched(view, text)).await.unwrap()
}

async fn found(story: &Story, who: &Caller, view: View, text: &str) -> Vec<CaseNumber> {
    let page = find(story, who, view, text).await;
    page.rows.iter().map(|row| row.number).collect()
}

/// A row's line, what was found in brackets.
fn line(row: &Row) -> Option<String> {
    let found = row.excerpt.as_ref()?;
    let parts = found.parts.iter().map(|part| match part.is_found {
        true => format!("[{}]", part.text),
        false => part.text.clone(),
    });
    Some(format!(
        "{}: {}",
        found.kind.label(),
        parts.collect::<String>()
    ))
}

/// A mark with this as its evidence.
fn noted(text: String) -> Action {
    let mut mark = check(ListKind::Completeness, "fields", Verdict::Pass);
    if let Action::CheckItem { evidence, .. } = &mut mark {
        *evidence = text;
    }
    mark
}

/// A reviewer reads the inside, an approver of this policy does not.
pub async fn approvers_read_outside_alone(story: &Story) {
    let inside = "p, approver, case, read_internal, staff, allow, staff\n";
    assert!(BUILT_IN.contains(inside));
    let text = BUILT_IN.replace(inside, "");
    policy::publish(&story.database, &text, story.now())
        .await
        .unwrap();
    story.desk.refresh().await.unwrap();
}

/// Words of several scripts, some of which begin alike.
const WORDS: &[&str] = &[
    "glucose",
    "glue",
    "curve",
    "curves",
    "sensor",
    "diabète",
    "Ökonomie",
    "straße",
    "сахар",
    "καμπύλη",
    "سكر",
    "night",
    "nightly",
    "type2",
    "2026",
    "meal",
];

/// Words that follow from a number, from one that every case has to one that few have.
fn text_of(seed: usize) -> String {
    let few = WORDS
        .iter()
        .enumerate()
        .filter(|(index, _)| seed.is_multiple_of(index + 1));
    few.map(|(_, word)| *word).collect::<Vec<_>>().join(" and ")
}

/// Cases of many apps in every state, with words in what their developers see and in what they do
/// not; one app is the approver's own.
async fn filled(engine: Engine) -> Story {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    for (index, state) in StateKind::ALL.iter().cycle().take(84).enumerate() {
        let name = format!("{} {index}", WORDS[index % 5]);
        let app = story.app(&name, &cast.owner).await;
        let level = [AccessLevel::Limited, AccessLevel::Full][index % 2];
        let case = story.draft_for(app, &cast.owner, level).await;
        let handed_in = submissions::Model {
            case_id: story.row(case).await.id,
            revision: 1,
            body: serde_json::to_string(&Snapshot {
                form_version: 1,
                level,
                answers: BTreeMap::from([("description".to_owned(), text_of(index + 1))]),
                attachments: Vec::new(),
            })
            .unwrap(),
            sha256: String::new(),
            made_at: story.now().micros(),
            made_by: cast.owner.person.0,
        };
        submissions::Entity::insert(submissions::ActiveModel::from(handed_in).reset_all())
            .exec_without_returning(story.database.write())
            .await
            .unwrap();
        story.bring(case, *state).await;
        if *state == StateKind::Completeness {
            let mark = noted(text_of(index + 7));
            story.step(&cast.reviewer, case, mark).await;
        }
        let later = time::Duration::hours(i64::try_from(index % 3).unwrap());
        story.clock.set(story.desk.now().plus(later));
    }
    for person in [&cast.lead, &cast.approver] {
        let member = app_members::Model {
            app_id: story.row(CaseNumber(1_010)).await.app_id,
            person_id: person.person.0,
            owner: false,
            may_sign: false,
            added_at: 1,
            left_at: Some(2),
            version: 1,
        };
        app_members::Entity::insert(app_members::ActiveModel::from(member).reset_all())
            .exec_without_returning(story.database.write())
            .await
            .unwrap();
    }
    approvers_read_outside_alone(&story).await;
    write(&story.desk).await;
    story
}

/// The folded words of a text, by a rule of its own: these texts have words and spaces alone.
fn words(text: &str) -> BTreeSet<String> {
    let folded = workflow::text::plain(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Of each case the words that are read outside, and those of all its texts.
async fn scanned(desk: &Desk) -> BTreeMap<i32, [BTreeSet<String>; 2]> {
    let documents = search_documents::Entity::find()
        .all(desk.database.read())
        .await
        .unwrap();
    let scanned = documents.into_iter().map(|row| {
        let texts: serde_json::Value = serde_json::from_str(&row.texts).unwrap();
        let of = |part: &str| {
            let texts = texts[part].as_array().unwrap().iter();
            texts
                .flat_map(|text| words(text[1].as_str().unwrap()))
                .collect::<BTreeSet<_>>()
        };
        let mut outside = of("outside");
        outside.extend(words(&format!("UD {}", row.number)));
        let all = outside.union(&of("inside")).cloned().collect();
        (row.number, [outside, all])
    });
    scanned.collect()
}

fn has(document: &BTreeSet<String>, typed: &str) -> bool {
    let typed = workflow::text::plain(typed);
    let (last, others) = typed
        .split(' ')
        .collect::<Vec<_>>()
        .split_last()
        .map(|(last, others)| (last.to_string(), others.join(" ")))
        .unwrap();
    let is_number = typed.parse::<u32>().is_ok();
    others
        .split_whitespace()
        .all(|word| document.contains(word))
        && document.iter().any(|word| match is_number {
            true => *word == last,
            false => word.starts_with(&last),
        })
}

/// Every page from the first on, and back from the last.
async fn walked(desk: &Desk, who: &Caller, filter: &Filter) -> (Queue, Vec<i32>, Vec<i32>) {
    let numbers = |page: &Queue| -> Vec<i32> {
        page.rows
            .iter()
            .map(|row| i32::try_from(row.number.0).unwrap())
            .collect()
    };
    let first = queue(desk, who, filter.clone()).await.unwrap();
    let (mut on, mut next) = (numbers(&first), first.next.clone());
    while let Some(filter) = next {
        let page = queue(desk, who, filter).await.unwrap();
        on.extend(numbers(&page));
        next = page.next;
    }
    let last = queue(desk, who, filter.at(Place::Last)).await.unwrap();
    let (mut back, mut previous) = (numbers(&last), last.previous);
    while let Some(filter) = previous {
        let page = queue(desk, who, filter).await.unwrap();
        back.splice(0..0, numbers(&page));
        previous = page.previous;
    }
    (first, on, back)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_search_has_the_rows_that_a_scan_of_all_texts_has(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = filled(engine).await;
    let cast = &story.cast;
    story
        .clock
        .set(story.desk.now().plus(time::Duration::days(21)));
    let documents = scanned(&story.desk).await;
    assert!(documents.len() > 70, "{}", documents.len());
    let conflicted = story.row(CaseNumber(1_010)).await.app_id;
    let rows = cases::Entity::find()
        .all(story.database.read())
        .await
        .unwrap();
    let apps: BTreeMap<i32, uuid::Uuid> = rows.iter().map(|row| (row.number, row.app_id)).collect();
    let texts = [
        "glucose",
        "glu",
        "g",
        "curve",
        "curves and glu",
        "sensor night",
        "сах",
        "STRASSE",
        "οκ",
        "ÖKO",
        "καμπυλη",
        "καμπύ",
        "سكر",
        "type2",
        "2026",
        "meal glucose",
        "nothing",
        "good",
        "seen in",
        "1042",
        "UD-1010",
        "night nightly type",
    ];
    let mut most = 0;
    for (reader, who) in [&cast.reviewer, &cast.approver, &cast.lead]
        .into_iter()
        .enumerate()
    {
        let depth = usize::from(reader != 1);
        for (index, text) in texts.into_iter().enumerate() {
            for (turn, view) in View::ALL.iter().enumerate() {
                let (level, state, holder) = match (index + turn) % 5 {
                    0 => (Some(AccessLevel::Full), None, None),
                    1 => (None, Some(StateKind::Review), None),
                    2 => (None, None, Some(Holder::Nobody)),
                    3 => (None, None, Some(Holder::Username("carmen".to_owned()))),
                    _ => (None, None, None),
                };
                let plain = Filter {
                    level,
                    state,
                    holder,
                    sort: Sort::ALL[(index + turn) % Sort::ALL.len()],
                    reversed: turn % 2 == 0,
                    ..Filter::view(*view)
                };
                let asked = Filter {
                    text: text.to_owned(),
                    ..plain.clone()
                };
                // What the view and the filters say is compared with a scan in `queue_pages`.
                let (_, all, _) = walked(&story.desk, who, &plain).await;
                let expected: Vec<i32> = all
                    .into_iter()
                    .filter(|number| {
                        match text.strip_prefix("UD-").unwrap_or(text).parse::<i32>() {
                            Ok(own) if own == *number => true,
                            _ => has(&documents[number][depth], &text.replace('-', " ")),
                        }
                    })
                    .filter(|number| reader == 0 || apps[number] != conflicted)
                    .collect();
                most = most.max(expected.len());
                let (page, on, back) = walked(&story.desk, who, &asked).await;
                assert_eq!(on, expected, "{asked:?} of {}", who.name);
                assert_eq!(back, expected, "{asked:?} of {}, from its end", who.name);
                let count = page.total();
                let exact = expected.len() as u64;
                assert!(
                    count.number == exact || (count.more && count.number <= exact),
                    "{count:?} of {exact}, {asked:?} of {}",
                    who.name
                );
            }
        }
    }
    assert!(most > 40, "{most}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_text_is_found_by_those_who_may_read_it_and_shown_with_what_was_found(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    approvers_read_outside_alone(&story).await;
    let case = story.draft(AccessLevel::Limited).await;
    let draft = [case];
    let reviewer = |text: &'static str| found(&story, &cast.reviewer, View::AllOpen, text);
    let approver = |text: &'static str| found(&story, &cast.approver, View::AllOpen, text);
    write(&story.desk).await;
    assert_eq!(reviewer("glow").await, [], "a draft is its members' alone");

    story.bring(case, StateKind::Completeness).await;
    let mark = noted("Page 7 <script>alert(1)</script> of the manual.".to_owned());
    story.step(&cast.reviewer, case, mark).await;
    story
        .step(
            &cast.reviewer,
            case,
            story.question("Who are the users in Zürich?"),
        )
        .await;
    let answers = story
        .answers(case, "Adults with 糖尿病の患者 and\ntheir carers.")
        .await;
    story.step(&cast.owner, case, answers).await;
    write(&story.desk).await;
    for text in [
        "glow",
        "zürich",
        "ZU\u{308}RICH us",
        "糖尿病",
        "患者",
        "carers",
        "ud-1001",
    ] {
        assert_eq!(reviewer(text).await, draft, "{text}");
        assert_eq!(approver(text).await, draft, "{text}");
    }
    for text in ["manual", "<script>", "7 manual"] {
        assert_eq!(reviewer(text).await, draft, "{text}");
        assert_eq!(approver(text).await, [], "{text}");
    }
    for text in ["病糖", "carer users zurich", "arers"] {
        assert_eq!(reviewer(text).await, [], "{text}");
    }
    let page = find(&story, &cast.reviewer, View::AllOpen, "man").await;
    assert_eq!(
        line(&page.rows[0]).as_deref(),
        Some("Evidence: Page 7 <script>alert(1)</script> of the [manual].")
    );
    let page = find(&story, &cast.approver, View::AllOpen, "glow 糖尿病").await;
    assert_eq!(
        line(&page.rows[0]).as_deref(),
        Some("Answer: Adults with [糖尿病]の患者 and their carers.")
    );
    let page = find(&story, &cast.approver, View::AllOpen, "glow").await;
    assert_eq!(line(&page.rows[0]), None, "the row shows it anyway");

    // A finding is ours until corrections are asked for.
    story
        .mark_all(&cast.reviewer, case, ListKind::Completeness)
        .await;
    story
        .step(&cast.reviewer, case, Action::ConfirmComplete)
        .await;
    let seat = take(Seat::Commercial, &cast.commercial);
    story.step(&cast.commercial, case, seat).await;
    let item = story.items(case, ListKind::Commercial).await.remove(0);
    story
        .step(
            &cast.commercial,
            case,
            finding(ListKind::Commercial, &item, Severity::Major),
        )
        .await;
    write(&story.desk).await;
    assert_eq!(reviewer("market named").await, draft);
    assert_eq!(approver("market named").await, []);
    let due = story.in_days(20);
    story
        .step(&cast.commercial, case, Action::RequestCorrections { due })
        .await;
    write(&story.desk).await;
    assert_eq!(approver("market named").await, draft);

    let reason = DeclineReason::Privacy;
    let text = workflow::Internal::written("Sold to brokers.");
    story
        .step(
            &cast.commercial,
            case,
            Action::ProposeDecline { reason, text },
        )
        .await;
    write(&story.desk).await;
    assert_eq!(reviewer("brokers").await, draft);
    assert_eq!(approver("brokers").await, []);
    story
        .step(&cast.approver, case, decline("Sold to others."))
        .await;
    write(&story.desk).await;
    let ended = found(&story, &cast.approver, View::Ended, "sold others").await;
    assert_eq!(ended, draft);
    assert_eq!(approver("sold others").await, [], "it is in another view");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_answered_first_in_whatever_view_its_case_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let ended = story
        .case_in(AccessLevel::Limited, StateKind::Withdrawn)
        .await;
    let open = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    // Found though nothing was written yet.
    for typed in [
        ended.to_string(),
        format!("ud-0{}", ended.0),
        format!("000{}", ended.0),
    ] {
        let page = find(&story, &cast.reviewer, View::AllOpen, &typed).await;
        assert_eq!(page.rows, [], "{typed}");
        assert_eq!(page.named.map(|row| row.number), Some(ended), "{typed}");
    }
    let page = find(&story, &cast.reviewer, View::AllOpen, &open.to_string()).await;
    assert_eq!(page.named, None, "it is the first row");
    assert_eq!(page.rows[0].number, open);
    assert_eq!(page.total(), Count::exact(1));
    let draft = story
        .draft_for(story.app, &cast.owner, AccessLevel::Limited)
        .await;
    for nothing in [
        draft.to_string(),
        "UD-".to_owned(),
        "99999999999".to_owned(),
        "4294967295".to_owned(),
    ] {
        let page = find(&story, &cast.reviewer, View::AllOpen, &nothing).await;
        assert_eq!((page.named, page.rows), (None, Vec::new()), "{nothing}");
    }
    let own = Caller {
        roles: [Role::Reviewer].into(),
        ..cast.owner.clone()
    };
    let page = find(&story, &own, View::Ended, &ended.to_string()).await;
    assert_eq!(
        (page.named, page.rows),
        (None, Vec::new()),
        "in conflict of interest"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_stands_for_itself_and_is_never_an_error(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    write(&story.desk).await;
    for text in [
        "'",
        "\"",
        "\\",
        "users'",
        "\"users\" AND",
        "users OR x",
        "users*",
        "NEAR(users)",
        "-users",
        "users:*",
        "users & | !",
        "()",
        "<->",
        "%",
        "\0",
        "\u{E001}seen",
        "\u{E002}0",
        "\u{FFFE}",
        "'; --",
        "👩‍👩‍👧",
        "\u{200B}",
        "   ",
        "words:users",
        "^users",
        "{words}: users",
        "+",
        &"x".repeat(5_000),
        &"a ".repeat(400),
        &"🙂".repeat(200),
    ] {
        let page = find(&story, &story.cast.reviewer, View::AllOpen, text).await;
        assert!(page.rows.len() <= 1, "{text:?}");
    }
    // Marks of its own words are nobody's to type.
    for inside in ["\u{E001}seen", "\u{E002}0"] {
        assert_eq!(
            found(&story, &story.cast.reviewer, View::AllOpen, inside).await,
            []
        );
    }
    assert_eq!(
        found(&story, &story.cast.reviewer, View::AllOpen, "users?").await,
        [case]
    );
    assert_eq!(
        found(
            &story,
            &story.cast.reviewer,
            View::AllOpen,
            "users OR zebra"
        )
        .await,
        []
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_document_follows_its_case_and_the_name_of_its_app(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .draft_for(story.app, &cast.owner, AccessLevel::Limited)
        .await;
    story.bring(case, StateKind::Submitted).await;
    write(&story.desk).await;
    assert_eq!(
        found(&story, &cast.reviewer, View::AllOpen, "glow").await,
        [case]
    );
    let app = apps::Entity::find_by_id(story.app.0)
        .one(story.database.read())
        .await
        .unwrap()
        .unwrap();
    let text = AppText {
        name: "Ember".to_owned(),
        organisation: "Warm Health".to_owned(),
        description: app.description.clone(),
        website: "https://ember.example.org/".to_owned(),
    };
    commands::edit_app(&story.desk, &cast.owner, story.app, &text, app.version)
        .await
        .unwrap();
    write(&story.desk).await;
    assert_eq!(
        found(&story, &cast.reviewer, View::AllOpen, "glow").await,
        []
    );
    assert_eq!(
        found(&story, &cast.reviewer, View::AllOpen, "emb warm").await,
        []
    );
    assert_eq!(
        found(&story, &cast.reviewer, View::AllOpen, "warm emb").await,
        [case]
    );

    // What says nothing new marks nothing.
    let marks = async || {
        search_marks::Entity::find()
            .count(story.database.read())
            .await
            .unwrap()
    };
    story
        .step(&cast.reviewer, case, take(Seat::Case, &cast.reviewer))
        .await;
    assert_eq!(marks().await, 0);
    story
        .step(&cast.reviewer, case, story.question("Where?"))
        .await;
    assert_eq!(marks().await, 1);
    write(&story.desk).await;
    assert_eq!(marks().await, 0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn documents_written_beside_steps_and_by_several_at_once_are_those_of_the_cases_as_they_stand(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(
            story
                .case_in(AccessLevel::Limited, StateKind::Completeness)
                .await,
        );
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let writers = [0, 1].map(|_| {
        let (desk, stopped) = (story.desk.clone(), stopped.clone());
        tokio::spawn(async move {
            while !*stopped.borrow() {
                search::write_marked(&desk).await.unwrap();
                tokio::task::yield_now().await;
            }
        })
    });
    for round in 0..6 {
        for case in &all {
            let mark = noted(format!("Round {round} of {case}."));
            story.step(&cast.reviewer, *case, mark).await;
        }
    }
    stop.send(true).unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
    write(&story.desk).await;
    let texts = async || {
        let rows = search_documents::Entity::find()
            .all(story.database.read())
            .await
            .unwrap();
        rows.into_iter()
            .map(|row| (row.number, row.texts))
            .collect::<BTreeMap<_, _>>()
    };
    let written = texts().await;
    assert_eq!(
        found(&story, &cast.reviewer, View::AllOpen, "round 5")
            .await
            .len(),
        all.len()
    );
    assert_eq!(
        found(&story, &cast.reviewer, View::AllOpen, "round 4").await,
        []
    );
    // Made in another version's way: all are written again.
    story
        .database
        .write()
        .execute_unprepared("UPDATE search_heads SET format = 0")
        .await
        .unwrap();
    story
        .database
        .write()
        .execute_unprepared("DELETE FROM search_documents")
        .await
        .unwrap();
    search::mark_outdated(&story.desk).await.unwrap();
    write(&story.desk).await;
    assert_eq!(texts().await, written);
    search::mark_outdated(&story.desk).await.unwrap();
    let marks = search_marks::Entity::find()
        .count(story.database.read())
        .await
        .unwrap();
    assert_eq!(marks, 0);
    let events = audit_events::Entity::find()
        .count(story.database.read())
        .await
        .unwrap();
    assert!(events > 24);
}
