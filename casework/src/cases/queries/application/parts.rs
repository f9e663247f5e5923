//! Parts of an application, each without what its developer is not to see.

use crate::{
    Desk, Result,
    audit::Names,
    cases::queries::finding_life::{
        LifeLine, Lives, asks_for_corrections, is_untold_failure, to_developer,
    },
    entities::signatures,
    reference::Known,
};
use sea_orm::EntityTrait;
use workflow::{
    Case, FindingId, QuestionId, Timestamp,
    checklist::{Finding, FindingStatus, Item, ListKind, Severity},
    event::Pin,
    form::{Field, Form},
    state::Track,
};

/// One strand of the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackView {
    pub track: Track,
    pub passed_at: Option<Timestamp>,
}

/// The tracks of the case's level.
pub(super) fn tracks(case: &Case) -> Vec<TrackView> {
    case.level
        .tracks()
        .iter()
        .map(|track| TrackView {
            track: *track,
            passed_at: case
                .sheet(ListKind::of(*track))
                .and_then(|sheet| sheet.passed)
                .map(|stamp| stamp.at),
        })
        .collect()
}

/// The accepted agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub version: u32,
    pub at: Timestamp,
    pub signer: String,
    pub capacity: String,
    /// How it was signed, in words.
    pub how: &'static str,
    pub document_sha256: String,
    /// The hash of the signature.
    pub signature_sha256: String,
}

/// The acceptance with its signature.
pub(super) async fn accepted(desk: &Desk, case: &Case) -> Result<Option<Accepted>> {
    let Some(accepted) = &case.acceptance else {
        return Ok(None);
    };
    let signature = signatures::Entity::find_by_id(accepted.acceptance.signature.0)
        .one(desk.database.read())
        .await?;
    let (signer, signature_sha256, method) = signature
        .map(|row| (row.signer_name, row.payload_sha256, row.method))
        .unwrap_or_default();
    Ok(Some(Accepted {
        version: accepted.acceptance.version,
        at: accepted.stamp.at,
        signer,
        how: crate::signatures::how(method.as_ref()),
        capacity: accepted.acceptance.capacity.clone(),
        document_sha256: accepted.acceptance.document_sha256.clone(),
        signature_sha256,
    }))
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// The application as a whole.
    Application,
    /// A field of the form, which the answer may amend.
    Field(Box<Field>),
    /// A point of a checklist, by its label, and the field of the form that it is about.
    Point(String, Option<Box<Field>>),
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionView {
    pub id: QuestionId,
    pub about: Pinned,
    pub text: String,
    pub asked_at: Timestamp,
    pub answer: Option<(String, Timestamp)>,
}

/// All questions, oldest first.
pub(super) fn questions(case: &Case, known: &Known, form: &Form) -> Vec<QuestionView> {
    case.questions
        .iter()
        .map(|question| QuestionView {
            id: question.id,
            about: pinned(case, known, form, &question.pin),
            text: question.text.to_string(),
            asked_at: question.asked.at,
            answer: question
                .answer
                .as_ref()
                .map(|answer| (answer.text.clone(), answer.given.at)),
        })
        .collect()
}

fn pinned(case: &Case, known: &Known, form: &Form, pin: &Pin) -> Pinned {
    match pin {
        Pin::Case => Pinned::Application,
        Pin::Field { key } => form.field(key).map_or(Pinned::Application, |field| {
            Pinned::Field(Box::new(field.clone()))
        }),
        Pin::Item { list, key } => Pinned::Point(
            item_label(case, known, *list, key),
            question_of(case, known, form, *list, key).map(Box::new),
        ),
    }
}

/// An item of a checklist, as the case was checked by it.
fn item_of<'a>(case: &Case, known: &'a Known, list: ListKind, key: &str) -> Option<&'a Item> {
    case.sheet(list)
        .and_then(|sheet| known.lists.get(&(list, sheet.version)))
        .and_then(|list| list.item(key))
}

fn item_label(case: &Case, known: &Known, list: ListKind, key: &str) -> String {
    item_of(case, known, list, key).map_or_else(|| key.to_owned(), |item| item.label.clone())
}

/// The question of a form that an item of the case's checklists is about.
pub(in crate::cases) fn question_of(
    case: &Case,
    known: &Known,
    form: &Form,
    list: ListKind,
    key: &str,
) -> Option<Field> {
    form.question_of(case.level, item_of(case, known, list, key)?)
}

/// How a finding stands, to its developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Waits for a response.
    Open,
    /// Responded to; we have not looked again yet, or not said what we saw.
    Responded,
    /// Seen to be corrected.
    Corrected(Timestamp),
    /// Accepted as it is.
    Closed,
    /// To be corrected by a date after the approval.
    Dated { due: Timestamp },
    /// The same, and reported as corrected; we have not looked again yet.
    Reported { due: Timestamp },
}

/// A fault that was asked to be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingView {
    pub id: FindingId,
    /// The requirement, by its label.
    pub point: String,
    /// The question of the form that it is about, if it is about one.
    pub about: Option<Field>,
    pub list: ListKind,
    pub severity: Severity,
    pub text: String,
    pub at: Timestamp,
    pub round: u16,
    pub settled: Settled,
    /// All that happened to it, oldest first, as far as it has been told.
    pub life: Vec<LifeLine>,
}

/// Whether a finding has been told: those of earlier rounds, those of this one once corrections
/// are requested, and what the approval left to be corrected, with what was corrected of it since.
/// Before that they are our notes.
pub(in crate::cases) fn is_told(case: &Case, finding: &Finding) -> bool {
    let left = case
        .grant
        .as_ref()
        .is_some_and(|grant| match &finding.status {
            FindingStatus::Dated { .. } => true,
            FindingStatus::Resolved { at, .. } => *at > grant.approved.at,
            _ => false,
        });
    asks_for_corrections(&case.state) || finding.round < case.round || left
}

/// Whether what was found still wrong with a finding has been told.
pub(in crate::cases) fn returned_is_told(case: &Case, finding: &Finding) -> bool {
    is_told(case, finding) && !is_untold_failure(case, finding)
}

/// The findings that have been told, each with the question of `form` that it is about.
pub(in crate::cases::queries) fn findings(
    case: &Case,
    known: &Known,
    form: &Form,
    lives: &Lives,
    names: &Names,
) -> Vec<FindingView> {
    case.findings
        .iter()
        .filter(|finding| is_told(case, finding))
        .map(|finding| FindingView {
            id: finding.id,
            point: item_label(case, known, finding.list, &finding.item),
            about: question_of(case, known, form, finding.list, &finding.item),
            list: finding.list,
            severity: finding.severity,
            text: finding.text.to_string(),
            at: finding.at,
            round: finding.round,
            settled: match &finding.status {
                FindingStatus::Open { .. } if is_untold_failure(case, finding) => {
                    Settled::Responded
                }
                FindingStatus::Open { .. } => Settled::Open,
                FindingStatus::Responded { .. } => Settled::Responded,
                FindingStatus::Resolved { at, .. } => Settled::Corrected(*at),
                FindingStatus::Waived { .. } => Settled::Closed,
                FindingStatus::Dated {
                    due,
                    reported: Some(_),
                    ..
                } => Settled::Reported { due: *due },
                FindingStatus::Dated { due, .. } => Settled::Dated { due: *due },
            },
            life: to_developer(case, lives.of(finding.id), names),
        })
        .collect()
}
