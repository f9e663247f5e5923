//! The way through the request form: one topic per step. The files of a section have a step of
//! their own, because a form that sends files cannot save the texts beside it.

use casework::queries::DraftView;
use workflow::form::{FieldKind, Section};

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
    section.fields.iter().any(|field| {
        let files = matches!(field.kind, FieldKind::Files { .. });
        files == (part == Part::Files)
    })
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
