//! Keep answers, or responses to points, without sending them: one at a time, by any member of the
//! app. Whoever may send them may keep them. It is no step of the case: nothing of it is on record.

use super::{
    AMEND, Envelope, LONGEST_ANSWER, Work, conflict,
    edit_draft::{cleaned, tab},
    permitted,
    submit::form_of,
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    cases::queries::trail,
    context,
    input::{input, is_as_drawn},
    store::{self, Intent, KeptBy, Stored, submission},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;
use workflow::{
    ActionKind, Actor, AttachmentId, Case, CaseNumber, State, available,
    form::{Answers, Field, FieldKind, Form},
};

input! {
    /// The form with which questions are answered or points corrected, to be sent later. One that
    /// came too late is saved once its owner is back.
    pub struct KeepAnswersInput for "keep_answers" OnCase resumes {
        hidden case: CaseNumber;
        /// What its fields held when the page was drawn, as [`crate::input::drawn`] writes it.
        hidden drawn: String;
        /// Which page it is: its savings follow each other and are no conflict.
        hidden tab: Option<String>;
        /// When it was sent, in milliseconds of the browser's clock; nothing without scripts.
        hidden order: Option<u64>;
        /// A new file that is taken out again once what was typed is kept.
        hidden remove: Option<AttachmentId>;
        /// The word of a place in which a file must have been chosen (`workflow::FilesOf::key`).
        hidden attach: Option<String>;
        keyed answers: Uuid = "Answer or response" after "";
        keyed amended: String = "Changed answer" after "amend." up to LONGEST_ANSWER;
    }
}

/// What was typed, by the names of the form's fields, what these held before, and from which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToKeep {
    pub answers: Answers,
    /// See [`crate::input::drawn`].
    pub drawn: String,
    /// Empty where nothing says it.
    pub tab: String,
    /// Later than every saving of the page before it.
    pub order: Option<u64>,
}

impl ToKeep {
    /// Whether the page itself has saved a field last.
    fn is_own(&self, mark: Option<&KeptBy>) -> bool {
        !self.tab.is_empty() && mark.is_some_and(|mark| mark.tab == tab(&self.tab))
    }
}

impl From<KeepAnswersInput> for ToKeep {
    fn from(input: KeepAnswersInput) -> Self {
        let answers = input.answers.into_iter();
        let amended = input.amended.into_iter();
        Self {
            answers: answers
                .map(|(id, text)| (id.to_string(), text))
                .chain(amended.map(|(key, text)| (format!("{AMEND}{key}"), text)))
                .collect(),
            drawn: input.drawn,
            tab: input.tab.unwrap_or_default(),
            order: input.order,
        }
    }
}

/// Keeps what was typed, whatever its faults. What is as it was handed in is not kept.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who may not know of the case, the refusal of policy or workflow where
/// the answers could not be sent; [`crate::Error::Conflict`] where somebody has kept something else since
/// the page was drawn.
pub async fn keep_answers(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    typed: &ToKeep,
) -> Result<()> {
    let step = Step::begin(desk, By::Person(caller)).await?;
    let connection = step.transaction();
    let stored = Stored::load(connection, envelope.case, Intent::Change).await?;
    let kind = match stored.case.state {
        State::Corrections { .. } => ActionKind::Resubmit,
        _ => ActionKind::AnswerClarification,
    };
    permitted(connection, &step.policy, Some(caller), &stored, kind).await?;
    let known = step.known.clone();
    let context = context(&known, step.now, Actor::Person(caller.person));
    if let Err(refusal) = available(&stored.case, &context, kind) {
        let changed = envelope
            .seen
            .is_some_and(|seen| seen.version != stored.case.version);
        if !changed {
            return Err(refusal.into());
        }
        // Somebody else has sent them meanwhile: who, and when.
        let changes = trail::since(desk, Some(caller), envelope.case, envelope.seen).await?;
        return Err(Error::Conflict { changes });
    }
    let case = &stored.case;
    let fields = Fields::of(connection, case, form_of(&known, case)?).await?;
    let mut kept = store::kept_answers(connection, case.id.0).await?;
    for (name, text) in fields.tidy(&typed.answers) {
        let before = fields.shows(&kept.answers, &name);
        if text == before {
            continue;
        }
        let mark = kept.marks.get(&name);
        if typed.is_own(mark) {
            let is_overtaken = |mark: &KeptBy| typed.order.is_some_and(|order| order <= mark.order);
            if mark.is_some_and(is_overtaken) {
                return Err(conflict());
            }
        } else if !is_as_drawn(&typed.drawn, &name, before) {
            if is_as_drawn(&typed.drawn, &name, &text) {
                continue;
            }
            return Err(conflict());
        }
        match tab(&typed.tab) {
            tab if tab.is_empty() => drop(kept.marks.remove(&name)),
            tab => {
                let order = typed.order.unwrap_or(u64::MAX);
                kept.marks.insert(name.clone(), KeptBy { tab, order });
            }
        }
        if fields.handed_in.get(&name).map_or("", String::as_str) == text {
            kept.answers.remove(&name);
        } else {
            kept.answers.insert(name, text);
        }
    }
    store::keep(connection, case.id.0, &kept, step.now, caller.person.0).await?;
    step.commit().await
}

/// Refuses to send a form over what somebody has kept since it was drawn.
///
/// # Errors
/// [`crate::Error::Conflict`].
pub(super) async fn not_passed_over(work: &Work<'_>, typed: &ToKeep) -> Result<()> {
    let (connection, case) = (work.transaction(), work.case());
    let store::KeptAnswers {
        answers: kept,
        marks,
        ..
    } = store::kept_answers(connection, case.id.0).await?;
    if kept.is_empty() || typed.drawn.is_empty() {
        return Ok(());
    }
    let fields = Fields::of(connection, case, form_of(&work.known, case)?).await?;
    let sent = fields.tidy(&typed.answers);
    let passed_over = kept.iter().any(|(name, text)| {
        fields.has(name)
            && !typed.is_own(marks.get(name))
            && !is_as_drawn(&typed.drawn, name, text)
            && sent.get(name) != Some(text)
    });
    if passed_over { Err(conflict()) } else { Ok(()) }
}

/// What can be kept of a case as it stands.
struct Fields<'a> {
    case: &'a Case,
    form: &'a Form,
    /// What was handed in, by the names under which it can be changed.
    handed_in: Answers,
}

impl<'a> Fields<'a> {
    async fn of(connection: &impl ConnectionTrait, case: &'a Case, form: &'a Form) -> Result<Self> {
        let latest = submission::latest(connection, case.id.0).await?;
        let answers = latest.map(|(_, snapshot)| snapshot.answers);
        let named = |(key, text)| (format!("{AMEND}{key}"), text);
        Ok(Self {
            case,
            form,
            handed_in: answers.into_iter().flatten().map(named).collect(),
        })
    }

    /// The question of the form whose answer a field changes.
    fn amends(&self, name: &str) -> Option<&'a Field> {
        let field = self.form.field(name.strip_prefix(AMEND)?)?;
        (!matches!(field.kind, FieldKind::Files { .. })).then_some(field)
    }

    /// Whether the form has a field of this name now.
    fn has(&self, name: &str) -> bool {
        let asked = self
            .case
            .open_questions()
            .map(|question| question.id.to_string());
        let open = self
            .case
            .findings
            .iter()
            .filter(|finding| finding.is_open());
        let open = open.map(|finding| finding.id.to_string());
        self.amends(name).is_some()
            || match self.case.state {
                State::Corrections { .. } => open.into_iter().any(|id| id == name),
                _ => asked.into_iter().any(|id| id == name),
            }
    }

    /// The texts of the form's own fields, without what cannot be seen.
    fn tidy(&self, typed: &Answers) -> Answers {
        typed
            .iter()
            .filter(|(name, _)| self.has(name))
            .map(|(name, text)| {
                let text = match self.amends(name) {
                    Some(field) => cleaned(&field.kind, text),
                    None => workflow::text::lines(text),
                };
                (name.clone(), text)
            })
            .collect()
    }

    /// What a field shows: what is kept, else what was handed in.
    fn shows<'b>(&'b self, kept: &'b Answers, name: &str) -> &'b str {
        let kept = kept.get(name).or_else(|| self.handed_in.get(name));
        kept.map_or("", String::as_str)
    }
}
