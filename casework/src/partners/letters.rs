//! Letters about partnerships: to partner managers, to approvers, to the members of the app.

use crate::{
    Result, Step,
    apps::letters::plain,
    entities::{apps, partnerships, people},
    post::{self, About, Addressee, Button, Letter, LetterKind, Quote},
    relations::AppPeople,
    roles_from_words,
    words::day,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use url::Url;
use workflow::{PersonId, Role, Timestamp, partners::Decision};

/// What is written.
pub(super) enum Told {
    /// To partner managers.
    Applied,
    /// To approvers who did not propose.
    Proposed(Decision),
    /// To the members.
    Approved,
    Declined {
        reason: String,
    },
    Warned,
    Rests,
    Ended,
    Restored,
}

/// Writes a letter of a step to those whom it concerns, with what is missing and the day on which
/// the partnership comes to rest or ends; answers how many were written.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn post(
    step: &Step<'_>,
    app: &apps::Model,
    row: &partnerships::Model,
    told: &Told,
    missing: &[String],
    next: Option<Timestamp>,
) -> Result<usize> {
    let readers = readers(step, app, row, told).await?;
    let letter = letter(&step.desk.base_url, app, told, missing, next);
    let addressed: Vec<(Addressee, Letter)> = readers
        .iter()
        .map(|person| (Addressee::from(person), letter.clone()))
        .collect();
    if addressed.is_empty() {
        return Ok(0);
    }
    let about = About::Approval {
        case: row.case_id,
        about: row.id,
    };
    post::put(step.transaction(), step.desk, about, &addressed).await?;
    step.has_letters();
    Ok(addressed.len())
}

async fn readers(
    step: &Step<'_>,
    app: &apps::Model,
    row: &partnerships::Model,
    told: &Told,
) -> Result<Vec<people::Model>> {
    let role = match told {
        Told::Applied => Some(Role::PartnerManager),
        Told::Proposed(_) => Some(Role::Approver),
        _ => None,
    };
    let of_app = AppPeople::of(step.transaction(), app.id).await?;
    let members = of_app.members().map(|member| member.person_id);
    let wanted = match role {
        Some(role) => Condition::all().add(people::Column::Roles.contains(role.word())),
        None => Condition::all().add(people::Column::Id.is_in(members)),
    };
    let found = people::Entity::find()
        .filter(wanted)
        .filter(post::held::reachable())
        .all(step.transaction())
        .await?;
    let fits = |person: &people::Model| match role {
        None => true,
        Some(role) => {
            person.disabled_at.is_none()
                && roles_from_words(&person.roles).contains(&role)
                && row.proposed_by != Some(person.id)
                && !of_app.is_conflicted(PersonId(person.id))
        }
    };
    Ok(found.into_iter().filter(fits).collect())
}

fn letter(
    base_url: &Url,
    app: &apps::Model,
    told: &Told,
    missing: &[String],
    next: Option<Timestamp>,
) -> Letter {
    let name = plain(&app.name);
    let mut link = base_url.clone();
    link.set_path(&format!("/partners/{}", app.id));
    let by = next.map_or_else(String::new, day);
    let words = words(&name, told, &by);
    let mut quotes = Vec::new();
    let mut quote = |about: &str, text: String| {
        quotes.push(Quote {
            about: about.to_owned(),
            text,
        });
    };
    if let Told::Declined { reason } = told {
        quote("Why", reason.clone());
    } else if !missing.is_empty() {
        quote("What is missing", missing.join("\n"));
    }
    Letter {
        kind: words.kind,
        link_hash: None,
        subject: format!("{name}: {}", words.subject),
        happened: words.happened,
        next: words.next,
        quotes,
        button: Button {
            label: words.button,
            link,
        },
        facts: vec![
            ("App", name.clone()),
            ("Organisation", plain(&app.organisation)),
        ],
        because: words.because,
    }
}

struct Words {
    kind: LetterKind,
    subject: &'static str,
    happened: String,
    next: String,
    button: &'static str,
    because: String,
}

fn words(name: &str, told: &Told, by: &str) -> Words {
    let to_members = |kind, subject, happened: String, next: String| Words {
        kind,
        subject,
        happened,
        next,
        button: "See the partnership",
        because: format!("You get this because you are a member of {name}."),
    };
    match told {
        Told::Applied => Words {
            kind: LetterKind::PartnerApplied,
            subject: "an application to be a partner",
            happened: format!("{name} has applied to be a Digital Health Partner."),
            next: "Look at the criteria, and propose what is to be decided.".to_owned(),
            button: "See the application",
            because: "You get this because you look after partners.".to_owned(),
        },
        Told::Proposed(decision) => Words {
            kind: LetterKind::PartnerProposed,
            subject: "a partnership is to be decided",
            happened: match decision {
                Decision::Approved => {
                    format!("It is proposed that {name} becomes a Digital Health Partner.")
                }
                Decision::Declined => {
                    format!("It is proposed to decline the application of {name}.")
                }
            },
            next: "Read the record and decide.".to_owned(),
            button: "Read the record",
            because: "You get this because you decide about partners.".to_owned(),
        },
        Told::Approved => to_members(
            LetterKind::PartnerApproved,
            "the app is a Digital Health Partner",
            format!("{name} is a Digital Health Partner from today on."),
            "Keep the three criteria met; we write to you when one of them is not.".to_owned(),
        ),
        Told::Declined { .. } => to_members(
            LetterKind::PartnerDeclined,
            "the application to be a partner was declined",
            format!("{name} does not become a Digital Health Partner for now."),
            "Read why; you can apply again.".to_owned(),
        ),
        Told::Warned => to_members(
            LetterKind::PartnerWarned,
            "a criterion of the partnership is not met",
            format!("{name} does not meet every criterion of a Digital Health Partner any more."),
            format!("Put it right by {by}; otherwise the partnership rests from then on."),
        ),
        Told::Rests => to_members(
            LetterKind::PartnerRests,
            "the partnership rests",
            format!("The partnership of {name} rests: a criterion has not been met in time."),
            format!(
                "It comes back by itself once every criterion is met. Otherwise it ends on {by}."
            ),
        ),
        Told::Ended => to_members(
            LetterKind::PartnerEnded,
            "the partnership has ended",
            format!("{name} is no longer a Digital Health Partner."),
            "Once every criterion is met you can apply again.".to_owned(),
        ),
        Told::Restored => to_members(
            LetterKind::PartnerRestored,
            "the partnership is as it was",
            format!("{name} meets every criterion of a Digital Health Partner again."),
            "Nothing needs doing.".to_owned(),
        ),
    }
}
