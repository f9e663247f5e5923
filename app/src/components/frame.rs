//! The frames of the pages: the staff's rail, and the bar on top for developers and visitors.

use super::{Icon, Pic, some};
use crate::islands::FindAnything;
use casework::paging::Count;
use leptos::prelude::*;

/// Who looks at the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    pub name: String,
    /// What they are, in words: `Reviewer, Lead`.
    pub roles: String,
    /// Further entries of the person menu: label and address.
    pub links: Vec<(String, String)>,
}

/// One place to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavEntry {
    pub label: String,
    pub href: String,
    pub icon: Option<Pic>,
    /// How much waits there; nothing where counting says nothing.
    pub count: Option<Count>,
    pub current: bool,
}

impl NavEntry {
    /// An entry without icon and count.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            icon: None,
            count: None,
            current: false,
        }
    }

    /// With a picture.
    pub const fn icon(mut self, pic: Pic) -> Self {
        self.icon = Some(pic);
        self
    }

    /// With a count of what waits there, if anything does.
    pub const fn waits(mut self, count: Count) -> Self {
        self.count = if count.is_none() { None } else { Some(count) };
        self
    }

    /// Current if the page's path is its address or lies below it.
    pub fn at(mut self, path: &str) -> Self {
        self.current = path
            .strip_prefix(self.href.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        self
    }
}

/// Places that belong together; the title may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavGroup {
    pub title: String,
    pub entries: Vec<NavEntry>,
}

fn entry(entry: NavEntry) -> impl IntoView {
    let current = entry.current.then_some("page");
    view! {
        <li>
            <a class="entry" href=entry.href aria-current=current>
                {entry.icon.map(|pic| view! { <Icon pic=pic /> })}
                <span>{entry.label}</span>
                {entry.count.map(|count| view! { <span class="count">{count.to_string()}</span> })}
            </a>
        </li>
    }
}

/// The first thing the keyboard meets.
#[component]
fn SkipLink() -> impl IntoView {
    view! {
        <a class="skip" href="#main">
            "Skip to the content"
        </a>
    }
}

/// The product's name; leads home.
#[component]
fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <svg class="mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                <path
                    fill="currentColor"
                    d="M3 1h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2zm7 4.2L5.2 10l1.4 1.4L9 9v6h2V9l2.4 2.4 1.4-1.4z"
                ></path>
            </svg>
            <span>"Upgrade Desk"</span>
        </a>
    }
}

/// Name, roles, further links and the way out. Opens without scripts (popover).
#[component]
fn PersonMenu(viewer: Viewer) -> impl IntoView {
    let links = viewer
        .links
        .into_iter()
        .map(|(label, href)| view! { <li><a class="item" href=href>{label}</a></li> })
        .collect_view();
    view! {
        <div class="person-menu">
            <button
                type="button"
                class="person-button"
                popovertarget="person-menu"
            >
                <span class="initials" aria-hidden="true">{initials(&viewer.name)}</span>
                <span class="visually-hidden">"Account of "</span>
                <span class="who">
                    <span>{viewer.name.clone()}</span>
                    {some(viewer.roles.clone())
                        .map(|roles| view! { <span class="quiet-text">{roles}</span> })}
                </span>
            </button>
            <div class="menu" id="person-menu" popover>
                <div class="about">
                    <strong>{viewer.name}</strong>
                    {some(viewer.roles)
                        .map(|roles| view! { <div class="quiet-text">{roles}</div> })}
                </div>
                <ul class="plain">{links}</ul>
                <form method="post" action="/do/sign_out">
                    <button type="submit" class="item">
                        <Icon pic=Pic::SignOut />
                        "Sign out"
                    </button>
                </form>
            </div>
        </div>
    }
}

/// The first letters of the first and last word of a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

/// A page of staff: rail with the places to go, then the work.
#[component]
pub fn StaffFrame(
    viewer: Viewer,
    nav: Vec<NavGroup>,
    /// Keys that are pressed alone do nothing.
    #[prop(optional)]
    keys_off: bool,
    children: Children,
) -> impl IntoView {
    let groups = nav
        .into_iter()
        .map(|group| {
            view! {
                <div class="nav-group">
                    {some(group.title).map(|title| view! { <p class="title">{title}</p> })}
                    <ul class="plain">{group.entries.into_iter().map(entry).collect_view()}</ul>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="frame staff" data-keys=keys_off.then_some("off")>
            <SkipLink />
            <header class="rail">
                <Brand />
                <button type="button" class="button link open-nav" popovertarget="rail-nav">
                    <Icon pic=Pic::Menu />
                    "Menu"
                </button>
                <nav id="rail-nav" aria-label="Desk" popover>
                    {groups}
                </nav>
                <PersonMenu viewer=viewer />
            </header>
            <main id="main" tabindex="-1">
                {children()}
            </main>
            <Palette />
        </div>
    }
}

/// What `Ctrl K` opens: the same as the page `/find`, in a dialog.
#[component]
fn Palette() -> impl IntoView {
    view! {
        <dialog id="palette" class="palette" aria-label="Find">
            <form method="get" action="/find" role="search">
                <label for="palette-q">"Find an action, a case, a person, a place"</label>
                <input class="input" type="search" id="palette-q" name="q" autocomplete="off" />
                <button type="submit" class="button quiet">
                    "Find"
                </button>
            </form>
            <ul id="palette-actions" class="plain"></ul>
            <div id="palette-found" class="stack"></div>
        </dialog>
        <FindAnything />
    }
}

/// How wide the page of a developer or visitor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    #[default]
    Wide,
    /// One short form alone: sign-in and the like.
    Narrow,
}

/// A page of a developer, or of a visitor where there is no viewer.
#[component]
pub fn DeveloperFrame(
    #[prop(optional_no_strip, into)] viewer: Option<Viewer>,
    #[prop(optional)] nav: Vec<NavEntry>,
    #[prop(optional)] width: Width,
    /// The open pages, at the foot: label and address.
    #[prop(optional)]
    foot: &'static [(&'static str, &'static str)],
    children: Children,
) -> impl IntoView {
    let foot = (!foot.is_empty()).then(|| {
        let links = foot
            .iter()
            .map(|(label, href)| view! { <li><a href=*href>{*label}</a></li> })
            .collect_view();
        view! {
            <footer class="foot">
                <nav aria-label="Open pages">
                    <ul class="plain">{links}</ul>
                </nav>
            </footer>
        }
    });
    let class = match width {
        Width::Wide => "",
        Width::Narrow => "narrow",
    };
    let person = match viewer {
        Some(viewer) => view! { <PersonMenu viewer=viewer /> }.into_any(),
        None => view! {
            <div class="person-menu row">
                <a class="entry" href="/sign-in">"Sign in"</a>
                <a class="entry" href="/register">"Register"</a>
            </div>
        }
        .into_any(),
    };
    let places = (!nav.is_empty()).then(|| {
        view! {
            <nav aria-label="Places">
                <ul class="plain">{nav.into_iter().map(entry).collect_view()}</ul>
            </nav>
        }
    });
    view! {
        <div class="frame developer">
            <SkipLink />
            <header class="top">
                <Brand />
                {places}
                {person}
            </header>
            <main id="main" tabindex="-1" class=class>
                {children()}
            </main>
            {foot}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_last_word() {
        assert_eq!(initials("Aiko Ito"), "AI");
        assert_eq!(initials("Ana Maria de Souza"), "AS");
        assert_eq!(initials("Prince"), "P");
        assert_eq!(initials(" "), "");
    }

    #[test]
    fn an_entry_is_current_on_its_page_and_below() {
        let current = |path| NavEntry::new("Apps", "/apps").at(path).current;
        assert!(current("/apps") && current("/apps/1") && current("/apps?q=1"));
        assert!(!current("/applications"));
    }
}
