//! A control of a form in which somebody types.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

/// A control in which text is typed.
#[derive(Clone)]
pub enum Control {
    Line(HtmlInputElement),
    Lines(HtmlTextAreaElement),
}

impl Control {
    /// Nothing for what is chosen or ticked, hidden or secret.
    pub fn of(element: Element) -> Option<Self> {
        match element.dyn_into::<HtmlTextAreaElement>() {
            Ok(lines) => (!lines.read_only()).then_some(Self::Lines(lines)),
            Err(element) => {
                let line = element.dyn_into::<HtmlInputElement>().ok()?;
                let typed = ["text", "email", "url", "date"].contains(&line.type_().as_str());
                let once = line.autocomplete() == "one-time-code";
                (typed && !once).then_some(Self::Line(line))
            }
        }
    }

    pub fn element(&self) -> &Element {
        match self {
            Self::Line(line) => line,
            Self::Lines(lines) => lines,
        }
    }

    /// What it is called on its page.
    pub fn label(&self) -> String {
        let id = self.element().id();
        let label = leptos::prelude::document()
            .query_selector(&format!("label[for=\"{id}\"]"))
            .ok()
            .flatten();
        label
            .and_then(|label| label.text_content())
            .unwrap_or_default()
    }

    pub fn name(&self) -> String {
        match self {
            Self::Line(line) => line.name(),
            Self::Lines(lines) => lines.name(),
        }
    }

    pub fn form(&self) -> Option<HtmlFormElement> {
        match self {
            Self::Line(line) => line.form(),
            Self::Lines(lines) => lines.form(),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::Line(line) => line.value(),
            Self::Lines(lines) => lines.value(),
        }
    }

    pub fn show(&self, text: &str) {
        match self {
            Self::Line(line) => line.set_value(text),
            Self::Lines(lines) => lines.set_value(text),
        }
        // Whatever else listens (the saving of a draft) hears of it as if it had been typed.
        let init = EventInit::new();
        init.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
            // Nothing of ours stops it.
            let _ = self.element().dispatch_event(&event);
        }
    }

    /// As the desk has drawn it. (A browser gives line breaks back as `\n` alone.)
    pub fn drawn(&self) -> String {
        let drawn = match self {
            Self::Line(line) => line.default_value(),
            Self::Lines(lines) => lines.default_value().unwrap_or_default(),
        };
        drawn.replace("\r\n", "\n")
    }

    /// From now on the desk has this.
    pub fn has_been_saved(&self, text: &str) {
        match self {
            Self::Line(line) => line.set_default_value(text),
            // A text area takes what is inside it for what was drawn.
            Self::Lines(lines) => drop(lines.set_default_value(text)),
        }
    }

    /// Out of what is folded away around it.
    pub fn unfold(&self) {
        let mut around = self.element().closest("details").ok().flatten();
        while let Some(details) = around {
            // Cannot fail: the name is one.
            let _ = details.set_attribute("open", "");
            around = details
                .parent_element()
                .and_then(|parent| parent.closest("details").ok().flatten());
        }
        // What only a choice shows: the first one, where none is made.
        let form = self.form().filter(|_| {
            self.element()
                .closest(".chosen")
                .is_ok_and(|found| found.is_some())
        });
        let choice = |selector| form.as_ref()?.query_selector(selector).ok().flatten();
        if choice(".outcomes :checked").is_none()
            && let Some(first) = choice(".outcomes input")
            && let Ok(first) = first.dyn_into::<HtmlInputElement>()
        {
            first.set_checked(true);
        }
    }
}
