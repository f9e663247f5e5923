//! The clock gives back what a person holds who has no account any more, or no longer the role that
//! the seat asks for, so that no case waits for somebody who cannot take it up.

use super::{Envelope, Release, run};
use crate::{
    Desk, Error, Part, Result,
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

/// The column of a seat's holder.
const fn column(seat: Seat) -> cases::Column {
    match seat {
        Seat::Case => cases::Column::AssigneeId,
        Seat::Commercial => cases::Column::CommercialId,
        Seat::Technical => cases::Column::TechnicalId,
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
    let mut released = 0;
    let mut wrong = Vec::new();
    for (person, seat) in unable(desk).await? {
        for case in held(desk, person, seat, &mut wrong).await? {
            let envelope = Envelope {
                case: case.number,
                seen: Some(Seen::version(case.version)),
            };
            let release = Release {
                seat,
                seen: Some(PersonId(person)),
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
    desk.conditions.found(Part::GivenBack, &wrong, desk.now());
    Ok(released)
}

/// Everyone who holds a seat of an open case and cannot work in it.
async fn unable(desk: &Desk) -> Result<Vec<(Uuid, Seat)>> {
    let mut found = Vec::new();
    for seat in Seat::ALL {
        let holders = cases::Entity::find()
            .select_only()
            .column(column(*seat))
            .filter(open(*seat))
            .into_query();
        let people = people::Entity::find()
            .filter(people::Column::Id.in_subquery(holders))
            .all(desk.database.read())
            .await?;
        let unable = people.iter().filter(|person| !can_hold(person, *seat));
        found.extend(unable.map(|person| (person.id, *seat)));
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
