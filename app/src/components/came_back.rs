//! A form that was refused, on the page that shows it again.

use super::{field::textarea_text, form::field_id};
use casework::{
    input::{is_as_drawn, plain},
    kept::Kept,
};
use leptos::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use workflow::form::Problem;

/// A form that was refused and came back: what was typed, what is wrong with it, and what of it
/// the page being drawn has a place for.
#[derive(Debug)]
pub struct CameBack {
    pub kept: Kept,
    drawn: Mutex<Drawn>,
}

/// What the page has of the form that came back.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    pub(super) form: bool,
    /// What is wrong has been said beside the form.
    pub(super) said: bool,
    /// The name of each control.
    pub(super) controls: Vec<String>,
    /// What stands at each control that is drawn, in the page's order.
    pub(super) labels: Vec<Label>,
    /// What is to be compared: controls whose stored value is another than what was typed.
    pub(super) clashes: Vec<Problem>,
}

/// What a control is called on its page.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// The name of the control.
    pub(super) of: String,
    pub(super) text: String,
    /// What its step calls it, with which the texts of what is wrong may begin.
    pub(super) own: String,
    /// What tells it apart from others that are called the same; empty for nothing.
    pub(super) about: String,
}

impl Drawn {
    /// Where a control stands on the page.
    fn place_of(&self, name: &str) -> Option<usize> {
        self.labels.iter().position(|label| label.of == name)
    }

    /// What is wrong with a control, which is called as the page does, with what it is about where
    /// another is called the same.
    fn said(&self, Problem { field: name, text }: &Problem) -> String {
        let Some(label) = self.place_of(name).and_then(|at| self.labels.get(at)) else {
            return text.clone();
        };
        let mut others = self.labels.iter().filter(|other| other.of != *name);
        let is_shared = others.any(|other| other.text == label.text);
        let words = match label.about.as_str() {
            about if is_shared && !about.is_empty() => format!("{} ({about})", label.text),
            _ => label.text.clone(),
        };
        called(&words, &label.text, &label.own, text)
    }
}

/// The longest name of a field in front of what is wrong with it, in bytes.
const LONGEST_NAME: usize = 30;

/// What is wrong with a field, said by `name`. The text may begin with what the field is called on its
/// page (`label`), by its step (`own`), or by some other name in front of a colon.
pub(super) fn called(name: &str, label: &str, own: &str, text: &str) -> String {
    let stripped = |called: &str| {
        let rest = text.strip_prefix(called).filter(|_| !called.is_empty())?;
        // `Label: …`, `Label, line 2: …`, `Label must …`.
        let rest = rest.strip_prefix([':', ',', ' '])?;
        Some(rest.trim_start())
    };
    let other = || {
        let (other, rest) = text.split_once(": ")?;
        // That of a file has an ending, and of a line more than a name.
        let is_name = other.len() <= LONGEST_NAME && !other.contains(['.', ',']);
        (is_name && other.starts_with(char::is_uppercase)).then_some(rest)
    };
    let rest = [label, own].into_iter().find_map(stripped);
    let rest = rest.or_else(other).unwrap_or(text);
    // A question or a sentence ends by itself.
    let colon = if name.ends_with(['?', '.', ':']) {
        ""
    } else {
        ":"
    };
    format!("{name}{colon} {rest}")
}

impl CameBack {
    /// Before the page is drawn.
    pub fn new(kept: Kept) -> Self {
        Self {
            kept,
            drawn: Mutex::default(),
        }
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut Drawn)) {
        change(&mut self.drawn.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn drawn(&self) -> Drawn {
        self.drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether someone else changed the same meanwhile.
    pub const fn is_conflict(&self) -> bool {
        self.kept.status == 409
    }

    /// Whether something in it is wrong, or stands against it.
    pub const fn is_refused(&self) -> bool {
        !self.is_preview() && !self.was_signed_out()
    }

    /// Whether it was only to be shown as it would look.
    pub const fn is_preview(&self) -> bool {
        self.kept.status == 200
    }

    /// Whether it only came too late: the session had ended.
    pub const fn was_signed_out(&self) -> bool {
        self.kept.status == 401
    }

    /// What is wrong, in the order of the form; a problem whose field is empty concerns the whole
    /// form.
    pub fn problems(&self) -> Vec<Problem> {
        let said_elsewhere = self.is_conflict() || self.was_signed_out() || self.is_preview();
        if self.kept.problems.is_empty() && !said_elsewhere {
            return vec![Problem {
                field: String::new(),
                text: self.kept.message.clone(),
            }];
        }
        self.kept.problems.clone()
    }

    /// What was typed into a field or chosen in it; none if the form had no such field.
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.kept
            .fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.values.as_slice())
    }

    /// Whether files were chosen in a place that the desk has not taken.
    pub fn was_chosen(&self, place: &str) -> bool {
        self.kept.chosen.iter().any(|chosen| chosen == place)
    }

    /// Everything that is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<String> {
        let problems = self.kept.problems.iter();
        let texts: Vec<&str> = problems
            .filter(|problem| problem.field == name)
            .map(|problem| problem.text.as_str())
            .collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }

    /// Whether a field holds this text since before its page was drawn: nobody has touched it.
    pub(super) fn is_untouched(&self, name: &str, text: &str) -> bool {
        is_as_drawn(&self.kept.drawn, name, &plain(text))
    }

    /// Notes that the page has a place with the id of this field, to which a summary can lead.
    pub fn has_place(&self, name: &str) {
        self.note(|drawn| drawn.controls.push(name.to_owned()));
    }

    /// Whether the page being drawn has the form.
    pub fn has_form(&self) -> bool {
        self.drawn().form
    }

    /// Whether what is wrong has been said beside the form.
    pub fn is_said(&self) -> bool {
        self.drawn().said
    }

    /// What was typed and has no place on the page: label and text. What stood there when the page was
    /// drawn was not typed.
    pub fn left_over(&self) -> Vec<(String, String)> {
        let drawn = self.drawn();
        self.kept
            .fields
            .iter()
            .filter(|field| !drawn.form || !drawn.controls.contains(&field.name))
            .filter(|field| match field.values.as_slice() {
                [value] => !self.is_untouched(&field.name, value),
                _ => true,
            })
            .filter_map(|field| {
                let values: Vec<&str> = field
                    .values
                    .iter()
                    .map(String::as_str)
                    .filter(|value| !value.trim().is_empty())
                    .collect();
                (!values.is_empty()).then(|| (field.label.clone(), values.join(", ")))
            })
            .collect()
    }
}

/// What stands in the way, on top of the page: takes the focus, with or without scripts, and links
/// to those places that the page has. Nothing at all when there is nothing wrong. Made after the
/// page.
#[component]
pub fn ErrorSummary(came_back: Arc<CameBack>) -> impl IntoView {
    let drawn = came_back.drawn();
    let mut problems = came_back.problems();
    problems.extend(drawn.clashes.iter().cloned());
    // What concerns the whole form comes first.
    problems.sort_by_key(|problem| drawn.place_of(&problem.field));
    (!problems.is_empty()).then(|| {
        let title = match problems.len() {
            1 => "One thing needs your attention".to_owned(),
            count => format!("{count} things need your attention"),
        };
        let items = problems
            .into_iter()
            .map(|problem| {
                let text = drawn.said(&problem);
                if drawn.controls.contains(&problem.field) {
                    let id = field_id(&came_back.kept.form, &problem.field);
                    view! { <li><a href=format!("#{id}")>{text}</a></li> }.into_any()
                } else {
                    view! { <li>{text}</li> }.into_any()
                }
            })
            .collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" autofocus>
                <h2>{title}</h2>
                <ul>{items}</ul>
            </div>
        }
    })
}

/// What was typed and has no place on the page any more, to be copied. Made after the page.
#[component]
pub fn LeftOver(came_back: Arc<CameBack>) -> impl IntoView {
    let texts = came_back.left_over();
    // Where the page has a place for them, they are asked for again there.
    let drawn = came_back.drawn();
    let mut chosen = came_back.kept.chosen.iter();
    let had_files = chosen.any(|place| !drawn.form || !drawn.controls.contains(place));
    // Files alone, sent by a form that is gone since: which were not taken is said by name above.
    let is_said = texts.is_empty() && !drawn.form && !came_back.problems().is_empty();
    let had_files = had_files && !is_said;
    (!texts.is_empty() || had_files).then(|| {
        let files = had_files.then(|| {
            view! {
                <p>"The files that you had chosen were not sent: choose them again where you go on."</p>
            }
        });
        let boxes = texts
            .into_iter()
            .enumerate()
            .map(|(index, (label, text))| {
                let id = format!("left-over-{index}");
                let same_id = id.clone();
                let rows = text.lines().count().clamp(2, 12).to_string();
                view! {
                    <div class="field">
                        <label for=id>{label}</label>
                        <textarea class="input" id=same_id readonly rows=rows>
                            {textarea_text(&text)}
                        </textarea>
                    </div>
                }
            })
            .collect::<Vec<_>>();
        let only_files = boxes.is_empty();
        let place = match (came_back.has_form(), only_files) {
            (true, true) => "",
            (true, false) => "These fields are no longer on this page. ",
            (false, _) => "The form is no longer on this page, and nothing of it was carried out. ",
        };
        let (title, copy) = match only_files {
            true => ("Your files", ""),
            false => (
                "What you typed",
                "Copy what you still need; it is kept for a week at this address.",
            ),
        };
        let why = format!("{place}{copy}");
        let why = (!why.is_empty()).then(|| view! { <p>{why}</p> });
        view! {
            <section class="card left-over" aria-labelledby="left-over">
                <h2 id="left-over">{title}</h2>
                {why}
                {boxes}
                {files}
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use casework::input::{KeptField, drawn};
    use uuid::Uuid;

    fn came_back(fields: &[(&str, &str)], before: &[(&str, &str)]) -> CameBack {
        let field = |(name, text): &(&str, &str)| KeptField {
            name: (*name).to_owned(),
            label: format!("Label of {name}"),
            values: vec![(*text).to_owned()],
        };
        CameBack::new(Kept {
            id: Uuid::nil(),
            step: "edit_draft".to_owned(),
            form: "section".to_owned(),
            fields: fields.iter().map(field).collect(),
            carried: Vec::new(),
            drawn: drawn(before.iter().copied()),
            chosen: vec!["mockups".to_owned()],
            message: String::new(),
            problems: vec![
                Problem {
                    field: "uris".to_owned(),
                    text: "Line 1 is wrong.".to_owned(),
                },
                Problem {
                    field: "uris".to_owned(),
                    text: "Line 3 is wrong.".to_owned(),
                },
            ],
            changes: Vec::new(),
            status: 409,
        })
    }

    #[test]
    fn only_what_was_typed_and_has_no_place_is_handed_back() {
        let back = came_back(
            &[("use", "typed"), ("about", "as it was"), ("name", "typed")],
            &[("use", ""), ("about", "as it was"), ("name", "before")],
        );
        back.note(|drawn| drawn.form = true);
        back.has_place("name");
        let left: Vec<_> = back.left_over();
        assert_eq!(left, [("Label of use".to_owned(), "typed".to_owned())]);
    }

    #[test]
    fn what_is_on_record_as_it_was_drawn_was_changed_by_nobody_else() {
        let back = came_back(&[("use", "typed")], &[("use", "before")]);
        assert!(back.is_untouched("use", "before"));
        assert!(back.is_untouched("use", "before\r\n"));
        assert!(!back.is_untouched("use", "somebody else's"));
    }

    #[test]
    fn what_is_wrong_is_said_by_the_name_that_the_field_has_on_its_page() {
        for (text, said) in [
            ("Password: write it.", "New password: write it."),
            ("New password: write it.", "New password: write it."),
            ("Write it.", "New password: Write it."),
            (
                "New password, line 1: not this.",
                "New password: line 1: not this.",
            ),
            (
                "new.pdf: it is empty.",
                "New password: new.pdf: it is empty.",
            ),
        ] {
            let new = "New password";
            assert_eq!(called(new, new, new, text), said);
        }
        let stars = "How well were you helped? Choose from 1 to 5.";
        let question = "How well were you helped?";
        assert_eq!(called(question, question, "Stars", stars), stars);
    }

    #[test]
    fn fields_of_one_name_are_told_apart_by_what_they_are_about() {
        let label = |of: &str, text: &str| Label {
            of: of.to_owned(),
            text: text.to_owned(),
            own: "Answer".to_owned(),
            about: format!("on {of}"),
        };
        let drawn = Drawn {
            labels: vec![
                label("a", "Answer"),
                label("b", "Answer"),
                label("c", "Other"),
            ],
            ..Drawn::default()
        };
        let said = |field: &str| {
            drawn.said(&Problem {
                field: field.to_owned(),
                text: "Answer: write it.".to_owned(),
            })
        };
        assert_eq!(said("a"), "Answer (on a): write it.");
        assert_eq!(said("b"), "Answer (on b): write it.");
        assert_eq!(said("c"), "Other: write it.");
        assert_eq!(said("gone"), "Answer: write it.");
    }

    #[test]
    fn a_card_of_fields_is_drawn_where_it_has_one() {
        let shown = |fields: &[(&str, &str)], form: bool, controls: &[&str]| {
            let back = came_back(fields, &[]);
            back.note(|drawn| drawn.form = form);
            for name in controls {
                back.has_place(name);
            }
            Owner::new().with(|| view! { <LeftOver came_back=Arc::new(back) /> }.to_html())
        };
        for typed in [[("use", "typed")].as_slice(), &[]] {
            for form in [true, false] {
                for controls in [[].as_slice(), &["use"], &["mockups"], &["use", "mockups"]] {
                    let html = shown(typed, form, controls);
                    let told = format!("{typed:?} {form} {controls:?}: {html}");
                    let has_box = html.contains("<textarea");
                    assert_eq!(html.contains("Copy what you"), has_box, "{told}");
                    assert!(!html.contains("These fields") || has_box, "{told}");
                    let has_file = html.contains("choose them again");
                    assert_eq!(html.contains("<section"), has_box || has_file, "{told}");
                }
            }
        }
    }

    #[test]
    fn everything_that_is_wrong_with_a_field_is_said_there() {
        let back = came_back(&[], &[]);
        let said = back.problem("uris");
        assert_eq!(said.as_deref(), Some("Line 1 is wrong. Line 3 is wrong."));
        assert_eq!(back.problem("name"), None);
        assert!(back.was_chosen("mockups") && !back.was_chosen("name"));
    }
}
