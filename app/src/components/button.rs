//! Buttons, and links that look like them.

use super::{Icon, Pic, Saying, with_files_path};
use leptos::prelude::*;

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
    says: Option<Saying>,
    /// The step that it sends the form to with its files, where that is another than the form's.
    #[prop(optional, into)]
    to: Option<&'static str>,
    #[prop(optional_no_strip, into)] icon: Option<Pic>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=weight.class()
            name=says.as_ref().map(|says| says.name)
            value=says.map(|says| says.value)
            formaction=to.map(with_files_path)
        >
            {icon.map(|pic| view! { <Icon pic=pic /> })}
            {children()}
        </button>
    }
}

/// Sends a form that stands elsewhere on the page, of which it says what it is about: one form for all
/// rows of a list.
#[component]
pub fn RowButton(
    /// The id of the form.
    #[prop(into)]
    form: String,
    says: Saying,
    /// What it does to which row, for assistive technology.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=Weight::Quiet.class()
            form=form
            name=says.name
            value=says.value
            aria-label=label
        >
            {children()}
        </button>
    }
}

/// The first button of a form whose buttons decide differently: Enter in a field presses it, and it
/// does nothing. Which is meant must be pressed itself.
#[component]
pub fn NotByEnter() -> impl IntoView {
    view! { <button type="submit" disabled=true hidden=true></button> }
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
