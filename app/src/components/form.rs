//! Forms: a plain POST that works with and without scripts. What was typed comes back with what is
//! wrong with it, and nothing is ever lost.

use super::{Icon, Pic, some};
use leptos::{context::Provider, prelude::*};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{Seen, form::Problem};

/// What a person typed into a form that was refused, and what is wrong with it. Empty for a form
/// that is shown for the first time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Field name → what was typed.
    pub values: BTreeMap<String, String>,
    /// What is wrong, in the order of the form. A problem whose field is empty concerns the whole
    /// form.
    pub problems: Vec<Problem>,
}

impl Typed {
    /// What was typed into a field; nothing if the form did not come back.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<&str> {
        self.problems
            .iter()
            .find(|problem| problem.field == name)
            .map(|problem| problem.text.as_str())
    }
}

/// What a field needs to know of the form around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormContext {
    /// Prefix of the ids of its fields, so that several forms can share a page.
    pub id: String,
    pub typed: Typed,
}

impl FormContext {
    /// The form around the component being rendered.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// The id of a field.
    pub fn field_id(&self, name: &str) -> String {
        field_id(&self.id, name)
    }
}

/// The id of field `name` in form `form`: what error summaries link to.
pub fn field_id(form: &str, name: &str) -> String {
    if form.is_empty() {
        name.to_owned()
    } else {
        format!("{form}-{name}")
    }
}

/// How a form travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Text only.
    #[default]
    Plain,
    /// With files.
    Multipart,
}

/// A form that changes something: a POST with an idempotency key. Validation is the server's
/// alone, so that the browser never stands between a person and saving.
#[component]
pub fn Form(
    /// Where it is sent: `/do/<step>`.
    #[prop(into)]
    action: String,
    /// Unique on the page; fields are called `<id>-<name>`.
    #[prop(optional, into)]
    id: String,
    /// What came back after a refusal.
    #[prop(optional)]
    typed: Typed,
    /// What the person sees of the case, or of whatever the form is about.
    #[prop(optional_no_strip, into)]
    seen: Option<Seen>,
    /// The page to come back to.
    #[prop(optional, into)]
    back: String,
    #[prop(optional)] encoding: Encoding,
    /// More classes: `inline` puts field and button on one line.
    #[prop(optional, into)]
    class: String,
    /// What the form does, for assistive technology, where no heading says it.
    #[prop(optional, into)]
    label: String,
    children: Children,
) -> impl IntoView {
    let once = Uuid::now_v7().to_string();
    let enctype = match encoding {
        Encoding::Plain => "application/x-www-form-urlencoded",
        Encoding::Multipart => "multipart/form-data",
    };
    // Tells which form came back, where a page has several for one step.
    let name = some(id.clone());
    let context = FormContext {
        id: id.clone(),
        typed,
    };
    view! {
        <form
            method="post"
            action=action
            id=some(id)
            class=format!("form {class}")
            enctype=enctype
            aria-label=some(label)
            novalidate
        >
            <input type="hidden" name="once" value=once />
            {name.map(|id| view! { <input type="hidden" name="form" value=id /> })}
            {seen.map(|seen| view! { <input type="hidden" name="seen" value=seen.to_string() /> })}
            {some(back).map(|back| view! { <input type="hidden" name="back" value=back /> })}
            <Provider value=context>{children()}</Provider>
        </form>
    }
}

/// A value the form carries without showing it.
#[component]
pub fn Hidden(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

/// What stands in the way, on top of the page: takes the focus, with or without scripts, and links
/// to the fields. Nothing at all when there is nothing wrong.
#[component]
pub fn ErrorSummary(
    /// The id given to the form.
    #[prop(optional, into)]
    form: String,
    typed: Typed,
) -> impl IntoView {
    (!typed.problems.is_empty()).then(|| {
        let title = match typed.problems.len() {
            1 => "One thing needs your attention".to_owned(),
            count => format!("{count} things need your attention"),
        };
        let items = typed
            .problems
            .into_iter()
            .map(|problem| {
                if problem.field.is_empty() {
                    view! { <li>{problem.text}</li> }.into_any()
                } else {
                    let href = format!("#{}", field_id(&form, &problem.field));
                    view! { <li><a href=href>{problem.text}</a></li> }.into_any()
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

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one likely action of the page.
    #[default]
    Primary,
    /// Everything else.
    Quiet,
    /// What is hard to take back.
    Danger,
    /// A button that reads as a link.
    Link,
}

impl Weight {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
            Self::Link => "button link",
        }
    }
}

/// Sends the form around it. Its words are the vocabulary's action.
#[component]
pub fn Button(
    #[prop(optional)] weight: Weight,
    /// Where a form has several buttons: what this one says.
    #[prop(optional, into)]
    name: String,
    #[prop(optional, into)] value: String,
    /// Sends the form elsewhere.
    #[prop(optional, into)]
    formaction: String,
    #[prop(optional_no_strip, into)] icon: Option<Pic>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=weight.class()
            name=some(name)
            value=some(value)
            formaction=some(formaction)
        >
            {icon.map(|pic| view! { <Icon pic=pic /> })}
            {children()}
        </button>
    }
}

/// A link that looks like a button: leads somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(optional)] weight: Weight,
    #[prop(optional_no_strip, into)] icon: Option<Pic>,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=weight.class()>
            {icon.map(|pic| view! { <Icon pic=pic /> })}
            {children()}
        </a>
    }
}

/// Buttons in a row, the likely one first.
#[component]
pub fn Buttons(children: Children) -> impl IntoView {
    view! { <div class="buttons">{children()}</div> }
}
