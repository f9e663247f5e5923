//! The clock gives back what a person holds who has no account any more, no longer the role that
//! the seat asks for, or is away, so that no case waits for somebody who cannot take it up.

use super::{Envelope, Release, run};
use crate::cases::load::seat_column as column;
use crate::{
    Desk, Error, Part, Result,
    accounts::{Absence, absences::gone},
    entities::{cases, people},
    roles_from_words, rows,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
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
    /// Where that is why.
    absence: Option<Absence>,
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
    let unable = unable(desk, Condition::all()).await?;
    let released = release_all(desk, unable, &mut wrong).await?;
    desk.conditions.found(Part::GivenBack, &wrong, desk.now());
    Ok(released)
}

/// The same of one person, at once; what fails is the clock's to report.
///
/// # Errors
/// As [`give_back`].
pub(crate) async fn give_back_of(desk: &Desk, person: PersonId) -> Result<usize> {
    let of = Condition::all().add(people::Column::Id.eq(person.0));
    let unable = unable(desk, of).await?;
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
        for case in held(desk, person, seat, wrong).await? {
            let envelope = Envelope {
                case: case.number,
                seen: Some(Seen::version(case.version)),
            };
            let release = Release {
                seat,
                seen: Some(PersonId(person)),
                note: one
                    .absence
                    .as_ref()
                    .map_or_else(String::new, |absence| absence.note.clone()),
                away: one.absence.as_ref().map(Absence::until),
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

/// Everyone of these who holds a seat of an open case and cannot work in it.
async fn unable(desk: &Desk, of: Condition) -> Result<Vec<Unable>> {
    let mut found = Vec::new();
    let gone = gone(desk.database.read(), desk.now().date()).await?;
    for seat in Seat::ALL {
        let holders = cases::Entity::find()
            .select_only()
            .column(column(*seat))
            .filter(open(*seat))
            .into_query();
        let people = people::Entity::find()
            .filter(people::Column::Id.in_subquery(holders))
            .filter(of.clone())
            .all(desk.database.read())
            .await?;
        found.extend(people.iter().filter_map(|person| {
            let absence = gone.get(&person.id).cloned();
            (absence.is_some() || !can_hold(person, *seat)).then_some(Unable {
                person: person.id,
                seat: *seat,
                absence,
            })
        }));
    }
    Ok(found)
}

/// The open cases in which something is left to do in a seat that this person holds.
///
/// # Errors
/// When the cases cannot be read.
pub(crate) async fn holds_work(desk: &Desk, person: PersonId) -> Result<Vec<CaseNumber>> {
    let mut unreadable = Vec::new();
    let mut found = BTreeSet::new();
    for seat in Seat::ALL {
        let cases = held(desk, person.0, *seat, &mut unreadable).await?;
        found.extend(cases.into_iter().map(|case| case.number));
    }
    Ok(found.into_iter().collect())
}

/// The cases in which this person holds this seat and something is left to do in it: a track that
/// has been passed asks for nobody any more.
async fn held(
    desk: &Desk,
    person: Uuid,
    seat: Seat,
    wrong: &mut Vec<(String, String)>,
) -> Result<Vec<Case>> {
    let rows: Vec<(i32, String)> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Number, cases::Column::Document])
        .filter(open(seat))
        .filter(column(seat).eq(person))
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
