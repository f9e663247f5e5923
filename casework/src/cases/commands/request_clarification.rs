//! Request clarification: questions to the developer, each pinned to a field, an item or the case;
//! the review pauses until they are answered.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Error, Result, input::input, typed};
use async_trait::async_trait;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, Outward, QuestionId,
    checklist::ListKind,
    event::{Asked, Pin},
    form::Problem,
};

/// The longest question, in characters.
const LONGEST_QUESTION: usize = 4_000;

input! {
    /// The form of a request: questions by their number, from 1.
    pub struct RequestClarificationInput for "request_clarification" OnCase {
        keyed about: usize = "About" after "about-" up to 200;
        keyed text: usize = "Question" after "text-" up to LONGEST_QUESTION;
        typed due: String = "Answer due" up to 40;
        /// As of a verdict.
        hidden gather: bool;
    }
}

/// A question as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// `case`, `field:KEY`, or `item:LIST:KEY`; nothing means the case.
    pub about: String,
    pub text: String,
}

/// What is asked, and by when an answer is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestClarification {
    /// Questions without text are passed over; the problem of the n-th is on the field `text-n`,
    /// counted from 1.
    pub questions: Vec<Question>,
    /// A day such as `2027-03-31`; nothing means the usual time.
    pub due: String,
}

/// The word of a pin in forms; the reverse of [`pin_from_word`].
pub fn pin_word(pin: &Pin) -> String {
    match pin {
        Pin::Case => "case".to_owned(),
        Pin::Field { key } => format!("field:{key}"),
        Pin::Item { list, key } => format!("item:{}:{key}", list.word()),
    }
}

/// What a question is about, from its word.
pub fn pin_from_word(word: &str) -> Option<Pin> {
    match word.split(':').collect::<Vec<_>>().as_slice() {
        ["" | "case"] => Some(Pin::Case),
        ["field", key] => Some(Pin::Field {
            key: (*key).to_owned(),
        }),
        ["item", list, key] => Some(Pin::Item {
            list: ListKind::from_word(list)?,
            key: (*key).to_owned(),
        }),
        _ => None,
    }
}

#[async_trait]
impl CaseCommand for RequestClarification {
    fn kind(&self) -> ActionKind {
        ActionKind::RequestClarification
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let mut problems = Vec::new();
        let mut questions = Vec::new();
        for (index, question) in self.questions.iter().enumerate() {
            let number = index + 1;
            match asked(work, question, number) {
                Ok(asked) => questions.extend(asked),
                Err(error) => problems.extend(error.problems().to_vec()),
            }
        }
        if questions.is_empty() && problems.is_empty() {
            problems.push(Problem {
                field: "text-1".to_owned(),
                text: "Question 1: write what you need to know.".to_owned(),
            });
        }
        let due = typed::day("due", "Due date", &self.due).unwrap_or_else(|error| {
            problems.extend(error.problems().to_vec());
            None
        });
        if !problems.is_empty() {
            return Err(Error::Input { problems });
        }
        let usual = work
            .known
            .calendar
            .due(work.now, work.known.settings.clarification_days);
        Ok(Action::RequestClarification {
            questions,
            due: due.unwrap_or(usual),
        })
    }
}

/// The question to be asked; nothing where no text was typed.
fn asked(work: &Work<'_>, question: &Question, number: usize) -> Result<Option<Asked>> {
    let field = format!("text-{number}");
    let label = format!("Question {number}");
    let text = typed::limited(&field, &label, &question.text, 4_000)?;
    if text.is_empty() {
        return Ok(None);
    }
    let about = format!("about-{number}");
    let pin = typed::choice(&about, &label, pin_from_word(question.about.trim()))?;
    if let Pin::Field { key } = &pin {
        let form = work.known.forms.get(&work.case().form_version);
        typed::choice(&about, &label, form.and_then(|form| form.field(key)))?;
    }
    Ok(Some(Asked {
        id: QuestionId(Uuid::now_v7()),
        pin,
        text: Outward::written(text),
    }))
}

/// Asks the developer.
///
/// # Errors
/// See [`run`].
pub async fn request_clarification(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    request: RequestClarification,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &request).await
}
