//! Edit the draft: what is typed is saved first and validated afterwards, so nothing is lost.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{
    Caller, Desk, Error, Result,
    entities::drafts,
    input::{input, is_as_drawn},
    store::{DraftBody, Mark, draft},
};
use async_trait::async_trait;
use sea_orm::{ActiveModelTrait, EntityTrait};
use workflow::{
    Action, ActionKind, CaseNumber,
    form::{Answers, Field, FieldKind, Problem, Section},
};

input! {
    /// One section of the request form. A form that came too late is saved once its owner is back.
    pub struct EditDraftInput for "edit_draft" OnCase resumes {
        hidden case: CaseNumber;
        hidden section: String;
        /// The version of the draft that the page was drawn from.
        hidden draft: i64;
        hidden tab: String;
        /// When it was sent, in milliseconds of the browser's clock: the savings of one page follow
        /// each other in this order. Nothing without scripts.
        hidden order: Option<u64>;
        /// What its fields held when the page was drawn, as [`crate::input::drawn`] writes it: what nobody has
        /// touched since does not stand against what someone else has.
        hidden drawn: String;
        /// Where to go afterwards: `check`, `leave`; nothing means the next step.
        hidden go: Option<String>;
        keyed answers: String = "Answer" after "" up to LONGEST_ANSWER;
    }
}

/// One saving of one section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typing {
    /// The key of the section.
    pub section: String,
    /// Everything typed into the section's fields; fields that are missing stay as they are.
    pub answers: Answers,
    /// The version of the draft that the page was drawn from.
    pub seen: i64,
    /// Which page it is: savings of one page follow each other and are no conflict.
    pub tab: String,
    /// When it was sent, by the clock of the browser; savings of one page follow each other so.
    pub order: Option<u64>,
    /// What the fields held when the page was drawn, see [`crate::input::drawn`]; empty where nothing says it.
    pub drawn: String,
}

/// The longest text that is kept of one field, in characters: more than any field takes, so that
/// a text which is too long can be shortened later.
pub const LONGEST_ANSWER: usize = workflow::limits::ANSWER_CHARACTERS;

/// The longest name of a page, in characters; our pages name themselves by a UUID.
const LONGEST_TAB: usize = 64;

struct EditDraft<'a> {
    typing: &'a Typing,
}

#[async_trait]
impl CaseCommand for EditDraft<'_> {
    fn kind(&self) -> ActionKind {
        ActionKind::EditDraft
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let case = work.case().id.0;
        let answers = tidy(&self.section(work)?, &self.typing.answers)?;
        let stored = draft(work.transaction(), case).await?;
        let version = stored.as_ref().map_or(0, |draft| draft.row.version);
        let is_new = stored.is_none();
        let mut body = stored.map(|draft| draft.body).unwrap_or_default();
        let changed = self.changed(answers, &body)?;
        let fields: Vec<String> = changed.keys().cloned().collect();
        if fields.is_empty() {
            return Ok(Action::EditDraft { fields });
        }
        let mark = Mark {
            version: version + 1,
            tab: self.typing.tab.clone(),
            order: self.typing.order.unwrap_or(u64::MAX),
        };
        body.sections
            .insert(self.typing.section.clone(), mark.clone());
        body.marks
            .extend(fields.iter().map(|key| (key.clone(), mark.clone())));
        body.answers.extend(changed);
        let row = drafts::ActiveModel::from(drafts::Model {
            case_id: case,
            answers: serde_json::to_string(&body)?,
            version: version + 1,
            saved_at: work.now.micros(),
            saved_by: work.person()?.person.0,
        })
        .reset_all();
        if is_new {
            drafts::Entity::insert(row)
                .exec_without_returning(work.transaction())
                .await?;
        } else {
            row.update(work.transaction()).await?;
        }
        Ok(Action::EditDraft { fields })
    }
}

impl EditDraft<'_> {
    /// The section that is saved, as the case's level asks it.
    fn section(&self, work: &Work<'_>) -> Result<Section> {
        let case = work.case();
        let form = work.known.forms.get(&case.form_version);
        form.and_then(|form| {
            form.sections(case.level)
                .find(|section| section.key == self.typing.section)
        })
        .ok_or(Error::NotFound)
    }

    /// Of these answers those that are to replace what is stored. What another page has saved since
    /// this one was drawn stays, unless it was touched here as well: then they are to be compared.
    /// What a later saving of this page has overtaken is refused.
    fn changed(&self, answers: Answers, body: &DraftBody) -> Result<Answers> {
        let section = &self.typing.section;
        let mut changed = Answers::new();
        for (key, text) in answers {
            let stored = body.answers.get(&key).map_or("", String::as_str);
            if stored == text {
                continue;
            }
            let (of_field, of_section) = (body.marks.get(&key), body.sections.get(section));
            let own = |mark: &&Mark| mark.tab == self.typing.tab;
            let overtaken = of_field
                .into_iter()
                .chain(of_section)
                .filter(own)
                .any(|mark| self.typing.order.is_some_and(|order| order <= mark.order));
            // Drafts that were saved before fields had marks have those of their sections alone.
            let by_field = |mark: &&Mark| {
                let mut fields = body.marks.values();
                fields.any(|field| field.version == mark.version)
            };
            let elsewhere = of_field
                .or(of_section.filter(|mark| !by_field(mark)))
                .is_some_and(|mark| !own(&mark) && mark.version > self.typing.seen);
            if elsewhere && is_as_drawn(&self.typing.drawn, &key, &text) {
                continue;
            }
            if overtaken || elsewhere {
                return Err(Error::Conflict {
                    changes: Vec::new(),
                });
            }
            changed.insert(key, text);
        }
        Ok(changed)
    }
}

/// Saves what was typed into one section of the draft, whatever its faults. Where nothing has
/// changed nothing is written.
///
/// # Errors
/// See [`run`]; [`Error::Conflict`] when the same field was saved from another page meanwhile;
/// [`Error::Input`] for a text that is too long to be kept.
pub async fn edit_draft(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    typing: &Typing,
) -> Result<Done> {
    let typing = &Typing {
        tab: tab(&typing.tab),
        ..typing.clone()
    };
    run(desk, Some(caller), envelope, &EditDraft { typing }).await
}

/// The name of a page as it is kept.
pub(super) fn tab(sent: &str) -> String {
    let line = workflow::text::line(sent);
    line.chars().take(LONGEST_TAB).collect()
}

/// The answers to the section's own fields, without what cannot be seen.
fn tidy(section: &Section, typed: &Answers) -> Result<Answers> {
    let mut answers = Answers::new();
    let mut problems = Vec::new();
    for field in &section.fields {
        let Some(text) = typed.get(&field.key) else {
            continue;
        };
        if matches!(field.kind, FieldKind::Files { .. }) {
            continue;
        }
        let text = cleaned(&field.kind, text);
        let count = text.chars().count();
        if count > LONGEST_ANSWER {
            problems.push(too_long(field, count));
        }
        answers.insert(field.key.clone(), text);
    }
    if problems.is_empty() {
        Ok(answers)
    } else {
        Err(Error::Input { problems })
    }
}

/// An answer as it is kept: clean, and on one line unless the field has several.
pub(super) fn cleaned(kind: &FieldKind, text: &str) -> String {
    match kind {
        FieldKind::LongText { .. } => workflow::text::lines(text),
        _ => workflow::text::line(text),
    }
}

fn too_long(field: &Field, count: usize) -> Problem {
    Problem {
        field: field.key.clone(),
        text: format!(
            "{}: at most {LONGEST_ANSWER} characters can be saved; it has {count}.",
            field.label
        ),
    }
}
