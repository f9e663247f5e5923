//! Forms: a plain POST that works with and without scripts. What was typed comes back with what is
//! wrong with it.
//!
//! The controls of a form are made from the value that [`FormOf::show`] hands to its closure, and
//! from the tokens of the step's input: a control outside its form, or for a field that its step
//! does not have, does not compile.
//!
//! ```compile_fail
//! use app::components::{FormOf, TextArea};
//! use casework::commands::{DeclineInput, Reopen};
//! use leptos::prelude::*;
//! let _ = FormOf::<DeclineInput>::new()
//!     .show(|form| view! { <TextArea of=form.at(Reopen::reason()) /> });
//! ```

use super::{CameBack, ErrorSummary, Slot, slot::Uploads, some};
use casework::{
    Caller, Desk, Once,
    input::{
        self, Field, HiddenField, Input, OnCase, Place, Said, SecretField, SecretText, Value, held,
        plain,
    },
};
use leptos::prelude::*;
use std::{
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
};
use workflow::{CaseNumber, Seen, limits};

/// A form of the step whose input is `I`: a POST with an idempotency key to `/do/<step>`.
/// Validation is the server's alone, so that the browser never stands between a person and saving.
#[derive(Debug)]
pub struct FormOf<I> {
    id: String,
    instead_of: &'static str,
    action: String,
    class: &'static str,
    label: String,
    with_files: bool,
    files: Option<Uploads>,
    back: String,
    hidden: Vec<(&'static str, String)>,
    came_back: Option<Arc<CameBack>>,
    held: Held,
    /// What is wrong is said above the form, not on top of the page.
    faults_in_place: bool,
    input: PhantomData<fn() -> I>,
}

/// What the controls of a form hold before anybody touches them, by name, as they are made.
pub(super) type Held = Arc<Mutex<Vec<(String, String)>>>;

impl<I: Input> Default for FormOf<I> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Input> FormOf<I> {
    /// A form with the step's name as its id.
    pub fn new() -> Self {
        Self {
            id: I::STEP.to_owned(),
            instead_of: "",
            action: format!("/do/{}", I::STEP),
            class: "form",
            label: String::new(),
            with_files: false,
            files: None,
            back: String::new(),
            hidden: Vec::new(),
            came_back: None,
            held: Held::default(),
            faults_in_place: false,
            input: PhantomData,
        }
    }

    /// Says what is wrong above the form: on a long page that is where one is.
    pub const fn faults_in_place(mut self) -> Self {
        self.faults_in_place = true;
        self
    }

    /// Another id: unique on the page; controls are called `<id>-<name>`.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Stands on the page where the form of this id no longer does: what was typed into that one goes
    /// on in this one, field by field of the same name.
    pub const fn instead_of(mut self, id: &'static str) -> Self {
        self.instead_of = id;
        self
    }

    /// The page to come back to when the step is refused.
    pub fn back(mut self, path: impl Into<String>) -> Self {
        self.back = path.into();
        self
    }

    /// For whom it is drawn: nobody else's session carries it out.
    pub fn drawn_for(mut self, desk: &Desk, caller: Option<&Caller>) -> Self {
        let who = caller.map(|caller| (input::DRAWN_FOR, desk.drawn_for(caller.person)));
        self.hidden.extend(who);
        self
    }

    /// What came back to this page, if anything did.
    pub fn came_back(mut self, came_back: Option<Arc<CameBack>>) -> Self {
        self.came_back = came_back;
        self
    }

    /// Field and button on one line.
    pub const fn inline(mut self) -> Self {
        self.class = "form inline";
        self
    }

    /// Another class.
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// What the form does, for assistive technology, where no heading says it.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sends files, elsewhere than steps are sent.
    pub fn files_to(self, action: impl Into<String>) -> Self {
        self.sends(action.into(), limits::FILE_BYTES, limits::VIDEO_BYTES)
    }

    /// The same for images that are drawn anew.
    pub fn images_to(self, action: impl Into<String>) -> Self {
        let most = limits::DRAWN_IMAGE_BYTES;
        self.sends(action.into(), most, most)
    }

    /// Sends files together with what is written: see [`with_files_path`].
    pub fn with_files(mut self) -> Self {
        self.action = with_files_path(I::STEP);
        self.with_files = true;
        self
    }

    fn sends(mut self, action: String, largest: u64, largest_video: u64) -> Self {
        self.action = action;
        self.with_files = true;
        self.files = Some(Uploads {
            to: String::new(),
            largest,
            largest_video,
        });
        self
    }

    /// A value that the form carries without showing it.
    pub fn hidden<T: Value>(mut self, field: HiddenField<I, T>, value: &T) -> Self {
        self.hidden.push((field.spec().name, value.write()));
        self
    }

    /// A field of which this form leaves no choice.
    pub fn fixed<T: Value>(mut self, field: &Field<I, T>, value: &T) -> Self {
        let (name, value) = (field.spec().name, value.write());
        self.holds(name, &value);
        self.hidden.push((name, value));
        self
    }

    /// Notes what is in the form without anybody typing it.
    fn holds(&self, name: &str, value: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.push((name.to_owned(), plain(value)));
    }

    /// A secret that the form carries without showing it.
    pub fn hidden_secret(mut self, field: SecretField<I>, secret: &SecretText) -> Self {
        self.hidden
            .push((field.spec().name, secret.reveal().to_owned()));
        self
    }

    /// Whether this is the form that came back: then it is not folded away.
    pub fn is_back(&self) -> bool {
        self.came_back
            .as_ref()
            .map(|came_back| came_back.kept.form.as_str())
            .is_some_and(|form| form == self.id || form == self.instead_of)
    }

    /// Whether it came back because someone else had changed the same.
    pub fn is_conflict(&self) -> bool {
        self.is_back()
            && self
                .came_back
                .as_ref()
                .is_some_and(|came_back| came_back.is_conflict())
    }

    /// What was typed into a field before the form came back.
    pub fn typed(&self, place: &impl Place<I>) -> Option<String> {
        let came_back = self.came_back.as_ref()?;
        if !self.is_back() {
            return None;
        }
        Some(joined(came_back.values(&place.name())?))
    }

    /// Draws it; `body` makes the controls from the form it is given.
    pub fn show<V: IntoView + 'static>(self, body: impl FnOnce(&Self) -> V) -> AnyView {
        let came_back = self.came_back.as_ref().filter(|_| self.is_back());
        if let Some(came_back) = came_back {
            came_back.note(|drawn| drawn.form = true);
        }
        if let Some(came_back) = came_back {
            for (name, _) in &self.hidden {
                came_back.has_place(name);
            }
        }
        let kept = came_back.map(|came_back| came_back.kept.id.to_string());
        let once = Once::new().to_string();
        let enctype = if self.with_files {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        };
        let controls = body(&self).into_any();
        let faults = came_back.filter(|_| self.faults_in_place).map(|came_back| {
            came_back.note(|drawn| drawn.said = true);
            view! { <ErrorSummary came_back=Arc::clone(came_back) /> }
        });
        // Steps that judge by it say it themselves.
        let drawn = match self.hidden.iter().any(|(name, _)| *name == input::DRAWN) {
            true => String::new(),
            false => held(&self.held.lock().unwrap_or_else(PoisonError::into_inner)),
        };
        let hidden = self
            .hidden
            .into_iter()
            .chain(some(drawn).map(|drawn| (input::DRAWN, drawn)))
            .chain([(input::ONCE, once), (input::FORM, self.id.clone())])
            .chain(some(self.back).map(|back| (input::BACK, back)))
            .chain(kept.map(|id| (input::KEPT, id)))
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view();
        view! {
            <form
                method="post"
                action=self.action
                id=self.id
                class=self.class
                enctype=enctype
                aria-label=some(self.label)
                novalidate
            >
                {hidden}
                {faults}
                {controls}
            </form>
        }
        .into_any()
    }

    /// A place to type or choose.
    pub fn at(&self, place: impl Place<I>) -> Slot {
        let came_back = self.came_back.clone().filter(|_| self.is_back());
        let name = place.name();
        if let Some(came_back) = &came_back {
            came_back.has_place(&name);
        }
        Slot {
            id: field_id(&self.id, &name),
            label: place.label().to_owned(),
            problem: came_back.as_ref().and_then(|back| back.problem(&name)),
            typed: came_back
                .as_ref()
                .and_then(|back| back.values(&name).map(joined)),
            is_back: came_back.is_some(),
            was_chosen: came_back
                .as_ref()
                .is_some_and(|back| back.was_chosen(&name)),
            came_back,
            about: String::new(),
            held: Arc::clone(&self.held),
            name,
            uploads: self.files.clone(),
        }
    }

    /// The id of the control of this name.
    pub fn id_of(&self, name: &str) -> String {
        field_id(&self.id, name)
    }

    /// Whether something is wrong in the place of this name.
    pub fn is_wrong(&self, name: &str) -> bool {
        let came_back = self.came_back.as_ref().filter(|_| self.is_back());
        came_back.is_some_and(|back| back.problem(name).is_some() || back.was_chosen(name))
    }

    /// A place for files beside what is written, which are attached by themselves: under `place`, and
    /// by scripts at the address `to`.
    pub fn files_beside(&self, place: &str, label: String, to: String) -> Slot {
        let came_back = self.came_back.as_ref().filter(|_| self.is_back());
        if let Some(came_back) = came_back {
            came_back.has_place(place);
        }
        Slot {
            id: field_id(&self.id, place),
            name: place.to_owned(),
            label,
            problem: came_back.and_then(|back| back.problem(place)),
            typed: None,
            is_back: came_back.is_some(),
            was_chosen: came_back.is_some_and(|back| back.was_chosen(place)),
            came_back: came_back.cloned(),
            about: String::new(),
            held: Held::default(),
            uploads: Some(Uploads {
                to,
                largest: limits::FILE_BYTES,
                largest_video: limits::VIDEO_BYTES,
            }),
        }
    }

    /// A place for a secret, which is never shown again.
    pub fn secret(&self, field: &SecretField<I>) -> SecretSlot {
        let spec = field.spec();
        let came_back = self.came_back.as_ref().filter(|_| self.is_back());
        if let Some(came_back) = came_back {
            came_back.has_place(spec.name);
        }
        SecretSlot(Slot {
            id: field_id(&self.id, spec.name),
            name: spec.name.to_owned(),
            label: spec.label.to_owned(),
            problem: came_back.and_then(|back| back.problem(spec.name)),
            typed: None,
            is_back: came_back.is_some(),
            was_chosen: false,
            came_back: came_back.cloned(),
            about: String::new(),
            held: Held::default(),
            uploads: None,
        })
    }

    /// What one of several buttons says.
    pub fn says(&self, field: &impl Said<I>, value: impl Into<String>) -> Saying {
        if let Some(came_back) = self.came_back.as_ref().filter(|_| self.is_back()) {
            came_back.has_place(field.said_as());
        }
        let said = Saying {
            name: field.said_as(),
            value: value.into(),
        };
        self.holds(said.name, &said.value);
        said
    }
}

impl<I: Input<On = OnCase>> FormOf<I> {
    /// The case that the form is about, and what the person sees of it.
    pub fn case(mut self, number: CaseNumber, seen: Option<Seen>) -> Self {
        self.hidden.push((input::CASE, number.to_string()));
        let seen = seen.map(|seen| (input::SEEN, seen.to_string()));
        self.hidden.extend(seen);
        self
    }
}

/// Ticked boxes and lists are joined by `,`; an empty value only says that the field was there.
fn joined(values: &[String]) -> String {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    String::read(&values).unwrap_or_default()
}

/// What a field for a secret needs to know of its form.
#[derive(Clone, Debug)]
pub struct SecretSlot(pub(super) Slot);

/// What one of several buttons sends.
#[derive(Clone, Debug)]
pub struct Saying {
    pub(super) name: &'static str,
    pub(super) value: String,
}

impl Saying {
    /// What a button says in a field of the step that it goes to.
    pub fn of<I: Input>(field: &impl Said<I>, value: impl Into<String>) -> Self {
        Self {
            name: field.said_as(),
            value: value.into(),
        }
    }
}

/// Where a step is sent whose form carries files.
pub fn with_files_path(step: &str) -> String {
    format!("/files/with/{step}")
}

/// The id of field `name` in form `form`: what error summaries link to.
pub fn field_id(form: &str, name: &str) -> String {
    if form.is_empty() {
        name.to_owned()
    } else {
        format!("{form}-{name}")
    }
}
