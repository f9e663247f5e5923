//! Pieces of content: facts, people, ids and hashes, files, agreements.

use super::{Icon, Pic, Time, some};
use crate::islands::CopyButton;
use casework::words::count;
use leptos::prelude::*;
use workflow::Timestamp;

/// How a list of facts lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Facing {
    /// The name beside the value.
    #[default]
    Beside,
    /// The name above the value: for long answers.
    Above,
}

/// Facts: children are [`Fact`]s.
#[component]
pub fn Facts(#[prop(optional)] facing: Facing, children: Children) -> impl IntoView {
    let class = match facing {
        Facing::Beside => "facts",
        Facing::Above => "facts stacked",
    };
    view! { <dl class=class>{children()}</dl> }
}

/// One fact.
#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{children()}</dd>
    }
}

/// A person's name, with what they are where it matters.
#[component]
pub fn Person(#[prop(into)] name: String, #[prop(optional, into)] role: String) -> impl IntoView {
    view! {
        <span class="person">
            {name}
            {some(role).map(|role| view! { <span class="role">", "{role}</span> })}
        </span>
    }
}

/// An id or a word of a machine.
#[component]
pub fn Code(#[prop(into)] text: String) -> impl IntoView {
    view! { <code class="code">{text}</code> }
}

/// A hash in groups of eight; copied without the gaps.
#[component]
pub fn Hash(#[prop(into)] text: String) -> impl IntoView {
    let characters: Vec<char> = text.chars().collect();
    let groups = characters
        .chunks(8)
        .map(|group| view! { <span>{group.iter().collect::<String>()}</span> })
        .collect_view();
    view! { <code class="code hash">{groups}</code> }
}

/// Text as someone typed it: its line breaks stay.
#[component]
pub fn AsTyped(#[prop(into)] text: String) -> impl IntoView {
    view! { <div class="as-typed">{text}</div> }
}

/// A secret shown once, with a button that copies it.
#[component]
pub fn Secret(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <code id="secret" class="secret">
            {text}
        </code>
        <CopyButton from="secret".to_owned() />
    }
}

/// Files, one under the other: children are [`FileRow`]s.
#[component]
pub fn Files(children: Children) -> impl IntoView {
    view! { <ul class="files">{children()}</ul> }
}

/// One file: its name leads to it; what can be done about it stands at the end (children).
#[component]
pub fn FileRow(
    #[prop(into)] name: String,
    #[prop(into)] href: String,
    /// In bytes.
    size: u64,
    /// What it is: `PDF`, `Video`.
    #[prop(optional, into)]
    kind: String,
    /// With which round it was handed in.
    #[prop(optional_no_strip, into)]
    round: Option<u16>,
    /// When it was attached.
    #[prop(optional_no_strip, into)]
    at: Option<Timestamp>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="file">
            <span class="name">
                <Icon pic=Pic::File />
                <a href=href>{name}</a>
            </span>
            <span class="meta">
                {some(kind).map(|kind| format!("{kind}, "))}
                {size_text(size)}
                {round.map(|round| format!(", round {round}"))}
                {at.map(|at| view! { ", " <Time at=at /> })}
            </span>
            {children.map(|children| view! { <div class="end">{children()}</div> })}
        </li>
    }
}

/// `812 bytes`, `34 kB`, `1.2 MB`.
pub fn size_text(bytes: u64) -> String {
    let size = bytes as f64;
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..1_000_000 => format!("{:.0} kB", size / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", size / 1e6),
        _ => format!("{:.1} GB", size / 1e9),
    }
}

/// The title of the page stands above a document, so within it headings begin one lower.
fn under_the_head(html: &str) -> String {
    let mut html = html.to_owned();
    for (from, to) in [("h3", "h4"), ("h2", "h3"), ("h1", "h2")] {
        html = html
            .replace(&format!("<{from}>"), &format!("<{to}>"))
            .replace(&format!("</{from}>"), &format!("</{to}>"));
    }
    html
}

/// An agreement, shown whole. `html` must come from our own renderer, sanitised.
#[component]
pub fn DocumentView(
    #[prop(into)] label: String,
    #[prop(into)] html: String,
    /// Version, date and hash, under the text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <article class="document" aria-label=label>
            <div class="text" inner_html=under_the_head(&html)></div>
            {children.map(|children| view! { <div class="text stamp">{children()}</div> })}
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_for_people() {
        assert_eq!(size_text(812), "812 bytes");
        assert_eq!(size_text(34_100), "34 kB");
        assert_eq!(size_text(1_200_000), "1.2 MB");
    }
}
