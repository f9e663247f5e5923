//! What pages are made of: head, notices, empty places, cards.

use super::{Icon, Pic, some};
use leptos::prelude::*;

/// The head of a page: where it lies, its title, and what can be done about it (children).
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// One line under the title.
    #[prop(optional, into)]
    lead: String,
    /// The pages above: label and address.
    #[prop(optional)]
    crumbs: Vec<(String, String)>,
    /// What stands beside the title: the logo of an app.
    #[prop(optional)]
    mark: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let crumbs = (!crumbs.is_empty()).then(|| {
        let items = crumbs
            .into_iter()
            .map(|(label, href)| view! { <li><a href=href>{label}</a></li> })
            .collect_view();
        view! { <nav class="crumbs" aria-label="Pages above"><ol class="plain">{items}</ol></nav> }
    });
    let title = view! { <h1>{title}</h1> };
    let title = match mark {
        Some(mark) => view! { <div class="marked">{mark} {title}</div> }.into_any(),
        None => title.into_any(),
    };
    view! {
        <div class="page-head">
            <div class="titles">
                {crumbs}
                {title}
                {some(lead).map(|lead| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="buttons">{children()}</div> })}
        </div>
    }
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Info,
    /// It worked.
    Done,
    /// Something is wanted of the reader.
    Attention,
    /// Something went wrong.
    Problem,
}

impl Tone {
    const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Done => "done",
            Self::Attention => "attention",
            Self::Problem => "problem",
        }
    }

    const fn pic(self) -> Pic {
        match self {
            Self::Info => Pic::Info,
            Self::Done => Pic::Check,
            Self::Attention | Self::Problem => Pic::Warning,
        }
    }

    const fn role(self) -> &'static str {
        match self {
            Self::Problem => "alert",
            _ => "status",
        }
    }
}

/// A few sentences the reader should see first: what was just done, what is in the way.
#[component]
pub fn Notice(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone.word() role=tone.role()>
            <Icon pic=tone.pic() />
            <div class="text">{children()}</div>
        </div>
    }
}

/// A place where nothing is: why, and what to do (children: buttons).
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="buttons">{children()}</div> })}
        </div>
    }
}

/// A thing of its own on a page, with its title.
#[component]
pub fn Card(
    #[prop(optional, into)] title: String,
    /// For links to this place.
    #[prop(optional, into)]
    id: String,
    children: Children,
) -> impl IntoView {
    let body = children();
    match some(title) {
        Some(title) => view! {
            <section class="card" id=some(id)>
                <h2>{title}</h2>
                {body}
            </section>
        }
        .into_any(),
        None => view! { <div class="card" id=some(id)>{body}</div> }.into_any(),
    }
}
