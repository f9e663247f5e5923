//! Letters about requests, to both sides. None of them holds what only our side reads.

use super::{
    commands::Said,
    store::{Stored, reads_inside},
};
use crate::{
    Result, Step,
    entities::people,
    post::{self, About, Addressee, Button, Letter, LetterKind, Quote},
    roles_from_words,
    words::{day, one_line},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use workflow::{
    PersonId, Role,
    support::{ActionKind, RequestNumber, may_reopen_until},
};

/// What differs between two letters.
struct Says {
    kind: LetterKind,
    subject: String,
    happened: String,
    next: String,
    quote: Option<String>,
}

/// To the developer: the request is here.
pub(super) async fn received(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let number = stored.request.number;
    let next = stored.request.due.map_or_else(String::new, |due| {
        format!("We answer by {}. You can add to it on its page.", day(due))
    });
    let says = Says {
        kind: LetterKind::RequestReceived,
        subject: format!("{number}: we have your request"),
        happened: "Your request has reached us.".to_owned(),
        next,
        quote: None,
    };
    to_developer(step, stored, says).await
}

/// To all of support: somebody has to take it.
pub(super) async fn arrived(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let number = stored.request.number;
    let says = Says {
        kind: LetterKind::RequestArrived,
        subject: format!("{number}: a new request"),
        happened: format!(
            "A developer asks about: {}.",
            stored.request.category.label()
        ),
        next: by(stored, "Take it, and answer"),
        quote: None,
    };
    let readers = our_side(step, stored).await?;
    to_us(step, stored, &readers, says).await
}

/// To who answers for it, or to all of support where nobody does: the developer has written.
pub(super) async fn answered(step: &Step<'_>, stored: &Stored, said: &Said) -> Result<()> {
    let number = stored.request.number;
    let says = Says {
        kind: LetterKind::RequestAnswered,
        subject: format!("{number}: the developer has written"),
        happened: with_files("The developer has written on this request.", said),
        next: by(stored, "Answer"),
        quote: said.quote(),
    };
    let mut readers = our_side(step, stored).await?;
    if let Some(holder) = stored.request.assignee
        && readers.iter().any(|person| person.id == holder.0)
    {
        readers.retain(|person| person.id == holder.0);
    }
    to_us(step, stored, &readers, says).await
}

/// To who answers for it from now on.
pub(super) async fn assigned(
    step: &Step<'_>,
    stored: &Stored,
    person: &people::Model,
) -> Result<()> {
    let number = stored.request.number;
    let says = Says {
        kind: LetterKind::RequestAssigned,
        subject: format!("{number} is yours"),
        happened: "A colleague made you responsible for this request.".to_owned(),
        next: by(stored, "Answer"),
        quote: None,
    };
    to_us(step, stored, std::slice::from_ref(person), says).await
}

/// To who wrote an article: a second person did not release it.
pub(super) async fn article_refused(
    step: &Step<'_>,
    stored: &Stored,
    author: Uuid,
    title: &str,
    reason: &str,
) -> Result<()> {
    let number = stored.request.number;
    let title = one_line(title);
    let says = Says {
        kind: LetterKind::ArticleRefused,
        subject: format!("{number}: your article was not released"),
        happened: format!("A colleague did not release “{title}”."),
        next: "Your texts stand in the form for another one.".to_owned(),
        quote: Some(reason.to_owned()),
    };
    let mut readers = our_side(step, stored).await?;
    readers.retain(|person| person.id == author);
    to_us(step, stored, &readers, says).await
}

/// To the developer: we have written, and perhaps solved it.
pub(super) async fn replied(
    step: &Step<'_>,
    stored: &Stored,
    kind: ActionKind,
    said: &Said,
) -> Result<()> {
    let number = stored.request.number;
    let says = match (kind, may_reopen_until(&stored.request)) {
        (ActionKind::Solve, Some(until)) => Says {
            kind: LetterKind::RequestSolved,
            subject: format!("{number}: we think this is solved"),
            happened: with_files(
                "We have answered your request and think that it is solved.",
                said,
            ),
            next: format!("If it is not, reopen it by {}.", day(until)),
            quote: said.quote(),
        },
        _ => Says {
            kind: LetterKind::RequestReplied,
            subject: format!("{number}: we have answered"),
            happened: with_files("We have answered your request.", said),
            next: "It is your turn: answer on its page, or close it if you need nothing more."
                .to_owned(),
            quote: said.quote(),
        },
    };
    to_developer(step, stored, says).await
}

/// To the developer: where it goes on.
pub(super) async fn went_elsewhere(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let number = stored.request.number;
    let says = match (merged_into(stored), &stored.row.moved_to) {
        (Some(into), _) => Says {
            kind: LetterKind::RequestMerged,
            subject: format!("{number} goes on in {into}"),
            happened: format!("You asked the same in {into}; both go on there."),
            next: format!("Answer in {into}. What you wrote in {number} stays there."),
            quote: None,
        },
        (None, place) => Says {
            kind: LetterKind::RequestMoved,
            subject: format!("{number} goes on in another place"),
            happened: "Your request goes on in another place.".to_owned(),
            next: "Its page says where. What was written stays there.".to_owned(),
            quote: place.clone(),
        },
    };
    to_developer(step, stored, says).await
}

/// The request in which this one goes on.
fn merged_into(stored: &Stored) -> Option<RequestNumber> {
    let into = stored.row.merged_into?;
    Some(RequestNumber(into.unsigned_abs()))
}

/// The sentence, and what is attached.
fn with_files(happened: &str, said: &Said) -> String {
    match said.files.as_slice() {
        [] => happened.to_owned(),
        [one] => format!("{happened} Attached: {}.", one_line(one)),
        files => {
            let names: Vec<String> = files.iter().map(|name| one_line(name)).collect();
            format!(
                "{happened} {} files are attached: {}.",
                files.len(),
                names.join(", ")
            )
        }
    }
}

/// `Answer by 4 Dec 2026.`
fn by(stored: &Stored, what: &str) -> String {
    match stored.request.due {
        Some(due) => format!("{what} by {}.", day(due)),
        None => format!("{what}."),
    }
}

/// Everybody of ours who may work on the request.
async fn our_side(step: &Step<'_>, stored: &Stored) -> Result<Vec<people::Model>> {
    let found = people::Entity::find()
        .filter(people::Column::Roles.contains(Role::Support.word()))
        .filter(people::Column::DisabledAt.is_null())
        .all(step.transaction())
        .await?;
    Ok(found
        .into_iter()
        .filter(|person| {
            let roles = roles_from_words(&person.roles);
            roles.contains(&Role::Support)
                && reads_inside(&step.policy, stored, PersonId(person.id), &roles)
        })
        .collect())
}

async fn to_developer(step: &Step<'_>, stored: &Stored, says: Says) -> Result<()> {
    let person = people::Entity::find_by_id(stored.row.opener_id)
        .one(step.transaction())
        .await?
        .filter(|person| person.closed_at.is_none());
    let Some(person) = person else {
        return Ok(());
    };
    let because = "You get this because you opened this request.";
    put(step, stored, std::slice::from_ref(&person), says, because).await
}

async fn to_us(
    step: &Step<'_>,
    stored: &Stored,
    readers: &[people::Model],
    says: Says,
) -> Result<()> {
    let because = "You get this because you work in support.";
    put(step, stored, readers, says, because).await
}

async fn put(
    step: &Step<'_>,
    stored: &Stored,
    readers: &[people::Model],
    says: Says,
    because: &str,
) -> Result<()> {
    // The reader's own request, which may lead to another with a subject of its own.
    let into = merged_into(stored);
    let number = stored.request.number;
    let mut link = step.desk.base_url.clone();
    link.set_path(&format!("/support/{}", into.unwrap_or(number)));
    let subject = one_line(&stored.row.subject);
    let mut facts = vec![
        ("Request", number.to_string()),
        ("Subject", subject.clone()),
    ];
    facts.extend(into.map(|into| ("Goes on in", into.to_string())));
    let letter = Letter {
        kind: says.kind,
        link_hash: None,
        subject: says.subject,
        happened: says.happened,
        next: says.next,
        quotes: says
            .quote
            .map(|text| Quote {
                about: subject,
                text,
            })
            .into_iter()
            .collect(),
        button: Button {
            label: into.map_or("See the request", |_| "See where it goes on"),
            link,
        },
        facts,
        because: because.to_owned(),
    };
    let letters: Vec<(Addressee, Letter)> = readers
        .iter()
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    let about = About::Support(stored.row.id);
    post::put(step.transaction(), step.desk, about, &letters).await?;
    step.has_letters();
    Ok(())
}
