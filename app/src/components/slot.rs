//! A place in a form, as its control needs to know it.

use super::{
    CameBack,
    came_back::{Label, called},
    form::Held,
};
use casework::input::plain;
use std::sync::{Arc, PoisonError};
use workflow::form::Problem;

/// What a control needs to know of its form. Made by [`FormOf::at`](super::FormOf::at).
#[derive(Clone, Debug)]
pub struct Slot {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) problem: Option<String>,
    /// What was typed before the form came back.
    pub(super) typed: Option<String>,
    pub(super) is_back: bool,
    /// A file was chosen in it that the desk has not taken.
    pub(super) was_chosen: bool,
    pub(super) came_back: Option<Arc<CameBack>>,
    /// What tells it apart from others of its label.
    pub(super) about: String,
    pub(super) held: Held,
    /// In a form of files.
    pub(super) uploads: Option<Uploads>,
}

/// What a field of files is to know of its form: where its files are sent, and what is too large for
/// it, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Uploads {
    /// Empty where the form itself does nothing but attach them.
    pub(super) to: String,
    pub(super) largest: u64,
    pub(super) largest_video: u64,
}

impl Slot {
    /// In a form that only searches, which is not refused.
    pub(super) fn searching(name: &str) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: String::new(),
            problem: None,
            typed: None,
            is_back: false,
            was_chosen: false,
            came_back: None,
            about: String::new(),
            held: Held::default(),
            uploads: None,
        }
    }

    /// What was typed, with what the page itself has put in.
    pub fn holding(mut self, text: Option<String>) -> Self {
        self.typed = text.or(self.typed);
        self
    }

    /// Something that is wrong with what is on record, where the form has not come back.
    pub fn faulty(mut self, fault: Option<String>) -> Self {
        if !self.is_back {
            self.problem = fault;
        }
        self
    }

    /// What it is about, where other fields of the page are called the same.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Tells the summary what the page calls it, and says by that name what is wrong with it.
    pub(super) fn call(&mut self, label: &str) {
        if let Some(came_back) = &self.came_back {
            let label = Label {
                of: self.name.clone(),
                text: label.to_owned(),
                own: self.label.clone(),
                about: self.about.clone(),
            };
            came_back.note(|drawn| drawn.labels.push(label));
        }
        let problem = self.problem.take();
        self.problem = problem.map(|text| called(label, label, &self.label, &text));
    }

    /// Whether something is wrong with it.
    pub const fn is_wrong(&self) -> bool {
        self.problem.is_some()
    }

    /// Says beside the field what is on record by now, where somebody else has changed it as well; what
    /// was not touched here holds what is on record. `label` is the field's on this page, `shown` the
    /// value in words.
    pub(super) fn compare(&mut self, label: &str, stored: &str, shown: &str) {
        let held = (self.name.clone(), plain(stored));
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(held);
        let conflict = self.came_back.as_ref().filter(|back| back.is_conflict());
        let (Some(came_back), Some(typed)) = (conflict, &self.typed) else {
            return;
        };
        if came_back.is_untouched(&self.name, typed) {
            self.typed = None;
            return;
        }
        let nobody_else = came_back.is_untouched(&self.name, stored);
        if self.problem.is_some() || nobody_else || same(typed, stored) {
            return;
        }
        let clash = Problem {
            field: self.name.clone(),
            text: format!(
                "{label}: changed by someone else or in another window; compare the two."
            ),
        };
        came_back.note(|drawn| drawn.clashes.push(clash));
        self.problem = Some(if shown.trim().is_empty() {
            "Changed by someone else or in another window: it is empty there. The field holds what you typed."
                .to_owned()
        } else {
            format!(
                "Changed by someone else or in another window. The field holds what you typed; there it reads: “{shown}”"
            )
        });
    }
}

/// Whether two texts differ only in how their lines end.
fn same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}
