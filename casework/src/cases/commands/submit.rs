//! Submit: the draft is validated, frozen and hashed.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{
    Caller, Desk, Error, Result,
    input::input,
    store::{Draft, Snapshot, draft, submission},
};
use async_trait::async_trait;
use workflow::{
    Action, ActionKind, Case,
    event::Submission,
    form::{Answers, FieldKind, Form, Problem},
    relied::Places,
};

input! {
    /// What the person who submits attests.
    pub struct SubmitInput for "submit" OnCase {
        typed contacts_confirmed: bool = "The contacts above are up to date.";
        typed accuracy_attested: bool = "All of this is accurate, and I may submit it for the organisation.";
    }
}

/// The two boxes on the page where the answers are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attested {
    pub contacts_confirmed: bool,
    pub accuracy_attested: bool,
}

struct Submit {
    attested: Attested,
    links: Vec<Problem>,
}

#[async_trait]
impl CaseCommand for Submit {
    fn kind(&self) -> ActionKind {
        ActionKind::Submit
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let case = work.case();
        let form = form_of(&work.known, case)?;
        let files = submission::files(work.transaction(), case.id.0).await?;
        let mut answers = draft(work.transaction(), case.id.0)
            .await?
            .map(|Draft { body, .. }| body.answers)
            .unwrap_or_default();
        answers.retain(|key, text| {
            !text.is_empty()
                && form.field(key).is_some_and(|field| {
                    !field.full_only || case.level > workflow::state::AccessLevel::Limited
                })
        });
        let snapshot = Snapshot {
            form_version: form.version,
            level: case.level,
            answers,
            attachments: submission::frozen(&files),
        };
        let mut problems = form.problems(case.level, &snapshot.answers, &snapshot.files());
        problems.extend(form.days_over(case.level, &snapshot.answers, work.now.date()));
        for link in &self.links {
            if !problems.iter().any(|problem| problem.field == link.field) {
                problems.push(link.clone());
            }
        }
        let submission = if problems.is_empty() {
            submission::freeze(work, &snapshot).await?
        } else {
            // Never recorded: the decision refuses a form with problems.
            Submission {
                revision: 0,
                sha256: String::new(),
                places: Places::new(),
            }
        };
        Ok(Action::Submit {
            submission,
            problems,
            contacts_confirmed: self.attested.contacts_confirmed,
            accuracy_attested: self.attested.accuracy_attested,
        })
    }
}

/// Submits the draft as it stands.
///
/// # Errors
/// See [`run`]; everything wrong with the form at once, field by field, unreachable addresses
/// included.
pub async fn submit(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    attested: Attested,
) -> Result<Done> {
    let case = super::allowed(desk, caller, envelope.case, ActionKind::Submit).await;
    let links = match case {
        Ok(stored) => {
            let known = desk.reference.known();
            let form = form_of(&known, &stored.case)?;
            let answers = draft(desk.database.read(), stored.case.id.0)
                .await?
                .map(|Draft { body, .. }| body.answers)
                .unwrap_or_default();
            link_problems(desk, form, &answers).await
        }
        // The same refusal comes out of `run`, unless this form was carried out before.
        Err(_) => Vec::new(),
    };
    run(desk, Some(caller), envelope, &Submit { attested, links }).await
}

/// The version of the form that a case began with.
pub(crate) fn form_of<'a>(known: &'a crate::reference::Known, case: &Case) -> Result<&'a Form> {
    known
        .forms
        .get(&case.form_version)
        .ok_or_else(|| Error::unavailable("the case's version of the form is missing"))
}

/// What is wrong with the web addresses among `answers`, each of which is visited now.
pub(super) async fn link_problems(desk: &Desk, form: &Form, answers: &Answers) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in form.sections.iter().flat_map(|section| &section.fields) {
        let Some(address) = answers.get(&field.key).map(|text| text.trim()) else {
            continue;
        };
        if field.kind != FieldKind::Url || address.is_empty() {
            continue;
        }
        // Its looks are wrong already, and said so elsewhere.
        if field.problem(address, &Default::default()).is_some() {
            continue;
        }
        if let Some(fault) = desk.links.problem(address).await {
            problems.push(Problem {
                field: field.key.clone(),
                text: format!("{}: {fault}", field.label),
            });
        }
    }
    problems
}
