//! Fields: the label above, the hint under it, the error in its place. Each is made from what its
//! form knows of it, see [`super::FormOf::at`].

use super::{Icon, Pic, SecretSlot, Slot, some};
use crate::islands::Upload;
use casework::Once;
use leptos::prelude::*;

/// Everything a field's surroundings need, worked out once.
pub(super) struct Parts {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    /// What to show: what was typed, else what is stored.
    pub(super) value: String,
    pub(super) problem: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) described_by: Option<String>,
    /// What stands in the label in place of its words.
    pub(super) words: Option<AnyView>,
}

impl Parts {
    /// `value` is shown where nothing was typed; `shown` says it in words.
    pub(super) fn new(
        mut slot: Slot,
        label: String,
        value: String,
        shown: &str,
        hint: String,
    ) -> Self {
        let label = some(label).unwrap_or_else(|| slot.label.clone());
        slot.call(&label);
        slot.compare(&label, &value, shown);
        let hint = some(hint);
        let id = slot.id;
        let mut described = Vec::new();
        if hint.is_some() {
            described.push(format!("{id}-hint"));
        }
        if slot.problem.is_some() {
            described.push(format!("{id}-problem"));
        }
        Self {
            described_by: some(described.join(" ")),
            id,
            name: slot.name,
            label,
            value: slot.typed.unwrap_or(value),
            problem: slot.problem,
            hint,
            words: None,
        }
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.problem.is_some().then_some("true")
    }

    pub(super) fn class(&self) -> &'static str {
        if self.problem.is_some() {
            "field wrong"
        } else {
            "field"
        }
    }

    pub(super) fn notes(&self) -> AnyView {
        let hint = self
            .hint
            .clone()
            .map(|hint| view! { <span class="hint" id=format!("{}-hint", self.id)>{hint}</span> });
        let problem = self.problem.clone().map(|problem| {
            view! {
                <span class="problem" id=format!("{}-problem", self.id)>
                    <Icon pic=Pic::Warning />
                    {problem}
                </span>
            }
        });
        view! { {hint} {problem} }.into_any()
    }

    /// Label, notes and control, in this order.
    pub(super) fn wrap(mut self, need: Need, control: AnyView) -> AnyView {
        let words = self.words.take();
        let words = words.unwrap_or_else(|| self.label.clone().into_any());
        view! {
            <div class=self.class()>
                <label for=self.id.clone()>{words}{need.mark()}</label>
                {self.notes()}
                {control}
            </div>
        }
        .into_any()
    }

    /// The same around a group of choices.
    pub(super) fn wrap_group(self, need: Need, control: AnyView) -> AnyView {
        view! {
            <fieldset
                class=self.class()
                id=self.id.clone()
                tabindex="-1"
                aria-describedby=self.described_by.clone()
            >
                <legend>{self.label.clone()}{need.mark()}</legend>
                {self.notes()}
                {control}
            </fieldset>
        }
        .into_any()
    }
}

/// Whether an answer is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    #[default]
    Required,
    /// Said beside the label.
    Optional,
}

impl Need {
    /// For a template's `optional`.
    pub const fn optional(optional: bool) -> Self {
        if optional {
            Self::Optional
        } else {
            Self::Required
        }
    }

    pub(super) fn mark(self) -> Option<impl IntoView> {
        (self == Self::Optional).then(|| view! { <span class="optional">" (optional)"</span> })
    }

    pub(super) fn required(self) -> Option<&'static str> {
        (self == Self::Required).then_some("true")
    }
}

/// What goes into one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    #[default]
    Text,
    Email,
    Url,
    Number,
    Search,
    Date,
    Username,
}

impl Line {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Username | Self::Number => "text",
            Self::Email => "email",
            Self::Url => "url",
            Self::Search => "search",
            Self::Date => "date",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Number | Self::Date => "input short",
            _ => "input",
        }
    }

    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            _ => None,
        }
    }

    /// Names and addresses are not for the spelling checker.
    const fn is_prose(self) -> bool {
        matches!(self, Self::Text | Self::Search)
    }
}

/// One line of text, an address, a number or a date.
#[component]
pub fn TextField(
    of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    #[prop(optional)] line: Line,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
    /// What the browser may fill in: `name`, `email`, `username`, `organization` …
    #[prop(optional, into)]
    autocomplete: String,
) -> impl IntoView {
    let shown = value.clone();
    let parts = Parts::new(of, label, value, &shown, hint);
    let plain = (!line.is_prose()).then_some("false");
    // What is an address by its type is written in small letters by every keyboard.
    let small = matches!(line, Line::Username).then_some("off");
    let control = view! {
        <input
            class=line.class()
            type=line.input_type()
            id=parts.id.clone()
            name=parts.name.clone()
            value=parts.value.clone()
            inputmode=line.inputmode()
            autocomplete=some(autocomplete)
            autocapitalize=small
            spellcheck=plain
            aria-required=need.required()
            aria-invalid=parts.invalid()
            aria-describedby=parts.described_by.clone()
        />
    };
    parts.wrap(need, control.into_any())
}

/// Several lines of text. Grows with what is typed where the browser can.
#[component]
pub fn TextArea(
    of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
    #[prop(default = 5)] rows: u8,
    /// What stands in the label in place of its words, where they follow a choice.
    #[prop(optional_no_strip)]
    words: Option<AnyView>,
) -> impl IntoView {
    let shown = value.clone();
    let mut parts = Parts::new(of, label, value, &shown, hint);
    parts.words = words;
    let control = view! {
        <textarea
            class="input"
            id=parts.id.clone()
            name=parts.name.clone()
            rows=rows.to_string()
            aria-required=need.required()
            aria-invalid=parts.invalid()
            aria-describedby=parts.described_by.clone()
        >
            {textarea_text(&parts.value)}
        </textarea>
    };
    parts.wrap(need, control.into_any())
}

/// The text inside a textarea, as HTML. Leptos writes the children of a textarea as they are, so
/// they are escaped here; and HTML drops the first line break, so one more keeps what was typed.
pub(super) fn textarea_text(value: &str) -> String {
    let mut html = String::with_capacity(value.len() + 8);
    if value.starts_with(['\n', '\r']) {
        html.push('\n');
    }
    for character in value.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            other => html.push(other),
        }
    }
    html
}

/// A password, never shown again after a refusal.
#[component]
pub fn PasswordField(
    of: SecretSlot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] purpose: PasswordFor,
) -> impl IntoView {
    let parts = Parts::new(of.0, label, String::new(), "", hint);
    let control = view! {
        <input
            class="input"
            type="password"
            id=parts.id.clone()
            name=parts.name.clone()
            autocomplete=purpose.autocomplete()
            aria-required="true"
            aria-invalid=parts.invalid()
            aria-describedby=parts.described_by.clone()
        />
    };
    parts.wrap(Need::Required, control.into_any())
}

/// A code that is typed once, never shown again after a refusal.
#[component]
pub fn CodeField(of: SecretSlot, #[prop(optional, into)] hint: String) -> impl IntoView {
    let parts = Parts::new(of.0, String::new(), String::new(), "", hint);
    let control = view! {
        <input
            class="input short"
            type="text"
            id=parts.id.clone()
            name=parts.name.clone()
            autocomplete="one-time-code"
            autocapitalize="off"
            spellcheck="false"
            aria-required="true"
            aria-invalid=parts.invalid()
            aria-describedby=parts.described_by.clone()
        />
    };
    parts.wrap(Need::Required, control.into_any())
}

/// Which password is meant, for password managers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordFor {
    /// The one the person has.
    #[default]
    Current,
    /// One to be chosen.
    New,
}

impl PasswordFor {
    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Current => "current-password",
            Self::New => "new-password",
        }
    }
}

/// Files to attach, in a form that sends files; with scripts each with how far it is.
#[component]
pub fn FileField(
    of: Slot,
    /// Instead of the label that the input gives it.
    #[prop(optional, into)]
    label: String,
    /// Media types and endings the picker offers: `application/pdf,.pdf`.
    #[prop(optional, into)]
    accept: String,
    /// Whether there is one alone, which takes the place of the one before.
    #[prop(optional)]
    one: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] need: Need,
) -> impl IntoView {
    let hint = if of.was_chosen {
        format!("{hint} Choose the file again: a browser does not keep it.")
    } else {
        hint
    };
    let sending = of.uploads.clone().map(|uploads| {
        view! {
            <Upload
                field=of.id.clone()
                to=uploads.to
                key=Once::new().to_string()
                largest=uploads.largest
                largest_video=uploads.largest_video
            />
        }
    });
    let parts = Parts::new(of, label, String::new(), "", hint);
    let control = view! {
        <input
            class="input"
            type="file"
            id=parts.id.clone()
            name=parts.name.clone()
            accept=some(accept)
            multiple=!one
            aria-required=need.required()
            aria-invalid=parts.invalid()
            aria-describedby=parts.described_by.clone()
        />
        {sending}
    };
    parts.wrap(need, control.into_any())
}

#[cfg(test)]
mod tests {
    use super::{super::FormOf, *};
    use casework::commands::DeclineInput;

    #[test]
    fn what_is_typed_cannot_leave_its_textarea() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let typed = "\n</textarea><script>alert(1)</script>&amp;";
            FormOf::<DeclineInput>::new()
                .show(|form| view! { <TextArea of=form.at(DeclineInput::text()) value=typed /> })
                .to_html()
        });
        let inside = html
            .split_once("<textarea")
            .and_then(|(_, rest)| rest.split_once('>'))
            .and_then(|(_, rest)| rest.split_once("</textarea>"))
            .map(|(inside, _)| inside);
        assert_eq!(
            inside,
            Some("\n\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;")
        );
        assert!(!html.contains("<script"));
    }
}
