//! Letters about living approvals: to the members of the app, to the commercial reviewer, to those
//! who decide about access.

use super::{commercial_of, is_ours, pages::label};
use crate::{
    Result, Step,
    apps::letters::plain,
    entities::{page_changes, people, watched_pages},
    post::{self, About, Addressee, Button, Letter, LetterKind, Quote},
    roles_from_words,
    store::Stored,
    words::{day, every_months},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use url::Url;
use uuid::Uuid;
use workflow::{Role, Settings, Timestamp, living::Stage};

/// What is written, and about what.
pub(super) enum Told<'a> {
    /// To the commercial reviewer.
    Changed {
        change: Uuid,
        page: &'a watched_pages::Model,
    },
    /// To the members.
    Questioned {
        change: Uuid,
        page: &'a watched_pages::Model,
        note: &'a str,
    },
    /// To whoever asked.
    Answered {
        change: &'a page_changes::Model,
        page: &'a watched_pages::Model,
        answer: &'a str,
    },
    /// To the members: what was asked is of no concern any more.
    Settled {
        change: Uuid,
        page: &'a watched_pages::Model,
    },
    /// To the members.
    Unreachable {
        page: &'a watched_pages::Model,
        since: Timestamp,
    },
    /// To the owners; to leads and approvers once it is missing.
    Attestation { stage: Stage, due: Timestamp },
}

/// Writes a letter of a step to those whom it concerns; answers to whom.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn post(step: &Step<'_>, stored: &Stored, told: &Told<'_>) -> Result<Vec<Uuid>> {
    let letter = letter(&step.desk.base_url, &step.known.settings, stored, told);
    let about = match told {
        Told::Changed { change, .. }
        | Told::Questioned { change, .. }
        | Told::Settled { change, .. } => *change,
        Told::Answered { change, .. } => change.id,
        Told::Unreachable { page, .. } => page.id,
        Told::Attestation { .. } => stored.app.id,
    };
    let readers = readers(step, stored, told).await?;
    let addressed: Vec<(Addressee, Letter)> = readers
        .iter()
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    if addressed.is_empty() {
        return Ok(Vec::new());
    }
    let case = stored.row.id;
    let about = About::Approval { case, about };
    post::put(step.transaction(), step.desk, about, &addressed).await?;
    step.has_letters();
    Ok(readers.iter().map(|person| person.id).collect())
}

async fn readers(step: &Step<'_>, stored: &Stored, told: &Told<'_>) -> Result<Vec<people::Model>> {
    let mut ids: Vec<Uuid> = Vec::new();
    let mut roles: Vec<Role> = Vec::new();
    match told {
        Told::Changed { .. } | Told::Answered { .. } => roles.push(Role::CommercialReviewer),
        Told::Attestation {
            stage: Stage::Missing,
            ..
        } => roles.extend([Role::Lead, Role::Approver]),
        Told::Attestation { .. } => {
            let owners = stored.people.members().filter(|member| member.owner);
            ids.extend(owners.map(|member| member.person_id));
        }
        Told::Questioned { .. } | Told::Settled { .. } | Told::Unreachable { .. } => {
            ids.extend(stored.people.members().map(|member| member.person_id));
        }
    }
    let of_role = roles.iter().fold(Condition::any(), |any, role| {
        any.add(people::Column::Roles.contains(role.word()))
    });
    let wanted = of_role.add(people::Column::Id.is_in(ids.iter().copied()));
    let found = people::Entity::find()
        .filter(post::held::reachable())
        .filter(wanted)
        .all(step.transaction())
        .await?;
    let fits = |person: &people::Model| {
        ids.contains(&person.id)
            || (person.disabled_at.is_none()
                && is_ours(&stored.people, person.id)
                && roles_from_words(&person.roles)
                    .iter()
                    .any(|role| roles.contains(role)))
    };
    let mut found: Vec<people::Model> = found.into_iter().filter(fits).collect();
    // Where no owner can be reached now, the other members of the app are told.
    if matches!(told, Told::Attestation { stage, .. } if *stage != Stage::Missing)
        && found.iter().all(|person| person.disabled_at.is_some())
    {
        let members = stored.people.members().map(|member| member.person_id);
        let others = people::Entity::find()
            .filter(people::Column::DisabledAt.is_null())
            .filter(people::Column::Id.is_in(members))
            .all(step.transaction())
            .await?;
        found.extend(others);
    }
    // The one who knows the case, where that one still can.
    let known = match told {
        Told::Changed { .. } => commercial_of(stored).map(|person| person.0),
        Told::Answered { change, .. } => change.closed_by,
        _ => None,
    };
    if let Some(known) = known
        && found.iter().any(|person| person.id == known)
    {
        found.retain(|person| person.id == known);
    }
    Ok(found)
}

fn letter(base_url: &Url, settings: &Settings, stored: &Stored, told: &Told<'_>) -> Letter {
    let app = plain(&stored.app.name);
    let number = stored.case.number;
    let mut facts = vec![
        ("App", app.clone()),
        ("Organisation", plain(&stored.app.organisation)),
        ("Application", number.to_string()),
    ];
    let button = |label, path: String| Button {
        label,
        link: base_url.join(&path).unwrap_or_else(|_| base_url.clone()),
    };
    let app_page = |label| button(label, format!("/apps/{}", stored.app.id));
    let to_member = format!("You get this because you are a member of {app}.");
    let plain_letter =
        |kind, subject: String, happened: String, next: String, button, because| Letter {
            kind,
            link_hash: None,
            subject: format!("{app}: {subject}"),
            happened,
            next,
            quotes: Vec::new(),
            button,
            facts: Vec::new(),
            because,
        };
    let mut letter = match told {
        Told::Changed { change, page } => plain_letter(
            LetterKind::PageChanged,
            format!("the {} has changed", name(page)),
            format!(
                "The {} of {app} no longer says what was approved.",
                name(page)
            ),
            "Compare the two texts, and say whether it is of concern.".to_owned(),
            button("Compare the texts", format!("/changes/{change}")),
            "You get this because you look after the commercial side of the case.".to_owned(),
        ),
        Told::Questioned { page, note, .. } => Letter {
            quotes: vec![Quote {
                about: label(&page.field).to_owned(),
                text: (*note).to_owned(),
            }],
            ..plain_letter(
                LetterKind::PageQuestioned,
                format!("we have a question about the {}", name(page)),
                format!(
                    "The {} of {app} has changed since we approved it.",
                    name(page)
                ),
                "Read what we ask, and put the page right, or answer on the page of the app."
                    .to_owned(),
                app_page("See the app"),
                to_member,
            )
        },
        Told::Answered {
            change,
            page,
            answer,
        } => Letter {
            quotes: vec![Quote {
                about: label(&page.field).to_owned(),
                text: (*answer).to_owned(),
            }],
            ..plain_letter(
                LetterKind::PageAnswered,
                format!("your question about the {} is answered", name(page)),
                format!("The developer of {app} has answered."),
                "Read it beside the two texts.".to_owned(),
                button("See the change", format!("/changes/{}", change.id)),
                "You get this because you look after the commercial side of the case.".to_owned(),
            )
        },
        Told::Settled { page, .. } => plain_letter(
            LetterKind::PageSettled,
            format!("what we asked about the {} is settled", name(page)),
            format!(
                "We have looked at the {} of {app} with your answer, and have no concern.",
                name(page)
            ),
            "Nothing more is needed. Question and answer stay on the page of the app.".to_owned(),
            app_page("See the app"),
            to_member,
        ),
        Told::Unreachable { page, since } => {
            facts.push(("Since", day(*since)));
            plain_letter(
                LetterKind::PageUnreachable,
                format!("we cannot read the {}", name(page)),
                format!("We have not been able to read the {} of {app} since {}: {}", name(page), day(*since), page.failure),
                "See to it that the page can be read by everybody without a sign-in; we try again every day.".to_owned(),
                app_page("See the app"),
                to_member,
            )
        }
        Told::Attestation { stage, due } => {
            facts.push(("By", day(*due)));
            let months = settings.attestation_months;
            attestation(&plain_letter, &app, months, *stage, *due, stored, &button)
        }
    };
    if let Told::Changed { page, .. }
    | Told::Questioned { page, .. }
    | Told::Settled { page, .. }
    | Told::Unreachable { page, .. } = told
    {
        facts.push(("Page", page.address.clone()));
    }
    letter.facts = facts;
    letter
}

/// The words of a letter about an attestation.
fn attestation(
    plain_letter: &impl Fn(LetterKind, String, String, String, Button, String) -> Letter,
    app: &str,
    months: u16,
    stage: Stage,
    due: Timestamp,
    stored: &Stored,
    button: &impl Fn(&'static str, String) -> Button,
) -> Letter {
    let by = day(due);
    let subject = |what: &str| format!("the attestation {what}");
    let to_owner = format!("You get this because you are an owner of {app}.");
    let give = button(
        "Give the attestation",
        format!("/apps/{}#attestation", stored.app.id),
    );
    let what =
        format!("that the contacts of {app} are right and that it uses the data as approved");
    let (kind, subject, happened, next) = match stage {
        Stage::NotYet | Stage::Soon => (
            LetterKind::AttestationSoon,
            subject(&format!("is due {by}")),
            format!("{} we ask you to attest {what}.", every_months(months)),
            format!("Give the attestation by {by}."),
        ),
        Stage::Today => (
            LetterKind::AttestationToday,
            subject("is due today"),
            format!("The attestation {what} is due today."),
            "Give it today.".to_owned(),
        ),
        Stage::Overdue => (
            LetterKind::AttestationOverdue,
            subject("is overdue"),
            format!("The attestation {what} was due {by} and has not been given."),
            "Give it now; otherwise those who decide about the app's access are told.".to_owned(),
        ),
        Stage::Missing => {
            return plain_letter(
                LetterKind::AttestationMissing,
                subject("is missing"),
                format!("The owners of {app} have not attested by {by}, nor within the grace."),
                "Decide whether the access can stay as it is. Nothing is suspended by itself."
                    .to_owned(),
                button("Open the case", format!("/cases/{}", stored.case.number)),
                "You get this because you lead or decide about access.".to_owned(),
            );
        }
    };
    plain_letter(kind, subject, happened, next, give, to_owner)
}

/// As it is called within a sentence.
fn name(page: &watched_pages::Model) -> String {
    label(&page.field).to_lowercase()
}
