//! Reading rows as they stand. A row one of whose columns does not hold what its kind of column
//! holds (SQLite keeps text in a column of numbers) is named and passed over: the others are looked
//! at all the same.

use crate::Result;
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable,
    PrimaryKeyToColumn, QueryResult, QueryTrait, Select,
    sqlx::{Row, TypeInfo, ValueRef},
};
use std::fmt::Write;
use uuid::Uuid;

/// Of what cannot be read so much is told.
const TOLD: usize = 40;

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// Table and primary key, as an event names them: `submissions/0193…/2`. Where the key itself
    /// cannot be read, what stands there.
    pub key: String,
    /// The first column that cannot be read.
    pub column: String,
    /// The case that it is of, if that can be read.
    pub case: Option<Uuid>,
}

/// The rows of a query.
#[derive(Debug)]
pub(super) struct Rows<M> {
    pub read: Vec<M>,
    pub broken: Vec<Broken>,
}

/// All rows of a query.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn all<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    query: Select<E>,
) -> Result<Rows<E::Model>> {
    let statement = query.build(connection.get_database_backend());
    let mut rows = Rows {
        read: Vec::new(),
        broken: Vec::new(),
    };
    for row in connection.query_all_raw(statement).await? {
        match one::<E>(&row) {
            Ok(row) => rows.read.push(row),
            Err(broken) => rows.broken.push(broken),
        }
    }
    Ok(rows)
}

/// One row.
pub(super) fn one<E: EntityTrait>(row: &QueryResult) -> Result<E::Model, Broken> {
    let of_kind = E::Column::iter().all(|column| is_of_kind(row, &column));
    if of_kind && let Ok(model) = E::Model::from_query_result(row, "") {
        return Ok(model);
    }
    let wrong = E::Column::iter().find(|column| !holds(row, column));
    let of_case = row.try_get("", "case_id");
    Err(Broken {
        key: key::<E>(row),
        column: wrong.map_or_else(String::new, |column| column.as_str().to_owned()),
        case: of_case.or_else(|_| row.try_get("", "id")).ok(),
    })
}

/// Table and primary key of a row.
fn key<E: EntityTrait>(row: &QueryResult) -> String {
    let mut key = E::default().table_name().to_owned();
    for column in E::PrimaryKey::iter() {
        // Writing into a text does not fail.
        let _ = write!(key, "/{}", text(row, &column.into_column()));
    }
    key
}

/// What stands in a column of a key.
pub(super) fn text<C: ColumnTrait>(row: &QueryResult, column: &C) -> String {
    let name = column.as_str();
    let read = match column.def().get_column_type() {
        _ if !is_of_kind(row, column) => None,
        ColumnType::Uuid => row.try_get::<Uuid>("", name).ok().map(|id| id.to_string()),
        ColumnType::Integer => row.try_get::<i32>("", name).ok().map(|n| n.to_string()),
        ColumnType::BigInteger => row.try_get::<i64>("", name).ok().map(|n| n.to_string()),
        _ => row.try_get::<String>("", name).ok(),
    };
    read.unwrap_or_else(|| as_it_stands(row, name))
}

/// What stands in a column that cannot be read as what it is: as SQL would write it.
fn as_it_stands(row: &QueryResult, name: &str) -> String {
    let bytes = row
        .try_as_sqlite_row()
        .and_then(|row| row.try_get_unchecked::<Option<Vec<u8>>, _>(name).ok());
    match bytes.flatten() {
        None => "NULL".to_owned(),
        Some(bytes) => match String::from_utf8(bytes) {
            Ok(text) => format!("'{}'", text.chars().take(TOLD).collect::<String>()),
            Err(error) => {
                let bytes: Vec<u8> = error.into_bytes().into_iter().take(TOLD).collect();
                format!("X'{}'", hex::encode(bytes))
            }
        },
    }
}

/// Whether a column holds what the program reads from it.
fn holds<C: ColumnTrait>(row: &QueryResult, column: &C) -> bool {
    let name = column.as_str();
    let def = column.def();
    let filled = match def.get_column_type() {
        _ if !is_of_kind(row, column) => return false,
        ColumnType::Uuid => row.try_get::<Option<Uuid>>("", name).map(|it| it.is_some()),
        ColumnType::Boolean => row.try_get::<Option<bool>>("", name).map(|it| it.is_some()),
        ColumnType::Integer => row.try_get::<Option<i32>>("", name).map(|it| it.is_some()),
        ColumnType::BigInteger => row.try_get::<Option<i64>>("", name).map(|it| it.is_some()),
        _ => row
            .try_get::<Option<String>>("", name)
            .map(|it| it.is_some()),
    };
    filled.is_ok_and(|filled| filled || def.is_null())
}

/// Whether SQLite keeps in a column what its kind of column holds: it keeps whatever it is given,
/// some of which reads as the same and compares as another. Other databases keep nothing else.
fn is_of_kind<C: ColumnTrait>(row: &QueryResult, column: &C) -> bool {
    let Some(row) = row.try_as_sqlite_row() else {
        return true;
    };
    let Ok(value) = row.try_get_raw(column.as_str()) else {
        return false;
    };
    let def = column.def();
    if value.is_null() {
        return def.is_null();
    }
    let kept = value.type_info();
    match def.get_column_type() {
        ColumnType::Uuid => kept.name() == "BLOB",
        ColumnType::Boolean => {
            let number = row.try_get_unchecked::<i64, _>(column.as_str());
            kept.name() == "INTEGER" && matches!(number, Ok(0 | 1))
        }
        ColumnType::Integer | ColumnType::BigInteger => kept.name() == "INTEGER",
        _ => kept.name() == "TEXT",
    }
}
