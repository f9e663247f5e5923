//! Answer a clarification request. An answer may amend the field it is about, which makes a new
//! revision of the submission.

use super::{
    CaseCommand, Done, Envelope, Work,
    edit_draft::cleaned,
    keep_answers::{ToKeep, not_passed_over},
    run,
    submit::{form_of, link_problems},
};
use crate::{
    Caller, Desk, Error, Result, cases::queries::question_of, input::input, reference::Known,
    store::submission, typed,
};
use async_trait::async_trait;
use workflow::{
    Action, ActionKind, Case, QuestionId, Refusal,
    decide::every_question_answered,
    event::{Answered, Pin},
    form::{Answers, Form, Problem},
};

input! {
    /// The form with which questions are answered.
    pub struct AnswerInput for "answer_clarification" OnCase {
        /// See [`super::KeepAnswersInput`], as of the next two.
        hidden drawn: Option<String>;
        hidden tab: Option<String>;
        hidden order: Option<u64>;
        keyed answers: QuestionId = "Answer" after "";
        /// Field key → the field's new text.
        keyed amended: String = "Changed answer" after "amend." up to super::LONGEST_ANSWER;
    }
}

/// What was typed on the page of the questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub answers: Vec<Answered>,
    /// Field key → the field's new text, for fields that a question is about.
    pub amended: Answers,
    /// What the fields held when the page was drawn, see [`crate::input::drawn`]; empty where nothing says it.
    pub drawn: String,
    /// Which page it is, see [`super::KeepAnswersInput`].
    pub tab: String,
}

impl Reply {
    fn as_typed(&self) -> ToKeep {
        let answers = self.answers.iter();
        let answers = answers.map(|answer| (answer.question.to_string(), answer.text.clone()));
        ToKeep {
            answers: answers.chain(amended_by_name(&self.amended)).collect(),
            drawn: self.drawn.clone(),
            tab: self.tab.clone(),
            order: None,
        }
    }
}

/// New texts of fields by the names under which the form sends them.
pub(super) fn amended_by_name(amended: &Answers) -> impl Iterator<Item = (String, String)> {
    let named = |(key, text): (&String, &String)| (format!("{AMEND}{key}"), text.clone());
    amended.iter().map(named)
}

/// The name under which the form sends the new text of a field.
pub const AMEND: &str = "amend.";

struct AnswerClarification<'a> {
    reply: &'a Reply,
    amended: Answers,
    typed: ToKeep,
}

#[async_trait]
impl CaseCommand for AnswerClarification<'_> {
    fn kind(&self) -> ActionKind {
        ActionKind::AnswerClarification
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        not_passed_over(work, &self.typed).await?;
        // Answers are refused by the decision; a revision is made only if they will not be.
        let submission = submission::revise(work, &self.amended).await?;
        Ok(Action::AnswerClarification {
            answers: self.reply.answers.clone(),
            submission,
        })
    }
}

/// Answers all open questions.
///
/// # Errors
/// See [`run`]; a question without an answer is a problem of the field with the question's id, an
/// amended answer that will not do one of the field `amend.KEY`.
pub async fn answer_clarification(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    reply: &Reply,
) -> Result<Done> {
    let mut tidy = Reply::default();
    for answer in &reply.answers {
        tidy.answers.push(Answered {
            question: answer.question,
            text: workflow::text::lines(&answer.text),
        });
    }
    let allowed =
        super::allowed(desk, caller, envelope.case, ActionKind::AnswerClarification).await;
    let amended = match allowed {
        Ok(stored) => {
            let known = desk.reference.known();
            let form = form_of(&known, &stored.case)?;
            let mut amended = reply.amended.clone();
            amended.retain(|key, _| is_asked(&stored.case, &known, form, key));
            let amended = amend(desk, &stored.case, amended).await;
            with_unanswered(
                amended,
                every_question_answered(&stored.case, &tidy.answers),
            )?
        }
        // The same refusal comes out of `run`, unless this form was carried out before.
        Err(_) => Answers::new(),
    };
    let command = AnswerClarification {
        reply: &tidy,
        amended,
        typed: reply.as_typed(),
    };
    run(desk, Some(caller), envelope, &command).await
}

/// What is wrong with new texts, said together with what has been left without an answer.
///
/// # Errors
/// [`Error::Input`] with both.
pub(super) fn with_unanswered(
    amended: Result<Answers>,
    answered: Result<(), Refusal>,
) -> Result<Answers> {
    match amended {
        Err(error) => typed::both(answered.map_err(Error::from), Err(error)).map(|(_, new)| new),
        amended => amended,
    }
}

/// Whether an open question is about this field of the form, or about a point that is about it.
fn is_asked(case: &Case, known: &Known, form: &Form, key: &str) -> bool {
    case.open_questions().any(|question| match &question.pin {
        Pin::Case => false,
        Pin::Field { key: pinned } => pinned == key,
        Pin::Item { list, key: item } => {
            question_of(case, known, form, *list, item).is_some_and(|field| field.key == key)
        }
    })
}

/// Those of the amended answers that differ from what was handed in, checked as at submission.
///
/// # Errors
/// [`Error::Input`] on `amend.KEY`.
pub(super) async fn amend(desk: &Desk, case: &Case, amended: Answers) -> Result<Answers> {
    let Some((_, before)) = submission::latest(desk.database.read(), case.id.0).await? else {
        return Ok(Answers::new());
    };
    let known = desk.reference.known();
    let form = form_of(&known, case)?;
    let amended: Answers = amended
        .into_iter()
        .filter_map(|(key, text)| {
            let text = cleaned(&form.field(&key)?.kind, &text);
            Some((key, text))
        })
        .filter(|(key, text)| before.answers.get(key).map_or("", String::as_str) != text.as_str())
        .collect();
    let files = submission::files(desk.database.read(), case.id.0).await?;
    let files = files.into_iter().map(|file| file.field).collect();
    let mut problems = faults(form, &amended, &files);
    problems.extend(form.days_over(case.level, &amended, desk.now().date()));
    problems.extend(link_problems(desk, form, &amended).await);
    if problems.is_empty() {
        return Ok(amended);
    }
    for problem in &mut problems {
        problem.field.insert_str(0, AMEND);
    }
    Err(Error::Input { problems })
}

fn faults(
    form: &Form,
    amended: &Answers,
    files: &std::collections::BTreeSet<String>,
) -> Vec<Problem> {
    amended
        .iter()
        .filter_map(|(key, text)| {
            let text = form.field(key)?.problem(text, files)?;
            Some(Problem {
                field: key.clone(),
                text,
            })
        })
        .collect()
}
