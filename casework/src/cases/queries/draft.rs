//! The request form while it is filled in: `/applications/{number}/form/{section}` and the page
//! where the answers are checked.

use super::{
    application::{declined_text, findings, question_of},
    case_page::{Attached, attachments},
    finding_life::Lives,
};
use crate::{
    Caller, Desk, Result,
    audit::Names,
    cases::sight::{self, Part},
    commands::{form_of, prefill::last_attempt, subject},
    policy::Verdict,
    rows,
    store::{Stored, draft},
};
use std::collections::BTreeSet;
use workflow::{
    ActionKind, AppId, Case, CaseNumber, StateKind, Timestamp,
    event::Pin,
    form::{Answers, Form, Problem, Section},
    state::{AccessLevel, State},
};

/// The form with what has been typed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftView {
    pub number: CaseNumber,
    pub app: AppId,
    pub app_name: String,
    pub level: AccessLevel,
    pub state: State,
    /// The version of the case.
    pub case_version: u64,
    /// The version of the draft; 0 before anything was saved.
    pub draft_version: i64,
    pub saved_at: Option<Timestamp>,
    /// One per step, in order.
    pub sections: Vec<SectionView>,
    /// Whether the caller has authority to submit.
    pub may_submit: bool,
    /// The attempt before this one that ended without an approval.
    pub last: Option<LastAttempt>,
}

/// What was asked the last time, so that it need not be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastAttempt {
    pub number: CaseNumber,
    pub state: StateKind,
    /// Why it was declined, as its developer read it; empty where it was not.
    pub declined: String,
    pub asked: Vec<AskedBefore>,
}

/// A question, or a point to correct, of the last attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedBefore {
    /// The question of the form that it was about, if it was about one.
    pub field: Option<String>,
    pub text: String,
}

impl LastAttempt {
    /// What was asked about a question of the form.
    pub fn about<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a AskedBefore> {
        let about = move |asked: &&AskedBefore| asked.field.as_deref() == Some(field);
        self.asked.iter().filter(about)
    }

    /// What was asked about the application as a whole.
    pub fn in_general(&self) -> impl Iterator<Item = &AskedBefore> {
        self.asked.iter().filter(|asked| asked.field.is_none())
    }
}

/// One step of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionView {
    pub section: Section,
    /// The answers to its fields.
    pub answers: Answers,
    /// The files in its fields.
    pub files: Vec<Attached>,
    /// Whether anything was answered here.
    pub begun: bool,
    /// What still stands in the way of submitting.
    pub problems: Vec<Problem>,
}

impl DraftView {
    /// The step with this key and its place, from 0.
    pub fn section(&self, key: &str) -> Option<(usize, &SectionView)> {
        self.sections
            .iter()
            .enumerate()
            .find(|(_, view)| view.section.key == key)
    }

    /// The first step that is not done; the first of all where every one is.
    pub fn next_open(&self) -> Option<&SectionView> {
        self.sections
            .iter()
            .find(|view| !view.problems.is_empty())
            .or(self.sections.first())
    }
}

/// The draft of a case.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who may not read the case.
pub async fn draft_view(desk: &Desk, caller: &Caller, number: CaseNumber) -> Result<DraftView> {
    let connection = desk.database.read();
    let (stored, _) = sight::read(desk, connection, caller, number, Part::Draft).await?;
    let typed = draft(connection, stored.case.id.0).await?;
    let files = attachments(desk, &stored).await?;
    let filled: BTreeSet<String> = files.iter().map(|file| file.field.clone()).collect();
    let known = desk.reference.known();
    let form = form_of(&known, &stored.case)?;
    let (draft_version, saved_at, answers) = match typed {
        Some(draft) => (
            draft.row.version,
            Some(Timestamp::from_micros(draft.row.saved_at)),
            draft.body.answers,
        ),
        None => (0, None, Answers::new()),
    };
    let mut problems = form.problems(stored.case.level, &answers, &filled);
    problems.extend(form.days_over(stored.case.level, &answers, desk.now().date()));
    let sections = form
        .sections(stored.case.level)
        .map(|section| view_of(section, &answers, &files, &problems))
        .collect();
    let who = subject(Some(caller), &stored);
    Ok(DraftView {
        number,
        app: stored.case.app,
        app_name: stored.app.name.clone(),
        level: stored.case.level,
        case_version: stored.case.version,
        draft_version,
        saved_at,
        sections,
        last: last(desk, &stored, form).await?,
        may_submit: desk.policy.ask(&who, ActionKind::Submit) == Verdict::Allowed,
        state: stored.case.state,
    })
}

/// The attempt before this one, as its developer was told of it.
///
/// What was asked stands at its question in `form`, which is the present one.
async fn last(desk: &Desk, present: &Stored, form: &Form) -> Result<Option<LastAttempt>> {
    let before = Some(present.row.number);
    let (app, level) = (present.case.app.0, present.case.level);
    let found = last_attempt(desk.database.read(), app, level, before).await?;
    let Some(row) = found else { return Ok(None) };
    let case: Case = rows::json(&row.document, "cases", row.number, "document")?;
    let known = desk.reference.known();
    let asked_now: BTreeSet<String> = form
        .sections(level)
        .flat_map(|section| section.fields)
        .map(|field| field.key)
        .collect();
    let questions = case.questions.iter().map(|question| AskedBefore {
        field: match &question.pin {
            Pin::Field { key } => asked_now.contains(key).then(|| key.clone()),
            Pin::Item { list, key } => {
                question_of(&case, &known, form, *list, key).map(|field| field.key)
            }
            Pin::Case => None,
        },
        text: question.text.to_string(),
    });
    let points = findings(&case, &known, form, &Lives::default(), &Names::new())
        .into_iter()
        .map(|finding| AskedBefore {
            field: finding.about.map(|field| field.key),
            text: format!("{}: {}", finding.point, finding.text),
        });
    let declined = match case.state.kind() {
        StateKind::Declined => declined_text(desk, case.id.0).await?,
        _ => String::new(),
    };
    Ok(Some(LastAttempt {
        number: case.number,
        declined,
        state: case.state.kind(),
        asked: questions.chain(points).collect(),
    }))
}

fn view_of(
    section: Section,
    answers: &Answers,
    files: &[Attached],
    problems: &[Problem],
) -> SectionView {
    let has = |key: &str| section.fields.iter().any(|field| field.key == key);
    let answers: Answers = answers
        .iter()
        .filter(|(key, _)| has(key))
        .map(|(key, text)| (key.clone(), text.clone()))
        .collect();
    let files: Vec<Attached> = files
        .iter()
        .filter(|file| has(&file.field))
        .cloned()
        .collect();
    let problems = problems
        .iter()
        .filter(|problem| has(&problem.field))
        .cloned()
        .collect();
    SectionView {
        begun: !files.is_empty() || answers.values().any(|text| !text.is_empty()),
        answers,
        files,
        problems,
        section,
    }
}
