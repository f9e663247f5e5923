//! Each column of each row that the trail binds, altered in the database itself. Many are altered
//! before one look, each in a row of its own, of a case of its own: what is found names the row, so
//! that each alteration is found by itself.

use super::{filled, look};
use crate::support::*;
use casework::{
    audit::Fault,
    entities::{
        agreements, attachments, cases, gallery_entries, gallery_versions, grants, guides,
        holidays, partner_lapses, partner_publications, partner_signatures, partnerships,
        policy_rules, policy_versions, settings, signatures, submissions, templates,
    },
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// The tables whose rows the trail binds, and those that it replays: those of cases …
const OF_CASES: [&str; 5] = [
    "cases",
    "submissions",
    "attachments",
    "signatures",
    "grants",
];

/// … and those of the desk, by which rows of cases are judged: altered apart from them.
const OF_DESK: [&str; 6] = [
    "agreements",
    "templates",
    "policy_versions",
    "policy_rules",
    "settings",
    "holidays",
];

/// … and those of what comes after an approval; acceptances of newer agreements are altered where there
/// are some (`partners`).
const OF_ROOMS: [&str; 7] = [
    "guides",
    "partnerships",
    "partner_lapses",
    "partner_publications",
    "partner_signatures",
    "gallery_entries",
    "gallery_versions",
];

/// The tables that are altered together, and whether a fault in one is a fault of nothing else.
const TOGETHER: [(&[&str], bool); 3] = [(&OF_CASES, true), (&OF_DESK, false), (&OF_ROOMS, false)];

/// How a column is altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// To another value of its kind.
    Value,
    /// To a value of another kind; where there is one, to one that reads as the same.
    Kind,
    /// To no value, where there must be one.
    Nothing,
}

/// A row that can be altered.
#[derive(Clone, Debug)]
struct Place {
    /// What it is of: a case, or itself.
    owner: String,
    /// How a fault names it.
    label: String,
    /// Which it is.
    condition: String,
}

struct Column {
    name: String,
    kind: String,
    needed: bool,
}

/// A statement past everything, foreign keys included.
async fn past(rig: &Rig, statement: &str) -> Result<(), sea_orm::DbErr> {
    if rig.is_postgres() {
        let around = format!(
            "SET session_replication_role = replica; {statement}; \
             SET session_replication_role = origin"
        );
        return rig.sql(&around).await;
    }
    rig.sql("PRAGMA foreign_keys = OFF").await?;
    let done = rig.sql(statement).await;
    rig.sql("PRAGMA foreign_keys = ON").await?;
    done
}

/// The columns of a table, from the schema itself.
async fn columns(rig: &Rig, table: &str) -> Vec<Column> {
    let database = rig.desk.database.read();
    let query = match database.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT column_name AS name, data_type AS kind, 1 AS needed \
             FROM information_schema.columns \
             WHERE table_name = '{table}' ORDER BY ordinal_position"
        ),
        _ => format!(
            "SELECT name, type AS kind, \"notnull\" AS needed FROM pragma_table_info('{table}')"
        ),
    };
    let statement = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await.unwrap();
    assert!(!rows.is_empty(), "{table}");
    rows.iter()
        .map(|row| {
            let text = |name| row.try_get::<String>("", name).unwrap().to_lowercase();
            Column {
                name: text("name"),
                kind: text("kind"),
                needed: row.try_get::<i32>("", "needed").unwrap() == 1,
            }
        })
        .collect()
}

/// The rows that can be altered, by table.
async fn places(rig: &Rig) -> BTreeMap<&'static str, Vec<Place>> {
    let database = rig.desk.database.read();
    let id = |id: uuid::Uuid| {
        if rig.is_postgres() {
            format!("'{id}'")
        } else {
            format!("X'{}'", id.simple())
        }
    };
    let mut places: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    let mut put = |table, owner: &str, label: String, condition: String| {
        places.entry(table).or_default().push(Place {
            owner: owner.to_owned(),
            label,
            condition,
        });
    };
    let mut numbers = BTreeMap::new();
    for row in cases::Entity::find().all(database).await.unwrap() {
        let number = format!("UD-{}", row.number);
        numbers.insert(row.id, number.clone());
        // An ended case that were open again would be refused where its app has another.
        if row.side != "nobody" {
            let label = format!("case {number}");
            put("cases", &number, label, format!("id = {}", id(row.id)));
        }
    }
    for row in submissions::Entity::find().all(database).await.unwrap() {
        let number = &numbers[&row.case_id];
        let label = format!("submission revision {} of {number}", row.revision);
        let condition = format!(
            "case_id = {} AND revision = {}",
            id(row.case_id),
            row.revision
        );
        put("submissions", number, label, condition);
    }
    for row in attachments::Entity::find().all(database).await.unwrap() {
        let number = &numbers[&row.case_id];
        let label = format!("attachment {} of {number}", row.id);
        put("attachments", number, label, format!("id = {}", id(row.id)));
    }
    for row in signatures::Entity::find().all(database).await.unwrap() {
        let number = &numbers[&row.case_id];
        let label = format!("signature {} of {number}", row.id);
        put("signatures", number, label, format!("id = {}", id(row.id)));
    }
    for row in grants::Entity::find().all(database).await.unwrap() {
        let number = &numbers[&row.case_id];
        let label = format!("grant {} of {number}", row.id);
        put("grants", number, label, format!("id = {}", id(row.id)));
    }
    for row in agreements::Entity::find().all(database).await.unwrap() {
        let label = format!("agreement {} version {}", row.kind, row.version);
        let condition = format!("kind = '{}' AND version = {}", row.kind, row.version);
        put("agreements", &label.clone(), label, condition);
    }
    for row in templates::Entity::find().all(database).await.unwrap() {
        let label = format!("template {} version {}", row.kind, row.version);
        let condition = format!("kind = '{}' AND version = {}", row.kind, row.version);
        put("templates", &label.clone(), label, condition);
    }
    for row in policy_versions::Entity::find().all(database).await.unwrap() {
        let label = format!("policy version {}", row.version);
        let condition = format!("version = {}", row.version);
        put("policy_versions", &label.clone(), label, condition);
    }
    for row in policy_rules::Entity::find().all(database).await.unwrap() {
        let label = format!("policy version {}", row.version);
        let condition = format!("version = {} AND position = {}", row.version, row.position);
        put("policy_rules", &label.clone(), label, condition);
    }
    for row in settings::Entity::find().all(database).await.unwrap() {
        let label = format!("setting {}", row.key);
        let condition = format!("key = '{}' AND from_at = {}", row.key, row.from_at);
        put("settings", &label.clone(), label, condition);
    }
    for row in holidays::Entity::find().all(database).await.unwrap() {
        let label = "list of holidays".to_owned();
        put(
            "holidays",
            &label.clone(),
            label,
            format!("day = '{}'", row.day),
        );
    }
    let mut of_room = |table, label: String, condition: String| {
        put(table, &label.clone(), label, condition);
    };
    for row in guides::Entity::find().all(database).await.unwrap() {
        let label = format!("open page {} version {}", row.guide, row.version);
        let condition = format!("guide = '{}' AND version = {}", row.guide, row.version);
        of_room("guides", label, condition);
    }
    for row in partnerships::Entity::find().all(database).await.unwrap() {
        let label = format!("partnership {}", row.id);
        of_room("partnerships", label, format!("id = {}", id(row.id)));
    }
    for row in partner_lapses::Entity::find().all(database).await.unwrap() {
        let label = format!("partnership {}", row.partnership_id);
        of_room("partner_lapses", label, format!("id = {}", id(row.id)));
    }
    let rows = partner_publications::Entity::find().all(database).await;
    for row in rows.unwrap() {
        let label = format!("what was said of the partner's app {}", row.app_id);
        let condition = format!("app_id = {}", id(row.app_id));
        of_room("partner_publications", label, condition);
    }
    let rows = partner_signatures::Entity::find().all(database).await;
    for row in rows.unwrap() {
        let label = format!("signature {} of a partnership", row.id);
        of_room("partner_signatures", label, format!("id = {}", id(row.id)));
    }
    for row in gallery_entries::Entity::find().all(database).await.unwrap() {
        let label = format!("gallery entry {}", row.id);
        of_room("gallery_entries", label, format!("id = {}", id(row.id)));
    }
    for row in gallery_versions::Entity::find()
        .all(database)
        .await
        .unwrap()
    {
        let label = format!("version {} of gallery entry {}", row.version, row.entry_id);
        let condition = format!(
            "entry_id = {} AND version = {}",
            id(row.entry_id),
            row.version
        );
        of_room("gallery_versions", label, condition);
    }
    places
}

/// What a column is altered to; none where it cannot be altered so.
fn altered(column: &Column, how: How, postgres: bool) -> Option<String> {
    let Column { name, kind, needed } = column;
    let uuid = kind.starts_with("uuid") || kind == "blob";
    let number = kind.contains("int");
    Some(match how {
        How::Nothing if *needed => "NULL".to_owned(),
        How::Nothing => return None,
        How::Kind if uuid => format!("COALESCE(CAST({name} AS TEXT), 'abc')"),
        How::Kind if kind == "boolean" => "7".to_owned(),
        How::Kind if number => "'abc'".to_owned(),
        How::Kind => format!("COALESCE(CAST({name} AS BLOB), X'00')"),
        How::Value if kind == "boolean" => format!("NOT {name}"),
        How::Value if number => format!("COALESCE({name}, 0) + 100000"),
        How::Value if uuid && postgres => "'00000000-0000-0000-0000-00000000beef'".to_owned(),
        How::Value if uuid => "X'0000000000000000000000000000BEEF'".to_owned(),
        How::Value => format!("COALESCE({name}, '') || ' '"),
    })
}

/// What one statement does to one row, and how the fault must name it.
struct Alteration {
    table: &'static str,
    what: String,
    place: Place,
    statement: String,
}

/// Gives each of the wanted changes a row, no two of one round in rows of the same owner; answers
/// the rounds.
fn rounds(
    wanted: Vec<(&'static str, String, String)>,
    places: &BTreeMap<&'static str, Vec<Place>>,
) -> Vec<Vec<Alteration>> {
    let mut rounds = Vec::new();
    let mut waiting = wanted;
    while !waiting.is_empty() {
        let mut taken = BTreeSet::new();
        let mut round = Vec::new();
        let mut later = Vec::new();
        for (table, what, beginning) in waiting {
            let free = places[table]
                .iter()
                .find(|place| !taken.contains(&place.owner));
            let Some(place) = free else {
                later.push((table, what, beginning));
                continue;
            };
            taken.insert(place.owner.clone());
            round.push(Alteration {
                table,
                what,
                statement: format!("{beginning} WHERE {}", place.condition),
                place: place.clone(),
            });
        }
        assert!(!round.is_empty(), "no row to alter");
        rounds.push(round);
        waiting = later;
    }
    rounds
}

/// Alters, looks, and puts everything back as it was; answers what the database itself refused.
async fn alter_and_look(rig: &Rig, round: &[Alteration], alone: bool) -> Vec<String> {
    let mut refused = Vec::new();
    let mut expected = BTreeSet::new();
    for one in round {
        match past(rig, &one.statement).await {
            Ok(()) => {
                expected.insert(one.place.label.clone());
            }
            Err(_) => refused.push(one.what.clone()),
        }
    }
    let report = look(rig).await;
    let found: BTreeSet<String> = report
        .found
        .iter()
        .filter_map(|fault| match fault {
            Fault::Record { record, .. } => Some(record.clone()),
            _ => None,
        })
        .collect();
    for one in round {
        assert!(
            found.contains(&one.place.label) || refused.contains(&one.what),
            "{} of {} can be altered unseen; found: {found:#?}",
            one.what,
            one.place.label
        );
    }
    if alone {
        assert_eq!(found, expected, "and nothing that was not altered");
    }
    let tables: BTreeSet<&str> = round.iter().map(|one| one.table).collect();
    for table in tables {
        let restore =
            format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}");
        past(rig, &restore).await.unwrap();
    }
    refused
}

async fn keep(rig: &Rig) {
    for table in TOGETHER.iter().flat_map(|(tables, _)| *tables) {
        let copy = format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}");
        rig.sql(&copy).await.unwrap();
    }
}

#[rstest]
#[case::value_sqlite(Engine::Sqlite, How::Value)]
#[case::value_postgres(Engine::Postgres, How::Value)]
#[case::kind_sqlite(Engine::Sqlite, How::Kind)]
#[case::nothing_sqlite(Engine::Sqlite, How::Nothing)]
#[tokio::test(flavor = "multi_thread")]
async fn every_altered_column_of_every_bound_table_is_found(
    #[case] engine: Engine,
    #[case] how: How,
) {
    let rig = filled(engine).await;
    let whole = look(&rig).await;
    assert_eq!(whole.fault, None);
    let enough = whole.cases > 10 && whole.records > 40 && whole.files > 0;
    assert!(enough, "{whole:?}");
    assert_eq!(whole.unhashed, 0);
    if how == How::Nothing {
        // What someone does who has the file in hand; of the schema alone.
        rig.sql(
            "PRAGMA writable_schema = ON; \
             UPDATE sqlite_schema SET sql = REPLACE(sql, ' NOT NULL', '') WHERE type = 'table'; \
             PRAGMA writable_schema = RESET",
        )
        .await
        .unwrap();
    }
    keep(&rig).await;
    let places = places(&rig).await;
    let mut refused = Vec::new();
    for (tables, alone) in TOGETHER {
        let mut wanted = Vec::new();
        for table in tables {
            for column in needed_columns(&rig, table, how).await {
                if let Some(value) = altered(&column, how, rig.is_postgres()) {
                    let what = format!("{table}.{}", column.name);
                    wanted.push((
                        *table,
                        what,
                        format!("UPDATE {table} SET {} = {value}", column.name),
                    ));
                }
            }
        }
        for round in rounds(wanted, &places) {
            refused.extend(alter_and_look(&rig, &round, alone).await);
        }
    }
    let none: [&str; 0] = [];
    match how {
        How::Value => assert_eq!(refused, none),
        // The number of the row itself, for SQLite: it holds nothing else.
        How::Kind | How::Nothing => assert_eq!(refused, ["policy_versions.version"]),
    }
    assert_eq!(look(&rig).await.fault, None, "as it was");
}

/// The columns of a table; where those that must be filled are asked for, by the program's word.
async fn needed_columns(rig: &Rig, table: &str, how: How) -> Vec<Column> {
    let mut columns = columns(rig, table).await;
    if how == How::Nothing {
        let may_be_empty = [
            "assignee_id",
            "commercial_id",
            "technical_id",
            "news",
            "due_at",
            "clock_at",
            "submitted_at",
            "ended_at",
            "removed_at",
            "cap_since_at",
            "public_key",
            "authenticator_data",
            "client_data",
            "assertion",
            "cap",
            "published_by",
            "set_by",
        ];
        let of_rooms: &[&str] = match table {
            "partnerships" => &[
                "proposed_by",
                "proposed_at",
                "recommended",
                "reasons",
                "decided_by",
                "decided_at",
                "decision",
                "note",
                "signature_id",
                "left_at",
            ],
            "partner_lapses" => &["until_at"],
            "partner_publications" => &["first_user_day"],
            "gallery_entries" => &["public_version", "published_at"],
            _ => &[],
        };
        for column in &mut columns {
            let name = column.name.as_str();
            column.needed = !may_be_empty.contains(&name) && !of_rooms.contains(&name);
        }
    }
    columns
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_row_taken_away_is_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let rig = filled(engine).await;
    keep(&rig).await;
    let places = places(&rig).await;
    for (tables, alone) in TOGETHER {
        let wanted = tables
            .iter()
            .map(|table| {
                (
                    *table,
                    format!("a row of {table}"),
                    format!("DELETE FROM {table}"),
                )
            })
            .collect();
        for round in rounds(wanted, &places) {
            let refused = alter_and_look(&rig, &round, alone).await;
            assert!(refused.is_empty(), "{refused:?}");
        }
    }
    assert_eq!(look(&rig).await.fault, None);
}
