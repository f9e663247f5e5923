//! From the events of a step to the letters in the outbox.

use super::{Audience, Scene};
use crate::{
    Result, Step, Taking,
    commands::Work,
    entities::people,
    post::{self, About, Addressee, Letter, LetterKind},
    relations::AppPeople,
    roles_from_words,
    store::Stored,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{Case, PersonId, Recorded, Refusal, Role};

/// Writes the letters that follow from `events` into the outbox, and answers which; `case` is the case
/// after them, `work` the step before.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn post(work: &Work<'_>, case: &Case, events: &[Recorded]) -> Result<Vec<Uuid>> {
    let scene = scene(work, &work.stored, case);
    let letters = events.iter().flat_map(|event| scene.letters(event));
    // Who gets many cases in one run has one letter at its end.
    let is_of_run = matches!(work.desk.takes(), Taking::OfRun(_));
    let letters = letters.filter(|(_, letter)| !is_of_run || letter.kind != LetterKind::Assigned);
    send(work, &work.stored, case, letters.collect()).await
}

/// Writes a letter about what was done beside a case.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn post_beside(
    step: &Step<'_>,
    stored: &Stored,
    write: impl FnOnce(&Scene<'_>) -> (Audience, Letter),
) -> Result<()> {
    let letter = write(&scene(step, stored, &stored.case));
    send(step, stored, &stored.case, vec![letter]).await?;
    Ok(())
}

/// Writes the letter that reminds the developers of a case of their turn.
///
/// # Errors
/// [`Refusal::NotDevelopersTurn`]; when the database does not answer.
pub(crate) async fn remind(step: &Step<'_>, stored: &Stored) -> Result<()> {
    let due = stored.case.state.developer_due();
    let overdue = due.is_some_and(|due| due < step.now);
    let letter = scene(step, stored, &stored.case).reminder(overdue);
    let letter = letter.ok_or(Refusal::NotDevelopersTurn)?;
    send(step, stored, &stored.case, vec![letter]).await?;
    Ok(())
}

fn scene<'a>(step: &'a Step<'_>, stored: &'a Stored, after: &'a Case) -> Scene<'a> {
    Scene {
        base_url: &step.desk.base_url,
        known: &step.known,
        app_name: &stored.app.name,
        organisation: &stored.app.organisation,
        actor: step.by.caller().map(|person| person.name.as_str()),
        before: &stored.case,
        after,
    }
}

async fn send(
    step: &Step<'_>,
    stored: &Stored,
    case: &Case,
    letters: Vec<(Audience, Letter)>,
) -> Result<Vec<Uuid>> {
    if letters.is_empty() {
        return Ok(Vec::new());
    }
    let readers = Readers::of(step.transaction(), case, &stored.people, &letters).await?;
    let mut addressed = Vec::new();
    let mut told = BTreeSet::new();
    for (audience, letter) in letters {
        for person in readers.of_audience(&audience) {
            // Two events of one step tell a person the same thing once.
            if told.insert((letter.kind, person.id)) {
                addressed.push((Addressee::from(person), letter.clone()));
            }
        }
    }
    let about = About::Case(case.id.0);
    let posted = post::put(step.transaction(), step.desk, about, &addressed).await?;
    step.has_letters();
    Ok(posted)
}

/// Everyone who may get one of some letters.
struct Readers<'a> {
    case: &'a Case,
    app: &'a AppPeople,
    people: Vec<people::Model>,
}

impl<'a> Readers<'a> {
    /// Loads them in one query, without those whose account is closed.
    async fn of(
        connection: &impl ConnectionTrait,
        case: &'a Case,
        app: &'a AppPeople,
        letters: &[(Audience, Letter)],
    ) -> Result<Self> {
        let mut ids: BTreeSet<Uuid> = BTreeSet::new();
        let mut roles = BTreeSet::new();
        for (audience, _) in letters {
            match audience {
                Audience::Members | Audience::Signatories => {
                    ids.extend(app.members().map(|member| member.person_id));
                }
                Audience::People(people) => ids.extend(people.iter().map(|person| person.0)),
                Audience::Leads => _ = roles.insert(Role::Lead),
                Audience::Approvers => _ = roles.insert(Role::Approver),
            }
        }
        let mut wanted = Condition::any().add(people::Column::Id.is_in(ids));
        for role in roles {
            wanted = wanted.add(people::Column::Roles.contains(role.word()));
        }
        let people = people::Entity::find()
            .filter(post::held::reachable())
            .filter(wanted)
            .all(connection)
            .await?;
        Ok(Self { case, app, people })
    }

    fn of_audience(&self, audience: &Audience) -> Vec<&people::Model> {
        let member = |id: Uuid| self.app.member(PersonId(id));
        // Where nobody who may sign can be reached now, every owner is told.
        let some_signatory = self.people.iter().any(|person| {
            person.disabled_at.is_none() && member(person.id).is_some_and(|m| m.owner && m.may_sign)
        });
        // What is told of a role is told to those who can act in it.
        let able = |person: &people::Model, role| {
            person.disabled_at.is_none()
                && roles_from_words(&person.roles).contains(&role)
                && !self.app.is_conflicted(PersonId(person.id))
        };
        self.people
            .iter()
            .filter(|person| match audience {
                Audience::Members => member(person.id).is_some(),
                Audience::Signatories => {
                    member(person.id).is_some_and(|m| m.owner && (m.may_sign || !some_signatory))
                }
                Audience::People(people) => people.contains(&PersonId(person.id)),
                Audience::Leads => able(person, Role::Lead),
                Audience::Approvers => {
                    able(person, Role::Approver)
                        && !self.case.reviewers.contains(&PersonId(person.id))
                }
            })
            .collect()
    }
}
