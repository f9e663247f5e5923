//! The clock gives back what a person holds who has no account any more, no longer the role that
//! the seat asks for, is away, or is in conflict of interest, so that no case waits for somebody who
//! cannot take it up.

use super::{Envelope, Release, run};
use crate::cases::load::seat_column as column;
use crate::{
    Desk, Error, Part, Result,
    accounts::{Absence, absences::gone},
    entities::{apps, cases, people},
    relations::seats_in_conflict,
    roles_from_words, rows,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    StatementBuilder,
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    Case, CaseNumber, PersonId, Seen,
    checklist::ListKind,
    state::{Seat, Side},
};

/// Who holds seats of this kind and cannot work in them.
struct Unable {
    person: Uuid,
    seat: Seat,
    why: Why,
}

/// Why somebody cannot work in a seat.
enum Why {
    /// No account any more, or no longer the role.
    Gone,
    Away(Absence),
    /// In the cases of one organisation's apps: as it was declared, and folded.
    Conflict {
        organisation: String,
        key: String,
    },
}

impl Why {
    /// What the next holder is told.
    fn note(&self) -> String {
        match self {
            Self::Gone => String::new(),
            Self::Away(absence) => absence.note.clone(),
            Self::Conflict { organisation, .. } => {
                format!("A conflict of interest with {organisation} was declared.")
            }
        }
    }
}

/// Whether somebody with this account can work in a seat.
fn can_hold(person: &people::Model, seat: Seat) -> bool {
    person.disabled_at.is_none() && roles_from_words(&person.roles).contains(&seat.role())
}

/// Releases every seat of an open case whose holder cannot work in it; answers how many. Several
/// instances may do this at the same time: each seat is released once. The leads get a letter of
/// each. A case that fails is reported ([`crate::Conditions`]) and passed over.
///
/// # Errors
/// When the cases or the people cannot be read.
pub async fn give_back(desk: &Desk) -> Result<usize> {
    let mut wrong = Vec::new();
    let unable = unable(desk, None).await?;
    let released = release_all(desk, unable, &mut wrong).await?;
    desk.conditions.found(Part::GivenBack, &wrong, desk.now());
    Ok(released)
}

/// The same of one person, at once; what fails is the clock's to report.
///
/// # Errors
/// As [`give_back`].
pub(crate) async fn give_back_of(desk: &Desk, person: PersonId) -> Result<usize> {
    let unable = unable(desk, Some(person)).await?;
    release_all(desk, unable, &mut Vec::new()).await
}

async fn release_all(
    desk: &Desk,
    unable: Vec<Unable>,
    wrong: &mut Vec<(String, String)>,
) -> Result<usize> {
    let mut released = 0;
    for one in unable {
        let (person, seat) = (one.person, one.seat);
        let organisation = match &one.why {
            Why::Conflict { key, .. } => Some(key.as_str()),
            Why::Gone | Why::Away(_) => None,
        };
        for case in held(desk, person, seat, organisation, wrong).await? {
            let envelope = Envelope {
                case: case.number,
                seen: Some(Seen::version(case.version)),
            };
            let release = Release {
                seat,
                seen: Some(PersonId(person)),
                note: one.why.note(),
                away: match &one.why {
                    Why::Away(absence) => Some(absence.until()),
                    Why::Gone | Why::Conflict { .. } => None,
                },
            };
            match run(desk, None, &envelope, &release).await {
                Ok(_) => released += 1,
                // Someone else has moved the case meanwhile.
                Err(Error::Conflict { .. } | Error::Refused(_)) => {}
                Err(error) => {
                    let number = case.number.to_string();
                    tracing::warn!(number, %error, "a seat could not be given back");
                    wrong.push((number, "was not given back".to_owned()));
                }
            }
        }
    }
    Ok(released)
}

/// Everyone who holds a seat of an open case and cannot work in it; or this person alone.
async fn unable(desk: &Desk, of: Option<PersonId>) -> Result<Vec<Unable>> {
    let mut found = in_conflict(desk, of).await?;
    let gone = gone(desk.database.read(), desk.now().date()).await?;
    for seat in Seat::ALL {
        let holders = cases::Entity::find()
            .select_only()
            .column(column(*seat))
            .filter(open(*seat))
            .into_query();
        let people = people::Entity::find()
            .filter(people::Column::Id.in_subquery(holders))
            .filter(of.map_or_else(Condition::all, |person| {
                Condition::all().add(people::Column::Id.eq(person.0))
            }))
            .all(desk.database.read())
            .await?;
        found.extend(people.iter().filter_map(|person| {
            let why = match gone.get(&person.id) {
                Some(absence) => Why::Away(absence.clone()),
                None if can_hold(person, *seat) => return None,
                None => Why::Gone,
            };
            Some(Unable {
                person: person.id,
                seat: *seat,
                why,
            })
        }));
    }
    Ok(found)
}

/// Everyone who holds a seat in a case of an organisation with which they have declared a conflict of
/// interest; or this person alone.
async fn in_conflict(desk: &Desk, of: Option<PersonId>) -> Result<Vec<Unable>> {
    let read = desk.database.read();
    let mut found = Vec::new();
    for seat in Seat::ALL {
        let query = seats_in_conflict(column(*seat), of)
            .cond_where(open(*seat))
            .to_owned();
        let statement = StatementBuilder::build(&query, &read.get_database_backend());
        let rows = InConflict::find_by_statement(statement).all(read).await?;
        found.extend(rows.into_iter().map(|row| Unable {
            person: row.person_id,
            seat: *seat,
            why: Why::Conflict {
                organisation: row.organisation,
                key: row.organisation_key,
            },
        }));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct InConflict {
    person_id: Uuid,
    organisation: String,
    organisation_key: String,
}

/// The open cases in which something is left to do in a seat that this person holds.
///
/// # Errors
/// When the cases cannot be read.
pub(crate) async fn holds_work(desk: &Desk, person: PersonId) -> Result<Vec<CaseNumber>> {
    let mut unreadable = Vec::new();
    let mut found = BTreeSet::new();
    for seat in Seat::ALL {
        let cases = held(desk, person.0, *seat, None, &mut unreadable).await?;
        found.extend(cases.into_iter().map(|case| case.number));
    }
    Ok(found.into_iter().collect())
}

/// The cases in which this person holds this seat and something is left to do in it: a track that
/// has been passed asks for nobody any more. Of one organisation's apps, by its folded name, where
/// that is said.
async fn held(
    desk: &Desk,
    person: Uuid,
    seat: Seat,
    organisation: Option<&str>,
    wrong: &mut Vec<(String, String)>,
) -> Result<Vec<Case>> {
    let rows: Vec<(i32, String)> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Number, cases::Column::Document])
        .filter(open(seat))
        .filter(column(seat).eq(person))
        .filter(organisation.map_or_else(Condition::all, |key| {
            let apps = apps::Entity::find()
                .select_only()
                .column(apps::Column::Id)
                .filter(apps::Column::OrganisationKey.eq(key));
            Condition::all().add(cases::Column::AppId.in_subquery(apps.into_query()))
        }))
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let mut held = Vec::new();
    for (number, document) in rows {
        match rows::json::<Case>(&document, "cases", number, "document") {
            Ok(case) if has_work(&case, seat) => held.push(case),
            Ok(_) => {}
            Err(error) => wrong.push((format!("UD-{number}"), error.to_string())),
        }
    }
    Ok(held)
}

fn has_work(case: &Case, seat: Seat) -> bool {
    let list = match seat {
        Seat::Case => return true,
        Seat::Commercial => ListKind::Commercial,
        Seat::Technical => ListKind::Technical,
    };
    case.sheet(list).is_none_or(|sheet| sheet.passed.is_none())
}

fn open(seat: Seat) -> Condition {
    Condition::all()
        .add(cases::Column::Side.ne(Side::Nobody.word()))
        .add(column(seat).is_not_null())
}
