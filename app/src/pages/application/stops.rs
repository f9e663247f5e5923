//! The way through the request form: one topic per step. The files of a section have a step of
//! their own, because a form that sends files cannot save the texts beside it.

use crate::components::field_id;
use casework::queries::{DraftView, SectionView};
use workflow::{
    CaseNumber,
    form::{Field, FieldKind, Problem, Section},
};

/// What a step asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Text,
    Files,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'a> {
    pub section: &'a Section,
    pub part: Part,
}

impl Stop<'_> {
    /// Its address below the application's.
    pub fn path(&self) -> String {
        match self.part {
            Part::Text => format!("form/{}", self.section.key),
            Part::Files => format!("form/{}/files", self.section.key),
        }
    }

    /// Its name among the steps.
    pub fn title(&self) -> String {
        match self.part {
            Part::Files if has(self.section, Part::Text) => {
                format!("{}: files", self.section.title)
            }
            _ => self.section.title.clone(),
        }
    }
}

/// Whether a section asks for something of this kind.
pub fn has(section: &Section, part: Part) -> bool {
    let mut fields = section.fields.iter();
    fields.any(|field| is_files(field) == (part == Part::Files))
}

/// What stands in the way of submitting this part of a section.
pub fn problems(view: &SectionView, part: Part) -> Vec<&Problem> {
    let of_part = |problem: &&Problem| {
        let mut fields = view.section.fields.iter();
        let field = fields.find(|field| field.key == problem.field);
        field.is_some_and(|field| is_files(field) == (part == Part::Files))
    };
    view.problems.iter().filter(of_part).collect()
}

/// The address of a question, on the step that asks it.
pub fn question(number: CaseNumber, section: &Section, key: &str) -> String {
    let field = section.fields.iter().find(|field| field.key == key);
    let (part, id) = match field {
        Some(field) if is_files(field) => (Part::Files, upload_id(key)),
        _ => (Part::Text, field_id(TEXT_FORM, key)),
    };
    let path = Stop { section, part }.path();
    format!("/applications/{number}/{path}#{id}")
}

/// The id of the form with the questions of a section.
pub const TEXT_FORM: &str = "section";

/// The id of the form that attaches files to a field.
pub fn upload_id(key: &str) -> String {
    format!("files-{key}")
}

const fn is_files(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Files { .. })
}

/// All steps in order.
pub fn all(draft: &DraftView) -> Vec<Stop<'_>> {
    draft
        .sections
        .iter()
        .flat_map(|view| {
            let section = &view.section;
            [Part::Text, Part::Files]
                .into_iter()
                .filter(move |part| has(section, *part))
                .map(move |part| Stop { section, part })
        })
        .collect()
}

/// The place of a step among all, from 0.
pub fn place(stops: &[Stop<'_>], section: &str, part: Part) -> Option<usize> {
    stops
        .iter()
        .position(|stop| stop.section.key == section && stop.part == part)
}

/// The address of the step after this one; after the last, the page where the answers are checked.
pub fn after(draft: &DraftView, section: &str, part: Part) -> String {
    let stops = all(draft);
    let next = place(&stops, section, part).and_then(|at| stops.get(at + 1));
    match next {
        Some(stop) => format!("/applications/{}/{}", draft.number, stop.path()),
        None => format!("/applications/{}/check", draft.number),
    }
}

/// The address of the step before this one; none before the first.
pub fn before(draft: &DraftView, section: &str, part: Part) -> Option<String> {
    let stops = all(draft);
    let at = place(&stops, section, part)?.checked_sub(1)?;
    let stop = stops.get(at)?;
    Some(format!("/applications/{}/{}", draft.number, stop.path()))
}
