//! Line icons, 16 × 16, drawn in the colour of their text. They are never the only sign of
//! anything: a word stands beside each.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident = $path:literal),+ $(,)?) => {
        /// Which picture.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Pic { $($name),+ }

        impl Pic {
            /// Every picture.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            const fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }
        }
    };
}

icons! {
    App = "M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z",
    ArrowDown = "M8 3v10M4 9l4 4 4-4",
    ArrowUp = "M8 13V3M4 7l4-4 4 4",
    Audit = "M3 2.5h7l3 3v8H3zM5.5 8h5M5.5 10.5h5M5.5 5.5h2",
    Check = "M3 8.5l3.5 3.5L13 4.5",
    Chevron = "M6 3.5L10.5 8 6 12.5",
    Clock = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.2 1.8",
    Cross = "M4 4l8 8M12 4l-8 8",
    Download = "M8 2.5v7.5M4.8 7L8 10.2 11.2 7M2.5 13.5h11",
    External = "M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13.2 2.8L7.5 8.5",
    File = "M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.2",
    Inbox = "M2.5 9l2-6h7l2 6v4.5h-11zM2.5 9h3.2l1 1.8h2.6l1-1.8h3.2",
    Info = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.3v3.7M8 5v.1",
    Key = "M5.2 7.6a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8zM7.3 8.6l5.9-5.9M11 5l1.8 1.8",
    Lock = "M3.5 7.3h9v6.2h-9zM5.3 7.3V5a2.7 2.7 0 0 1 5.4 0v2.3",
    Mail = "M2 3.5h12v9H2zM2.3 4l5.7 4.8L13.7 4",
    Menu = "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    Mine = "M7 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM2 13.7c0-2.8 2.1-4.2 5-4.2 1 0 1.9.2 2.6.5M10.5 12.3l1.5 1.5 2.7-3",
    People = "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c0-2.7 1.9-4.2 4.5-4.2s4.5 1.5 4.5 4.2M10.5 2.8a2.4 2.4 0 0 1 0 4.5M12 9.6c1.6.6 2.5 1.9 2.5 3.9",
    Plus = "M8 3v10M3 8h10",
    Queue = "M2.5 3.5h11M2.5 8h11M2.5 12.5h6.5",
    Reports = "M2.5 13.5h11M4.5 11V8M8 11V4M11.5 11V6.5",
    Search = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
    Settings = "M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.2 2.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zM5.8 9.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4z",
    SignOut = "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
    Warning = "M8 2.2L14.3 13.5H1.7zM8 6.5v3.2M8 11.6v.1",
}

/// A picture beside a word; hidden from assistive technology.
#[component]
pub fn Icon(pic: Pic) -> impl IntoView {
    view! {
        <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=pic.path()></path>
        </svg>
    }
}
