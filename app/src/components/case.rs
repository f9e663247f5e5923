//! What the pages of a case are made of: tasks, actions, timeline, steps.

use super::{Hue, Icon, Pic, Status, Tag, Time, some};
use leptos::prelude::*;
use workflow::{ActionKind, Timestamp};

/// The tasks of a case, one under the other.
#[component]
pub fn Tasks(children: Children) -> impl IntoView {
    view! { <div class="tasks">{children()}</div> }
}

/// How far a task is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskStatus {
    pub hue: Hue,
    /// `3 of 9 checked`, `Cannot start yet`, `Action required` …
    pub text: String,
}

impl TaskStatus {
    /// A status with its hue.
    pub fn new(hue: Hue, text: impl Into<String>) -> Self {
        Self {
            hue,
            text: text.into(),
        }
    }
}

/// Whether something that folds is unfolded when the page opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fold {
    #[default]
    Closed,
    Open,
}

impl Fold {
    /// Open where there is something to be seen.
    pub const fn opened(open: bool) -> Self {
        if open { Self::Open } else { Self::Closed }
    }
}

/// One task of a case, with its status at the right: open, its body below; else a way to open it.
#[component]
pub fn Task(
    /// For links to this place.
    #[prop(into)]
    id: String,
    #[prop(into)] name: String,
    /// A few words beside the name.
    #[prop(optional, into)]
    about: String,
    status: TaskStatus,
    /// The page on which it is open.
    #[prop(into)]
    href: String,
    /// What it is made of, where it is open.
    #[prop(optional_no_strip)]
    body: Option<AnyView>,
) -> impl IntoView {
    let head = view! {
        <Icon pic=Pic::Chevron />
        <h2 class="name">{name}</h2>
        {some(about).map(|about| view! { <span class="about">{about}</span> })}
        <span class="status">
            <Status hue=status.hue text=status.text />
        </span>
    };
    match body {
        Some(body) => view! {
            <section class="task open" id=id>
                <div class="head">{head}</div>
                <div class="body">{body}</div>
            </section>
        }
        .into_any(),
        None => view! {
            <a class="task" id=id href=href>
                {head}
            </a>
        }
        .into_any(),
    }
}

/// An action that cannot be taken now, and the rule that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotNow {
    pub action: ActionKind,
    pub reason: String,
}

/// What can be done about a case: the likely action first and filled, the others quiet (children),
/// and what is refused, with its reason.
#[component]
pub fn ActionBar(#[prop(optional)] refused: Vec<NotNow>, children: Children) -> impl IntoView {
    let not_now = (!refused.is_empty()).then(|| {
        let summary = format!("Not now ({})", refused.len());
        let items = refused
            .into_iter()
            .map(|refused| {
                view! {
                    <dt>{refused.action.label()}</dt>
                    <dd>{refused.reason}</dd>
                }
            })
            .collect_view();
        view! {
            <details class="not-now">
                <summary>
                    <Icon pic=Pic::Chevron />
                    {summary}
                </summary>
                <dl>{items}</dl>
            </details>
        }
    });
    view! {
        <div class="action-bar" role="group" aria-label="Actions">
            <div class="buttons">{children()}</div>
            {not_now}
        </div>
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub at: Timestamp,
    /// `Clarification requested`.
    pub what: String,
    /// Who did it; empty for the desk itself.
    pub who: String,
    /// Words that belong to it, as typed; empty for none.
    pub detail: String,
    pub hue: Hue,
    /// What it consists of, where it tells of several things at once.
    pub parts: Vec<String>,
    /// Somebody else did it since the reader last looked.
    pub is_new: bool,
}

/// What happened, in the order given.
#[component]
pub fn Timeline(#[prop(into)] label: String, entries: Vec<Happened>) -> impl IntoView {
    let items = entries
        .into_iter()
        .map(|entry| {
            view! {
                <li data-tone=entry.hue.word()>
                    <div>
                        <div class="what">{entry.what}</div>
                        <div class="meta">
                            {some(entry.who).map(|who| view! { <span>{who}</span> })}
                            <Time at=entry.at />
                            {entry.is_new.then(|| view! { <Tag hue=Hue::Us text="Changed" /> })}
                        </div>
                        {some(entry.detail)
                            .map(|detail| view! { <div class="detail">{detail}</div> })}
                        {parts_of(entry.parts)}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline" aria-label=label>{items}</ol> }
}

fn parts_of(parts: Vec<String>) -> Option<impl IntoView> {
    (!parts.is_empty()).then(|| {
        let lines = parts
            .into_iter()
            .map(|part| view! { <li>{part}</li> })
            .collect_view();
        view! {
            <super::More summary="Each of them">
                <ul>{lines}</ul>
            </super::More>
        }
    })
}

/// Where a step of an application lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Done,
    /// You are here.
    Here,
    Ahead,
    /// It ended here.
    Ended,
    /// It will not come to this.
    Stopped,
}

/// One step of an application, as its developer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub place: Place,
    /// Whose turn it is, for the step one is at: `your turn`, `our turn`.
    pub turn: String,
    /// A date, an estimate, what happens here; empty for none.
    pub note: String,
}

/// The way of an application, with "you are here".
#[component]
pub fn Stepper(steps: Vec<Step>) -> impl IntoView {
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let (word, said, hue) = match step.place {
                Place::Done => ("done", "done", Hue::Approved),
                Place::Here => ("here", "you are here", Hue::Us),
                Place::Ahead => ("ahead", "still to come", Hue::Waiting),
                Place::Ended => ("stopped", "ended here", Hue::Ended),
                Place::Stopped => ("stopped", "not reached", Hue::Ended),
            };
            let current = (step.place == Place::Here).then_some("step");
            let dot = if step.place == Place::Done {
                view! { <Icon pic=Pic::Check /> }.into_any()
            } else {
                (index + 1).into_any()
            };
            let shown = if step.place == Place::Here {
                view! { <span class="turn"><Tag hue=hue text="You are here" /></span> }.into_any()
            } else {
                view! { <span class="visually-hidden">{format!(" ({said})")}</span> }.into_any()
            };
            view! {
                <li data-step=word aria-current=current>
                    <span class="dot" aria-hidden="true">{dot}</span>
                    <div>
                        <div class="name">{step.name}{shown}</div>
                        {some(step.turn).map(|turn| view! { <div>{turn}</div> })}
                        {some(step.note).map(|note| view! { <div class="note">{note}</div> })}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="stepper" aria-label="Steps of the application">{items}</ol> }
}
