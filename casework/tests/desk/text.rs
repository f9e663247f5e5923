//! Text that people typed: kept clean by every step, found again whatever its case and composition,
//! alike on both databases.

use crate::support::*;
use casework::{
    accounts::{self, Registration},
    commands::{self, AppText, Envelope, Question, RequestClarification},
    paging::Count,
    queries::{
        admin_people::{PAGE, PeopleFilter, admin_people},
        audit::{TrailFilter, TrailPage, explorer},
        queue::{Filter, Place, View, queue},
    },
};
use sea_orm::{FromQueryResult, Statement};

/// What no table may hold, in any text.
const UNWANTED: &[char] = &[
    '\0',
    '\u{7}',
    '\u{9B}',
    '\u{AD}',
    '\u{200B}',
    '\u{200E}',
    '\u{202E}',
    '\u{2066}',
    '\u{2069}',
    '\u{2060}',
    '\u{3164}',
    '\u{FEFF}',
    '\u{FFFE}',
    '\u{E0041}',
];

fn dirty(text: &str) -> String {
    let unwanted: String = UNWANTED.iter().collect();
    format!("{unwanted}{text}{unwanted}")
}

#[derive(FromQueryResult)]
struct Text {
    text: Option<String>,
}

#[derive(FromQueryResult)]
struct Column {
    table_name: String,
    column_name: String,
}

/// Every text of every table.
async fn all_texts(rig: &Rig) -> Vec<(String, String)> {
    let columns = if rig.is_postgres() {
        "SELECT table_name::text, column_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
    } else {
        "SELECT m.name AS table_name, c.name AS column_name \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' \
         AND (lower(c.type) LIKE '%char%' OR lower(c.type) LIKE '%text%')"
    };
    let backend = rig.database.backend();
    let columns = Column::find_by_statement(Statement::from_string(backend, columns))
        .all(rig.database.read())
        .await
        .unwrap();
    assert!(columns.len() > 60, "{}", columns.len());
    let mut texts = Vec::new();
    for Column {
        table_name,
        column_name,
    } in columns
    {
        // On SQLite a column that is declared as text may hold bytes.
        let texts_alone = if rig.is_postgres() {
            String::new()
        } else {
            format!(" WHERE typeof(\"{column_name}\") = 'text'")
        };
        let select = format!("SELECT \"{column_name}\" AS text FROM \"{table_name}\"{texts_alone}");
        let rows = Text::find_by_statement(Statement::from_string(backend, select))
            .all(rig.database.read())
            .await
            .unwrap();
        let place = format!("{table_name}.{column_name}");
        texts.extend(
            rows.into_iter()
                .filter_map(|row| Some((place.clone(), row.text?))),
        );
    }
    texts
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_seen_is_never_kept_and_never_an_error(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let text = AppText {
        name: dirty("Nightlight"),
        organisation: dirty("Glow Health"),
        description: dirty("Shows sleep."),
        website: dirty("https://glow.example.org/"),
    };
    commands::create_app(&story.rig, &cast.owner, &text)
        .await
        .unwrap();
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let request = RequestClarification {
        questions: vec![Question {
            about: String::new(),
            text: dirty("Who are the users?\r\nAnd where?"),
        }],
        due: String::new(),
    };
    let seen = Envelope {
        case,
        seen: story::seen(&story.rig, case).await,
    };
    commands::request_clarification(&story.rig, &cast.reviewer, &seen, request)
        .await
        .unwrap();
    // What is looked for goes to the database too.
    for view in View::ALL {
        let filter = Filter {
            text: dirty("Glow"),
            ..Filter::view(*view)
        };
        queue(&story.rig, &cast.reviewer, filter).await.unwrap();
    }
    let filter = TrailFilter {
        who: dirty("rosa"),
        what: dirty("case_started"),
        ..TrailFilter::default()
    };
    explorer(&story.rig, &cast.compliance, filter, Default::default())
        .await
        .unwrap();
    for (place, text) in all_texts(&story.rig).await {
        for c in UNWANTED {
            let escaped = format!("\\u{:04x}", *c as u32);
            assert!(
                !text.contains(*c) && !text.contains(&escaped),
                "{place} holds {c:?}: {text:?}"
            );
        }
        assert!(
            !text.contains('\r') && !text.contains("\\r"),
            "{place}: {text:?}"
        );
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_whose_name_hides_characters_is_kept_under_the_visible_one(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::as_delivered(engine).await;
    let new = Registration {
        name: dirty("Noor Haddad"),
        organisation: dirty("Haddad & Søn"),
        username: dirty("noor"),
        email: dirty("Noor@Example.org"),
        password: "seven quiet rivers".to_owned(),
        agreement: Some(1),
    };
    accounts::register(&rig, new, "::1").await.unwrap();
    let texts = all_texts(&rig).await;
    for (place, text) in &texts {
        assert!(
            !text.contains(|c| UNWANTED.contains(&c)),
            "{place}: {text:?}"
        );
    }
    let has = |place: &str, text: &str| {
        texts
            .iter()
            .any(|(known, kept)| known == place && kept == text)
    };
    assert!(has("people.name", "Noor Haddad"));
    assert!(has("people.username_key", "noor"));
    assert!(has("people.email_key", "noor@example.org"));
    assert!(has("people.organisation_key", "haddad & søn"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_found_in_any_case_and_composition_and_wildcards_stand_for_themselves(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    for name in ["Ökonomie Zürich", "100% Straße_A", "ΣΊΣΥΦΟΣ \\ Ёж"] {
        let app = story.app(name, &cast.owner).await;
        let case = story
            .draft_for(app, &cast.owner, AccessLevel::Limited)
            .await;
        story.bring(case, StateKind::Submitted).await;
    }
    crate::search::write(&story.desk).await;
    for (looked_for, found) in [
        ("Ökonomie", 1),
        ("ökonomie", 1),
        ("ÖKONOMIE ZÜRICH", 1),
        ("o\u{308}konomie zu\u{308}", 1),
        ("Okonomie", 1),
        ("STRASSE", 1),
        ("straße", 1),
        ("σίσυφος", 1),
        ("ёЖ", 1),
        ("%", 1),
        ("_", 1),
        ("\\", 1),
        ("%%", 0),
        ("100_", 0),
        ("glow  HEALTH", 3),
    ] {
        let filter = Filter {
            text: looked_for.to_owned(),
            ..Filter::view(View::AllOpen)
        };
        let page = queue(&story.rig, &cast.reviewer, filter).await.unwrap();
        assert_eq!(
            (page.total(), page.rows.len()),
            (Count::exact(found), found as usize),
            "{looked_for}"
        );
    }
    for (looked_for, found) in [
        ("ROSA", 1),
        ("%", 0),
        ("_", 0),
        ("ｒｏｓａ", 1),
        ("GLOW health", 11),
    ] {
        let filter = PeopleFilter {
            text: looked_for.to_owned(),
            ..PeopleFilter::default()
        };
        let page = admin_people(&story.rig, &cast.admin, filter).await.unwrap();
        assert_eq!(page.count, found, "{looked_for}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_page_too_many_sees_the_last(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    for page in ["2", "7", "10000", "99999999999999999999"] {
        let filter = Filter::read(View::AllOpen, |name| (name == "page").then_some(page));
        let found = queue(&story.rig, &cast.reviewer, filter).await.unwrap();
        assert_eq!(found.filter.place, Place::Last, "page {page}");
        assert_eq!(found.rows.len(), 1, "page {page}");
    }
    for page in [2, PAGE, u64::MAX] {
        let filter = PeopleFilter {
            page,
            ..PeopleFilter::default()
        };
        let found = admin_people(&story.rig, &cast.admin, filter).await.unwrap();
        assert_eq!(
            (found.filter.page, found.rows.len()),
            (1, 11),
            "page {page}"
        );
    }
    for older_than in [0, 1, -5, i64::MIN] {
        let found = explorer(
            &story.rig,
            &cast.compliance,
            TrailFilter::default(),
            TrailPage {
                older_than: Some(older_than),
                ..TrailPage::default()
            },
        )
        .await
        .unwrap();
        assert!(!found.rows.is_empty(), "older than {older_than}");
    }
}
